"""What proofs of a log are made of: an event's mark, and the digests of all its positions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from pydantic import BaseModel

DIGEST_BYTES: Final = 32
_BLOCK: Final = 1024


class Mark(BaseModel):
    """An event without its content.

    ``body`` is the SHA-256 of the document as it lies there, ``digest`` the stored one that
    chains it; both hexadecimal, empty where there are no bytes. ``sealed``: document, digests
    and the columns beside them agree. ``accounted``: a command's recorded outcome covers it.
    """

    position: int
    stream: UUID
    version: int
    body: str
    digest: str
    sealed: bool
    accounted: bool


class Digests:
    """The digest of each log position, 32 bytes apiece, however long the log.

    Kept in blocks, so that one position edited to be out of all reach takes up no more than one.
    """

    def __init__(self) -> None:
        self._blocks: dict[int, bytearray] = {}

    def __setitem__(self, position: int, digest: bytes) -> None:
        block, at = divmod(position, _BLOCK)
        held = self._blocks.setdefault(block, bytearray(_BLOCK * DIGEST_BYTES))
        held[at * DIGEST_BYTES : (at + 1) * DIGEST_BYTES] = digest

    def __iter__(self) -> Iterator[int]:
        """The positions held, in order."""
        for block in sorted(self._blocks):
            for at in range(_BLOCK):
                if self.get(block * _BLOCK + at) is not None:
                    yield block * _BLOCK + at

    def get(self, position: int) -> bytes | None:
        """The digest, ``None`` where the position holds nothing."""
        block, at = divmod(position, _BLOCK)
        held = self._blocks.get(block)
        if held is None:
            return None
        found = bytes(held[at * DIGEST_BYTES : (at + 1) * DIGEST_BYTES])
        return found if any(found) else None
