"""A tekun person in Shaanxi, from recognition to a second caregiver.

Worked case 16: 2023; a visit on 10 January, a call on 15 February, nothing in March: missed on
1 April. The caregiver is ordered to mend their ways, refuses, and is replaced under a new
agreement; the old one is closed, not edited (陕民发〔2022〕23号; 民发〔2021〕43号).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from infra.demo.figures import Figure
from infra.demo.office import SHAANXI_TOWN, House
from infra.demo.people import CAREGIVER, SECOND_CAREGIVER, TEKUN_PERSON, Person, told
from infra.demo.story import Clock, Tell
from shared.access.roles import Role
from shared.calendar import Month
from shared.money import format_yuan

TOWNSHIP: Final = SHAANXI_TOWN.township
CLERK: Final = SHAANXI_TOWN.official("clerk", Role.TOWNSHIP_CLERK)
SURVEYOR: Final = SHAANXI_TOWN.official("first surveyor", Role.TOWNSHIP_SURVEYOR)
SECOND_SURVEYOR: Final = SHAANXI_TOWN.official("second surveyor", Role.TOWNSHIP_SURVEYOR)
APPROVER: Final = SHAANXI_TOWN.official("approver", Role.TOWNSHIP_APPROVER)
VISITOR: Final = SHAANXI_TOWN.official("visitor", Role.WELFARE_VISITOR)
CONFIRMER: Final = SHAANXI_TOWN.of_county("approver", Role.COUNTY_APPROVER)
COUNTY_OFFICER: Final = SHAANXI_TOWN.of_county("officer", Role.COUNTY_OFFICER)
PREPARER: Final = SHAANXI_TOWN.of_county("preparer", Role.PAYMENT_PREPARER)
PAYMENT_APPROVER: Final = SHAANXI_TOWN.of_county("payment approver", Role.PAYMENT_APPROVER)

APPLIED_ON: Final = date(2022, 12, 1)
SURVEYED_ON: Final = date(2022, 12, 5)
APPROVED_ON: Final = date(2022, 12, 13)
CONFIRMED_ON: Final = date(2022, 12, 15)
ASSESSED_ON: Final = date(2022, 12, 20)
SIGNED_ON: Final = date(2022, 12, 28)
VISITED_ON: Final = date(2023, 1, 10)
PAID_ON: Final = date(2023, 1, 12)
CALLED_ON: Final = date(2023, 2, 15)
MISSED_ON: Final = date(2023, 4, 1)
ORDERED_ON: Final = date(2023, 4, 3)
REFUSED_ON: Final = date(2023, 4, 10)
REPLACED_ON: Final = date(2023, 4, 12)


class Tekun:
    """The life of one tekun person; told in two parts, so that other cases can lie between."""

    def __init__(self, house: House, clock: Clock, tell: Tell) -> None:
        self._house = house
        self._clock = clock
        self._tell = tell
        self._people: dict[Person, str] = {}
        self.case_id = ""
        self._agreements: list[str] = []

    async def until_february(self) -> None:
        """From the application to the call in February 2023."""
        await self._recognised()
        await self._assessed_and_signed()
        await self._contact(VISITED_ON, "visit")
        await self._pay()
        await self._contact(CALLED_ON, "phone")
        self._tell("一月上门探访、二月电话探访 / a visit in January, a call in February")

    async def live_on(self) -> list[Figure]:
        """From March to the second caregiver; the figures."""
        await self._clock(MISSED_ON)
        self._tell("三月未探访，四月一日发现 / nobody in March, noticed on the first of April")
        await self._replaced()
        return await self._figures()

    async def _recognised(self) -> None:
        house = self._house
        await self._clock(APPLIED_ON)
        for person in (TEKUN_PERSON, CAREGIVER, SECOND_CAREGIVER):
            registration = person.registration(TOWNSHIP)
            found = await house.do(CLERK, "intake", "/persons", registration)
            self._people[person] = found["person_id"]
        applicant = self._people[TEKUN_PERSON]
        body: dict[str, Any] = {
            "programme": "tekun",
            "division": TOWNSHIP,
            "applicant": applicant,
            "members": [{"person_id": applicant, "relation": "applicant"}],
            "materials": ["identity", "check_authorization"],
            "reason": told("年老无子女，无劳动能力"),
        }
        self.case_id = str((await house.do(CLERK, "intake", "/applications", body))["case_id"])
        here = f"/applications/{self.case_id}"
        await house.do(CLERK, "intake", f"{here}/acceptance", at=here)
        await self._clock(SURVEYED_ON)
        check = f"/checks/{self.case_id}"
        visit = {
            "visited_on": SURVEYED_ON.isoformat(),
            "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
            "findings": told("独居老人，无法定义务人"),
            "tekun": {"ground": "age_sixty_or_over", "obligors": "none"},
        }
        await house.do(SURVEYOR, "verification", f"{check}/home-visits", visit)
        await house.do(CLERK, "verification", f"{check}/completion", at=check)
        await self._clock(SURVEYED_ON)
        case = f"/cases/{self.case_id}"
        seen = f"{case}/determination"
        explanation = {"explanation": told("符合特困人员认定条件")}
        await house.do(CLERK, "decision", f"{case}/proposal", explanation)
        await house.do(CLERK, "decision", f"{case}/publicities/first")
        await self._clock(APPROVED_ON)
        await house.do(APPROVER, "decision", f"{case}/approval", at=seen)
        await self._clock(CONFIRMED_ON)
        await house.do(CONFIRMER, "decision", f"{case}/confirmation", at=seen)
        await self._clock(CONFIRMED_ON)
        self._tell("认定为特困人员 / recognised as a person in extreme difficulty")

    async def _assessed_and_signed(self) -> None:
        house, care = self._house, f"/care-files/{self.case_id}"
        await self._clock(ASSESSED_ON)
        assessment = {
            "assessed_on": ASSESSED_ON.isoformat(),
            "assessors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
            "failed": ["walking_indoors", "bathing"],
            "findings": told("室内行走、洗澡需要协助"),
        }
        await house.do(CLERK, "care", f"{care}/assessments", assessment)
        await house.do(CLERK, "care", f"{care}/support-mode", {"mode": "dispersed"})
        await self._clock(SIGNED_ON)
        signed = self._parties(CAREGIVER) | {"signed_on": SIGNED_ON.isoformat()}
        found = await house.do(CLERK, "care", f"{care}/agreements", signed)
        self._agreements.append(found["agreement_id"])
        self._tell("评估为半护理，签订照料协议 / partial care, an agreement signed")

    def _parties(self, caregiver: Person) -> dict[str, Any]:
        return {
            "until_on": "2023-12-31",
            "caregiver": self._people[caregiver],
            "visitor": str(VISITOR.actor),
            "full_capacity": True,
            "terms": told("委托照料服务协议"),
        }

    async def _contact(self, on: date, kind: str) -> None:
        await self._clock(on)
        contact = {"contact_on": on.isoformat(), "kind": kind, "findings": told("情况良好")}
        await self._house.do(VISITOR, "care", f"/care-files/{self.case_id}/contacts", contact)

    async def _pay(self) -> None:
        await self._clock(PAID_ON)
        await self._house.pay(
            "tekun", TOWNSHIP, Month(2023, 1), preparer=PREPARER, approver=PAYMENT_APPROVER
        )
        await self._clock(PAID_ON)
        self._tell("一月供养金含照料护理费 / January paid, with the care supplement")

    async def _replaced(self) -> None:
        house, care = self._house, f"/care-files/{self.case_id}"
        orders = f"{care}/rectifications"
        await self._clock(ORDERED_ON)
        ordered = await house.do(
            COUNTY_OFFICER, "care", orders, {"grounds": told("照料服务不到位")}
        )
        await self._clock(REFUSED_ON)
        refused = {"findings": told("照料服务人拒不整改")}
        order = f"{orders}/{ordered['order_id']}"
        await house.do(COUNTY_OFFICER, "care", f"{order}/refusal", refused)
        await self._clock(REPLACED_ON)
        parties = self._parties(SECOND_CAREGIVER)
        replacement = f"{care}/agreements/replacement"
        seen = f"/care-files/{self.case_id}"
        found = await house.do(CLERK, "care", replacement, parties, at=seen)
        self._agreements.append(found["agreement_id"])
        await self._clock(REPLACED_ON)
        self._tell("拒不整改，更换照料服务人并重新签订协议 / replaced under a new agreement")

    async def _figures(self) -> list[Figure]:
        house = self._house
        payments = await house.see(CLERK, "payment", f"/cases/{self.case_id}/payments")
        paid = sum(p["amount_fen"] for p in payments["items"] if p["stage"] == "settled")
        missed = await house.see(COUNTY_OFFICER, "care", "/missed-contacts")
        months = [one["month"] for one in missed["items"] if one["case_id"] == self.case_id]
        agreements = await house.see(CLERK, "care", "/agreements")
        standing = {one["agreement_id"]: one["standing"] for one in agreements["items"]}
        return [
            Figure("一月发放 / paid for January", format_yuan(paid), "1000.00"),
            Figure("未探访月份 / months missed", ", ".join(months), "2023-03"),
            Figure("原协议 / first agreement", standing[self._agreements[0]], "ended"),
            Figure("新协议 / second agreement", standing[self._agreements[1]], "open"),
        ]
