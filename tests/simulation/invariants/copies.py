"""Oversight's copies: every event of every service, byte for byte, once, in one chain."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from services.oversight.rules import Compared, Walked
from shared.bus.witness import is_sound
from shared.kernel.proof import Mark
from tests.simulation.findings import Invariant, require
from tests.simulation.invariants.history import PAGE, History

if TYPE_CHECKING:
    from tests.simulation.house import Site


def copies_are_sound(oversight: Site) -> Walked:
    """No gap, no change, no stream out of order: at every moment. The walk is given back."""
    walked = Walked()
    while page := oversight.log.copies.read(walked.copies, PAGE):
        walked.take(page)
    require(not walked.findings, Invariant.COPIES_WHOLE, f"the copies: {walked.findings}")
    return walked


def copies_are_whole(oversight: Site, histories: dict[str, History]) -> None:
    """At rest every log agrees with its copies, in both directions."""
    walked = copies_are_sound(oversight)
    copies = oversight.log.copies
    for name, history in histories.items():
        compared = Compared(name, walked, relayed=len(history.rows))
        compared.take(_marks(history))
        found = compared.findings(lambda positions, of=name: copies.of_log(of, positions))
        require(not found, Invariant.COPIES_WHOLE, f"{name} and its copies: {found}")
    events = sum(len(history.rows) for history in histories.values())
    text = f"{events} events, {walked.copies} copies"
    require(walked.copies == events, Invariant.COPIES_WHOLE, text)


def _marks(history: History) -> Iterator[Mark]:
    for row in history.rows:
        body = sha256(row.document).hexdigest()
        yield Mark(
            position=row.position,
            stream=row.stream,
            version=row.version,
            body=body,
            digest=row.digest.hex(),
            sealed=is_sound(row),
            accounted=True,
        )
