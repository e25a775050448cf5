"""A service's log in memory, with events of three kinds, for the projector's tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from shared.kernel.event import NO_DIGEST, Event, Recorded, digest_of, document_class, encode
from shared.kernel.event import Document as EventDocument
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.store import Write
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection

NAMES = UUID("0f0e7a52-6c3d-5d5c-8a0b-3f9be4d10a11")


class CaseCounted(Event, service="viewtest", name="case-counted"):
    """A case got so many persons more."""

    persons: int


class CaseClosed(Event, service="viewtest", name="case-closed"):
    """A case ended."""


class CasesJoined(Event, service="viewtest", name="cases-joined"):
    """Two cases concern the same household."""

    other: UUID


class ClerkSneezed(Event, service="viewtest", name="clerk-sneezed"):
    """Nothing a view wants to know."""


def case(number: int) -> UUID:
    return uuid5(NAMES, f"case-{number}")


def key(number: int) -> str:
    return str(case(number))


def concerned(event: EventDocument[Any]) -> Iterable[str]:
    yield str(event.subject)
    if isinstance(event.data, CasesJoined):
        yield str(event.data.other)


def fold(key: str, before: Document | None, event: EventDocument[Any]) -> Document | None:
    """A document that shows every event folded twice or left out."""
    document = before or {"persons": 0, "events": 0, "region": event.region}
    document = {**document, "events": document["events"] + 1}
    match event.data:
        case CaseClosed():
            return None
        case CaseCounted(persons=persons):
            return {**document, "persons": document["persons"] + persons}
        case CasesJoined(other=other):
            joined = str(other) if key == str(event.subject) else str(event.subject)
            return {**document, "joined": joined}
        case unexpected:
            raise AssertionError(f"not asked for: {unexpected}")


CASES = Projection(
    ViewSpec("cases", indexes=(("region",), ("persons",))),
    events=(CaseCounted, CaseClosed, CasesJoined),
    fold=fold,
    keys=concerned,
)


class Log:
    """A memory store that facts are put into by hand."""

    def __init__(self, history: str = "one") -> None:
        self.history = history
        self.store = MemoryStore(MemoryDatabase())

    def append(self, *facts: tuple[int, Event]) -> int:
        """Record an event of each case; the log's position then."""
        for number, event in facts:
            row = self._row(case(number), event)
            with self.store.turn() as turn:
                turn.write(Write(events=[row]))
        return self.store.head()

    def _row(self, stream: UUID, event: Event) -> Recorded:
        before = self.store.read_stream(stream)
        version = len(before) + 1
        document = document_class(type(event))(
            id=uuid5(stream, str(version)),
            type=event.type,
            source="/doudi/fj/viewtest",
            subject=stream,
            recorded_at=datetime(2020, 4, 1, tzinfo=UTC),
            dataschema="/schemas/viewtest.json",
            stream=stream,
            version=version,
            effective_on=date(2020, 4, 1),
            command_id=uuid5(stream, f"{self.history}-{version}"),
            actor=NAMES,
            role="clerk",
            region="350121001002",
            causation_id=NAMES,
            correlation_id=stream,
            data=event,
        )
        previous = before[-1].digest if before else NO_DIGEST
        sealed = encode(document)
        return Recorded(
            self.store.head() + 1,
            stream,
            version,
            event.type,
            sealed,
            previous,
            digest_of(previous, sealed),
        )


STORY: list[tuple[int, Event]] = [
    (1, CaseCounted(persons=1)),
    (2, CaseCounted(persons=2)),
    (1, ClerkSneezed()),
    (1, CaseCounted(persons=10)),
    (3, CaseCounted(persons=3)),
    (2, CasesJoined(other=case(1))),
    (3, CaseClosed()),
    (4, ClerkSneezed()),
    (1, CaseCounted(persons=100)),
    (3, CaseCounted(persons=5)),
    (2, CaseCounted(persons=20)),
    (2, ClerkSneezed()),
]
"""Twelve events over four cases."""

TOLD: dict[str, Document] = {
    key(1): {"persons": 111, "events": 4, "region": "350121001002", "joined": key(2)},
    key(2): {"persons": 22, "events": 3, "region": "350121001002", "joined": key(1)},
    key(3): {"persons": 5, "events": 1, "region": "350121001002"},
}
"""What a view of them holds."""
