"""A second generation beside the one that readers see: what every adapter does alike."""

from __future__ import annotations

import asyncio

import pytest

from shared.views.port import (
    START,
    BadUpdate,
    Loaded,
    Progress,
    Row,
    Update,
    ViewSpec,
    ViewStore,
)
from shared.views.query import Cursor, Filter, Sort
from tests.views.conftest import Storage
from tests.views.test_contract import Crash, CrashAt

CASES = ViewSpec("cases", indexes=(("region",), ("persons",)))
PEOPLE = ViewSpec("people")


@pytest.fixture
def views(storage: Storage) -> ViewStore:
    return storage.open(CASES, PEOPLE)


def at(generation: int, position: int) -> Progress:
    return Progress(generation, position, f"d{position}" if position else "")


async def fill(views: ViewStore, generation: int, position: int, **persons: int) -> None:
    """Documents with so many persons, written at the position."""
    updates = [Update(key, position, {"persons": number}) for key, number in persons.items()]
    assert await views.apply("cases", updates, at(generation, position))


async def shown(views: ViewStore) -> dict[str, int]:
    page = await views.query("cases", limit=100)
    return {document["_id"]: document["persons"] for document in page.documents}


async def test_nothing_stands_beside_a_view_at_first(views: ViewStore) -> None:
    assert await views.beside("cases") is None
    assert await views.both("cases") is None
    await views.abandon("cases")
    assert await views.progress("cases") == START


async def test_readers_see_nothing_of_what_is_written_beside(
    storage: Storage, views: ViewStore
) -> None:
    await fill(views, 1, 5, a=1, b=1)
    assert await views.begin_beside("cases") == at(2, 0)
    await fill(views, 2, 3, a=7, c=7)
    other = storage.open(CASES, PEOPLE)
    assert await other.progress("cases") == at(1, 5)
    assert await other.beside("cases") == at(2, 3)
    assert await shown(other) == {"a": 1, "b": 1}
    assert await other.get("cases", "c") is None
    assert await other.count("cases") == 2
    assert await other.load("cases", ["a", "c"]) == {"a": Loaded({"_id": "a", "persons": 1}, 5)}
    assert await other.load("cases", ["a", "b"], 2) == {"a": Loaded({"_id": "a", "persons": 7}, 3)}
    assert await other.load("cases", ["a"], 3) == {}
    assert await other.beside("people") is None


async def test_each_generation_is_guarded_and_goes_forward_by_itself(views: ViewStore) -> None:
    await fill(views, 1, 5, a=1)
    await views.begin_beside("cases")
    await fill(views, 2, 8, a=8)
    assert not await views.apply("cases", [Update("a", 7, {"persons": 7})], at(2, 7))
    assert not await views.set_position("cases", at(2, 8))
    assert await views.set_position("cases", at(1, 6))
    assert (await views.load("cases", ["a"], 2))["a"].position == 8
    assert (await views.progress("cases"), await views.beside("cases")) == (at(1, 6), at(2, 8))


async def test_both_are_read_as_they_were_however_they_go_on(views: ViewStore) -> None:
    await fill(views, 1, 5, **{f"k{number}": 1 for number in range(7)})
    await views.apply("cases", [Update("gone", 6, None)], at(1, 6))
    await views.begin_beside("cases")
    await fill(views, 2, 6, k3=2)
    pair = await views.both("cases")
    assert pair is not None
    await fill(views, 1, 9, k0=9, z=9)
    await fill(views, 2, 9, k0=9)
    assert (pair.shown, pair.beside) == (at(1, 6), at(2, 6))
    first = await pair.rows(1, "", 3)
    assert first == [
        Row("gone", None, 6),
        Row("k0", {"_id": "k0", "persons": 1}, 5),
        Row("k1", {"_id": "k1", "persons": 1}, 5),
    ]
    rest = await pair.rows(1, first[-1].key, 100)
    assert [row.key for row in rest] == ["k2", "k3", "k4", "k5", "k6"]
    assert await pair.rows(2, "", 100) == [Row("k3", {"_id": "k3", "persons": 2}, 6)]
    await pair.close()


