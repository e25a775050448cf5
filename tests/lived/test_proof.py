"""What is done to a real database behind our back is named with its place (SQLite, PostgreSQL)."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from infra.demo.office import AUDITOR, CLERK
from shared.bus.wire import command_of
from shared.kernel.event import NO_DIGEST, Recorded, digest_of, event_id
from shared.kernel.postgres import PostgresStore
from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import Store
from tests.faults.databases import Database, databases_of
from tests.lived import Place, embedded

pytestmark = pytest.mark.asyncio(loop_scope="session")

SERVICE = "intake"


async def prove(place: Place) -> dict[str, Any]:
    answer = await place.house.call(AUDITOR, "POST", "oversight", "/ops/proofs")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@contextmanager
def store_of(place: Place) -> Iterator[Store]:
    """A connection of the test's own to intake's database."""
    opened: Store
    if place.run is not None:
        opened = SqliteStore(place.run.embedded.settings.data_dir / f"{SERVICE}.db")
    else:
        assert place.stack is not None
        opened = PostgresStore(place.stack.settings.database_url_of(SERVICE))
    yield opened
    opened.close()


def database_of(place: Place) -> Database:
    if place.run is not None:
        return databases_of(place.run.embedded.settings, None)[SERVICE]
    assert place.stack is not None
    engines = {"postgres": place.stack.engines["postgres"]}
    return databases_of(place.stack.settings, engines)[SERVICE]


def of_case(rows: Sequence[Recorded], case_id: str) -> list[Recorded]:
    """The application's own stream."""
    found = [
        row
        for row in rows
        if f'"subject":"{case_id}"'.encode() in row.document and b".application-" in row.document
    ]
    stream = found[0].stream
    return [row for row in rows if row.stream == stream]


async def damage(
    place: Place, harm: Callable[[list[Recorded], list[Recorded]], list[Recorded]]
) -> tuple[dict[str, Any], list[Recorded], str]:
    """What a proof says while the log is what ``harm`` makes of it; then all is put back.

    ``harm`` is given the whole log and an application's three events, and gives the log after.
    """
    case_id = await place.submitted()
    here = f"/applications/{case_id}"
    missing = {"materials": ["income_statement"]}
    await place.house.do(CLERK, "intake", f"{here}/material-requests", missing, at=here)
    await place.house.do(CLERK, "intake", f"{here}/materials", missing)
    await place.submitted()  # what follows in the log
    await place.settled()
    database = database_of(place)
    with store_of(place) as store:
        rows = store.read_log(0, 100_000)
        mine = of_case(rows, case_id)
        assert [row.version for row in mine] == [1, 2, 3]
        after = harm(rows, mine)
        database.edit(rows, after)
        try:
            proof = await prove(place)
        finally:
            database.edit(after, rows)
    assert (await prove(place))["sound"]
    return proof, mine, case_id


def named(proof: dict[str, Any]) -> list[tuple[str, int, int]]:
    assert not proof["sound"]
    return [
        (one["damage"], one["position"], one["last"])
        for one in proof["listed"]
        if one["service"] == SERVICE
    ]


async def test_an_untouched_record_is_sound(lived: Place) -> None:
    await lived.settled()
    proof = await prove(lived)
    assert proof["sound"]
    assert proof["findings"] == 0
    assert sum(log["events"] for log in proof["logs"]) == proof["copies"]
    assert {log["service"] for log in proof["logs"]} >= {"intake", "decision", "payment", "care"}


async def test_one_changed_byte(lived: Place) -> None:
    def harm(rows: list[Recorded], mine: list[Recorded]) -> list[Recorded]:
        changed = mine[1]._replace(
            document=mine[1].document.replace(b"income_statement", b"income_statemenT")
        )
        return [changed if row == mine[1] else row for row in rows]

    proof, mine, case_id = await damage(lived, harm)
    assert named(proof) == [("changed", mine[1].position, mine[1].position)]
    (finding,) = proof["listed"]
    assert (finding["case_id"], finding["version"]) == (case_id, 2)


async def test_a_changed_byte_sealed_anew_with_all_that_follows(lived: Place) -> None:
    def harm(rows: list[Recorded], mine: list[Recorded]) -> list[Recorded]:
        before = mine[0].digest
        anew = {}
        for row in mine[1:]:
            document = row.document.replace(b"income_statement", b"medical_record")
            digest = digest_of(before, document)
            anew[row.position] = row._replace(
                document=document, previous_digest=before, digest=digest
            )
            before = digest
        return [anew.get(row.position, row) for row in rows]

    proof, mine, _case = await damage(lived, harm)
    assert named(proof) == [("changed", row.position, row.position) for row in mine[1:]]


