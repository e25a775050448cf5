"""Payment's agenda: payments for the bank, emergencies to be paid by a date, and paydays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from services.payment.decisions import (
    NoteOverdueAid,
    NotePaydays,
    SetPaydays,
    note_overdue_aid,
    note_paydays,
    set_paydays,
)
from services.payment.model import (
    BANK_INSTRUCTION,
    MONTHLY_PROGRAMMES,
    aid_payment_id_of,
    payment_of_aid,
    roster_of,
)
from services.payment.rules import day_after, paying_division
from shared.contracts.paydays import PaydayMet, PaydayMissed, PaydaySet
from shared.contracts.payment import (
    AidPaymentAwaited,
    AidPaymentIntended,
    AidPaymentNotDue,
    AidPaymentOverdue,
    PaymentIntended,
    PaymentReturned,
    PaymentSettled,
    RosterEntryAdded,
    RosterMonthsListed,
    RosterPartSet,
)
from shared.kernel.decider import Decide, Stream
from shared.kernel.event import Document, Event
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

AID_OVERDUE: Final = "aid-payment-overdue"
PAYDAY_OPENS: Final = "payday-opens"
PAYDAY_MISSED: Final = "payday-missed"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """What an event of a payment puts on the agenda, and what it takes off.

    An intended payment is to be handed to the bank until it is settled or returned. An awaited
    aid is overdue on the day after its last, unless it is settled by then or not due: of a later
    instalment, whose id does not follow from the case alone, that day's duty finds it settled.
    Paydays are a roster's.
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
        case _:
            yield from _paydays(event, document)


def _paydays(event: Event, document: Document[Any]) -> Iterator[AgendaChange]:
    """A payday is looked for when something begins to be due, and after each that was set or met.

    So every month with something due has one: a month whose amount begins in it is looked at
    because of that, and any other because of the month before, which had a payday or was on a
    run. The day of recording is part of the key: what is heard of late is looked at anew.
    """
    match event:
        case RosterEntryAdded() | RosterPartSet() if event.amount_fen > 0:
            begins_on = max(event.from_month.first_day, document.effective_on)
            yield _opening(begins_on, document)
        case RosterMonthsListed():
            yield _opening(event.month.next().first_day, document)
        case PaydaySet():
            yield _opening((event.last_month or event.month).next().first_day, document)
            key = uuid5(document.stream, f"{PAYDAY_MISSED}/{event.month}")
            yield _entry(PAYDAY_MISSED, key, day_after(event.due_on), document)
        case PaydayMissed() | PaydayMet():
            yield AgendaDone(
                PAYDAY_MISSED, uuid5(document.stream, f"{PAYDAY_MISSED}/{event.month}")
            )


def _opening(on: date, document: Document[Any]) -> AgendaEntry:
    recorded_on = document.recorded_at.date()
    key = uuid5(document.stream, f"{PAYDAY_OPENS}/{on}/{recorded_on}")
    return _entry(PAYDAY_OPENS, key, on, document)


def _entry(kind: str, key: UUID, due_on: date, document: Document[Any]) -> AgendaEntry:
    return AgendaEntry(
        kind, key, due_on, document.subject, document.stream, document.id, document.region
    )


def _aid_overdue(entry: AgendaEntry) -> Submission:
    reads = (payment_of_aid(entry.subject, entry.key),)
    return duty(entry, reads, note_overdue_aid, NoteOverdueAid())


def _rosters_of(division: str) -> tuple[Stream, ...]:
    return tuple(roster_of(programme, division) for programme in MONTHLY_PROGRAMMES)


def _of_township(
    decide: Decide, command: type[SetPaydays | NotePaydays]
) -> Callable[[AgendaEntry], Submission]:
    """A duty on a township's rosters: an entry does not say under which programme."""

    def made(entry: AgendaEntry) -> Submission:
        township = paying_division(entry.region)
        return duty(entry, _rosters_of(township), decide, command(division=township))

    return made


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    AID_OVERDUE: _aid_overdue,
    PAYDAY_OPENS: _of_township(set_paydays, SetPaydays),
    PAYDAY_MISSED: _of_township(note_paydays, NotePaydays),
}
