"""What makes a record sound: the copies among themselves, and each log against its copies.

Pure: given the copies in their order and a log's marks in theirs, it names whatever is not as it
was received, with its place. It works in both directions, so that a stream that is wholly gone
and an end that is cut off are found like a changed byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import groupby
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from shared.kernel.copies import NO_SEAL, Copy, seal_of
from shared.kernel.event import NO_DIGEST, digest_of
from shared.kernel.proof import Digests, Mark

_T = TypeVar("_T")

LISTED: Final = 1000
"""How many findings are listed one by one; the rest is counted."""


class Damage(StrEnum):
    """What can be wrong. ``zh`` says it to an auditor."""

    COPY_CHANGED = "copy-changed"
    COPY_MISSING = "copy-missing"
    COPY_UNCHAINED = "copy-unchained"
    CONTRADICTED = "contradicted"
    CHANGED = "changed"
    MOVED = "moved"
    DELETED = "deleted"
    CUT = "cut"
    STREAM_DELETED = "stream-deleted"
    INSERTED = "inserted"
    UNACCOUNTED = "unaccounted"

    @property
    def zh(self) -> str:
        """The damage in Chinese."""
        return _ZH[self]

    @property
    def en(self) -> str:
        """The damage in English."""
        return _EN[self]


_ZH: Final = {
    Damage.COPY_CHANGED: "监督副本被改动",
    Damage.COPY_MISSING: "监督副本缺失",
    Damage.COPY_UNCHAINED: "监督副本中该事件与前一事件不衔接",
    Damage.CONTRADICTED: "同一事件先后收到不同内容",
    Damage.CHANGED: "事件内容与收到时不一致",
    Damage.MOVED: "事件被调换位置",
    Damage.DELETED: "事件被删除",
    Damage.CUT: "事件流末端被截断",
    Damage.STREAM_DELETED: "整条事件流被删除",
    Damage.INSERTED: "日志中有从未收到的事件",
    Damage.UNACCOUNTED: "事件没有对应的已处理命令",
}
_EN: Final = {
    Damage.COPY_CHANGED: "oversight's own copy was changed",
    Damage.COPY_MISSING: "oversight's own copy is missing",
    Damage.COPY_UNCHAINED: "the copied event does not follow on the one before it in its stream",
    Damage.CONTRADICTED: "the event was received again with other bytes",
    Damage.CHANGED: "the log holds other bytes than were received",
    Damage.MOVED: "the log holds here what was received from another position",
    Damage.DELETED: "the log lacks an event that was received",
    Damage.CUT: "the end of a stream was cut off",
    Damage.STREAM_DELETED: "a whole stream was deleted",
    Damage.INSERTED: "the log holds an event that was published and never received",
    Damage.UNACCOUNTED: "no command's outcome accounts for the event",
}


class Finding(NamedTuple):
    """One thing wrong, and where.

    ``position`` to ``last`` are log positions of ``service``, or of the copies where the damage
    is theirs; ``other`` is where something moved from. ``case_id`` is the event's subject.
    """

    damage: Damage
    service: str
    position: int
    last: int
    stream: UUID | None = None
    version: int | None = None
    case_id: UUID | None = None
    other: int | None = None


class Walked:
    """What walking the copies has shown: their findings, and the digests of each log."""

    def __init__(self) -> None:
        self.copies = 0
        self.findings: list[Finding] = []
        self.digests: dict[str, Digests] = {}
        self._seal = NO_SEAL
        self._streams: dict[UUID, tuple[int, bytes]] = {}

    def take(self, page: Iterable[Copy]) -> None:
        """Walk on over the next copies in order."""
        for copy in page:
            if copy.position != self.copies + 1:
                gap = self.copies + 1, copy.position - 1
                self.findings.append(Finding(Damage.COPY_MISSING, copy.service, *gap))
            self._check(copy)
            self.copies, self._seal = copy.position, copy.seal
            self._follow(copy)

    def last_version(self, stream: UUID) -> int:
        """The last version of a stream that was copied."""
        return self._streams.get(stream, (0, NO_DIGEST))[0]

    def _check(self, copy: Copy) -> None:
        intact = (
            sha256(copy.document).digest() == copy.body_digest
            and digest_of(copy.previous_digest, copy.document) == copy.digest
            and seal_of(self._seal, copy) == copy.seal
        )
        if not intact:
            at = copy.position, copy.position
            self.findings.append(
                Finding(Damage.COPY_CHANGED, copy.service, *at, copy.stream, copy.version)
            )

    def _follow(self, copy: Copy) -> None:
        digests = self.digests.setdefault(copy.service, Digests())
        known = digests.get(copy.log_position)
        if known is not None:
            if known != copy.digest:
                self.findings.append(_of_copy(Damage.CONTRADICTED, copy, copy.position))
            return
        digests[copy.log_position] = copy.digest
        before = self._streams.get(copy.stream, (0, NO_DIGEST))
        if before != (copy.version - 1, copy.previous_digest):
            self.findings.append(_of_copy(Damage.COPY_UNCHAINED, copy))
        self._streams[copy.stream] = copy.version, copy.digest


def _of_copy(damage: Damage, copy: Copy, other: int | None = None) -> Finding:
    """A finding at a copied event's place in its service's log."""
    position = copy.log_position
    return Finding(
        damage, copy.service, position, position, copy.stream, copy.version, copy.subject, other
    )


OfLog = Callable[[Sequence[int]], Sequence[Copy]]
"""The copies of a service's events at some log positions."""


