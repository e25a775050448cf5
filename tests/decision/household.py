"""A determination's household: case 1 of the worked cases, and what is recorded about it.

Fujian, standard 600 yuan a month, four persons, wages of 2,900 less rigid spending of 400 and
the cost of working of 300: counted 2,200, so 200 yuan a month. Proposed on 7 April 2020.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from infra.demo import STANDARDS
from services.decision.model import DETERMINATION
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.changes import AmountChanged, ChangeReported
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    DeterminationOpened,
    RefusalProposed,
    RefusalReason,
    TownshipApproved,
)
from shared.contracts.fields import Due, NoteRef, ParameterUsed, Programme
from shared.contracts.publicity import (
    ObjectionRaised,
    ObjectionResolved,
    PublicityPosted,
    PublicityRound,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.policy import Policy
from tests.verification.household import (
    ACCEPTED_ON,
    APPLICANT,
    CASE,
    DEDUCTIONS,
    FIRST,
    FUJIAN,
    HUSBAND,
    MEMBERS,
    SECOND,
    note,
    wage,
)

__all__ = ["CASE"]

PROPOSER, APPROVER, OTHER = (uuid5(HOUSE, f"tests/{n}") for n in ("proposer", "approver", "other"))
PROPOSED_ON = date(2020, 4, 7)
FIRST_UNTIL = date(2020, 4, 14)
APPROVED_ON = date(2020, 4, 15)
SECOND_UNTIL = date(2020, 4, 22)
CONFIRMED_ON = date(2020, 4, 23)
FOUR = MEMBERS
EXPLANATION: NoteRef = note("explanation")
LIMITS = (
    ParameterUsed(name="property_deposits_limit_annual_standards", value=30_000),
    ParameterUsed(name="property_houses_limit", value=1),
    ParameterUsed(name="property_vehicles_limit", value=0),
    ParameterUsed(name="standard_monthly_fen", value=600_00),
)
NO_PROPERTY_LIMITS = {limit.name: "none" for limit in LIMITS[:3]}


@cache
def policy(*folders: Path) -> Policy:
    """The built-in parameters, the worked cases' standards, and those of the folders."""
    return Policy.load((STANDARDS, *folders))


def given(*events: Event, on: date = PROPOSED_ON, folders: tuple[Path, ...] = ()) -> Given:
    """A determination to which this has happened, on a day, under the fixture's standards."""
    return spec(DETERMINATION, on=on, policy=policy(*folders)).given(*events)


def opened(**changed: Any) -> DeterminationOpened:
    """The account of the completed check."""
    stated: dict[str, Any] = {
        "programme": Programme.DIBAO,
        "division": FUJIAN,
        "applicant": APPLICANT,
        "members": FOUR,
        "accepted_on": ACCEPTED_ON,
        "surveyors": (FIRST, SECOND),
        "income": (wage(HUSBAND, 2_900_00),),
        "deductions": DEDUCTIONS,
        "counted_income_fen": 2_200_00,
        "deposits_fen": 800_00,
        "houses": 1,
        "vehicles": 0,
    }
    return DeterminationOpened(**(stated | changed))


def proposed(**changed: Any) -> BenefitProposed:
    """The proposal of 200 yuan a month."""
    stated: dict[str, Any] = {
        "proposer": PROPOSER,
        "persons": 4,
        "standard_fen": 600_00,
        "counted_income_fen": 2_200_00,
        "amount_fen": 200_00,
        "parameters": LIMITS,
        "explanation": EXPLANATION,
    }
    return BenefitProposed(**(stated | changed))


def refusal_proposed(
    reason: RefusalReason = RefusalReason.INCOME_NOT_BELOW_STANDARD,
    counted_income_fen: int = 2_900_00,
    parameters: tuple[ParameterUsed, ...] = LIMITS[3:],
) -> RefusalProposed:
    """The proposal to refuse."""
    return RefusalProposed(
        proposer=PROPOSER,
        reason=reason,
        persons=4,
        standard_fen=600_00,
        counted_income_fen=counted_income_fen,
        parameters=parameters,
        explanation=EXPLANATION,
    )


def posted(round_: PublicityRound = PublicityRound.FIRST) -> PublicityPosted:
    """A round of publicity on its day in the story."""
    first = round_ is PublicityRound.FIRST
    return PublicityPosted(
        round=round_,
        from_on=PROPOSED_ON if first else APPROVED_ON,
        until_on=FIRST_UNTIL if first else SECOND_UNTIL,
    )


def approved(due_on: date = date(2020, 4, 26)) -> TownshipApproved:
    """The township's approval."""
    return TownshipApproved(
        approver=APPROVER, decision_due=Due(on=due_on, calendar=CALENDAR_VERSION)
    )


def objected(name: str = "objection") -> ObjectionRaised:
    """Somebody objects."""
    return ObjectionRaised(objection_id=objection(name), grounds=note(name))


def resolved(name: str = "objection", *, upheld: bool = False) -> ObjectionResolved:
    """What became of an objection."""
    return ObjectionResolved(
        objection_id=objection(name), upheld=upheld, findings=note(f"findings of {name}")
    )


def objection(name: str = "objection") -> UUID:
    """An objection's id."""
    return uuid5(HOUSE, f"tests/{name}")


def confirmed(**changed: Any) -> CaseConfirmed:
    """The confirmation of the story."""
    stated: dict[str, Any] = {
        "programme": Programme.DIBAO,
        "division": FUJIAN,
        "payee": APPLICANT,
        "members": FOUR,
        "amount_fen": 200_00,
        "pay_from": Month(2020, 5),
    }
    return CaseConfirmed(**(stated | changed))


CHANGE = uuid5(HOUSE, "tests/change")
REPORTER = uuid5(HOUSE, "tests/reporter")
CHANGED_ON = date(2020, 5, 18)


def reported(wages_fen: int = 3_300_00, on: date = CHANGED_ON, **changed: Any) -> ChangeReported:
    """The husband's wages have changed; 700 yuan are deducted as before."""
    stated: dict[str, Any] = {
        "change_id": CHANGE,
        "reporter": REPORTER,
        "reported_on": on,
        "income": (wage(HUSBAND, wages_fen),),
        "deductions": DEDUCTIONS,
        "counted_income_fen": wages_fen - 700_00,
        "explanation": note("change"),
    }
    return ChangeReported(**(stated | changed))


def amount_changed(counted_income_fen: int, amount_fen: int, **changed: Any) -> AmountChanged:
    """What is decided of the reported change, from June 2020 on."""
    stated: dict[str, Any] = {
        "change_id": CHANGE,
        "decider": OTHER,
        "persons": 4,
        "standard_fen": 600_00,
        "counted_income_fen": counted_income_fen,
        "parameters": (),
        "amount_fen": amount_fen,
        "from_month": Month(2020, 6),
    }
    return AmountChanged(**(stated | changed))


UP_TO_PROPOSAL: tuple[Event, ...] = (opened(), proposed())
UP_TO_FIRST: tuple[Event, ...] = (*UP_TO_PROPOSAL, posted())
UP_TO_APPROVAL: tuple[Event, ...] = (*UP_TO_FIRST, approved())
UP_TO_SECOND: tuple[Event, ...] = (*UP_TO_APPROVAL, posted(PublicityRound.SECOND))
CONFIRMED: tuple[Event, ...] = (*UP_TO_SECOND, confirmed())
