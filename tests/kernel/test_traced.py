"""What goes wrong while no request waits for it is logged with its event and its trace."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest

from shared.kernel.duties import Duties
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.reactions import Reactions
from shared.kernel.store import Write
from shared.kernel.writer import Writer
from shared.web.logs import JsonFormatter
from tests.kernel.conftest import Pointer, setting
from tests.kernel.domain import AmountCounted, fail, submission
from tests.kernel.rows import entry, take_turn
from tests.kernel.running import arrival, batch, place, run

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What is logged meanwhile, as a service writes it."""
    told = StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(JsonFormatter())
    logging.getLogger("shared").addHandler(handler)
    yield told
    logging.getLogger("shared").removeHandler(handler)


def told_by(lines: StringIO) -> dict[str, Any]:
    # A turn that finds itself without a stream decides anew, and says it anew.
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    found: dict[str, Any] = told[0]
    assert all(again["event"] == found["event"] for again in told)
    return found


def test_a_reaction_that_cannot_be_decided(lines: StringIO) -> None:
    writer = Writer(MemoryStore(MemoryDatabase()), setting(), Pointer())
    writer.open()
    cause = uuid4()
    failing = replace(submission("a", decide=fail), causation_id=cause, traceparent=TRACEPARENT)
    run(writer, batch(0, arrival(0, "k", failing)))
    line = told_by(lines)
    assert (line["trace"], line["event"]) == (TRACE, str(cause))
    assert "parked" in line["message"]


def test_a_reaction_that_raises(lines: StringIO) -> None:
    store = MemoryStore(MemoryDatabase())
    writer = Writer(store, setting(), Pointer())
    writer.open()
    run(writer, replace(submission("a"), traceparent=TRACEPARENT))
    (row,) = store.read_log(0, 1)
    reactions = Reactions({AmountCounted: [fail]})
    reactions.arrival(str(uuid4()), AmountCounted.type, row.document, place(0))
    line = told_by(lines)
    assert (line["trace"], line["event"]) == (TRACE, json.loads(row.document)["id"])


def test_an_agenda_entry_whose_duty_cannot_be_made(lines: StringIO) -> None:
    store = MemoryStore(MemoryDatabase())
    opened = entry()
    take_turn(store, Write(agenda=[opened]))
    writer = Writer(store, setting(), Pointer())
    Duties(store, writer, {opened.kind: fail}, lambda: opened.due_on).step()
    assert told_by(lines)["event"] == str(opened.source_event)
