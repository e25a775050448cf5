"""Who of those that applied counts into the household, and who is left out with which reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.verification.decisions import CompleteCheck, complete, record_home_visit
from services.verification.model import CHECK
from shared.contracts.circumstances import (
    Absence,
    AgeGroup,
    LabourAbility,
    LeftOut,
    LeftOutReason,
    MemberCircumstances,
    Occupation,
)
from shared.contracts.fields import Member, Relation
from shared.contracts.verification import CheckCompleted
from shared.kernel.spec import Decided, Given, spec
from tests.verification.circumstances import household, lives
from tests.verification.household import (
    APPLICANT,
    ASKED,
    DAUGHTER,
    HUSBAND,
    MOTHER,
    STRANGER,
    all_answered,
    answered,
    asked,
    home_visit,
    opened,
    reviewed,
    wage,
)

FIRST_OF_220, LAST_OF_220 = date(2012, 12, 12), date(2021, 6, 30)
FIRST_OF_57 = date(2021, 7, 1)
DAYS = (FIRST_OF_220, LAST_OF_220, FIRST_OF_57)
CLERGY: dict[str, Any] = {"clergy_apart": True}
AWAY: dict[str, Any] = {"lives_apart": True}


def absent(why: Absence) -> dict[str, Any]:
    return {"absence": why}


def surveyed(on: date, *found: MemberCircumstances) -> Given:
    """A check opened and visited on a day; the others are healthy adults at home with work."""
    start = opened(accepted_on=on)
    visit = home_visit(
        on,
        income=(wage(HUSBAND, 2_600_00), wage(MOTHER, 500_00), wage(DAUGHTER, 300_00)),
        circumstances=household(*found),
    )
    begun = spec(CHECK, on=on).given(start, *asked(), *all_answered())
    (recorded, *rest) = begun.when(visit, record_home_visit).events
    return begun.given(recorded, *rest, reviewed(on))


def account(on: date, *found: MemberCircumstances) -> CheckCompleted:
    (completed,) = surveyed(on, *found).when(CompleteCheck(actor=STRANGER), complete).events
    assert isinstance(completed, CheckCompleted)
    return completed


def left_out(on: date, *found: MemberCircumstances) -> dict[Relation, str]:
    """Who does not count, and why; of everybody else the account has the income."""
    completed = account(on, *found)
    gone = completed.left_out or ()
    ids = {one.person_id for one in gone}
    assert {member.person_id for member in completed.members}.isdisjoint(ids)
    assert {line.person_id for line in completed.income}.isdisjoint(ids)
    assert len(completed.members) + len(gone) == 4
    return {one.relation: one.reason.value for one in gone}


@pytest.mark.parametrize("on", DAYS)
def test_all_who_live_together_count(on: date) -> None:
    minor = lives(DAUGHTER, age=AgeGroup.UNDER_SIXTEEN)
    assert left_out(on, minor) == {}
    assert left_out(on) == {}
    assert account(on, minor).left_out is None


@pytest.mark.parametrize(
    ("on", "counts"), [(FIRST_OF_220, True), (LAST_OF_220, True), (FIRST_OF_57, False)]
)
def test_parents_who_live_apart_count_under_the_measures_of_2012_alone(
    on: date, counts: bool
) -> None:
    apart = {} if counts else {Relation.PARENT: "not_living_together"}
    assert left_out(on, lives(MOTHER, **AWAY)) == apart


@pytest.mark.parametrize("on", DAYS)
class TestWhereverTheyLive:
    def test_a_spouse_counts(self, on: date) -> None:
        assert left_out(on, lives(HUSBAND, **AWAY)) == {}

    @pytest.mark.parametrize("age", [AgeGroup.UNDER_SIXTEEN, AgeGroup.SIXTEEN_OR_SEVENTEEN])
    def test_a_minor_child_counts(self, on: date, age: AgeGroup) -> None:
        assert left_out(on, lives(DAUGHTER, age=age, **AWAY)) == {}

    @pytest.mark.parametrize(
        "found", [{"occupation": Occupation.SCHOOL}, {"labour": LabourAbility.NONE}]
    )
    def test_a_grown_child_counts_who_cannot_live_independently(
        self, on: date, found: dict[str, Any]
    ) -> None:
        assert left_out(on, lives(DAUGHTER, **found, **AWAY)) == {}

    def test_another_grown_child_does_not(self, on: date) -> None:
        assert left_out(on, lives(DAUGHTER, **AWAY)) == {Relation.CHILD: "not_living_together"}
        assert left_out(on, lives(DAUGHTER)) == {}

    @pytest.mark.parametrize(("found", "counts"), [({}, True), (AWAY, False)])
    def test_another_dependent_does_not(
        self, on: date, found: dict[str, Any], counts: bool
    ) -> None:
        members = (
            Member(person_id=APPLICANT, relation=Relation.APPLICANT),
            Member(person_id=MOTHER, relation=Relation.OTHER_DEPENDENT),
        )
        start = opened(accepted_on=on).model_copy(update={"members": members})
        described = household(lives(MOTHER, **found))
        two = tuple(one for one in described.members if one.person_id in (APPLICANT, MOTHER))
        visit = home_visit(on, circumstances=described.model_copy(update={"members": two}))
        heard = (answered(department) for department in ASKED)
        begun = spec(CHECK, on=on).given(start, *asked(), *heard)
        done = begun.given(*begun.when(visit, record_home_visit).events, reviewed(on))
        (completed,) = done.when(CompleteCheck(actor=STRANGER), complete).events
        assert (MOTHER in [one.person_id for one in completed.members]) is counts


class TestExcluded:
    """220, art. 5: clergy and prisoners; 57, art. 7: compulsory detox and declared missing too."""

    @pytest.mark.parametrize("on", DAYS)
    @pytest.mark.parametrize(
        ("found", "reason"),
        [(CLERGY, "clergy_three_years"), (absent(Absence.PRISONER), "prisoner")],
    )
    def test_since_2012(self, on: date, found: dict[str, Any], reason: str) -> None:
        assert left_out(on, lives(HUSBAND, **found)) == {Relation.SPOUSE: reason}
        minor = lives(DAUGHTER, age=AgeGroup.SIXTEEN_OR_SEVENTEEN, **found)
        assert left_out(on, minor) == {Relation.CHILD: reason}

    @pytest.mark.parametrize(
        ("on", "counts"), [(FIRST_OF_220, True), (LAST_OF_220, True), (FIRST_OF_57, False)]
    )
    @pytest.mark.parametrize("why", [Absence.COMPULSORY_DETOX, Absence.DECLARED_MISSING])
    def test_since_2021(self, on: date, counts: bool, why: Absence) -> None:
        gone = {} if counts else {Relation.SPOUSE: why.value}
        assert left_out(on, lives(HUSBAND, **absent(why))) == gone

    @pytest.mark.parametrize(("on", "source"), [(LAST_OF_220, "220号"), (FIRST_OF_57, "57号")])
    @pytest.mark.parametrize("found", [CLERGY, absent(Absence.PRISONER)])
    def test_the_applicant_is_not_one_who_is(
        self, on: date, source: str, found: dict[str, Any]
    ) -> None:
        visit = home_visit(on, circumstances=household(lives(APPLICANT, **found)))
        refusal = self.recording(opened(accepted_on=on), visit, on).refuses("applicant-left-out")
        assert source in refusal.source
        assert refusal.status == 422

    def test_clergy_apply_for_themselves_and_count_then(self) -> None:
        alone = opened(accepted_on=FIRST_OF_57)
        members = alone.members[:1]
        alone = alone.model_copy(update={"members": members})
        found = household(lives(APPLICANT, **CLERGY))
        own = found.model_copy(update={"members": found.members[:1]})
        visit = home_visit(FIRST_OF_57, circumstances=own)
        assert self.recording(alone, visit, FIRST_OF_57).events

    @staticmethod
    def recording(start: Any, visit: Any, on: date) -> Decided:
        begun = spec(CHECK, on=on).given(start, *asked(), *all_answered())
        return begun.when(visit, record_home_visit)


def test_the_account_is_without_what_who_is_left_out_earns() -> None:
    """What was stated of the husband, and what the tax office knows of his wages, go with him."""
    prisoner = lives(HUSBAND, **absent(Absence.PRISONER))
    whole, without = account(FIRST_OF_57), account(FIRST_OF_57, prisoner)
    assert whole.counted_income_fen == 2_600_00 + 500_00 + 300_00
    assert without.counted_income_fen == 500_00 + 300_00
    assert without.left_out == (
        LeftOut(person_id=HUSBAND, relation=Relation.SPOUSE, reason=LeftOutReason.PRISONER),
    )
    assert without.circumstances is not None
    assert HUSBAND not in {one.person_id for one in without.circumstances.members}
