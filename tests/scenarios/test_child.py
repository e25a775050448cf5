"""A child of Shouning, over HTTP: father in prison, mother missing; to the end of school.

Born in March 2003, 1,400 yuan a month from May 2020. Eighteen in March 2021, at high school until
June 2022, over in July.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from infra.demo.office import (
    CLERK,
    FUJIAN_TOWN,
    PREPARER,
    SECOND_SURVEYOR,
    SURVEYOR,
    TOWNSHIP,
    VILLAGE,
    Official,
)
from infra.demo.people import PLANTED, Person, told
from shared.access.roles import Role
from shared.calendar import Month
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHILD: Final = Person("缪小竹青", "35092420030315216", "13900015983", "6222021409000008884")
FATHER: Final = Person("缪大山石", "35092419790820213", "13900015984", "6222021409000008885")
GRANDMOTHER: Final = Person("吴阿春妹", "35092419500102224", "13900015985", "6222021409000008886")
APPROVER: Final = FUJIAN_TOWN.official("approver", Role.TOWNSHIP_APPROVER)
CONFIRMER: Final = FUJIAN_TOWN.of_county("approver", Role.COUNTY_APPROVER)
DIRECTOR: Final = Official("child director", Role.CHILD_DIRECTOR, VILLAGE, "village")
STRANGER: Final = Official("another's director", Role.CHILD_DIRECTOR, "350925100000", "township")
PAPER: Final = "d" * 64
PRISON: Final = {
    "parent": "father",
    "situation": "serving_sentence",
    "months": 30,
    "evidence": "department_data",
}
MISSING: Final = {
    "parent": "mother",
    "situation": "missing",
    "evidence": "papers",
    "certificate": PAPER,
}


class Life:
    """The child's dealings with the offices."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._house = run.house
        self.child = self.father = self.grandmother = self.case_id = ""

    @property
    def here(self) -> str:
        return f"/cases/{self.case_id}"

    async def applies(self) -> None:
        people = (CHILD, FATHER, GRANDMOTHER)
        self.child, self.father, self.grandmother = await self._run.registered(people)
        holding = {"id_number": FATHER.id_number, "entries": ["in_prison"]}
        await self._house.load_departments([{"department": "justice", **holding}])
        body = self.application(parents=[self.father])
        alone = body | {"acting": None}
        refused = await self._house.refused(CLERK, "intake", "/applications", alone)
        assert refused == (422, "guardian-missing")
        self.case_id = (await self._house.do(CLERK, "intake", "/applications", body))["case_id"]
        seen = f"/applications/{self.case_id}"
        await self._house.do(CLERK, "intake", f"{seen}/acceptance", at=seen)

    def application(self, programme: str = "child_allowance", **more: Any) -> dict[str, Any]:
        return {
            "programme": programme,
            "division": VILLAGE,
            "applicant": self.child,
            "members": [{"person_id": self.child, "relation": "applicant"}],
            "materials": ["identity", "check_authorization"],
            "acting": {"ground": "minor", "person_id": self.grandmother},
            "reason": told("父亲服刑，母亲失踪，由祖母抚养"),
        } | more

    async def is_checked(self, on: date) -> None:
        await self._run.advance(on)
        check = f"/checks/{self.case_id}"
        visit = {
            "visited_on": on.isoformat(),
            "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
            "findings": told("与祖母同住"),
            "child": {
                "parents": [PRISON | {"person_id": self.father}, MISSING],
                "placement": "outside",
            },
        }
        await self._house.do(SURVEYOR, "verification", f"{check}/home-visits", visit)
        await self._house.do(CLERK, "verification", f"{check}/completion", at=check)
        await self._run.settled()

    async def is_confirmed(self) -> None:
        seen = f"{self.here}/determination"
        explanation = {"explanation": told("符合事实无人抚养儿童条件")}
        await self._house.do(CLERK, "decision", f"{self.here}/proposal", explanation)
        public = await self._house.refused(CLERK, "decision", f"{self.here}/publicities/first")
        assert public == (409, "no-such-publicity")
        await self._house.do(APPROVER, "decision", f"{self.here}/approval", at=seen)
        await self._house.do(CONFIRMER, "decision", f"{self.here}/confirmation", at=seen)
        await self._run.settled()

    async def determination(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._house.see(
            CLERK, "decision", f"{self.here}/determination"
        )
        return found

    async def listed(self, who: Official) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (
            await self._house.see(who, "decision", "/coming-of-age?announced=true")
        )["items"]
        return found

    async def is_paid(self, month: Month, payee: str) -> None:
        """A month's run lists 1,400 yuan a month for this payee; the bank credits each once."""
        before = len(await self._house.bank_ledger())
        await self._house.pay("child_allowance", TOWNSHIP, month)
        await self._run.settled()
        run = f"/runs/child_allowance/{TOWNSHIP}/{month}"
        lines = (await self._house.see(PREPARER, "payment", run))["lines"]
        assert {(line["payee"], line["amount_fen"]) for line in lines} == {(payee, 1_400_00)}
        new = (await self._house.bank_ledger())[before:]
        assert [credit["amount_fen"] for credit in new] == [1_400_00] * len(lines)

    async def proves_school(self) -> None:
        body = {"school": "high_school", "until": "2022-06", "certificate": PAPER}
        path = f"{self.here}/coming-of-age/schooling"
        await self._house.do(CLERK, "decision", path, body)
        higher = body | {"school": "higher"}
        refused = await self._house.refused(CLERK, "decision", path, higher)
        assert refused == (422, "school-does-not-count")


@pytest.mark.mechanism("S0-25", "S1-35")
async def test_a_child_whose_father_is_in_prison_is_paid_to_the_end_of_school(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as run:
        house, life = run.house, Life(run)
        await life.applies()
        await life.is_checked(date(2020, 4, 8))
        await life.is_confirmed()
        now = await life.determination()
        assert (now["stage"], now["amount_fen"]) == ("confirmed", 1_400_00)
        assert (now["payee"], now["confirmed"]["pay_from"]) == (life.grandmother, "2020-05")
        assert now["account"]["minor"]["turns_eighteen"] == "2021-03"

        await run.advance(date(2020, 5, 6))
        await life.is_paid(Month(2020, 5), life.grandmother)
        early = await house.refused(CLERK, "decision", f"{life.here}/coming-of-age/own-account")
        assert early == (409, "coming-of-age-not-near")

        # Ninety days before March 2021 it is told; the child director of the village sees it.
        await run.advance(date(2020, 11, 30))
        assert await life.listed(DIRECTOR) == []
        await run.advance(date(2020, 12, 1))
        (row,) = await life.listed(DIRECTOR)
        assert (row["case_id"], row["last_month"]) == (life.case_id, "2021-03")
        assert await life.listed(STRANGER) == []

        await run.advance(date(2021, 1, 11))
        await life.proves_school()
        await run.advance(date(2021, 3, 1))
        now = await life.determination()
        assert (now["stage"], now["payee"]) == ("confirmed", life.child)
        await run.advance(date(2021, 4, 6))
        await life.is_paid(Month(2021, 4), life.child)

        # Who has chosen this is not tekun beside it.
        await run.advance(date(2021, 7, 5))
        tekun = life.application("tekun", acting=None)
        chosen = await house.refused(CLERK, "intake", "/applications", tekun)
        assert chosen == (409, "child-allowance-was-chosen")

        await run.advance(date(2022, 6, 1))
        now = await life.determination()
        assert (now["stage"], now["leaving"]["reason"]) == ("stopped", "of_age")
        assert now["leaving"]["last_month"] == "2022-06"
        await run.advance(date(2022, 7, 1))
        assert (await life.determination())["stage"] == "ended"
        due = await house.see(CLERK, "payment", f"{life.here}/entitlement")
        assert due["last_month"] == "2022-06"

        # An official assesses the young person for dibao, and types nothing again.
        entry = f"/watch-list/{life.case_id}"
        watched = await house.see(CLERK, "intake", entry)
        assert (watched["programme"], watched["hardship"]) == ("dibao", ["came_of_age"])
        reopening = {"occasion": "village_visit", "reason": told("成年后生活困难")}
        again = await house.do(CLERK, "intake", f"{entry}/reopening", reopening, at=entry)
        anew = await house.see(CLERK, "intake", f"/applications/{again['case_id']}")
        assert (anew["programme"], anew["applicant"]) == ("dibao", life.child)

        printed = await house.call(CLERK, "GET", "decision", f"{life.here}/determination/printed")
        assert "服刑在押 / serving a sentence" in printed.text
        assert not any(mark in printed.text for mark in (*PLANTED, "2003-03-15"))


async def test_a_father_who_is_released_ends_it_from_the_next_month(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        house, life = run.house, Life(run)
        await life.applies()
        await life.is_checked(date(2020, 4, 8))
        await life.is_confirmed()
        await run.advance(date(2020, 6, 8))
        body = {
            "child": {
                "parents": [{"parent": "father", "situation": "able"}, MISSING],
                "placement": "outside",
            },
            "explanation": told("父亲刑满释放"),
        }
        reported = await house.do(CLERK, "decision", f"{life.here}/changes", body)
        decision = f"{life.here}/changes/{reported['change_id']}/decision"
        await house.do(CONFIRMER, "decision", decision, {}, at=f"{life.here}/determination")
        now = await life.determination()
        assert (now["stage"], now["leaving"]["reason"]) == ("stopped", "parent_not_covered")
        assert now["leaving"]["last_month"] == "2020-06"
        await run.settled()
        notices = await house.see(CLERK, "decision", f"{life.here}/notices")
        assert [one["owed"]["subject"] for one in notices["notices"]] == ["stop"]


async def test_who_is_of_age_is_not_accepted_and_nor_is_any_child_before_2020(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, hand_clock_start=date(2019, 12, 31)) as run:
        house, life = run.house, Life(run)
        life.child, _, life.grandmother = await run.registered((CHILD, FATHER, GRANDMOTHER))
        early = await house.refused(CLERK, "intake", "/applications", life.application())
        assert early == (422, "programme-not-regulated")
        await run.advance(date(2021, 3, 1))
        applied = await house.do(CLERK, "intake", "/applications", life.application())
        here = f"/applications/{applied['case_id']}"
        of_age = await house.refused(CLERK, "intake", f"{here}/acceptance", at=here)
        assert of_age == (409, "child-of-age")
