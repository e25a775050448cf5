"""What a comparison of two generations finds, and how it tells of it."""

from __future__ import annotations

import pytest

from shared.views.comparing import LISTED, Comparison, Difference, Differences, OnlyIn, Uneven
from shared.views.port import Document, Progress, Update, ViewSpec, ViewStore
from tests.views.conftest import MemoryStorage, Storage
from tests.views.test_contract import Crash, CrashAt

CASES = ViewSpec("cases")
PLACE = (9, "d9")


async def compared(
    storage: Storage,
    shown: dict[str, Document | None],
    beside: dict[str, Document | None],
    page: int = 3,
) -> Differences:
    """What differs between these documents (``None``: a tombstone), read in pages."""
    views = storage.open(CASES)
    begun = await views.begin_beside("cases")
    await put(views, (await views.progress("cases")).generation, shown)
    await put(views, begun.generation, beside)
    return await walked(views, page)


async def put(views: ViewStore, generation: int, documents: dict[str, Document | None]) -> None:
    updates = [Update(key, 9, document) for key, document in documents.items()]
    await views.apply("cases", updates, Progress(generation, *PLACE))


async def walked(views: ViewStore, page: int) -> Differences:
    pair = await views.both("cases")
    assert pair is not None
    comparison = Comparison(pair)
    try:
        while (found := await comparison.walk(page)) is None:
            pass
    finally:
        await comparison.close()
    return found


@pytest.mark.parametrize("page", [1, 2, 3, 50])
async def test_each_differing_document_is_named_with_its_fields(
    storage: Storage, page: int
) -> None:
    same: dict[str, Document | None] = {f"k{n}": {"persons": n, "on": None} for n in range(9)}
    found = await compared(
        storage,
        same | {"k3": {"persons": 4, "on": None}, "a": {}, "gone": None, "x": {"in": {"b": [1]}}},
        same | {"k5": {"persons": 5}, "z": {}, "x": {"in": {"b": [2]}}, "zz": None},
        page,
    )
    assert (found.position, found.compared, found.differing) == (9, 12, 5)
    assert found.listed == (
        Difference(key="a", only_in=OnlyIn.SHOWN),
        Difference(key="k3", fields=("persons",)),
        Difference(key="k5", fields=("on",)),
        Difference(key="x", fields=("in",)),
        Difference(key="z", only_in=OnlyIn.BESIDE),
    )


async def test_what_is_the_same_json_is_the_same(storage: Storage) -> None:
    first: Document = {"a": 1, "b": {"x": 1, "y": [1, 2]}, "c": "兜底"}
    again: Document = {"c": "兜底", "b": {"y": [1, 2], "x": 1}, "a": 1}
    found = await compared(storage, {"k": first}, {"k": again})
    assert (found.compared, found.differing, found.listed) == (1, 0, ())


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (0, False), (1, 1.0), (None, ""), ([1, 2], [2, 1]), ("1", 1)]
)
async def test_what_python_or_a_person_would_take_for_the_same_is_not(
    storage: Storage, one: object, other: object
) -> None:
    found = await compared(storage, {"k": {"v": one}}, {"k": {"v": other}})
    assert found.listed == (Difference(key="k", fields=("v",)),)


async def test_all_are_counted_and_in_the_digest_though_few_are_listed() -> None:
    many: dict[str, Document | None] = {f"k{n:04}": {"v": n} for n in range(LISTED + 50)}
    nothing: dict[str, Document | None] = {}
    found = await compared(MemoryStorage(), many, nothing, page=37)
    assert (found.differing, len(found.listed)) == (LISTED + 50, LISTED)
    assert found.listed[-1].key == f"k{LISTED - 1:04}"
    fewer = {key: document for key, document in many.items() if key != "k0149"}
    assert (await compared(MemoryStorage(), many, nothing)).digest == found.digest
    assert (await compared(MemoryStorage(), fewer, nothing)).digest != found.digest
    assert (await compared(MemoryStorage(), nothing, many)).digest != found.digest


async def test_nothing_of_a_documents_content_is_told() -> None:
    secret = "陈某某 350924197001010015"
    found = await compared(MemoryStorage(), {"k": {"label": secret}}, {"k": {"label": "x"}})
    assert secret not in found.model_dump_json()
    assert "label" in found.model_dump_json()


async def test_generations_at_two_positions_are_not_compared() -> None:
    views = MemoryStorage().open(CASES)
    begun = await views.begin_beside("cases")
    await views.apply("cases", [], Progress(begun.generation, *PLACE))
    pair = await views.both("cases")
    assert pair is not None
    with pytest.raises(Uneven, match="moved on"):
        Comparison(pair)


@pytest.mark.parametrize("generation", [1, 2])
async def test_a_document_ahead_of_the_position_is_not_compared(
    storage: Storage, generation: int
) -> None:
    views = storage.open(CASES)
    await views.begin_beside("cases")
    for each in (1, 2):
        await put(views, each, {"a": {}})
    dying = storage.open(CASES, on_step=CrashAt("view-position"))
    with pytest.raises(Crash):
        await dying.apply("cases", [Update("b", 12, {})], Progress(generation, 12, "d12"))
    with pytest.raises(Uneven, match="ahead"):
        await walked(views, 10)
