"""Payment's agenda: payments to be handed to the bank, and emergencies to be paid by a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.payment.decisions import NoteOverdueAid, note_overdue_aid
from services.payment.model import BANK_INSTRUCTION, aid_payment_id_of, payment_of_aid
from services.payment.rules import day_after
from shared.contracts.payment import (
    AidPaymentAwaited,
    AidPaymentIntended,
    AidPaymentNotDue,
    AidPaymentOverdue,
    PaymentIntended,
    PaymentReturned,
    PaymentSettled,
)
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

AID_OVERDUE: Final = "aid-payment-overdue"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """What an event of a payment puts on the agenda, and what it takes off.

    An intended payment is to be handed to the bank until it is settled or returned. An awaited
    aid is overdue on the day after its last, unless it is settled by then or not due: of a later
    instalment, whose id does not follow from the case alone, that day's duty finds it settled.
    """
    event = document.data
    match event:
        case PaymentIntended() | AidPaymentIntended():
            yield _entry(BANK_INSTRUCTION, event.payment_id, document.effective_on, document)
        case AidPaymentAwaited():
            key = event.payment_id or aid_payment_id_of(document.subject)
            yield _entry(AID_OVERDUE, key, day_after(event.pay_by.on), document)
        case AidPaymentOverdue(payment_id=UUID() as payment_id):
            yield AgendaDone(AID_OVERDUE, payment_id)
        case AidPaymentOverdue() | AidPaymentNotDue():
            yield AgendaDone(AID_OVERDUE, aid_payment_id_of(document.subject))
        case PaymentSettled():
            yield AgendaDone(BANK_INSTRUCTION, event.payment_id)
            if event.payment_id == aid_payment_id_of(document.subject):
                yield AgendaDone(AID_OVERDUE, event.payment_id)
        case PaymentReturned():
            yield AgendaDone(BANK_INSTRUCTION, event.payment_id)


def _entry(kind: str, key: UUID, due_on: date, document: Document[Any]) -> AgendaEntry:
    return AgendaEntry(
        kind, key, due_on, document.subject, document.stream, document.id, document.region
    )


def _aid_overdue(entry: AgendaEntry) -> Submission:
    reads = (payment_of_aid(entry.subject, entry.key),)
    return duty(entry, reads, note_overdue_aid, NoteOverdueAid())


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {AID_OVERDUE: _aid_overdue}
