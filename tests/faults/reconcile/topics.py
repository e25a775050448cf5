"""Topics hold the logs, and what is in them took effect once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from shared.bus.port import Bus
from shared.bus.wire import source_of
from shared.bus.witness import topic_rows
from shared.kernel.event import Document
from shared.kernel.reactions import Reactions
from shared.kernel.store import Store
from shared.kernel.submission import Place
from shared.runtime.definition import Definition
from shared.settings import SERVICES
from tests.faults.reconcile.logs import Log

_ANYWHERE: Final = Place("", UUID(int=0), 0, 0)


def of_topic(bus: Bus, topic: str, log: Log) -> Iterator[str]:
    """The topic holds every event with its very bytes, first occurrences in order per key."""
    source = source_of(topic)
    wanted = {row.position: row for row in log.rows}
    seen: dict[int, int] = {}
    latest: dict[bytes, int] = {}
    for row in topic_rows(bus, topic):
        known = wanted.get(row.position)
        if known is None or (known.document, known.digest) != (row.document, row.digest):
            yield f"{topic} holds another event {row.position} than the log"
            continue
        key = str(log.documents[row.position - 1].subject).encode()
        if row.position not in seen:
            if row.position < latest.get(key, 0):
                yield f"{topic}: event {row.position} came first after {latest[key]} of its key"
            latest[key] = row.position
        seen[row.position] = seen.get(row.position, 0) + 1
    missing = sorted(wanted.keys() - seen.keys())
    if missing:
        yield f"{topic} ({source}) lacks events {missing}"


def of_reactions(logs: Mapping[str, Log], definition: Definition, store: Store) -> Iterator[str]:
    """Each event that a service reacts to, its own or another's, took effect once."""
    own = logs[definition.name]
    effects: dict[UUID, list[Document[Any]]] = defaultdict(list)
    for document in own.documents:
        effects[document.command_id].append(document)
    for reactions, sources in (
        (Reactions(definition.foreign), [s for s in SERVICES if s != definition.name]),
        (Reactions(definition.own), [definition.name]),
    ):
        for source in sources:
            for row, document in zip(logs[source].rows, logs[source].documents, strict=True):
                arrival = reactions.arrival(
                    str(document.subject), row.type, row.document, _ANYWHERE
                )
                for submission in arrival.submissions if arrival else ():
                    command = submission.command_id
                    outcome = store.handled([command]).get(command)
                    of = f"{source}'s {row.position} ({row.type})"
                    if outcome is None:
                        yield f"{definition.name} never applied {of}"
                    elif outcome.events != len(effects[command]):
                        yield f"{definition.name} applied {of} otherwise than once"
                    elif any(e.causation_id != document.id for e in effects[command]):
                        yield f"{definition.name}: {command} was not caused by {of}"
