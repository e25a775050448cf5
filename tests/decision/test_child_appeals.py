"""A child's case under appeal: who is paid, and on what its allowance rests, while and after."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.decision.decisions import (
    DecideChange,
    carry_out_ruling,
    decide_change,
    report_change,
)
from shared.calendar import Month
from shared.contracts.children import ChildCircumstances
from shared.contracts.coming_of_age import PayeeMoved
from shared.contracts.notices import NoticeSubject
from shared.kernel.event import Event
from tests.decision.appeals import appealed, carry_out, filed, ruled
from tests.decision.children import (
    CONFIRMED,
    GUARDIAN,
    OUTSIDE_FEN,
    beside,
    child,
    reporting,
)
from tests.decision.household import CHANGE, OTHER, given
from tests.verification.household import APPLICANT

DECIDED_ON = date(2020, 6, 10)
MOVED = PayeeMoved(payee=APPLICANT, payee_before=GUARDIAN)


def decided(of: ChildCircumstances, case: tuple[Event, ...] = CONFIRMED) -> tuple[Event, ...]:
    """The case, and what came of these circumstances."""
    (change,) = given(*case, on=DECIDED_ON).when(reporting(of), report_change).events
    command = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
    spec = given(*case, change, on=DECIDED_ON)
    return (*case, change, *spec.when(command, decide_change).events)


def carried_out(*case: Event, subject: NoticeSubject, on: date) -> tuple[Any, ...]:
    """What the fall of the decision brings."""
    spec = appealed(filed(subject), ruled(), on=on, case=case)
    return spec.when(carry_out(role="county_approver"), carry_out_ruling).events[:-1]


class TestThePayee:
    def test_who_came_of_age_is_paid_in_person_though_a_decision_before_falls(self) -> None:
        """The guardian's account is not asked again: whose the money is no appeal was about."""
        case = (*decided(child(paid_beside=beside(dibao_share=500_00))), MOVED)
        events = carried_out(*case, subject=NoticeSubject.AMOUNT_CHANGED, on=date(2021, 3, 20))
        assert events[0].payee == APPLICANT
        state = given(*case, *events, on=date(2021, 3, 20)).state
        assert (state.payee, state.amounts.at(Month(2021, 4))) == (APPLICANT, OUTSIDE_FEN)
