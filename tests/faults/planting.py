"""Planting faults in a process from outside its code.

Runs inside the process under test, before its entry point. What is wrapped is the real thing
(turns, producers, members of groups, views); between two lines of the production code this is
where a power cut could fall.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from tests.faults.points import (
    AFTER_COMMIT,
    AFTER_COPY,
    AFTER_POLL,
    AFTER_PRODUCE,
    BEFORE_BESIDE,
    BEFORE_BESIDE_POSITION,
    BEFORE_COMMIT,
    BEFORE_COPY,
    BEFORE_COPY_COMMIT,
    BEFORE_INSERT,
    BEFORE_POSITION,
    BEFORE_SWEEP,
    BEFORE_SWITCH,
    BEFORE_VIEW_POSITION,
    BETWEEN_DOCUMENTS,
    IN_REDRIVE,
    VARIABLE,
    Faults,
    Trap,
    name_of,
)


def plant(environment: Mapping[str, str]) -> None:
    """Plant what the environment says; nothing where it says nothing."""
    told = environment.get(VARIABLE)
    if told is None:
        return
    faults = Faults(**json.loads(told))
    if faults.point:
        trap = Trap(faults)
        _in_turns(trap)
        _in_producers(trap)
        _in_groups(trap)
        _in_views(trap)
    if faults.spoiled:
        _spoil(faults.spoiled)
    if faults.event_bytes:
        from shared.kernel import deciding

        deciding.MAX_DOCUMENT_BYTES = faults.event_bytes


def _in_turns(trap: Trap) -> None:
    from shared.bus.relay import RELAY
    from shared.kernel.postgres import PostgresStore
    from shared.kernel.sqlite import SqliteStore

    for store in (SqliteStore, PostgresStore):
        store.turn_class = _watched(store.turn_class, trap)
        store.turn = _telling(store.turn, trap)
        store.move = _saving(store.move, trap, RELAY)


def _watched(turn_class: type, trap: Trap) -> type:
    class Watched(turn_class):  # type: ignore[misc]  # made for whichever engine it is
        written: tuple[str, ...] = ()
        copied: tuple[str, ...] = ()

        def write(self, write: Any) -> None:
            types = tuple(row.type for row in write.events)
            copies = tuple(copy.type for copy in write.copies)
            if types:
                trap.passing(BEFORE_INSERT, types)
            if copies:  # the look that the turn began with has moved the positions
                trap.passing(BEFORE_COPY, copies)
            super().write(write)
            self.written, self.copied = types, copies
            if copies:
                trap.passing(BEFORE_COPY_COMMIT, copies)
            if write.unpark:
                trap.passing(IN_REDRIVE, types)
            if types:
                trap.passing(BEFORE_COMMIT, types)

    return Watched


def _telling(turn: Callable[[Any], Any], trap: Trap) -> Callable[[Any], Any]:
    @contextmanager
    def told(self: Any) -> Iterator[Any]:
        with turn(self) as made:
            yield made
        if made.written:
            trap.passing(AFTER_COMMIT, made.written)
        if made.copied:
            trap.passing(AFTER_COPY, made.copied)

    return told


_sent = threading.local()
"""What this thread's relay has sent since its position was saved: types of events."""


def _saving(move: Callable[..., bool], trap: Trap, relay: str) -> Callable[..., bool]:
    def saved(self: Any, to: Any) -> bool:
        if to.consumer == relay:
            trap.passing(BEFORE_POSITION, getattr(_sent, "types", ()))
            _sent.types = []
        return move(self, to)

    return saved


def _in_producers(trap: Trap) -> None:
    from shared.bus.kafka.producing import KafkaProducing
    from shared.bus.local import LocalProducer

    for producer in (KafkaProducing, LocalProducer):
        producer.send = _sending(producer.send)
        producer.flush = _flushing(producer.flush, trap)


def _sending(send: Callable[..., None]) -> Callable[..., None]:
    def sent(self: Any, topic: str, key: Any, value: bytes, headers: Any) -> None:
        send(self, topic, key, value, headers)
        _sent.types = [*getattr(_sent, "types", ()), *_types(headers)]

    return sent


