"""The family around members who entered alone becomes smaller: who is paid, and what is tested."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import ReportChange, report_change
from services.decision.model import Determination
from shared.calendar import Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    HouseholdChange,
    HouseholdChangeCause,
    StopReason,
)
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.household import CHANGE, REPORTER, given
from tests.decision.test_alone import BOTH, MOTHER_ALONE, ON, decided
from tests.verification.household import (
    APPLICANT,
    DAUGHTER,
    HUSBAND,
    MOTHER,
    STRANGER,
    note,
    wage,
)

DIED_ON = date(2021, 10, 20)
NOVEMBER = Month(2021, 11)


def reporting(
    *left: Any, husband_fen: int = 1_500_00, of: tuple[Event, ...] = MOTHER_ALONE, **changed: Any
) -> Decided:
    """They died; the mother has 100 yuan, the husband what is left to the family."""
    lines = {HUSBAND: husband_fen, MOTHER: 100_00}
    stated: dict[str, Any] = {"left": left, "certificate": "0" * 64}
    command = ReportChange(
        change_id=CHANGE,
        reporter=REPORTER,
        income=tuple(wage(who, fen) for who, fen in lines.items() if fen and who not in left),
        deductions=(),
        explanation=note("change"),
        happened_on=DIED_ON,
        household=HouseholdChange(cause=HouseholdChangeCause.DEATH, **(stated | changed)),
    )
    return given(*of, on=ON).when(command, report_change)


def came(*left: Any, of: tuple[Event, ...] = MOTHER_ALONE, **more: Any) -> tuple[Any, ...]:
    """The report, and what it comes to."""
    (report,) = reporting(*left, of=of, **more).events
    return (report, *decided(report, of=of).events)


def after(events: tuple[Any, ...], of: tuple[Event, ...] = MOTHER_ALONE) -> Determination:
    state: Determination = given(*of, *events, on=ON).state
    return state


@pytest.mark.parametrize("payee", [MOTHER, HUSBAND])
def test_where_the_payee_dies_somebody_of_the_family_is_paid(payee: Any) -> None:
    """The applicant, paid for the mother, is of the family alone: nobody pays the dead."""
    events = came(APPLICANT, payee=payee)
    _, changed, amount = events[:3]
    assert (changed.left, changed.payee) == ((APPLICANT,), payee)
    assert [m.person_id for m in changed.members] == [MOTHER]
    assert (amount.persons, amount.amount_fen) == (1, 500_00)
    state = after(events)
    assert (state.payee, state.people(), len(state.family)) == (payee, (MOTHER,), 3)
    assert [p.person_id for p in state.alone] == [MOTHER]


@pytest.mark.parametrize(("husband_fen", "goes_on"), [(2_599_99, True), (2_600_00, False)])
def test_the_smaller_family_is_what_the_ground_is_tested_by(
    husband_fen: int, goes_on: bool
) -> None:
    """An edge household of three lies below 3 × 900 = 2,700, of which the mother has 100."""
    outcome = came(APPLICANT, payee=MOTHER, husband_fen=husband_fen)[2]
    if goes_on:
        assert isinstance(outcome, AmountChanged)
        assert (outcome.from_month, outcome.amount_fen) == (NOVEMBER, 500_00)
    else:
        assert isinstance(outcome, BenefitStopped)
        assert outcome.reason is StopReason.NO_SINGLE_PERSON_GROUND


def test_nobody_is_paid_who_has_left_or_was_never_there() -> None:
    for payee in (None, APPLICANT, STRANGER):
        reporting(APPLICANT, payee=payee).refuses("payee-missing")
    reporting(HUSBAND, payee=MOTHER).refuses("payee-astray")
    reporting(STRANGER).refuses("person-not-in-household")


def test_with_the_last_who_entered_it_is_over_whoever_is_left_of_the_family() -> None:
    _, changed, stop = came(MOTHER)[:3]
    assert (changed.members, stop.reason) == ((), StopReason.NOBODY_LEFT)
    both = came(APPLICANT, MOTHER)[:3]
    assert both[2].reason is StopReason.NOBODY_LEFT


def test_one_of_several_and_one_of_the_family_leave_together() -> None:
    events = came(APPLICANT, MOTHER, of=BOTH, payee=DAUGHTER)
    state = after(events, BOTH)
    assert (state.people(), state.payee, len(state.family)) == ((DAUGHTER,), DAUGHTER, 2)
    assert state.amounts.at(NOVEMBER) == 600_00
