"""Who enters dibao alone on each ground, and with how much, on the first and last day of each
regime: everybody with that ground, whether the regime names it or not.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.assessments import Assistance, SinglePersonGround
from shared.contracts.circumstances import LabourAbility, Occupation, PovertyStanding
from tests.decision.assessments import assessed, outcome
from tests.notices import notice
from tests.verification.circumstances import (
    DEPENDENT,
    ILL,
    MAJOR,
    MENTAL_3,
    MENTAL_4,
    PHYSICAL_2,
    PHYSICAL_3,
    SEVERE,
    lives,
)
from tests.verification.household import APPLICANT, DAYAO, FUJIAN, MOTHER, SHAANXI, wage

G = SinglePersonGround
NONE, UNLIFTED, LIFTED = PovertyStanding
STANDARDS_FEN = {FUJIAN: 600_00, DAYAO: 375_00, SHAANXI: 500_00}

Family = str
FAR: Family = "far above the standard"
LOW: Family = "of low income, and no edge household"
EDGE: Family = "an edge household, and not of low income"

STATED: dict[Family, dict[str, Any]] = {
    LOW: {"single_person_household_factor": "1.5", "edge_income_factor": "none"},
    EDGE: {
        "single_person_household_factor": "none",
        "edge_income_factor": "1.5",
        "single_person_intellectual_or_mental_least_grade": 3,
    },
}
"""What a place may say of its own, so that a family is the one and not the other."""

Person = tuple[Family, PovertyStanding, dict[str, Any]]
PERSONS: dict[SinglePersonGround, Person] = {
    G.ADULT_SEVERE_DISABILITY_OWN_HOUSEHOLD: (
        FAR,
        NONE,
        PHYSICAL_2
        | {
            "labour": LabourAbility.NONE,
            "occupation": Occupation.SCHOOL,
            "own_registration": True,
        },
    ),
    G.CLERGY_THREE_YEARS: (FAR, NONE, {"clergy_apart": True}),
    G.UNLIFTED_SEVERE_DISABILITY: (FAR, UNLIFTED, PHYSICAL_2),
    G.UNLIFTED_SEVERE_ILLNESS: (FAR, UNLIFTED, SEVERE),
    G.LOW_INCOME_SEVERE_DISABILITY: (LOW, NONE, PHYSICAL_2),
    G.LOW_INCOME_SEVERE_ILLNESS: (LOW, NONE, SEVERE),
    G.ILLNESS: (LOW, NONE, ILL),
    G.DISABILITY: (LOW, NONE, PHYSICAL_3),
    G.SCHOOLING: (LOW, NONE, {"occupation": Occupation.SCHOOL}),
    G.POOR_DEPENDENT_DISABILITY: (FAR, LIFTED, PHYSICAL_2 | DEPENDENT),
    G.POOR_DEPENDENT_MAJOR_ILLNESS: (FAR, LIFTED, MAJOR | DEPENDENT),
    G.EDGE_SEVERE_DISABILITY: (EDGE, NONE, PHYSICAL_2),
    G.EDGE_GRADE_THREE_INTELLECTUAL_OR_MENTAL: (EDGE, NONE, MENTAL_3),
    G.EDGE_SEVERE_ILLNESS: (EDGE, NONE, SEVERE),
    G.EDGE_MAJOR_ILLNESS: (EDGE, NONE, MAJOR),
    G.EDGE_SPECIAL_DIFFICULTY: (EDGE, NONE, {"special_difficulty": True}),
    G.ADULT_JOBLESS_SEVERE_DISABILITY: (
        FAR,
        NONE,
        PHYSICAL_2 | {"occupation": Occupation.NO_WORK},
    ),
}
"""Of each ground somebody who has it, and of the others only what follows from it."""

WIDER = {
    G.LOW_INCOME_SEVERE_DISABILITY: G.DISABILITY,
    G.LOW_INCOME_SEVERE_ILLNESS: G.ILLNESS,
    G.EDGE_MAJOR_ILLNESS: G.EDGE_SEVERE_ILLNESS,
}
"""Who has the ground has the wider one, too; where that is named first, they enter by it."""

OF_2012 = (G.ADULT_SEVERE_DISABILITY_OWN_HOUSEHOLD, G.CLERGY_THREE_YEARS)
OF_2020 = (*OF_2012, G.UNLIFTED_SEVERE_DISABILITY, G.UNLIFTED_SEVERE_ILLNESS)
OF_THE_GUIDANCE = (*OF_2020, G.LOW_INCOME_SEVERE_DISABILITY, G.LOW_INCOME_SEVERE_ILLNESS)
OF_57 = (
    G.EDGE_SEVERE_DISABILITY,
    G.EDGE_GRADE_THREE_INTELLECTUAL_OR_MENTAL,
    G.EDGE_MAJOR_ILLNESS,
    G.CLERGY_THREE_YEARS,
)
OF_83 = (*OF_57, G.ADULT_JOBLESS_SEVERE_DISABILITY)
OF_THE_LAW = (
    G.EDGE_SEVERE_DISABILITY,
    G.EDGE_SEVERE_ILLNESS,
    G.EDGE_SPECIAL_DIFFICULTY,
    *OF_83[1:],
)
IN_FULL = (G.ILLNESS, G.DISABILITY, G.SCHOOLING)
BY_DAYAO = (G.POOR_DEPENDENT_DISABILITY, G.POOR_DEPENDENT_MAJOR_ILLNESS)

REGIMES = [
    (SHAANXI, date(2012, 12, 12), OF_2012),
    (SHAANXI, date(2020, 3, 31), OF_2012),
    (SHAANXI, date(2020, 4, 1), OF_2020),
    (SHAANXI, date(2021, 5, 9), OF_2020),
    (SHAANXI, date(2021, 5, 10), OF_THE_GUIDANCE),
    (SHAANXI, date(2021, 6, 30), OF_THE_GUIDANCE),
    (SHAANXI, date(2021, 7, 1), OF_57),
    (SHAANXI, date(2022, 10, 19), OF_57),
    (SHAANXI, date(2022, 10, 20), OF_83),
    (SHAANXI, date(2026, 6, 30), OF_83),
    (SHAANXI, date(2026, 7, 1), OF_THE_LAW),
    (FUJIAN, date(2020, 3, 30), OF_2012),
    (FUJIAN, date(2020, 3, 31), (*IN_FULL, *OF_2012)),
    (FUJIAN, date(2020, 4, 1), (*IN_FULL, *OF_2020)),
    (FUJIAN, date(2021, 5, 9), (*IN_FULL, *OF_2020)),
    (FUJIAN, date(2021, 5, 10), (*IN_FULL, *OF_THE_GUIDANCE)),
    (FUJIAN, date(2021, 6, 30), (*IN_FULL, *OF_THE_GUIDANCE)),
    (FUJIAN, date(2021, 7, 1), OF_57),
    (DAYAO, date(2020, 3, 1), OF_2012),
    (DAYAO, date(2020, 3, 2), (*BY_DAYAO, *OF_2012)),
    (DAYAO, date(2020, 3, 31), (*BY_DAYAO, *OF_2012)),
    (DAYAO, date(2020, 4, 1), (*BY_DAYAO, *OF_2020)),
    (DAYAO, date(2021, 5, 9), (*BY_DAYAO, *OF_2020)),
    (DAYAO, date(2021, 5, 10), (*BY_DAYAO, *OF_THE_GUIDANCE)),
    (DAYAO, date(2021, 6, 30), (*BY_DAYAO, *OF_THE_GUIDANCE)),
    (DAYAO, date(2021, 7, 1), OF_57),
]

Notices = dict[tuple[str, Family], tuple[Path, ...]]


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Notices:
    """What each place says of its own."""
    return {
        (place, family): (notice(tmp_path_factory.mktemp("place"), place[:6], **stated),)
        for place in STANDARDS_FEN
        for family, stated in STATED.items()
    }


@pytest.mark.parametrize(("place", "on", "named"), REGIMES)
def test_enters_on_a_ground_that_the_place_names(
    notices: Notices, place: str, on: date, named: tuple[SinglePersonGround, ...]
) -> None:
    """With 100 yuan of their own: the rest of the standard, or in Fujian's three cases all."""
    for ground, (family, poverty, found) in PERSONS.items():
        standard_fen = STANDARDS_FEN[place]
        head_fen = 3_000_00 if family is FAR else standard_fen
        decided = assessed(
            lives(APPLICANT, **found),
            on=on,
            poverty=poverty,
            folders=notices.get((place, family), ()),
            division=place,
            counted_income_fen=4 * head_fen + 1,
            income=(wage(APPLICANT, 100_00),),
        )
        has = {ground, WIDER.get(ground, ground)}
        entered = next((one for one in named if one in has), None)
        amount_fen = standard_fen if entered in IN_FULL else standard_fen - 100_00
        expected = [] if entered is None else [(APPLICANT, entered, amount_fen)]
        singly = outcome(decided, Assistance.SINGLE_PERSON_DIBAO)
        told = [(one.person_id, one.ground, one.amount_fen) for one in singly.persons]
        assert told == expected, ground


