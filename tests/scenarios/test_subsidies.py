"""The two subsidies for disabled people, over HTTP: a woman of grade 2 in a household on dibao.

Her household is confirmed on dibao in March 2023; she is found to be entitled and to receive
nothing, applies in March, is decided in April and paid from March. In July the county raises what
is paid to live on. In August her household leaves dibao: the living subsidy ends with it, the care
subsidy goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from infra.demo.office import FUJIAN_TOWN, Official
from infra.demo.people import HOUSEHOLD, MOTHER, PLANTED, told
from infra.demo.road import BY_57, Family, Road
from shared.access.roles import Role
from shared.calendar import Month
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

DISABLED: Final = {"kind": "physical", "grade": 2}
FAMILY: Final = Family(
    HOUSEHOLD,
    wages_fen={1: 2_200_00},
    lives={
        3: {
            "age": "sixty_to_sixty_nine",
            "labour": "none",
            "occupation": "no_work",
            "disability": DISABLED,
        }
    },
)
"""Four persons on one wage, 200 yuan below four standards of 600; the mother is disabled."""
LIVING, CARE = "disability_living_subsidy", "disability_care_subsidy"
TOWNSHIP, COUNTY, PROVINCE = FUJIAN_TOWN.township, FUJIAN_TOWN.county, FUJIAN_TOWN.province

CLERK: Final = FUJIAN_TOWN.official("clerk", Role.TOWNSHIP_CLERK)
LOOKS: Final = FUJIAN_TOWN.official("first surveyor", Role.TOWNSHIP_SURVEYOR)
APPROVER: Final = FUJIAN_TOWN.official("approver", Role.TOWNSHIP_APPROVER)
DECIDER: Final = FUJIAN_TOWN.of_county("approver", Role.COUNTY_APPROVER)
OFFICER: Final = FUJIAN_TOWN.of_county("standards officer", Role.STANDARDS_OFFICER)
PROVINCES: Final = Official("province's officer", Role.STANDARDS_OFFICER, PROVINCE, "province")
PROVINCES_SECOND: Final = Official("second hand", Role.STANDARDS_OFFICER, PROVINCE, "province")


@dataclass
class Subsidies:
    """The mother's dealings with the two subsidies."""

    run: Run
    person_id: str

    async def applied(self, programme: str) -> str:
        """An application for one of them; its case."""
        body = {
            "programme": programme,
            "division": TOWNSHIP,
            "applicant": self.person_id,
            "members": [{"person_id": self.person_id, "relation": "applicant"}],
            "materials": ["identity", "check_authorization", "disability_certificate"],
            "place": "household_registration",
            "acting": {"ground": "disability_or_illness", "office": "village_committee"},
            "reason": told("肢体二级残疾，需要长期照护"),
        }
        applied = await self.run.house.do(CLERK, "intake", "/applications", body)
        return str(applied["case_id"])

    async def accepted_and_looked_at(self, case_id: str, on: date) -> None:
        house, here = self.run.house, f"/applications/{case_id}"
        await house.do(CLERK, "intake", f"{here}/acceptance", at=here)
        await self.run.settled()
        visit = {
            "visited_on": on.isoformat(),
            "surveyors": [str(LOOKS.actor)],
            "disability": {"disability": DISABLED, "care_months": 12},
            "findings": told("生活需要他人长期照护"),
        }
        check = f"/checks/{case_id}"
        await house.do(LOOKS, "verification", f"{check}/home-visits", visit)
        await house.do(CLERK, "verification", f"{check}/completion", at=check)
        await self.run.settled()

    async def confirmed(self, case_id: str) -> dict[str, Any]:
        house, case = self.run.house, f"/cases/{case_id}"
        seen = f"{case}/determination"
        await house.do(CLERK, "decision", f"{case}/proposal", {"explanation": told("按标准")})
        await house.do(APPROVER, "decision", f"{case}/approval", at=seen)
        await house.do(DECIDER, "decision", f"{case}/confirmation", at=seen)
        await self.run.settled()
        return await self.shown(case_id)

    async def shown(self, case_id: str) -> dict[str, Any]:
        path = f"/cases/{case_id}/determination"
        found: dict[str, Any] = await self.run.house.see(CLERK, "decision", path)
        return found

    async def leads(self) -> list[tuple[str, bool, str | None]]:
        """Which subsidies she is to be offered, and which not any more, as the list has it."""
        listed = await self.run.house.see(CLERK, "decision", "/subsidy-leads")
        rows = [row for row in listed["items"] if row["person_id"] == self.person_id]
        return sorted((row["programme"], row["open"], row["reason"]) for row in rows)

    async def paid(self, case_id: str) -> dict[str, int]:
        """What was paid, by month."""
        found = await self.run.house.see(CLERK, "payment", f"/cases/{case_id}/payments")
        return {one["month"]: one["amount_fen"] for one in found["items"]}

    async def pay(self, month: Month) -> None:
        for programme in (LIVING, CARE):
            await self.run.house.pay(programme, TOWNSHIP, month)
        await self.run.settled()


