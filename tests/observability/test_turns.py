"""What the writer's turns count, told by real writers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry

from shared.kernel.writer import Writer
from shared.runtime.measures import Turns
from tests.kernel.conftest import Database, Pointer, open_database, setting
from tests.kernel.domain import LIMIT_FEN, fail, submission
from tests.kernel.running import arrival, batch, error_of, outcome, run


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    opened = open_database("sqlite", request)
    yield opened
    opened.close()


class Counted:
    """A writer and what was counted of it."""

    def __init__(self, database: Database) -> None:
        self.registry = CollectorRegistry()
        told = Turns(self.registry).told
        self.writer = Writer(database.store(), setting(), Pointer(), told=told)
        self.writer.open()

    def __getitem__(self, name: str) -> float | None:
        return self.registry.get_sample_value(f"doudi_{name}")

    def commands(self, outcome: str) -> float | None:
        return self.registry.get_sample_value("doudi_commands_total", {"outcome": outcome})


@pytest.fixture
def counted(database: Database) -> Counted:
    return Counted(database)


def test_commands_are_counted_by_what_became_of_them(counted: Counted) -> None:
    once = submission("a", 1)
    run(counted.writer, once, submission("b", 2), submission("c", LIMIT_FEN + 1))
    assert outcome(counted.writer, once).repeated
    assert error_of(counted.writer, submission("d", decide=fail)) is not None
    assert counted.commands("recorded") == 2
    assert counted.commands("refused") == 1
    assert counted.commands("repeated") == 1
    assert counted.commands("failed") == 1
    assert counted.commands("empty") == 0
    assert counted["events_total"] == 2


def test_a_refusal_is_counted_by_its_code_and_tells_nothing_else(counted: Counted) -> None:
    run(counted.writer, submission("a", LIMIT_FEN + 1))
    (family,) = [f for f in counted.registry.collect() if f.name == "doudi_refusals"]
    assert [(s.labels, s.value) for s in family.samples] == [({"code": "limit-reached"}, 1.0)]


def test_reactions_within_a_batch_count_as_commands_and_its_records_as_records(
    counted: Counted,
) -> None:
    sent = batch(0, arrival(0, "k", submission("a", 1)), arrival(1, "j", submission("b", 2)))
    run(counted.writer, sent)
    assert counted["consumed_records_total"] == 2
    assert counted.commands("recorded") == 2


def test_a_turns_size_and_seconds_are_told_once_each(counted: Counted) -> None:
    run(counted.writer, *(submission(f"s{n}", n) for n in range(5)))
    run(counted.writer, submission("t", 1))
    assert counted["turn_items_count"] == 2
    assert counted["turn_items_sum"] == 6
    assert counted["turn_seconds_count"] == counted["commit_seconds_count"] == 2
    turn_s, commit_s = counted["turn_seconds_sum"], counted["commit_seconds_sum"]
    assert turn_s is not None
    assert commit_s is not None
    assert 0 < commit_s < turn_s
