"""Bringing a log level that was restored from an older copy: from its topic, and from nothing else.

Events keep their positions. What the topic never got is lost, and is listed; so is what no topic
holds: outcomes of commands that wrote nothing, bytes of parked records, the vault's rows.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.bus.port import Bus
from shared.bus.relay import LARGEST_WINDOW
from shared.bus.witness import LOST, Digests, log_rows, topic_rows
from shared.kernel.event import (
    NO_DIGEST,
    Document,
    Envelope,
    InvalidEvent,
    Recorded,
    UnknownEventType,
    read,
)
from shared.kernel.store import AgendaChange, AnnexRow, Handled, Look, Store, Write

_PAGE = 500
_START = (0, NO_DIGEST)


class NotRecoverable(Exception):
    """Log and topic make no whole history, or two; names the place. A person decides."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a recovery did, and what it could not.

    ``events`` and ``commands`` count what was put back. ``lost_positions`` are events that never
    reached the topic. ``partial_commands`` are commands some of whose events are among them.
    ``parked`` counts records that had been parked since the copy: their bytes are gone. ``since``
    is the moment of the first event put back: rows of the vault written after it, and outcomes
    of commands that wrote no event, have no copy in the topic.
    """

    events: int = 0
    commands: int = 0
    lost_positions: list[int] = field(default_factory=list)
    partial_commands: list[UUID] = field(default_factory=list)
    parked: int = 0
    since: datetime | None = None


Agenda = Callable[[Document[Any]], Iterable[AgendaChange]]


def recover(store: Store, bus: Bus, topic: str, agenda: Agenda) -> Recovered:
    """Insert what the topic holds and the log lacks, in the order of the log's positions.

    ``agenda`` is the service's pure function from an event to what it opens and closes. Nothing
    else may write meanwhile; a recovery that broke off is simply run again. Raises
    ``NotRecoverable``, before anything is written, where log and topic contradict each other or
    an event would not chain.
    """
    before = store.head()
    missing = _missing(store, bus, topic)
    lost = _lost(store, missing)
    rows = [missing[position] for position in sorted(missing)]
    groups = list(_commands(rows))
    outcomes = [_outcome(group) for group in groups]
    known = store.handled([handled.command_id for handled in outcomes])
    fresh = [handled for handled in outcomes if handled.command_id not in known]
    # First, so that a recovery that breaks off and is run again knows its own gaps.
    store.annex_put([AnnexRow(LOST, str(position), b"") for position in lost])
    for page in _pages(groups):
        _insert(store, page, known, agenda, before)
        before = max(before, page[-1][-1].position)
    gaps = set(lost)
    return Recovered(
        events=len(rows),
        commands=len(fresh),
        lost_positions=lost,
        partial_commands=[
            handled.command_id
            for handled in outcomes
            if {handled.position + 1, handled.position - handled.events} & gaps
        ],
        parked=sum(row.type.startswith("doudi.kernel.record-parked.") for row in rows),
        since=_envelope(rows[0]).recorded_at if rows else None,
    )


def _pages(groups: Iterable[list[Recorded]]) -> Iterator[list[list[Recorded]]]:
    """The commands in portions of a transaction; none is split."""
    page: list[list[Recorded]] = []
    size = 0
    for group in groups:
        page.append(group)
        size += len(group)
        if size >= _PAGE:
            yield page
            page, size = [], 0
    if page:
        yield page


def _insert(
    store: Store,
    page: Sequence[list[Recorded]],
    known: Mapping[UUID, Handled],
    agenda: Agenda,
    head: int,
) -> None:
    outcomes = [_outcome(group) for group in page]
    rows = [row for group in page for row in group]
    with store.turn() as turn:
        if turn.look(Look(after=head)).head != head:
            raise NotRecoverable("somebody else writes to the log: stop the service's processes")
        turn.write(
            Write(
                events=rows,
                handled=[h for h in outcomes if h.command_id not in known],
                agenda=[change for row in rows for change in _changes(row, agenda)],
            )
        )


def _missing(store: Store, bus: Bus, topic: str) -> dict[int, Recorded]:
    """What the topic holds at positions where the log holds nothing."""
    digests = Digests()
    for row in log_rows(store):
        digests[row.position] = row.digest
    missing: dict[int, Recorded] = {}
    for row in topic_rows(bus, topic):
        known = missing[row.position].digest if row.position in missing else None
        known = known or digests.get(row.position)
        if known is None:
            missing[row.position] = row
        elif known != row.digest:
            raise NotRecoverable(
                f"{_place(row)} is one event in the log and another in {topic}: two histories "
                "were written; restore a copy of the database from before that event"
            )
    return missing


def _lost(store: Store, missing: Mapping[int, Recorded]) -> list[int]:
    """Positions that neither log nor topic holds.

    Raises ``NotRecoverable`` unless every event follows the one before it in its stream and the
    positions not held are such as a relay that died leaves behind.
    """
    inserted = [missing[position] for position in sorted(missing)]
    streams: dict[UUID, tuple[int, bytes]] = {}
    lost: list[int] = []
    known_end = at = 0
    for row in heapq.merge(log_rows(store), inserted, key=lambda row: row.position):
        if row.position - at - 1 > LARGEST_WINDOW - len(lost):
            raise NotRecoverable(
                f"{_place(row)} lies further past position {at} than a relay ever sends unsaved"
            )
        lost += range(at + 1, row.position)
        at = row.position
        if row.position not in missing:
            known_end = len(lost)
        if missing and streams.get(row.stream, _START) != (row.version - 1, row.previous_digest):
            raise NotRecoverable(f"{_place(row)} does not follow the event before it there")
        streams[row.stream] = row.version, row.digest
    _require_known(store, lost[:known_end])
    return lost


def _require_known(store: Store, gaps: Sequence[int]) -> None:
    """A copy has gaps only where an earlier recovery left them."""
    keys = [str(position) for position in gaps]
    listed = store.annex_get(LOST, keys)
    for key in keys:
        if key not in listed:
            raise NotRecoverable(
                f"position {key} is in neither the log nor its topic, and the log goes on after "
                "it: this is no older copy but an edited database; restore one"
            )


def _place(row: Recorded) -> str:
    return f"position {row.position} (stream {row.stream}, version {row.version})"


def _commands(rows: Sequence[Recorded]) -> Iterator[list[Recorded]]:
    """The rows of each command: they lie side by side in the log."""
    group: list[Recorded] = []
    command: UUID | None = None
    for row in rows:
        of = _envelope(row).command_id
        if of != command and group:
            yield group
            group = []
        group.append(row)
        command = of
    if group:
        yield group


def _outcome(group: Sequence[Recorded]) -> Handled:
    last = group[-1]
    envelope = _envelope(last)
    version = max(row.version for row in group if row.stream == group[0].stream)
    return Handled(
        envelope.command_id, b"", last.position, len(group), version, "", envelope.recorded_at
    )


def _changes(row: Recorded, agenda: Agenda) -> Iterable[AgendaChange]:
    try:
        return list(agenda(read(row)))
    except (UnknownEventType, InvalidEvent):
        return ()  # an event of a later release than this one; it opens nothing here


def _envelope(row: Recorded) -> Envelope:
    return Envelope.model_validate_json(row.document)
