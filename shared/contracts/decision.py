"""Events of decision: from the completed check to confirmation or refusal."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.changes import HouseholdChange
from shared.contracts.fields import (
    AidRequest,
    DeductionLine,
    DivisionCode,
    Due,
    ExcludedIncome,
    Fields,
    HouseholdCircumstances,
    IncomeLine,
    Member,
    NoteRef,
    ParameterUsed,
    Programme,
    TekunCircumstances,
    TreatmentChosen,
)
from shared.contracts.intake import Material
from shared.contracts.work import WithheldShare
from shared.kernel.event import Event
from shared.money import Fen


class FirstRefusalReason(StrEnum):
    """Why a household was not entitled, as the first versions of the events could say it."""

    INCOME_NOT_BELOW_STANDARD = "income_not_below_standard"
    PROPERTY_ABOVE_LIMIT = "property_above_limit"
    OBJECTION_UPHELD = "objection_upheld"


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
    """What an assessment comes to; ``NOT_REACHED`` where a fuller assistance goes before it."""

    QUALIFIES = "qualifies"
    DOES_NOT_QUALIFY = "does_not_qualify"
    NOT_PROVIDED_FOR = "not_provided_for"
    NOT_REACHED = "not_reached"


class AssessmentReason(StrEnum):
    """Why an assessment comes out as it does."""

    INCOME_BELOW_STANDARD = "income_below_standard"
    INCOME_NOT_BELOW_STANDARD = "income_not_below_standard"
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


class SinglePerson(Fields):
    """A member who enters alone: on what ground, with what income of their own, for how much."""

    person_id: UUID
    ground: SinglePersonGround
    own_income_fen: Fen
    amount_fen: Fen


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


class HardshipGround(StrEnum):
    """Why somebody who is not entitled is kept in mind (存在一定困难)."""

    UNSTEADY_WORK = "unsteady_work"
    ILLNESS = "illness"
    DISABILITY = "disability"
    SCHOOLING = "schooling"
    INCOME_NEAR_STANDARD = "income_near_standard"
    TEKUN_ENDED = "tekun_ended"


class RefusalReason(StrEnum):
    """Why a household or a person is not entitled."""

    INCOME_NOT_BELOW_STANDARD = "income_not_below_standard"
    PROPERTY_ABOVE_LIMIT = "property_above_limit"
    OBJECTION_UPHELD = "objection_upheld"
    ABLE_TO_WORK = "able_to_work"
    OBLIGOR_ABLE = "obligor_able"
    INCOME_NOT_BELOW_LOCAL_AVERAGE = "income_not_below_local_average"
    NO_RIGID_SPENDING = "no_rigid_spending"
    NOT_AMONG_HOUSEHOLDS_AIDED = "not_among_households_aided"


class PublicityRound(StrEnum):
    """Which publicity: the township's of the proposal, or the second before the decision."""

    FIRST = "first"
    SECOND = "second"


class DeferralReason(StrEnum):
    """Why a confirmation has to wait."""

    OBJECTION_OPEN = "objection_open"
    PUBLICITY_RUNNING = "publicity_running"


class StopReason(StrEnum):
    """Why aid is stopped."""

    INCOME_ABOVE_STANDARD = "income_above_standard"
    INCOME_AT_STANDARD = "income_at_standard"
    NOBODY_LEFT = "nobody_left"
    LABOUR_REGAINED = "labour_regained"
    IMPRISONED = "imprisoned"
    MEANS = "means"
    OBLIGOR_ABLE = "obligor_able"
    VOLUNTARY = "voluntary"


class EndReason(StrEnum):
    """Why a case is over."""

    PHASE_OUT_OVER = "phase_out_over"
    STOPPED = "stopped"
    AID_EXPLAINED = "aid_explained"
    AID_GRANTED = "aid_granted"


class AidTier(StrEnum):
    """Who grants temporary assistance: the township up to its limit, above it the county."""

    TOWNSHIP = "township"
    COUNTY = "county"


