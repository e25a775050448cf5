"""Appeals: in time from the notice's service, answered, ruled; a revocation restores all months."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import (
    CarryOutRuling,
    DecideChange,
    FileAppeal,
    NoteMissedReply,
    OrderSuspension,
    RecordRuling,
    ReplyToAppeal,
    carry_out_ruling,
    decide_change,
    file_appeal,
    note_missed_reply,
    order_suspension,
    record_ruling,
    reply_to_appeal,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import APPEAL, CASE_FILE, NOTICES, Stage, appeal_of, case_file_of
from shared.calendar import Month
from shared.contracts.appeals import (
    AppealFiled,
    AppealKind,
    AppealOrgan,
    AppealReplied,
    AppealReplyMissed,
    AppealRuled,
    AppealRuling,
    DecisionRevoked,
)
from shared.contracts.assessments import SinglePerson, SinglePersonGround
from shared.contracts.changes import (
    AmountChanged,
    HouseholdChangeCause,
    HouseholdChanged,
    MonthsRedetermined,
    PhaseOutStarted,
    StopReason,
)
from shared.contracts.decision import (
    CaseConfirmed,
    CaseRefused,
    RefusalReason,
)
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeServed, NoticeSubject, ServiceManner
from shared.kernel.decider import HOUSE, Fact
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.decision.household import (
    APPROVER,
    CHANGE,
    CONFIRMED,
    FOUR,
    OTHER,
    PROPOSER,
    REPORTER,
    amount_changed,
    confirmed,
    given,
    opened,
    policy,
    proposed,
    refusal_proposed,
    reported,
)
from tests.decision.test_assessing import household, lives
from tests.decision.test_notices import NOTICE, owed
from tests.decision.test_rooms import ENDED, PHASE_OUT, STOP
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, FIRST, FUJIAN, SURVEY_DUE, note

APPEAL_ID = uuid5(HOUSE, "tests/appeal")
RESTORER = uuid5(HOUSE, "tests/restorer")
FILED_ON = date(2020, 6, 30)
IN_AUGUST_2021 = date(2021, 8, 10)
RECONSIDERATION = AppealKind.RECONSIDERATION
CUT = amount_changed(2_350_00, 50_00)
SERVED = NoticeServed(
    notice_id=NOTICE,
    server=PROPOSER,
    manner=ServiceManner.IN_PERSON,
    served_on=date(2020, 5, 1),
    counts_on=date(2020, 5, 1),
    recipient=APPLICANT,
    reconsideration_until=date(2020, 6, 30),
    court_until=date(2020, 11, 1),
    proof=note("receipt"),
)


def file(**changed: Any) -> FileAppeal:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "appeal_id": APPEAL_ID,
        "recorder": REPORTER,
        "kind": RECONSIDERATION,
        "organ": AppealOrgan.COUNTY_GOVERNMENT,
        "notice_id": NOTICE,
        "appellant": APPLICANT,
        "filed_on": FILED_ON,
        "grounds": note("grounds"),
    }
    return FileAppeal(**(stated | changed))


def filed(subject: NoticeSubject = NoticeSubject.PHASE_OUT, **changed: Any) -> AppealFiled:
    refusal = subject is NoticeSubject.REFUSAL
    stated = {
        **file().model_dump(exclude={"case_id"}),
        "division": FUJIAN,
        "subject": subject,
        "change_id": None if refusal else CHANGE,
        "in_time": True,
        "reply_by": date(2020, 7, 10),
    }
    return AppealFiled(**(stated | changed))


def ruled(ruling: AppealRuling = AppealRuling.REVOKED) -> AppealRuled:
    return AppealRuled(
        appeal_id=APPEAL_ID,
        recorder=REPORTER,
        ruling=ruling,
        ruled_on=date(2020, 8, 3),
        reasons=note("reasons"),
    )


def appealed(*history: Event, on: date, case: tuple[Event, ...] = CONFIRMED) -> Given:
    return given(*case, on=on).beside(APPEAL, *history)


def carry_out(**changed: Any) -> CarryOutRuling:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "appeal_id": APPEAL_ID,
        "actor": RESTORER,
        "role": "township_approver",
    }
    return CarryOutRuling(**(stated | changed))


def carried_out(
    *after: Event,
    on: date = IN_AUGUST_2021,
    ruling: AppealRuling = AppealRuling.REVOKED,
    **changed: Any,
) -> Decided:
    """A phase-out (or what else followed) that fell on appeal."""
    case = (*CONFIRMED, reported(), *after)
    spec = appealed(filed(), ruled(ruling), on=on, case=case)
    return spec.when(carry_out(**changed), carry_out_ruling)


class TestFiling:
    def came(self, command: FileAppeal, *notices: Event) -> Decided:
        spec = given(*CONFIRMED, on=date(2021, 1, 15)).beside(NOTICES, *notices)
        spec = spec.beside(APPEAL).beside(CASE_FILE)
        return spec.when(command, file_appeal)

    @pytest.mark.parametrize(
        ("kind", "day", "in_time"),
        [
            (RECONSIDERATION, date(2020, 6, 30), True),
            (RECONSIDERATION, date(2020, 7, 1), False),
            (AppealKind.COURT, date(2020, 11, 1), True),
            (AppealKind.COURT, date(2020, 11, 2), False),
            (AppealKind.PETITION, date(2021, 1, 15), True),
        ],
    )
    def test_the_time_runs_from_the_service(
        self, kind: AppealKind, day: date, in_time: bool
    ) -> None:
        event, _ = self.came(file(kind=kind, filed_on=day), owed(), SERVED).events
        assert event.in_time is in_time

    def test_what_was_never_served_cannot_be_late(self) -> None:
        event, _ = self.came(file(filed_on=date(2021, 1, 15)), owed()).events
        assert event.in_time is True

    @pytest.mark.parametrize(
        ("kind", "days"), [(RECONSIDERATION, 10), (AppealKind.COURT, 15), (AppealKind.PETITION, 60)]
    )
    def test_it_has_a_history_of_its_own_and_a_last_day_for_the_answer(
        self, kind: AppealKind, days: int
    ) -> None:
        came = self.came(file(kind=kind), owed(change_id=CHANGE), SERVED)
        event, taken_in = came.events
        assert taken_in.appeal_id == APPEAL_ID
        assert event.reply_by == FILED_ON + timedelta(days=days)
        assert (event.subject, event.change_id) == (NoticeSubject.REFUSAL, CHANGE)
        assert came.facts[0].stream == appeal_of(CASE, APPEAL_ID)

    def test_it_is_against_a_notice_and_not_before_or_ahead(self) -> None:
        self.came(file()).refuses("no-such-notice")
        for day in (date(2020, 4, 27), date(2021, 1, 16)):
            self.came(file(filed_on=day), owed()).refuses("appeal-date-astray")

    def test_filing_suspends_nothing(self) -> None:
        """The stop runs on: nothing is written to the determination."""
        came = self.came(file(), owed())
        streams = [fact.stream for fact in came.facts]
        assert streams == [appeal_of(CASE, APPEAL_ID), case_file_of(CASE)]


class TestAnswering:
    REPLY = ReplyToAppeal(
        case_id=CASE,
        appeal_id=APPEAL_ID,
        replier=OTHER,
        evidence=("a" * 64, "b" * 64),
        reply=note("reply"),
    )

    @pytest.mark.parametrize(("day", "late"), [(10, 0), (11, 1)])
    def test_it_is_answered_with_its_evidence_in_time_or_late(self, day: int, late: int) -> None:
        on = date(2020, 7, day)
        *missed, replied = appealed(filed(), on=on).when(self.REPLY, reply_to_appeal).events
        assert isinstance(replied, AppealReplied)
        assert (len(replied.evidence), replied.replied_on) == (2, on)
        assert missed == [AppealReplyMissed(appeal_id=APPEAL_ID, reply_by=date(2020, 7, 10))][:late]

    def test_once_while_it_is_pending(self) -> None:
        (replied,) = appealed(filed(), on=FILED_ON).when(self.REPLY, reply_to_appeal).events
        spec = appealed(filed(), replied, on=FILED_ON)
        spec.when(self.REPLY, reply_to_appeal).refuses("appeal-replied")
        spec = appealed(filed(), ruled(), on=IN_AUGUST_2021)
        spec.when(self.REPLY, reply_to_appeal).refuses("appeal-ruled", ruling="revoked")
        appealed(on=FILED_ON).when(self.REPLY, reply_to_appeal).refuses("no-such-appeal")

    @pytest.mark.parametrize(("day", "events"), [(10, 0), (11, 1)])
    def test_what_was_missed_is_recorded_once(self, day: int, events: int) -> None:
        given_ = spec(APPEAL, on=date(2020, 7, day), policy=policy()).given(filed())
        command = NoteMissedReply(appeal_id=APPEAL_ID)
        came = given_.when(command, note_missed_reply)
        assert len(came.events) == events
        given_.given(*came.events, ruled()).when(command, note_missed_reply).then()
        (entry,) = agenda(document(filed(), case_id=CASE, on=FILED_ON))
        assert isinstance(entry, AgendaEntry)
        assert entry.due_on == date(2020, 7, 11)
        assert DUTIES[entry.kind](entry).reads == (appeal_of(CASE, APPEAL_ID),)
        (done,) = agenda(document(ruled(), case_id=CASE, on=FILED_ON))
        assert done == AgendaDone(entry.kind, entry.key)


class TestRuling:
    def record(self, **changed: Any) -> RecordRuling:
        stated = {**ruled().model_dump(), "case_id": CASE, **changed}
        return RecordRuling(**stated)

    def test_it_is_recorded_as_it_was_ruled(self) -> None:
        spec = appealed(filed(), on=date(2020, 8, 3))
        spec.when(self.record(), record_ruling).then(ruled())

    @pytest.mark.parametrize("day", [date(2020, 6, 29), date(2020, 8, 4)])
    def test_not_before_the_appeal_nor_ahead(self, day: date) -> None:
        spec = appealed(filed(), on=date(2020, 8, 3))
        spec.when(self.record(ruled_on=day), record_ruling).refuses("appeal-date-astray")

    def test_once(self) -> None:
        spec = appealed(filed(), ruled(), on=IN_AUGUST_2021)
        spec.when(self.record(), record_ruling).refuses("appeal-ruled")


class TestARevocation:
    def test_it_restores_every_month_even_after_the_phase_out_has_ended(self) -> None:
        """Case 2's phase-out ran out in May 2021 and fell in August: 200 a month all along."""
        revoked, again, amount, beside, done = carried_out(PHASE_OUT, ENDED).events
        assert isinstance(revoked, DecisionRevoked)
        assert (revoked.from_month, revoked.redo) == (Month(2020, 6), False)
        assert isinstance(again, CaseConfirmed)
        assert again.pay_from == Month(2021, 6)
        assert isinstance(amount, AmountChanged)
        assert (amount.from_month, amount.amount_fen) == (Month(2020, 6), 200_00)
        assert isinstance(beside, MonthsRedetermined)
        assert [(str(m.month), m.before_fen, m.after_fen) for m in beside.months] == [
            ("2021-06", 0, 200_00),
            ("2021-07", 0, 200_00),
            ("2021-08", 0, 200_00),
        ]
        assert beside.difference_fen == 600_00
        assert done.restorer == RESTORER
        state = appealed(
            on=IN_AUGUST_2021,
            case=(*CONFIRMED, reported(), PHASE_OUT, ENDED, revoked, again, amount),
        ).state
        assert (state.stage, state.ended, state.leaving) == (Stage.CONFIRMED, None, None)
        assert (state.amount_fen, state.income) == (200_00, opened().income)

    def test_of_a_stop_that_runs_nothing_is_confirmed_again(self) -> None:
        stop = STOP.model_copy(update={"last_month": Month(2020, 5)})
        revoked, amount, beside, _ = carried_out(stop, on=date(2020, 8, 5)).events
        assert isinstance(revoked, DecisionRevoked)
        assert (amount.from_month, amount.amount_fen) == (Month(2020, 6), 200_00)
        assert beside.difference_fen == 3 * 200_00

    def test_of_an_amount_the_one_before_counts_again(self) -> None:
        _, amount, beside, _ = carried_out(CUT, on=date(2020, 7, 5)).events
        assert (amount.amount_fen, beside.difference_fen) == (200_00, 2 * 150_00)

    def test_of_a_stop_in_a_phase_out_the_phase_out_goes_on(self) -> None:
        other = uuid5(HOUSE, "tests/another change")
        started = PHASE_OUT.model_copy(update={"change_id": other})
        stop = STOP.model_copy(update={"last_month": Month(2020, 7)})
        _, phase_out, beside, _ = carried_out(started, stop, on=date(2020, 9, 5)).events
        assert isinstance(phase_out, PhaseOutStarted)
        assert (phase_out.first_month, phase_out.last_month) == (Month(2020, 6), Month(2021, 5))
        assert beside.difference_fen == 2 * 200_00

    def test_it_is_carried_out_by_new_hands(self) -> None:
        for actor, step in (
            (OTHER, "decision"),
            (REPORTER, "report"),
            (FIRST, "survey"),
            (PROPOSER, "proposal"),
            (APPROVER, "approval"),
        ):
            carried_out(PHASE_OUT, actor=actor).refuses("same-hands", before=step)
        carried_out(PHASE_OUT, role="county_approver").refuses("not-the-deciding-level")

    def test_an_upheld_decision_stands(self) -> None:
        carried_out(PHASE_OUT, ruling=AppealRuling.UPHELD).refuses("nothing-to-carry-out")
        unruled = appealed(filed(), on=IN_AUGUST_2021)
        unruled.when(carry_out(), carry_out_ruling).refuses("nothing-to-carry-out")

    def test_once(self) -> None:
        *_, done = carried_out(PHASE_OUT).events
        case = (*CONFIRMED, reported(), PHASE_OUT)
        spec = appealed(filed(), ruled(), done, on=IN_AUGUST_2021, case=case)
        spec.when(carry_out(), carry_out_ruling).refuses("nothing-to-carry-out")

    def test_a_later_decision_is_taken_back_first(self) -> None:
        later = PHASE_OUT.model_copy(update={"change_id": uuid5(HOUSE, "tests/later")})
        carried_out(CUT, later).refuses("later-decision-stands")

    def test_a_later_decision_that_was_taken_back_is_none(self) -> None:
        """The cut of June, then a phase-out that fell on its own appeal: the cut can fall too."""
        other = uuid5(HOUSE, "tests/later")
        later = PHASE_OUT.model_copy(update={"change_id": other, "first_month": Month(2020, 7)})
        appeal_of_later = uuid5(HOUSE, "tests/appeal of later")
        of_later = filed(change_id=other, appeal_id=appeal_of_later)
        history = (*CONFIRMED, reported(), CUT, later)
        spec_ = appealed(of_later, ruled(), on=date(2020, 8, 5), case=history)
        *fell, _ = spec_.when(carry_out(appeal_id=appeal_of_later), carry_out_ruling).events
        state = given(*history, *fell, on=date(2020, 8, 5)).state
        assert [state.amounts.at(Month(2020, n)) for n in (5, 6, 7)] == [200_00, 50_00, 50_00]

        against_cut = filed(NoticeSubject.AMOUNT_CHANGED)
        on = date(2020, 8, 20)
        before = appealed(against_cut, ruled(), on=on, case=history)
        before.when(carry_out(), carry_out_ruling).refuses("later-decision-stands")
        since = appealed(against_cut, ruled(), on=on, case=(*history, *fell))
        *restored, _ = since.when(carry_out(), carry_out_ruling).events
        state = given(*history, *fell, *restored, on=on).state
        assert [state.amounts.at(Month(2020, n)) for n in (5, 6, 7, 8)] == [200_00] * 4

    def test_that_was_made_anew_is_later_again(self) -> None:
        other = uuid5(HOUSE, "tests/later")
        later = PHASE_OUT.model_copy(update={"change_id": other, "first_month": Month(2020, 7)})
        appeal_of_later = uuid5(HOUSE, "tests/appeal of later")
        history = (*CONFIRMED, reported(), CUT, later)
        of_later = filed(change_id=other, appeal_id=appeal_of_later)
        spec_ = appealed(of_later, ruled(AppealRuling.REDO), on=date(2020, 8, 5), case=history)
        *fell, _ = spec_.when(carry_out(appeal_id=appeal_of_later), carry_out_ruling).events
        anew = later.model_copy(update={"first_month": Month(2020, 9)})
        against_cut = filed(NoticeSubject.AMOUNT_CHANGED)
        case = (*history, *fell, anew)
        since = appealed(against_cut, ruled(), on=date(2020, 8, 20), case=case)
        since.when(carry_out(), carry_out_ruling).refuses("later-decision-stands")

    def test_to_be_made_anew_the_report_waits_again_for_new_hands(self) -> None:
        came = carried_out(PHASE_OUT, on=date(2020, 8, 5), ruling=AppealRuling.REDO)
        *events, _done = came.events
        spec = given(*CONFIRMED, reported(), PHASE_OUT, *events, on=date(2020, 8, 20))
        assert spec.state.change is not None
        anew = DecideChange(actor=OTHER, role="township_approver", change_id=CHANGE)
        spec.when(anew, decide_change).refuses("same-hands", before="revoked_decision")
        other = anew.model_copy(update={"actor": RESTORER})
        (event,) = spec.when(other, decide_change).events
        assert event.first_month == Month(2020, 9)