async def set_standard(run: Run, kind: str, amount_fen: int, from_month: str) -> None:
    """The province sets a floor, the county its standard."""
    for who, second, force in (
        (PROVINCES, PROVINCES_SECOND, "floor"),
        (OFFICER, DECIDER, "standard"),
    ):
        body = {
            "kind": kind,
            "force": force,
            "amount_fen": amount_fen,
            "from_month": from_month,
            "notice": told("调整补贴标准"),
        }
        here = f"/standards/{who.division}"
        proposed = await run.house.do(who, "decision", f"{here}/proposals", body)
        approval = f"{here}/proposals/{proposed['standard_id']}/approval"
        await run.house.do(second, "decision", approval, at=here)


async def left_dibao(run: Run, road: Road, mother: Subsidies) -> None:
    """The household earns more and leaves dibao with the month; the subsidies were never income."""
    subsidy = {"person_id": mother.person_id, "kind": "transfer", "amount_fen": 250_00}
    body = {
        "income": [*road.income({1: 2_600_00}), subsidy | {"item": "disability_subsidy"}],
        "explanation": told("工资上涨"),
    }
    reported = await run.house.do(CLERK, "decision", f"{road.here}/changes", body)
    waiting = (await road.determination())["change"]["reported"]
    assert waiting["counted_income_fen"] == 2_600_00
    assert [one["parameter"] for one in waiting["excluded"]] == ["income_excluded"]
    decision = f"{road.here}/changes/{reported['change_id']}/decision"
    none = {"phase_out_months": 0, "reason": told("收入稳定")}
    await run.house.do(road.decider, "decision", decision, none, at=f"{road.here}/determination")


@pytest.mark.mechanism("S0-26", "S1-27")
async def test_both_are_offered_paid_raised_and_only_one_ends_with_dibao(tmp_path: Path) -> None:
    async with running(tmp_path, hand_clock_start=date(2023, 3, 6)) as run:
        house = run.house
        registered = {"department": "disability_federation", "id_number": MOTHER.id_number}
        await house.load_departments([registered | {"disability": DISABLED}])
        road = Road(house, run.advance, FUJIAN_TOWN, FAMILY, BY_57)
        await road.to_confirmation(date(2023, 3, 6))
        await run.settled()
        mother = Subsidies(run, road.person_ids[3])
        assert await mother.leads() == [(CARE, True, None), (LIVING, True, None)]

        # Applied for in March, accepted and decided in April.
        await run.advance(date(2023, 3, 28))
        living, care = await mother.applied(LIVING), await mother.applied(CARE)
        await run.advance(date(2023, 4, 3))
        for case_id, amount_fen in ((living, 100_00), (care, 120_00)):
            await mother.accepted_and_looked_at(case_id, date(2023, 4, 3))
            now = await mother.confirmed(case_id)
            assert (now["stage"], now["amount_fen"]) == ("confirmed", amount_fen)
            assert now["confirmed"]["pay_from"] == "2023-03"
        assert await mother.leads() == [
            (CARE, False, "receives_it"),
            (LIVING, False, "receives_it"),
        ]
        await mother.pay(Month(2023, 4))
        assert await mother.paid(living) == {"2023-03": 100_00, "2023-04": 100_00}
        assert await mother.paid(care) == {"2023-03": 120_00, "2023-04": 120_00}

        # The county raises the living subsidy from July on; the care subsidy stays.
        await set_standard(run, LIVING, 130_00, "2023-07")
        await run.advance(date(2023, 6, 30))
        assert (await mother.shown(living))["amount_fen"] == 100_00
        await run.advance(date(2023, 7, 1))
        assert (await mother.shown(living))["amount_fen"] == 130_00
        assert (await mother.shown(care))["amount_fen"] == 120_00

        await run.advance(date(2023, 8, 14))
        await left_dibao(run, road, mother)
        await run.advance(date(2023, 8, 31))
        assert (await mother.shown(living))["stage"] == "confirmed"
        await run.advance(date(2023, 9, 1))
        ended = await mother.shown(living)
        assert ended["stage"] == "ended"
        assert (ended["leaving"]["reason"], ended["leaving"]["last_month"]) == (
            "household_no_longer_counts",
            "2023-08",
        )
        assert (await mother.shown(care))["stage"] == "confirmed"

        await run.advance(date(2023, 9, 11))
        await mother.pay(Month(2023, 9))
        assert (await mother.paid(living)) == {
            **dict.fromkeys(["2023-03", "2023-04", "2023-05", "2023-06"], 100_00),
            **dict.fromkeys(["2023-07", "2023-08"], 130_00),
        }
        assert (await mother.paid(care))["2023-09"] == 120_00

        # An auditor sees what brought the end about, although that lies in no case.
        told_ = await house.see(FUJIAN_TOWN.auditor, "oversight", f"/cases/{living}/timeline")
        (stop,) = [one for one in told_["entries"] if "benefit-stopped" in one["type"]]
        assert stop["because"]["type"] == "doudi.decision.subsidy-end-owed.v1"
        assert stop["arithmetic"] is None

        # She is told of it in writing, and can read why.
        notices = await house.see(CLERK, "decision", f"/cases/{living}/notices")
        assert [one["owed"]["subject"] for one in notices["notices"]] == ["stop"]
        printed = await house.call(
            CLERK, "GET", "decision", f"/cases/{living}/determination/printed"
        )
        assert "肢体残疾 / physical disability，2 级 / grade 2" in printed.text
        assert "家庭已不属于补贴对象" in printed.text
        assert not any(mark in printed.text for mark in PLANTED)
