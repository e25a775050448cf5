"""A stop under appeal: suspended by the organ's order, taken back, or standing after all."""

from __future__ import annotations

from datetime import date
from uuid import uuid5

import pytest

from services.decision.decisions import (
    OrderSuspension,
    RecordRuling,
    carry_out_ruling,
    order_suspension,
    record_ruling,
)
from services.decision.model import Stage, appeal_of
from shared.calendar import Month
from shared.contracts.appeals import (
    AppealRuling,
    DecisionRevoked,
    HouseholdReinstated,
    MembersReturned,
)
from shared.contracts.assessments import SinglePerson, SinglePersonGround
from shared.contracts.changes import AmountChanged, StopReason
from shared.contracts.decision import CaseConfirmed
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeSubject
from shared.kernel.decider import HOUSE, Fact
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.appeals import (
    APPEAL_ID,
    IN_AUGUST_2021,
    NOBODY_LEFT,
    appealed,
    carry_out,
    filed,
    ruled,
)
from tests.decision.changes import ENDED, PHASE_OUT, STOP
from tests.decision.household import (
    CONFIRMED,
    FOUR,
    REPORTER,
    amount_changed,
    confirmed,
    given,
    opened,
    proposed,
    reported,
)
from tests.verification.circumstances import household, lives
from tests.verification.household import APPLICANT, CASE, note


