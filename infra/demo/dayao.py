"""Two registered poor households in Dayao, Yunnan, in 2020, and a screening: worked cases 8, 9,
11 and 13.

Standard 4,500 yuan a year, 375 a month; poverty line 4,000 a year. Both have three persons and
525 yuan a month, a gap of 600. Source of what is particular to the county: 大民联发(2020)2号, 2(3).
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from infra.demo.figures import Figure
from infra.demo.office import DAYAO_TOWN, House, Official
from infra.demo.people import IDLE_HOUSEHOLD, RISING_HOUSEHOLD, SCREENED, told
from infra.demo.road import BY_220, Family, Road
from infra.demo.story import Clock, Tell
from shared.access.roles import Role
from shared.calendar import Month
from shared.money import format_yuan

ACCEPTED_ON = date(2020, 3, 9)
PAY_DAY = 8
ROSTERS = ("no_labour_household", "lifted_below_dibao", "disabled_by_match")
EXCLUDED_FOR = "income_not_below_standard"
SON = 1
"""The member who is able to work and has none."""

IDLE = Family(
    IDLE_HOUSEHOLD,
    wages_fen={0: 525_00},
    poverty="lifted",
    lives={SON: {"occupation": "no_work"}, 2: {"age": "seventy_or_over", "labour": "none"}},
)
RISING = Family(
    RISING_HOUSEHOLD,
    wages_fen={0: 525_00},
    poverty="lifted",
    lives={2: {"age": "sixty_to_sixty_nine", "labour": "none"}},
)

YEARLY_4_200_FEN, YEARLY_4_500_FEN, YEARLY_4_800_FEN = 1_050_00, 1_125_00, 1_200_00
"""Of three persons a month: above the poverty line, exactly at the standard, above it."""


class Dayao:
    """Both households, on one clock; ``tell`` hears each step."""

    def __init__(self, house: House, clock: Clock, tell: Tell) -> None:
        self._house = house
        self._clock = clock
        self._tell = tell
        self._preparer = DAYAO_TOWN.of_county("preparer", Role.PAYMENT_PREPARER)
        self._payer = DAYAO_TOWN.of_county("payment approver", Role.PAYMENT_APPROVER)
        self.idle = Road(house, clock, DAYAO_TOWN, IDLE, BY_220)
        self.rising = Road(house, clock, DAYAO_TOWN, RISING, BY_220)
        self._seen: dict[str, str] = {}

    async def live(self) -> None:
        """Live both households to October 2020. Raises ``StoryFailed``."""
        proposed_on = await self.idle.to_proposal(ACCEPTED_ON)
        await self._screen(proposed_on)
        await self.idle.from_proposal(proposed_on)
        self._tell("建档立卡户纳入低保：375 × 3 − 525 = 600 元 / a registered household enters")
        await self.rising.to_confirmation(date(2020, 4, 1))
        self._tell("第二户纳入低保，600 元 / another household enters")
        await self._refuse_projects()
        await self._rise()
        await self._pay_to(Month(2020, 10))

    def figures_of_refusals(self) -> list[Figure]:
        """Case 11: what is paid after each refusal."""
        return [
            Figure("拒绝一、二次后 / after two refusals", self._seen["two"], "600.00"),
            Figure("第三次，减半 / the third, by half", self._seen["half"], "500.00"),
            Figure("参加后恢复 / restored by taking part", self._seen["restored"], "600.00"),
            Figure(
                "再连续三次，停发本人份额 / three again: stopped", self._seen["stopped"], "400.00"
            ),
        ]

    def figures_of_rises(self) -> list[Figure]:
        """Cases 8 and 9: who stays, who is phased out and how long, what is at the standard."""
        return [
            Figure("年人均 4,500 元 / exactly at the standard", self._seen["at"], "manual review"),
            Figure("年人均 4,200 元：脱贫不脱保 / stays", self._seen["stays"], "75.00"),
            Figure("渐退 5 个月 / five months", self._seen["five"], "phase-out-months-outside"),
            Figure("渐退 13 个月 / thirteen", self._seen["thirteen"], "phase-out-months-outside"),
            Figure("渐退 6 个月 / six months", self._seen["six"], "2020-09 – 2021-02: 75.00"),
        ]

    def figures_of_screening(self) -> list[Figure]:
        """Case 13: three rosters, one task; who is enrolled; who is excluded."""
        return [
            Figure(
                "三份名册，一个任务 / one task, with tags", self._seen["tags"], ", ".join(ROSTERS)
            ),
            Figure("已纳入的，跳过 / in a case already", self._seen["enrolled"], "in_dibao_case"),
            Figure("无编码理由 / without a coded reason", self._seen["unreasoned"], "422"),
            Figure("复核后剔除 / after a second check", self._seen["excluded"], EXCLUDED_FOR),
        ]

    async def paid(self, road: Road) -> str:
        """What the household was paid from month to month."""
        path = f"{road.here}/payments?limit=200"
        payments = (await self._house.see(road.clerk, "payment", path))["items"]
        settled = {p["month"]: p["amount_fen"] for p in payments if p["stage"] == "settled"}
        return ", ".join(format_yuan(settled[month]) for month in sorted(settled))

    async def _screen(self, on: date) -> None:
        """Three rosters are one task; who is in a case is skipped; exclusion has a code."""
        clerk, officer = self.idle.clerk, DAYAO_TOWN.of_county("officer", Role.COUNTY_OFFICER)
        screening = {"division": DAYAO_TOWN.county, "year": on.year}
        await self._house.do(officer, "intake", "/screenings", screening)
        body = SCREENED.registration(DAYAO_TOWN.township)
        person = (await self._house.do(clerk, "intake", "/persons", body))["person_id"]
        for kind in ROSTERS:
            await self._list(officer, kind, person, on)
        await self._list(officer, "unlifted", self.idle.person_ids[SON], on)
        await self._clock(on)
        found = await self._house.see(clerk, "intake", "/screening-tasks?year=2020&limit=200")
        tasks = {task["person_id"]: task for task in found["items"]}
        self._seen["tags"] = ", ".join(tasks[person]["tags"])
        self._seen["enrolled"] = str(tasks[self.idle.person_ids[SON]]["skipped"])
        here = f"/screening-tasks/{tasks[person]['task_id']}"
        visit = {"visited_on": on.isoformat(), "findings": told("入户排查")}
        surveyor = DAYAO_TOWN.official("first surveyor", Role.TOWNSHIP_SURVEYOR)
        await self._house.do(surveyor, "intake", f"{here}/findings", visit)
        grounds = {"grounds": told("子女每月给两千元")}
        await self._exclude(clerk, here, grounds, EXCLUDED_FOR)
        check = {"confirmed": True, "findings": told("复核属实")}
        approver = DAYAO_TOWN.official("approver", Role.TOWNSHIP_APPROVER)
        await self._house.do(approver, "intake", f"{here}/second-check", check, at=here)
        await self._clock(on)
        found = await self._house.see(clerk, "intake", "/screening-tasks?stage=excluded")
        self._seen["excluded"] = str(found["items"][0]["excluded"])
        self._tell(
            "三份名册合为一个排查任务；剔除须有编码理由并经复核 / rosters screened, one task each"
        )

    async def _exclude(
        self, clerk: Official, here: str, grounds: dict[str, str], reason: str
    ) -> None:
        """Nobody is excluded without a coded reason: it is tried, and answered 422."""
        path = f"{here}/exclusion"
        status, _ = await self._house.refused(clerk, "intake", path, grounds, at=here)
        self._seen["unreasoned"] = str(status)
        await self._house.do(clerk, "intake", path, grounds | {"reason": reason}, at=here)

    async def _list(self, officer: Official, kind: str, person_id: str, on: date) -> None:
        """The county imports a signed roster with one person on it."""
        entry: dict[str, Any] = {"person_id": person_id, "division": DAYAO_TOWN.township}
        if kind == "disabled_by_match":
            entry["disability"] = {"kind": "mental", "grade": 3}
        roster = {
            "kind": kind,
            "signer": str(officer.actor),
            "signed_on": on.isoformat(),
            "document_digest": sha256(f"{kind}/{person_id}".encode()).hexdigest(),
            "entries": [entry],
        }
        path = f"/screenings/{DAYAO_TOWN.county}/{on.year}/rosters"
        await self._house.do(officer, "intake", path, roster)

    async def _refuse_projects(self) -> None:
        """Two refusals change nothing, the third halves the son's share; taking part ends that."""
        await self._answered(date(2020, 4, 20), "refused")
        await self._answered(date(2020, 5, 6), "refused")
        self._seen["two"] = await self._amount(self.idle)
        third = await self._answered(date(2020, 5, 18), "refused")
        await self._decide_share(third["consequence_id"], "reduce")
        self._seen["half"] = await self._amount(self.idle)
        self._tell("连续三次拒不参加扶贫项目，本人份额减半：500 元 / the own share is halved")
        await self._pay_to(Month(2020, 6))
        taken_up = await self._answered(date(2020, 6, 15), "taken_up")
        await self._decide_share(taken_up["consequence_id"], "restore")
        self._seen["restored"] = await self._amount(self.idle)
        self._tell("参加扶贫项目，恢复 600 元 / taking part restores it")
        await self._pay_to(Month(2020, 7))
        for day in (13, 14):
            await self._answered(date(2020, 7, day), "refused")
        last = await self._answered(date(2020, 7, 15), "refused")
        await self._decide_share(last["consequence_id"], "stop")
        self._seen["stopped"] = await self._amount(self.idle)
        self._tell(
            "再次连续三次拒绝，停发本人份额：400 元 / refused again: the own share is stopped"
        )

    async def _rise(self) -> None:
        """At the standard people look into it; above the line it stays; above both, six months."""
        await self._clock(date(2020, 7, 20))
        at = await self._changed(YEARLY_4_500_FEN)
        await self._decide(at, {})
        found = await self.rising.determination()
        self._seen["at"] = "manual review" if found["change"]["under_review"] else "decided"
        self._tell("年人均 4,500 元，既不低于也不超过，转人工复核 / exactly at the standard")
        stays = await self._changed(YEARLY_4_200_FEN)
        await self._decide(stays, {})
        self._seen["stays"] = await self._amount(self.rising)
        self._tell("年人均 4,200 元，脱贫不脱保，375 × 3 − 1,050 = 75 元 / it stays on dibao")
        await self._pay_to(Month(2020, 8))
        above = await self._changed(YEARLY_4_800_FEN)
        for name, months in (("five", 5), ("thirteen", 13)):
            self._seen[name] = await self._refused(above, {"phase_out_months": months})
        await self._decide(above, {"phase_out_months": 6})
        leaving = (await self.rising.determination())["leaving"]
        self._seen["six"] = (
            f"{leaving['first_month']} – {leaving['last_month']}: "
            f"{format_yuan(leaving['amount_fen'])}"
        )
        self._tell(
            "年人均 4,800 元，渐退期六个月；五个月、十三个月不予受理 / phased out over six months"
        )

    async def _answered(self, on: date, response: str) -> dict[str, Any]:
        """The son answers the offer of a poverty project."""
        await self._clock(on)
        offer = {
            "person_id": self.idle.person_ids[SON],
            "kind": "project",
            "offered_on": on.isoformat(),
            "answered_on": on.isoformat(),
            "labour": "full",
            "occupation": "no_work",
            "response": response,
            "findings": told("介绍扶贫项目的情况"),
        }
        path = f"{self.idle.here}/work-offers"
        return await self._house.do(self.idle.clerk, "decision", path, offer)

    async def _decide_share(self, consequence_id: str, consequence: str) -> None:
        path = f"{self.idle.here}/work-consequences/{consequence_id}/decision"
        body = {"consequence": consequence, "reason": told("经研究决定")}
        seen = f"{self.idle.here}/determination"
        await self._house.do(self.idle.decider, "decision", path, body, at=seen)

    async def _changed(self, wages_fen: int) -> str:
        """A change of income is reported; its id."""
        road = self.rising
        change = {"income": road.income({0: wages_fen}), "explanation": told("务工收入增加")}
        reported = await self._house.do(road.clerk, "decision", f"{road.here}/changes", change)
        return str(reported["change_id"])

    async def _decide(self, change_id: str, choice: dict[str, Any]) -> None:
        road = self.rising
        path = f"{road.here}/changes/{change_id}/decision"
        await self._house.do(
            road.decider, "decision", path, choice, at=f"{road.here}/determination"
        )

    async def _refused(self, change_id: str, choice: dict[str, Any]) -> str:
        """The code with which a choice is refused."""
        road = self.rising
        path, seen = f"{road.here}/changes/{change_id}/decision", f"{road.here}/determination"
        _, code = await self._house.refused(road.decider, "decision", path, choice, at=seen)
        return code

    async def _amount(self, road: Road) -> str:
        return format_yuan((await road.determination())["amount_fen"])

    async def _pay_to(self, month: Month) -> None:
        """The township's run of a month, which takes up the months before it as well."""
        on = date(month.year, month.month, PAY_DAY)
        await self._clock(on)
        await self._house.pay(
            "dibao",
            DAYAO_TOWN.township,
            month,
            preparer=self._preparer,
            approver=self._payer,
        )
        await self._clock(on)
