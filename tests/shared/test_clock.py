"""The clocks, and the legal date."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shared.clock import (
    SHANGHAI,
    Clock,
    ClockError,
    HandClock,
    WallClock,
    decode_hand,
    encode_hand,
    instant_of,
    legal_date,
)

ROOT = Path(__file__).parents[2]


def test_the_wall_clock_tells_utc_and_does_not_stand_still():
    clock: Clock = WallClock()
    first = clock.now()
    assert first.utcoffset() == timedelta(0)
    assert first <= clock.now()


def test_a_hand_clock_stands_still_until_it_is_set():
    clock = HandClock(instant_of(date(2020, 4, 1)))
    assert clock.now() == clock.now() == datetime(2020, 4, 1, 1, tzinfo=UTC)
    clock.set_to(instant_of(date(2020, 4, 2)))
    assert legal_date(clock.now()) == date(2020, 4, 2)


def test_a_hand_clock_takes_the_same_moment_but_none_before_it():
    clock = HandClock(instant_of(date(2020, 4, 2)))
    clock.set_to(instant_of(date(2020, 4, 2)))
    with pytest.raises(ClockError, match="moves only forward; 2020-04-01T01:00:00"):
        clock.set_to(instant_of(date(2020, 4, 1)))
    assert clock.now() == instant_of(date(2020, 4, 2))


def test_a_hand_clock_keeps_utc_whatever_zone_it_is_set_in():
    clock = HandClock(datetime(2020, 4, 1, 9, tzinfo=SHANGHAI))
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2020, 3, 31, 15, 59, tzinfo=UTC), date(2020, 3, 31)),
        (datetime(2020, 3, 31, 16, 0, tzinfo=UTC), date(2020, 4, 1)),
        (datetime(2020, 3, 31, 23, 59, tzinfo=UTC), date(2020, 4, 1)),
    ],
)
def test_the_legal_date_is_shanghais(moment: datetime, day: date):
    assert legal_date(moment) == day


def test_instant_of_and_legal_date_undo_each_other_at_both_ends_of_a_day():
    day = date(2020, 2, 29)
    assert legal_date(instant_of(day, 0)) == day
    assert legal_date(instant_of(day, 23, 59)) == day


def test_a_moment_without_a_zone_is_refused_everywhere():
    naive = datetime(2020, 4, 1)  # noqa: DTZ001 - the case under test
    for reader in (legal_date, encode_hand, HandClock, HandClock(WallClock().now()).set_to):
        with pytest.raises(ClockError, match="needs a zone"):
            reader(naive)


def test_the_hand_clocks_row_reads_back_to_the_microsecond():
    moment = datetime(2020, 4, 1, 1, 2, 3, 456789, tzinfo=UTC)
    assert decode_hand(encode_hand(moment)) == moment


@pytest.mark.parametrize("row", [b"", b"yesterday", b"2020-04-01T01:00:00", b"\xff"])
def test_a_row_that_is_no_moment_is_refused(row: bytes):
    with pytest.raises(ClockError):
        decode_hand(row)


def wall_clock_readers(path: Path) -> list[str]:
    """Calls of the wall clock in a source file, as ``file:line name``."""
    reads = {
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("datetime", "today"),
        ("date", "today"),
        ("time", "time"),
        ("time", "time_ns"),
    }
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        if (name, node.func.attr) in reads:
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}.{node.func.attr}")
    return found


def test_nothing_but_the_clock_reads_the_wall_clock():
    sources = [p for room in ("shared", "services") for p in (ROOT / room).rglob("*.py")]
    assert wall_clock_readers(ROOT / "shared/clock.py"), "the search finds the one reader"
    readers = [r for p in sources if p.name != "clock.py" for r in wall_clock_readers(p)]
    assert readers == []