class TestASuspension:
    """Filing suspends nothing; the organ's order does, of a stop or a cut."""

    STOPPED = STOP.model_copy(update={"last_month": Month(2020, 5)})
    HISTORY = (*CONFIRMED, reported(), STOPPED)
    ORDER = OrderSuspension(
        case_id=CASE, appeal_id=APPEAL_ID, recorder=REPORTER, order=note("order")
    )
    OF_STOP = filed(NoticeSubject.STOP)

    def ordered(self, *after: Event, on: date = date(2020, 7, 3)) -> Decided:
        spec = appealed(self.OF_STOP, on=on, case=(*self.HISTORY, *after))
        return spec.when(self.ORDER, order_suspension)

    def test_aid_goes_on_from_the_next_month_and_no_earlier(self) -> None:
        ordered, household, amount = self.ordered().events
        assert (household.members, household.payee) == (FOUR, APPLICANT)
        assert ordered.from_month == household.from_month == amount.from_month == Month(2020, 8)
        assert amount.amount_fen == 200_00

    def test_of_a_case_that_has_ended_too(self) -> None:
        ended = ENDED.model_copy(update={"last_month": Month(2020, 5)})
        _, household, again, amount = self.ordered(ended).events
        assert (again.pay_from, amount.from_month) == (Month(2020, 6), Month(2020, 8))
        case = (*self.HISTORY, ended, household, again, amount)
        spec = appealed(self.OF_STOP, on=date(2020, 7, 3), case=case)
        due = spec.state.amounts
        assert [due.at(Month(2020, month)) for month in (5, 6, 7, 8)] == [200_00, 0, 0, 200_00]

    def test_a_stop_that_is_upheld_counts_again_after_the_ruling(self) -> None:
        ordered, *events = self.ordered().events
        case = (*self.HISTORY, *events)
        spec = appealed(self.OF_STOP, ordered, on=date(2020, 9, 2), case=case)
        upheld = RecordRuling(**{**ruled(AppealRuling.UPHELD).model_dump(), "case_id": CASE})
        _, _, stop = spec.when(upheld, record_ruling).events
        assert stop == self.STOPPED.model_copy(update={"last_month": Month(2020, 9)})

    def test_a_stop_that_is_upheld_after_a_later_decision_is_recorded_and_no_more(self) -> None:
        """What was decided since rests on the aid that went on; the ruling stands in its record."""
        ordered, household, amount = self.ordered().events
        later = amount.model_copy(
            update={"change_id": uuid5(HOUSE, "tests/later"), "from_month": Month(2020, 9)}
        )
        case = (*self.HISTORY, household, amount, later)
        spec = appealed(self.OF_STOP, ordered, on=date(2020, 9, 2), case=case)
        upheld = ruled(AppealRuling.UPHELD)
        command = RecordRuling(**{**upheld.model_dump(), "case_id": CASE})
        spec.when(command, record_ruling).then(Fact(upheld, appeal_of(CASE, APPEAL_ID)))

    @pytest.mark.parametrize("ended", [False, True])
    def test_a_phase_out_goes_on_from_the_next_month_and_no_earlier(self, ended: bool) -> None:
        """It was stopped with July; August and September the ruling decides."""
        started = PHASE_OUT.model_copy(update={"change_id": uuid5(HOUSE, "tests/another change")})
        stop = STOP.model_copy(update={"last_month": Month(2020, 7)})
        end = (ENDED.model_copy(update={"last_month": Month(2020, 7)}),) if ended else ()
        case = (*CONFIRMED, started, reported(), stop, *end)
        spec = appealed(self.OF_STOP, on=date(2020, 9, 3), case=case)
        _, *restored = spec.when(self.ORDER, order_suspension).events
        due = given(*case, *restored, on=date(2020, 9, 3)).state.amounts
        assert [due.at(Month(2020, month)) for month in (6, 7, 8, 9, 10)] == [
            200_00,
            200_00,
            0,
            0,
            200_00,
        ]
        assert (due.at(Month(2021, 5)), due.at(Month(2021, 6))) == (200_00, 0)

    def test_of_a_case_that_is_over_by_then_nothing_is_stopped(self) -> None:
        """The phase-out that went on ran out in May 2021; the ruling comes in June."""
        started = PHASE_OUT.model_copy(update={"change_id": uuid5(HOUSE, "tests/another change")})
        stop = STOP.model_copy(update={"last_month": Month(2020, 7)})
        case = (*CONFIRMED, started, reported(), stop)
        spec = appealed(self.OF_STOP, on=date(2020, 7, 20), case=case)
        ordered, *restored = spec.when(self.ORDER, order_suspension).events
        over = (*case, *restored, ENDED)
        spec = appealed(self.OF_STOP, ordered, on=date(2021, 6, 3), case=over)
        upheld = ruled(AppealRuling.UPHELD)
        command = RecordRuling(**{**upheld.model_dump(), "case_id": CASE})
        spec.when(command, record_ruling).then(Fact(upheld, appeal_of(CASE, APPEAL_ID)))

    def test_a_cut_that_stands_pays_again_though_the_phase_out_before_it_is_over(self) -> None:
        """50 yuan instead of a phase-out of 200: the phase-out went on, to May 2021."""
        started = PHASE_OUT.model_copy(update={"change_id": uuid5(HOUSE, "tests/another change")})
        cut = amount_changed(2_350_00, 50_00, from_month=Month(2020, 8))
        of_cut = filed(NoticeSubject.AMOUNT_CHANGED)
        case = (*CONFIRMED, started, reported(), cut)
        spec = appealed(of_cut, on=date(2020, 7, 20), case=case)
        ordered, *restored = spec.when(self.ORDER, order_suspension).events
        over = (*case, *restored, ENDED)
        spec = appealed(of_cut, ordered, on=date(2021, 7, 5), case=over)
        command = RecordRuling(**{**ruled(AppealRuling.UPHELD).model_dump(), "case_id": CASE})
        _, *stands = spec.when(command, record_ruling).events
        (again,) = (e for e in stands if isinstance(e, CaseConfirmed))
        assert again.pay_from == Month(2021, 6)
        state = given(*over, *stands, on=date(2021, 7, 5)).state
        assert (state.stage, state.ended, state.amount_fen) == (Stage.CONFIRMED, None, 50_00)
        due = [state.amounts.at(Month(2021, month)) for month in (5, 6, 7, 8)]
        assert due == [200_00, 0, 0, 50_00]

    def test_a_phase_out_that_would_be_over_does_not_go_on(self) -> None:
        started = PHASE_OUT.model_copy(update={"change_id": uuid5(HOUSE, "tests/another change")})
        case = (*CONFIRMED, started, reported(), self.STOPPED)
        over = appealed(self.OF_STOP, on=date(2021, 5, 3), case=case)
        over.when(self.ORDER, order_suspension).refuses("benefit-over", last_month="2021-05")

    def test_a_stop_that_falls_is_taken_back_for_the_months_before_the_order_too(self) -> None:
        ordered, *events = self.ordered().events
        case = (*self.HISTORY, *events)
        spec = appealed(self.OF_STOP, ordered, ruled(), on=date(2020, 9, 2), case=case)
        _, restored, beside, _ = spec.when(carry_out(), carry_out_ruling).events
        assert restored.from_month == Month(2020, 6)
        assert [str(m.month) for m in beside.months] == ["2020-06", "2020-07"]

    def test_a_stop_that_stood_in_one_appeal_can_fall_in_another(self) -> None:
        """Reconsideration upholds it, the court does not: aid that went on meanwhile decides
        nothing.
        """
        ordered, *events = self.ordered().events
        case = (*self.HISTORY, *events)
        upheld = RecordRuling(**{**ruled(AppealRuling.UPHELD).model_dump(), "case_id": CASE})
        spec = appealed(self.OF_STOP, ordered, on=date(2020, 9, 2), case=case)
        _, *stands = spec.when(upheld, record_ruling).events
        stopped = ENDED.model_copy(update={"last_month": Month(2020, 9)})
        case = (*case, *stands, stopped)
        court = uuid5(HOUSE, "tests/court")
        of_court = filed(NoticeSubject.STOP, appeal_id=court)
        in_december = date(2020, 12, 2)
        spec = appealed(of_court, ruled(), on=in_december, case=case)
        command = carry_out(appeal_id=court)
        *back, _ = spec.when(command, carry_out_ruling).events
        due = given(*case, *back, on=in_december).state.amounts
        assert [due.at(Month(2020, month)) for month in range(5, 13)] == [200_00] * 8

    def test_the_income_of_before_counts_meanwhile(self) -> None:
        """Wages of 2,900 again: what rises beyond the standard by new wages is by employment."""
        _, *events = self.ordered().events
        state = given(*self.HISTORY, *events, on=date(2020, 8, 5)).state
        assert state.income == opened().income
        assert state.counted_income_fen == 2_200_00

    def test_once_and_only_of_a_stop_or_a_cut(self) -> None:
        ordered, *_ = self.ordered().events
        spec = appealed(self.OF_STOP, ordered, on=date(2020, 7, 4), case=self.HISTORY)
        spec.when(self.ORDER, order_suspension).refuses("appeal-suspended")
        phase_out = appealed(filed(), on=date(2020, 7, 4), case=(*CONFIRMED, PHASE_OUT))
        phase_out.when(self.ORDER, order_suspension).refuses("nothing-to-suspend")
        over = appealed(self.OF_STOP, ruled(), on=IN_AUGUST_2021, case=self.HISTORY)
        over.when(self.ORDER, order_suspension).refuses("appeal-ruled")