class AidRefusalReason(StrEnum):
    """Why temporary assistance is refused, where there was no check.

    ``MORE_IS_NEEDED`` and ``HELPED_BEFORE`` are of small quick aid: the household is free to ask
    for emergency aid.
    """

    NO_EMERGENCY = "no_emergency"
    COVERED_OTHERWISE = "covered_otherwise"
    MORE_IS_NEEDED = "more_is_needed"
    HELPED_BEFORE = "helped_before"


class RecognisedAs(StrEnum):
    """What a household was recognised as before, so that only its spending is looked at."""

    DIBAO = "dibao"
    TEKUN = "tekun"
    EDGE_HOUSEHOLD = "edge_household"


class ExpenseAid(Fields):
    """How aid for expenses was worked out; once, but ``spending_fen``, which is a month's.

    Income is compared with ``local_income_yearly_fen`` a head and year, unless the household was
    ``recognised_as`` something in ``recognised_case``. ``cap_fen`` is the most that is granted.
    """

    requested_fen: Fen
    spending_fen: Fen
    cap_fen: Fen
    local_income_yearly_fen: Fen | None = None
    recognised_case: UUID | None = None
    recognised_as: RecognisedAs | None = None


class DeterminationOpened(Event, service="decision", name="determination-opened"):
    """A completed check came in; the determination takes over its account.

    ``excluded`` are lines that the regime leaves out, ``basic_pension`` what somebody decided of
    it where the regime leaves it unsettled. ``rigid_spending`` is what of it the household's bills
    and statements show, by kind, in fen a month, whether or not the regime deducts it.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    accepted_on: date
    surveyors: tuple[UUID, ...]
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    counted_income_fen: Fen
    deposits_fen: Fen
    houses: int = Field(ge=0)
    vehicles: int = Field(ge=0)
    tekun: TekunCircumstances | None = None
    circumstances: HouseholdCircumstances | None = None
    excluded: tuple[ExcludedIncome, ...] | None = None
    basic_pension: TreatmentChosen | None = None
    rigid_spending: tuple[DeductionLine, ...] | None = None


class BenefitProposed(Event, service="decision", name="benefit-proposed"):
    """The township proposes an amount, with its arithmetic.

    In fen a month. Of dibao ``amount_fen`` = ``standard_fen`` × ``persons`` −
    ``counted_income_fen``, with the ``topups``; where ``single_persons`` enter alone, the sum of
    their amounts. Of tekun it is the basic standard, and ``standard_fen`` the dibao standard that
    the income was tested against. Of aid for ``expenses`` it is granted once, and ``standard_fen``
    the dibao standard that its cap is a multiple of.
    """

    proposer: UUID
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen
    amount_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef
    single_persons: tuple[SinglePerson, ...] | None = None
    topups: tuple[TopUp, ...] | None = None
    expenses: ExpenseAid | None = None


class _RefusalProposal(Event):
    proposer: UUID
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef


class RefusalProposedFirst(_RefusalProposal, service="decision", name="refusal-proposed"):
    """The township proposes to refuse dibao, with the figures that lead to it."""

    reason: FirstRefusalReason


class RefusalProposed(
    _RefusalProposal,
    service="decision",
    name="refusal-proposed",
    version=2,
    supersedes=RefusalProposedFirst,
):
    """The township proposes to refuse, with the figures that lead to it."""

    reason: RefusalReason
    expenses: ExpenseAid | None = None


class AssessmentDrawnUp(Event, service="decision", name="assessment-drawn-up"):
    """What the account comes to for each kind of assistance, from the fullest to the least.

    In fen a month, with the parameters of the day of acceptance. The applicant asked once and is
    told of each (一门受理、协同办理). ``rigid`` is what it was tested by for rigid-expenditure
    hardship, where that was reached.
    """

    regime: ProcedureRegime
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen
    outcomes: tuple[Assessed, ...]
    parameters: tuple[ParameterUsed, ...]
    rigid: RigidExpenditure | None = None


class PublicityPosted(Event, service="decision", name="publicity-posted"):
    """A publicity was posted; ``until_on`` is its last day."""

    round: PublicityRound
    from_on: date
    until_on: date


class PublicityCompleted(Event, service="decision", name="publicity-completed"):
    """A publicity's days are over."""

    round: PublicityRound


