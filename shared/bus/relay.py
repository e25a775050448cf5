"""The relay: a service's log into its topic, in order, at least once.

Duplicates can happen, loss and reordering cannot: the position is saved only when everything up
to it is acknowledged, and after any failure the producer is thrown away and sending resumes from
the saved position. That position belongs to the topic's id: a topic that was created anew gets
the whole history again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

from shared.bus.port import Bus, Producer
from shared.bus.wire import command_of, headers_of, key_of
from shared.kernel.store import Election, Handled, Move, Store

log = logging.getLogger(__name__)

RELAY = "relay"
"""The relay's name among the store's positions."""

_WINDOW_PAGES = 20
_WINDOW_BYTES = 16 * 1024 * 1024
_LARGEST_PAGE = 10_000

LARGEST_WINDOW = _WINDOW_PAGES * _LARGEST_PAGE
"""How many events lie at most between a relay's saved position and the last one it has sent."""


class Relay:
    """One service's relay. Of several instances the elected one works.

    ``batch`` is how many events are read at a time; up to twenty such pages, or 16 MiB, are sent
    before their acknowledgements are awaited, for at most ``deadline_s``: while a page is read,
    the one before it is on its way. With nothing new the bus is asked about the topic every
    ``quiet_s`` only. ``await_acknowledgements`` is the guard that the simulation takes out.
    """

    def __init__(
        self,
        store: Store,
        bus: Bus,
        topic: str,
        election: Election,
        *,
        batch: int = 1000,
        deadline_s: float = 30.0,
        quiet_s: float = 0.0,
        await_acknowledgements: bool = True,
    ) -> None:
        if not 1 <= batch <= _LARGEST_PAGE:
            raise ValueError(f"a relay reads 1 to {_LARGEST_PAGE} events at a time, not {batch}")
        self._store = store
        self._bus = bus
        self._topic = topic
        self._election = election
        self._batch = batch
        self._deadline_s = deadline_s
        self._quiet_s = quiet_s
        self._await_acknowledgements = await_acknowledgements
        self._producer: Producer | None = None
        self._topic_id: UUID | None = None
        self._saved: int | None = None
        self._looked_at = 0.0

    def step(self) -> int:
        """Send what is new and save the position; returns how many events were sent.

        Raises ``BusAway``, ``TopicMissing`` or ``StoreAway``; the next step resumes from the
        saved position.
        """
        try:
            if not self._election.held():
                self._reset()
                return 0
            return self._relay()
        except BaseException:
            self._reset()
            raise

    def close(self) -> None:
        """Let go of the connection and give the task up."""
        self._reset()
        self._election.release()

    def _is_quiet(self) -> bool:
        """Whether nothing is new and the topic was looked at a moment ago."""
        if self._saved is not None and time.monotonic() < self._looked_at + self._quiet_s:
            return self._store.head() == self._saved
        self._looked_at = time.monotonic()
        return False

    def _relay(self) -> int:
        if self._is_quiet():
            return 0
        topic_id = self._bus.topic_id(self._topic)
        if topic_id != self._topic_id:
            self._reset()
            self._topic_id = topic_id
        if self._saved is None:
            self._saved = self._position(topic_id)
        sent, end = self._send(self._saved)
        if sent == 0:
            return 0
        self._await()
        # Had the topic become another in between, or the task another's, this position were of
        # the one that is gone, or moved already: nothing is lost by saving it.
        if self._store.move(Move(RELAY, topic_id, 0, self._saved, end, end)):
            self._saved = end
        else:
            log.info("another relay of %s saved its position; resuming from there", self._topic)
            self._reset()
        return sent

    def _position(self, topic_id: UUID) -> int:
        for known in self._store.positions(RELAY):
            if known.topic_id == topic_id:
                return known.position
        return 0

    def _send(self, after: int) -> tuple[int, int]:
        """Send a window of the log; how many events, and the last one's position."""
        sent = sent_bytes = 0
        for _ in range(_WINDOW_PAGES):
            rows = self._store.read_log(after, self._batch)
            if rows and self._producer is None:
                self._producer = self._bus.producer()
            commands = [command_of(row) for row in rows]
            outcomes = self._outcomes(commands)
            for row, command in zip(rows, commands, strict=True):
                assert self._producer is not None  # noqa: S101 - for the type checker
                headers = headers_of(row, outcomes.get(command))
                self._producer.send(self._topic, key_of(row), row.document, headers)
                sent_bytes += len(row.document)
            if rows:
                sent += len(rows)
                after = rows[-1].position
            if len(rows) < self._batch or sent_bytes >= _WINDOW_BYTES:
                break
        return sent, after

    def _outcomes(self, commands: Sequence[bytes]) -> dict[bytes, Handled]:
        """The outcomes of those that may have written several events, of a page's rows in order.

        Those are side by side; at the page's edges the others may lie beyond.
        """
        several = {a for a, b in pairwise(commands) if a == b} | {*commands[:1], *commands[-1:]}
        known = self._store.handled([UUID(command.decode()) for command in several])
        return {str(command).encode(): handled for command, handled in known.items()}

    def _await(self) -> None:
        assert self._producer is not None  # noqa: S101 - for the type checker
        try:
            self._producer.flush(self._deadline_s)
        except Exception:
            if self._await_acknowledgements:
                raise
            self._producer.discard()
            self._producer = None

    def _reset(self) -> None:
        """Forget everything but the configuration."""
        producer, self._producer = self._producer, None
        self._topic_id = self._saved = None
        if producer is not None:
            producer.discard()
