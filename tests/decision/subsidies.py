"""A disabled person's account for a subsidy, and what is known of their supports."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from services.decision.decisions import Decide, Propose, propose_subsidy
from services.decision.model import DETERMINATION, SUPPORTS
from shared.calendar import Month
from shared.contracts.circumstances import Disability, DisabilityCircumstances, DisabilityKind
from shared.contracts.decision import BenefitProposed, DeterminationOpened, RefusalReason
from shared.contracts.fields import Programme
from shared.contracts.subsidies import Support, SupportBegun, SupportOver
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from tests.decision.household import EXPLANATION, OTHER, PROPOSER, opened, policy
from tests.verification.household import ALONE, APPLICANT, FUJIAN

LIVING, CARE = Programme.DISABILITY_LIVING_SUBSIDY, Programme.DISABILITY_CARE_SUBSIDY
APPLIED_ON, ACCEPTED_ON, DECIDED_ON = date(2023, 3, 28), date(2023, 4, 3), date(2023, 4, 10)
LIVING_FEN, CARE_FEN = 100_00, 120_00
OF_DIBAO = uuid5(HOUSE, "tests/a household's dibao")
"""The case by which the person's household is on dibao."""

MARCH, APRIL = Month(2023, 3), Month(2023, 4)


def disability(
    grade: int = 2, kind: DisabilityKind = DisabilityKind.PHYSICAL, **more: Any
) -> DisabilityCircumstances:
    """Of a grade, needing care for a year."""
    stated = {"disability": Disability(kind=kind, grade=grade), "care_months": 12} | more
    return DisabilityCircumstances(**stated)


def account(
    programme: Programme = LIVING,
    found: DisabilityCircumstances | None = None,
    **changed: Any,
) -> DeterminationOpened:
    """The account of a check for a subsidy: no means in it."""
    stated: dict[str, Any] = {
        "programme": programme,
        "members": ALONE,
        "accepted_on": ACCEPTED_ON,
        "applied_on": APPLIED_ON,
        "income": (),
        "deductions": (),
        "counted_income_fen": 0,
        "deposits_fen": 0,
        "houses": 0,
        "disability": found or disability(),
    }
    return opened(**(stated | changed))


def proposal(programme: Programme = LIVING, **changed: Any) -> BenefitProposed:
    fen = LIVING_FEN if programme is LIVING else CARE_FEN
    stated: dict[str, Any] = {
        "proposer": PROPOSER,
        "persons": 1,
        "standard_fen": fen,
        "counted_income_fen": 0,
        "amount_fen": fen,
        "parameters": (),
        "explanation": EXPLANATION,
    }
    return BenefitProposed(**(stated | changed))


def begun(
    support: Support = Support.DIBAO,
    since: Month = MARCH,
    case_id: UUID = OF_DIBAO,
    **more: Any,
) -> SupportBegun:
    """The person has a support from a month on."""
    return SupportBegun(
        person_id=APPLICANT,
        case_id=case_id,
        division=FUJIAN,
        support=support,
        since=since,
        **more,
    )


def over(
    last_month: Month,
    support: Support = Support.DIBAO,
    case_id: UUID = OF_DIBAO,
    **more: Any,
) -> SupportOver:
    """It is over with a month."""
    return SupportOver(
        person_id=APPLICANT,
        case_id=case_id,
        support=support,
        last_month=last_month,
        **more,
    )


def given(
    *events: Event,
    supports: tuple[Event, ...] = (),
    on: date = DECIDED_ON,
    folders: tuple[Path, ...] = (),
) -> Given:
    """A subsidy's case to which this has happened, beside what is known of the person."""
    made = spec(DETERMINATION, on=on, policy=policy(*folders)).given(*events)
    return made.beside(SUPPORTS, *supports)


Reason = RefusalReason
PROPOSE = Propose(actor=PROPOSER, explanation=EXPLANATION)
BY_COUNTY = Decide(actor=OTHER, role="county_approver")
ON_DIBAO = (begun(),)


def proposing(
    programme: Programme,
    found: DisabilityCircumstances | None = None,
    supports: tuple[Event, ...] = ON_DIBAO,
    folders: tuple[Path, ...] = (),
    **changed: Any,
) -> Decided:
    spec = given(account(programme, found, **changed), supports=supports, folders=folders)
    return spec.when(PROPOSE, propose_subsidy)
