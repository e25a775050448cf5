"""A family's road to a decision on dibao, in any town and under either procedure.

From the registration of its members over application, check and proposal to the confirmation or
the refusal, each step by the hands that the procedure wants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from infra.demo.office import House, Official, Town
from infra.demo.people import Household, told
from infra.demo.story import Clock
from shared.access.roles import Role

_PUBLICITY = timedelta(days=8)
"""Seven days, and the day after."""


@dataclass(frozen=True)
class Procedure:
    """What differs between the regimes of a road: reviews, publicities, and who decides."""

    reviewed: bool
    publicities: Sequence[str]
    decided_by_county: bool


BY_220 = Procedure(reviewed=True, publicities=("first", "second"), decided_by_county=True)
"""民发〔2012〕220号: a review of every survey, two publicities, the county decides."""

BY_220_DELEGATED = Procedure(
    reviewed=True, publicities=("first", "second"), decided_by_county=False
)
"""The same, with the approval delegated to the township (闽民救〔2020〕21号, 2(2).1)."""

BY_57 = Procedure(reviewed=False, publicities=("first",), decided_by_county=True)
"""民发〔2021〕57号: no review without an objection, one publicity, the county decides."""

BY_57_DELEGATED = Procedure(reviewed=False, publicities=("first",), decided_by_county=False)
"""The same, with the approval still delegated to the township, as in Fujian to January 2023."""


@dataclass(frozen=True)
class Family:
    """Who applies, what they earn and owe in fen a month, and how they live.

    ``wages_fen`` by the member's place in the list; ``lives`` likewise, what the survey finds of
    a member beside steady work and good health. ``registered_in`` is the township of their
    household registration, where they state it: they live where they apply, by a residence permit
    if ``permit_until`` is its last day. ``owns`` is what property they state, if any, and
    ``needs`` by member what of it they cannot do without; ``registration`` says what the survey
    finds of where they are registered. ``waived``: the county waives the family's check.
    """

    people: Household
    wages_fen: Mapping[int, int]
    deductions_fen: Mapping[str, int] = field(default_factory=dict)
    poverty: str = "not_registered"
    lives: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    registered_in: str = ""
    permit_until: date | None = None
    owns: Mapping[str, int] | None = None
    needs: Mapping[int, str] = field(default_factory=dict)
    registration: str = "here"
    waived: bool = False


class Road:
    """One family on its road; its steps are told nobody."""

    def __init__(
        self, house: House, clock: Clock, town: Town, family: Family, procedure: Procedure
    ) -> None:
        self._house = house
        self._clock = clock
        self._family = family
        self._procedure = procedure
        self._town = town
        self.clerk = town.official("clerk", Role.TOWNSHIP_CLERK)
        self._surveyors = [
            town.official(f"{which} surveyor", Role.TOWNSHIP_SURVEYOR)
            for which in ("first", "second")
        ]
        self.approver = town.official("approver", Role.TOWNSHIP_APPROVER)
        self.decider = _decider(town, procedure)
        self.person_ids: list[str] = []
        self.case_id = ""

    @property
    def here(self) -> str:
        """The case's path in decision."""
        return f"/cases/{self.case_id}"

    async def to_confirmation(self, on: date) -> UUID:
        """From the application, accepted on a date, to the confirmed case."""
        return await self.from_proposal(await self.to_proposal(on))

    async def from_proposal(self, proposed_on: date) -> UUID:
        """From the proposal, made on a date, to the confirmed case."""
        await self._publicised_and_approved(proposed_on)
        await self._house.do(
            self.decider, "decision", f"{self.here}/confirmation", at=f"{self.here}/determination"
        )
        return UUID(self.case_id)

    async def to_refusal(self, on: date) -> UUID:
        """From the application, accepted on a date, to the refused case."""
        await self.to_proposal(on)
        await self._house.do(
            self.decider, "decision", f"{self.here}/refusal", at=f"{self.here}/determination"
        )
        return UUID(self.case_id)

    async def to_proposal(self, on: date) -> date:
        """From the application, accepted on a date, to the proposal; when that was made."""
        await self._clock(on)
        await self._register()
        await self._apply()
        proposed_on = await self._check(on)
        explanation = {"explanation": told("依据核算结果提出意见")}
        await self._house.do(self.clerk, "decision", f"{self.here}/proposal", explanation)
        return proposed_on

    async def determination(self) -> Any:
        """The determination as it stands."""
        return await self._house.see(self.clerk, "decision", f"{self.here}/determination")

    def income(self, wages_fen: Mapping[int, int]) -> list[dict[str, Any]]:
        """Wages by member, as a visit or a change states them."""
        return [
            {"person_id": self.person_ids[place], "kind": "wage", "amount_fen": amount_fen}
            for place, amount_fen in wages_fen.items()
        ]

    def deductions(self) -> list[dict[str, Any]]:
        """What is deducted, as a visit or a change states it."""
        return [
            {"kind": kind, "amount_fen": amount_fen}
            for kind, amount_fen in self._family.deductions_fen.items()
        ]

    async def _register(self) -> None:
        for person, _relation in self._family.people:
            body = person.registration(self._town.township)
            found = await self._house.do(self.clerk, "intake", "/persons", body)
            self.person_ids.append(found["person_id"])

    async def _apply(self) -> None:
        members = [
            {"person_id": person_id, "relation": relation}
            for person_id, (_person, relation) in zip(
                self.person_ids, self._family.people, strict=True
            )
        ]
        body = {
            "programme": "dibao",
            "division": self._town.township,
            "applicant": self.person_ids[0],
            "members": members,
            "materials": ["identity", "check_authorization"],
            "reason": told("家庭生活困难"),
            **self._residences(),
        }
        applied = await self._house.do(self.clerk, "intake", "/applications", body)
        self.case_id = str(applied["case_id"])
        here = f"/applications/{self.case_id}"
        await self._declare_kin(here)
        await self._house.do(self.clerk, "intake", f"{here}/acceptance", at=here)

    async def _declare_kin(self, here: str) -> None:
        """Nobody of the household is near kin to an official, as it says when it applies."""
        await self._house.do(self.clerk, "intake", f"{here}/kin-filing", {"kin": []}, at=here)

    def _residences(self) -> dict[str, Any]:
        family = self._family
        if not family.registered_in:
            return {}
        here = {"registered_in": family.registered_in, "lives_in": self._town.township}
        stated = [{"person_id": person_id, **here} for person_id in self.person_ids]
        if family.permit_until is None:
            return {"residences": stated}
        permit = {"place": "residence_permit", "permit_until": family.permit_until.isoformat()}
        return {"residences": stated, **permit}

    async def _check(self, accepted_on: date) -> date:
        here = f"/checks/{self.case_id}"
        visited_on = accepted_on + timedelta(days=2)
        await self._clock(visited_on)
        visit = {
            "visited_on": visited_on.isoformat(),
            "surveyors": [str(surveyor.actor) for surveyor in self._surveyors],
            "income": self.income(self._family.wages_fen),
            "deductions": self.deductions(),
            "circumstances": self._circumstances(),
            "property": self._property(),
            "findings": told("入户调查记录"),
        }
        house = self._house
        await house.do(self._surveyors[0], "verification", f"{here}/home-visits", visit)
        if self._procedure.reviewed:
            review = {
                "held_on": visited_on.isoformat(),
                "present": 12,
                "representatives": 9,
                "agreed": 12,
                "upheld": True,
                "minutes": told("民主评议记录"),
            }
            await house.do(self.clerk, "verification", f"{here}/reviews", review)
        if self._family.waived:
            officer = self._town.of_county("officer", Role.COUNTY_OFFICER)
            grounds = {"grounds": told("未脱贫重度残疾人，免予家庭经济状况核对")}
            await house.do(officer, "verification", f"{here}/family-waiver", grounds, at=here)
        # Departments answer meanwhile.
        await self._clock(visited_on)
        await house.do(self.clerk, "verification", f"{here}/completion", at=here)
        await self._clock(visited_on)
        return visited_on

    async def _publicised_and_approved(self, on: date) -> None:
        house, seen = self._house, f"{self.here}/determination"
        first, *second = self._procedure.publicities
        await house.do(self.clerk, "decision", f"{self.here}/publicities/{first}")
        on += _PUBLICITY
        await self._clock(on)
        await house.do(self.approver, "decision", f"{self.here}/approval", at=seen)
        for round_ in second:
            await house.do(self.clerk, "decision", f"{self.here}/publicities/{round_}")
            on += _PUBLICITY
            await self._clock(on)

    def _property(self) -> dict[str, Any] | None:
        if self._family.owns is None:
            return None
        needs = [
            {"person_id": self.person_ids[place], "item": item}
            for place, item in self._family.needs.items()
        ]
        return {**self._family.owns, "necessities": needs}

    def _circumstances(self) -> dict[str, Any]:
        healthy = {
            "age": "eighteen_to_fifty_nine",
            "labour": "full",
            "occupation": "steady_work",
        }
        return {
            "poverty": self._family.poverty,
            "registration": self._family.registration,
            "members": [
                {"person_id": person_id, **healthy, **self._family.lives.get(place, {})}
                for place, person_id in enumerate(self.person_ids)
            ],
        }


def _decider(town: Town, procedure: Procedure) -> Official:
    if procedure.decided_by_county:
        return town.of_county("confirmer", Role.COUNTY_APPROVER)
    return town.official("confirmer", Role.TOWNSHIP_APPROVER)
