"""What is particular to the MongoDB adapter: loops, indexes, and an engine that goes away."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from pymongo import MongoClient

from infra.engines import MongoEngine
from shared.views.mongo import MongoViews
from shared.views.mongo_query import conditions, order
from shared.views.port import Progress, Update, ViewsAway, ViewSpec
from shared.views.query import Cursor, Filter, Sort
from tests.views.conftest import MongoStorage

CASES = ViewSpec("cases", indexes=(("region",), ("status", "due_on")))


async def test_one_store_serves_several_event_loops(mongo_storage: MongoStorage) -> None:
    views = mongo_storage.open(CASES)
    await views.apply("cases", [Update("a", 1, {})], Progress(1, 1, "d1"))
    assert await asyncio.to_thread(lambda: asyncio.run(views.count("cases"))) == 1
    assert await views.count("cases") == 1


async def test_databases_keep_services_apart(mongo_storage: MongoStorage) -> None:
    views = mongo_storage.open(CASES)
    await views.apply("cases", [Update("a", 1, {})], Progress(1, 1, "d1"))
    other = MongoViews(mongo_storage.uri, f"{mongo_storage.database}_payment", [CASES])
    try:
        assert await other.count("cases") == 0
        assert (await other.progress("cases")).position == 0
    finally:
        await other.close()


@pytest.mark.parametrize(
    ("where", "after", "sort"),
    [
        (Filter(prefix={"region": "3501"}), None, Sort("region")),
        (Filter(), Cursor("35", "a"), Sort("region")),
        (Filter(), Cursor("35", "a"), Sort("region", descending=True)),
        (Filter(equal={"status": "open"}), Cursor("2020-05-01", "a"), Sort("due_on")),
    ],
)
async def test_a_page_comes_from_an_index_in_its_order(
    mongo_storage: MongoStorage, where: Filter, after: Cursor | None, sort: Sort
) -> None:
    views = mongo_storage.open(CASES)
    batch = [
        Update(f"c{n:03}", 1, {"region": f"{n:04}", "status": "open", "due_on": f"2020-{n:03}"})
        for n in range(100)
    ]
    await views.apply("cases", batch, Progress(1, 1, "d1"))
    with MongoClient[dict[str, Any]](mongo_storage.uri) as client:
        found = client[mongo_storage.database]["cases.v1.g1"].find(conditions(where, after, sort))
        plan = found.sort(order(sort)).limit(51).explain()["queryPlanner"]["winningPlan"]
    stages = set(_stages(plan))
    assert "IXSCAN" in stages
    assert not stages & {"COLLSCAN", "SORT"}


def _stages(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["stage"]
    for inner in [
        *plan.get("inputStages", []),
        *([plan["inputStage"]] if "inputStage" in plan else []),
    ]:
        yield from _stages(inner)


async def test_an_engine_that_is_not_there_is_away_within_seconds() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    views = MongoViews(f"mongodb://127.0.0.1:{port}", "nowhere", [CASES])
    began = monotonic()
    with pytest.raises(ViewsAway, match="MongoDB"):
        await views.get("cases", "a")
    assert monotonic() - began < 5
    await views.close()


async def test_an_engine_killed_and_back_is_used_again_and_lost_nothing(tmp_path: Path) -> None:
    engine = MongoEngine(tmp_path)
    engine.start()
    views = MongoViews(engine.address, "survivor", [CASES])
    try:
        batch = [Update(f"c{n}", 1, {"region": "35"}) for n in range(1_200)]
        assert await views.apply("cases", batch, Progress(1, 1, "d1"))
        engine.kill()
        with pytest.raises(ViewsAway):
            await views.apply("cases", [Update("c1", 2, None)], Progress(1, 2, "d2"))
        with pytest.raises(ViewsAway):
            await views.query("cases")
        engine.start()
        assert await views.count("cases") == 1_200
        assert await views.apply("cases", [Update("c1", 2, None)], Progress(1, 2, "d2"))
        assert await views.count("cases") == 1_199
    finally:
        await views.close()
        engine.stop()


async def test_views_wiped_under_a_running_service_begin_again(mongo_storage: MongoStorage) -> None:
    views = mongo_storage.open(CASES)
    await views.apply("cases", [Update("a", 9, {"region": "35"})], Progress(1, 9, "d9"))
    with MongoClient[dict[str, Any]](mongo_storage.uri) as client:
        client.drop_database(mongo_storage.database)
        assert not await views.apply("cases", [Update("b", 10, {})], Progress(1, 10, "d10"))
        assert (await views.progress("cases")).position == 0
        await views.apply("cases", [Update("a", 1, {"region": "36"})], Progress(1, 1, "d1"))
        indexes = client[mongo_storage.database]["cases.v1.g1"].index_information()
    assert await views.get("cases", "a") == {"_id": "a", "region": "36"}
    assert len(indexes) == 1 + len(CASES.indexes)


@pytest.mark.parametrize("question", ["page", "count", "get"])
async def test_a_question_that_began_before_a_switch_is_asked_again(
    mongo_storage: MongoStorage, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The collection it was to be asked of is gone, which the server answers as an empty one."""
    writer, reader = mongo_storage.open(CASES), mongo_storage.open(CASES)
    document = [Update("a", 1, {"region": "35"})]
    await writer.apply("cases", document, Progress(1, 1, "d1"))
    looked_where = reader.progress

    async def and_then_switched(view: str) -> Progress:
        found = await looked_where(view)
        if found.generation == 1:
            await writer.begin_beside("cases")
            await writer.apply("cases", document, Progress(2, 1, "d1"))
            assert await writer.switch("cases", found, Progress(2, 1, "d1"))
        return found

    monkeypatch.setattr(reader, "progress", and_then_switched)
    if question == "page":
        assert [found["_id"] for found in (await reader.query("cases")).documents] == ["a"]
    elif question == "count":
        assert await reader.count("cases") == 1
    else:
        assert await reader.get("cases", "a") is not None
    assert (await looked_where("cases")).generation == 2
