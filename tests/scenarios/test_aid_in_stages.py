"""Aid as it was assessed, and in stages: one approval, in money and goods, over HTTP in Shaanxi."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.demo.office import SHAANXI_TOWN, SURVEYOR, Official
from infra.demo.people import PLANTED, SECOND_TRAVELLER, TRAVELLER, told
from shared.access.roles import Role
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOWN = SHAANXI_TOWN
CLERK = TOWN.official("clerk", Role.TOWNSHIP_CLERK)
APPROVER = TOWN.official("approver", Role.TOWNSHIP_APPROVER)
PAYER = TOWN.of_county("payment approver", Role.PAYMENT_APPROVER)
ON = date(2023, 5, 15)
FOOD = {"kind": "food", "value_fen": 100_00}
STAGES = [
    {"amount_fen": 200_00, "due_on": "2023-05-25"},
    {"amount_fen": 150_00, "due_on": "2023-06-05"},
    {"amount_fen": 150_00, "due_on": "2023-06-15"},
]
GRANT: dict[str, Any] = {"amount_fen": 900_00, "in_kind": [FOOD], "later": STAGES}
"""900 yuan, 400 of it at once, and food for 100: the township's limit of 1,000, to the fen."""
ASSESSMENT: dict[str, Any] = {
    "assessors": [str(SURVEYOR.actor)],
    "money_fen": 900_00,
    "in_kind": [FOOD],
    "findings": told("工伤停工，家中断粮"),
}
STOP = {"reason": "hardship_over", "explanation": told("已复工")}


class Case:
    """One emergency of two people, as the township deals with it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.people: list[str] = []
        self.id = ""

    async def accepted(self) -> None:
        house = self.run.house
        for person in (TRAVELLER, SECOND_TRAVELLER):
            body = person.registration(TOWN.township)
            self.people.append((await house.do(CLERK, "intake", "/persons", body))["person_id"])
        relations = ("applicant", "spouse")
        body = {
            "programme": "temporary_assistance",
            "division": TOWN.township,
            "applicant": self.people[0],
            "members": [
                {"person_id": person_id, "relation": relation}
                for person_id, relation in zip(self.people, relations, strict=True)
            ],
            "reason": told("突发急难"),
            "aid": {
                "kind": "emergency",
                "cause": "accident",
                "place": "place_of_emergency",
                "requested_fen": 1_000_00,
            },
        }
        self.id = (await house.do(CLERK, "intake", "/applications", body))["case_id"]
        here = f"/applications/{self.id}"
        await house.do(CLERK, "intake", f"{here}/acceptance", at=here)
        await self.run.settled()

    async def act(self, who: Official, step: str, body: Any) -> httpx.Response:
        path = f"/cases/{self.id}/aid/{step}"
        answer = await self.run.house.call(who, "POST", "decision", path, body)
        await self.run.settled()
        return answer

    async def paid(self) -> dict[str, int]:
        """What payment was told to pay of the case, by the day of its order."""
        seen = await self.run.house.see(CLERK, "payment", f"/cases/{self.id}/payments")
        return {one["intended_on"]: one["amount_fen"] for one in seen["items"]}

    async def listed(self, query: str) -> bool:
        rows = await self.run.house.see(CLERK, "decision", f"/aids?{query}")
        return self.id in {row["case_id"] for row in rows["items"]}


@pytest.mark.mechanism("S4-52", "S2-26")
async def test_one_approval_gives_money_in_stages_and_goods_as_they_were_assessed(
    tmp_path: Path,
) -> None:
    place = {"home_division": TOWN.province, "home_level": "province", "cell": "sn"}
    async with running(tmp_path / "data", hand_clock_start=ON, **place) as run:
        fund = f"/funds/{TOWN.township}"
        await run.house.do(PAYER, "payment", f"{fund}/replenishments", {"amount_fen": 5_000_00})
        case = Case(run)
        await case.accepted()

        early = await case.act(APPROVER, "grant", GRANT)
        assert (early.status_code, early.json()["code"]) == (409, "needs-not-assessed")
        assert (await case.act(CLERK, "assessment", ASSESSMENT)).status_code == 201
        in_money = await case.act(APPROVER, "grant", {"amount_fen": 1_000_00})
        assert in_money.json()["code"] == "not-as-assessed"
        assert in_money.json()["facts"]["assessed"] == "money, food"
        granted = await case.act(APPROVER, "grant", GRANT)
        assert (granted.status_code, granted.json()["referred"]) == (200, False)
        assert await case.paid() == {"2023-05-15": 400_00}

        assert not await case.listed("deliver_by=2023-05-21")
        assert await case.listed("deliver_by=2023-05-22")
        await run.advance(date(2023, 5, 23))
        assert await case.listed("delivery_missed=true")
        delivery = {
            "kind": "food",
            "delivered_by": str(SURVEYOR.actor),
            "received_by": case.people[1],
            "delivered_on": "2023-05-23",
        }
        assert (await case.act(CLERK, "deliveries", delivery)).status_code == 201
        assert await case.listed("outstanding=true")  # stages are
        assert not await case.listed("deliver_by=2023-12-31")

        await run.advance(date(2023, 5, 25))
        await run.advance(date(2023, 5, 26))
        assert await case.paid() == {"2023-05-15": 400_00, "2023-05-25": 200_00}
        explanation = {"materials": ["identity"], "findings": told("情况属实")}
        waits = await case.act(CLERK, "explanation", explanation)
        assert (waits.json()["code"], waits.json()["facts"]["stages"]) == ("aid-outstanding", 2)

        named = await case.act(APPROVER, "payee", {"payee": case.people[1]})
        assert named.status_code == 200
        await run.advance(date(2023, 6, 6))
        assert (await case.act(APPROVER, "stop", STOP)).status_code == 200
        await run.advance(date(2023, 6, 15) + timedelta(days=1))
        by_day = {"2023-05-15": 400_00, "2023-05-25": 200_00, "2023-06-05": 150_00}
        assert await case.paid() == by_day
        aid = await run.house.see(CLERK, "decision", f"/cases/{case.id}/aid")
        assert [one["payee"] for one in aid["released"]] == case.people
        assert (aid["rest_stopped"]["amount_fen"], aid["instalments_to_come"]) == (150_00, {})

        assert (await case.act(CLERK, "explanation", explanation)).status_code == 201
        held = await run.house.see(PAYER, "payment", fund)
        assert (held["balance_fen"], held["open_advances"]) == (5_000_00 - 750_00, [])
        timeline = await run.house.call(
            TOWN.auditor, "GET", "oversight", f"/cases/{case.id}/timeline?limit=200"
        )
        said = [entry["zh"] for entry in timeline.json()["entries"]]
        for step, times in {
            "评估实际需求": 1,
            "实物或服务逾期未到": 1,
            "实物发放或服务提供": 1,
            "分阶段救助到期发放": 2,
            "救助金支付指令": 3,
            "银行入账": 3,
            "停止后续救助": 1,
            "个案终结": 1,
        }.items():
            assert said.count(step) == times, step
        assert "400.00 + 200.00 + 150.00 + 150.00 = 900.00" in timeline.text
        assert not any(mark in timeline.text for mark in PLANTED)