class ObjectionRaised(Event, service="decision", name="objection-raised"):
    """Somebody objected during publicity."""

    objection_id: UUID
    grounds: NoteRef


class ObjectionResolved(Event, service="decision", name="objection-resolved"):
    """An objection was looked into."""

    objection_id: UUID
    upheld: bool
    findings: NoteRef


class TownshipApproved(Event, service="decision", name="township-approved"):
    """The township approved the proposal after the first publicity."""

    approver: UUID
    decision_due: Due


class ConfirmationDeferred(Event, service="decision", name="confirmation-deferred"):
    """A confirmation was tried and has to wait."""

    reason: DeferralReason


class CaseConfirmed(Event, service="decision", name="case-confirmed"):
    """The household is entitled to ``amount_fen`` a month from ``pay_from``."""

    programme: Programme
    division: DivisionCode
    payee: UUID
    members: tuple[Member, ...]
    amount_fen: Fen
    pay_from: Month


class _CaseRefusal(Event):
    programme: Programme
    division: DivisionCode
    applicant: UUID
    notice_due: Due


class CaseRefusedFirst(_CaseRefusal, service="decision", name="case-refused"):
    """A household is not entitled to dibao; the written notice is due on ``notice_due``."""

    reason: FirstRefusalReason


class CaseRefused(
    _CaseRefusal, service="decision", name="case-refused", version=2, supersedes=CaseRefusedFirst
):
    """The household is not entitled; the written notice is due on ``notice_due``."""

    reason: RefusalReason


class HouseholdStatus(StrEnum):
    """What a household can be recognised as, beside dibao."""

    EDGE_HOUSEHOLD = "edge_household"
    RIGID_EXPENDITURE_HOUSEHOLD = "rigid_expenditure_household"


class HouseholdRecognised(Event, service="decision", name="household-recognised"):
    """The household is not entitled to dibao as a whole and is recognised as something less.

    ``valid_until`` is its last day; none where members are on dibao alone: it lasts with that.
    """

    status: HouseholdStatus
    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    valid_until: date | None = None


class RecognitionEndReason(StrEnum):
    """Why a household is no longer recognised."""

    VALIDITY_OVER = "validity_over"
    CASE_ENDED = "case_ended"


class RecognitionEnded(Event, service="decision", name="recognition-ended"):
    """A household is no longer recognised; ``since`` is the first day on which it is not.

    It may apply anew (有效期满后重新申请).
    """

    status: HouseholdStatus
    reason: RecognitionEndReason
    since: date


