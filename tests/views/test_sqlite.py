"""What is particular to the SQLite adapter."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from shared.views.port import Progress, Update, ViewsAway, ViewSpec
from shared.views.query import Cursor, Filter, Sort
from shared.views.sqlite import SqliteViews
from shared.views.sqlite_query import conditions, order, past
from tests.views.conftest import SqliteStorage

CASES = ViewSpec("cases", indexes=(("region",), ("status", "due_on")))


def test_a_file_that_cannot_be_opened_is_away(tmp_path: Path) -> None:
    with pytest.raises(ViewsAway, match="file of the views"):
        SqliteViews(tmp_path / "no-such-folder" / "views.db", [CASES])


async def test_a_writer_that_has_to_wait_holds_up_neither_readers_nor_the_loop(
    sqlite_storage: SqliteStorage,
) -> None:
    views = sqlite_storage.open(CASES)
    other = sqlite3.connect(sqlite_storage.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    written = asyncio.create_task(
        views.apply("cases", [Update("a", 1, {"region": "35"})], Progress(1, 1, "d1"))
    )
    for _ in range(20):
        assert (await views.progress("cases")).position == 0
    assert not written.done()
    other.execute("ROLLBACK")
    other.close()
    await written
    assert await views.get("cases", "a") == {"_id": "a", "region": "35"}


@pytest.mark.parametrize(
    ("where", "after", "sort", "begins"),
    [
        (Filter(prefix={"region": "3501"}), None, Sort("region"), "<expr>>? AND <expr><?"),
        (Filter(), Cursor("35", "a"), Sort("region"), "<expr>>?"),
        (Filter(equal={"status": "open"}), None, Sort("due_on"), "<expr>=?"),
        (
            Filter(equal={"status": "open"}),
            Cursor("2020-05-01", "a"),
            Sort("due_on"),
            "<expr>=? AND <expr>>?",
        ),
        (Filter(), Cursor("35", "a"), Sort(), "key>?"),
    ],
)
async def test_a_page_begins_inside_an_index_and_is_not_sorted(
    sqlite_storage: SqliteStorage, where: Filter, after: Cursor | None, sort: Sort, begins: str
) -> None:
    sqlite_storage.open(CASES)
    found, values = conditions(where)
    place, place_values = past(after, sort)
    with sqlite3.connect(sqlite_storage.path) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT key, document FROM view__cases__v1__g1 "
            f"WHERE {found} AND {place} ORDER BY {order(sort)} LIMIT 51",
            (*values, *place_values),
        ).fetchall()
    connection.close()
    steps = [str(row[3]) for row in plan]
    assert len(steps) == 1
    assert steps[0].startswith("SEARCH")
    assert begins in steps[0]


async def test_a_new_index_of_a_view_that_exists_is_made_at_the_start(
    sqlite_storage: SqliteStorage,
) -> None:
    await sqlite_storage.open(ViewSpec("cases")).apply(
        "cases", [Update("a", 1, {"region": "35"})], Progress(1, 1, "d1")
    )
    views = sqlite_storage.open(CASES)
    page = await views.query("cases", Filter(prefix={"region": "3"}))
    assert [found["_id"] for found in page.documents] == ["a"]


async def test_one_store_serves_several_event_loops(sqlite_storage: SqliteStorage) -> None:
    views = sqlite_storage.open(CASES)
    await views.apply("cases", [Update("a", 1, {})], Progress(1, 1, "d1"))
    assert await asyncio.to_thread(lambda: asyncio.run(views.count("cases"))) == 1


async def test_a_moment_that_is_still_held_is_let_go_with_the_store(
    sqlite_storage: SqliteStorage,
) -> None:
    views = SqliteViews(sqlite_storage.path, [CASES])
    await views.begin_beside("cases")
    pair = await views.both("cases")
    assert pair is not None
    assert await pair.rows(1, "", 10) == []
    await views.close()
    with pytest.raises(RuntimeError):
        await pair.rows(1, "", 10)
