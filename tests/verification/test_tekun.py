"""A visit for the recognition of tekun: what it states beside means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.verification.decisions import (
    CompleteCheck,
    OpenCheck,
    RecordHomeVisit,
    complete,
    open_check,
    record_home_visit,
)
from services.verification.model import CHECK
from shared.contracts.circumstances import (
    DisabilityKind,
    ObligorStanding,
    TekunCircumstances,
    TekunGround,
)
from shared.contracts.departments import Department
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    Due,
    Member,
    Programme,
    Relation,
)
from shared.contracts.verification import CheckOpened
from shared.kernel.spec import Given, spec
from tests.verification.household import (
    APPLICANT,
    ASKED,
    FIRST,
    FUJIAN,
    answered,
    asked,
    home_visit,
    opened,
)

ACCEPTED_ON = date(2021, 7, 1)
VISITED_ON = date(2021, 7, 5)
OVER_SIXTY = TekunCircumstances(ground=TekunGround.AGE_SIXTY_OR_OVER, obligors=ObligorStanding.NONE)


def check() -> CheckOpened:
    return CheckOpened(
        programme=Programme.TEKUN,
        division=FUJIAN,
        applicant=APPLICANT,
        members=(Member(person_id=APPLICANT, relation=Relation.APPLICANT),),
        accepted_on=ACCEPTED_ON,
        survey_due=Due(on=date(2021, 7, 22), calendar="chinesecalendar-1.11.0"),
    )


def given(opening: CheckOpened | None = None, on: date = VISITED_ON) -> Given:
    answers = (answered(department) for department in Department)
    return spec(CHECK, on=on).given(opening or check(), *asked(), *answers)


def visit(**changed: Any) -> RecordHomeVisit:
    return home_visit(**({"visited_on": VISITED_ON, "tekun": OVER_SIXTY} | changed))


def disabled(**changed: Any) -> TekunCircumstances:
    stated: dict[str, Any] = {
        "ground": TekunGround.DISABILITY,
        "obligors": ObligorStanding.UNABLE,
        "disability": DisabilityKind.PHYSICAL,
        "grade": 2,
    }
    return TekunCircumstances(**(stated | changed))


@pytest.mark.parametrize("found", [OVER_SIXTY, disabled()])
def test_what_was_found_stands_in_the_visit_and_in_the_account(found: TekunCircumstances) -> None:
    (recorded,) = given().when(visit(tekun=found), record_home_visit).events
    assert (recorded.tekun, recorded.review_due) == (found, None)
    (completed,) = given().given(recorded).when(CompleteCheck(actor=FIRST), complete).events
    assert (completed.programme, completed.tekun) == (Programme.TEKUN, found)


def test_a_visit_for_tekun_states_it() -> None:
    refusal = given().when(visit(tekun=None), record_home_visit)
    refused = refusal.refuses("tekun-circumstances-missing")
    assert refused.status == 422
    told = refused.facts["obligors_unable"].split(", ")
    assert told == [  # 民发〔2021〕43号, art. 8
        "tekun",
        "dibao_and_sixty",
        "seventy_with_low_income",
        "severely_disabled_with_low_income",
        "without_capacity_missing_or_imprisoned",
    ]


def test_a_visit_for_anything_else_does_not() -> None:
    on = date(2020, 4, 3)
    refusal = given(opened(), on).when(visit(visited_on=on), record_home_visit)
    assert refusal.refuses("tekun-circumstances-out-of-place", programme="dibao").status == 422


@pytest.mark.parametrize(
    "unclear",
    [
        disabled(grade=None),
        disabled(disability=None),
        disabled(disability=None, grade=None),
        disabled(ground=TekunGround.UNDER_SIXTEEN),
        disabled(ground=TekunGround.UNDER_SIXTEEN, grade=None),
    ],
)
def test_kind_and_grade_go_with_the_ground_of_disability(unclear: TekunCircumstances) -> None:
    given().when(visit(tekun=unclear), record_home_visit).refuses("tekun-disability-unclear")


def test_nothing_is_deducted() -> None:
    ill = (DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=1),)
    given().when(visit(deductions=ill), record_home_visit).refuses("deduction-not-allowed")


def test_one_surveyor_is_not_enough() -> None:
    given().when(visit(surveyors=(FIRST,)), record_home_visit).refuses(
        "too-few-surveyors", needed=2
    )


def test_a_check_is_opened_for_tekun_as_for_dibao() -> None:
    command = OpenCheck(**check().model_dump())
    first, *asking = spec(CHECK, on=ACCEPTED_ON).when(command, open_check).events
    assert first == check()
    assert len(asking) == len(ASKED)