@pytest.mark.parametrize(
    ("place", "on"), [(SHAANXI, date(2021, 5, 10)), (FUJIAN, date(2020, 3, 31))]
)
@pytest.mark.parametrize(("more_fen", "enters"), [(-1, True), (0, False)])
def test_low_income_is_below_one_and_a_half_standards(
    place: str, on: date, more_fen: int, *, enters: bool
) -> None:
    decided = assessed(
        lives(APPLICANT, **SEVERE),
        on=on,
        division=place,
        counted_income_fen=4 * STANDARDS_FEN[place] * 3 // 2 + more_fen,
    )
    assert bool(outcome(decided, Assistance.SINGLE_PERSON_DIBAO).persons) is enters


@pytest.mark.parametrize(
    ("place", "on", "grade", "enters"),
    [
        (DAYAO, date(2020, 3, 1), 3, False),
        (DAYAO, date(2020, 3, 2), 4, True),
        (DAYAO, date(2021, 6, 30), 4, True),
        (DAYAO, date(2021, 7, 1), 4, False),
        (DAYAO, date(2021, 7, 1), 3, True),
        (SHAANXI, date(2021, 6, 30), 3, False),
        (SHAANXI, date(2021, 7, 1), 3, True),
        (SHAANXI, date(2021, 7, 1), 4, False),
    ],
)
def test_the_grade_that_counts_of_an_intellectual_or_mental_disability(
    place: str, on: date, grade: int, *, enters: bool
) -> None:
    """Poor and dependent on a family that is an edge household, where there are such."""
    mental = {3: MENTAL_3, 4: MENTAL_4}[grade]
    decided = assessed(
        lives(APPLICANT, **mental, **DEPENDENT),
        on=on,
        poverty=LIFTED,
        division=place,
        counted_income_fen=4 * STANDARDS_FEN[place] + 1,
    )
    assert bool(outcome(decided, Assistance.SINGLE_PERSON_DIBAO).persons) is enters


