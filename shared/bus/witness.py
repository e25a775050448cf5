"""The topic as the log's witness: it shows a log that was restored from an older copy, or edited.

``check_log`` is asked at every start. ``verify`` compares the whole log with the whole topic.
``recover`` (its own module) brings a restored log level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from pydantic import ValidationError

from shared.bus.port import Bus, Record
from shared.bus.relay import RELAY
from shared.bus.wire import command_of, row_of, source_of
from shared.kernel.event import (
    NO_DIGEST,
    Envelope,
    Recorded,
    event_id,
    is_sealed,
)
from shared.kernel.proof import DIGEST_BYTES, Digests
from shared.kernel.store import LogReader, Store

PAGE = 1000
LOST = "lost-position"
"""The annex's kind of log positions that a recovery could not give back."""

_LISTED = 100_000
_TAIL = 500


class LogForked(Exception):
    """The log lacks, or contradicts, what the topic holds of it: do not write on."""

    def __init__(self, topic: str, row: Recorded, seen: str) -> None:
        super().__init__(
            f"{topic} holds event {row.position} (stream {row.stream}, version {row.version}), "
            f"which the log {seen}: the database was restored from an older copy, or edited. "
            "Look with `doudi log verify`, then run `doudi log recover`"
        )
        self.position = row.position


def check_log(log: LogReader, bus: Bus, topic: str) -> None:
    """Whether the log holds the newest events that its topic holds in each partition.

    A late duplicate may lie behind newer events, so the newest of a partition's last records is
    taken. Raises ``LogForked``, and what the bus and the store raise.
    """
    begins, ends = bus.begin_offsets(topic), bus.end_offsets(topic)
    for partition, end in ends.items():
        newest = _newest(bus, topic, partition, begins[partition], end)
        if newest is not None:
            known = log.read_stream(newest.stream, newest.version - 1)[:1]
            if not known or known[0].version != newest.version:
                raise LogForked(topic, newest, "lacks")
            if known[0].digest != newest.digest:
                raise LogForked(topic, newest, "tells otherwise")


def _newest(bus: Bus, topic: str, partition: int, begin: int, end: int) -> Recorded | None:
    source = source_of(topic)
    while end > begin:
        start = max(begin, end - _TAIL)
        records = bus.read_partition(topic, partition, start, end - start)
        valid = [row for record in records if (row := row_of(record, source)) is not None]
        if valid:
            return max(valid, key=lambda row: row.position)
        end = start
    return None


def topic_rows(bus: Bus, topic: str, ends: Mapping[int, int] | None = None) -> Iterator[Recorded]:
    """Every valid event of the topic's own service that the topic holds, partition by partition.

    ``ends`` are the offsets to read up to, the topic's end where they are not given.
    """
    return (row for row, _record in topic_events(bus, topic, ends))


def topic_events(
    bus: Bus, topic: str, ends: Mapping[int, int] | None = None
) -> Iterator[tuple[Recorded, Record]]:
    """As ``topic_rows``, each event with its record."""
    source = source_of(topic)
    begins = bus.begin_offsets(topic)
    for partition, end in (bus.end_offsets(topic) if ends is None else ends).items():
        offset = begins[partition]
        while offset < end:
            records = bus.read_partition(topic, partition, offset, min(PAGE, end - offset))
            if not records:
                break
            offset = records[-1].offset + 1
            for record in records:
                row = row_of(record, source)
                if row is not None:
                    yield row, record


def log_rows(log: LogReader, head: int | None = None) -> Iterator[Recorded]:
    """The log's rows in order, those past ``head`` left out."""
    after = 0
    while (head is None or after < head) and (rows := log.read_log(after, PAGE)):
        for row in rows:
            if head is not None and row.position > head:
                return
            yield row
        after = rows[-1].position


class Damage(StrEnum):
    """What can be wrong with an event of the log."""

    CHANGED = "changed"
    """Its bytes, or a column beside them, are not those that were sealed."""

    CHAIN_BROKEN = "chain-broken"
    """It does not follow the event before it in its stream."""

    MISSING = "missing"
    """The log has nothing at its position."""

    REWRITTEN = "rewritten"
    """It is sealed, but not as the topic holds it: it and its chain were made anew."""

    CUT = "cut"
    """The topic holds it past the log's end."""

    NOT_IN_TOPIC = "not-in-topic"
    """It was relayed, but the topic does not hold it."""

    LOST = "lost"
    """A recovery could not give it back; it was never relayed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One damage and where it is. ``stream`` and ``version`` are known where any copy tells.

    ``until`` is the last position where too many follow one another to be listed each.
    """

    damage: Damage
    position: int
    stream: UUID | None = None
    version: int | None = None
    until: int | None = None

    def __str__(self) -> str:
        where = "" if self.stream is None else f", stream {self.stream} version {self.version}"
        end = "" if self.until is None else f" to {self.until}"
        return f"{self.damage}: position {self.position}{end}{where}"


