"""Bringing a log level that was restored from an older copy: from its topic, and from nothing else.

Events keep their positions. What the topic never got is lost, and is listed; so is what no topic
holds: outcomes of commands that wrote nothing, bytes of parked records, the vault's rows.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from shared.bus.port import Bus
from shared.bus.relay import LARGEST_WINDOW
from shared.bus.wire import Told, told_of
from shared.bus.witness import LOST, log_rows, topic_events
from shared.kernel.event import (
    NO_DIGEST,
    Document,
    Envelope,
    InvalidEvent,
    Recorded,
    UnknownEventType,
    read,
)
from shared.kernel.proof import Digests
from shared.kernel.store import AgendaChange, AnnexRow, Handled, Look, Store, Write

ACCEPTED = "partial-command"
"""The annex's kind of commands that an operator let stand with some of their events."""

_PAGE = 500
_START = (0, NO_DIGEST)


class NotRecoverable(Exception):
    """Log and topic make no whole history, or two; names the place. A person decides."""


class Partial(NamedTuple):
    """A command of which the topic holds only some events; ``absent`` are the others' positions."""

    command_id: UUID
    present: list[int]
    absent: list[int]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a recovery did, and what it could not.

    ``written`` is false where parts of commands are gone and nobody has accepted that: then
    nothing was done, and the rest tells what would be. ``events`` and ``commands`` count what
    was put back. ``lost_positions`` are events that never reached the topic,
    ``partial_commands`` the commands of which some are among them, or came after all the others.
    ``parked`` counts records that had been parked since the copy: their bytes are gone. ``since``
    is the moment of the first event put back: rows of the vault written after it, and outcomes
    of commands that wrote no event, have no copy in the topic. ``until`` is that of the log's
    last event now.
    """

    written: bool = True
    events: int = 0
    commands: int = 0
    lost_positions: list[int] = field(default_factory=list)
    partial_commands: list[Partial] = field(default_factory=list)
    parked: int = 0
    since: datetime | None = None
    until: datetime | None = None


Agenda = Callable[[Document[Any]], Iterable[AgendaChange]]


def recover(
    store: Store, bus: Bus, topic: str, agenda: Agenda, accepts_partial: UUID | None = None
) -> Recovered:
    """Insert what the topic holds and the log lacks, in the order of the log's positions.

    ``agenda`` is the service's pure function from an event to what it opens and closes.
    ``accepts_partial`` is who takes it upon themselves that some commands stay half done: their
    events in other partitions never reached the topic. Without it nothing is written then, and
    the service goes on refusing commands; with it, it is recorded in the annex. Nothing else may
    write meanwhile; a recovery that broke off is simply run again. Raises ``NotRecoverable``,
    before anything is written, where log and topic contradict each other or an event would not
    chain.
    """
    before = store.head()
    missing, told = _missing(store, bus, topic)
    lost = _lost(store, missing)
    rows = [missing[position] for position in sorted(missing)]
    groups = list(_commands(rows))
    outcomes = [_outcome(group, told) for group in groups]
    known = store.handled([handled.command_id for handled in outcomes])
    partial = [found for group in groups if (found := _partial(group, told)) is not None]
    written = accepts_partial is not None or not partial
    if written:
        # First, so that a recovery that breaks off and is run again knows its own gaps.
        store.annex_put([AnnexRow(LOST, str(position), b"") for position in lost])
        store.annex_put([_accepted(found, accepts_partial) for found in partial])
        for page in _pages(groups):
            _insert(store, page, told, known, agenda, before)
            before = max(before, page[-1][-1].position)
    return Recovered(
        written=written,
        events=len(rows),
        commands=sum(handled.command_id not in known for handled in outcomes),
        lost_positions=lost,
        partial_commands=partial,
        parked=sum(row.type.startswith("doudi.kernel.record-parked.") for row in rows),
        since=_envelope(rows[0]).recorded_at if rows else None,
        until=_last_moment(store),
    )


def _last_moment(store: Store) -> datetime | None:
    rows = store.read_log(store.head() - 1, 1)
    return _envelope(rows[0]).recorded_at if rows else None


def _partial(group: Sequence[Recorded], told: Mapping[int, Told]) -> Partial | None:
    """Which of a command's events are not there, going by what its records tell of it."""
    present = [row.position for row in group]
    spans = {told[position] for position in present if position in told}
    wanted = {p for span in spans for p in range(span.before + 1, span.before + span.events + 1)}
    absent = sorted(wanted.difference(present))
    return Partial(_envelope(group[0]).command_id, present, absent) if absent else None


def _accepted(partial: Partial, by: UUID | None) -> AnnexRow:
    told = {"present": partial.present, "absent": partial.absent, "accepted_by": str(by)}
    return AnnexRow(ACCEPTED, str(partial.command_id), json.dumps(told).encode())


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
    told: Mapping[int, Told],
    known: Mapping[UUID, Handled],
    agenda: Agenda,
    head: int,
) -> None:
    outcomes = [_outcome(group, told) for group in page]
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


def _missing(store: Store, bus: Bus, topic: str) -> tuple[dict[int, Recorded], dict[int, Told]]:
    """What the topic holds at positions where the log holds nothing, and what it tells of it."""
    digests = Digests()
    for row in log_rows(store):
        digests[row.position] = row.digest
    missing: dict[int, Recorded] = {}
    told: dict[int, Told] = {}
    for row, record in topic_events(bus, topic):
        known = missing[row.position].digest if row.position in missing else None
        known = known or digests.get(row.position)
        if known is None:
            missing[row.position] = row
            about = told_of(record)
            if about is not None:
                told[row.position] = about
        elif known != row.digest:
            raise NotRecoverable(
                f"{_place(row)} is one event in the log and another in {topic}: two histories "
                "were written; restore a copy of the database from before that event"
            )
    return missing, told


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


def _outcome(group: Sequence[Recorded], told: Mapping[int, Told]) -> Handled:
    """The outcome that a command had.

    Its version is that of the stream it read first, as the records tell. Where they do not, that
    of its last event's stream is taken: of the stream itself if the command wrote to no other.
    """
    last = group[-1]
    envelope = _envelope(last)
    about = told.get(last.position)
    version = about.version if about is not None else last.version
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
