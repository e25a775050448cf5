"""The household's later life: wages rise, twelve months of phase-out, the end.

Worked case 2: wages 3,300, deductions 700, 2,600 a month counted; 650 a head is above the
standard of 600. Decided on 18 May 2020 (闽民救〔2020〕21号): 200 yuan are paid on for the twelve
months from June 2020 to May 2021, nothing in June 2021.
"""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from infra.demo.figures import Figure
from infra.demo.office import (
    APPROVER,
    AUDITOR,
    CLERK,
    PREPARER,
    TOWNSHIP,
    House,
    StoryFailed,
)
from infra.demo.people import told
from infra.demo.story import JOB_COST_FEN, RIGID_FEN, Clock, Tell
from shared.calendar import Month
from shared.clock import instant_of
from shared.money import format_yuan

REPORTED_ON = date(2020, 5, 15)
DECIDED_ON = date(2020, 5, 18)
FIRST_MONTH, LAST_MONTH = Month(2020, 6), Month(2021, 5)
PAY_DAY = 8
WAGES_FEN = 3_300_00

KNOWN = {
    date(2020, 4, 2): "accepted",
    date(2020, 4, 16): "approved",
    date(2020, 5, 19): "phasing_out 200.00 – 2021-05",
}
"""What was known of the case at three moments."""

IN_EFFECT = {
    date(2020, 5, 17): "confirmed 200.00",
    date(2021, 6, 1): "ended 200.00 – 2021-05",
}
"""How it stood on two dates."""


class PhaseOut:
    """What follows on the story: the same household, from its rise of income to its end."""

    def __init__(self, house: House, clock: Clock, tell: Tell, case_id: UUID) -> None:
        self._house = house
        self._clock = clock
        self._tell = tell
        self._case_id = case_id
        self._here = f"/cases/{case_id}"

    async def live(self) -> list[Figure]:
        """Live it to the month after the phase-out; its figures. Raises ``StoryFailed``."""
        await self.change()
        for month in FIRST_MONTH.through(LAST_MONTH):
            await self.pay(month)
        self._tell("渐退期十二个月逐月发放 / paid on for the twelve months of the phase-out")
        await self._clock(date(2021, 6, PAY_DAY))
        await self.nothing_to_pay()
        return await self._figures()

    async def change(self) -> None:
        """The rise is reported and decided: the phase-out begins."""
        house = self._house
        await self._clock(REPORTED_ON)
        determination = await house.see(CLERK, "decision", f"{self._here}/determination")
        spouse = determination["account"]["members"][1]["person_id"]
        change = {
            "income": [{"person_id": spouse, "kind": "wage", "amount_fen": WAGES_FEN}],
            "deductions": [
                {"kind": "illness", "amount_fen": RIGID_FEN},
                {"kind": "employment", "amount_fen": JOB_COST_FEN},
            ],
            "explanation": told("丈夫工资上涨"),
        }
        reported = await house.do(CLERK, "decision", f"{self._here}/changes", change)
        self._tell("报告收入变化：工资升至 3,300 元 / a rise of wages reported")
        await self._clock(DECIDED_ON)
        decision = f"{self._here}/changes/{reported['change_id']}/decision"
        seen = f"{self._here}/determination"
        await house.do(APPROVER, "decision", decision, {}, at=seen)
        await self._clock(DECIDED_ON)
        self._tell("超过标准，进入渐退期 / above the standard: the phase-out begins")

    async def pay(self, month: Month) -> None:
        """A month's run of the township, on the day on which it pays."""
        await self._clock(date(month.year, month.month, PAY_DAY))
        await self._house.pay("dibao", TOWNSHIP, month)

    async def nothing_to_pay(self) -> None:
        """No run is prepared after the last month. Raises ``StoryFailed`` if one is."""
        run = {"programme": "dibao", "division": TOWNSHIP, "month": str(LAST_MONTH.next())}
        refused = await self._house.refused(PREPARER, "payment", "/runs", run)
        if refused != (HTTPStatus.CONFLICT, "nothing-to-pay"):
            raise StoryFailed(f"a run of the month after the phase-out was answered {refused}")
        self._tell("渐退期满，2021 年 6 月不再发放 / nothing is paid after the phase-out")

    async def _figures(self) -> list[Figure]:
        house = self._house
        payments = await house.see(CLERK, "payment", f"{self._here}/payments?limit=200")
        months = {
            p["month"]: p["amount_fen"]
            for p in payments["items"]
            if p["stage"] == "settled" and p["month"] >= str(FIRST_MONTH)
        }
        entitlement = await house.see(CLERK, "payment", f"{self._here}/entitlement")
        return [
            Figure("渐退首月 / first month", min(months, default="-"), str(FIRST_MONTH)),
            Figure("渐退末月 / last month", max(months, default="-"), str(LAST_MONTH)),
            Figure("渐退发放次数 / payments", str(len(months)), "12"),
            Figure("渐退期合计 / in all", format_yuan(sum(months.values())), "2400.00"),
            Figure("待遇终止 / entitlement ended", str(entitlement["ended"]), "True"),
            *[
                Figure(f"{on} 时所知 / as known at 09:00", await self._known(on), must)
                for on, must in KNOWN.items()
            ],
            *[
                Figure(f"{on} 的状态 / as in effect", await self._in_effect(on), must)
                for on, must in IN_EFFECT.items()
            ],
        ]

    async def _known(self, on: date) -> str:
        return await self._told({"known_at": instant_of(on).isoformat()})

    async def _in_effect(self, on: date) -> str:
        return await self._told({"in_effect_on": on.isoformat()})

    async def _told(self, asked: dict[str, str]) -> str:
        """The case in a few words, put together by oversight out of what its owners answer."""
        path = f"{self._here}/history?{urlencode(asked)}"
        services = (await self._house.see(AUDITOR, "oversight", path))["services"]
        states = {s["aggregate"]: s["state"] for of in services.values() for s in of}
        determination = states.get("determination")
        if determination is None:
            return str(states["application"]["status"])
        words = [str(determination["stage"])]
        if determination["amount_fen"]:
            words.append(format_yuan(determination["amount_fen"]))
        if determination["leaving"]:
            words.append(f"– {determination['leaving']['last_month']}")
        return " ".join(words)