@dataclass
class Compared:
    """A log compared with its copies, mark by mark.

    ``relayed`` is how far the topic had the log before the copies were walked: every event up to
    there must have been received; later ones may be under way.
    """

    service: str
    walked: Walked
    relayed: int
    events: int = 0
    under_way: int = 0

    def __post_init__(self) -> None:
        self._digests = self.walked.digests.get(self.service, Digests())
        self._seen = 0
        self._missing: list[int] = []
        self._changed: list[Mark] = []
        self._findings: list[Finding] = []
        self._left = iter(self._digests)
        self._next_copied = next(self._left, None)

    def take(self, marks: Iterable[Mark]) -> None:
        """Compare the next marks of the log, in order."""
        for mark in marks:
            self._skip_to(mark.position)
            self.events += 1
            known = self._digests.get(mark.position)
            if known is not None and (not mark.sealed or mark.digest != known.hex()):
                self._changed.append(mark)
            elif known is None and mark.position <= self.relayed:
                self._note(Damage.INSERTED, mark)
            elif not mark.accounted:
                self._note(Damage.UNACCOUNTED, mark)
            self.under_way += known is None and mark.position > self.relayed

    def findings(self, of_log: OfLog) -> list[Finding]:
        """Everything that is wrong, once the log's last mark was taken."""
        self._skip_to(None)
        found = [*self._findings, *self._of_changed(of_log), *self._of_missing(of_log)]
        return sorted(found, key=lambda f: (f.position, f.damage))

    def _skip_to(self, position: int | None) -> None:
        """Note what was copied and is passed over by the log."""
        while self._next_copied is not None and (position is None or self._next_copied < position):
            self._missing.append(self._next_copied)
            self._next_copied = next(self._left, None)
        if self._next_copied == position:
            self._next_copied = next(self._left, None)

    def _note(self, damage: Damage, mark: Mark) -> None:
        at = mark.position, mark.position
        self._findings.append(Finding(damage, self.service, *at, mark.stream, mark.version))

    def _of_changed(self, of_log: OfLog) -> Iterator[Finding]:
        for page in _pages(self._changed):
            copies = {c.log_position: c for c in reversed(of_log([m.position for m in page]))}
            came_from = {c.body_digest.hex(): position for position, c in copies.items()}
            for mark in page:
                copy = copies[mark.position]
                other = came_from.get(mark.body)
                if other is not None and other != mark.position:
                    yield _of_copy(Damage.MOVED, copy, other)
                else:
                    yield _of_copy(Damage.CHANGED, copy)

    def _of_missing(self, of_log: OfLog) -> Iterator[Finding]:
        """What the log lacks: whole streams, their ends, and single events."""
        copies: dict[int, Copy] = {}
        for page in _pages(self._missing):
            copies |= {c.log_position: c for c in reversed(of_log(page))}
        by_stream = sorted(copies.values(), key=lambda c: (c.stream, c.version))
        for stream, group in groupby(by_stream, key=lambda c: c.stream):
            gone = list(group)
            ending = self._ending(stream, gone)
            yield from (self._gone(Damage.DELETED, [c]) for c in gone if c not in ending)
            if ending:
                whole = ending[0].version == 1
                yield self._gone(Damage.STREAM_DELETED if whole else Damage.CUT, ending)

    def _ending(self, stream: UUID, gone: Sequence[Copy]) -> list[Copy]:
        """Those of the missing events that follow on up to the stream's last."""
        ending: list[Copy] = []
        version = self.walked.last_version(stream)
        for copy in reversed(gone):
            if copy.version != version - len(ending):
                break
            ending.insert(0, copy)
        return ending

    def _gone(self, damage: Damage, copies: Sequence[Copy]) -> Finding:
        return _of_copy(damage, copies[0])._replace(last=copies[-1].log_position)


def _pages(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), LISTED):
        yield items[start : start + LISTED]
