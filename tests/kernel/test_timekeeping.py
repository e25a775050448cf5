"""The hand clock: a row in the service's database, read in the turn, on every engine."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from shared.clock import ClockError, HandClock, WallClock, instant_of
from shared.kernel.event import read
from shared.kernel.store import Look, Seen
from shared.kernel.submission import ClockAstray
from shared.kernel.timekeeping import CLOCK_TOLERANCE, Timekeeper
from shared.kernel.writer import Writer
from tests.kernel.conftest import Database, setting
from tests.kernel.domain import START, submission
from tests.kernel.rows import look_only
from tests.kernel.running import outcome

WALL = HandClock(START)
HOUR = timedelta(hours=1)


def test_without_a_hand_clock_it_is_the_walls(database: Database) -> None:
    keeper = Timekeeper(database.store(), WALL)
    assert keeper.read() == START
    assert keeper.annex == ()
    with pytest.raises(ClockError, match="cannot be set"):
        keeper.set_to(START + HOUR)


def test_a_hand_clock_stands_still_until_it_is_set(database: Database) -> None:
    keeper = Timekeeper(database.store(), WALL, hand_from=START + HOUR)
    assert keeper.read() == START + HOUR
    keeper.set_to(START + 2 * HOUR)
    assert keeper.read() == START + 2 * HOUR
    with pytest.raises(ClockError, match="only moves forward"):
        keeper.set_to(START + HOUR)
    assert keeper.read() == START + 2 * HOUR


def test_every_process_of_a_service_agrees_on_the_hand_clock(database: Database) -> None:
    keepers = [Timekeeper(database.store(), WALL, hand_from=START) for _ in range(2)]
    keepers[0].set_to(START + HOUR)
    assert keepers[1].read() == START + HOUR


def test_the_legal_date_is_that_of_shanghai(database: Database) -> None:
    late = START.replace(hour=17)
    assert Timekeeper(database.store(), WALL, hand_from=late).today() == date(2020, 5, 19)


def test_a_turn_records_at_the_hand_clocks_moment(database: Database) -> None:
    store = database.store()
    keeper = Timekeeper(store, WALL, hand_from=START)
    writer = Writer(store, setting(), keeper.now, annex=keeper.annex)
    writer.open()
    outcome(writer, submission("a"))
    Timekeeper(database.store(), WALL, hand_from=START).set_to(START + HOUR)
    outcome(writer, submission("a"))
    assert [read(row).recorded_at for row in store.read_log(0, 9)] == [START, START + HOUR]


def test_a_clock_far_from_the_databases_is_not_gone_by(database: Database) -> None:
    keeper = Timekeeper(database.store(), WALL)
    close, far = START - timedelta(seconds=30), START - timedelta(seconds=90)
    assert keeper.now(Seen(engine_now=close)) == START
    with pytest.raises(ClockAstray, match="the database says"):
        keeper.now(Seen(engine_now=far))
    by_hand = Timekeeper(database.store(), WALL, hand_from=START)
    assert by_hand.now(Seen(engine_now=far)) == START


def recorded(database: Database, at: datetime) -> None:
    """Somebody's log that ends at a moment."""
    keeper = Timekeeper(database.store(), HandClock(at))
    writer = Writer(database.store(), setting(), lambda _seen: keeper.read())
    writer.open()
    outcome(writer, submission("a"))


def test_a_log_that_ends_now_or_before_goes_with_the_clock(database: Database) -> None:
    now = WallClock().now()  # a server's own clock is compared too
    keeper = Timekeeper(database.store(), HandClock(now))
    keeper.check_log_end()
    recorded(database, now - HOUR)
    keeper.check_log_end()
    recorded(database, now + CLOCK_TOLERANCE)
    keeper.check_log_end()


def test_a_wall_clock_behind_the_log_is_to_be_set_right(database: Database) -> None:
    now = WallClock().now().replace(microsecond=0)
    ends = now + CLOCK_TOLERANCE + timedelta(seconds=1)
    recorded(database, ends)
    with pytest.raises(ClockAstray) as caught:
        Timekeeper(database.store(), HandClock(now)).check_log_end()
    assert f"the log ends at {ends.isoformat()}" in str(caught.value)
    assert f"the wall clock shows {now.isoformat()}" in str(caught.value)
    assert "set the machine's clock right" in str(caught.value)


def test_a_server_whose_clock_is_another_is_found_out_without_an_event(postgres: Database) -> None:
    with pytest.raises(ClockAstray, match="the database says"):
        Timekeeper(postgres.store(), WALL).check_log_end()


@pytest.mark.parametrize(
    ("ends", "day"),
    [
        (instant_of(date(2020, 6, 1)), date(2020, 6, 1)),
        (instant_of(date(2020, 6, 1), 9, 1), date(2020, 6, 2)),
    ],
)
def test_a_hand_clock_behind_the_log_says_from_which_day_on_it_would_not_be(
    database: Database, ends: datetime, day: date
) -> None:
    recorded(database, ends)
    keeper = Timekeeper(database.store(), WALL, hand_from=START)
    with pytest.raises(ClockAstray, match=f"start with DOUDI_HAND_CLOCK_START={day}, or"):
        keeper.check_log_end()
    Timekeeper(database.store(), WALL, hand_from=instant_of(day)).check_log_end()

    keeper.set_to(START + HOUR)
    with pytest.raises(ClockAstray, match=f"`doudi clock advance --to {day}`, or"):
        keeper.check_log_end()
    keeper.set_to(instant_of(day))
    keeper.check_log_end()


def test_a_server_tells_its_clock_with_every_look(postgres: Database) -> None:
    before = WallClock().now()
    seen = look_only(postgres.store(), Look())
    assert seen.engine_now is not None
    assert abs(seen.engine_now - before) < CLOCK_TOLERANCE
