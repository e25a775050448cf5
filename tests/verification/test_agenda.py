"""What a check puts on the agenda, what takes it off, and what falls due."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from services.verification.decisions import NoteMissedReview
from services.verification.duties import DUTIES, REVIEW_MISSED, SURVEY_MISSED, agenda
from services.verification.model import DEPARTMENT_QUERY
from services.verification.reactions import FOREIGN
from shared.contracts.departments import (
    Department,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
)
from shared.contracts.fields import Programme
from shared.contracts.intake import ApplicationAccepted
from shared.kernel.event import Event
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from tests.documents import document
from tests.verification.household import (
    ACCEPTED_ON,
    APPLICANT,
    CASE,
    FUJIAN,
    MEMBERS,
    SURVEY_DUE,
    VISITED_ON,
    answered,
    opened,
    reviewed,
    visited,
)


def changes(event: Event, on: date = ACCEPTED_ON, **kwargs: Any) -> list[AgendaChange]:
    return list(agenda(document(event, case_id=CASE, on=on, **kwargs)))


def test_a_survey_falls_due_on_the_day_after_its_last() -> None:
    (entry,) = changes(opened())
    assert isinstance(entry, AgendaEntry)
    assert (entry.kind, entry.due_on) == (SURVEY_MISSED, date(2020, 4, 17))
    assert entry.region == FUJIAN


def test_a_visit_takes_the_survey_off_and_puts_the_review_on() -> None:
    done, entry = changes(visited(), VISITED_ON)
    assert done == AgendaDone(SURVEY_MISSED, CASE)
    assert isinstance(entry, AgendaEntry)
    assert (entry.kind, entry.due_on) == (REVIEW_MISSED, date(2020, 4, 14))


def test_a_visit_without_review_puts_nothing_on() -> None:
    assert changes(visited(review_due=None)) == [AgendaDone(SURVEY_MISSED, CASE)]


def test_a_review_is_done_when_it_was_held() -> None:
    assert changes(reviewed()) == [AgendaDone(REVIEW_MISSED, CASE)]


def test_a_department_is_asked_at_once_under_the_asking_events_id() -> None:
    (entry,) = changes(DepartmentAsked(department=Department.TAX), version=2)
    assert isinstance(entry, AgendaEntry)
    assert (entry.kind, entry.due_on) == (DEPARTMENT_QUERY, ACCEPTED_ON)
    assert entry.key == entry.source_event


def test_an_answer_takes_off_the_query_that_it_answers_and_none_asked_since() -> None:
    asking = uuid4()
    failed = DepartmentFailed(department=Department.TAX, failure=DepartmentFailure.REFUSED)
    for event in (answered(Department.TAX), failed):
        assert changes(event, causation_id=asking) == [AgendaDone(DEPARTMENT_QUERY, asking)]


def test_a_missed_review_names_the_day_that_was_missed() -> None:
    _done, entry = changes(visited(), VISITED_ON)
    assert isinstance(entry, AgendaEntry)
    submission = DUTIES[REVIEW_MISSED](entry)
    assert submission.command == NoteMissedReview(due_on=date(2020, 4, 13))
    assert submission.on == date(2020, 4, 14)


def test_a_later_visit_with_the_same_last_day_has_a_review_to_miss_of_its_own() -> None:
    both = [changes(visited(), VISITED_ON, version=version)[1] for version in (8, 9)]
    entries = [entry for entry in both if isinstance(entry, AgendaEntry)]
    first, second = (DUTIES[REVIEW_MISSED](entry) for entry in entries)
    assert entries[0].due_on == entries[1].due_on
    assert first.command_id != second.command_id
    assert first.command_id == DUTIES[REVIEW_MISSED](entries[0]).command_id


def test_an_accepted_application_is_checked_under_its_acceptance_date() -> None:
    accepted = ApplicationAccepted(
        programme=Programme.DIBAO,
        division=FUJIAN,
        applicant=APPLICANT,
        members=MEMBERS,
        survey_due=SURVEY_DUE,
    )
    (react,) = FOREIGN[ApplicationAccepted]
    first, again = (
        next(iter(react(document(accepted, case_id=CASE, on=ACCEPTED_ON)))) for _ in range(2)
    )
    assert first.command.accepted_on == ACCEPTED_ON
    assert first.on == ACCEPTED_ON
    assert first.command_id == again.command_id
