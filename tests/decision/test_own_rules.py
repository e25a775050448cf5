"""A place that rules one thing of its own goes by the nation's, or its province's, for the rest."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    DecideChange,
    approve,
    decide_change,
    decide_work_consequence,
)
from services.decision.model import DETERMINATION
from shared.calendar import Month
from shared.contracts.assessments import AssessmentReason, Assistance, SinglePersonGround
from shared.contracts.changes import PhaseOutStarted
from shared.contracts.circumstances import PovertyStanding
from shared.contracts.fields import Programme
from shared.contracts.publicity import PublicityPosted, PublicityRound
from shared.kernel.spec import Decided, spec
from tests.decision import children, expenses, subsidies
from tests.decision.assessments import assessed, outcome
from tests.decision.dayao import at_work
from tests.decision.household import (
    APPROVER,
    CHANGE,
    OTHER,
    UP_TO_SECOND,
    confirmed,
    given,
    opened,
    policy,
    proposed,
    reported,
)
from tests.decision.test_change_days import PENSION
from tests.decision.test_single_person_grounds import PERSONS, STANDARDS_FEN, STATED
from tests.decision.work import JOB, REDUCE, decide, waiting
from tests.notices import notice
from tests.verification.circumstances import DEPENDENT, ILL, MENTAL_3, MENTAL_4, household, lives
from tests.verification.household import APPLICANT, DAYAO, FUJIAN, SHAANXI, wage

FIRST_OF_220, FIRST_OF_57 = date(2012, 12, 12), date(2021, 7, 1)
EVE_OF_FUJIAN, EVE_OF_DAYAO = date(2020, 3, 30), date(2020, 3, 1)
FIRST_OF_83 = date(2022, 10, 20)
DAY = timedelta(days=1)
UNREGISTERED, LIFTED = PovertyStanding.NOT_REGISTERED, PovertyStanding.LIFTED
IN_FULL = (SinglePersonGround.ILLNESS, SinglePersonGround.DISABILITY, SinglePersonGround.SCHOOLING)
SINGLY = Assistance.SINGLE_PERSON_DIBAO
ABOVE_FEN = {place: 4 * fen + 1 for place, fen in STANDARDS_FEN.items()}


class TestAPlaceThatGrantsPhaseOuts:
    def granted(self, place: str, on: date, months: int, folder: Path, **own: Any) -> Decided:
        """A household that is not registered as poor, above the standard by a rise in wages."""
        folders = (notice(folder, place[:9], since=on, phase_out_granted="may", **own),)
        so_far = (
            opened(division=place, circumstances=household(poverty=UNREGISTERED)),
            *UP_TO_SECOND[1:],
            confirmed(division=place),
            reported(3_300_00, on, counted_income_fen=ABOVE_FEN[place], income=(PENSION,)),
        )
        township = place == FUJIAN and date(2020, 3, 31) <= on <= date(2023, 1, 7)
        role = "township_approver" if township else "county_approver"
        command = DecideChange(actor=OTHER, role=role, change_id=CHANGE, phase_out_months=months)
        return given(*so_far, on=on, folders=folders).when(command, decide_change)

    @pytest.mark.parametrize(
        ("place", "on", "months"),
        [
            (SHAANXI, FIRST_OF_220, 1),
            (SHAANXI, FIRST_OF_220, 24),
            (FUJIAN, EVE_OF_FUJIAN, 1),
            (FUJIAN, EVE_OF_FUJIAN, 24),
            (DAYAO, EVE_OF_DAYAO, 1),
            (DAYAO, EVE_OF_DAYAO, 24),
        ],
    )
    def test_grants_them_for_any_time_and_cause_while_the_level_above_has_none(
        self, place: str, on: date, months: int, tmp_path: Path
    ) -> None:
        (event,) = self.granted(place, on, months, tmp_path).events
        assert isinstance(event, PhaseOutStarted)
        assert event.last_month == Month.of(on).next(months)
        assert event.amount_fen == 200_00

    def test_grants_them_to_all_once_dayaos_plan_is_over(self, tmp_path: Path) -> None:
        own = {"phase_out_maximum_months": 12, "phase_out_cause": "any"}
        (event,) = self.granted(DAYAO, FIRST_OF_83, 12, tmp_path, **own).events
        assert event.last_month == Month(2023, 10)


@pytest.mark.parametrize(
    ("place", "on", "in_full"),
    [
        (SHAANXI, FIRST_OF_220, ()),
        (SHAANXI, FIRST_OF_57, ()),
        (FUJIAN, EVE_OF_FUJIAN, ()),
        (FUJIAN, date(2020, 3, 31), IN_FULL),
    ],
)
@pytest.mark.parametrize("ground", SinglePersonGround)
def test_a_place_that_names_a_ground_pays_who_enters_on_it_by_the_province_or_the_nation(
    ground: SinglePersonGround,
    place: str,
    on: date,
    in_full: tuple[SinglePersonGround, ...],
    tmp_path: Path,
) -> None:
    """With 100 yuan of their own: all of the standard, or the rest of it."""
    family, poverty, found = PERSONS[ground]
    own = {"single_person_intellectual_or_mental_least_grade": 3} | STATED.get(family, {})
    folders = (notice(tmp_path, place[:9], single_person_grounds=[ground.value], **own),)
    standard_fen = STANDARDS_FEN[place]
    head_fen = standard_fen if family in STATED else 3_000_00
    decided = assessed(
        lives(APPLICANT, **found),
        on=on,
        poverty=poverty,
        folders=folders,
        division=place,
        counted_income_fen=4 * head_fen + 1,
        income=(wage(APPLICANT, 100_00),),
    )
    (person,) = outcome(decided, SINGLY).persons
    assert person.amount_fen == (standard_fen if ground in in_full else standard_fen - 100_00)


@pytest.mark.parametrize(
    ("place", "on", "enters"),
    [
        (SHAANXI, FIRST_OF_220, False),
        (SHAANXI, date(2021, 5, 9), False),
        (SHAANXI, date(2021, 5, 10), True),
        (FUJIAN, EVE_OF_FUJIAN, False),
        (FUJIAN, date(2020, 3, 31), True),
    ],
)
def test_a_place_that_names_illness_has_it_of_low_income_where_that_is_known(
    place: str, on: date, *, enters: bool, tmp_path: Path
) -> None:
    folders = (notice(tmp_path, place[:9], single_person_grounds=["illness"]),)
    stated = {"division": place, "counted_income_fen": 4 * STANDARDS_FEN[place] + 1}
    decided = assessed(lives(APPLICANT, **ILL), on=on, folders=folders, **stated)
    assert bool(outcome(decided, SINGLY).persons) is enters


@pytest.mark.parametrize(
    ("place", "on", "found", "enters"),
    [
        (SHAANXI, FIRST_OF_220, MENTAL_3, False),
        (SHAANXI, date(2021, 6, 30), MENTAL_3, False),
        (SHAANXI, FIRST_OF_57, MENTAL_3, True),
        (DAYAO, EVE_OF_DAYAO, MENTAL_4, False),
        (DAYAO, date(2020, 3, 2), MENTAL_4, True),
    ],
)
def test_a_place_that_names_the_dependent_counts_grades_as_the_level_above(
    place: str, on: date, found: Any, *, enters: bool, tmp_path: Path
) -> None:
    folders = (notice(tmp_path, place[:9], single_person_grounds=["poor_dependent_disability"]),)
    stated = {"division": place, "poverty": LIFTED, "counted_income_fen": 4 * 3_000_00}
    decided = assessed(lives(APPLICANT, **found, **DEPENDENT), on=on, folders=folders, **stated)
    assert bool(outcome(decided, SINGLY).persons) is enters


@pytest.mark.parametrize(("more_fen", "kept"), [(-1, True), (0, False)])
def test_a_place_that_keeps_the_refused_in_mind_does_so_below_one_and_a_half_standards(
    more_fen: int, *, kept: bool, tmp_path: Path
) -> None:
    folders = (notice(tmp_path, SHAANXI[:9], watch_list_for_refused_in_hardship=True),)
    stated = {"division": SHAANXI, "counted_income_fen": 4 * 750_00 + more_fen}
    decided = assessed(on=FIRST_OF_220, folders=folders, **stated)
    reason = AssessmentReason.IN_HARDSHIP if kept else AssessmentReason.NOT_IN_HARDSHIP
    assert outcome(decided, Assistance.WATCH_LIST).reason is reason


def test_a_place_that_counts_refused_work_takes_half_of_the_own_share(tmp_path: Path) -> None:
    own = {"job_refusals_limit": 3, "job_refusals_consequence": "shall"}
    folders = (notice(tmp_path, SHAANXI[:9], **own),)
    brought_up = waiting(kind=JOB, on=FIRST_OF_220)
    case = at_work(brought_up, on=FIRST_OF_220, folders=folders, division=SHAANXI)
    decided_, changed = case.when(decide(REDUCE), decide_work_consequence).events
    assert changed.withheld_fen * 2 == decided_.own_share_fen


ACCOUNTS: dict[Programme, Any] = {
    Programme.CHILD_ALLOWANCE: children.account,
    Programme.TEMPORARY_ASSISTANCE: expenses.account,
    Programme.DIBAO: opened,
    subsidies.LIVING: lambda **of: subsidies.account(subsidies.LIVING, **of),
    subsidies.CARE: lambda **of: subsidies.account(subsidies.CARE, **of),
}


@pytest.mark.parametrize(
    ("programme", "accepted_on", "due_on"),
    [
        (Programme.CHILD_ALLOWANCE, date(2020, 1, 1), date(2020, 2, 7)),
        (Programme.TEMPORARY_ASSISTANCE, date(2014, 10, 3), date(2014, 10, 27)),
        (Programme.DIBAO, FIRST_OF_57, date(2021, 7, 23)),
        (subsidies.LIVING, date(2016, 1, 1), date(2016, 1, 25)),
        (subsidies.CARE, date(2016, 1, 1), date(2016, 1, 25)),
    ],
)
def test_a_place_with_a_second_publicity_decides_in_the_time_from_the_townships_word(
    programme: Programme, accepted_on: date, due_on: date, tmp_path: Path
) -> None:
    """Only the measures of 2012 count a time of its own from its end."""
    own = {"second_publicity_days": 7, "publicity_days": 7}
    place = notice(tmp_path, FUJIAN[:9], programme, since=accepted_on, **own)
    first = PublicityPosted(
        round=PublicityRound.FIRST, from_on=accepted_on, until_on=accepted_on + 7 * DAY
    )
    on = accepted_on + 10 * DAY
    case = spec(DETERMINATION, on=on, policy=policy(place))
    account = ACCOUNTS[programme](division=FUJIAN, accepted_on=accepted_on)
    so_far = case.given(account, proposed(), first)
    (event,) = so_far.when(Approve(actor=APPROVER), approve).events
    assert event.decision_due.on == due_on
