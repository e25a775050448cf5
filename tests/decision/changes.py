"""A change of the story's wages: reported, decided by other hands, and what comes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.decision.decisions import DecideChange, ReportChange, decide_change
from shared.calendar import Month
from shared.contracts.assessments import Assessed, AssessmentReason, Assistance, Outcome
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ManualReviewOpened,
    PhaseOutStarted,
    StopReason,
)
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import Programme
from shared.contracts.recognition import HardshipGround, PotentialRecipientListed
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given
from tests.decision.household import (
    CHANGE,
    CHANGED_ON,
    CONFIRMED,
    FOUR,
    OTHER,
    REPORTER,
    given,
    reported,
)
from tests.verification.household import APPLICANT, DEDUCTIONS, FUJIAN, HUSBAND, note, wage

TOWNSHIP, COUNTY = "township_approver", "county_approver"
REASON = note("reason")
AT_STANDARD_FEN = 4 * 600_00 + 700_00
"""Wages with which four persons' counted income is exactly at the standard."""

_STATED: dict[str, Any] = {
    "change_id": CHANGE,
    "decider": OTHER,
    "persons": 4,
    "standard_fen": 600_00,
    "counted_income_fen": 2_600_00,
    "parameters": (),
}
PHASE_OUT = PhaseOutStarted(
    amount_fen=200_00, first_month=Month(2020, 6), last_month=Month(2021, 5), **_STATED
)
STOP = BenefitStopped(reason=StopReason.INCOME_ABOVE_STANDARD, last_month=Month(2020, 5), **_STATED)
AMOUNT = AmountChanged(amount_fen=600_00, from_month=Month(2020, 10), **_STATED)
REVIEW = ManualReviewOpened(
    change_id=CHANGE,
    decider=OTHER,
    persons=4,
    standard_fen=600_00,
    counted_income_fen=2_400_00,
)
ENDED = CaseEnded(
    programme=Programme.DIBAO,
    division=FUJIAN,
    members=FOUR,
    reason=EndReason.PHASE_OUT_OVER,
    last_month=Month(2021, 5),
)


KEPT_IN_MIND = PotentialRecipientListed(
    programme=Programme.DIBAO,
    division=FUJIAN,
    applicant=APPLICANT,
    members=FOUR,
    hardship=(HardshipGround.INCOME_NEAR_STANDARD,),
)
"""The story's household once its phase-out is over: near the standard still."""

LESSER = tuple(
    Assessed(assistance=assistance, outcome=outcome, reason=reason)
    for assistance, outcome, reason in (
        (
            Assistance.HOUSEHOLD_DIBAO,
            Outcome.DOES_NOT_QUALIFY,
            AssessmentReason.INCOME_NOT_BELOW_STANDARD,
        ),
        (
            Assistance.SINGLE_PERSON_DIBAO,
            Outcome.DOES_NOT_QUALIFY,
            AssessmentReason.CIRCUMSTANCES_UNKNOWN,
        ),
        (
            Assistance.EDGE_HOUSEHOLD,
            Outcome.NOT_PROVIDED_FOR,
            AssessmentReason.REGIME_HAS_NONE,
        ),
        (
            Assistance.RIGID_EXPENDITURE_HOUSEHOLD,
            Outcome.NOT_PROVIDED_FOR,
            AssessmentReason.REGIME_HAS_NONE,
        ),
        (Assistance.WATCH_LIST, Outcome.QUALIFIES, AssessmentReason.IN_HARDSHIP),
    )
)
"""What the story's household comes to that leaves at 2,600 yuan, in Fujian in May 2020."""


def report(wages_fen: int = 3_300_00, **changed: Any) -> ReportChange:
    stated: dict[str, Any] = {
        "change_id": CHANGE,
        "reporter": REPORTER,
        "income": (wage(HUSBAND, wages_fen),),
        "deductions": DEDUCTIONS,
        "explanation": note("change"),
    }
    return ReportChange(**(stated | changed))


def decide(**changed: Any) -> DecideChange:
    stated: dict[str, Any] = {"actor": OTHER, "role": TOWNSHIP, "change_id": CHANGE}
    return DecideChange(**(stated | changed))


def change_of(wages_fen: int, on: date = CHANGED_ON, *more: Event, **changed: Any) -> Given:
    """A household of the story whose wages are reported to have changed."""
    return given(*CONFIRMED, reported(wages_fen, on, **changed), *more, on=on)


def decided(wages_fen: int, on: date = CHANGED_ON, **changed: Any) -> Decided:
    """What comes of a change of the story's household, confirmed in 2020."""
    by_county = {"role": COUNTY} if on.year > 2022 else {}
    return change_of(wages_fen, on).when(decide(**(by_county | changed)), decide_change)
