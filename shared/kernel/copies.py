"""Oversight's copy of everyone's events: the bytes as received, in one chain of its own.

A copy is taken in the turn that moves the consumer past its record, before anything is
interpreted, and is never changed. It is the witness against a log that is edited or cut, and what
timelines are told from.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, NamedTuple, Protocol
from uuid import UUID

NO_SEAL: Final = bytes(32)
"""What stands for the seal before the first copy."""


class Copy(NamedTuple):
    """One event as a record brought it.

    ``position`` counts the copies from 1 without gaps and ``seal`` chains them; both are given by
    the turn, 0 and empty before it. ``service`` and ``log_position`` are where the event stands
    at its owner, ``topic_id``, ``partition`` and ``offset`` where it was read. ``body_digest`` is
    the SHA-256 of the document alone, ``digest`` that of its stream's chain.
    """

    position: int
    service: str
    log_position: int
    event_id: UUID
    subject: UUID
    stream: UUID
    version: int
    type: str
    topic_id: UUID
    partition: int
    offset: int
    document: bytes
    body_digest: bytes
    previous_digest: bytes
    digest: bytes
    seal: bytes


class CopiesEnd(NamedTuple):
    """The last copy's position and seal."""

    position: int
    seal: bytes


NO_COPIES: Final = CopiesEnd(0, NO_SEAL)


def seal_of(before: bytes, copy: Copy) -> bytes:
    """The seal of a copy: SHA-256 over the seal before it and all that is known of the copy.

    The document counts through its digests, so that the chain is walked without reading it.
    """
    stated = (
        f"{copy.position}/{copy.service}/{copy.log_position}/{copy.event_id}/{copy.subject}/"
        f"{copy.stream}/{copy.version}/{copy.type}/{copy.topic_id}/{copy.partition}/{copy.offset}/"
    )
    digests = copy.body_digest + copy.previous_digest + copy.digest
    return sha256(before + stated.encode() + digests).digest()


class Copies(Protocol):
    """Reading the copies; they are written by a turn alone."""

    def end(self) -> CopiesEnd:
        """The last copy's position and seal, ``NO_COPIES`` before the first."""

    def read(self, after: int, limit: int) -> list[Copy]:
        """The copies past a position, in order."""

    def of_subject(self, subject: UUID, after: int, limit: int) -> list[Copy]:
        """The copies of a case's events past a position, in order."""

    def of_events(self, event_ids: Sequence[UUID]) -> list[Copy]:
        """The copies of these events, in order; of one that came with several bodies, all."""

    def of_log(self, service: str, log_positions: Sequence[int]) -> list[Copy]:
        """The copies of the events at these positions of a service's log, in order."""
