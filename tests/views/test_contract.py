"""What every adapter of the views' port does alike."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import Any

import pytest

from shared.views.port import (
    START,
    BadUpdate,
    Document,
    Loaded,
    Progress,
    UnknownView,
    Update,
    ViewSpec,
    ViewStore,
)
from shared.views.query import (
    BY_KEY,
    EVERYTHING,
    PAGE_LIMIT,
    Cursor,
    Filter,
    QueryError,
    Range,
    Sort,
)
from tests.views.conftest import Storage

CASES = ViewSpec(
    "cases",
    indexes=(("region",), ("status", "due_on"), ("persons",), ("urgent",)),
)
PEOPLE = ViewSpec("people")
HEAD = Progress(1, 1_000, "d1000")


class Crash(Exception):
    """What the process dies of at a named step."""


class CrashAt:
    """Raises before the n-th effect of a name."""

    def __init__(self, name: str, number: int = 1) -> None:
        self.name, self.left = name, number

    def __call__(self, step: str) -> None:
        if step == self.name:
            self.left -= 1
            if self.left == 0:
                raise Crash(step)


@pytest.fixture
def views(storage: Storage) -> ViewStore:
    return storage.open(CASES, PEOPLE)


async def fill(views: ViewStore, *documents: Document, position: int = 1) -> None:
    updates = [Update(document["_id"], position, document) for document in documents]
    await views.apply("cases", updates, HEAD)


async def keys(views: ViewStore, where: Filter, sort: Sort = BY_KEY) -> list[str]:
    return [found["_id"] for found in (await views.query("cases", where, sort)).documents]


async def all_pages(
    views: ViewStore, sort: Sort, limit: int, where: Filter = EVERYTHING
) -> list[str]:
    shown: list[str] = []
    after: Cursor | None = None
    while True:
        page = await views.query("cases", where, sort, after, limit)
        assert len(page.documents) <= limit
        shown += [found["_id"] for found in page.documents]
        assert len(shown) <= 100, "the pages do not end"
        if page.after is None:
            return shown
        after = page.after


async def test_a_view_nobody_wrote_to_is_empty_and_at_the_start(views: ViewStore) -> None:
    assert await views.progress("cases") == START
    assert await views.get("cases", "a") is None
    assert await views.load("cases", ["a"]) == {}
    assert await views.count("cases") == 0
    assert (await views.query("cases")).documents == []


async def test_a_document_comes_back_as_it_was_written(views: ViewStore) -> None:
    document = {
        "_id": "案-1",
        "region": "350121001002",
        "persons": 2**63 - 1,
        "urgent": False,
        "status": None,
        "label": "兜底 $set 'quoted' \\ \"",
        "$set": {"$inc": {"a.b": ["$$ROOT", 1, None, {"deep": True}]}},
        "share": 0.5,
    }
    await fill(views, document)
    assert await views.get("cases", "案-1") == document
    assert await views.load("cases", ["案-1"]) == {"案-1": Loaded(document, 1)}
    assert (await views.query("cases")).documents == [document]


async def test_documents_and_position_outlive_the_instance(
    storage: Storage, views: ViewStore
) -> None:
    await fill(views, {"_id": "a", "persons": 1})
    other = storage.open(CASES, PEOPLE)
    assert await other.progress("cases") == HEAD
    assert await other.get("cases", "a") == {"_id": "a", "persons": 1}


async def test_an_older_or_equal_position_never_overwrites(views: ViewStore) -> None:
    await views.apply("cases", [Update("a", 7, {"persons": 7})], HEAD)
    for late in (6, 7):
        await views.apply("cases", [Update("a", late, {"persons": 99})], HEAD)
    assert await views.get("cases", "a") == {"_id": "a", "persons": 7}
    await views.apply("cases", [Update("a", 8, {"persons": 8})], HEAD)
    assert await views.load("cases", ["a"]) == {"a": Loaded({"_id": "a", "persons": 8}, 8)}


async def test_a_document_is_replaced_whole(views: ViewStore) -> None:
    await views.apply("cases", [Update("a", 1, {"persons": 7, "status": "open"})], HEAD)
    await views.apply("cases", [Update("a", 2, {"persons": 8})], HEAD)
    assert await views.get("cases", "a") == {"_id": "a", "persons": 8}


async def test_a_tombstone_is_invisible_and_stops_late_updates(views: ViewStore) -> None:
    await fill(views, {"_id": "a", "persons": 1}, {"_id": "b", "persons": 1})
    await views.apply("cases", [Update("a", 5, None)], HEAD)
    await views.apply("cases", [Update("a", 4, {"persons": 4})], HEAD)
    assert await views.get("cases", "a") is None
    assert await keys(views, Filter(equal={"persons": 1})) == ["b"]
    assert await keys(views, Filter(equal={"status": None})) == ["b"]
    assert await views.count("cases") == 1
    assert await views.load("cases", ["a"]) == {"a": Loaded(None, 5)}


async def test_a_tombstone_may_come_first_and_a_later_position_revives(views: ViewStore) -> None:
    await views.apply("cases", [Update("a", 5, None)], HEAD)
    await views.apply("cases", [Update("a", 3, {"persons": 3})], HEAD)
    assert await views.get("cases", "a") is None
    await views.apply("cases", [Update("a", 6, {"persons": 6})], HEAD)
    assert await views.get("cases", "a") == {"_id": "a", "persons": 6}


async def test_any_order_with_replays_ends_at_the_last_position(views: ViewStore) -> None:
    states: list[Document | None] = [{"persons": 1}, None, {"persons": 3}, {"persons": 4}]
    orders = [(*order, *order[:2]) for order in permutations(range(4))]
    for turn in range(len(orders[0])):
        batch = [
            Update(f"case-{number}", order[turn] + 1, states[order[turn]])
            for number, order in enumerate(orders)
        ]
        await views.apply("cases", batch, HEAD)
    found = (await views.query("cases", limit=PAGE_LIMIT)).documents
    assert len(found) == len(orders)
    assert {document["persons"] for document in found} == {4}


async def test_a_batch_larger_than_a_bulk_arrives_whole(storage: Storage) -> None:
    views = storage.open(CASES, bulk=7)
    await fill(views, *({"_id": f"c{number:03}", "persons": number} for number in range(50)))
    assert await views.count("cases") == 50


async def test_a_crash_before_the_position_leaves_documents_to_be_replayed(
    storage: Storage,
) -> None:
    dying = storage.open(CASES, on_step=CrashAt("view-position"))
    batch = [Update("a", 3, {"persons": 3}), Update("b", 4, {"persons": 4})]
    with pytest.raises(Crash):
        await dying.apply("cases", batch, Progress(1, 4, "d4"))
    views = storage.open(CASES)
    assert await views.progress("cases") == START
    assert await views.count("cases") == 2
    assert await views.apply("cases", batch, Progress(1, 4, "d4"))
    assert await views.progress("cases") == Progress(1, 4, "d4")
    assert await views.get("cases", "b") == {"_id": "b", "persons": 4}


async def test_a_crash_between_documents_leaves_the_rest_to_be_replayed(storage: Storage) -> None:
    dying = storage.open(CASES, on_step=CrashAt("view-document", 3), bulk=1)
    batch = [Update(key, 3, {"persons": 3}) for key in "abcd"]
    with pytest.raises(Crash):
        await dying.apply("cases", batch, Progress(1, 3, "d3"))
    views = storage.open(CASES)
    assert await views.count("cases") == 2
    assert await views.progress("cases") == START
    await views.apply("cases", batch, Progress(1, 3, "d3"))
    assert await views.count("cases") == 4


async def test_a_crash_before_the_documents_changes_nothing(storage: Storage) -> None:
    dying = storage.open(CASES, on_step=CrashAt("view-documents"))
    with pytest.raises(Crash):
        await dying.apply("cases", [Update("a", 3, {})], HEAD)
    views = storage.open(CASES)
    assert await views.count("cases") == 0
    assert await views.progress("cases") == START


async def test_the_position_only_moves_forward(views: ViewStore) -> None:
    assert await views.apply("cases", [], Progress(1, 10, "d10"))
    assert not await views.apply("cases", [], Progress(1, 9, "d9"))
    assert not await views.set_position("cases", Progress(1, 10, "other"))
    assert await views.progress("cases") == Progress(1, 10, "d10")
    assert await views.set_position("cases", Progress(1, 11, "d11"))
    assert await views.progress("people") == START


async def test_a_restart_empties_the_view_and_shuts_out_who_wrote_before(
    storage: Storage, views: ViewStore
) -> None:
    await fill(views, {"_id": "a", "persons": 1}, {"_id": "b", "persons": 1}, position=900)
    late = storage.open(CASES, PEOPLE)
    assert await views.restart("cases", 1) == Progress(2, 0, "")
    assert await views.count("cases") == 0
    assert not await late.apply("cases", [Update("a", 950, {"persons": 2})], HEAD)
    assert await views.get("cases", "a") is None
    assert await late.restart("cases", 1) == Progress(2, 0, "")
    assert await views.apply("cases", [Update("a", 1, {"persons": 3})], Progress(2, 1, "d1"))
    assert await late.query("cases") == await views.query("cases")
    assert await late.get("cases", "a") == {"_id": "a", "persons": 3}


async def test_two_versions_of_a_view_stand_side_by_side(storage: Storage) -> None:
    first = storage.open(ViewSpec("cases", (("persons",),), version=1))
    second = storage.open(ViewSpec("cases", (("region",),), version=2))
    await first.apply("cases", [Update("a", 5, {"persons": 1})], HEAD)
    assert await second.progress("cases") == START
    await second.apply("cases", [Update("a", 5, {"region": "35"})], Progress(1, 5, "d5"))
    assert await first.get("cases", "a") == {"_id": "a", "persons": 1}
    assert await second.get("cases", "a") == {"_id": "a", "region": "35"}
    assert await first.progress("cases") == HEAD


async def test_views_of_one_service_do_not_meet(views: ViewStore) -> None:
    await fill(views, {"_id": "a"})
    assert await views.get("people", "a") is None
    assert await views.progress("people") == START


HOUSEHOLDS: list[Document] = [
    {"_id": "a", "region": "350121001002", "status": "open", "persons": 4, "urgent": True},
    {"_id": "b", "region": "350121001", "status": "open", "persons": 3, "urgent": False},
    {"_id": "c", "region": "350122", "status": "closed", "persons": 1},
    {"_id": "d", "region": "35", "status": None, "persons": -2, "urgent": False},
    {"_id": "e", "region": "500000", "persons": 12},
    {"_id": "f", "region": "兜底", "status": "open", "persons": None},
]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (Filter(), "abcdef"),
        (Filter(equal={"status": "open"}), "abf"),
        (Filter(equal={"status": None}), "de"),
        (Filter(equal={"urgent": True}), "a"),
        (Filter(equal={"urgent": False}), "bd"),
        (Filter(equal={"_id": "c"}), "c"),
        (Filter(prefix={"region": "350121"}), "ab"),
        (Filter(prefix={"region": "350121001"}), "ab"),
        (Filter(prefix={"region": "350121001002"}), "a"),
        (Filter(prefix={"region": "35"}), "abcd"),
        (Filter(prefix={"region": "3"}), "abcd"),
        (Filter(prefix={"region": "5"}), "e"),
        (Filter(prefix={"region": "兜"}), "f"),
        (Filter(prefix={"region": "9"}), ""),
        (Filter(prefix={"status": ""}), "abcf"),
        (Filter(prefix={"region": "\U0010ffff"}), ""),
        (Filter(within={"persons": Range(at_least=3)}), "abe"),
        (Filter(within={"persons": Range(at_least=1, below=4)}), "bc"),
        (Filter(within={"persons": Range(at_most=1)}), "cd"),
        (Filter(within={"region": Range(at_least="350121002", below="5")}), "c"),
        (Filter(one_of={"persons": [1, 12]}), "ce"),
        (Filter(one_of={"status": ["open", "closed"]}), "abcf"),
        (Filter(one_of={"status": []}), ""),
        (Filter(equal={"status": "open"}, prefix={"region": "35"}), "ab"),
        (
            Filter(
                equal={"urgent": False},
                prefix={"region": "35"},
                within={"persons": Range(at_least=-5, at_most=3)},
                one_of={"status": ["open"]},
            ),
            "b",
        ),
    ],
)
async def test_a_filter_finds_what_it_says(views: ViewStore, where: Filter, found: str) -> None:
    await fill(views, *HOUSEHOLDS)
    assert await keys(views, where) == list(found)
    assert await views.count("cases", where) == len(found)


async def test_a_prefix_does_not_reach_into_the_neighbouring_division(views: ViewStore) -> None:
    codes = ["350", "3501", "35012", "350121", "350129", "35013", "3502", "36", "349999999999"]
    await fill(views, *({"_id": code, "region": code} for code in codes))
    assert await keys(views, Filter(prefix={"region": "3501"})) == [
        "3501",
        "35012",
        "350121",
        "350129",
        "35013",
    ]


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        (Sort(), "abcdef"),
        (Sort(descending=True), "fedcba"),
        (Sort("persons"), "fdcbae"),
        (Sort("persons", descending=True), "eabcdf"),
        (Sort("status"), "decabf"),
        (Sort("status", descending=True), "fbaced"),
        (Sort("urgent"), "cefbda"),
        (Sort("urgent", descending=True), "adbfec"),
        (Sort("region"), "dbacef"),
    ],
)
async def test_pages_of_any_size_show_the_whole_order(
    views: ViewStore, sort: Sort, shown: str
) -> None:
    await fill(views, *HOUSEHOLDS)
    for limit in (1, 2, 3, 6, 50):
        assert await all_pages(views, sort, limit) == list(shown)


async def test_pages_are_filtered_too(views: ViewStore) -> None:
    await fill(views, *HOUSEHOLDS)
    where = Filter(equal={"status": "open"})
    assert await all_pages(views, Sort("persons"), 1, where) == ["f", "b", "a"]


async def test_a_row_that_stays_is_shown_once_while_others_come_and_go(views: ViewStore) -> None:
    await fill(views, *({"_id": f"c{n:02}", "persons": n // 2} for n in range(20)))
    shown: list[str] = []
    after: Cursor | None = None
    for page_number in range(10):
        page = await views.query("cases", sort=Sort("persons"), after=after, limit=4)
        shown += [found["_id"] for found in page.documents]
        position = 10 + page_number
        gone = {shown[-1], f"c{19 - page_number:02}"}
        change = [Update(key, position, None) for key in sorted(gone)]
        change.append(Update(f"early{page_number}", position, {"persons": -1}))
        await views.apply("cases", change, HEAD)
        if page.after is None:
            break
        after = page.after
    assert len(shown) == len(set(shown))
    assert shown == sorted(shown)
    assert set(shown) >= {f"c{n:02}" for n in range(10)}


async def test_counting_stops_at_the_limit(views: ViewStore) -> None:
    await fill(views, *HOUSEHOLDS)
    assert await views.count("cases", limit=4) == 4
    assert await views.count("cases", limit=6) == 6


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ({"where": Filter(equal={"income": 1})}, "income"),
        ({"sort": Sort("income")}, "income"),
        ({"limit": 0}, "between 1 and 500"),
        ({"limit": PAGE_LIMIT + 1}, "between 1 and 500"),
        ({"where": Filter(equal={"persons": 2**63})}, "64 bits"),
        ({"where": Filter(prefix={"region": "\ud800"})}, "64 bits"),
        ({"where": Filter(one_of={"persons": range(101)})}, "100 alternatives"),
        ({"after": Cursor(2**70, "a")}, "begins after"),
    ],
)
async def test_a_question_the_view_cannot_answer_is_refused(
    views: ViewStore, question: dict[str, Any], names: str
) -> None:
    with pytest.raises(QueryError, match=names):
        await views.query("cases", **question)


async def test_a_count_the_view_cannot_give_is_refused(views: ViewStore) -> None:
    with pytest.raises(QueryError, match="income"):
        await views.count("cases", Filter(equal={"income": 1}))
    with pytest.raises(QueryError, match="between 1 and"):
        await views.count("cases", limit=0)


@pytest.mark.parametrize(
    ("updates", "names"),
    [
        ([Update("a", 1, {}), Update("a", 2, {})], "one update per document"),
        ([Update("a", 1_001, {})], "position"),
        ([Update("a", 0, {})], "position"),
        ([Update("", 1, {})], "characters"),
        ([Update("x" * 201, 1, {})], "characters"),
        ([Update("a", 1, {"_id": "b"})], "_id"),
        ([Update("a", 1, {"on": object()})], "JSON"),
        ([Update("a", 1, {"on": {1: "x"}})], "JSON"),
        ([Update("a", 1, {"on": [float("nan")]})], "JSON"),
        ([Update("a", 1, {"amount": 2**63})], "JSON"),
        ([Update("a", 1, {"persons": [1, 2]})], "persons"),
        ([Update("a", 1, {"persons": 1.5})], "persons"),
    ],
)
async def test_an_update_no_engine_could_keep_is_refused_whole(
    views: ViewStore, updates: list[Update], names: str
) -> None:
    with pytest.raises(BadUpdate, match=names):
        await views.apply("cases", [Update("good", 1, {}), *updates], HEAD)
    assert await views.count("cases") == 0
    assert await views.progress("cases") == START


async def test_an_unknown_view_is_named(views: ViewStore) -> None:
    with pytest.raises(UnknownView, match="nobody"):
        await views.query("nobody")
    with pytest.raises(UnknownView, match="nobody"):
        await views.apply("nobody", [], HEAD)


async def test_instances_writing_at_once_end_at_the_highest_positions(storage: Storage) -> None:
    stores = [storage.open(CASES, bulk=10) for _ in range(4)]

    async def write(store: ViewStore, first: int) -> None:
        for position in range(first, 21, len(stores)):
            batch = [Update(f"c{n}", position, {"persons": position}) for n in range(30)]
            await store.apply("cases", batch, Progress(1, position, f"d{position}"))

    await asyncio.gather(*(write(store, n + 1) for n, store in enumerate(stores)))
    found = await stores[0].query("cases", limit=100)
    assert [document["persons"] for document in found.documents] == [20] * 30
    assert await stores[0].progress("cases") == Progress(1, 20, "d20")
