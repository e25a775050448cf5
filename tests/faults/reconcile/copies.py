"""Oversight's copies: exactly everyone's events, byte for byte, once, in one sealed chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Final

from shared.kernel.copies import NO_SEAL, Copies, Copy, seal_of
from tests.faults.reconcile.logs import Log

_PAGE: Final = 500


def copies_in(copies: Copies) -> list[Copy]:
    """All of them, in order."""
    found: list[Copy] = []
    while page := copies.read(found[-1].position if found else 0, _PAGE):
        found += page
    return found


def of_copies(copies: Iterable[Copy], logs: Mapping[str, Log]) -> Iterator[str]:
    """What the copies are other than the logs, and where their chain is broken."""
    wanted = {
        (log.service, row.position): (row, document)
        for log in logs.values()
        for row, document in zip(log.rows, log.documents, strict=True)
    }
    first: dict[tuple[str, int], int] = {}
    seal = NO_SEAL
    for number, copy in enumerate(copies, start=1):
        if copy.position != number:
            yield f"copy {copy.position} stands where {number} must"
        if seal_of(seal, copy) != copy.seal:
            yield f"copy {copy.position} is not as it was sealed"
        seal = copy.seal
        place = copy.service, copy.log_position
        of = f"{copy.service}'s {copy.log_position}"
        if first.setdefault(place, copy.position) != copy.position:
            yield f"copies {first[place]} and {copy.position} are both of {of}"
        known = wanted.get(place)
        if known is None:
            yield f"copy {copy.position} is of {of}, which no log holds"
            continue
        row, document = known
        stated = (document.id, document.subject, *row[1:], sha256(row.document).digest())
        copied = (
            *(copy.event_id, copy.subject, copy.stream, copy.version, copy.type, copy.document),
            *(copy.previous_digest, copy.digest, copy.body_digest),
        )
        if stated != copied:
            yield f"copy {copy.position} is not {of} byte for byte"
    missing = sorted(wanted.keys() - first.keys())
    if missing:
        yield f"the copies lack {missing}"
