"""Which departments a check asks, and what becomes of answers that cannot be used."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.verification.decisions import (
    OpenCheck,
    RecordAnswer,
    SetAnswerAside,
    open_check,
    record_answer,
    set_answer_aside,
)
from services.verification.duties import agenda
from services.verification.model import CHECK, DEPARTMENT_QUERY
from shared.contracts.departments import (
    AnswerSetAside,
    Department,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
    SetAsideReason,
)
from shared.contracts.fields import Programme
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.documents import document
from tests.verification.household import (
    APPLICANT,
    ASKED,
    CASE,
    FUJIAN,
    MEMBERS,
    SURVEY_DUE,
    asked,
    note,
    opened,
)

TAX = Department.TAX
TODAY = date(2020, 4, 7)
RECEIVED = (note("answer"),)

OF_2021 = {
    *ASKED,
    Department.PUBLIC_SECURITY,
    Department.MARKET_REGISTRATION,
    Department.PROVIDENT_FUND,
    Department.SECURITIES,
    Department.INSURANCE,
}


def given(*events: Event) -> Given:
    return spec(CHECK, on=TODAY).given(opened(), *asked(), *events)


def aside(reason: SetAsideReason, as_of: date | None = None) -> AnswerSetAside:
    return AnswerSetAside(department=TAX, reason=reason, received=RECEIVED, as_of=as_of)


UNREADABLE = aside(SetAsideReason.UNREADABLE)
ASKED_TOMORROW = DepartmentAsked(department=TAX, not_before=date(2020, 4, 8))
USELESS = SetAnswerAside(department=TAX, received=RECEIVED)


@pytest.mark.parametrize(
    ("accepted_on", "programme", "departments"),
    [
        (date(2020, 4, 1), Programme.DIBAO, set(ASKED)),
        (date(2021, 6, 30), Programme.DIBAO, set(ASKED)),
        (date(2021, 7, 1), Programme.DIBAO, OF_2021),
        (date(2022, 10, 19), Programme.DIBAO, OF_2021),
        (date(2022, 10, 20), Programme.DIBAO, OF_2021 | {Department.CIVIL_AFFAIRS}),
        (date(2026, 7, 1), Programme.DIBAO, OF_2021 | {Department.CIVIL_AFFAIRS}),
        (date(2023, 4, 1), Programme.TEKUN, set(ASKED)),
    ],
    ids=lambda value: f"{len(value)} departments" if isinstance(value, set) else str(value),
)
def test_a_check_asks_those_whom_its_regime_names(
    accepted_on: date, programme: Programme, departments: set[Department]
) -> None:
    command = OpenCheck(
        programme=programme,
        division=FUJIAN,
        applicant=APPLICANT,
        members=MEMBERS,
        accepted_on=accepted_on,
        survey_due=SURVEY_DUE,
    )
    events = spec(CHECK, on=accepted_on).when(command, open_check).events
    named = [event.department for event in events[1:]]
    assert set(named) == departments
    assert len(named) == len(departments)


class TestAnAnswerThatCannotBeRead:
    def test_is_kept_and_the_department_asked_again_the_next_day(self) -> None:
        given().when(USELESS, set_answer_aside).then(UNREADABLE, ASKED_TOMORROW)

    def test_is_followed_by_another_twice_at_most(self) -> None:
        once = given(UNREADABLE, ASKED_TOMORROW)
        once.when(USELESS, set_answer_aside).then(UNREADABLE, ASKED_TOMORROW)
        twice = once.given(UNREADABLE, ASKED_TOMORROW)
        twice.when(USELESS, set_answer_aside).then(
            UNREADABLE,
            DepartmentFailed(department=TAX, failure=DepartmentFailure.MALFORMED_ANSWER),
        )

    def test_is_forgotten_once_the_department_has_failed_and_is_asked_anew(self) -> None:
        failed = DepartmentFailed(department=TAX, failure=DepartmentFailure.MALFORMED_ANSWER)
        anew = given(UNREADABLE, UNREADABLE, UNREADABLE, failed, DepartmentAsked(department=TAX))
        anew.when(USELESS, set_answer_aside).then(UNREADABLE, ASKED_TOMORROW)

    def test_of_who_was_not_asked_changes_nothing(self) -> None:
        elsewhere = SetAnswerAside(department=Department.EDUCATION, received=RECEIVED)
        given().when(elsewhere, set_answer_aside).then()

    def test_takes_its_question_off_the_agenda_and_puts_the_next_days_on(self) -> None:
        (done,) = agenda(document(UNREADABLE, case_id=CASE, on=TODAY))
        assert isinstance(done, AgendaDone)
        (entry,) = agenda(document(ASKED_TOMORROW, case_id=CASE, on=TODAY))
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.due_on) == (DEPARTMENT_QUERY, date(2020, 4, 8))


class TestDataOfADay:
    def answer(self, as_of: date | None) -> RecordAnswer:
        return RecordAnswer(
            department=TAX,
            income=(),
            deposits_fen=0,
            houses=0,
            vehicles=0,
            received=RECEIVED,
            as_of=as_of,
        )

    @pytest.mark.parametrize("days", [None, 0, 31])
    def test_up_to_a_month_old_are_used(self, days: int | None) -> None:
        as_of = None if days is None else TODAY - timedelta(days=days)
        (answered,) = given().when(self.answer(as_of), record_answer).events
        assert (answered.as_of, answered.received) == (as_of, RECEIVED)

    @pytest.mark.mechanism("S4-44")
    def test_older_by_a_day_are_kept_and_asked_for_again(self) -> None:
        old = TODAY - timedelta(days=32)
        given().when(self.answer(old), record_answer).then(
            aside(SetAsideReason.OUTDATED, old), ASKED_TOMORROW
        )

    def test_of_a_day_to_come_are_nobodys(self) -> None:
        """A slip in the year would pass for fresh data for ever."""
        ahead = TODAY + timedelta(days=1)
        given().when(self.answer(ahead), record_answer).then(
            aside(SetAsideReason.OUTDATED, ahead), ASKED_TOMORROW
        )

    def test_that_stay_old_are_done_without(self) -> None:
        old = TODAY - timedelta(days=32)
        before = (aside(SetAsideReason.OUTDATED, old), ASKED_TOMORROW) * 2
        events = given(*before).when(self.answer(old), record_answer).events
        assert events[1] == DepartmentFailed(
            department=TAX, failure=DepartmentFailure.OUTDATED_ANSWER
        )
