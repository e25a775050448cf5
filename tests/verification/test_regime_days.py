"""What a household's check asks for on the first and the last day of each regime."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.verification.decisions import (
    CompleteCheck,
    HoldReview,
    RecordHomeVisit,
    complete,
    hold_review,
    record_home_visit,
)
from services.verification.model import CHECK
from shared.contracts.departments import Department
from shared.contracts.fields import DeductionKind, DeductionLine, Due, Programme
from shared.kernel.spec import Given, spec
from tests.verification.household import (
    ALONE,
    DAYAO,
    FIRST,
    FUJIAN,
    HUSBAND,
    SECOND,
    all_answered,
    answered,
    asked,
    home_visit,
    note,
    opened,
    wage,
)
from tests.verification.test_deductions import (
    CHENGDU,
    DISABILITY,
    EMPLOYMENT,
    EPIDEMIC,
    ILLNESS,
    SCHOOLING,
)
from tests.verification.test_tekun import OVER_SIXTY

DIBAO, TEKUN, AID = Programme.DIBAO, Programme.TEKUN, Programme.TEMPORARY_ASSISTANCE
FIRST_OF_AID = date(2014, 10, 3)
FIRST_OF_220, LAST_OF_220 = date(2012, 12, 12), date(2021, 6, 30)
FIRST_OF_57 = FIRST_OF_43 = date(2021, 7, 1)
NEXT_DAY = timedelta(days=1)


def check(programme: Programme, accepted_on: date, division: str = CHENGDU) -> Given:
    """A check that every department has answered, on the day after its acceptance."""
    due = Due(on=accepted_on + 30 * NEXT_DAY, calendar="chinesecalendar-1.11.0")
    changed: dict[str, Any] = {"programme": programme, "survey_due": due}
    answers = all_answered()
    if programme is TEKUN:
        changed["members"] = ALONE
        answers = tuple(answered(department) for department in Department)
    account = opened(division, accepted_on).model_copy(update=changed)
    return spec(CHECK, on=accepted_on + NEXT_DAY).given(account, *asked(), *answers)


def visit(
    programme: Programme, on: date, *kinds: DeductionKind, surveyors: int = 2
) -> RecordHomeVisit:
    return home_visit(
        on,
        surveyors=(FIRST, SECOND)[:surveyors],
        income=() if programme is TEKUN else (wage(HUSBAND, 2_900_00),),
        deductions=tuple(DeductionLine(kind=kind, amount_fen=1) for kind in kinds),
        tekun=OVER_SIXTY if programme is TEKUN else None,
    )


def review(on: date, present: int, representatives: int) -> HoldReview:
    return HoldReview(
        held_on=on,
        present=present,
        representatives=representatives,
        agreed=present,
        upheld=True,
        minutes=note("minutes"),
    )


REGIMES = pytest.mark.parametrize(
    ("programme", "accepted_on"),
    [
        (DIBAO, FIRST_OF_220),
        (DIBAO, LAST_OF_220),
        (DIBAO, FIRST_OF_57),
        (TEKUN, FIRST_OF_43),
        (AID, FIRST_OF_AID),
    ],
)


@REGIMES
def test_two_visit_under_every_regime(programme: Programme, accepted_on: date) -> None:
    household, on = check(programme, accepted_on), accepted_on + NEXT_DAY
    assert household.when(visit(programme, on), record_home_visit).events
    household.when(visit(programme, on, surveyors=1), record_home_visit).refuses(
        "too-few-surveyors", different=1, needed=2
    )


@pytest.mark.parametrize(
    ("programme", "accepted_on", "due_on"),
    [
        pytest.param(
            DIBAO, FIRST_OF_220, date(2012, 12, 20), id="five after the visit, a Thursday"
        ),
        pytest.param(DIBAO, LAST_OF_220, date(2021, 7, 8), id="of the regime that the case keeps"),
        pytest.param(DIBAO, FIRST_OF_57, None, id="57 asks for none"),
        pytest.param(TEKUN, FIRST_OF_43, None, id="43 leaves it to the township"),
        pytest.param(AID, FIRST_OF_AID, None, id="aid asks for none"),
    ],
)
def test_when_the_democratic_review_is_due(
    programme: Programme, accepted_on: date, due_on: date | None
) -> None:
    household = check(programme, accepted_on)
    (recorded,) = household.when(visit(programme, accepted_on + NEXT_DAY), record_home_visit).events
    assert (recorded.review_due and recorded.review_due.on) == due_on


@pytest.mark.parametrize(
    ("programme", "accepted_on", "needed"),
    [
        (DIBAO, FIRST_OF_220, 4),
        (DIBAO, LAST_OF_220, 4),
        (DIBAO, FIRST_OF_57, 0),
        (TEKUN, FIRST_OF_43, 0),
        (AID, FIRST_OF_AID, 0),
    ],
)
def test_how_many_of_five_present_are_representatives(
    programme: Programme, accepted_on: date, needed: int
) -> None:
    household, on = check(programme, accepted_on), accepted_on + NEXT_DAY
    (recorded,) = household.when(visit(programme, on), record_home_visit).events
    visited = household.given(recorded)
    assert visited.when(review(on, 5, needed), hold_review).events
    if needed:
        visited.when(review(on, 5, needed - 1), hold_review).refuses(
            "too-few-representatives", needed=needed
        )


@pytest.mark.parametrize(
    ("programme", "accepted_on", "required"),
    [
        (DIBAO, FIRST_OF_220, True),
        (DIBAO, LAST_OF_220, True),
        (DIBAO, FIRST_OF_57, False),
        (TEKUN, FIRST_OF_43, False),
        (AID, FIRST_OF_AID, False),
    ],
)
def test_whether_an_account_waits_for_the_review(
    programme: Programme, accepted_on: date, *, required: bool
) -> None:
    household, on = check(programme, accepted_on), accepted_on + NEXT_DAY
    (recorded,) = household.when(visit(programme, on), record_home_visit).events
    without = household.given(recorded).when(CompleteCheck(actor=FIRST), complete)
    if required:
        without.refuses("review-missing")
        (held,) = household.given(recorded).when(review(on, 5, 4), hold_review).events
        assert household.given(recorded, held).when(CompleteCheck(actor=FIRST), complete).events
    else:
        assert without.events


ALL_FIVE = (ILLNESS, DISABILITY, SCHOOLING, EPIDEMIC, EMPLOYMENT)
BUT_THE_EPIDEMIC = (ILLNESS, DISABILITY, SCHOOLING, EMPLOYMENT)
OF_57 = (ILLNESS, DISABILITY, EMPLOYMENT)


@pytest.mark.parametrize("kind", DeductionKind)
@pytest.mark.parametrize(
    ("programme", "division", "accepted_on", "allowed"),
    [
        (DIBAO, CHENGDU, FIRST_OF_220, ()),
        (DIBAO, CHENGDU, date(2020, 3, 31), ()),
        (DIBAO, CHENGDU, date(2020, 4, 1), (EMPLOYMENT,)),
        (DIBAO, CHENGDU, LAST_OF_220, (EMPLOYMENT,)),
        (DIBAO, CHENGDU, FIRST_OF_57, OF_57),
        (DIBAO, FUJIAN, date(2020, 3, 30), ()),
        (DIBAO, FUJIAN, date(2020, 3, 31), ALL_FIVE),
        (DIBAO, FUJIAN, date(2023, 1, 7), ALL_FIVE),
        (DIBAO, FUJIAN, date(2023, 1, 8), BUT_THE_EPIDEMIC),
        (DIBAO, DAYAO, date(2020, 3, 1), ()),
        (DIBAO, DAYAO, date(2020, 3, 2), BUT_THE_EPIDEMIC),
        (TEKUN, CHENGDU, FIRST_OF_43, ()),
        (AID, CHENGDU, FIRST_OF_AID, (ILLNESS, DISABILITY, SCHOOLING, EPIDEMIC)),
    ],
)
def test_what_is_deducted_from_income(
    programme: Programme,
    division: str,
    accepted_on: date,
    allowed: tuple[DeductionKind, ...],
    kind: DeductionKind,
) -> None:
    household = check(programme, accepted_on, division)
    decided = household.when(visit(programme, accepted_on + NEXT_DAY, kind), record_home_visit)
    if kind in allowed:
        (recorded,) = decided.events
        assert [line.kind for line in recorded.deductions] == [kind]
    else:
        decided.refuses("deduction-not-allowed", kind=kind)
