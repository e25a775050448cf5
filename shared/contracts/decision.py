"""Events of decision: from the completed check to confirmation or refusal."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import (
    AidRequest,
    DeductionLine,
    DivisionCode,
    Due,
    IncomeLine,
    Member,
    NoteRef,
    ParameterUsed,
    Programme,
    TekunCircumstances,
)
from shared.contracts.intake import Material
from shared.kernel.event import Event
from shared.money import Fen


class FirstRefusalReason(StrEnum):
    """Why a household was not entitled, as the first versions of the events could say it."""

    INCOME_NOT_BELOW_STANDARD = "income_not_below_standard"
    PROPERTY_ABOVE_LIMIT = "property_above_limit"
    OBJECTION_UPHELD = "objection_upheld"


class RefusalReason(StrEnum):
    """Why a household or a person is not entitled."""

    INCOME_NOT_BELOW_STANDARD = "income_not_below_standard"
    PROPERTY_ABOVE_LIMIT = "property_above_limit"
    OBJECTION_UPHELD = "objection_upheld"
    ABLE_TO_WORK = "able_to_work"
    OBLIGOR_ABLE = "obligor_able"


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


class EndReason(StrEnum):
    """Why a case is over."""

    PHASE_OUT_OVER = "phase_out_over"
    STOPPED = "stopped"
    AID_EXPLAINED = "aid_explained"


class AidTier(StrEnum):
    """Who grants temporary assistance: the township up to its limit, above it the county."""

    TOWNSHIP = "township"
    COUNTY = "county"


class AidRefusalReason(StrEnum):
    """Why temporary assistance is refused."""

    NO_EMERGENCY = "no_emergency"
    COVERED_OTHERWISE = "covered_otherwise"


class DeterminationOpened(Event, service="decision", name="determination-opened"):
    """A completed check came in; the determination takes over its account."""

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


class BenefitProposed(Event, service="decision", name="benefit-proposed"):
    """The township proposes an amount, with its arithmetic.

    In fen a month. Of dibao ``amount_fen`` = ``standard_fen`` × ``persons`` −
    ``counted_income_fen``; of tekun it is the basic standard, and ``standard_fen`` the dibao
    standard that the income was tested against.
    """

    proposer: UUID
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen
    amount_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef


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


class ChangeReported(Event, service="decision", name="change-reported"):
    """A confirmed household's circumstances have changed: its account anew, in fen a month.

    What follows takes the regime of ``reported_on``, this event's effective date.
    """

    change_id: UUID
    reporter: UUID
    reported_on: date
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    counted_income_fen: Fen
    explanation: NoteRef


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
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef | None = None


class AmountChanged(_Redetermined, service="decision", name="amount-changed"):
    """The household is entitled to another amount from a month on; ends a phase-out, if any."""

    amount_fen: Fen
    from_month: Month


class PhaseOutStarted(_Redetermined, service="decision", name="phase-out-started"):
    """The household left the conditions; ``amount_fen`` is paid on, both months included."""

    amount_fen: Fen
    first_month: Month
    last_month: Month


class BenefitStopped(_Redetermined, service="decision", name="benefit-stopped"):
    """The household left the conditions and is paid up to ``last_month``, without a phase-out."""

    reason: StopReason
    last_month: Month


class CaseEnded(Event, service="decision", name="case-ended"):
    """The case is over. ``last_month`` was the last one paid, where months were."""

    programme: Programme
    division: DivisionCode
    members: tuple[Member, ...]
    reason: EndReason
    last_month: Month | None = None


class AidOpened(Event, service="decision", name="aid-opened"):
    """An accepted emergency waits for its grant."""

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    aid: AidRequest
    accepted_on: date
    pay_by: Due


class AidReferredToCounty(Event, service="decision", name="aid-referred-to-county"):
    """More than the township may grant is needed: the county decides."""

    referred_by: UUID
    amount_fen: Fen
    limit_fen: Fen


class AidGranted(Event, service="decision", name="aid-granted"):
    """Aid is to be paid at once.

    The township's comes out of its reserve fund; ``explanation_due`` is when papers and findings
    that were left out at first are to follow.
    """

    granter: UUID
    tier: AidTier
    division: DivisionCode
    payee: UUID
    amount_fen: Fen
    pay_by: Due
    explanation_due: Due
    parameters: tuple[ParameterUsed, ...]


class AidRefused(Event, service="decision", name="aid-refused"):
    """There is no emergency to be relieved."""

    decider: UUID
    reason: AidRefusalReason
    explanation: NoteRef


class AidExplained(Event, service="decision", name="aid-explained"):
    """Papers and findings followed: what the aid was for."""

    explained_by: UUID
    materials: tuple[Material, ...]
    findings: NoteRef


class AidExplanationMissed(Event, service="decision", name="aid-explanation-missed"):
    """The date passed by which granted aid was to be explained."""

    due: Due
