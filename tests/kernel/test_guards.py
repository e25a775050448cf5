"""What each guard in the SQL keeps from happening, shown by taking it out.

Every scenario is a script of interleaved steps, written once. It returns what a user of the
service would have to complain about: nothing with the guard, and the named harm without it. A
scenario that no removal could make fail would prove nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from shared.kernel import postgres, sqlite
from shared.kernel.decider import Moment
from shared.kernel.event import Event
from shared.kernel.postgres.connections import connect
from shared.kernel.store import Move
from shared.kernel.submission import Batch, Unpark
from shared.kernel.writer import Writer
from tests.kernel.breaking import (
    AFTER_COMMIT,
    BEFORE_COMMIT,
    BreakingPostgres,
    BreakingSqlite,
)
from tests.kernel.conftest import Pointer, setting
from tests.kernel.domain import CLERK, Purse, count, fail, purse, submission
from tests.kernel.running import amounts, arrival, assert_record_is_whole, batch, run
from tests.waiting import DEADLINE_S


def without(statement: str, part: str, instead: str = "") -> str:
    """A statement with one part of it replaced, which must be there."""
    assert statement.count(part) == 1
    return statement.replace(part, instead)


class _NoLock(postgres.PostgresTurn):
    lock = "SELECT 1"


class _NoCompare(postgres.PostgresTurn):
    move = without(postgres.PostgresTurn.move, "AND p.position = m.first")


class _NoOutcomes(postgres.PostgresTurn):
    outcomes = without(postgres.PostgresTurn.outcomes, "= ANY(%s)", "= ANY(%s) AND false")


class _NoParked(postgres.PostgresTurn):
    parked = without(postgres.PostgresTurn.parked, "GROUP BY", "WHERE false GROUP BY")


class _PostgresNoLock(BreakingPostgres):
    turn_class = _NoLock


class _PostgresNoCompare(BreakingPostgres):
    turn_class = _NoCompare


class _PostgresNoHandled(BreakingPostgres):
    """Neither looks for outcomes nor has a unique key on them."""

    turn_class = _NoOutcomes

    def create_table(self) -> None:
        table = next(s for s in postgres.SCHEMA if "TABLE IF NOT EXISTS handled" in s)
        with connect(self._url, autocommit=True) as connection:
            connection.execute(without(table, " PRIMARY KEY"))
        super().create_table()


class _PostgresNoParking(BreakingPostgres):
    turn_class = _NoParked


class _SqliteNoCompareTurn(sqlite.SqliteTurn):
    move = without(sqlite.SqliteTurn.move, "AND position = ?", "AND ? IS NOT NULL")


class _SqliteNoOutcomesTurn(sqlite.SqliteTurn):
    outcomes = sqlite.SqliteTurn.outcomes + " AND false"


class _SqliteNoParkedTurn(sqlite.SqliteTurn):
    parked = sqlite.SqliteTurn.parked + " AND false"


class _SqliteNoLock(BreakingSqlite):
    begin = "BEGIN"


class _SqliteNoCompare(BreakingSqlite):
    turn_class = _SqliteNoCompareTurn


class _SqliteNoHandled(BreakingSqlite):
    """Neither looks for outcomes nor has a unique key on them."""

    turn_class = _SqliteNoOutcomesTurn

    def construct_create_table_statements(self) -> list[str]:
        return [
            without(without(s, " PRIMARY KEY"), "WITHOUT ROWID")
            if "TABLE IF NOT EXISTS handled" in s
            else s
            for s in super().construct_create_table_statements()
        ]


class _SqliteNoParking(BreakingSqlite):
    turn_class = _SqliteNoParkedTurn


AnyStore = BreakingPostgres | BreakingSqlite
STORES: dict[str, dict[str, Callable[[Any], AnyStore]]] = {
    "sqlite": {
        "": BreakingSqlite,
        "lock": _SqliteNoLock,
        "compare-and-set": _SqliteNoCompare,
        "handled": _SqliteNoHandled,
        "parking": _SqliteNoParking,
    },
    "postgres": {
        "": BreakingPostgres,
        "lock": _PostgresNoLock,
        "compare-and-set": _PostgresNoCompare,
        "handled": _PostgresNoHandled,
        "parking": _PostgresNoParking,
    },
}


class House:
    """One service's database, whose instances all lack the same guard (or none)."""

    def __init__(self, engine: str, address: Any, missing: str) -> None:
        self._engine = engine
        self._address = address
        self._stores: list[AnyStore] = []
        self.missing = missing

    def store(self, *, guarded: bool = False) -> AnyStore:
        """One more instance's connection, to the same tables."""
        store = STORES[self._engine]["" if guarded else self.missing](self._address)
        store.create_table()
        self._stores.append(store)
        return store

    def close(self) -> None:
        for store in self._stores:
            store.close()


def writer(store: AnyStore) -> Writer:
    made = Writer(store, setting(), Pointer())
    made.open()
    return made


