"""What there is to be seen of a service: its log, read once, and its topic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from shared.bus.port import Record
from shared.kernel.event import Document, Recorded, read
from shared.kernel.reactions import Reactions

if TYPE_CHECKING:
    from tests.simulation.house import Site
    from tests.simulation.world import World


PAGE: Final = 200
"""Rows or documents asked for at a time."""


@dataclass
class History:
    """A service's log, read once, with what it says."""

    site: Site
    rows: list[Recorded] = field(default_factory=list)
    documents: list[Document[Any]] = field(default_factory=list)

    @classmethod
    def of(cls, site: Site) -> History:
        """All of it."""
        history = cls(site)
        while page := site.log.read_log(len(history.rows), PAGE):
            history.rows += page
        history.documents = [read(row) for row in history.rows]
        return history

    def events(self, *kinds: type[Any]) -> Iterator[Document[Any]]:
        """The documents of some kinds, in order."""
        return (d for d in self.documents if isinstance(d.data, kinds))


def records_of(world: World, site: Site) -> Iterator[Record]:
    """The topic of a service, partition by partition."""
    for partition, end in world.bus.end_offsets(site.topic).items():
        yield from world.bus.read_partition(site.topic, partition, 0, end)


def first_places(
    world: World, history: History, histories: dict[str, History]
) -> dict[UUID, Record]:
    """The record with which each foreign event first came, by the event's id."""
    found: dict[UUID, Record] = {}
    for name in Reactions(history.site.definition.foreign).services:
        source = histories[name]
        ids = {row.document: d.id for row, d in zip(source.rows, source.documents, strict=True)}
        for record in records_of(world, source.site):
            event_id = ids.get(record.value or b"")
            if event_id is not None:
                found.setdefault(event_id, record)
    return found
