"""Logs: sealed, chained and without gaps; every command's events as its outcome says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from shared.kernel.event import NO_DIGEST, Document, Recorded, is_sealed, read
from shared.kernel.store import Handled, Store

_PAGE: Final = 500
_COMMANDS: Final = 500

_E = TypeVar("_E")


@dataclass(frozen=True)
class Log:
    """A service's log with its outcomes, as the database holds them."""

    service: str
    rows: list[Recorded]
    documents: list[Document[Any]]
    handled: dict[UUID, Handled]

    @classmethod
    def of(cls, service: str, store: Store) -> Log:
        """Read it all."""
        rows: list[Recorded] = []
        while page := store.read_log(rows[-1].position if rows else 0, _PAGE):
            rows += page
        documents = [read(row) for row in rows]
        ids = list({document.command_id for document in documents})
        handled: dict[UUID, Handled] = {}
        for start in range(0, len(ids), _COMMANDS):
            handled |= store.handled(ids[start : start + _COMMANDS])
        return cls(service, rows, documents, handled)

    def events(self, *kinds: type[_E]) -> Iterator[_E]:
        """What the events of some kinds say, in order."""
        return (d.data for d in self.documents if isinstance(d.data, kinds))


def of_chains(log: Log) -> Iterator[str]:
    """Positions without gaps, streams chained and sealed, moments that never go back."""
    streams: dict[UUID, tuple[int, bytes]] = {}
    for number, row in enumerate(log.rows, start=1):
        if row.position != number:
            yield f"{log.service}: {row.position} stands where {number} must"
        if not is_sealed(row):
            yield f"{log.service}: {row.position} is not as it was sealed"
        if streams.get(row.stream, (0, NO_DIGEST)) != (row.version - 1, row.previous_digest):
            yield f"{log.service}: {row.position} does not follow the event before it"
        streams[row.stream] = row.version, row.digest
    moments = [document.recorded_at for document in log.documents]
    if moments != sorted(moments):
        yield f"{log.service}: moments of recording go back"


def of_commands(log: Log) -> Iterator[str]:
    """Every command's events lie together and are as many as its outcome says, wherever sent."""
    found: dict[UUID, list[int]] = defaultdict(list)
    for row, document in zip(log.rows, log.documents, strict=True):
        found[document.command_id].append(row.position)
    for command, positions in found.items():
        outcome = log.handled.get(command)
        if outcome is None:
            yield f"{log.service}: command {command} has events and no outcome"
            continue
        end = outcome.position
        if positions != list(range(end - outcome.events + 1, end + 1)):
            yield f"{log.service}: command {command} wrote {positions}, its outcome says {outcome}"
