"""Two emergencies: a local one of the epidemic in Fujian, and one away from home in Shaanxi.

Worked case 4: accepted on Tuesday 31 March 2020, so the money is due by 8 April (Qingming is off;
闽民救〔2020〕21号: five working days). Worked case 18: people from elsewhere, in need where they
are (急难发生地); 800 yuan lie within the township's limit of 1,000 and are advanced at once from
its reserve fund of 10,000; 1,200 are the county's to grant. All is explained afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from infra.demo.figures import Figure
from infra.demo.office import FUJIAN_TOWN, SHAANXI_TOWN, House, Town
from infra.demo.people import PATIENT, SECOND_TRAVELLER, TRAVELLER, Person, told
from infra.demo.story import Clock, Tell
from shared.access.roles import Role
from shared.money import format_yuan

FUND_FEN: Final = 10_000_00


@dataclass(frozen=True)
class Need:
    """Somebody's emergency: when it is accepted, and what is asked for."""

    person: Person
    town: Town
    on: date
    explained_on: date
    aid: dict[str, Any]

    @property
    def amount_fen(self) -> int:
        """What is needed."""
        return int(self.aid["requested_fen"])


FUJIAN_EMERGENCY: Final = Need(
    PATIENT,
    FUJIAN_TOWN,
    date(2020, 3, 31),
    date(2020, 4, 1),
    {
        "kind": "emergency",
        "cause": "epidemic",
        "place": "household_registration",
        "requested_fen": 600_00,
    },
)
SHAANXI_EMERGENCY: Final = Need(
    TRAVELLER,
    SHAANXI_TOWN,
    date(2023, 2, 20),
    date(2023, 2, 23),
    {
        "kind": "emergency",
        "cause": "accident",
        "place": "place_of_emergency",
        "requested_fen": 800_00,
    },
)
LARGER_EMERGENCY: Final = Need(
    SECOND_TRAVELLER,
    SHAANXI_TOWN,
    date(2023, 2, 20),
    date(2023, 2, 23),
    SHAANXI_EMERGENCY.aid | {"requested_fen": 1_200_00},
)


class Emergency:
    """One emergency, from its application to its explanation."""

    def __init__(self, house: House, clock: Clock, tell: Tell, need: Need) -> None:
        self._house = house
        self._clock = clock
        self._tell = tell
        self._need = need
        town = need.town
        self._clerk = town.official("clerk", Role.TOWNSHIP_CLERK)
        self._approver = town.official("approver", Role.TOWNSHIP_APPROVER)
        self._payer = town.of_county("payment approver", Role.PAYMENT_APPROVER)
        self._here = ""

    @property
    def case_id(self) -> str:
        """The case, once it was applied for."""
        return self._here.rpartition("/")[2]

    async def fund(self) -> None:
        """The county fills the township's reserve fund."""
        path = f"/funds/{self._need.town.township}/replenishments"
        await self._house.do(self._payer, "payment", path, {"amount_fen": FUND_FEN})
        self._tell("县级拨付乡镇临时救助备用金 / the county fills the township's reserve fund")

    async def apply(self) -> None:
        """The application, accepted at once and without papers."""
        house, need = self._house, self._need
        await self._clock(need.on)
        body = need.person.registration(need.town.township)
        person_id = (await house.do(self._clerk, "intake", "/persons", body))["person_id"]
        application = {
            "programme": "temporary_assistance",
            "division": need.town.township,
            "applicant": person_id,
            "members": [{"person_id": person_id, "relation": "applicant"}],
            "reason": told("突发急难，生活无着"),
            "aid": need.aid,
        }
        applied = await house.do(self._clerk, "intake", "/applications", application)
        here = f"/applications/{applied['case_id']}"
        await house.do(self._clerk, "intake", f"{here}/acceptance", at=here)
        self._here = f"/cases/{applied['case_id']}"
        await self._clock(need.on)
        self._tell("受理急难救助，先行救助 / an emergency accepted: aid comes first")

    async def assess(self) -> None:
        """What is needed is assessed first, where the place asks for it (陕民发〔2022〕23号)."""
        assessment = {
            "assessors": [str(self._clerk.actor)],
            "money_fen": self._need.amount_fen,
            "findings": told("身无分文，急需现金支付住院押金和食宿"),
        }
        path = f"{self._here}/aid/assessment"
        await self._house.do(self._clerk, "decision", path, assessment)
        self._tell("评估实际需求，确定给付救助金 / what is needed is assessed: money")

    async def grant(self) -> bool:
        """The township grants; whether that was beyond it and is the county's now."""
        grant = {"amount_fen": self._need.amount_fen}
        path = f"{self._here}/aid/grant"
        found = await self._house.do(self._approver, "decision", path, grant)
        await self._clock(self._need.on)
        return bool(found["referred"])

    async def grant_by_county(self) -> None:
        """The county grants what is beyond the township."""
        county = self._need.town.of_county("approver", Role.COUNTY_APPROVER)
        grant = {"amount_fen": self._need.amount_fen}
        await self._house.do(county, "decision", f"{self._here}/aid/grant", grant)
        await self._clock(self._need.on)
        self._tell("超出乡镇限额，由县级审批 / beyond the township's limit: granted by the county")

    async def explain(self) -> None:
        """Papers and findings follow."""
        await self._clock(self._need.explained_on)
        explanation = {"materials": ["identity"], "findings": told("事后补办手续，情况属实")}
        path = f"{self._here}/aid/explanation"
        await self._house.do(self._clerk, "decision", path, explanation)
        await self._clock(self._need.explained_on)
        self._tell("事后补齐救助手续 / explained afterwards")

    async def figures(self) -> list[Figure]:
        """What became of it: paid when, of what it was due by, and what the fund holds."""
        payment = await self.payment()
        fund = await self.balance()
        case = await self._house.see(self._clerk, "decision", f"{self._here}/aid")
        return [
            Figure("应付期限 / due by", str(payment["pay_by"]), _due(self._need)),
            Figure("入账 / paid on", str(payment["settled_on"]), str(self._need.on)),
            Figure("逾期 / overdue", str(payment["overdue"]), "False"),
            Figure(
                "金额 / amount",
                format_yuan(payment["amount_fen"] or 0),
                format_yuan(self._need.amount_fen),
            ),
            Figure(
                "备用金余额 / fund",
                format_yuan(fund),
                format_yuan(FUND_FEN - self._need.amount_fen),
            ),
            Figure("进度 / stage", case["stage"], "explained"),
        ]

    async def payment(self) -> dict[str, Any]:
        """The aid's payment as it stands."""
        found = await self._house.see(self._clerk, "payment", f"{self._here}/payments")
        payment: dict[str, Any] = found["items"][0]
        return payment

    async def balance(self) -> int:
        """What the township's fund holds, in fen."""
        path = f"/funds/{self._need.town.township}"
        return int((await self._house.see(self._payer, "payment", path))["balance_fen"])


def _due(need: Need) -> str:
    return "2020-04-08" if need is FUJIAN_EMERGENCY else "2023-02-27"
