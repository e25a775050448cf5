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
from services.decision.model import APPEAL, Determination
from shared.calendar import Month
from shared.contracts.appeals import AppealRuling
from shared.contracts.changes import BenefitStopped
from shared.contracts.children import ChildCircumstances, ChildPlacement
from shared.contracts.coming_of_age import PayeeMoved
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseEnded,
    DeterminationOpened,
)
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
    TURNS_EIGHTEEN,
    account,
    beside,
    child,
    confirmed,
    proposed,
    reporting,
)
from tests.decision.household import CHANGE, OTHER, REPORTER, given
from tests.decision.levelling import levels
from tests.decision.office import Office
from tests.decision.standards import standard_set
from tests.verification.household import APPLICANT, CASE, note

DECIDED_ON = date(2020, 6, 10)
KINDS = (DeterminationOpened, BenefitProposed, CaseConfirmed, BenefitStopped, PayeeMoved, CaseEnded)
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


class TestTheEndByAge:
    """It is recorded on 1 March 2021 and falls in June: school of another kind counts after all."""

    IN_JUNE = date(2021, 6, 8)

    def lived(self) -> tuple[Office, Any]:
        office = Office(date(2020, 3, 20))
        office.record(CASE, *CONFIRMED)
        office.follow()
        for day in (TURNS_EIGHTEEN.first_day, TURNS_EIGHTEEN.next().first_day):
            self.on(office, day)
        (stopped,) = office.events(BenefitStopped)
        assert office.case(CASE).ended is not None
        office.today = self.IN_JUNE
        return office, filed(
            NoticeSubject.STOP, change_id=stopped.change_id, filed_on=date(2021, 3, 20)
        )

    def on(self, office: Office, day: date) -> None:
        office.today = day
        office.follow()
        office.duties()
        office.follow()

    def due(self, office: Office) -> list[int]:
        amounts = office.case(CASE).amounts
        return [amounts.at(Month(2021, n)) // 100 for n in (3, 4, 6, 7, 8)]

    def follows(self, office: Office, *events: Event) -> None:
        office.record(CASE, *events)
        for day in (self.IN_JUNE, date(2021, 7, 1), date(2021, 8, 2)):
            self.on(office, day)

    def test_that_fell_is_not_recorded_again_by_the_clock(self) -> None:
        office, of_stop = self.lived()
        spec = given(*office.events(*KINDS), on=self.IN_JUNE).beside(APPEAL, of_stop, ruled())
        command = carry_out(role="county_approver")
        *back, _ = spec.when(command, carry_out_ruling).events
        self.follows(office, *back)
        assert self.due(office) == [1400] * 5
        assert office.case(CASE).payee == APPLICANT

    def test_that_is_suspended_waits_for_the_ruling(self) -> None:
        office, of_stop = self.lived()
        spec = given(*office.events(*KINDS), on=self.IN_JUNE).beside(APPEAL, of_stop)
        _, *goes_on = spec.when(ORDER, order_suspension).events
        self.follows(office, *goes_on)
        assert self.due(office) == [1400, 0, 0, 1400, 1400]
