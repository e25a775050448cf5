"""What places add to dibao, and what follows refused work, on the day before and the first day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    DecideChange,
    decide_change,
    decide_work_consequence,
    record_work_offer,
)
from shared.contracts.assessments import AssessmentReason, Assistance, Outcome
from shared.contracts.changes import BenefitStopped, PhaseOutStarted
from shared.contracts.circumstances import AgeGroup, PovertyStanding
from tests.decision.assessments import AT_EDGE_FEN, BAOJI, JILIN_CITY, assessed, outcome
from tests.decision.dayao import at_work
from tests.decision.household import CHANGE, OTHER, UP_TO_SECOND, confirmed, given, opened, reported
from tests.decision.work import JOB, NONE, PROJECT, REASON, answered, decide, record, waiting
from tests.notices import notice
from tests.verification.circumstances import PHYSICAL_2, SEVERE, household, lives
from tests.verification.household import DAYAO, FUJIAN, MOTHER, SHAANXI, note

FIRST_OF_220, LAST_OF_220, FIRST_OF_57 = date(2012, 12, 12), date(2021, 6, 30), date(2021, 7, 1)
EVE_OF_DAYAO, FIRST_OF_DAYAO = date(2020, 3, 1), date(2020, 3, 2)
LAST_BEFORE_83, FIRST_OF_83 = date(2022, 10, 19), date(2022, 10, 20)
REGISTERED, UNREGISTERED = PovertyStanding.LIFTED, PovertyStanding.NOT_REGISTERED

CATEGORIES: tuple[dict[str, Any], ...] = (
    {"age": AgeGroup.SEVENTY_OR_OVER},
    {"age": AgeGroup.UNDER_SIXTEEN},
    PHYSICAL_2,
    SEVERE,
)


@pytest.mark.parametrize(
    ("place", "on", "percent"),
    [
        (BAOJI, LAST_OF_220, (0, 0, 0, 0)),
        (BAOJI, FIRST_OF_57, (30, 30, 50, 50)),
        (JILIN_CITY, LAST_OF_220, (0, 0, 0, 0)),
        (JILIN_CITY, FIRST_OF_57, (10, 10, 20, 30)),
        (SHAANXI, FIRST_OF_220, (0, 0, 0, 0)),
        (SHAANXI, FIRST_OF_57, (0, 0, 0, 0)),
    ],
)
def test_what_is_added_for_the_old_the_young_the_disabled_and_the_ill(
    place: str, on: date, percent: tuple[int, ...], tmp_path: Path
) -> None:
    """Local practice since July 2021; of a standard of 1,000, beside a gap of one fen."""
    here = notice(tmp_path, place[:4], standard_monthly_fen=1_000_00)
    for found, of_standard in zip(CATEGORIES, percent, strict=True):
        decided = assessed(
            lives(MOTHER, **found),
            on=on,
            division=place,
            counted_income_fen=4 * 1_000_00 - 1,
            folders=(here,),
        )
        assert decided.events[1].amount_fen == 1 + of_standard * 10_00, found


@pytest.mark.parametrize(
    ("place", "on", "found"),
    [
        (SHAANXI, date(2020, 3, 31), Outcome.NOT_PROVIDED_FOR),
        (SHAANXI, date(2020, 4, 1), Outcome.QUALIFIES),
        (SHAANXI, LAST_OF_220, Outcome.QUALIFIES),
        (FUJIAN, date(2020, 3, 30), Outcome.NOT_PROVIDED_FOR),
        (FUJIAN, date(2020, 3, 31), Outcome.QUALIFIES),
    ],
)
def test_since_when_the_refused_are_kept_in_mind(place: str, on: date, found: Outcome) -> None:
    decided = assessed(on=on, division=place, counted_income_fen=4 * 600_00)
    assert outcome(decided, Assistance.WATCH_LIST).outcome is found


@pytest.mark.parametrize("on", [FIRST_OF_57, LAST_BEFORE_83, FIRST_OF_83, date(2026, 6, 30)])
def test_the_edge_is_one_and_a_half_standards_as_long_as_the_ministry_sets_it(on: date) -> None:
    for counted_fen, found in (
        (AT_EDGE_FEN - 1, AssessmentReason.INCOME_BELOW_EDGE),
        (AT_EDGE_FEN, AssessmentReason.INCOME_NOT_BELOW_EDGE),
    ):
        decided = assessed(on=on, counted_income_fen=counted_fen)
        assert outcome(decided, Assistance.EDGE_HOUSEHOLD).reason is found


@pytest.mark.parametrize(
    ("division", "on", "amount_fen"),
    [
        (DAYAO, EVE_OF_DAYAO, 100_00),
        (DAYAO, FIRST_OF_DAYAO, 266_67),
        (SHAANXI, FIRST_OF_220, 600_00),
    ],
)
def test_since_when_the_registered_poor_are_brought_up_to_the_line(
    division: str, on: date, amount_fen: int, tmp_path: Path
) -> None:
    """A line of 5,000 a year, 1,666.67 a month for four; the gap elsewhere and before."""
    line_fen = {DAYAO: 5_000_00, SHAANXI: 9_000_00}[division]
    decided = assessed(
        on=on,
        division=division,
        poverty=REGISTERED,
        counted_income_fen=1_400_00,
        folders=(notice(tmp_path, division[:6], poverty_line_yearly_fen=line_fen),),
    )
    assert decided.events[1].amount_fen == amount_fen


@pytest.mark.parametrize(
    ("on", "poverty", "months", "granted"),
    [
        (EVE_OF_DAYAO, REGISTERED, 6, False),
        (FIRST_OF_DAYAO, REGISTERED, 6, True),
        (FIRST_OF_DAYAO, UNREGISTERED, 6, False),
        (LAST_BEFORE_83, REGISTERED, 24, False),
        (LAST_BEFORE_83, UNREGISTERED, 24, True),
        (FIRST_OF_83, REGISTERED, 7, False),
        (FIRST_OF_83, UNREGISTERED, 7, False),
        (FIRST_OF_83, UNREGISTERED, 6, True),
    ],
)
def test_whom_the_phase_out_of_dayao_is_for(
    on: date, poverty: PovertyStanding, months: int, *, granted: bool
) -> None:
    """Registered poor households; others have the rule of the level above."""
    counted_fen = 4 * 375_00 + 1
    so_far = (
        opened(division=DAYAO, circumstances=household(poverty=poverty)),
        *UP_TO_SECOND[1:],
        confirmed(division=DAYAO),
        reported(3_300_00, on, counted_income_fen=counted_fen),
    )
    command = DecideChange(
        actor=OTHER, role="county_approver", change_id=CHANGE, phase_out_months=months
    )
    decided = given(*so_far, on=on).when(command, decide_change)
    if granted:
        (event,) = decided.events
        assert isinstance(event, PhaseOutStarted)
    else:
        assert decided.refusal is not None
        assert decided.refusal.code in {"no-phase-out", "phase-out-months-outside"}


@pytest.mark.parametrize(
    ("division", "on", "kind", "may_be_none"),
    [
        (SHAANXI, date(2014, 5, 1), JOB, False),
        (SHAANXI, LAST_OF_220, JOB, False),
        (SHAANXI, FIRST_OF_57, JOB, False),
        (SHAANXI, date(2026, 7, 1), JOB, False),
        (DAYAO, FIRST_OF_DAYAO, PROJECT, True),
        (DAYAO, LAST_OF_220, PROJECT, True),
    ],
)
def test_the_third_refusal_in_a_row_has_a_consequence(
    division: str, on: date, kind: Any, *, may_be_none: bool
) -> None:
    """Of a job it shall be one (应当), of a project in Dayao it may (可)."""
    of_day = {"kind": kind, "offered_on": on, "answered_on": on}
    row = [answered(n, n, **of_day).model_copy(update={"division": division}) for n in (1, 2, 3)]
    for refused, events in ((1, 1), (2, 2)):
        spec = at_work(*row[:refused], on=on, division=division)
        came = spec.when(record(refused + 1, **of_day), record_work_offer)
        assert len(came.events) == events
    spec = at_work(*row, waiting(kind=kind, on=on), on=on, division=division)
    decided = spec.when(decide(NONE, explanation=REASON), decide_work_consequence)
    if may_be_none:
        assert decided.events[0].consequence is NONE
    else:
        decided.refuses("work-consequence-not-allowed")


@pytest.mark.parametrize(
    ("division", "on", "counts"),
    [
        (SHAANXI, FIRST_OF_220, False),
        (SHAANXI, FIRST_OF_57, False),
        (DAYAO, EVE_OF_DAYAO, False),
        (DAYAO, FIRST_OF_DAYAO, True),
        (DAYAO, LAST_OF_220, True),
        (DAYAO, FIRST_OF_57, False),
    ],
)
def test_where_and_when_a_refused_project_counts(division: str, on: date, *, counts: bool) -> None:
    spec = at_work(on=on, division=division)
    came = spec.when(record(1, kind=PROJECT, offered_on=on, answered_on=on), record_work_offer)
    if counts:
        assert came.events
    else:
        came.refuses("work-offer-not-counted", kind="project")


def test_no_phase_out_is_given_with_a_reason_in_dayao() -> None:
    so_far = (
        opened(division=DAYAO, circumstances=household(poverty=REGISTERED)),
        *UP_TO_SECOND[1:],
        confirmed(division=DAYAO),
        reported(3_300_00, FIRST_OF_DAYAO, counted_income_fen=4 * 375_00 + 1),
    )
    command = DecideChange(
        actor=OTHER,
        role="county_approver",
        change_id=CHANGE,
        phase_out_months=0,
        explanation=note("reason"),
    )
    (event,) = given(*so_far, on=FIRST_OF_DAYAO).when(command, decide_change).events
    assert isinstance(event, BenefitStopped)
