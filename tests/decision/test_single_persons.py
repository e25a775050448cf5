"""Who enters dibao alone, by the place and the day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.decision.decisions import (
    Approve,
    Decide,
    PostPublicity,
    approve,
    confirm,
    post_publicity,
    propose,
)
from shared.calendar import Month
from shared.contracts.assessments import AssessmentReason, Assistance, Outcome, SinglePersonGround
from shared.contracts.circumstances import (
    AgeGroup,
    DisabilityKind,
    Illness,
    LabourAbility,
    Occupation,
    PovertyStanding,
)
from shared.contracts.decision import BenefitProposed, CaseConfirmed
from shared.contracts.fields import (
    Programme,
)
from shared.contracts.publicity import PublicityRound
from shared.contracts.recognition import HouseholdRecognised
from shared.kernel.spec import Decided
from tests.decision.assessments import (
    AUGUST_2021,
    LIFTED,
    MAY_2020,
    NONE,
    PROPOSE,
    UNLIFTED,
    G,
    assessed,
    outcome,
)
from tests.decision.household import APPROVER, FOUR, OTHER, given, opened
from tests.verification.circumstances import (
    DEPENDENT,
    ILL,
    MAJOR,
    MENTAL_3,
    MENTAL_4,
    PHYSICAL_2,
    PHYSICAL_3,
    SEVERE,
    UNABLE,
    disabled,
    household,
    lives,
)
from tests.verification.household import APPLICANT, DAUGHTER, DAYAO, FUJIAN, MOTHER, SHAANXI, wage

INTELLECTUAL_3 = disabled(DisabilityKind.INTELLECTUAL, 3)


def grounds(decided: Decided) -> list[tuple[UUID, SinglePersonGround]]:
    """Who enters alone, on what ground."""
    found = outcome(decided, Assistance.SINGLE_PERSON_DIBAO)
    return [(one.person_id, one.ground) for one in found.persons]


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
