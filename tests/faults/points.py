"""Named places at which a real process kills or stops itself: planted from outside the code.

Runs inside the process under test, before its entry point. What is wrapped is the real thing
(turns, producers, members of groups, views); between two lines of the production code this is
where a power cut could fall.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

VARIABLE: Final = "DOUDI_TEST_FAULTS"

BEFORE_INSERT: Final = "before insert"
BEFORE_COMMIT: Final = "before commit"
AFTER_COMMIT: Final = "after commit, before the answer"
AFTER_PRODUCE: Final = "after produce"
BEFORE_POSITION: Final = "before the position is saved"
AFTER_POLL: Final = "after poll"
BETWEEN_DOCUMENTS: Final = "between view documents"
BEFORE_VIEW_POSITION: Final = "before the view's position"
IN_REDRIVE: Final = "in a redrive"


@dataclass(frozen=True)
class Faults:
    """What befalls one life of a process.

    At the ``nth`` passage of ``point`` (that has to do with an event of the name ``event``,
    where one is given) it writes the file ``mark``, unless that is there, and sends itself
    ``how``. ``spoiled`` names
    the event to which every reaction fails, as in a broken release; ``event_bytes`` makes
    events large that are not.
    """

    point: str = ""
    event: str = ""
    nth: int = 1
    how: str = "SIGKILL"
    mark: str = ""
    spoiled: str = ""
    event_bytes: int = 0

    def __str__(self) -> str:
        return f"{self.point}" + (f" ({self.event})" if self.event else "")

    def planted(self) -> str:
        """As the variable of the environment."""
        return json.dumps(asdict(self))


def plant(environment: Mapping[str, str]) -> None:
    """Plant what the environment says; nothing where it says nothing."""
    told = environment.get(VARIABLE)
    if told is None:
        return
    faults = Faults(**json.loads(told))
    if faults.point:
        trap = _Trap(faults)
        _in_turns(trap)
        _in_producers(trap)
        _in_groups(trap)
        _in_views(trap)
    if faults.spoiled:
        _spoil(faults.spoiled)
    if faults.event_bytes:
        from shared.kernel import deciding

        deciding.MAX_DOCUMENT_BYTES = faults.event_bytes


class _Trap:
    """Counts passages, and springs once."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self._left = faults.nth
        self._guard = threading.Lock()

    def passing(self, point: str, types: Iterable[str]) -> None:
        """A thread passes a point with what has to do with these types of event."""
        faults = self.faults
        if point != faults.point:
            return
        if faults.event and faults.event not in {_name(each) for each in types}:
            return
        with self._guard:
            self._left -= 1
            if self._left == 0 and _first(Path(faults.mark)):
                # To this thread, which then does not come back from here: a signal to the process
                # may stop it by another thread, after this one has gone on.
                signal.pthread_kill(threading.get_ident(), signal.Signals[faults.how])


def _first(mark: Path) -> bool:
    """Whether nobody else, of those to whom the same may happen, was there before us."""
    draft = mark.with_suffix(f".{os.getpid()}")
    draft.write_text(str(os.getpid()), encoding="ascii")
    try:
        mark.hardlink_to(draft)
    except FileExistsError:
        return False
    return True


def _name(event_type: str) -> str:
    """``doudi.payment.run-approved.v1`` is called ``run-approved``."""
    return event_type.split(".")[2] if event_type.count(".") == 3 else ""


def _in_turns(trap: _Trap) -> None:
    from shared.bus.relay import RELAY
    from shared.kernel.postgres import PostgresStore
    from shared.kernel.sqlite import SqliteStore

    for store in (SqliteStore, PostgresStore):
        store.turn_class = _watched(store.turn_class, trap)
        store.turn = _telling(store.turn, trap)
        store.move = _saving(store.move, trap, RELAY)


