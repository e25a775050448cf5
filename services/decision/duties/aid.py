"""What is still to come of a granted aid: instalments on their days, and deliveries missed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from services.decision.decisions import (
    NoteMissedDelivery,
    ReleaseInstalment,
    note_missed_delivery,
    release_instalment,
)
from services.decision.duties.entries import entry_of
from services.decision.model import aid_of, determination_of
from shared.contracts.aid import (
    MOST_INSTALMENTS,
    AidGranted,
    AidInstalmentReleased,
    AidRestStopped,
)
from shared.contracts.aid_needs import AidDeliveryMissed
from shared.kernel.event import Document
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission, duty

DELIVERY_MISSED: Final = "aid-delivery-missed"


def _kind(number: int) -> str:
    return f"aid-instalment-{number}-due"


def _key(stream: UUID, number: int) -> UUID:
    return uuid5(stream, _kind(number))


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """A later instalment is released on its day, unless the rest is stopped before.

    What is given in kind is missed on the day after its last: the duty finds nothing to note of
    what was delivered by then.
    """
    event, stream = document.data, document.stream
    match event:
        case AidGranted():
            for number, one in enumerate(event.later or (), start=2):
                yield entry_of(_kind(number), _key(stream, number), one.due_on, document)
            if event.delivery_due is not None:
                due_on = event.delivery_due.on + timedelta(days=1)
                yield entry_of(DELIVERY_MISSED, stream, due_on, document)
        case AidInstalmentReleased():
            yield AgendaDone(_kind(event.number), _key(stream, event.number))
        case AidDeliveryMissed():
            yield AgendaDone(DELIVERY_MISSED, stream)
        case AidRestStopped():
            for number in event.instalments:
                yield AgendaDone(_kind(number), _key(stream, number))
            yield AgendaDone(DELIVERY_MISSED, stream)


def _release(number: int) -> Callable[[AgendaEntry], Submission]:
    def submission(entry: AgendaEntry) -> Submission:
        reads = (aid_of(entry.subject), determination_of(entry.subject))
        command = ReleaseInstalment(case_id=entry.subject, number=number)
        return duty(entry, reads, release_instalment, command)

    return submission


def _delivery_missed(entry: AgendaEntry) -> Submission:
    reads = (aid_of(entry.subject),)
    return duty(entry, reads, note_missed_delivery, NoteMissedDelivery())


DUTIES: Final[Mapping[str, Callable[[AgendaEntry], Submission]]] = {
    **{_kind(number): _release(number) for number in range(2, MOST_INSTALMENTS + 1)},
    DELIVERY_MISSED: _delivery_missed,
}
