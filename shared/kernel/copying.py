"""Taking copies in a turn: each body of an event once, in the copies' chain."""

from __future__ import annotations

from dataclasses import replace

from shared.kernel.copies import Copy, seal_of
from shared.kernel.store import Seen
from shared.kernel.submission import Arrival


class Copying:
    """The copies that one turn takes, on top of what its look has seen."""

    def __init__(self, seen: Seen) -> None:
        self._bodies = {event_id: list(bodies) for event_id, bodies in seen.copied.items()}
        self._position, self._seal = seen.copies_end
        self.taken: list[Copy] = []

    def take(self, arrival: Arrival) -> Arrival:
        """Take the arrival's copy, if it has one, unless that body was copied before.

        Another body under an id that is known is taken as well, and the arrival given back
        carries what follows from the contradiction.
        """
        copy = arrival.copy
        if copy is None:
            return arrival
        bodies = self._bodies.setdefault(copy.event_id, [])
        if copy.body_digest in bodies:
            return arrival
        self._position += 1
        placed = copy._replace(position=self._position)
        self._seal = seal_of(self._seal, placed)
        self.taken.append(placed._replace(seal=self._seal))
        bodies.append(copy.body_digest)
        if len(bodies) == 1 or arrival.contradicted is None:
            return arrival
        following = arrival.contradicted(copy, bodies[0])
        return replace(arrival, submissions=(*arrival.submissions, following))