NOBODY_LEFT = HouseholdChanged(
    change_id=CHANGE,
    programme=Programme.DIBAO,
    division=FUJIAN,
    cause=HouseholdChangeCause.DEATH,
    happened_on=date(2020, 5, 3),
    members=(),
    left=tuple(member.person_id for member in FOUR),
    joined=(),
    from_month=Month(2020, 6),
)


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
        assert (suspended.members, suspended.payee) == (FOUR, APPLICANT)
        assert suspended.amounts.at(Month(2020, 8)) == 200_00
        upheld = RecordRuling(**{**ruled(AppealRuling.UPHELD).model_dump(), "case_id": CASE})
        case = (*history, *events)
        spec_ = appealed(of_stop, ordered, on=date(2020, 8, 5), case=case)
        _, *stands = spec_.when(upheld, record_ruling).events
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
        assert revoked.payee == APPLICANT

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
        _, amount, beside, _ = spec.when(command, carry_out_ruling).events
        assert (amount.amount_fen, amount.standard_fen) == (780_00, 780_00)
        assert beside.difference_fen == 2 * 780_00


class TestARefusalThatFell:
    def test_the_case_is_proposed_anew_by_others(self) -> None:
        refused = CaseRefused(
            programme=Programme.DIBAO,
            division=FUJIAN,
            applicant=APPLICANT,
            reason=RefusalReason.INCOME_NOT_BELOW_STANDARD,
            notice_due=SURVEY_DUE,
        )
        case = (opened(), refusal_proposed(), refused)
        spec = appealed(filed(NoticeSubject.REFUSAL), ruled(), on=date(2020, 8, 5), case=case)
        revoked, _done = spec.when(carry_out(), carry_out_ruling).events
        state = given(*case, revoked, on=date(2020, 8, 5)).state
        assert (state.stage, state.proposal, state.refused) == (Stage.OPENED, None, None)
        assert state.hands("survey")["revoked_decision"] == {PROPOSER}


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
        ordered, amount = self.ordered().events
        assert ordered.from_month == amount.from_month == Month(2020, 8)
        assert amount.amount_fen == 200_00

    def test_of_a_case_that_has_ended_too(self) -> None:
        ended = ENDED.model_copy(update={"last_month": Month(2020, 5)})
        _, again, amount = self.ordered(ended).events
        assert (again.pay_from, amount.from_month) == (Month(2020, 6), Month(2020, 8))
        case = (*self.HISTORY, ended, again, amount)
        spec = appealed(self.OF_STOP, on=date(2020, 7, 3), case=case)
        due = spec.state.amounts
        assert [due.at(Month(2020, month)) for month in (5, 6, 7, 8)] == [200_00, 0, 0, 200_00]

    def test_a_stop_that_is_upheld_counts_again_after_the_ruling(self) -> None:
        ordered, amount = self.ordered().events
        case = (*self.HISTORY, amount)
        spec = appealed(self.OF_STOP, ordered, on=date(2020, 9, 2), case=case)
        upheld = RecordRuling(**{**ruled(AppealRuling.UPHELD).model_dump(), "case_id": CASE})
        _, stop = spec.when(upheld, record_ruling).events
        assert stop == self.STOPPED.model_copy(update={"last_month": Month(2020, 9)})

    def test_a_stop_that_is_upheld_after_a_later_decision_is_recorded_and_no_more(self) -> None:
        """What was decided since rests on the aid that went on; the ruling stands in its record."""
        ordered, amount = self.ordered().events
        later = amount.model_copy(
            update={"change_id": uuid5(HOUSE, "tests/later"), "from_month": Month(2020, 9)}
        )
        case = (*self.HISTORY, amount, later)
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

    def test_a_phase_out_that_would_be_over_does_not_go_on(self) -> None:
        started = PHASE_OUT.model_copy(update={"change_id": uuid5(HOUSE, "tests/another change")})
        case = (*CONFIRMED, started, reported(), self.STOPPED)
        over = appealed(self.OF_STOP, on=date(2021, 5, 3), case=case)
        over.when(self.ORDER, order_suspension).refuses("benefit-over", last_month="2021-05")

    def test_a_stop_that_falls_is_taken_back_for_the_months_before_the_order_too(self) -> None:
        ordered, amount = self.ordered().events
        case = (*self.HISTORY, amount)
        spec = appealed(self.OF_STOP, ordered, ruled(), on=date(2020, 9, 2), case=case)
        _, restored, beside, _ = spec.when(carry_out(), carry_out_ruling).events
        assert restored.from_month == Month(2020, 6)
        assert [str(m.month) for m in beside.months] == ["2020-06", "2020-07"]

    def test_once_and_only_of_a_stop_or_a_cut(self) -> None:
        ordered, _ = self.ordered().events
        spec = appealed(self.OF_STOP, ordered, on=date(2020, 7, 4), case=self.HISTORY)
        spec.when(self.ORDER, order_suspension).refuses("appeal-suspended")
        phase_out = appealed(filed(), on=date(2020, 7, 4), case=(*CONFIRMED, PHASE_OUT))
        phase_out.when(self.ORDER, order_suspension).refuses("nothing-to-suspend")
        over = appealed(self.OF_STOP, ruled(), on=IN_AUGUST_2021, case=self.HISTORY)
        over.when(self.ORDER, order_suspension).refuses("appeal-ruled")