def the_lock(house: House) -> list[str]:
    """Two instances decide at the same moment about the same purse.

    The first is held between its decision and its write until the second has been answered, or
    has been seen to wait. Both clients sent a sensible command and must get an answer to it.
    """
    one, other = writer(house.store()), writer(house.store())
    other_is_done, one_decides = threading.Event(), threading.Event()
    # With the lock the other cannot be done; without it, it has all the time it needs.
    patience_s = DEADLINE_S if house.missing == "lock" else 0.3

    def count_slowly(state: Purse, amount_fen: int, at: Moment) -> list[Event]:
        one_decides.set()
        other_is_done.wait(patience_s)
        return count(state, amount_fen, at)

    def step_other() -> None:
        assert one_decides.wait(DEADLINE_S)
        other.step()
        other_is_done.set()

    first = one.submit(submission("a", 600_00, decide=count_slowly))
    second = other.submit(submission("a", 600_00))
    thread = threading.Thread(target=step_other)
    thread.start()
    one.step()
    thread.join(DEADLINE_S)
    failed = [f.exception(DEADLINE_S) for f in (first, second)]
    told = [f"a client was told {type(error).__name__}" for error in failed if error is not None]
    if not told and [f.result().refusal is None for f in (first, second)] != [True, False]:
        told.append("the limit was not kept")
    assert_record_is_whole(house.store())
    return told


def the_compare_and_set(house: House) -> list[str]:
    """A consumer whose first batch was lost with its connection had queued the next one already.

    Whoever owns the partition afterwards goes on from the stored position.
    """
    store = house.store()
    consumer = writer(store)
    records = [arrival(n, "k", submission("a", n + 1)) for n in range(7)]
    run(consumer, batch(0, records[0]))
    lost = consumer.submit(batch(1, *records[1:3]))
    queued = consumer.submit(batch(3, *records[3:5]))
    store.breaks = BEFORE_COMMIT
    consumer.step()
    consumer.step()
    assert lost.exception(0) is not None
    assert queued.done()
    owner = house.store()
    (position,) = (p.position for p in owner.positions("c"))
    run(writer(owner), batch(position, *records[position:]))
    missing = set(range(1, 8)) - set(amounts(owner))
    return [f"the effect of record {n - 1} is missing" for n in sorted(missing)]


def the_outcomes(house: House) -> list[str]:
    """A client never hears of its commit and sends again; a re-created topic delivers again."""
    store = house.store()
    service = writer(store)
    sent = submission("a", 1)
    store.breaks = AFTER_COMMIT
    assert run(service, sent)[0].exception(0) is not None
    run(writer(house.store()), sent)
    effect = submission("b", 2)
    for topic_id in (uuid4(), uuid4()):
        record = arrival(0, "k", effect)
        record = replace(record, place=record.place._replace(topic_id=topic_id))
        run(service, Batch("c", (Move("c", topic_id, 0, 0, 1),), (record,)))
    counted = amounts(store)
    return [
        f"{n} fen were counted {counted.count(n)} times" for n in (1, 2) if counted.count(n) > 1
    ]


def the_parking(house: House) -> list[str]:
    """A case's first record cannot be applied; its second arrives at another instance.

    An operator then redrives what is parked, from the head.
    """
    store = house.store()
    run(writer(store), batch(0, arrival(0, "k", submission("a", 1, decide=fail))))
    run(writer(house.store()), batch(1, arrival(1, "k", submission("a", 2))))
    # The operator's instance has its guard, or nothing could be redriven at all.
    operator = writer(house.store(guarded=True))
    while parked := store.parked("c", ("", "", 0), 1):
        (first,) = parked
        again = arrival(first.offset, "k", submission("a", first.offset + 1))
        run(operator, Unpark(uuid4(), "c", first.ordinal, again, CLERK, "operator"))
    applied = amounts(store, purse("a"))
    return [] if applied == [1, 2] else [f"records of one case were applied as {applied}"]


SCENARIOS: dict[str, Callable[[House], list[str]]] = {
    "lock": the_lock,
    "compare-and-set": the_compare_and_set,
    "handled": the_outcomes,
    "parking": the_parking,
}


def harm(guard: str, engine: str) -> list[str]:
    """What happens to users without a guard."""
    if guard == "lock":
        # SQLite will not let a transaction write that has read what is no longer current.
        told = "StoreAway" if engine == "sqlite" else "LogConflict"
        return [f"a client was told {told}"]
    return {
        "compare-and-set": [f"the effect of record {n} is missing" for n in (1, 2)],
        "handled": [f"{n} fen were counted 2 times" for n in (1, 2)],
        "parking": ["records of one case were applied as [2, 1]"],
    }[guard]


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> tuple[str, Any]:
    """The engine's name, and the address of an empty database."""
    if request.param == "sqlite":
        return request.param, request.getfixturevalue("tmp_path") / "service.db"
    return request.param, request.getfixturevalue("postgres_url")


@pytest.fixture
def house(engine: tuple[str, Any], missing: str) -> Iterator[House]:
    opened = House(*engine, missing)
    yield opened
    opened.close()


@pytest.mark.parametrize("missing", [""], ids=["guarded"])
@pytest.mark.parametrize("guard", SCENARIOS)
def test_with_its_guard_nobody_has_to_complain(house: House, guard: str) -> None:
    assert SCENARIOS[guard](house) == []


@pytest.mark.parametrize("missing", SCENARIOS)
def test_without_its_guard_the_harm_is_done(
    house: House, engine: tuple[str, Any], missing: str
) -> None:
    assert SCENARIOS[missing](house) == harm(missing, engine[0])