class TestAStopOfAHouseholdThatWasNotGone:
    """Deaths were recorded of people who live: who is restored is who was paid before."""

    STOPPED = STOP.model_copy(
        update={"reason": StopReason.NOBODY_LEFT, "last_month": Month(2020, 5), "persons": 0}
    )
    GONE = reported().model_copy(update={"income": (), "counted_income_fen": 0})

    @pytest.mark.parametrize("ended", [False, True])
    def test_is_who_it_was_while_the_stop_is_suspended_and_gone_again_once_it_stands(
        self, ended: bool
    ) -> None:
        """Before the ruling a change can be reported of it, and a standard counts for it."""
        end = (ENDED.model_copy(update={"last_month": Month(2020, 5)}),) if ended else ()
        history = (*CONFIRMED, self.GONE, NOBODY_LEFT, self.STOPPED, *end)
        of_stop = filed(NoticeSubject.STOP)
        spec_ = appealed(of_stop, on=date(2020, 7, 3), case=history)
        ordered, *events = spec_.when(TestASuspension.ORDER, order_suspension).events
        suspended = given(*history, *events, on=date(2020, 8, 5)).state
        (told,) = (e for e in events if isinstance(e, HouseholdReinstated))
        everybody = tuple(member.person_id for member in FOUR)
        assert (told.returned, told.left, told.family) == (everybody, None, None)
        assert (suspended.members, suspended.payee) == (FOUR, APPLICANT)
        assert suspended.amounts.at(Month(2020, 8)) == 200_00
        upheld = RecordRuling(**{**ruled(AppealRuling.UPHELD).model_dump(), "case_id": CASE})
        case = (*history, *events)
        spec_ = appealed(of_stop, ordered, on=date(2020, 8, 5), case=case)
        _, *stands = spec_.when(upheld, record_ruling).events
        (told,) = (e for e in stands if isinstance(e, HouseholdReinstated))
        assert (told.returned, told.left) == (None, everybody)
        after = given(*case, *stands, on=date(2020, 8, 5)).state
        assert (after.members, after.stage) == ((), Stage.STOPPED)
        assert [after.amounts.at(Month(2020, n)) for n in (8, 9)] == [200_00, 0]
        falls = appealed(of_stop, ordered, ruled(), on=date(2020, 8, 5), case=case)
        *back, _ = falls.when(carry_out(), carry_out_ruling).events
        assert given(*case, *back, on=date(2020, 8, 5)).state.members == FOUR

    def restored(self, *case: Event, ended: bool) -> tuple[Event, ...]:
        after = (self.GONE, NOBODY_LEFT, self.STOPPED)
        end = (ENDED.model_copy(update={"last_month": Month(2020, 5)}),) if ended else ()
        history = (*case, *after, *end)
        spec = appealed(filed(NoticeSubject.STOP), ruled(), on=date(2020, 8, 5), case=history)
        *events, _done = spec.when(carry_out(), carry_out_ruling).events
        return (*history, *events)

    @pytest.mark.parametrize("ended", [False, True])
    def test_has_its_members_and_its_payee_again(self, ended: bool) -> None:
        history = self.restored(*CONFIRMED, ended=ended)
        state = given(*history, on=date(2020, 8, 5)).state
        assert (state.members, state.payee) == (FOUR, APPLICANT)
        assert state.amounts.at(Month(2020, 6)) == 200_00
        again = [e for e in history[len(CONFIRMED) :] if isinstance(e, CaseConfirmed)]
        assert [e.members for e in again] == [FOUR] * ended
        (revoked,) = (e for e in history if isinstance(e, DecisionRevoked))
        assert (revoked.payee, revoked.members, revoked.left) == (APPLICANT, FOUR, None)
        (returned,) = (e for e in history if isinstance(e, MembersReturned))
        assert returned.persons == tuple(member.person_id for member in FOUR)

    def test_who_entered_alone_is_paid_in_full_again(self) -> None:
        """Fujian paid the full standard to July 2021, whatever they earned themselves."""
        person = SinglePerson(
            person_id=FOUR[3].person_id,
            ground=SinglePersonGround.ILLNESS,
            own_income_fen=100_00,
            amount_fen=600_00,
        )
        single = {"persons": 1, "counted_income_fen": 100_00, "amount_fen": 600_00}
        history = self.restored(
            opened(circumstances=household(lives(FOUR[3].person_id))),
            proposed(single_persons=(person,), **single),
            confirmed(members=FOUR[3:], amount_fen=600_00, payee=FOUR[3].person_id),
            ended=False,
        )
        (amount,) = (e for e in history if isinstance(e, AmountChanged))
        assert (amount.amount_fen, amount.persons) == (600_00, 1)

    def test_a_tekun_person_is_paid_the_basic_standard_again(self) -> None:
        one = {"programme": Programme.TEKUN, "members": FOUR[:1]}
        history = (
            opened(**one, income=(), counted_income_fen=0, accepted_on=date(2023, 1, 3)),
            proposed(persons=1, counted_income_fen=0, amount_fen=780_00),
            confirmed(**one, amount_fen=780_00, pay_from=Month(2023, 2)),
            self.GONE,
            NOBODY_LEFT.model_copy(update={"from_month": Month(2023, 6)}),
            self.STOPPED.model_copy(update={"last_month": Month(2023, 5)}),
        )
        in_july = date(2023, 7, 5)
        appeal = filed(NoticeSubject.STOP, filed_on=date(2023, 7, 3)), ruled()
        spec = appealed(*appeal, on=in_july, case=history)
        command = carry_out(role="county_approver")
        _, _, amount, beside, _ = spec.when(command, carry_out_ruling).events
        assert (amount.amount_fen, amount.standard_fen) == (780_00, 780_00)
        assert beside.difference_fen == 2 * 780_00