async def test_an_event_deleted(lived: Place) -> None:
    proof, mine, _case = await damage(lived, lambda rows, mine: [r for r in rows if r != mine[1]])
    assert named(proof) == [("deleted", mine[1].position, mine[1].position)]


async def test_two_swapped(lived: Place) -> None:
    def harm(rows: list[Recorded], mine: list[Recorded]) -> list[Recorded]:
        one, other = mine[1], mine[2]
        swapped = {
            one.position: one._replace(type=other.type, document=other.document),
            other.position: other._replace(type=one.type, document=one.document),
        }
        return [swapped.get(row.position, row) for row in rows]

    proof, mine, _case = await damage(lived, harm)
    assert named(proof) == [("moved", row.position, row.position) for row in mine[1:]]
    assert [one["other"] for one in proof["listed"]] == [mine[2].position, mine[1].position]


async def test_a_streams_end_cut(lived: Place) -> None:
    proof, mine, _case = await damage(
        lived, lambda rows, mine: [r for r in rows if r not in mine[1:]]
    )
    assert named(proof) == [("cut", mine[1].position, mine[2].position)]
    assert proof["listed"][0]["version"] == 2


async def test_a_whole_stream_deleted(lived: Place) -> None:
    proof, mine, case_id = await damage(
        lived, lambda rows, mine: [r for r in rows if r not in mine]
    )
    assert named(proof) == [("stream-deleted", mine[0].position, mine[2].position)]
    assert proof["listed"][0]["case_id"] == case_id


def forged(position: int, model: Recorded) -> Recorded:
    """An event that nobody decided: the model's facts, in a stream of its own, well sealed."""
    stream = uuid4()
    document = model.document
    for known, new in (
        (str(model.stream), str(stream)),
        (f'"version":{model.version},', '"version":1,'),
        (str(event_id(model.stream, model.version)), str(event_id(stream, 1))),
        (command_of(model).decode(), str(uuid4())),
    ):
        document = document.replace(known.encode(), new.encode())
    digest = digest_of(NO_DIGEST, document)
    return Recorded(position, stream, 1, model.type, document, NO_DIGEST, digest)


async def test_one_inserted_where_nobody_reads_on(lived: Place) -> None:
    proof, _mine, _case = await damage(lived, lambda rows, mine: [forged(0, mine[2]), *rows])
    assert named(proof) == [("inserted", 0, 0)]


@pytest_asyncio.fixture(loop_scope="session")
async def begun(tmp_path: Path) -> AsyncIterator[Place]:
    """An embedded system of its own, in which one application was submitted."""
    async with embedded(tmp_path) as place:
        await place.submitted()
        await place.settled()
        yield place


async def test_one_inserted_at_the_end_and_published_like_any_other(begun: Place) -> None:
    with store_of(begun) as store:
        rows = store.read_log(0, 1000)
    inserted = forged(len(rows) + 1, rows[-1])
    database_of(begun).edit(rows, [*rows, inserted])
    await begun.settled()
    proof = await prove(begun)
    assert named(proof) == [("unaccounted", inserted.position, inserted.position)]


async def test_the_end_of_a_log_cut_off(begun: Place) -> None:
    with store_of(begun) as store:
        rows = store.read_log(0, 1000)
    database_of(begun).edit(rows, rows[:-1])
    proof = await prove(begun)
    last = rows[-1]
    assert named(proof) == [("stream-deleted", last.position, last.position)]


async def test_a_copy_that_was_changed_in_spite_of_its_guard(begun: Place) -> None:
    assert begun.run is not None
    path = begun.run.embedded.settings.data_dir / "oversight.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TRIGGER copies_are_not_changed")
        db.execute("DROP TRIGGER copies_are_not_deleted")
        db.execute("UPDATE copies SET log_position = 77 WHERE position = 1")
        db.execute("DELETE FROM copies WHERE position = 2")
    proof = await prove(begun)
    found = [(one["damage"], one["position"]) for one in proof["listed"]]
    assert ("copy-changed", 1) in found
    assert ("copy-missing", 2) in found