async def test_keys_come_in_the_order_of_code_points(views: ViewStore) -> None:
    keys = sorted(["a", "Z", "z", "兜", "é", "\U0001f600", "\uffef", "0", "a0"])
    await views.begin_beside("cases")
    for generation in (1, 2):
        await fill(views, generation, 5, **dict.fromkeys(keys, 1))
    pair = await views.both("cases")
    assert pair is not None
    for generation in (1, 2):
        assert [row.key for row in await pair.rows(generation, "", 100)] == keys
    await pair.close()


async def test_a_switch_shows_what_stood_beside(storage: Storage, views: ViewStore) -> None:
    await fill(views, 1, 5, a=1, b=1)
    await views.begin_beside("cases")
    await fill(views, 2, 5, a=2, c=2)
    late = storage.open(CASES, PEOPLE)
    assert await late.count("cases") == 2
    assert await views.switch("cases", at(1, 5), at(2, 5))
    for one in (views, late):
        assert await one.progress("cases") == at(2, 5)
        assert await one.beside("cases") is None
        assert await shown(one) == {"a": 2, "c": 2}
        assert [d["_id"] for d in (await one.query("cases", sort=Sort("persons"))).documents] == [
            "a",
            "c",
        ]
    await fill(late, 2, 6, a=3)
    assert await shown(views) == {"a": 3, "c": 2}


async def test_who_still_writes_to_what_readers_saw_changes_nothing(
    storage: Storage, views: ViewStore
) -> None:
    await fill(views, 1, 5, a=1)
    await views.begin_beside("cases")
    await fill(views, 2, 5, a=1)
    late = storage.open(CASES, PEOPLE)
    assert await views.switch("cases", at(1, 5), at(2, 5))
    assert not await late.apply("cases", [Update("a", 9, {"persons": 9})], at(1, 9))
    assert await late.restart("cases", 1) == at(2, 5)
    assert await shown(views) == {"a": 1}
    assert await views.progress("cases") == at(2, 5)


@pytest.mark.parametrize("moved", ["shown", "beside", "begun anew", "restarted", "abandoned"])
async def test_a_switch_is_refused_once_either_is_not_what_was_compared(
    storage: Storage, views: ViewStore, moved: str
) -> None:
    await fill(views, 1, 5, a=1)
    await views.begin_beside("cases")
    await fill(views, 2, 5, a=2)
    other = storage.open(CASES, PEOPLE)
    match moved:
        case "shown":
            await fill(other, 1, 6, a=6)
        case "beside":
            await fill(other, 2, 6, a=6)
        case "begun anew":
            assert await other.begin_beside("cases") == at(3, 0)
            await fill(other, 3, 5, a=3)
        case "restarted":
            assert await other.restart("cases", 1) == at(3, 0)
        case _:
            await other.abandon("cases")
    before = await shown(views)
    assert not await views.switch("cases", at(1, 5), at(2, 5))
    assert await shown(views) == before
    assert (await views.progress("cases")).generation != 2


async def test_readers_are_never_switched_to_another_position(views: ViewStore) -> None:
    await fill(views, 1, 5, a=1)
    await views.begin_beside("cases")
    await fill(views, 2, 4, a=2)
    with pytest.raises(BadUpdate, match="one position"):
        await views.switch("cases", at(1, 5), at(2, 4))
    with pytest.raises(BadUpdate, match="one position"):
        await views.switch("cases", at(1, 5), at(1, 5))
    assert await shown(views) == {"a": 1}


