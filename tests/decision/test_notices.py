"""Notices: owed by a decision, met by their service only, and what runs from there."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.decision.decisions import (
    NoteMissedNotice,
    OweNotice,
    ServeNotice,
    note_missed_notice,
    owe_notice,
    serve_notice,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import NOTICES, notices_of
from services.decision.reactions import OWN, on_amount_redetermined, on_told
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    HouseholdChangeCause,
    HouseholdChanged,
    PhaseOutStarted,
)
from shared.contracts.decision import CaseRefused, RefusalReason
from shared.contracts.fields import Due, Programme
from shared.contracts.notices import (
    NoticeDeadlineMissed,
    NoticeOwed,
    NoticeServed,
    NoticeSubject,
    ServiceManner,
)
from shared.contracts.standards import AmountRedetermined
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.decision.changes import AMOUNT, PHASE_OUT, STOP
from tests.decision.household import (
    CONFIRMED,
    FOUR,
    OTHER,
    PROPOSER,
    confirmed,
    given,
    opened,
    policy,
    refusal_proposed,
)
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, FUJIAN, HUSBAND, STRANGER, note

NOTICE = uuid5(HOUSE, "tests/notice")
ENTRY = uuid5(HOUSE, "tests/entry")
REFUSED_ON = date(2020, 4, 28)


def due(on: date) -> Due:
    return Due(on=on, calendar=CALENDAR_VERSION)


def owed(on: date = date(2020, 5, 1), **changed: Any) -> NoticeOwed:
    """The notice of a refusal of 28 April 2020: three days by the measures of 2012."""
    stated: dict[str, Any] = {
        "notice_id": NOTICE,
        "subject": NoticeSubject.REFUSAL,
        "entry": ENTRY,
        "division": FUJIAN,
        "addressee": APPLICANT,
        "decided_on": REFUSED_ON,
        "due": due(on),
    }
    return NoticeOwed(**(stated | changed))


def serve(on: date = date(2020, 5, 1), **changed: Any) -> ServeNotice:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "notice_id": NOTICE,
        "server": PROPOSER,
        "manner": ServiceManner.IN_PERSON,
        "served_on": on,
        "recipient": APPLICANT,
        "proof": note("receipt"),
    }
    return ServeNotice(**(stated | changed))


def refused(*notices: Event, on: date = date(2020, 5, 20)) -> Given:
    """A household that was refused, and its notices."""
    return given(opened(), refusal_proposed(), on=on).beside(NOTICES, *notices)


class TestWhatIsOwed:
    @pytest.mark.parametrize(
        ("event", "subject"),
        [
            (AMOUNT, NoticeSubject.AMOUNT_CHANGED),
            (PHASE_OUT, NoticeSubject.PHASE_OUT),
            (STOP, NoticeSubject.STOP),
        ],
    )
    def test_every_change_is_to_be_told(
        self, event: AmountChanged | PhaseOutStarted | BenefitStopped, subject: NoticeSubject
    ) -> None:
        (submission,) = on_told(document(event, case_id=CASE, on=REFUSED_ON))
        assert submission.command.subject is subject
        assert submission.command.due is None
        assert submission.on == REFUSED_ON
        assert type(event) in OWN

    @pytest.mark.parametrize(("amount_fen", "notices"), [(199_99, 1), (200_00, 0), (400_00, 0)])
    def test_a_lowered_standard_that_takes_something_is_told_like_any_change(
        self, amount_fen: int, notices: int
    ) -> None:
        """Before July 2026 nobody is heard before it: from 200 yuan, with its days."""
        event = AmountRedetermined(
            standard_id=uuid5(HOUSE, "tests/standard"),
            persons=4,
            counted_income_fen=2_200_00,
            standard_before_fen=600_00,
            standard_fen=590_00,
            amount_before_fen=200_00,
            amount_fen=amount_fen,
            from_month=Month(2020, 5),
            parameters=(),
        )
        found = list(on_amount_redetermined(document(event, case_id=CASE, on=date(2020, 5, 1))))
        assert len(found) == notices
        for submission in found:
            spec_ = given(*CONFIRMED, on=date(2020, 5, 1)).beside(NOTICES)
            (told,) = spec_.when(submission.command, owe_notice).events
            assert (told.subject, told.change_id) == (NoticeSubject.AMOUNT_CHANGED, None)
            assert (told.decided_on, told.due.on) == (date(2020, 5, 1), date(2020, 5, 8))
        assert AmountRedetermined in OWN

    def test_a_refusal_brings_its_own_date(self) -> None:
        event = CaseRefused(
            programme=Programme.DIBAO,
            division=FUJIAN,
            applicant=APPLICANT,
            reason=RefusalReason.INCOME_NOT_BELOW_STANDARD,
            notice_due=due(date(2020, 5, 1)),
        )
        (submission,) = on_told(document(event, case_id=CASE, on=REFUSED_ON))
        assert submission.command.due == due(date(2020, 5, 1))
        came = refused(on=REFUSED_ON).when(submission.command, owe_notice)
        (notice,) = came.events
        assert (notice.due.on, notice.decided_on) == (date(2020, 5, 1), REFUSED_ON)
        assert notice.addressee == APPLICANT
        assert came.facts[0].stream == notices_of(CASE)

    @pytest.mark.parametrize(
        ("decided_on", "due_on"),
        [(date(2020, 5, 18), date(2020, 5, 21)), (date(2020, 4, 30), date(2020, 5, 8))],
    )
    def test_a_change_is_told_within_three_working_days(
        self, decided_on: date, due_on: date
    ) -> None:
        """1 to 5 May 2020 are off."""
        command = OweNotice(case_id=CASE, notice_id=NOTICE, subject=NoticeSubject.STOP, entry=ENTRY)
        spec = given(*CONFIRMED, on=decided_on).beside(NOTICES)
        (notice,) = spec.when(command, owe_notice).events
        assert notice.due.on == due_on

    def test_it_is_told_to_whoever_is_paid_now(self) -> None:
        """The applicant has died: nothing is told to the dead."""
        gone = HouseholdChanged(
            change_id=uuid5(HOUSE, "tests/change"),
            programme=Programme.DIBAO,
            division=FUJIAN,
            cause=HouseholdChangeCause.DEATH,
            happened_on=date(2020, 5, 10),
            members=FOUR[1:],
            left=(APPLICANT,),
            joined=(),
            payee=HUSBAND,
            from_month=Month(2020, 6),
        )
        command = OweNotice(case_id=CASE, notice_id=NOTICE, subject=NoticeSubject.STOP, entry=ENTRY)
        so_far = given(*CONFIRMED, gone, on=date(2020, 5, 18)).beside(NOTICES)
        (notice,) = so_far.when(command, owe_notice).events
        assert notice.addressee == HUSBAND

    def test_it_is_owed_once(self) -> None:
        command = OweNotice(case_id=CASE, notice_id=NOTICE, subject=NoticeSubject.STOP, entry=ENTRY)
        given(*CONFIRMED, on=REFUSED_ON).beside(NOTICES, owed()).when(command, owe_notice).then()

    def test_a_decision_of_several_amounts_is_told_once(self) -> None:
        """A fact of the past gives months with another standard an event of their own."""
        change = uuid5(HOUSE, "tests/change")
        more = uuid5(HOUSE, "tests/second notice")
        command = OweNotice(
            case_id=CASE,
            notice_id=more,
            subject=NoticeSubject.AMOUNT_CHANGED,
            entry=ENTRY,
            change_id=change,
        )
        spec = given(*CONFIRMED, on=REFUSED_ON)
        spec.beside(NOTICES, owed(change_id=change)).when(command, owe_notice).then()
        (event,) = spec.beside(NOTICES, owed()).when(command, owe_notice).events
        assert event.change_id == change


class TestService:
    def test_in_person_counts_at_once_and_starts_the_clock_of_an_appeal(self) -> None:
        refused(owed()).when(serve(), serve_notice).then(
            NoticeServed(
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
        )

    def test_on_the_last_day_it_is_in_time_a_day_later_it_is_late(self) -> None:
        assert len(refused(owed()).when(serve(date(2020, 5, 1)), serve_notice).events) == 1
        late, served = refused(owed()).when(serve(date(2020, 5, 2)), serve_notice).events
        assert late == NoticeDeadlineMissed(notice_id=NOTICE, due=due(date(2020, 5, 1)))
        assert served.counts_on == date(2020, 5, 2)

    def test_that_it_was_missed_is_recorded_once(self) -> None:
        missed = NoticeDeadlineMissed(notice_id=NOTICE, due=due(date(2020, 5, 1)))
        (served,) = refused(owed(), missed).when(serve(date(2020, 5, 2)), serve_notice).events
        assert isinstance(served, NoticeServed)

    def test_what_was_told_in_time_and_taken_down_late_is_in_time(self) -> None:
        """The time limit is met by the service, whenever it is recorded."""
        spec = refused(owed(), on=date(2020, 6, 30))
        assert len(spec.when(serve(date(2020, 5, 1)), serve_notice).events) == 1

    def test_a_public_notice_counts_thirty_days_later(self) -> None:
        command = serve(manner=ServiceManner.PUBLIC_NOTICE, recipient=None)
        (served,) = refused(owed()).when(command, serve_notice).events
        assert served.counts_on == date(2020, 5, 31)
        assert served.reconsideration_until == date(2020, 7, 30)
        assert served.court_until == date(2020, 11, 30)

    def test_a_public_notice_has_no_recipient_and_all_others_have_one(self) -> None:
        public = serve(manner=ServiceManner.PUBLIC_NOTICE)
        for command in (public, serve(recipient=None)):
            refusal = refused(owed()).when(command, serve_notice)
            assert refusal.refuses("notice-recipient-astray").status == 422

    def test_a_notice_that_is_left_has_a_witness_who_is_not_its_server(self) -> None:
        for witness in (None, PROPOSER):
            command = serve(manner=ServiceManner.LEFT, witness=witness)
            refused(owed()).when(command, serve_notice).refuses("notice-witness-missing")
        command = serve(manner=ServiceManner.LEFT, witness=OTHER)
        assert refused(owed()).when(command, serve_notice).events[0].witness == OTHER

    def test_it_goes_to_a_member_of_the_household(self) -> None:
        refused(owed()).when(serve(recipient=STRANGER), serve_notice).refuses(
            "person-not-in-household"
        )
        assert refused(owed()).when(serve(recipient=HUSBAND), serve_notice).events

    def test_it_goes_to_who_is_paid_for_a_member_who_entered_alone(self) -> None:
        alone = (*CONFIRMED[:-1], confirmed(members=FOUR[3:]))
        so_far = given(*alone, on=date(2020, 5, 20)).beside(NOTICES, owed())
        assert so_far.when(serve(), serve_notice).events
        so_far.when(serve(recipient=HUSBAND), serve_notice).refuses("person-not-in-household")

    @pytest.mark.parametrize("day", [date(2020, 4, 27), date(2020, 5, 21)])
    def test_not_before_the_decision_and_not_ahead(self, day: date) -> None:
        refused(owed()).when(serve(day), serve_notice).refuses("notice-date-astray")
        for allowed in (REFUSED_ON, date(2020, 5, 20)):
            assert refused(owed()).when(serve(allowed), serve_notice).events

    def test_once_and_only_what_is_owed(self) -> None:
        (served,) = refused(owed()).when(serve(), serve_notice).events
        refused(owed(), served).when(serve(), serve_notice).refuses(
            "notice-served", served_on="2020-05-01"
        )
        refusal = refused().when(serve(), serve_notice).refuses("no-such-notice")
        assert refusal.status == 404


class TestTheDuty:
    def entry(self) -> AgendaEntry:
        (found,) = agenda(document(owed(), case_id=CASE, on=REFUSED_ON))
        assert isinstance(found, AgendaEntry)
        return found

    def test_it_falls_due_on_the_day_after_the_last(self) -> None:
        entry = self.entry()
        assert (entry.kind, entry.due_on) == ("notice-missed", date(2020, 5, 2))
        submission = DUTIES[entry.kind](entry)
        assert submission.reads == (notices_of(CASE),)
        assert submission.command == NoteMissedNotice(notice_id=NOTICE)

    @pytest.mark.parametrize("day", [1, 2])
    def test_it_records_what_was_missed_from_the_next_day_on(self, day: int) -> None:
        given_ = spec(NOTICES, on=date(2020, 5, day), policy=policy()).given(owed())
        came = given_.when(NoteMissedNotice(notice_id=NOTICE), note_missed_notice)
        assert len(came.events) == day - 1

    def test_not_where_it_was_served(self) -> None:
        (served,) = refused(owed()).when(serve(), serve_notice).events
        given_ = spec(NOTICES, on="2020-05-02", policy=policy()).given(owed(), served)
        given_.when(NoteMissedNotice(notice_id=NOTICE), note_missed_notice).then()
        (done,) = agenda(document(served, case_id=CASE, on=REFUSED_ON))
        assert done == AgendaDone("notice-missed", NOTICE)


def test_a_notice_is_found_by_the_decision_it_is_about() -> None:
    state = refused(owed()).histories[1].state
    found = state.about(ENTRY)
    assert found is not None
    assert found.owed.notice_id == NOTICE
    assert state.about(UUID(int=1)) is None
