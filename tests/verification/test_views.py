"""The list of checks as officials see it, folded event by event."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.verification.views import fold
from shared.contracts.departments import (
    Department,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
)
from shared.contracts.home_visits import SurveyDeadlineMissed
from shared.contracts.verification import ReviewDeadlineMissed
from shared.kernel.event import Event
from tests.documents import document
from tests.verification.household import (
    CASE,
    REVIEW_DUE,
    SURVEY_DUE,
    answered,
    opened,
    reviewed,
    visited,
)
from tests.verification.test_decisions import completed


def folded(*events: Event) -> dict[str, Any]:
    seen: dict[str, Any] | None = None
    for version, event in enumerate(events, start=1):
        seen = fold(
            str(CASE), seen, document(event, case_id=CASE, on=date(2020, 4, 8), version=version)
        )
    assert seen is not None
    return seen


def test_the_next_date_is_the_surveys_then_the_reviews_then_none() -> None:
    assert folded(opened())["due_on"] == "2020-04-16"
    assert folded(opened(), visited())["due_on"] == "2020-04-13"
    assert folded(opened(), visited(), reviewed())["due_on"] is None


def test_missed_dates_stay_visible() -> None:
    seen = folded(
        opened(),
        SurveyDeadlineMissed(due=SURVEY_DUE),
        visited(),
        ReviewDeadlineMissed(due=REVIEW_DUE),
        reviewed(),
    )
    assert seen["survey_missed"]
    assert seen["review_missed"]


def test_departments_show_how_far_each_is() -> None:
    seen = folded(
        opened(),
        DepartmentAsked(department=Department.TAX),
        DepartmentAsked(department=Department.BANKS),
        DepartmentAsked(department=Department.HOUSING),
        answered(Department.TAX),
        DepartmentFailed(department=Department.BANKS, failure=DepartmentFailure.REFUSED),
    )
    assert seen["departments"] == {"tax": "answered", "banks": "refused", "housing": "asked"}


def test_a_completed_check_shows_what_counts() -> None:
    seen = folded(opened(), visited(), reviewed(), completed())
    assert (seen["status"], seen["counted_income_fen"]) == ("completed", 2_200_00)
    assert seen["version"] == 4


def test_no_person_is_named_in_a_list() -> None:
    seen = folded(opened(), visited(), reviewed(), completed())
    named = {str(member.person_id) for member in opened().members}
    assert not named & {str(value) for value in seen.values()}
