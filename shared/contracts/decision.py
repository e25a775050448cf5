"""Events of decision: from the completed check to confirmation or refusal."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import (
    DeductionLine,
    DivisionCode,
    Due,
    IncomeLine,
    Member,
    NoteRef,
    ParameterUsed,
    Programme,
)
from shared.kernel.event import Event
from shared.money import Fen


class RefusalReason(StrEnum):
    """Why a household is not entitled."""

    INCOME_NOT_BELOW_STANDARD = "income_not_below_standard"
    PROPERTY_ABOVE_LIMIT = "property_above_limit"
    OBJECTION_UPHELD = "objection_upheld"


class PublicityRound(StrEnum):
    """Which publicity: the township's of the proposal, or the second before the decision."""

    FIRST = "first"
    SECOND = "second"


class DeferralReason(StrEnum):
    """Why a confirmation has to wait."""

    OBJECTION_OPEN = "objection_open"
    PUBLICITY_RUNNING = "publicity_running"


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


class BenefitProposed(Event, service="decision", name="benefit-proposed"):
    """The township proposes an amount, with its arithmetic.

    ``amount_fen`` = ``standard_fen`` × ``persons`` − ``counted_income_fen``, in fen a month.
    """

    proposer: UUID
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen
    amount_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef


class RefusalProposed(Event, service="decision", name="refusal-proposed"):
    """The township proposes to refuse, with the figures that lead to it."""

    proposer: UUID
    reason: RefusalReason
    persons: int = Field(ge=1)
    standard_fen: Fen
    counted_income_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef


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


class CaseRefused(Event, service="decision", name="case-refused"):
    """The household is not entitled; the written notice is due on ``notice_due``."""

    programme: Programme
    division: DivisionCode
    applicant: UUID
    reason: RefusalReason
    notice_due: Due
