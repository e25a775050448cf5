"""Contacts with people supported at home: recorded, or missed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.care import rules
from services.care.decisions.command import Command
from services.care.model import CareFile
from shared.calendar import Month
from shared.contracts.care import ContactKind, ContactRecorded, MonthlyContactMissed
from shared.contracts.fields import NoteRef
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class RecordContact(Command):
    """The visitor called on the person, or rang them up, on a day."""

    visitor: UUID
    contact_on: date
    kind: ContactKind
    findings: NoteRef


class NoteMissedContact(Command):
    """A month is over; the contacts that it owed may be missing."""

    month: Month


def record_contact(file: CareFile, command: RecordContact, at: Moment) -> Decision:
    """Record a contact by the one who is responsible for visits under the open agreement.

    One that is recorded after its month is taken all the same and says so; a month that was found
    missed stays so.
    """
    signed = file.require_agreement().signed
    if command.visitor != signed.visitor:
        raise Refusal("not-the-visitor", source=rules.VISITS_SOURCE, status=403)
    latest = min(at.date, signed.until_on)
    rules.require_day_between(
        "contact-day-impossible", command.contact_on, signed.signed_on, latest
    )
    return [
        ContactRecorded(
            contact_on=command.contact_on,
            kind=command.kind,
            visitor=command.visitor,
            late=rules.is_late(command.contact_on, at.date),
            findings=command.findings,
        )
    ]


def note_missed_contact(file: CareFile, command: NoteMissedContact, at: Moment) -> Decision:
    """Note, once, that a month that is over had fewer contacts than its regime asks for.

    Whoever was responsible at the month's end owes it; contacts by others in the same month count,
    since it is the person who is owed them.
    """
    month = command.month
    agreement = next((a for a in file.agreements if a.owes(month)), None)
    if agreement is None or file.opened is None:
        return []
    if at.date <= month.last_day:
        raise Refusal("month-not-over", facts={"last_day": month.last_day.isoformat()})
    regime = rules.regime_of(file.opened.division, month, at)
    enough = file.contacts_in(month) >= rules.contacts_owed(regime)
    if enough or any(missed.month == month for missed in file.missed):
        return []
    missed = MonthlyContactMissed(month=month, visitor=agreement.signed.visitor)
    return [Fact(missed, policy=regime.version)]
