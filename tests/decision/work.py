"""Offers of work to the son of Dayao's household, his answers, and what follows refusals."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

from services.decision.decisions import (
    DecideWorkConsequence,
    RecordWorkOffer,
    decide_work_consequence,
)
from shared.calendar import Month
from shared.contracts.changes import AmountChanged
from shared.contracts.circumstances import LabourAbility, Occupation
from shared.contracts.work import (
    WithheldShare,
    WorkConsequence,
    WorkConsequenceCause,
    WorkConsequenceOpened,
    WorkExcuse,
    WorkOfferAnswered,
    WorkOfferKind,
    WorkResponse,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.dayao import JULY, SON, at_work
from tests.decision.household import OTHER, REPORTER
from tests.verification.household import CASE, DAYAO, note

COUNTY = "county_approver"
CONSEQUENCE = uuid5(HOUSE, "tests/consequence")
REASON = note("reason")
PROJECT, JOB = WorkOfferKind.PROJECT, WorkOfferKind.JOB
TAKEN_UP, EXCUSED, REFUSED = WorkResponse.TAKEN_UP, WorkResponse.EXCUSED, WorkResponse.REFUSED
STOP, REDUCE = WorkConsequence.STOP, WorkConsequence.REDUCE
NONE, RESTORE = WorkConsequence.NONE, WorkConsequence.RESTORE


def offer_id(number: int) -> UUID:
    return uuid5(HOUSE, f"tests/offer/{number}")


def record(number: int, response: WorkResponse = REFUSED, **changed: Any) -> RecordWorkOffer:
    """The son's answer to an offer on a day of July."""
    stated: dict[str, Any] = {
        "case_id": CASE,
        "offer_id": offer_id(number),
        "consequence_id": CONSEQUENCE,
        "recorder": REPORTER,
        "person_id": SON,
        "kind": PROJECT,
        "offered_on": date(2020, 7, number),
        "answered_on": date(2020, 7, number),
        "labour": LabourAbility.FULL,
        "occupation": Occupation.NO_WORK,
        "response": response,
        "excuse": WorkExcuse.ILLNESS if response is EXCUSED else None,
        "findings": note(f"offer {number}"),
    }
    return RecordWorkOffer(**(stated | changed))


def answered(
    number: int, refusals: int, response: WorkResponse = REFUSED, **changed: Any
) -> WorkOfferAnswered:
    stated = record(number, response, **changed).model_dump(exclude={"case_id", "consequence_id"})
    return WorkOfferAnswered(division=DAYAO, refusals=refusals, **stated)


def waiting(
    cause: WorkConsequenceCause = WorkConsequenceCause.LIMIT_REACHED,
    refusals: int = 3,
    on: date = JULY,
    **changed: Any,
) -> WorkConsequenceOpened:
    stated: dict[str, Any] = {
        "consequence_id": CONSEQUENCE,
        "person_id": SON,
        "kind": PROJECT,
        "cause": cause,
        "refusals": refusals,
        "opened_on": on,
        "recorder": REPORTER,
    }
    return WorkConsequenceOpened(**(stated | changed))


TWICE = (answered(1, 1), answered(2, 2))
THRICE = (*TWICE, answered(3, 3), waiting())


def decide(consequence: WorkConsequence, **changed: Any) -> DecideWorkConsequence:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "consequence_id": CONSEQUENCE,
        "actor": OTHER,
        "role": COUNTY,
        "consequence": consequence,
    }
    return DecideWorkConsequence(**(stated | changed))


def decided(consequence: WorkConsequence, *records: Event, **changed: Any) -> Decided:
    command = decide(consequence, **changed)
    return at_work(*(records or THRICE)).when(command, decide_work_consequence)


def withheld(part: Fraction = Fraction(1), **changed: Any) -> WithheldShare:
    stated: dict[str, Any] = {"person_id": SON, "kind": PROJECT}
    of = {"numerator": part.numerator, "denominator": part.denominator}
    return WithheldShare(**(stated | of | changed))


def cut(amount_fen: int, *shares: WithheldShare) -> AmountChanged:
    """The amount once shares are withheld of the gap of 600."""
    return AmountChanged(
        change_id=CONSEQUENCE,
        decider=OTHER,
        persons=3,
        standard_fen=375_00,
        counted_income_fen=525_00,
        parameters=(),
        amount_fen=amount_fen,
        from_month=Month(2020, 8),
        withheld=shares or None,
        withheld_fen=600_00 - amount_fen or None,
    )
