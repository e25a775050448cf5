"""Appeals: in time from the notice's service, answered, ruled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.decision.decisions import (
    FileAppeal,
    NoteMissedReply,
    RecordRuling,
    ReplyToAppeal,
    file_appeal,
    note_missed_reply,
    record_ruling,
    reply_to_appeal,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import APPEAL, CASE_FILE, NOTICES, appeal_of, case_file_of
from shared.contracts.appeals import AppealKind, AppealReplied, AppealReplyMissed
from shared.contracts.notices import NoticeServed, NoticeSubject, ServiceManner
from shared.kernel.event import Event
from shared.kernel.spec import Decided, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.decision.appeals import (
    APPEAL_ID,
    FILED_ON,
    IN_AUGUST_2021,
    RECONSIDERATION,
    appealed,
    file,
    filed,
    ruled,
)
from tests.decision.household import CHANGE, CONFIRMED, OTHER, PROPOSER, given, policy
from tests.decision.test_notices import NOTICE, owed
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, note

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
