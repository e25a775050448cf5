"""A child of Shouning whose father is in prison and whose mother is missing, from March 2020.

What an orphan outside an institution is paid there is 1,400 yuan a month, in one 1,800; both are
inputs of the demo.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import uuid5

from services.decision.decisions import Propose, ReportChange, propose
from services.decision.model import COMING_OF_AGE
from shared.calendar import Month
from shared.contracts.children import (
    BesideBenefit,
    ChildCircumstances,
    ChildPlacement,
    Minor,
    PaidBeside,
    Parent,
    ParentCircumstances,
    ParentEvidence,
    ParentSituation,
)
from shared.contracts.circumstances import Disability, DisabilityKind
from shared.contracts.coming_of_age import ComingOfAgeScheduled
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    DeterminationOpened,
    RefusalReason,
)
from shared.contracts.fields import Programme
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from tests.decision.household import CHANGE, EXPLANATION, PROPOSER, REPORTER, given, opened, policy
from tests.verification.household import ALONE, APPLICANT, FUJIAN, note

ACCEPTED_ON: Final = date(2020, 3, 2)
PROPOSED_ON: Final = date(2020, 3, 10)
GUARDIAN: Final = uuid5(HOUSE, "tests/guardian")
TURNS_EIGHTEEN: Final = Month(2021, 3)
OUTSIDE_FEN, INSIDE_FEN = 1_400_00, 1_800_00
PAPER: Final = "c" * 64


def parent(
    situation: ParentSituation, *, months: int | None = None, disability: Disability | None = None
) -> ParentCircumstances:
    """One parent's situation, by papers; which parent it is ``child`` says."""
    able = situation is ParentSituation.ABLE
    return ParentCircumstances(
        parent=Parent.FATHER,
        situation=situation,
        evidence=None if able else ParentEvidence.PAPERS,
        certificate=None if able else PAPER,
        months=months,
        disability=disability,
    )


def disabled(kind: DisabilityKind, grade: int) -> ParentCircumstances:
    """A disabled parent."""
    return parent(ParentSituation.DISABLED, disability=Disability(kind=kind, grade=grade))


IN_PRISON: Final = parent(ParentSituation.SERVING_SENTENCE, months=30)
MISSING: Final = parent(ParentSituation.MISSING)
DEAD: Final = parent(ParentSituation.DEAD)
ABLE: Final = parent(ParentSituation.ABLE)
UNTRACEABLE: Final = parent(ParentSituation.UNTRACEABLE)


def child(
    father: ParentCircumstances = IN_PRISON,
    mother: ParentCircumstances = MISSING,
    **changed: Any,
) -> ChildCircumstances:
    """A child outside an institution that is paid nothing beside."""
    stated: dict[str, Any] = {
        "parents": (father, mother.model_copy(update={"parent": Parent.MOTHER})),
        "placement": ChildPlacement.OUTSIDE,
    }
    return ChildCircumstances(**(stated | changed))


def account(of: ChildCircumstances | None = None, **changed: Any) -> DeterminationOpened:
    """The account of a completed check: nothing of means in it."""
    stated: dict[str, Any] = {
        "programme": Programme.CHILD_ALLOWANCE,
        "members": ALONE,
        "accepted_on": ACCEPTED_ON,
        "income": (),
        "deductions": (),
        "counted_income_fen": 0,
        "deposits_fen": 0,
        "houses": 0,
        "child": of or child(),
        "minor": Minor(turns_eighteen=TURNS_EIGHTEEN, payee=GUARDIAN),
    }
    return opened(**(stated | changed))


def proposed(**changed: Any) -> BenefitProposed:
    """The proposal of the whole standard."""
    stated: dict[str, Any] = {
        "proposer": PROPOSER,
        "persons": 1,
        "standard_fen": OUTSIDE_FEN,
        "counted_income_fen": 0,
        "amount_fen": OUTSIDE_FEN,
        "parameters": (),
        "explanation": EXPLANATION,
    }
    return BenefitProposed(**(stated | changed))


def confirmed(**changed: Any) -> CaseConfirmed:
    """Confirmed in March 2020, paid to the guardian from April."""
    stated: dict[str, Any] = {
        "programme": Programme.CHILD_ALLOWANCE,
        "division": FUJIAN,
        "payee": GUARDIAN,
        "members": ALONE,
        "amount_fen": OUTSIDE_FEN,
        "pay_from": Month(2020, 4),
    }
    return CaseConfirmed(**(stated | changed))


def scheduled(**changed: Any) -> ComingOfAgeScheduled:
    """The last month is that of the birthday."""
    stated: dict[str, Any] = {
        "programme": Programme.CHILD_ALLOWANCE,
        "division": FUJIAN,
        "person_id": APPLICANT,
        "turns_eighteen": TURNS_EIGHTEEN,
        "last_month": TURNS_EIGHTEEN,
        "announced_on": date(2020, 12, 1),
        "parameters": (),
    }
    return ComingOfAgeScheduled(**(stated | changed))


def coming(*events: Any, on: date) -> Given:
    """A coming of age to which this has happened, on a day."""
    return spec(COMING_OF_AGE, on=on, policy=policy()).given(*events)


NOT_COVERED, AS_MUCH, OF_AGE = (
    RefusalReason.PARENT_NOT_COVERED,
    RefusalReason.PAID_AS_MUCH_BESIDE,
    RefusalReason.OF_AGE,
)
CONFIRMED: tuple[Event, ...] = (account(), proposed(), confirmed())


def proposing(of: ChildCircumstances, on: date = PROPOSED_ON, **changed: Any) -> Decided:
    command = Propose(actor=PROPOSER, explanation=EXPLANATION)
    return given(account(of, **changed), on=on).when(command, propose)


def reporting(of: ChildCircumstances | None, **changed: Any) -> ReportChange:
    stated: dict[str, Any] = {
        "change_id": CHANGE,
        "reporter": REPORTER,
        "income": (),
        "deductions": (),
        "explanation": note("change"),
        "child": of,
    }
    return ReportChange(**(stated | changed))


def beside(**paid: int) -> tuple[PaidBeside, ...]:
    return tuple(
        PaidBeside(benefit=BesideBenefit(name), amount_fen=fen) for name, fen in paid.items()
    )