@pytest.mark.parametrize(
    ("on", "asked"),
    [
        (date(2020, 3, 1), False),
        (date(2020, 3, 2), True),
        (date(2021, 6, 30), True),
        (date(2021, 7, 1), False),
    ],
)
def test_in_dayao_they_apply_themselves(on: date, *, asked: bool) -> None:
    """A monk whose family applies: 经个人申请 holds in Dayao as long as its own notice does."""
    decided = assessed(
        lives(MOTHER, clergy_apart=True),
        on=on,
        division=DAYAO,
        counted_income_fen=4 * STANDARDS_FEN[DAYAO] + 1,
    )
    assert bool(outcome(decided, Assistance.SINGLE_PERSON_DIBAO).persons) is not asked


@pytest.mark.parametrize("place", [SHAANXI, FUJIAN, DAYAO])
def test_grade_two_is_severe_since_2012_and_three_never(place: str) -> None:
    for found, enters in ((PHYSICAL_2, True), (PHYSICAL_3, False)):
        who = found | {
            "labour": LabourAbility.NONE,
            "occupation": Occupation.NO_WORK,
            "own_registration": True,
        }
        decided = assessed(
            lives(MOTHER, **who),
            on=date(2012, 12, 12),
            division=place,
            counted_income_fen=4 * STANDARDS_FEN[place] + 1,
        )
        assert bool(outcome(decided, Assistance.SINGLE_PERSON_DIBAO).persons) is enters