async def test_a_number_is_never_used_twice(storage: Storage, views: ViewStore) -> None:
    late = storage.open(CASES, PEOPLE)
    assert await views.begin_beside("cases") == at(2, 0)
    await fill(views, 2, 5, a=2)
    assert await views.begin_beside("cases") == at(3, 0)
    assert await views.load("cases", ["a"], 2) == {}
    assert not await late.apply("cases", [Update("a", 6, {"persons": 6})], at(2, 6))
    assert await views.beside("cases") == at(3, 0)
    await views.abandon("cases")
    assert await views.beside("cases") is None
    assert await views.begin_beside("cases") == at(4, 0)
    assert await views.restart("cases", 1) == at(5, 0)
    assert await views.beside("cases") is None
    assert await views.begin_beside("cases") == at(6, 0)
    assert await shown(views) == {}


@pytest.mark.parametrize(
    ("effect", "generation"),
    [("view-begin-beside", None), ("view-sweep", 2)],
)
async def test_a_rebuild_that_died_as_it_began_is_begun_again(
    storage: Storage, effect: str, generation: int | None
) -> None:
    await fill(storage.open(CASES), 1, 5, a=1)
    with pytest.raises(Crash):
        await storage.open(CASES, on_step=CrashAt(effect)).begin_beside("cases")
    views = storage.open(CASES)
    left = await views.beside("cases")
    assert (left and left.generation) == generation
    assert (await views.begin_beside("cases")).position == 0
    assert await shown(views) == {"a": 1}


@pytest.mark.parametrize(("effect", "switched"), [("view-switch", False), ("view-sweep", True)])
async def test_a_crash_at_the_switch_leaves_one_or_the_other(
    storage: Storage, effect: str, switched: bool
) -> None:
    views = storage.open(CASES)
    await fill(views, 1, 5, a=1)
    await views.begin_beside("cases")
    await fill(views, 2, 5, a=2)
    dying = storage.open(CASES, on_step=CrashAt(effect))
    with pytest.raises(Crash):
        await dying.switch("cases", at(1, 5), at(2, 5))
    after = storage.open(CASES)
    assert await shown(after) == {"a": 2 if switched else 1}
    assert await after.switch("cases", at(1, 5), at(2, 5)) is not switched
    # What was left over goes with the next rebuild.
    beside = await after.begin_beside("cases")
    assert await after.load("cases", ["a"], 1) == {}
    await fill(after, beside.generation, 5, a=3)
    assert await after.switch("cases", at(2, 5), beside._replace(position=5, digest="d5"))
    assert await shown(after) == {"a": 3}


async def test_readers_find_every_page_whole_while_they_are_switched(storage: Storage) -> None:
    """Every generation holds the same keys, and its own number in each document."""
    keys = [f"k{number:02}" for number in range(40)]
    views = storage.open(CASES)
    await fill(views, 1, 5, **dict.fromkeys(keys, 1))
    looks = {"page": 0, "count": 0, "get": 0, "walk": 0}
    over = asyncio.Event()

    async def page() -> None:
        found = await reader.query("cases", Filter(), limit=100)
        assert [document["_id"] for document in found.documents] == keys
        assert len({document["persons"] for document in found.documents}) == 1

    async def count() -> None:
        assert await reader.count("cases") == len(keys)

    async def get() -> None:
        assert await reader.get("cases", "k07") is not None

    async def walk() -> None:
        seen: list[str] = []
        after: Cursor | None = None
        while True:
            found = await reader.query("cases", after=after, limit=7)
            seen += [document["_id"] for document in found.documents]
            after = found.after
            if after is None:
                break
        assert seen == keys

    async def keep(name: str) -> None:
        while not over.is_set():
            await {"page": page, "count": count, "get": get, "walk": walk}[name]()
            looks[name] += 1
            await asyncio.sleep(0)

    reader = storage.open(CASES)
    readers = [asyncio.create_task(keep(name)) for name in looks]
    generation = 1
    for _ in range(30):
        beside = await views.begin_beside("cases")
        await fill(views, beside.generation, 5, **dict.fromkeys(keys, beside.generation))
        assert await views.switch("cases", at(generation, 5), at(beside.generation, 5))
        generation = beside.generation
        await asyncio.sleep(0)  # memory never suspends
    over.set()
    await asyncio.gather(*readers)
    assert min(looks.values()) > 0
