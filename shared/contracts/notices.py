"""Events of decision about notices: what is owed to be told in writing, and how it was served."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Due, NoteRef
from shared.kernel.event import Event


class NoticeSubject(StrEnum):
    """What a household is to be told in writing, with the reasons."""

    REFUSAL = "refusal"
    AMOUNT_CHANGED = "amount_changed"
    PHASE_OUT = "phase_out"
    STOP = "stop"


class ServiceManner(StrEnum):
    """How a notice was served: 直接、留置、邮寄、电子、公告送达."""

    IN_PERSON = "in_person"
    LEFT = "left"
    POSTED = "posted"
    ELECTRONIC = "electronic"
    PUBLIC_NOTICE = "public_notice"


class NoticeOwed(Event, service="decision", name="notice-owed"):
    """A household is to be told of a decision by ``due``; ``entry`` is the decision's event."""

    notice_id: UUID
    subject: NoticeSubject
    entry: UUID
    division: DivisionCode
    addressee: UUID
    decided_on: date
    due: Due
    change_id: UUID | None = None


class NoticeServed(Event, service="decision", name="notice-served"):
    """A notice was served on ``served_on``, and counts as served on ``counts_on``.

    To whom is ``recipient``, nobody by public notice; a notice that was left names its witness.
    From ``counts_on`` run the times for an appeal: to the authority above until
    ``reconsideration_until``, to the court until ``court_until``. ``proof`` is the receipt.
    """

    notice_id: UUID
    server: UUID
    manner: ServiceManner
    served_on: date
    counts_on: date
    recipient: UUID | None = None
    witness: UUID | None = None
    reconsideration_until: date
    court_until: date
    proof: NoteRef


class GrantTold(Event, service="decision", name="grant-told"):
    """A household was told that it is granted: its certificate or notice was handed over.

    ``pay_from`` is the first month of the confirmation that it tells. To whom is ``recipient``,
    nobody by public notice; what was left names its witness. No term is set for it and none is
    missed; from ``counts_on`` run the times for an appeal against the amount.
    """

    pay_from: Month
    server: UUID
    manner: ServiceManner
    served_on: date
    counts_on: date
    recipient: UUID | None = None
    witness: UUID | None = None
    reconsideration_until: date
    court_until: date
    proof: NoteRef


class NoticeDeadlineMissed(Event, service="decision", name="notice-deadline-missed"):
    """The last day passed by which a notice was to be served."""

    notice_id: UUID
    due: Due