def verify(store: Store, bus: Bus, topic: str) -> list[Finding]:
    """Compare every event of the log with its chain and with the topic; what is wrong, in order.

    What the relay has not sent yet cannot be compared with the topic. The service may go on
    meanwhile: what was relayed is asked before the topic's end, and that before the log's, so
    that the log holds all that is looked for. Raises what the bus and the store raise.
    """
    relayed = relayed_position(store, bus, topic)
    ends = bus.end_offsets(topic)
    head = store.head()
    findings, digests, missing = _verify_chains(store, head)
    marked = {(f.damage, f.position) for f in findings}
    published = Digests()

    def note(finding: Finding) -> None:
        if (finding.damage, finding.position) not in marked:
            marked.add((finding.damage, finding.position))
            findings.append(finding)

    for row in topic_rows(bus, topic, ends):
        if row.position > head:
            note(Finding(Damage.CUT, row.position, row.stream, row.version))
            continue
        published[row.position] = row.digest
        known = digests.get(row.position)
        if row.position in missing:
            missing[row.position] = Finding(
                Damage.MISSING, row.position, row.stream, row.version, missing[row.position].until
            )
        elif known not in (None, row.digest) and not _known(marked, row.position):
            note(Finding(Damage.REWRITTEN, row.position, row.stream, row.version))
    for position in digests:
        if position <= relayed and published.get(position) is None:
            note(Finding(Damage.NOT_IN_TOPIC, position))
    lost = _listed_as_lost(store, list(missing))
    findings += [
        Finding(Damage.LOST, position) if position in lost and found.until is None else found
        for position, found in missing.items()
    ]
    return sorted(findings, key=lambda f: (f.position, f.damage))


def _listed_as_lost(store: Store, positions: Sequence[int]) -> set[int]:
    """Those that a recovery has listed as lost."""
    lost: set[int] = set()
    for at in range(0, len(positions), PAGE):
        keys = [str(position) for position in positions[at : at + PAGE]]
        lost.update(map(int, store.annex_get(LOST, keys)))
    return lost


def _known(marked: set[tuple[Damage, int]], position: int) -> bool:
    return (Damage.CHANGED, position) in marked


def relayed_position(store: Store, bus: Bus, topic: str) -> int:
    """How far the topic, as it is now, has the log."""
    topic_id = bus.topic_id(topic)
    for known in store.positions(RELAY):
        if known.topic_id == topic_id:
            return known.position
    return 0


def _verify_chains(log: LogReader, head: int) -> tuple[list[Finding], Digests, dict[int, Finding]]:
    """Walk the log alone: bytes as sealed, streams as chained; then the positions not held."""
    findings: list[Finding] = []
    digests = Digests()
    missing: dict[int, Finding] = {}
    streams: dict[UUID, tuple[int, bytes]] = {}
    before = 0
    for row in log_rows(log, head):
        missing |= _between(before, row.position, _LISTED - len(missing))
        before = row.position
        well_formed = _well_formed(row)
        if well_formed:
            digests[row.position] = row.digest
        if not is_sound(row):
            findings.append(Finding(Damage.CHANGED, row.position, row.stream, row.version))
        if streams.get(row.stream, (0, NO_DIGEST)) != (row.version - 1, row.previous_digest):
            findings.append(Finding(Damage.CHAIN_BROKEN, row.position, row.stream, row.version))
        streams[row.stream] = row.version, row.digest
    return findings, digests, missing


def _between(before: int, after: int, room: int) -> dict[int, Finding]:
    """The positions between two, each by itself as far as there is room, else in one."""
    first, last = before + 1, after - 1
    if first > last:
        return {}
    if last - first < room:
        return {p: Finding(Damage.MISSING, p) for p in range(first, last + 1)}
    return {first: Finding(Damage.MISSING, first, until=last)}


def is_sound(row: Recorded) -> bool:
    """Whether the row's document, digests and the columns beside them agree."""
    return _well_formed(row) and is_sealed(row) and _columns_agree(row)


def body_digest_of(row: Recorded) -> bytes:
    """The SHA-256 of the row's document; empty where an editor left no bytes."""
    return sha256(row.document).digest() if isinstance(row.document, bytes) else b""


def command_id_of(row: Recorded) -> UUID | None:
    """The id of the command that the row's event came from; ``None`` where it names none."""
    try:
        return UUID(command_of(row).decode())
    except (ValueError, TypeError):
        return None


def _well_formed(row: Recorded) -> bool:
    """Whether the row holds bytes where bytes belong; an editor may leave text in SQLite."""
    values: tuple[object, ...] = (row.document, row.previous_digest, row.digest)
    return all(isinstance(value, bytes) for value in values) and len(row.digest) == DIGEST_BYTES


def _columns_agree(row: Recorded) -> bool:
    """Whether the columns beside the document state what the sealed document states."""
    try:
        envelope = Envelope.model_validate_json(row.document)
    except ValidationError:
        return False
    return (envelope.stream, envelope.version, envelope.type, envelope.id) == (
        row.stream,
        row.version,
        row.type,
        event_id(row.stream, row.version),
    )
