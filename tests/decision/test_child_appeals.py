"""A child's case under appeal: who is paid, and on what its allowance rests, while and after."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.decision.decisions import (
    DecideChange,
    OrderSuspension,
    RecordRuling,
    carry_out_ruling,
    decide_change,
    order_suspension,
    record_ruling,
    report_change,
)
from services.decision.model import Determination
from shared.calendar import Month
from shared.contracts.appeals import AppealRuling
from shared.contracts.children import ChildCircumstances, ChildPlacement
from shared.contracts.coming_of_age import PayeeMoved
from shared.contracts.notices import NoticeSubject
from shared.contracts.standards import StandardKind
from shared.kernel.event import Event
from tests.decision.appeals import APPEAL_ID, appealed, carry_out, filed, ruled
from tests.decision.children import (
    ABLE,
    CONFIRMED,
    DEAD,
    GUARDIAN,
    INSIDE_FEN,
    OUTSIDE_FEN,
    account,
    beside,
    child,
    confirmed,
    proposed,
    reporting,
)
from tests.decision.household import CHANGE, OTHER, REPORTER, given
from tests.decision.levelling import levels
from tests.decision.standards import standard_set
from tests.verification.household import APPLICANT, CASE, note

DECIDED_ON = date(2020, 6, 10)
MOVED = PayeeMoved(payee=APPLICANT, payee_before=GUARDIAN)
ORDER = OrderSuspension(case_id=CASE, appeal_id=APPEAL_ID, recorder=REPORTER, order=note("order"))
INSIDE = child(DEAD, DEAD, placement=ChildPlacement.INSTITUTION)


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


class TestWhatItRestsOn:
    """An orphan in an institution, 1,800 yuan, is said to live outside: 1,400 from July 2020."""

    CASE: tuple[Event, ...] = (
        account(INSIDE),
        proposed(standard_fen=INSIDE_FEN, amount_fen=INSIDE_FEN),
        confirmed(amount_fen=INSIDE_FEN),
    )
    CUT = decided(child(DEAD, DEAD), CASE)
    OF_CUT = filed(NoticeSubject.AMOUNT_CHANGED)
    RAISED = standard_set(1_900_00, Month(2020, 9), kind=StandardKind.CHILD_IN_INSTITUTION)

    def suspended(self) -> tuple[Any, tuple[Event, ...]]:
        spec = appealed(self.OF_CUT, on=date(2020, 7, 3), case=self.CUT)
        ordered, *events = spec.when(ORDER, order_suspension).events
        return ordered, (*self.CUT, *events)

    def test_is_as_it_was_while_the_decision_is_suspended(self) -> None:
        """A standard that is raised meanwhile is that of the institution."""
        _, case = self.suspended()
        state: Determination = given(*case, on=date(2020, 8, 5)).state
        assert state.child == INSIDE
        assert [state.amounts.at(Month(2020, n)) for n in (7, 8)] == [OUTSIDE_FEN, INSIDE_FEN]
        (raised,) = levels(*case, on=date(2020, 9, 1), standards=(self.RAISED,))
        assert (raised.amount_before_fen, raised.amount_fen) == (INSIDE_FEN, 1_900_00)

    def test_is_as_it_was_found_once_the_decision_stands(self) -> None:
        ordered, case = self.suspended()
        upheld = RecordRuling(**{**ruled(AppealRuling.UPHELD).model_dump(), "case_id": CASE})
        spec = appealed(self.OF_CUT, ordered, on=date(2020, 8, 5), case=case)
        _, *stands = spec.when(upheld, record_ruling).events
        state = given(*case, *stands, on=date(2020, 8, 5)).state
        assert state.child == child(DEAD, DEAD)
        assert [state.amounts.at(Month(2020, n)) for n in (8, 9)] == [INSIDE_FEN, OUTSIDE_FEN]
        assert levels(*case, *stands, on=date(2020, 9, 1), standards=(self.RAISED,)) == []

    def test_is_as_it_was_while_a_stop_is_suspended_too(self) -> None:
        """The father is said to be able again: while that waits, the child is still entitled."""
        stopped = decided(child(father=ABLE))
        spec = appealed(filed(NoticeSubject.STOP), on=date(2020, 6, 20), case=stopped)
        _, *events = spec.when(ORDER, order_suspension).events
        raised = standard_set(1_500_00, Month(2020, 8), kind=StandardKind.CHILD_OUTSIDE_INSTITUTION)
        (event,) = levels(*stopped, *events, on=date(2020, 8, 3), standards=(raised,))
        assert (event.amount_before_fen, event.amount_fen) == (OUTSIDE_FEN, 1_500_00)
        assert given(*stopped, *events, on=date(2020, 8, 3)).state.child == child()
