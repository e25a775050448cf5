"""The key store, held to the erasure list of the log before it gives a key.

A key store restored from an older copy holds keys that were destroyed since. Every erasure is an
entry of one stream of intake's log, and the key store remembers up to which entry it was told:
what is missing is replayed before any key is handed out, whenever the copy was put back and
whoever asks first. It costs two look-ups by key, and no scan of the log. Where the log itself
was restored from an older copy, the readings of persons wait with all commands until ``doudi log
recover`` has brought the list back with the other events.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.intake.registry.keys.port import Erasure, KeyStore, case_key, person_key
from shared.contracts.erasure import ErasureListed
from shared.kernel.event import Recorded, read
from shared.sealing import SealingKey

log = logging.getLogger(__name__)


class Streams(Protocol):
    """What is asked of intake's store."""

    def read_stream(self, stream: UUID, after_version: int = 0) -> list[Recorded]:
        """A stream's events past a version, in order."""


class ListedKeys:
    """A key store that knows no key which the erasure list names.

    ``stream`` is the list's. What the inner store raises, and ``StoreAway``, goes through.
    """

    def __init__(self, keys: KeyStore, log: Streams, stream: UUID) -> None:
        self._keys = keys
        self._log = log
        self._stream = stream

    def catch_up(self) -> int:
        """Replay what the list says and the key store was not told; how many keys still lived."""
        listed = self._keys.listed()
        # With the entry it was told last: a log without it is another one, and is read from 1.
        rows = self._log.read_stream(self._stream, max(listed - 1, 0))
        if listed and rows and rows[0].version == listed:
            rows = rows[1:]
        elif listed:
            rows = self._log.read_stream(self._stream)
        if not rows:
            return 0
        entries = [document.data for document in map(read, rows)]
        named = [entry for entry in entries if isinstance(entry, ErasureListed)]
        alive = self._keys.replay(
            [erasure for entry in named for erasure in erasures_of(entry)],
            [entry.identity for entry in named if entry.identity is not None],
            rows[-1].version,
        )
        if alive:
            log.warning("the key store held %d keys that were erased: it is an older copy", alive)
        return alive

    def create(self, key_id: str) -> SealingKey:
        """The key of that id, made if there is none."""
        self.catch_up()
        return self._keys.create(key_id)

    def get(self, key_id: str) -> SealingKey:
        """The key of that id."""
        self.catch_up()
        return self._keys.get(key_id)

    def get_many(self, key_ids: Sequence[str]) -> Mapping[str, SealingKey | Erasure]:
        """Keys or tombstones by id."""
        self.catch_up()
        return self._keys.get_many(key_ids)

    def destroyed(self, key_id: str) -> datetime | None:
        """When the key was destroyed, if it was."""
        self.catch_up()
        return self._keys.destroyed(key_id)

    def identify(self, digest: str) -> UUID:
        """The identity of a digest, made if there is none."""
        self.catch_up()
        return self._keys.identify(digest)

    def identity(self, digest: str) -> UUID | None:
        """The identity of a digest, if there is one."""
        self.catch_up()
        return self._keys.identity(digest)

    def destroy(self, key_id: str, at: datetime) -> Erasure:
        """Destroy a key for good and leave its tombstone."""
        return self._keys.destroy(key_id, at)

    def forget(self, identity: UUID) -> None:
        """Take an identity away without a trace."""
        self._keys.forget(identity)

    def erasures(self, after: str = "", limit: int = 1000) -> list[Erasure]:
        """The tombstones in order of id."""
        self.catch_up()
        return self._keys.erasures(after, limit)

    def replay(
        self,
        erasures: Iterable[Erasure],
        identities: Iterable[UUID] = (),
        listed: int | None = None,
    ) -> int:
        """Destroy and forget what a list names."""
        return self._keys.replay(erasures, identities, listed)

    def listed(self) -> int:
        """Up to which entry the log's erasure list was replayed."""
        return self._keys.listed()

    def version(self) -> str:
        """The engine's name and version."""
        return self._keys.version()

    def close(self) -> None:
        """Let go of the engine."""
        self._keys.close()


def erasures_of(entry: ErasureListed) -> Iterable[Erasure]:
    """The keys that went with an erasure: the person's, and those of cases nobody is left of."""
    yield Erasure(person_key(entry.person_id), entry.destroyed_at)
    for case_id in entry.cases:
        yield Erasure(case_key(case_id), entry.destroyed_at)