def _flushing(flush: Callable[..., None], trap: Trap) -> Callable[..., None]:
    def flushed(self: Any, deadline_s: float) -> None:
        trap.passing(AFTER_PRODUCE, getattr(_sent, "types", ()))
        flush(self, deadline_s)

    return flushed


def _types(headers: Iterable[tuple[str, bytes]]) -> list[str]:
    return [value.decode() for name, value in headers if name == "type"]


def _in_groups(trap: Trap) -> None:
    from shared.bus.groups import Member
    from shared.bus.kafka.consuming import KafkaMember

    for member in (Member, KafkaMember):
        member.poll = _polling(member.poll, trap)


def _polling(poll: Callable[..., Any], trap: Trap) -> Callable[..., Any]:
    def polled(self: Any, timeout_s: float, max_records: int) -> Any:
        records = poll(self, timeout_s, max_records)
        if records:
            trap.passing(AFTER_POLL, [t for record in records for t in _types(record.headers)])
        return records

    return polled


_GATHERED_S: Final = 3.0
"""How long a batch of one document is held back."""

_STEPS: Final = {
    "view-position": BEFORE_VIEW_POSITION,
    "view-begin-beside": BEFORE_BESIDE,
    "view-switch": BEFORE_SWITCH,
    "view-sweep": BEFORE_SWEEP,
}


def _in_views(trap: Trap) -> None:
    """Each document goes in a write of its own, so that there is something between two."""
    from shared.views.mongo import MongoViews
    from shared.views.sqlite import SqliteViews

    for views in (SqliteViews, MongoViews):
        views.__init__ = _stepping(views.__init__, trap)
        views.set_position = _standing(views.set_position, trap)
        if trap.faults.point == BETWEEN_DOCUMENTS:
            views.apply = _gathering(views.apply)


def _stepping(make: Callable[..., None], trap: Trap) -> Callable[..., None]:
    written: dict[Any, int] = {}

    def step(name: str) -> None:
        task = asyncio.current_task()
        if name == "view-documents":
            written[task] = 0
        elif name == "view-document":
            written[task] += 1
            if written[task] == 2:
                trap.passing(BETWEEN_DOCUMENTS, ())
        elif name in _STEPS:
            trap.passing(_STEPS[name], ())

    def made(self: Any, *arguments: Any) -> None:
        make(self, *arguments, on_step=step, bulk=1)

    return made


def _standing(set_position: Callable[..., Any], trap: Trap) -> Callable[..., Any]:
    """Until the first switch every generation but the first is the one beside."""

    async def stood(self: Any, view: str, progress: Any) -> bool:
        if progress.generation > 1:
            trap.passing(BEFORE_BESIDE_POSITION, ())
        return bool(await set_position(self, view, progress))

    return stood


def _gathering(apply: Callable[..., Any]) -> Callable[..., Any]:
    """Batches of one document are held back for a while, so that one of two comes about.

    Not for ever: whoever waits for the view to be level would wait with it.
    """
    held: dict[str, float] = {}

    async def applied(self: Any, view: str, updates: Sequence[Any], progress: Any) -> bool:
        since = held.setdefault(view, time.monotonic())
        if len(updates) == 1 and time.monotonic() - since < _GATHERED_S:
            await asyncio.sleep(0.02)
            return False  # it is asked again
        held.pop(view)
        return bool(await apply(self, view, updates, progress))

    return applied


def _spoil(name: str) -> None:
    """Have every reaction to an event fail."""
    from shared.contracts.kernel import ParkReason
    from shared.kernel.reactions import Reactions
    from shared.kernel.submission import Arrival

    arrive = Reactions.arrival

    def spoiled(self: Any, key: Any, event_type: Any, body: bytes, place: Any) -> Any:
        if event_type in self and name_of(event_type) == name:
            return Arrival(key, place, body, unreadable=ParkReason.REACTION_FAILED)
        return arrive(self, key, event_type, body, place)

    Reactions.arrival = spoiled
