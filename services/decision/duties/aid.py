"""What is still to come of a granted aid: instalments on their days, and deliveries missed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.decision.decisions import (
    NoteMissedDelivery,
    ReleaseInstalments,
    note_missed_delivery,
    release_instalments,
)
from services.decision.duties.entries import entry_of
from services.decision.model import aid_of, determination_of
from shared.contracts.aid import AidGranted, AidInstalmentReleased, AidRestStopped
from shared.contracts.aid_needs import AidDeliveryMissed
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

INSTALMENT_DUE: Final = "aid-instalment-due"
DELIVERY_MISSED: Final = "aid-delivery-missed"


def _key(stream: UUID, number: int) -> UUID:
    """An aid has an entry for each of its later instalments."""
    return uuid5(stream, f"instalment/{number}")


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """A later instalment is released on its day, unless the rest is stopped before.

    What is given in kind is missed on the day after its last: the duty finds nothing to note of
    what was delivered by then.
    """
    event, stream = document.data, document.stream
    match event:
        case AidGranted():
            for number, one in enumerate(event.later or (), start=2):
                yield entry_of(INSTALMENT_DUE, _key(stream, number), one.due_on, document)
            if event.delivery_due is not None:
                due_on = event.delivery_due.on + timedelta(days=1)
                yield entry_of(DELIVERY_MISSED, stream, due_on, document)
        case AidInstalmentReleased():
            yield AgendaDone(INSTALMENT_DUE, _key(stream, event.number))
        case AidDeliveryMissed():
            yield AgendaDone(DELIVERY_MISSED, stream)
        case AidRestStopped():
            for number in event.instalments:
                yield AgendaDone(INSTALMENT_DUE, _key(stream, number))
            yield AgendaDone(DELIVERY_MISSED, stream)


def _release(entry: AgendaEntry) -> Submission:
    reads = (aid_of(entry.subject), determination_of(entry.subject))
    command = ReleaseInstalments(case_id=entry.subject)
    return duty(entry, reads, release_instalments, command)


def _delivery_missed(entry: AgendaEntry) -> Submission:
    reads = (aid_of(entry.subject),)
    return duty(entry, reads, note_missed_delivery, NoteMissedDelivery())


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    INSTALMENT_DUE: _release,
    DELIVERY_MISSED: _delivery_missed,
}
