"""Every released event version stays readable, and every kept history folds as it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.kernel import ParkReason
from shared.contracts.publish import released
from shared.kernel.event import Event, Recorded, digest_of
from shared.kernel.sqlite import SqliteStore
from shared.kernel.writer import Writer
from tests.golden.add import add, main
from tests.golden.histories import (
    History,
    check_chain,
    check_folding,
    check_reading,
    stored,
    types_of,
)
from tests.kernel.conftest import Pointer, setting
from tests.kernel.domain import DOMAIN, EnquiryOpened, purse, record, submission
from tests.kernel.running import arrival, batch, run

HISTORIES = stored()
PURSES = replace(DOMAIN, aggregates={"purse": DOMAIN.aggregates["purse"]})


@pytest.mark.parametrize("history", HISTORIES, ids=str)
def test_a_kept_history_is_sealed_read_and_folded(history: History) -> None:
    check_chain(history.rows)
    check_reading(history.rows)
    check_folding(history.domain(), history.aggregate, history.rows)


def test_every_released_event_version_is_in_a_history() -> None:
    missing = sorted(set(released()) - types_of(HISTORIES))
    assert missing == [], "run python -m tests.golden.add on a database that has them"


def first_of(service: str) -> list[Recorded]:
    return list(next(h.rows for h in HISTORIES if h.service == service and len(h.rows) > 2))


def test_a_changed_byte_a_gap_and_a_swap_are_noticed() -> None:
    rows = first_of("decision")
    changed = rows[1]._replace(document=rows[1].document.replace(b"2", b"3", 1))
    for broken in (
        [rows[0], changed, *rows[2:]],
        [rows[0], *rows[2:]],
        [rows[1], rows[0], *rows[2:]],
        rows[1:],
    ):
        with pytest.raises(AssertionError):
            check_chain(broken)


def _with_data(change: Callable[[dict[str, Any]], object]) -> list[Recorded]:
    """A history whose last event says something else, and is sealed anew."""
    *rows, last = first_of("decision")
    document = json.loads(last.document)
    change(document["data"])
    body = json.dumps(document).encode()
    sealed = last._replace(document=body, digest=digest_of(last.previous_digest, body))
    return [*rows, sealed]


def test_a_field_that_todays_class_has_no_more_is_noticed() -> None:
    rows = _with_data(lambda data: data.update(once_recorded=1))
    check_chain(rows)
    with pytest.raises(AssertionError, match=r"read without document\.data\.once_recorded"):
        check_reading(rows)


def test_a_field_that_todays_class_asks_for_besides_is_noticed() -> None:
    rows = _with_data(lambda data: data.pop(next(iter(data))))
    with pytest.raises(ValueError, match="not a document of"):
        check_reading(rows)


def test_a_fold_that_ignores_its_events_is_noticed() -> None:
    history = next(h for h in HISTORIES if h.service == "decision")
    domain = history.domain()
    aggregate = replace(domain.aggregates[history.aggregate], evolve=lambda state, _event: state)
    deaf = replace(domain, aggregates={aggregate.name: aggregate})
    with pytest.raises(AssertionError, match="ignores its events"):
        check_folding(deaf, history.aggregate, history.rows)


@pytest.fixture
def log(tmp_path: Path) -> SqliteStore:
    """A database of the test service, with two purses and a parked record."""
    store = SqliteStore(tmp_path / "service.db")
    store.create_table()
    writer = Writer(store, setting(), Pointer())
    writer.open()
    run(writer, submission("a"), submission("a"), submission("b"))
    run(writer, submission("a", decide=record(EnquiryOpened(number=1))))
    run(writer, batch(0, arrival(0, "k", unreadable=ParkReason.NO_EVENT)))
    return store


def test_as_few_streams_are_added_as_the_types_need(log: SqliteStore, tmp_path: Path) -> None:
    folder = tmp_path / "histories"
    add("tests", log, PURSES, folder)
    kept = stored(folder)
    assert [str(h) for h in kept] == ["kernel/parking/01", "tests/purse/01", "tests/purse/02"]
    assert types_of(kept) == {row.type for row in log.read_log(0, 100)}
    assert kept[2].rows == tuple(log.read_stream(purse("a").id("fj", "tests")))
    assert add("tests", log, PURSES, folder) == []
    log.close()


def test_a_history_is_never_written_over(log: SqliteStore, tmp_path: Path) -> None:
    rows = tuple(log.read_stream(purse("a").id("fj", "tests")))
    history = History("tests", "purse", "01", rows)
    history.save(tmp_path)
    with pytest.raises(FileExistsError):
        history.save(tmp_path)
    log.close()


def test_a_log_that_does_not_verify_is_not_kept(log: SqliteStore, tmp_path: Path) -> None:
    class Cut(SqliteStore):
        def read_log(self, after: int, limit: int) -> list[Recorded]:
            rows = super().read_log(after, limit)
            return [row for row in rows if row.version != 2]

    log.close()
    cut = Cut(tmp_path / "service.db")
    with pytest.raises(AssertionError, match="says that it is number 3"):
        add("tests", cut, PURSES, tmp_path / "histories")
    cut.close()


def test_a_stream_of_which_the_aggregate_cannot_be_told_is_an_error(
    log: SqliteStore, tmp_path: Path
) -> None:
    """The id of a purse's stream does not tell, and both aggregates fold its events."""
    with pytest.raises(ValueError, match=r"may begin a stream of any of \['purse', 'tally'\]"):
        add("tests", log, DOMAIN, tmp_path / "histories")
    log.close()


def test_the_command_says_when_there_is_no_such_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["decision", str(tmp_path / "none.db")])
    assert "there is no file" in capsys.readouterr().err


def test_events_of_the_tests_are_not_among_the_released() -> None:
    assert issubclass(EnquiryOpened, Event)
    assert EnquiryOpened.type not in released()
