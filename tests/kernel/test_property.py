"""Any commands, over any instances, in any order, with crashes anywhere: the record is whole."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from shared.kernel.event import read
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.store import StoreAway
from shared.kernel.submission import BatchDone, Outcome, PositionMoved, Submission
from shared.kernel.writer import Limits, Writer
from tests.kernel.conftest import Pointer, setting
from tests.kernel.domain import LIMIT_FEN, TALLY, count_in_both, fail, purse, submission
from tests.kernel.running import amounts, arrival, assert_record_is_whole, batch

INSTANCES = 3
NAMES = ("a", "b", "c")
STEPS = ("lock", "look", "insert", "commit", "committed")

instances = st.integers(0, INSTANCES - 1)


class Crash(BaseException):
    """The process is gone: nothing after this happens in it."""


class Instance:
    """A process of the service: its connection, its writer, and what it still has to answer."""

    def __init__(self, database: MemoryDatabase) -> None:
        self.breaks: tuple[str, Callable[[], BaseException]] | None = None
        self.reads_from: int | None = None
        self.store = MemoryStore(database, on_step=self._on_step)
        limits = Limits(states=2, appended=3, turn=4)
        self.writer = Writer(self.store, setting(), Pointer(), limits=limits)
        self.writer.open()

    def _on_step(self, step: str) -> None:
        if self.breaks is not None and self.breaks[0] == step:
            _step, error = self.breaks
            self.breaks = None
            raise error()


class Service(RuleBasedStateMachine):
    """Clients send and send again, a consumer reads its topic, processes die and come back."""

    def __init__(self) -> None:
        super().__init__()
        self.database = MemoryDatabase()
        self.instances = [Instance(self.database) for _ in range(INSTANCES)]
        self.sent: dict[UUID, Submission] = {}
        self.waiting: list[tuple[UUID, Future[Outcome]]] = []
        self.acknowledged: dict[UUID, Outcome] = {}
        self.consuming: list[tuple[Instance, Future[BatchDone]]] = []
        self.topic: list[Submission] = []

    @initialize(amounts_fen=st.lists(st.integers(1, 300_00), min_size=4, max_size=12))
    def fill_topic(self, amounts_fen: list[int]) -> None:
        self.topic = [
            submission(NAMES[n % 3], amount, decide=count_in_both, also=(TALLY,))
            for n, amount in enumerate(amounts_fen)
        ]
        self.sent |= {s.command_id: s for s in self.topic}

    @rule(
        at=instances,
        name=st.sampled_from(NAMES),
        amount_fen=st.integers(1, 400_00),
        kind=st.sampled_from(["one", "both", "fails"]),
    )
    def send(self, at: int, name: str, amount_fen: int, kind: str) -> None:
        if kind == "both":
            made = submission(name, amount_fen, decide=count_in_both, also=(TALLY,))
        elif kind == "fails":
            made = submission(name, amount_fen, decide=fail)
        else:
            made = submission(name, amount_fen)
        self.sent[made.command_id] = made
        self._submit(at, made)

    @rule(at=instances, choice=st.integers(0, 1_000))
    def send_again(self, at: int, choice: int) -> None:
        if self.sent:
            self._submit(at, list(self.sent.values())[choice % len(self.sent)])

    def _submit(self, at: int, made: Submission) -> None:
        future = self.instances[at].writer.submit(made)
        self.waiting.append((made.command_id, future))

    @rule(at=instances, sizes=st.lists(st.integers(1, 3), min_size=1, max_size=3))
    def consume(self, at: int, sizes: list[int]) -> None:
        """Any instance may believe that it owns the partition, and reads on from where it was."""
        instance = self.instances[at]
        for size in sizes:
            start = self._position() if instance.reads_from is None else instance.reads_from
            records = self.topic[start : start + size]
            if not records:
                return
            made = batch(start, *(arrival(start + n, "k", r) for n, r in enumerate(records)))
            instance.reads_from = start + len(records)
            self.consuming.append((instance, instance.writer.submit(made)))

    def _position(self) -> int:
        return next((p.position for p in self.instances[0].store.positions("c")), 0)

    @rule(at=instances)
    def step(self, at: int) -> None:
        self.instances[at].writer.step()
        self._hear()

    @rule(at=instances, moment=st.sampled_from(STEPS))
    def step_over_a_broken_connection(self, at: int, moment: str) -> None:
        self.instances[at].breaks = moment, lambda: StoreAway("cut")
        self.instances[at].writer.step()
        self.instances[at].breaks = None
        self._hear()

    @rule(at=instances, moment=st.sampled_from(STEPS))
    def crash(self, at: int, moment: str) -> None:
        """Kill a process in the middle of its step; its clients hear nothing; it comes back."""
        self.instances[at].breaks = moment, Crash
        with suppress(Crash):
            self.instances[at].writer.step()
        self._hear()
        self.instances[at] = Instance(self.database)

    def _hear(self) -> None:
        for command_id, future in self.waiting:
            if future.done() and future.exception() is None:
                outcome = future.result()
                known = self.acknowledged.setdefault(command_id, outcome)
                assert (known.position, known.version) == (outcome.position, outcome.version)
                assert known.refusal == outcome.refusal
        self.waiting = [(i, f) for i, f in self.waiting if not f.done()]
        for instance, consumed in self.consuming:
            error = consumed.exception() if consumed.done() else None
            if error is not None:
                assert isinstance(error, PositionMoved | StoreAway)
                instance.reads_from = None
        self.consuming = [(i, f) for i, f in self.consuming if not f.done()]

    @invariant()
    def the_record_is_whole(self) -> None:
        assert_record_is_whole(self.instances[0].store)

    @invariant()
    def every_acknowledged_command_took_effect_exactly_once(self) -> None:
        written: dict[UUID, int] = {}
        for row in self.database.log:
            command_id = read(row).command_id
            written[command_id] = written.get(command_id, 0) + 1
        for command_id, outcome in self.acknowledged.items():
            assert written.get(command_id, 0) == outcome.events
        for command_id, events in written.items():
            assert events == (2 if self.sent[command_id].decide is count_in_both else 1)

    @invariant()
    def the_limit_of_every_purse_holds(self) -> None:
        store = self.instances[0].store
        totals = {name: amounts(store, purse(name)) for name in NAMES}
        assert all(sum(counted) <= LIMIT_FEN for counted in totals.values())

    @invariant()
    def what_lies_behind_the_consumers_position_has_its_outcome(self) -> None:
        consumed = [s.command_id for s in self.topic[: self._position()]]
        assert set(self.database.handled) >= set(consumed)

    def teardown(self) -> None:
        """Whatever happened: in the end every client that asks again gets its answer."""
        writer: Any = Instance(self.database).writer
        for made in self.sent.values():
            future = writer.submit(made)
            writer.step()
            if made.decide is fail:
                assert isinstance(future.exception(0), LookupError)
                continue
            outcome = future.result(0)
            known = self.acknowledged.get(made.command_id)
            assert known is None or (known.position, known.refusal) == (
                outcome.position,
                outcome.refusal,
            )
        self.the_record_is_whole()
        self.every_acknowledged_command_took_effect_exactly_once()


TestService = Service.TestCase
TestService.settings = settings(
    max_examples=150,
    stateful_step_count=30,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
