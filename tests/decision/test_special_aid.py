"""Who is referred to which special aid with the decision on dibao, by kind of difficulty."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    Decide,
    PostPublicity,
    Propose,
    approve,
    confirm,
    post_publicity,
    propose,
    refuse,
)
from services.decision.rules.special_aid import special_needs
from shared.contracts.assessments import Assistance
from shared.contracts.circumstances import AgeGroup, LabourAbility, MemberCircumstances, Occupation
from shared.contracts.decision import CaseConfirmed, CaseRefused
from shared.contracts.fields import Programme
from shared.contracts.publicity import PublicityRound
from shared.contracts.special_aid import SpecialAid, SpecialAidReferred, SpecialNeed
from shared.kernel.event import Event
from tests.decision.household import (
    APPROVER,
    EXPLANATION,
    OTHER,
    PROPOSER,
    given,
    objected,
    opened,
    policy,
    resolved,
)
from tests.decision.test_printed import printed
from tests.notices import notice
from tests.verification.circumstances import ILL, household, lives
from tests.verification.household import APPLICANT, DAUGHTER, HUSBAND, MOTHER, SHAANXI

GUIDANCE = date(2021, 5, 10)
DAY_BEFORE = date(2021, 5, 9)
AUGUST_2021 = date(2021, 8, 2)
BELOW, AT_EDGE = 2_399_99, 2_560_00

SICK = lives(MOTHER, **ILL)
PUPIL = lives(DAUGHTER, age=AgeGroup.UNDER_SIXTEEN, occupation=Occupation.SCHOOL)
JOBLESS = lives(HUSBAND, occupation=Occupation.NO_WORK)


def account(on: date, counted_fen: int, *members: MemberCircumstances, **found: Any) -> Event:
    circumstances = household(*members).model_copy(update=found)
    return opened(circumstances=circumstances, counted_income_fen=counted_fen, accepted_on=on)


def decided(
    on: date,
    counted_fen: int,
    *members: MemberCircumstances,
    folders: tuple[Path, ...] = (),
    upheld: bool = False,
    **found: Any,
) -> tuple[Event, ...]:
    """What is recorded by whoever refuses the household, or confirms it."""
    begun = account(on, counted_fen, *members, **found)
    command = Propose(actor=PROPOSER, explanation=EXPLANATION)
    proposed = given(begun, on=on, folders=folders).when(command, propose).events
    objection = (objected(), resolved(upheld=True)) if upheld else ()
    spec = given(begun, *proposed, *objection, on=on, folders=folders)
    return spec.when(Decide(actor=OTHER, role="township_approver"), refuse).events


def needs(events: tuple[Event, ...]) -> list[SpecialNeed]:
    return [n for e in events if isinstance(e, SpecialAidReferred) for n in e.needs]


@pytest.mark.mechanism("S2-3")
class TestARefusedHousehold:
    """并按照困难类型及时给予专项救助、临时救助."""

    def test_is_referred_by_each_kind_of_difficulty(self) -> None:
        events = decided(AUGUST_2021, AT_EDGE, JOBLESS, SICK, no_safe_home=True)
        assert needs(events) == [
            SpecialNeed(aid=SpecialAid.EMPLOYMENT, person_id=HUSBAND),
            SpecialNeed(aid=SpecialAid.MEDICAL, person_id=MOTHER),
            SpecialNeed(aid=SpecialAid.HOUSING),
        ]
        assert isinstance(events[-1], CaseRefused)
        told = printed(account(AUGUST_2021, AT_EDGE), *events)
        assert "医疗救助 / medical aid: 父母 / parent" in told
        assert "住房救助 / aid for housing: 家庭 / the household" in told

    def test_with_a_pupil_is_referred_to_education(self) -> None:
        assert needs(decided(AUGUST_2021, AT_EDGE, PUPIL)) == [
            SpecialNeed(aid=SpecialAid.EDUCATION, person_id=DAUGHTER)
        ]

    @pytest.mark.parametrize(
        "member",
        [
            lives(HUSBAND, occupation=Occupation.NO_WORK, labour=LabourAbility.NONE),
            lives(HUSBAND, occupation=Occupation.NO_WORK, age=AgeGroup.SIXTEEN_OR_SEVENTEEN),
            lives(HUSBAND, occupation=Occupation.UNSTEADY_WORK),
        ],
    )
    def test_is_not_referred_to_work_for_who_cannot_or_does(
        self, member: MemberCircumstances
    ) -> None:
        assert needs(decided(AUGUST_2021, AT_EDGE, member)) == []

    def test_without_difficulties_is_referred_nowhere(self) -> None:
        assert needs(decided(AUGUST_2021, AT_EDGE)) == []

    def test_that_is_nobody_of_low_income_is_not_referred(self) -> None:
        """At 1.5 standards of four the household is no edge household, and not kept in mind."""
        assert needs(decided(AUGUST_2021, 3_599_99, SICK)) != []
        assert needs(decided(AUGUST_2021, 3_600_00, SICK)) == []

    @pytest.mark.parametrize(("on", "referred"), [(DAY_BEFORE, False), (GUIDANCE, True)])
    def test_is_referred_since_the_guidance(self, on: date, *, referred: bool) -> None:
        """In Fujian until June 2021 who is ill enters alone: an able husband without work."""
        assert bool(needs(decided(on, AT_EDGE, JOBLESS))) is referred

    def test_is_referred_to_what_the_place_names(self, tmp_path: Path) -> None:
        only = notice(tmp_path, "35", special_aid_kinds=["medical"])
        events = decided(AUGUST_2021, AT_EDGE, JOBLESS, SICK, folders=(only,))
        assert [need.aid for need in needs(events)] == [SpecialAid.MEDICAL]

    def test_whose_account_does_not_hold_is_not_referred(self) -> None:
        assert needs(decided(AUGUST_2021, AT_EDGE, SICK, upheld=True)) == []


@pytest.mark.mechanism("S2-3")
def test_an_admitted_household_is_referred_once_beside_its_dibao() -> None:
    begun = account(AUGUST_2021, BELOW, SICK)
    command = Propose(actor=PROPOSER, explanation=EXPLANATION)
    proposed = given(begun, on=AUGUST_2021).when(command, propose).events
    public = (
        given(begun, *proposed, on=AUGUST_2021)
        .when(PostPublicity(round=PublicityRound.FIRST), post_publicity)
        .events
    )
    later = date(2021, 8, 16)
    spec = given(begun, *proposed, *public, on=later)
    approved = spec.when(Approve(actor=APPROVER), approve).events
    decision = Decide(actor=OTHER, role="township_approver")
    spec = given(begun, *proposed, *public, *approved, on=later)
    referred, confirmed = spec.when(decision, confirm).events
    assert isinstance(confirmed, CaseConfirmed)
    assert referred.needs == (SpecialNeed(aid=SpecialAid.MEDICAL, person_id=MOTHER),)
    assert referred.applicant == APPLICANT
    again = given(begun, *proposed, *public, *approved, referred, on=later)
    assert [type(e) for e in again.when(decision, confirm).events] == [CaseConfirmed]


@pytest.mark.mechanism("S2-3")
@pytest.mark.parametrize(
    ("found", "aids"),
    [
        (Assistance.RIGID_EXPENDITURE_HOUSEHOLD, [SpecialAid.TEMPORARY_ASSISTANCE]),
        (Assistance.EDGE_HOUSEHOLD, []),
    ],
)
def test_rigid_spending_asks_for_temporary_assistance(
    found: Assistance, aids: list[SpecialAid]
) -> None:
    regime = policy().at(SHAANXI, Programme.DIBAO, AUGUST_2021)
    assert [need.aid for need in special_needs(household(), {found}, regime)] == aids


@pytest.mark.mechanism("S2-3")
@pytest.mark.parametrize(("on", "aids"), [(DAY_BEFORE, []), (GUIDANCE, list(SpecialAid))])
def test_every_kind_of_difficulty_is_one_since_the_guidance(
    on: date, aids: list[SpecialAid]
) -> None:
    weighed = household(SICK, PUPIL, JOBLESS).model_copy(update={"no_safe_home": True})
    regime = policy().at(SHAANXI, Programme.DIBAO, on)
    found = special_needs(weighed, {Assistance.RIGID_EXPENDITURE_HOUSEHOLD}, regime)
    assert {need.aid for need in found} == set(aids)
