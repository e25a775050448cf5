"""``doudi audit`` as an auditor types it: a case's course, its past, and what was done to a log."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any
from uuid import uuid4

import httpx
import pytest

from infra.demo.office import TOWNSHIP
from infra.demo.people import HOUSEHOLD
from services.oversight.rules import Damage
from shared.kernel.event import Recorded
from shared.kernel.sqlite import SqliteStore
from tests.cli.conftest import Served, register
from tests.faults.databases import SqliteDatabase
from tests.house import application


@pytest.fixture(scope="module")
def case(served: Served) -> str:
    """A case that was applied for, and of which oversight has heard."""
    person_id = register(served, HOUSEHOLD[0][0])
    token = served.doudi("token", "--role", "township_clerk", "--division", TOWNSHIP)
    answer = httpx.post(
        f"{served.address}/intake/applications",
        json=application([{"person_id": person_id, "relation": "applicant"}]),
        headers={
            "Authorization": f"Bearer {token.stdout.strip()}",
            "Idempotency-Key": str(uuid4()),
        },
        trust_env=False,
    )
    assert answer.status_code == 201, answer.text
    found = str(answer.json()["case_id"])
    told = served.until("audit", "timeline", found)
    assert told.returncode == 0, told.stderr
    return found


def state(served: Served, *arguments: str) -> dict[str, Any]:
    told = served.doudi("audit", "state", *arguments)
    assert told.returncode == 0, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_a_timeline_is_told_to_people_and_to_programs(served: Served, case: str) -> None:
    told = served.doudi("audit", "timeline", case)
    assert "个案全过程 / The case's timeline" in told.stdout
    assert "申请或指令 / a request" in told.stdout
    entries = json.loads(served.doudi("audit", "timeline", case, "--json").stdout)
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    for entry in entries:
        assert entry["zh"] in told.stdout


def test_a_case_that_nobody_knows_is_not_found(served: Served) -> None:
    for question in ("timeline", "state"):
        told = served.doudi("audit", question, str(uuid4()))
        assert (told.returncode, told.stdout) == (1, "")
        assert "未找到" in told.stderr


def test_a_state_is_shown_as_it_is_and_as_it_was(served: Served, case: str) -> None:
    (submitted, *_) = json.loads(served.doudi("audit", "timeline", case, "--json").stdout)
    assert "intake" in state(served, case)["services"]
    then = state(served, case, "--at", submitted["recorded_at"])
    assert "intake" in then["services"]
    on = state(served, case, "--on", "2020-04-01")
    assert "intake" in on["services"]


def test_of_a_moment_before_the_case_it_says_that_nothing_was_known(
    served: Served, case: str
) -> None:
    told = served.doudi("audit", "state", case, "--at", "2020-01-01T09:00:00+08:00")
    assert told.returncode == 0
    assert json.loads(told.stdout)["services"] == {}
    assert "当时尚无记录" in told.stderr


def test_a_case_without_a_determination_has_none_in_print(served: Served, case: str) -> None:
    told = served.doudi("audit", "determination", case)
    assert (told.returncode, told.stdout) == (1, "")
    assert "未找到" in told.stderr


def changed(rows: Sequence[Recorded], stream: Sequence[Recorded]) -> list[Recorded]:
    """The log with one byte of the stream's first event changed."""
    first = stream[0]
    document = first.document.replace(b"identity", b"identitY")
    assert document != first.document
    return [first._replace(document=document) if row == first else row for row in rows]


def deleted(rows: Sequence[Recorded], stream: Sequence[Recorded]) -> list[Recorded]:
    """The log without the stream."""
    return [row for row in rows if row not in stream]


@pytest.mark.parametrize(
    ("harm", "damage"),
    [(changed, Damage.CHANGED), (deleted, Damage.STREAM_DELETED)],
    ids=["a byte changed", "a stream deleted"],
)
def test_what_was_done_to_a_log_is_named_with_its_place(
    served: Served,
    case: str,
    harm: Callable[[Sequence[Recorded], Sequence[Recorded]], list[Recorded]],
    damage: Damage,
) -> None:
    sound = served.doudi("audit", "verify")
    assert sound.returncode == 0, sound.stdout
    assert "问题 / Findings" not in sound.stdout
    path = served.folder / "data" / "intake.db"
    with closing(SqliteStore(path)) as store:
        rows = store.read_log(0, 1_000)
    of_case = next(row for row in rows if f'"subject":"{case}"'.encode() in row.document)
    stream = [row for row in rows if row.stream == of_case.stream]
    after = harm(rows, stream)
    database = SqliteDatabase(path)
    database.edit(rows, after)
    try:
        told = served.doudi("audit", "verify")
    finally:
        database.edit(after, rows)
    assert told.returncode == 1
    (finding,) = [line for line in told.stdout.splitlines() if damage.zh in line]
    service, position, _what, of, whose = (cell.strip() for cell in finding.strip("│").split("│"))
    assert (service, whose) == ("intake", case)
    assert int(position.split("–")[0]) == stream[0].position
    assert of.startswith(str(stream[0].stream))
    assert served.doudi("audit", "verify").returncode == 0
