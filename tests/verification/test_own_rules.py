"""A place that rules one thing of a check by itself goes by the nation's rules for the rest."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.verification.decisions import (
    CompleteCheck,
    HoldReview,
    OpenCheck,
    complete,
    hold_review,
    open_check,
    record_home_visit,
)
from services.verification.model import CHECK
from shared.contracts.assessments import SinglePersonGround
from shared.contracts.circumstances import MemberCircumstances, Occupation
from shared.contracts.fields import DeductionKind, DeductionLine, Programme
from shared.contracts.home_visits import HomeVisitRecorded
from shared.contracts.residence import HomeCountyAsked
from shared.kernel.spec import Given, spec
from shared.policy import Policy
from tests.decision.children import DEAD, MISSING, child
from tests.notices import notice
from tests.verification import test_children, test_home_counties, test_regime_days, test_subsidies
from tests.verification.circumstances import ILL, PHYSICAL_2, PHYSICAL_3, SEVERE, lives
from tests.verification.household import (
    ALONE,
    FIRST,
    FUJIAN,
    HUSBAND,
    MOTHER,
    all_answered,
    home_visit,
    note,
    opened,
    visited,
    wage,
)
from tests.verification.test_deductions import CHENGDU
from tests.verification.test_waivers import LAST_DAY, waiving

FIRST_OF_220, FIRST_OF_57 = date(2012, 12, 12), date(2021, 7, 1)
DIBAO, TEKUN, AID = Programme.DIBAO, Programme.TEKUN, Programme.TEMPORARY_ASSISTANCE
CHILD = Programme.CHILD_ALLOWANCE
LIVING, CARE = Programme.DISABILITY_LIVING_SUBSIDY, Programme.DISABILITY_CARE_SUBSIDY
DAY = timedelta(days=1)
G = SinglePersonGround


class TestAPlaceThatAlwaysHoldsAReview:
    """Of five present none need be a representative, and it has no last day."""

    def visited(self, programme: Programme, on: date, folder: Path) -> Given:
        own = {"democratic_review_when": "always"}
        place = notice(folder, FUJIAN[:6], programme, since=on, **own)
        policy = Policy.load((place,))
        begun = opened(FUJIAN, on).model_copy(update={"programme": programme})
        stated: Any = test_regime_days.visit(programme, on)
        if programme is CHILD:
            begun = test_children.check(accepted_on=on)
            stated = test_children.visit(child(DEAD, MISSING), visited_on=on)
        elif programme in (LIVING, CARE):
            begun = test_subsidies.check(programme).model_copy(update={"accepted_on": on})
            stated = test_subsidies.visit(visited_on=on)
        elif programme is TEKUN:
            begun = begun.model_copy(update={"members": ALONE})
        case = spec(CHECK, on=on, policy=policy).given(begun)
        recorded = case.when(stated, record_home_visit).events[-1]
        assert isinstance(recorded, HomeVisitRecorded)
        assert recorded.review_due is None
        return case.given(recorded)

    @pytest.mark.parametrize(
        ("programme", "on"),
        [
            (DIBAO, FIRST_OF_57),
            (TEKUN, FIRST_OF_57),
            (AID, date(2014, 10, 3)),
            (CHILD, date(2020, 1, 1)),
            (LIVING, date(2016, 1, 1)),
            (CARE, date(2016, 1, 1)),
        ],
    )
    def test_asks_for_no_representatives_by_no_day_where_nobody_does(
        self, programme: Programme, on: date, tmp_path: Path
    ) -> None:
        review = HoldReview(
            held_on=on, present=5, representatives=0, agreed=5, upheld=True, minutes=note("minutes")
        )
        assert self.visited(programme, on, tmp_path).when(review, hold_review).events


WAIVED: dict[SinglePersonGround, MemberCircumstances] = {
    G.UNLIFTED_SEVERE_DISABILITY: lives(MOTHER, **PHYSICAL_2),
    G.UNLIFTED_SEVERE_ILLNESS: lives(MOTHER, **SEVERE),
    G.ILLNESS: lives(MOTHER, **ILL),
    G.DISABILITY: lives(MOTHER, **PHYSICAL_3),
    G.SCHOOLING: lives(MOTHER, occupation=Occupation.SCHOOL),
}
"""Somebody with each ground, of a household that is not lifted out of poverty."""


@pytest.mark.parametrize("ground", WAIVED)
@pytest.mark.parametrize(
    ("place", "on", "grounds"),
    [
        (CHENGDU, FIRST_OF_220, ()),
        (CHENGDU, date(2020, 3, 31), ()),
        (CHENGDU, date(2020, 4, 1), (G.UNLIFTED_SEVERE_DISABILITY, G.UNLIFTED_SEVERE_ILLNESS)),
        (FUJIAN, date(2020, 3, 30), ()),
        (FUJIAN, date(2020, 3, 31), (G.UNLIFTED_SEVERE_DISABILITY, G.UNLIFTED_SEVERE_ILLNESS)),
    ],
)
def test_a_place_where_all_may_enter_alone_waives_checks_on_the_grounds_above_it(
    place: str,
    on: date,
    grounds: tuple[SinglePersonGround, ...],
    ground: SinglePersonGround,
    tmp_path: Path,
) -> None:
    own = {"family_check_waiver_until": LAST_DAY, "single_person_grounds": [*map(str, WAIVED)]}
    policy = Policy.load((notice(tmp_path, place[:6], **own),))
    decided = waiving(WAIVED[ground], on=on, check=opened(place, on), policy=policy)
    if ground in grounds:
        assert [one.ground for one in decided.events[0].waiver.persons] == [ground]
    else:
        decided.refuses("family-waiver-without-ground")


@pytest.mark.parametrize("kind", [DeductionKind.EMPLOYMENT, DeductionKind.ILLNESS])
def test_a_place_that_deducts_something_since_2012_takes_a_plain_statement_of_it(
    kind: DeductionKind, tmp_path: Path
) -> None:
    policy = Policy.load((notice(tmp_path, CHENGDU[:6], income_deductions=[kind.value]),))
    line = DeductionLine(kind=kind, amount_fen=100_00)
    stated = home_visit(FIRST_OF_220, income=(wage(HUSBAND, 2_900_00),), deductions=(line,))
    case = spec(CHECK, on=FIRST_OF_220, policy=policy).given(opened(CHENGDU, FIRST_OF_220))
    (recorded,) = case.when(stated, record_home_visit).events
    assert recorded.deductions == (line,)


def test_a_place_that_asks_home_counties_since_2012_goes_on_without_their_answer(
    tmp_path: Path,
) -> None:
    own = {"home_county_answers_within_working_days": 10, "democratic_review_when": "optional"}
    policy = Policy.load((notice(tmp_path, "61", **own),))
    begun = opened(test_home_counties.HERE, FIRST_OF_220)
    opening = OpenCheck(
        **begun.model_dump(exclude={"kin_filed"}), residences=test_home_counties.AWAY
    )
    asking = spec(CHECK, on=FIRST_OF_220, policy=policy).when(opening, open_check).events
    until = max(one.answer_due.on for one in asking if isinstance(one, HomeCountyAsked))
    assert until == date(2012, 12, 26)
    so_far = (*asking, *all_answered(), visited(FIRST_OF_220))
    done = CompleteCheck(actor=FIRST)
    waiting = spec(CHECK, on=until, policy=policy).given(*so_far)
    waiting.when(done, complete).refuses("home-county-outstanding")
    assert spec(CHECK, on=until + DAY, policy=policy).given(*so_far).when(done, complete).events
