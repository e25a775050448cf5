"""What is particular to the memory adapter: it never suspends, and its guard can be taken out."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest

from shared.views.memory import MemoryViews
from shared.views.port import Progress, Update, ViewSpec

CASES = ViewSpec("cases", indexes=(("region",),))
HEAD = Progress(1, 9, "d9")


def finish(coroutine: Coroutine[Any, Any, Any]) -> Any:
    with pytest.raises(StopIteration) as ended:
        coroutine.send(None)
    return ended.value.value


def test_no_method_ever_suspends() -> None:
    views = MemoryViews([CASES])
    assert finish(views.apply("cases", [Update("a", 1, {"region": "35"})], HEAD))
    assert finish(views.progress("cases")) == HEAD
    assert finish(views.load("cases", ["a"]))["a"].position == 1
    assert finish(views.get("cases", "a")) == {"_id": "a", "region": "35"}
    assert len(finish(views.query("cases")).documents) == 1
    assert finish(views.count("cases")) == 1
    assert not finish(views.set_position("cases", HEAD))
    assert finish(views.restart("cases", 1)) == Progress(2, 0, "")
    assert finish(views.engine()) == "memory"
    assert finish(views.close()) is None


def test_what_a_reader_changes_is_its_own() -> None:
    views = MemoryViews([CASES])
    written = {"region": "35", "persons": [1]}
    finish(views.apply("cases", [Update("a", 1, written)], HEAD))
    written["persons"].append(2)  # type: ignore[attr-defined]
    finish(views.get("cases", "a"))["persons"].append(3)
    assert finish(views.get("cases", "a"))["persons"] == [1]


def test_without_its_guard_an_older_position_overwrites() -> None:
    views = MemoryViews([CASES], guard=False)
    finish(views.apply("cases", [Update("a", 7, {"region": "35"})], HEAD))
    finish(views.apply("cases", [Update("a", 3, {"region": "36"})], HEAD))
    assert finish(views.get("cases", "a"))["region"] == "36"
