"""Care's agenda: months without contact, agreements that expire, assessments that are late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.care.decisions.agreements import Expire, expire
from services.care.decisions.contacts import NoteMissedContact, note_missed_contact
from services.care.decisions.reports import NoteMissedReassessment, note_missed_reassessment
from services.care.model import care_file_of
from shared.calendar import Month
from shared.contracts.care import (
    AbilityChangeReported,
    AgreementEnded,
    AgreementSigned,
    CareEnded,
    ReassessmentMissed,
    SelfCareAssessed,
)
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

CONTACT_MISSED: Final = "monthly-contact-missed"
AGREEMENT_EXPIRES: Final = "agreement-expires"
REASSESSMENT_MISSED: Final = "reassessment-missed"


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """A signed agreement expires on the day after its last, unless it ends before.

    On the first day after each month of its term the month's contacts are looked at. All months
    are put on at once: a chain of months, each put on by the one before, would break with the
    first that leaves no event, as one with a contact or under a regime without visits does. A
    month of an agreement that has ended meanwhile is looked at for nothing. A reported change is
    late on the day after its last, unless it is assessed or care ends before.
    """
    event = document.data
    match event:
        case AgreementSigned():
            expires_on = event.until_on + timedelta(days=1)
            yield _entry(AGREEMENT_EXPIRES, event.agreement_id, expires_on, document)
            # The last month that is owed to its end may be the one before that of the term's end.
            for month in event.first_month.through(Month.of(expires_on).previous()):
                key = uuid5(event.agreement_id, str(month))
                yield _entry(CONTACT_MISSED, key, month.next().first_day, document)
        case AgreementEnded():
            yield AgendaDone(AGREEMENT_EXPIRES, event.agreement_id)
        case AbilityChangeReported():
            late_on = event.due.on + timedelta(days=1)
            yield _entry(REASSESSMENT_MISSED, event.report_id, late_on, document)
        case SelfCareAssessed() | CareEnded() | ReassessmentMissed():
            if event.report_id is not None:
                yield AgendaDone(REASSESSMENT_MISSED, event.report_id)


def _entry(kind: str, key: UUID, due_on: date, document: Document[Any]) -> AgendaEntry:
    return AgendaEntry(
        kind, key, due_on, document.subject, document.stream, document.id, document.region
    )


def _contact_missed(entry: AgendaEntry) -> Submission:
    command = NoteMissedContact(month=Month.of(entry.due_on).previous())
    return duty(entry, (care_file_of(entry.subject),), note_missed_contact, command)


def _agreement_expires(entry: AgendaEntry) -> Submission:
    command = Expire(agreement_id=entry.key)
    return duty(entry, (care_file_of(entry.subject),), expire, command)


def _reassessment_missed(entry: AgendaEntry) -> Submission:
    command = NoteMissedReassessment(report_id=entry.key)
    return duty(entry, (care_file_of(entry.subject),), note_missed_reassessment, command)


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    CONTACT_MISSED: _contact_missed,
    AGREEMENT_EXPIRES: _agreement_expires,
    REASSESSMENT_MISSED: _reassessment_missed,
}
