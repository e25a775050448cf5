"""What an account comes to besides dibao of the household: singly, edge household, watch list."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

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
from shared.calendar import Month
from shared.contracts.assessments import (
    Assessed,
    AssessmentDrawnUp,
    AssessmentReason,
    Assistance,
    Outcome,
    SinglePersonGround,
    TopUpKind,
)
from shared.contracts.circumstances import (
    AgeGroup,
    Disability,
    DisabilityKind,
    HouseholdCircumstances,
    Illness,
    LabourAbility,
    MemberCircumstances,
    Occupation,
    PovertyStanding,
)
from shared.contracts.decision import BenefitProposed, CaseConfirmed, CaseRefused, RefusalReason
from shared.contracts.fields import (
    Programme,
)
from shared.contracts.publicity import PublicityRound
from shared.contracts.recognition import (
    HardshipGround,
    HouseholdRecognised,
    HouseholdStatus,
    PotentialRecipientListed,
)
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.household import (
    APPROVER,
    EXPLANATION,
    FOUR,
    OTHER,
    PROPOSER,
    given,
    objected,
    opened,
    posted,
    resolved,
)
from tests.notices import notice
from tests.verification.household import (
    APPLICANT,
    DAUGHTER,
    DAYAO,
    FUJIAN,
    HUSBAND,
    MOTHER,
    SHAANXI,
    wage,
)

PROPOSE = Propose(actor=PROPOSER, explanation=EXPLANATION)
G = SinglePersonGround
NONE, UNLIFTED, LIFTED = PovertyStanding
BAOJI, JILIN_CITY = "610302000000", "220203000000"

MAY_2020 = date(2020, 5, 18)
AUGUST_2021 = date(2021, 8, 2)
AT_EDGE_FEN = 4 * 900_00
"""1.5 times the standard of 600 for four persons."""


def lives(person_id: UUID, **changed: Any) -> MemberCircumstances:
    """A healthy adult with steady work, but for what is said."""
    stated: dict[str, Any] = {
        "person_id": person_id,
        "age": AgeGroup.EIGHTEEN_TO_FIFTY_NINE,
        "labour": LabourAbility.FULL,
        "occupation": Occupation.STEADY_WORK,
    }
    return MemberCircumstances(**(stated | changed))


def disabled(kind: DisabilityKind, grade: int) -> dict[str, Disability]:
    return {"disability": Disability(kind=kind, grade=grade)}


PHYSICAL_2 = disabled(DisabilityKind.PHYSICAL, 2)
PHYSICAL_3 = disabled(DisabilityKind.PHYSICAL, 3)
MENTAL_3 = disabled(DisabilityKind.MENTAL, 3)
MENTAL_4 = disabled(DisabilityKind.MENTAL, 4)
INTELLECTUAL_3 = disabled(DisabilityKind.INTELLECTUAL, 3)
SEVERE, MAJOR, ILL = (
    {"illness": illness} for illness in (Illness.SEVERE, Illness.MAJOR, Illness.ILL)
)
UNABLE: dict[str, Any] = {"labour": LabourAbility.NONE, "occupation": Occupation.NO_WORK}
DEPENDENT: dict[str, Any] = {"labour": LabourAbility.PARTIAL, "cannot_register_apart": True}


def household(
    *members: MemberCircumstances, poverty: PovertyStanding = NONE
) -> HouseholdCircumstances:
    """The four of the story, the others healthy and at steady work."""
    told = {member.person_id: member for member in members}
    ids = (APPLICANT, HUSBAND, DAUGHTER, MOTHER)
    return HouseholdCircumstances(
        poverty=poverty, members=tuple(told.get(id_, lives(id_)) for id_ in ids)
    )


def assessed(
    *members: MemberCircumstances,
    on: date = MAY_2020,
    poverty: PovertyStanding = NONE,
    folders: tuple[Path, ...] = (),
    **changed: Any,
) -> Decided:
    """What is proposed of four persons with 640 a head after deductions, unless said otherwise."""
    account = {"counted_income_fen": 2_560_00, "accepted_on": on} | changed
    begun = opened(circumstances=household(*members, poverty=poverty), **account)
    return given(begun, on=on, folders=folders).when(PROPOSE, propose)


def outcome(decided: Decided, assistance: Assistance) -> Assessed:
    drawn_up = decided.events[0]
    assert isinstance(drawn_up, AssessmentDrawnUp)
    (found,) = [one for one in drawn_up.outcomes if one.assistance is assistance]
    return found


def grounds(decided: Decided) -> list[tuple[UUID, SinglePersonGround]]:
    """Who enters alone, on what ground."""
    found = outcome(decided, Assistance.SINGLE_PERSON_DIBAO)
    return [(one.person_id, one.ground) for one in found.persons]


def ended(decided: Decided, on: date, *, role: str = "township_approver") -> tuple[Event, ...]:
    """What is recorded when the proposal to refuse is followed by other hands."""
    account = opened(
        circumstances=household(lives(HUSBAND, occupation=Occupation.UNSTEADY_WORK)),
        counted_income_fen=2_560_00,
        accepted_on=on,
    )
    spec = given(account, *decided.events, on=on)
    return spec.when(Decide(actor=OTHER, role=role), refuse).events


class TestWorkedCase21:
    """640 a head after deductions, standard 600, unsteady work, nobody ill, disabled, in school."""

    UNSTEADY = lives(HUSBAND, occupation=Occupation.UNSTEADY_WORK)

    @pytest.mark.mechanism("S0-3", "S1-3")
    def test_case_21_in_2020_is_refused_with_a_reason_and_kept_in_mind(self) -> None:
        decided = assessed(self.UNSTEADY)
        assert decided.events[1].reason is RefusalReason.INCOME_NOT_BELOW_STANDARD
        listed, refused = ended(decided, MAY_2020)
        assert isinstance(listed, PotentialRecipientListed)
        assert listed.hardship == (
            HardshipGround.UNSTEADY_WORK,
            HardshipGround.INCOME_NEAR_STANDARD,
        )
        assert listed.members == FOUR
        assert isinstance(refused, CaseRefused)

    @pytest.mark.mechanism("S4-10")
    def test_case_21_in_2021_is_an_edge_household(self) -> None:
        decided = assessed(self.UNSTEADY, on=AUGUST_2021)
        recognised, refused = ended(decided, AUGUST_2021)
        assert isinstance(recognised, HouseholdRecognised)
        assert recognised.status is HouseholdStatus.EDGE_HOUSEHOLD
        assert isinstance(refused, CaseRefused)

    @pytest.mark.mechanism("S2-16", "S4-33")
    def test_what_each_comes_to_is_told_with_its_reason(self) -> None:
        told = [(one.outcome, one.reason) for one in assessed(self.UNSTEADY).events[0].outcomes]
        assert told == [
            (Outcome.DOES_NOT_QUALIFY, AssessmentReason.INCOME_NOT_BELOW_STANDARD),
            (Outcome.DOES_NOT_QUALIFY, AssessmentReason.NO_SINGLE_PERSON_GROUND),
            (Outcome.NOT_PROVIDED_FOR, AssessmentReason.REGIME_HAS_NONE),
            (Outcome.NOT_PROVIDED_FOR, AssessmentReason.REGIME_HAS_NONE),
            (Outcome.QUALIFIES, AssessmentReason.IN_HARDSHIP),
        ]

    def test_who_is_far_above_the_standard_is_not_kept_in_mind(self) -> None:
        at = assessed(self.UNSTEADY, counted_income_fen=AT_EDGE_FEN)
        assert outcome(at, Assistance.WATCH_LIST).reason is AssessmentReason.NOT_IN_HARDSHIP
        below = assessed(self.UNSTEADY, counted_income_fen=AT_EDGE_FEN - 1)
        assert outcome(below, Assistance.WATCH_LIST).outcome is Outcome.QUALIFIES

    def test_before_the_plan_of_2020_there_is_no_list(self) -> None:
        for on, found in (
            (date(2020, 3, 31), Outcome.QUALIFIES),  # Fujian's plan
            (date(2020, 3, 30), Outcome.NOT_PROVIDED_FOR),
        ):
            assert outcome(assessed(on=on), Assistance.WATCH_LIST).outcome is found

    def test_an_upheld_objection_leaves_nothing_behind(self) -> None:
        decided = assessed(self.UNSTEADY, counted_income_fen=2_200_00)
        account = opened(circumstances=household(self.UNSTEADY), accepted_on=MAY_2020)
        begun = given(account, *decided.events, posted(), objected(), resolved(upheld=True))
        (event,) = begun.when(Decide(actor=OTHER, role="township_approver"), refuse).events
        assert event.reason is RefusalReason.OBJECTION_UPHELD


class TestTheEdge:
    """民发〔2021〕57号, art. 8: below 1.5 times the standard, property within the limits."""

    @pytest.mark.parametrize(
        ("counted_fen", "found"),
        [
            (AT_EDGE_FEN - 1, AssessmentReason.INCOME_BELOW_EDGE),
            (AT_EDGE_FEN, AssessmentReason.INCOME_NOT_BELOW_EDGE),
        ],
    )
    def test_income_lies_strictly_below(self, counted_fen: int, found: AssessmentReason) -> None:
        decided = assessed(on=AUGUST_2021, counted_income_fen=counted_fen)
        assert outcome(decided, Assistance.EDGE_HOUSEHOLD).reason is found

    @pytest.mark.parametrize(
        ("on", "found"),
        [
            (date(2021, 6, 30), Outcome.NOT_PROVIDED_FOR),
            (date(2021, 7, 1), Outcome.QUALIFIES),
            (date(2026, 6, 30), Outcome.QUALIFIES),
            (date(2026, 7, 1), Outcome.NOT_PROVIDED_FOR),  # the province sets the limit
        ],
    )
    def test_it_holds_from_day_to_day(self, on: date, found: Outcome) -> None:
        assert outcome(assessed(on=on), Assistance.EDGE_HOUSEHOLD).outcome is found

    def test_property_above_the_limit_is_no_edge_and_no_hardship(self) -> None:
        decided = assessed(on=AUGUST_2021, houses=2)
        for kind in (Assistance.EDGE_HOUSEHOLD, Assistance.WATCH_LIST):
            assert outcome(decided, kind).reason is AssessmentReason.PROPERTY_ABOVE_LIMIT

    def test_a_poor_household_with_too_much_property_is_no_edge_household_either(self) -> None:
        decided = assessed(on=AUGUST_2021, counted_income_fen=0, houses=2)
        assert decided.events[1].reason is RefusalReason.PROPERTY_ABOVE_LIMIT
        found = outcome(decided, Assistance.EDGE_HOUSEHOLD)
        assert found.reason is AssessmentReason.PROPERTY_ABOVE_LIMIT


Row = tuple[str, date, PovertyStanding, dict[str, Any], SinglePersonGround | None]
BEFORE, ACTION = date(2020, 3, 31), date(2020, 4, 1)
GUIDANCE, EVE, UNIFIED = date(2021, 5, 10), date(2021, 6, 30), date(2021, 7, 1)
NOTICE, LAW = date(2022, 10, 20), date(2026, 7, 1)

IN_SHAANXI: list[Row] = [
    # 民发〔2012〕220号, art. 10: adult, severe, unable to work, registered apart.
    (SHAANXI, BEFORE, NONE, PHYSICAL_2 | UNABLE | {"own_registration": True},
     G.ADULT_SEVERE_DISABILITY_OWN_HOUSEHOLD),
    (SHAANXI, BEFORE, NONE, PHYSICAL_2 | UNABLE, None),
    (SHAANXI, BEFORE, NONE, PHYSICAL_3 | UNABLE | {"own_registration": True}, None),
    (SHAANXI, BEFORE, NONE, PHYSICAL_2 | UNABLE | {"own_registration": True,
     "age": AgeGroup.SIXTEEN_OR_SEVENTEEN}, None),
    (SHAANXI, BEFORE, NONE, PHYSICAL_2 | {"own_registration": True}, None),
    (SHAANXI, BEFORE, NONE, {"clergy_apart": True}, G.CLERGY_THREE_YEARS),
    # The plan of 2020: registered poor and not lifted, severely disabled or ill.
    (SHAANXI, BEFORE, UNLIFTED, PHYSICAL_2, None),
    (SHAANXI, ACTION, UNLIFTED, PHYSICAL_2, G.UNLIFTED_SEVERE_DISABILITY),
    (SHAANXI, ACTION, UNLIFTED, PHYSICAL_3, None),
    (SHAANXI, ACTION, LIFTED, PHYSICAL_2, None),
    (SHAANXI, ACTION, UNLIFTED, SEVERE, G.UNLIFTED_SEVERE_ILLNESS),
    (SHAANXI, ACTION, UNLIFTED, ILL, None),
    # The guidance of 2021: of the low-income population.
    (SHAANXI, date(2021, 5, 9), NONE, PHYSICAL_2, None),
    (SHAANXI, GUIDANCE, NONE, PHYSICAL_2, G.LOW_INCOME_SEVERE_DISABILITY),
    (SHAANXI, EVE, NONE, MAJOR, G.LOW_INCOME_SEVERE_ILLNESS),
    # 民发〔2021〕57号, art. 8: of edge households.
    (SHAANXI, UNIFIED, NONE, PHYSICAL_2, G.EDGE_SEVERE_DISABILITY),
    (SHAANXI, UNIFIED, NONE, PHYSICAL_3, None),
    (SHAANXI, UNIFIED, NONE, MENTAL_3, G.EDGE_GRADE_THREE_INTELLECTUAL_OR_MENTAL),
    (SHAANXI, UNIFIED, NONE, INTELLECTUAL_3, G.EDGE_GRADE_THREE_INTELLECTUAL_OR_MENTAL),
    (SHAANXI, UNIFIED, NONE, MENTAL_4, None),
    (SHAANXI, UNIFIED, NONE, MAJOR, G.EDGE_MAJOR_ILLNESS),
    (SHAANXI, UNIFIED, NONE, SEVERE, None),
    (SHAANXI, UNIFIED, UNLIFTED, {"illness": Illness.SEVERE}, None),
    (SHAANXI, UNIFIED, NONE, {"clergy_apart": True}, G.CLERGY_THREE_YEARS),
]  # fmt: skip
IN_FUJIAN: list[Row] = [
    (FUJIAN, BEFORE, NONE, ILL, G.ILLNESS),
    (FUJIAN, date(2020, 3, 30), NONE, ILL, None),
    (FUJIAN, MAY_2020, NONE, disabled(DisabilityKind.HEARING, 4), G.DISABILITY),
    (FUJIAN, MAY_2020, NONE, {"occupation": Occupation.SCHOOL}, G.SCHOOLING),
    (FUJIAN, MAY_2020, NONE, {"occupation": Occupation.UNSTEADY_WORK}, None),
    (FUJIAN, EVE, NONE, ILL, G.ILLNESS),
    (FUJIAN, UNIFIED, NONE, ILL, None),
]
IN_DAYAO: list[Row] = [
    (DAYAO, MAY_2020, LIFTED, PHYSICAL_2 | DEPENDENT, G.POOR_DEPENDENT_DISABILITY),
    (DAYAO, MAY_2020, LIFTED, MENTAL_4 | DEPENDENT, G.POOR_DEPENDENT_DISABILITY),
    (DAYAO, MAY_2020, LIFTED, PHYSICAL_3 | DEPENDENT, None),
    (DAYAO, MAY_2020, NONE, PHYSICAL_2 | DEPENDENT, None),
    (DAYAO, MAY_2020, LIFTED, PHYSICAL_2 | DEPENDENT | {"cannot_register_apart": False}, None),
    (DAYAO, MAY_2020, LIFTED, PHYSICAL_2 | DEPENDENT | {"labour": LabourAbility.FULL}, None),
    (DAYAO, MAY_2020, LIFTED, MAJOR | DEPENDENT, G.POOR_DEPENDENT_MAJOR_ILLNESS),
    (DAYAO, MAY_2020, LIFTED, SEVERE | DEPENDENT, None),
    (DAYAO, MAY_2020, UNLIFTED, SEVERE | DEPENDENT, G.UNLIFTED_SEVERE_ILLNESS),
]
JOBLESS: dict[str, Any] = PHYSICAL_2 | {"occupation": Occupation.NO_WORK}
FAR_ABOVE: list[Row] = [
    # 民发〔2022〕83号: an adult without work and severely disabled, whatever the family has.
    (SHAANXI, date(2022, 10, 19), NONE, JOBLESS, None),
    (SHAANXI, NOTICE, NONE, JOBLESS, G.ADULT_JOBLESS_SEVERE_DISABILITY),
    (SHAANXI, NOTICE, NONE, PHYSICAL_2, None),
    (SHAANXI, NOTICE, NONE, JOBLESS | {"age": AgeGroup.SIXTEEN_OR_SEVENTEEN}, None),
    (SHAANXI, LAW, NONE, JOBLESS, G.ADULT_JOBLESS_SEVERE_DISABILITY),
    # Low income is asked for by the guidance and by Fujian; not by the plan of 2020.
    (SHAANXI, GUIDANCE, NONE, PHYSICAL_2, None),
    (FUJIAN, MAY_2020, NONE, ILL, None),
    (FUJIAN, MAY_2020, UNLIFTED, SEVERE, G.UNLIFTED_SEVERE_ILLNESS),
]


class TestWhoeverIsPoor:
    """“符合低保政策的人员全部纳入农村低保范围”: unlifted, lifted and poor again, newly poor."""

    @pytest.mark.mechanism("S0-7", "S1-7")
    @pytest.mark.parametrize("poverty", PovertyStanding)
    @pytest.mark.parametrize(("region", "standard_fen"), [(FUJIAN, 600_00), (DAYAO, 375_00)])
    def test_is_included_below_the_standard_whatever_the_register_says(
        self, region: str, standard_fen: int, poverty: PovertyStanding
    ) -> None:
        below, at = (
            outcome(
                assessed(division=region, poverty=poverty, counted_income_fen=counted_fen),
                Assistance.HOUSEHOLD_DIBAO,
            ).outcome
            for counted_fen in (4 * standard_fen - 1, 4 * standard_fen)
        )
        assert (below, at) == (Outcome.QUALIFIES, Outcome.DOES_NOT_QUALIFY)


class TestSinglePersons:
    @pytest.mark.mechanism("S0-8", "S1-10", "S2-17", "S3-18", "S4-11")
    @pytest.mark.parametrize(
        ("region", "on", "poverty", "found", "ground"), IN_SHAANXI + IN_FUJIAN + IN_DAYAO
    )
    def test_the_ground_of_the_place_and_the_day(
        self,
        region: str,
        on: date,
        poverty: PovertyStanding,
        found: dict[str, Any],
        ground: SinglePersonGround | None,
    ) -> None:
        """Of four with just more than the standard a head; the applicant is the one."""
        standard_fen = {FUJIAN: 600_00, DAYAO: 375_00, SHAANXI: 500_00}[region]
        decided = assessed(
            lives(APPLICANT, **found),
            on=on,
            poverty=poverty,
            division=region,
            counted_income_fen=4 * standard_fen + 1,
        )
        assert grounds(decided) == ([] if ground is None else [(APPLICANT, ground)])

    @pytest.mark.parametrize(("region", "on", "poverty", "found", "ground"), FAR_ABOVE)
    def test_a_family_far_above_the_standard(
        self,
        region: str,
        on: date,
        poverty: PovertyStanding,
        found: dict[str, Any],
        ground: SinglePersonGround | None,
    ) -> None:
        decided = assessed(
            lives(APPLICANT, **found),
            on=on,
            poverty=poverty,
            division=region,
            counted_income_fen=4 * 3_000_00,
        )
        assert grounds(decided) == ([] if ground is None else [(APPLICANT, ground)])

    def test_nobody_enters_alone_from_a_household_that_qualifies(self) -> None:
        decided = assessed(
            lives(MOTHER, **PHYSICAL_2), on=AUGUST_2021, counted_income_fen=4 * 600_00 - 1
        )
        singly = outcome(decided, Assistance.SINGLE_PERSON_DIBAO)
        assert (singly.outcome, singly.persons) == (Outcome.NOT_REACHED, ())
        assert decided.events[1].amount_fen == 1

    @pytest.mark.mechanism("S1-11")
    def test_fujian_pays_the_full_standard_for_illness_disability_and_school(self) -> None:
        decided = assessed(lives(MOTHER, **ILL), income=(wage(MOTHER, 100_00),))
        (person,) = outcome(decided, Assistance.SINGLE_PERSON_DIBAO).persons
        assert (person.own_income_fen, person.amount_fen) == (100_00, 600_00)
        assert decided.events[1].amount_fen == 600_00

    @pytest.mark.parametrize(
        ("own_fen", "amount_fen"), [(0, 600_00), (100_00, 500_00), (599_99, 1), (600_00, None)]
    )
    def test_elsewhere_the_gap_of_their_own_income(
        self, own_fen: int, amount_fen: int | None
    ) -> None:
        decided = assessed(
            lives(MOTHER, **PHYSICAL_2), on=AUGUST_2021, income=(wage(MOTHER, own_fen),)
        )
        singly = outcome(decided, Assistance.SINGLE_PERSON_DIBAO)
        assert singly.amount_fen == amount_fen
        if amount_fen is None:
            assert singly.reason is AssessmentReason.OWN_INCOME_NOT_BELOW_STANDARD

    def test_two_enter_alone_each_with_their_own_figure(self) -> None:
        decided = assessed(
            lives(MOTHER, **PHYSICAL_2),
            lives(DAUGHTER, **MAJOR),
            on=AUGUST_2021,
            income=(wage(MOTHER, 100_00),),
        )
        proposal = decided.events[1]
        assert (proposal.persons, proposal.counted_income_fen) == (2, 100_00)
        assert proposal.amount_fen == 600_00 + 500_00

    def test_dayao_asks_for_their_own_application(self) -> None:
        poor = {"division": DAYAO, "poverty": LIFTED, "counted_income_fen": 4 * 375_00 + 1}
        own = assessed(lives(APPLICANT, **PHYSICAL_2, **DEPENDENT), **poor)
        assert grounds(own) == [(APPLICANT, G.POOR_DEPENDENT_DISABILITY)]
        anothers = assessed(lives(MOTHER, **PHYSICAL_2, **DEPENDENT), **poor)
        assert grounds(anothers) == []

    def test_without_circumstances_nobody_can_be_found(self) -> None:
        account = opened(counted_income_fen=2_560_00, accepted_on=MAY_2020)
        decided = given(account, on=MAY_2020).when(PROPOSE, propose)
        singly = outcome(decided, Assistance.SINGLE_PERSON_DIBAO)
        assert singly.reason is AssessmentReason.CIRCUMSTANCES_UNKNOWN

    def test_who_enters_alone_is_confirmed_alone_and_the_household_as_edge(self) -> None:
        decided = assessed(lives(MOTHER, **PHYSICAL_2), on=AUGUST_2021)
        account = opened(
            circumstances=household(lives(MOTHER, **PHYSICAL_2)),
            counted_income_fen=2_560_00,
            accepted_on=AUGUST_2021,
        )
        proposal = decided.events[1]
        assert isinstance(proposal, BenefitProposed)
        spec = given(account, *decided.events, on=AUGUST_2021)
        (publicity,) = spec.when(PostPublicity(round=PublicityRound.FIRST), post_publicity).events
        later = date(2021, 8, 10)
        spec = given(account, *decided.events, publicity, on=later)
        (approval,) = spec.when(Approve(actor=APPROVER), approve).events
        spec = given(account, *decided.events, publicity, approval, on=later)
        recognised, event = spec.when(Decide(actor=OTHER, role="township_approver"), confirm).events
        assert isinstance(recognised, HouseholdRecognised)
        assert recognised.members == FOUR
        assert event == CaseConfirmed(
            programme=Programme.DIBAO,
            division=FUJIAN,
            payee=APPLICANT,
            members=FOUR[3:],
            amount_fen=600_00,
            pay_from=Month(2021, 9),
        )


class TestTopUps:
    """分类施保: a share of the standard by category, the highest only (Baoji, Jilin City)."""

    @pytest.mark.mechanism("S4-13", "S1-12")
    @pytest.mark.parametrize(
        ("region", "found", "kind", "amount_fen"),
        [
            (BAOJI, {"age": AgeGroup.SEVENTY_OR_OVER}, TopUpKind.SEVENTY_OR_OVER, 150_00),
            (BAOJI, {"age": AgeGroup.SIXTY_TO_SIXTY_NINE}, None, 0),
            (BAOJI, {"age": AgeGroup.SIXTEEN_OR_SEVENTEEN}, TopUpKind.MINOR, 150_00),
            (BAOJI, PHYSICAL_2, TopUpKind.SEVERE_DISABILITY, 250_00),
            (BAOJI, PHYSICAL_3, None, 0),
            (BAOJI, SEVERE, TopUpKind.SEVERE_ILLNESS, 250_00),
            (BAOJI, ILL, None, 0),
            (BAOJI, {"age": AgeGroup.SEVENTY_OR_OVER} | SEVERE, TopUpKind.SEVERE_ILLNESS, 250_00),
            (SHAANXI, SEVERE, None, 0),
        ],
    )
    def test_the_highest_of_a_members_categories_is_added(
        self, region: str, found: dict[str, Any], kind: TopUpKind | None, amount_fen: int
    ) -> None:
        decided = assessed(
            lives(MOTHER, **found), on=AUGUST_2021, division=region, counted_income_fen=1_900_00
        )
        proposal = decided.events[1]
        assert proposal.amount_fen == 100_00 + amount_fen
        kinds = [topup.kind for topup in proposal.topups or ()]
        assert kinds == ([] if kind is None else [kind])

    @pytest.mark.parametrize(
        ("found", "share"),
        [
            (SEVERE, 300),
            (PHYSICAL_2, 200),
            ({"age": AgeGroup.SEVENTY_OR_OVER}, 100),
            ({"age": AgeGroup.UNDER_SIXTEEN}, 100),
        ],
    )
    def test_jilin_city(self, found: dict[str, Any], share: int, tmp_path: Path) -> None:
        decided = assessed(
            lives(MOTHER, **found),
            on=AUGUST_2021,
            division=JILIN_CITY,
            counted_income_fen=4 * 1_000_00 - 1,
            folders=(notice(tmp_path, "2202", standard_monthly_fen=1_000_00),),
        )
        assert decided.events[1].amount_fen == 1 + share * 1_00


class TestThePovertyLine:
    """大民联发(2020)2号, 2(2): who enters is brought up to the poverty line."""

    @pytest.mark.mechanism("S3-15")
    @pytest.mark.parametrize(
        ("poverty", "counted_fen", "amount_fen"),
        [
            (LIFTED, 0, 1_666_67),  # 5,000 × 4 ÷ 12, rounded half up
            (UNLIFTED, 1_400_00, 266_67),
            (NONE, 1_400_00, 100_00),  # the gap to 375 × 4
        ],
    )
    def test_a_line_above_the_standard_is_what_registered_households_get(
        self, poverty: PovertyStanding, counted_fen: int, amount_fen: int, tmp_path: Path
    ) -> None:
        place = notice(tmp_path, "532326", poverty_line_yearly_fen=5_000_00)
        decided = assessed(
            division=DAYAO, poverty=poverty, counted_income_fen=counted_fen, folders=(place,)
        )
        assert decided.events[1].amount_fen == amount_fen

    def test_a_line_below_the_standard_changes_nothing(self) -> None:
        """Dayao: 4,000 a year below the standard of 4,500."""
        decided = assessed(division=DAYAO, poverty=LIFTED, counted_income_fen=1_200_00)
        assert decided.events[1].amount_fen == 300_00
