"""What is deducted from income where and when, from the home visit to the account."""

from __future__ import annotations

from datetime import date

import pytest

from services.verification import decisions
from services.verification.decisions import CompleteCheck, RecordHomeVisit
from services.verification.model import CHECK
from shared.calendar import CALENDAR_VERSION
from shared.contracts.fields import DeductionKind, DeductionLine, Due
from shared.kernel.spec import Given, spec
from tests.verification.household import (
    DAYAO,
    FIRST,
    FUJIAN,
    HUSBAND,
    all_answered,
    asked,
    home_visit,
    opened,
    reviewed,
    wage,
)

CHENGDU = "510104000000"
ILLNESS, DISABILITY, SCHOOLING, EPIDEMIC, EMPLOYMENT = (
    DeductionKind.ILLNESS,
    DeductionKind.DISABILITY,
    DeductionKind.SCHOOLING,
    DeductionKind.EPIDEMIC,
    DeductionKind.EMPLOYMENT,
)
SPRING = date(2020, 4, 7)
GUIDANCE = date(2021, 5, 10)


def check(division: str, on: date) -> Given:
    """A household's check, accepted, answered by every department and visited on one day."""
    account = opened(division, on).model_copy(
        update={"survey_due": Due(on=on, calendar=CALENDAR_VERSION)}
    )
    return spec(CHECK, on=on).given(account, *asked(), *all_answered())


def visit(on: date, *kinds: DeductionKind) -> RecordHomeVisit:
    """A wage of 2,900 yuan, of which each kind of spending takes 100."""
    return home_visit(
        on,
        income=(wage(HUSBAND, 2_900_00),),
        deductions=tuple(DeductionLine(kind=kind, amount_fen=100_00) for kind in kinds),
    )


@pytest.mark.parametrize(
    ("division", "on", "kinds"),
    [
        pytest.param(
            FUJIAN,
            SPRING,
            (ILLNESS, DISABILITY, SCHOOLING, EPIDEMIC, EMPLOYMENT),
            id="fujian-in-2020",
            marks=pytest.mark.mechanism("S1-9"),
        ),
        pytest.param(
            DAYAO,
            SPRING,
            (ILLNESS, DISABILITY, SCHOOLING, EMPLOYMENT),
            id="dayao-in-2020",
            marks=pytest.mark.mechanism("S3-22"),
        ),
        pytest.param(
            CHENGDU,
            SPRING,
            (EMPLOYMENT,),
            id="elsewhere-in-2020",
            marks=pytest.mark.mechanism("S0-11", "S0-13"),
        ),
        pytest.param(
            CHENGDU,
            GUIDANCE,
            (EMPLOYMENT,),
            id="elsewhere-under-the-guidance-of-2021",
            marks=pytest.mark.mechanism("S2-6"),
        ),
    ],
)
def test_what_the_place_provides_for_is_taken_off_the_income(
    division: str, on: date, kinds: tuple[DeductionKind, ...]
) -> None:
    household = check(division, on)
    (visited,) = household.when(visit(on, *kinds), decisions.record_home_visit).events
    (completed,) = (
        household.given(visited, reviewed(on))
        .when(CompleteCheck(actor=FIRST), decisions.complete)
        .events
    )
    assert completed.income_fen == 2_900_00
    assert completed.deducted_fen == len(kinds) * 100_00
    assert completed.counted_income_fen == 2_900_00 - len(kinds) * 100_00


@pytest.mark.parametrize(
    ("division", "on", "kind"),
    [
        pytest.param(DAYAO, SPRING, EPIDEMIC, id="dayao"),
        pytest.param(CHENGDU, SPRING, ILLNESS, id="elsewhere"),
        pytest.param(FUJIAN, date(2020, 3, 30), EMPLOYMENT, id="fujian-before-its-plan"),
    ],
)
def test_nothing_else_is(division: str, on: date, kind: DeductionKind) -> None:
    check(division, on).when(visit(on, kind), decisions.record_home_visit).refuses(
        "deduction-not-allowed", kind=kind
    )
