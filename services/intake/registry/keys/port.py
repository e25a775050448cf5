"""The key store's port: one random key per person or case, wrapped by the master key.

Destroying a key erases whatever it sealed, in the database and in every copy of it, without
touching the log. A destroyed key leaves a tombstone for ever: the erasure list. After a restore of
an older copy of the key store the list, exported before or kept elsewhere, is replayed onto it.
What the engines may keep for a while in freed blocks and archived logs are wrapped keys, useless
without the master key; copies of the key store are therefore kept briefly and never beside it.

Beside the keys stand the identities: for the keyed digest of an ID number the random name of the
stream that says who holds it. A forgotten identity leaves no tombstone: nothing ties a number to
an erased person, and who registers with it later is somebody new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from shared.sealing import SealingKey

WRAPPING = "key-store"
"""The name of the derived key that wraps the stored ones."""


class KeyStoreAway(Exception):
    """The key store cannot be reached. Nothing was created or destroyed."""


class KeyUnknown(Exception):
    """No key of that id was ever made."""


class KeyDestroyed(Exception):
    """The key was destroyed: what it sealed is erased, and it is never made again."""

    def __init__(self, key_id: str, at: datetime) -> None:
        super().__init__(f"{key_id} was destroyed")
        self.key_id = key_id
        self.at = at


class WrongMasterKey(Exception):
    """The key store belongs to another master key. Starting with it would lose people."""


class Erasure(NamedTuple):
    """A tombstone: this key was destroyed then."""

    key_id: str
    at: datetime


class KeyStore(Protocol):
    """Keys by id. Safe to call from several threads and processes at once.

    Every operation raises ``KeyStoreAway`` where the engine does not answer. Opening one with
    another master key than it was made with raises ``WrongMasterKey``.
    """

    def create(self, key_id: str) -> SealingKey:
        """The key of that id, made if there is none: whoever races gets the same.

        Raises ``KeyDestroyed`` where it was destroyed.
        """

    def get(self, key_id: str) -> SealingKey:
        """The key of that id. Raises ``KeyUnknown`` or ``KeyDestroyed``."""

    def get_many(self, key_ids: Sequence[str]) -> Mapping[str, SealingKey | Erasure]:
        """Keys, or the tombstones of destroyed ones; ids without either are absent."""

    def destroy(self, key_id: str, at: datetime) -> Erasure:
        """Destroy a key for good and leave its tombstone; the first moment stands.

        An unknown id gets a tombstone too, so that no later restore brings it to life.
        """

    def destroyed(self, key_id: str) -> datetime | None:
        """When the key was destroyed, if it was."""

    def erasures(self, after: str = "", limit: int = 1000) -> list[Erasure]:
        """The erasure list in order of id, past the given one."""

    def replay(
        self,
        erasures: Iterable[Erasure],
        identities: Iterable[UUID] = (),
        listed: int | None = None,
    ) -> int:
        """Destroy what the list names (after a restore); how many keys were still alive.

        The identities are forgotten with it, and ``listed`` is remembered, all at once.
        """

    def listed(self) -> int:
        """Up to which entry the log's erasure list was replayed; 0 in a new store."""

    def identify(self, digest: str) -> UUID:
        """The identity of a digest, made if there is none: whoever races gets the same."""

    def identity(self, digest: str) -> UUID | None:
        """The identity of a digest, if there is one."""

    def forget(self, identity: UUID) -> None:
        """Take an identity away without a trace; an unknown one is no error."""

    def version(self) -> str:
        """The engine's name and version, for an operator."""

    def close(self) -> None:
        """Let go of the engine."""


def person_key(person_id: UUID) -> str:
    """The id of a person's key."""
    return f"person:{person_id}"


def case_key(case_id: UUID) -> str:
    """The id of the key of a case, under which what several persons share is sealed."""
    return f"case:{case_id}"