class PotentialRecipientListed(Event, service="decision", name="potential-recipient-listed"):
    """A household that was refused, or aided once, is still in hardship, and is kept in mind.

    So is a person whose support as tekun has ended: ``programme`` is what to assess them for.

    An alert or a visit can reopen its case without anything being asked twice.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    hardship: Annotated[tuple[HardshipGround, ...], Field(min_length=1)]


class ChangeReported(Event, service="decision", name="change-reported"):
    """A confirmed household's circumstances have changed: its account anew, in fen a month.

    What follows takes the regime of ``reported_on``, this event's effective date. ``excluded`` are
    lines that the regime leaves out, ``basic_pension`` what the reporter decided of it where the
    regime leaves it unsettled. A fact that counts from before that day says so in
    ``happened_on``; ``household`` is who left and who joined, ``members`` the household anew.
    ``adjust_by`` is by when a death is to be followed, ``admonishable`` that it was reported so
    late that the household may be admonished.
    """

    change_id: UUID
    reporter: UUID
    reported_on: date
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    counted_income_fen: Fen
    explanation: NoteRef
    excluded: tuple[ExcludedIncome, ...] | None = None
    basic_pension: TreatmentChosen | None = None
    happened_on: date | None = None
    household: HouseholdChange | None = None
    members: tuple[Member, ...] | None = None
    adjust_by: date | None = None
    admonishable: bool | None = None


class HearingHeld(Event, service="decision", name="hearing-held"):
    """The household was heard before its aid is reduced or stopped."""

    change_id: UUID
    statement: NoteRef


class ManualReviewOpened(Event, service="decision", name="manual-review-opened"):
    """The income is exactly at the standard: neither below it nor above; officials decide."""

    change_id: UUID
    decider: UUID
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen


class _Redetermined(Event):
    """What a change comes to; ``amount_fen`` a month, by the parameters of the day it opened.

    ``explanation`` is what the decider wrote, such as why no phase-out is granted.
    """

    change_id: UUID
    decider: UUID
    persons: int = Field(ge=0)
    standard_fen: Fen
    counted_income_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef | None = None


class AmountChanged(_Redetermined, service="decision", name="amount-changed"):
    """The household is entitled to another amount from a month on; ends a phase-out, if any.

    ``withheld_fen`` is what members' own shares were cut by for refused work, and has been taken
    off already: the amount and it are the gap with the ``topups``. ``above_poverty_line`` where
    the place has such a line: above it and below the standard a household stays (脱贫不脱保).
    """

    amount_fen: Fen
    from_month: Month
    above_poverty_line: bool | None = None
    withheld: tuple[WithheldShare, ...] | None = None
    withheld_fen: Fen | None = None
    topups: tuple[TopUp, ...] | None = None


class PhaseOutStarted(_Redetermined, service="decision", name="phase-out-started"):
    """The household left the conditions; ``amount_fen`` is paid on, both months included."""

    amount_fen: Fen
    first_month: Month
    last_month: Month


class BenefitStopped(_Redetermined, service="decision", name="benefit-stopped"):
    """The household left the conditions and is paid up to ``last_month``, without a phase-out.

    ``opened_on`` is the day on which the end of a tekun person's support was proposed.
    """

    reason: StopReason
    last_month: Month
    opened_on: date | None = None


class CaseEnded(Event, service="decision", name="case-ended"):
    """The case is over. ``last_month`` was the last one paid, where months were."""

    programme: Programme
    division: DivisionCode
    members: tuple[Member, ...]
    reason: EndReason
    last_month: Month | None = None


class AidOpened(Event, service="decision", name="aid-opened"):
    """An accepted request for aid waits for its grant; for expenses, for its check before that.

    ``pay_by`` is set by the acceptance where there is no check.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    aid: AidRequest
    accepted_on: date
    pay_by: Due | None = None


class AidReferredToCounty(Event, service="decision", name="aid-referred-to-county"):
    """More than the township may grant is needed: the county decides."""

    referred_by: UUID
    amount_fen: Fen
    limit_fen: Fen


class AidGranted(Event, service="decision", name="aid-granted"):
    """Aid is to be paid at once.

    The township's comes out of its reserve fund; ``explanation_due`` is when papers and findings
    that were left out at first are to follow, ``None`` where they went before. ``follow_up_on`` is
    the day on which the household is looked after again.
    """

    granter: UUID
    tier: AidTier
    division: DivisionCode
    payee: UUID
    amount_fen: Fen
    pay_by: Due
    parameters: tuple[ParameterUsed, ...]
    explanation_due: Due | None = None
    follow_up_on: date | None = None


class AidRefused(Event, service="decision", name="aid-refused"):
    """There is no emergency to be relieved, or not in this way."""

    decider: UUID
    reason: AidRefusalReason
    explanation: NoteRef


class AidExplained(Event, service="decision", name="aid-explained"):
    """What the aid was for: papers and findings followed it, or went before it with a check."""

    explained_by: UUID
    materials: tuple[Material, ...]
    findings: NoteRef


class AidExplanationMissed(Event, service="decision", name="aid-explanation-missed"):
    """The date passed by which granted aid was to be explained."""

    due: Due
