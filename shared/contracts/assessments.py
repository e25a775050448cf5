"""What an account comes to for each kind of assistance, and for whom."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import Fields, ParameterUsed
from shared.kernel.event import Event
from shared.money import Fen


class ProcedureRegime(StrEnum):
    """Which regulation a procedure follows."""

    MCA_TWO_TWENTY = "mca_two_twenty"
    MCA_FIFTY_SEVEN = "mca_fifty_seven"
    MCA_EIGHTY_THREE = "mca_eighty_three"
    SOCIAL_ASSISTANCE_LAW = "social_assistance_law"


class Assistance(StrEnum):
    """What an account is assessed for, from the most to the least (一门受理).

    Dibao of the whole household, dibao of single members (参照单人户), recognition as a dibao-edge
    household, as a household of rigid-expenditure hardship (刚性支出困难家庭), and the list of
    those who may need help later (潜在救助对象).
    """

    HOUSEHOLD_DIBAO = "household_dibao"
    SINGLE_PERSON_DIBAO = "single_person_dibao"
    EDGE_HOUSEHOLD = "edge_household"
    RIGID_EXPENDITURE_HOUSEHOLD = "rigid_expenditure_household"
    WATCH_LIST = "watch_list"


class Outcome(StrEnum):
    """What an assessment comes to.

    ``NOT_REACHED`` where a fuller assistance goes before it, or the family's check was waived.
    """

    QUALIFIES = "qualifies"
    DOES_NOT_QUALIFY = "does_not_qualify"
    NOT_PROVIDED_FOR = "not_provided_for"
    NOT_REACHED = "not_reached"


class AssessmentReason(StrEnum):
    """Why an assessment comes out as it does."""

    INCOME_BELOW_STANDARD = "income_below_standard"
    INCOME_NOT_BELOW_STANDARD = "income_not_below_standard"
    REGISTERED_ELSEWHERE = "registered_elsewhere"
    INCOME_BELOW_EDGE = "income_below_edge"
    INCOME_NOT_BELOW_EDGE = "income_not_below_edge"
    PROPERTY_ABOVE_LIMIT = "property_above_limit"
    SINGLE_PERSON_GROUND = "single_person_ground"
    NO_SINGLE_PERSON_GROUND = "no_single_person_ground"
    OWN_INCOME_NOT_BELOW_STANDARD = "own_income_not_below_standard"
    CIRCUMSTANCES_UNKNOWN = "circumstances_unknown"
    RIGID_SPENDING_ABOVE_SHARE = "rigid_spending_above_share"
    RIGID_SPENDING_NOT_ABOVE_SHARE = "rigid_spending_not_above_share"
    INCOME_NOT_BELOW_DISPOSABLE = "income_not_below_disposable"
    FIGURE_NOT_SET = "figure_not_set"
    IN_HARDSHIP = "in_hardship"
    NOT_IN_HARDSHIP = "not_in_hardship"
    REGIME_HAS_NONE = "regime_has_none"
    FULLER_ASSISTANCE = "fuller_assistance"
    FAMILY_CHECK_WAIVED = "family_check_waived"


class Condition(StrEnum):
    """What dibao is tested by, one beside the other (家庭户籍状况、家庭收入和家庭财产)."""

    REGISTRATION = "registration"
    INCOME = "income"
    PROPERTY = "property"


class ConditionOutcome(StrEnum):
    """What a test comes to; ``NOT_LOOKED_INTO``: nobody stated it, or the check was waived."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_LOOKED_INTO = "not_looked_into"


class ConditionResult(Fields):
    """One of the tests of a whole household, and what it came to."""

    condition: Condition
    outcome: ConditionOutcome


class SinglePersonGround(StrEnum):
    """On what ground a member enters dibao alone; which of them count is a dated parameter."""

    ADULT_SEVERE_DISABILITY_OWN_HOUSEHOLD = "adult_severe_disability_own_household"
    CLERGY_THREE_YEARS = "clergy_three_years"
    UNLIFTED_SEVERE_DISABILITY = "unlifted_severe_disability"
    UNLIFTED_SEVERE_ILLNESS = "unlifted_severe_illness"
    LOW_INCOME_SEVERE_DISABILITY = "low_income_severe_disability"
    LOW_INCOME_SEVERE_ILLNESS = "low_income_severe_illness"
    ILLNESS = "illness"
    DISABILITY = "disability"
    SCHOOLING = "schooling"
    POOR_DEPENDENT_DISABILITY = "poor_dependent_disability"
    POOR_DEPENDENT_MAJOR_ILLNESS = "poor_dependent_major_illness"
    EDGE_SEVERE_DISABILITY = "edge_severe_disability"
    EDGE_GRADE_THREE_INTELLECTUAL_OR_MENTAL = "edge_grade_three_intellectual_or_mental"
    EDGE_SEVERE_ILLNESS = "edge_severe_illness"
    EDGE_MAJOR_ILLNESS = "edge_major_illness"
    EDGE_SPECIAL_DIFFICULTY = "edge_special_difficulty"
    ADULT_JOBLESS_SEVERE_DISABILITY = "adult_jobless_severe_disability"


class Tier(StrEnum):
    """A tier of benefit (分档), from the hardest need to the least."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


class BenefitTier(Fields):
    """In which tier a household is, and what that gives each person, in fen a month."""

    tier: Tier
    per_person_fen: Fen


class SinglePerson(Fields):
    """A member who enters alone: on what ground, with what income of their own, for how much.

    ``tier`` where the place pays by tiers and not in full.
    """

    person_id: UUID
    ground: SinglePersonGround
    own_income_fen: Fen
    amount_fen: Fen
    tier: BenefitTier | None = None


class TopUpKind(StrEnum):
    """Whose dibao is topped up by category (分类施保)."""

    SEVENTY_OR_OVER = "seventy_or_over"
    MINOR = "minor"
    SEVERE_DISABILITY = "severe_disability"
    SEVERE_ILLNESS = "severe_illness"


class TopUp(Fields):
    """What a member's category adds to the household's benefit, in fen a month."""

    person_id: UUID
    kind: TopUpKind
    amount_fen: Fen


class Assessed(Fields):
    """What the account comes to for one kind of assistance, and why; ``amount_fen`` a month."""

    assistance: Assistance
    outcome: Outcome
    reason: AssessmentReason
    amount_fen: Fen | None = None
    persons: tuple[SinglePerson, ...] = ()


class RigidExpenditure(Fields):
    """What a household spends that it cannot do without, beside its income; fen a month.

    ``income_fen`` is what comes in, less the cost of working; ``living_fen`` the part of
    ``spending_fen`` that stands for living.
    """

    income_fen: Fen
    spending_fen: Fen
    living_fen: Fen


class AssessmentDrawnUp(Event, service="decision", name="assessment-drawn-up"):
    """What the account comes to for each kind of assistance, from the fullest to the least.

    In fen a month, with the parameters of the day of acceptance. The applicant asked once and is
    told of each (一门受理、协同办理). ``rigid`` is what it was tested by for rigid-expenditure
    hardship, where that was reached; ``tests`` are those of the whole household, each by itself.
    """

    regime: ProcedureRegime
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen
    outcomes: tuple[Assessed, ...]
    parameters: tuple[ParameterUsed, ...]
    rigid: RigidExpenditure | None = None
    tests: tuple[ConditionResult, ...] | None = None
