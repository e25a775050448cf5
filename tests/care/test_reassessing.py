"""A reported change of self-care: assessed again within ten working days (43, art. 23)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.care.decisions.care_file import Assess, EndCare, assess, end_care
from services.care.decisions.reports import (
    NoteMissedReassessment,
    ReportChange,
    note_missed_reassessment,
    report_change,
)
from services.care.duties import DUTIES, REASSESSMENT_MISSED, agenda
from services.care.model import care_file_of
from services.care.views import REASSESSMENTS
from shared.calendar import Month
from shared.contracts.care import AbilityReporter, CareEnded, CareIndicator
from shared.contracts.fields import CareLevel
from shared.kernel.decider import Fact
from shared.kernel.event import Event
from shared.kernel.spec import Given
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.policy import MissingValue
from tests.care.person import (
    AGREED,
    ASSESSED_ON,
    ASSESSORS,
    AT_HOME,
    CASE,
    DAYAO,
    REPORT,
    REPORTED_ON,
    SHAANXI,
    TOO_LATE,
    TWO_FAILED,
    assessed,
    given,
    note,
    opened,
    reported,
)
from tests.care.test_rooms import folded, the_only
from tests.documents import document

LAST_DAY, DAY_AFTER = date(2023, 4, 24), date(2023, 4, 25)
FOUR_FAILED = frozenset(tuple(CareIndicator)[:4])
NOTE_MISSED = NoteMissedReassessment(report_id=REPORT)
WAITING: tuple[Event, ...] = (*AGREED, reported())


def reporting(**changed: Any) -> ReportChange:
    stated: dict[str, Any] = {
        "report_id": REPORT,
        "reported_on": REPORTED_ON,
        "reporter": AbilityReporter.VILLAGE,
        "account": note("what they saw"),
    }
    return ReportChange(**(stated | changed))


def assessing(day: date) -> Assess:
    return Assess(
        assessed_on=day, assessors=ASSESSORS, failed=FOUR_FAILED, findings=note("assessment")
    )


def assessed_early(division: str) -> tuple[Event, ...]:
    """Recognised and assessed a month before the regime."""
    early = opened(division).model_copy(update={"confirmed_on": date(2021, 6, 1)})
    return early, assessed(assessed_on=date(2021, 6, 1), from_month=Month(2021, 7))


class TestAReport:
    def test_owes_a_new_assessment_within_ten_working_days(self) -> None:
        """Of 11 April: the 15th, 16th and 22nd are free, Sunday the 23rd is worked."""
        given(*AGREED, on=REPORTED_ON).when(reporting(), report_change).then(reported())

    @pytest.mark.parametrize("division", [SHAANXI, DAYAO])
    def test_is_due_so_from_the_first_day_of_43(self, division: str) -> None:
        first = date(2021, 7, 1)
        beginning = given(*assessed_early(division), on=first)
        (event,) = beginning.when(reporting(reported_on=first), report_change).events
        assert event.due.on == date(2021, 7, 15)
        with pytest.raises(MissingValue, match="self_care_reassess_within_working_days"):
            beginning.when(reporting(reported_on=date(2021, 6, 30)), report_change)

    def test_counts_from_its_own_day_however_late_it_is_taken_down(self) -> None:
        given(*AGREED, on=date(2023, 4, 18)).when(reporting(), report_change).then(reported())

    @pytest.mark.parametrize(
        ("day", "possible"),
        [
            (date(2022, 12, 19), False),
            (ASSESSED_ON, True),
            (REPORTED_ON, True),
            (date(2023, 4, 12), False),
        ],
    )
    def test_lies_between_the_last_assessment_and_today(self, day: date, *, possible: bool) -> None:
        decided = given(*AGREED, on=REPORTED_ON).when(reporting(reported_on=day), report_change)
        if possible:
            assert len(decided.events) == 1
        else:
            decided.refuses(
                "report-day-impossible", earliest="2022-12-20", latest=REPORTED_ON.isoformat()
            )

    def test_of_somebody_never_assessed_owes_nothing_new(self) -> None:
        given(opened(), on=REPORTED_ON).when(reporting(), report_change).refuses(
            "assessment-missing"
        )

    def test_is_one_at_a_time_and_there_can_be_another_after_the_assessment(self) -> None:
        later = reporting(reported_on=date(2023, 4, 20))
        refusal = (
            given(*WAITING, on=date(2023, 4, 20))
            .when(later, report_change)
            .refuses("reassessment-owed", due="2023-04-24")
        )
        assert refusal.source == "民发〔2021〕43号 art. 23"
        done = assessed(assessed_on=date(2023, 4, 14), report_id=REPORT)
        again = given(*WAITING, done, on=date(2023, 4, 20)).when(later, report_change)
        assert len(again.events) == 1

    def test_after_the_end_of_care_is_none(self) -> None:
        given(*AT_HOME, CareEnded(), on=REPORTED_ON).when(reporting(), report_change).refuses(
            "care-not-open", stage="ended"
        )


class TestTheAssessment:
    @pytest.mark.mechanism("S4-9")
    def test_on_the_last_day_is_in_time_and_the_tier_follows(self) -> None:
        decided = given(*WAITING, on=LAST_DAY).when(assessing(LAST_DAY), assess)
        (event,) = decided.events
        assert event.report_id == REPORT
        assert (event.level, event.care_fen, event.from_month) == (
            CareLevel.FULL_CARE,
            700_00,
            Month(2023, 5),
        )

    def test_a_day_later_is_late_and_says_so_even_before_the_duty_of_that_day(self) -> None:
        missed, done = given(*WAITING, on=DAY_AFTER).when(assessing(DAY_AFTER), assess).facts
        assert missed == Fact(TOO_LATE, effective_on=DAY_AFTER)
        assert done.event.report_id == REPORT

    def test_is_said_to_be_late_once(self) -> None:
        known = given(*WAITING, TOO_LATE, on=date(2023, 5, 8))
        (event,) = known.when(assessing(date(2023, 5, 8)), assess).events
        assert event.report_id == REPORT

    def test_of_a_day_before_the_report_leaves_it_open(self) -> None:
        before = assessing(date(2023, 4, 10))
        (event,) = given(*WAITING, on=date(2023, 4, 12)).when(before, assess).events
        assert event.report_id is None
        given(*WAITING, event, on=DAY_AFTER).when(NOTE_MISSED, note_missed_reassessment).then(
            TOO_LATE
        )

    def test_without_a_report_answers_for_none(self) -> None:
        (event,) = given(*AGREED, on=LAST_DAY).when(assessing(LAST_DAY), assess).events
        assert event.report_id is None


class TestTheLastDay:
    def late(self, *events: Event, on: date) -> Given:
        return given(*WAITING, *events, on=on)

    def test_passes_on_the_day_after(self) -> None:
        self.late(on=LAST_DAY).when(NOTE_MISSED, note_missed_reassessment).then()
        self.late(on=DAY_AFTER).when(NOTE_MISSED, note_missed_reassessment).then(TOO_LATE)

    def test_passes_once_and_for_no_other_report(self) -> None:
        self.late(TOO_LATE, on=DAY_AFTER).when(NOTE_MISSED, note_missed_reassessment).then()
        done = assessed(assessed_on=LAST_DAY, report_id=REPORT)
        self.late(done, on=DAY_AFTER).when(NOTE_MISSED, note_missed_reassessment).then()
        other = NoteMissedReassessment(report_id=CASE)
        self.late(on=DAY_AFTER).when(other, note_missed_reassessment).then()

    def test_with_the_end_of_care_nobody_is_assessed_any_more(self) -> None:
        given(*AT_HOME, reported(), on=LAST_DAY).when(EndCare(), end_care).then(
            CareEnded(report_id=REPORT)
        )
        over = self.late(CareEnded(report_id=REPORT), on=DAY_AFTER)
        over.when(NOTE_MISSED, note_missed_reassessment).then()

    def test_is_on_the_agenda_until_it_is_done_with(self) -> None:
        def changes(event: Event) -> list[Any]:
            return list(agenda(document(event, case_id=CASE, on=REPORTED_ON, region=SHAANXI)))

        (entry,) = changes(reported())
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.key, entry.due_on) == (REASSESSMENT_MISSED, REPORT, DAY_AFTER)
        submission = DUTIES[entry.kind](entry)
        assert submission.command == NOTE_MISSED
        assert (submission.on, submission.reads) == (DAY_AFTER, (care_file_of(CASE),))
        gone = [AgendaDone(REASSESSMENT_MISSED, REPORT)]
        assert changes(assessed(report_id=REPORT)) == gone
        assert changes(CareEnded(report_id=REPORT)) == gone
        assert changes(TOO_LATE) == gone


class TestTheList:
    def test_shows_what_is_owed_until_when_and_by_whose_word(self) -> None:
        row = the_only(folded(REASSESSMENTS, *WAITING))
        assert (row["reporter"], row["reported_on"], row["due_on"], row["provisional"]) == (
            "village",
            "2023-04-11",
            "2023-04-24",
            False,
        )
        assert (row["open"], row["missed"], row["lapsed"]) == (True, False, False)
        assert (row["case_id"], row["division"]) == (str(CASE), SHAANXI)

    def test_shows_what_was_late_and_when_it_was_done(self) -> None:
        done = assessed(assessed_on=date(2023, 5, 8), level=CareLevel.FULL_CARE, report_id=REPORT)
        row = the_only(folded(REASSESSMENTS, *WAITING, TOO_LATE, done))
        assert (row["open"], row["missed"]) == (False, True)
        assert (row["assessed_on"], row["level"]) == ("2023-05-08", "full_care")

    def test_keeps_what_lapsed_with_the_end_and_leaves_out_what_nobody_reported(self) -> None:
        row = the_only(folded(REASSESSMENTS, *WAITING, CareEnded(report_id=REPORT)))
        assert (row["open"], row["lapsed"], row.get("assessed_on")) == (False, True, None)
        assert folded(REASSESSMENTS, *AGREED, CareEnded()) == {}
        assert str(TWO_FAILED[0].value) not in str(row)