def _watched(turn_class: type, trap: _Trap) -> type:
    class Watched(turn_class):  # type: ignore[misc]  # made for whichever engine it is
        written: tuple[str, ...] = ()

        def write(self, write: Any) -> None:
            types = tuple(row.type for row in write.events)
            if types:
                trap.passing(BEFORE_INSERT, types)
            super().write(write)
            self.written = types
            if write.unpark:
                trap.passing(IN_REDRIVE, types)
            if types:
                trap.passing(BEFORE_COMMIT, types)

    return Watched


def _telling(turn: Callable[[Any], Any], trap: _Trap) -> Callable[[Any], Any]:
    @contextmanager
    def told(self: Any) -> Iterator[Any]:
        with turn(self) as made:
            yield made
        if made.written:
            trap.passing(AFTER_COMMIT, made.written)

    return told


_sent = threading.local()
"""What this thread's relay has sent since its position was saved: types of events."""


def _saving(move: Callable[..., bool], trap: _Trap, relay: str) -> Callable[..., bool]:
    def saved(self: Any, to: Any) -> bool:
        if to.consumer == relay:
            trap.passing(BEFORE_POSITION, getattr(_sent, "types", ()))
            _sent.types = []
        return move(self, to)

    return saved


def _in_producers(trap: _Trap) -> None:
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


def _flushing(flush: Callable[..., None], trap: _Trap) -> Callable[..., None]:
    def flushed(self: Any, deadline_s: float) -> None:
        trap.passing(AFTER_PRODUCE, getattr(_sent, "types", ()))
        flush(self, deadline_s)

    return flushed


def _types(headers: Iterable[tuple[str, bytes]]) -> list[str]:
    return [value.decode() for name, value in headers if name == "type"]


def _in_groups(trap: _Trap) -> None:
    from shared.bus.groups import Member
    from shared.bus.kafka.consuming import KafkaMember

    for member in (Member, KafkaMember):
        member.poll = _polling(member.poll, trap)


def _polling(poll: Callable[..., Any], trap: _Trap) -> Callable[..., Any]:
    def polled(self: Any, timeout_s: float, max_records: int) -> Any:
        records = poll(self, timeout_s, max_records)
        if records:
            trap.passing(AFTER_POLL, [t for record in records for t in _types(record.headers)])
        return records

    return polled


def _in_views(trap: _Trap) -> None:
    """Each document goes in a write of its own, so that there is something between two."""
    from shared.views.mongo import MongoViews
    from shared.views.sqlite import SqliteViews

    for views in (SqliteViews, MongoViews):
        views.__init__ = _stepping(views.__init__, trap)
        if trap.faults.point == BETWEEN_DOCUMENTS:
            views.apply = _gathering(views.apply)


def _stepping(make: Callable[..., None], trap: _Trap) -> Callable[..., None]:
    written: dict[Any, int] = {}

    def step(name: str) -> None:
        task = asyncio.current_task()
        if name == "view-documents":
            written[task] = 0
        elif name == "view-document":
            written[task] += 1
            if written[task] == 2:
                trap.passing(BETWEEN_DOCUMENTS, ())
        else:
            trap.passing(BEFORE_VIEW_POSITION, ())

    def made(self: Any, *arguments: Any) -> None:
        make(self, *arguments, on_step=step, bulk=1)

    return made


def _gathering(apply: Callable[..., Any]) -> Callable[..., Any]:
    async def applied(self: Any, view: str, updates: Sequence[Any], progress: Any) -> bool:
        if len(updates) == 1:  # wait for a batch with two documents; asked again until there is
            await asyncio.sleep(0.02)
            return False
        return bool(await apply(self, view, updates, progress))

    return applied


def _spoil(name: str) -> None:
    """Have every reaction to an event fail."""
    from shared.contracts.kernel import ParkReason
    from shared.kernel.reactions import Reactions
    from shared.kernel.submission import Arrival

    arrive = Reactions.arrival

    def spoiled(self: Any, key: Any, event_type: Any, body: bytes, place: Any) -> Any:
        if event_type in self and _name(event_type) == name:
            return Arrival(key, place, body, unreadable=ParkReason.REACTION_FAILED)
        return arrive(self, key, event_type, body, place)

    Reactions.arrival = spoiled
