"""By when departments are asked about a household, and who was not reached by then."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.verification.decisions import NoteMissedStart, note_missed_start, open_check
from services.verification.duties import DUTIES, agenda
from services.verification.model import CHECK
from services.verification.reactions import on_application_accepted
from services.verification.views.checks import fold
from shared.calendar import CALENDAR_VERSION
from shared.contracts.departments import (
    AnswerSetAside,
    Department,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
    DepartmentReceiptNoted,
    SetAsideReason,
)
from shared.contracts.fields import Due, Programme
from shared.contracts.intake import ApplicationAccepted
from shared.contracts.verification import CheckCompleted, CheckOpened, DataCheckStartMissed
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.documents import document
from tests.verification.household import (
    APPLICANT,
    CASE,
    FUJIAN,
    MEMBERS,
    SURVEY_DUE,
    answered,
    note,
    opened,
)
from tests.verification.test_household import account

FIRST_OF_220, LAST_OF_220 = date(2012, 12, 12), date(2021, 6, 30)
FIRST_OF_57 = date(2021, 7, 1)
DUE = Due(on=date(2021, 7, 6), calendar=CALENDAR_VERSION)
AFTER = date(2021, 7, 7)
TAX = Department.TAX
NOTE = NoteMissedStart()


def begun(on: date, programme: Programme = Programme.DIBAO) -> tuple[Event, ...]:
    """What an acceptance on a day opens."""
    members = MEMBERS if programme is Programme.DIBAO else MEMBERS[:1]
    accepted = ApplicationAccepted(
        programme=programme,
        division=FUJIAN,
        applicant=APPLICANT,
        members=members,
        survey_due=SURVEY_DUE,
    )
    (submission,) = on_application_accepted(document(accepted, case_id=CASE, on=on))
    return tuple(spec(CHECK, on=on).when(submission.command, open_check).events)


def given(*since: Event, on: date = AFTER) -> Given:
    """The check of 1 July 2021, of which two departments were to be asked."""
    start = opened(accepted_on=FIRST_OF_57).model_copy(update={"departments_due": DUE})
    to_ask = (DepartmentAsked(department=TAX), DepartmentAsked(department=Department.BANKS))
    return spec(CHECK, on=on).given(start, *to_ask, *since)


def missed(*departments: Department) -> DataCheckStartMissed:
    return DataCheckStartMissed(due=DUE, departments=departments)


@pytest.mark.parametrize(
    ("on", "programme", "due_on"),
    [
        (FIRST_OF_220, Programme.DIBAO, None),
        (LAST_OF_220, Programme.DIBAO, None),
        (FIRST_OF_57, Programme.DIBAO, date(2021, 7, 6)),
        (date(2021, 7, 2), Programme.DIBAO, date(2021, 7, 7)),
        (FIRST_OF_57, Programme.TEKUN, None),
    ],
)
def test_it_is_within_three_working_days_since_2021(
    on: date, programme: Programme, due_on: date | None
) -> None:
    """民发〔2021〕57号, art. 17."""
    start, *_asked = begun(on, programme)
    assert isinstance(start, CheckOpened)
    assert (start.departments_due and start.departments_due.on) == due_on


def test_it_falls_due_on_the_day_after_its_last() -> None:
    start, *_asked = begun(FIRST_OF_57)
    told = document(start, case_id=CASE, on=FIRST_OF_57)
    entries = [one for one in agenda(told) if isinstance(one, AgendaEntry)]
    (entry,) = [one for one in entries if one.kind == "data-check-start-missed"]
    assert entry.due_on == AFTER
    assert DUTIES[entry.kind](entry).command == NOTE
    for over in (missed(TAX), account(FIRST_OF_57)):
        assert isinstance(over, DataCheckStartMissed | CheckCompleted)
        changes = list(agenda(document(over, case_id=CASE, on=AFTER)))
        assert AgendaDone("data-check-start-missed", CASE) in changes


class TestAfterItsLastDay:
    def test_whoever_was_not_reached_is_named_once(self) -> None:
        given().when(NOTE, note_missed_start).then(missed(TAX, Department.BANKS))
        given(answered(TAX)).when(NOTE, note_missed_start).then(missed(Department.BANKS))
        given(missed(TAX)).when(NOTE, note_missed_start).then()

    @pytest.mark.parametrize(
        "heard",
        [
            (answered(TAX),),
            (DepartmentFailed(department=TAX, failure=DepartmentFailure.REFUSED),),
            (DepartmentReceiptNoted(department=TAX, receipt=CASE),),
            (
                AnswerSetAside(
                    department=TAX, reason=SetAsideReason.UNREADABLE, received=(note("answer"),)
                ),
                DepartmentAsked(department=TAX, not_before=AFTER),
            ),
        ],
    )
    def test_who_was_heard_of_was_asked(self, heard: tuple[Any, ...]) -> None:
        some = given(*heard, answered(Department.BANKS))
        some.when(NOTE, note_missed_start).then()
        assert some.state.unreached == ()

    def test_nobody_is_where_the_regime_names_no_day(self) -> None:
        earlier = spec(CHECK, on=AFTER).given(opened(), DepartmentAsked(department=TAX))
        earlier.when(NOTE, note_missed_start).then()
        spec(CHECK, on=AFTER).when(NOTE, note_missed_start).then()


def test_the_list_shows_whom_nobody_has_reached_and_that_it_is_late() -> None:
    seen: Any = None
    start = opened(accepted_on=FIRST_OF_57).model_copy(update={"departments_due": DUE})
    steps: list[tuple[Event, list[str], bool]] = [
        (start, [], False),
        (DepartmentAsked(department=TAX), ["tax"], False),
        (DepartmentAsked(department=Department.BANKS), ["tax", "banks"], False),
        (answered(Department.BANKS), ["tax"], False),
        (missed(TAX), ["tax"], True),
        (DepartmentReceiptNoted(department=TAX, receipt=CASE), [], True),
        (DepartmentAsked(department=TAX), [], True),
    ]
    for event, unreached, late in steps:
        seen = fold(str(CASE), seen, document(event, case_id=CASE, on=FIRST_OF_57))
        assert (seen["unreached"], seen["start_missed"]) == (unreached, late)
        assert seen["departments_due_on"] == "2021-07-06"
