"""A data folder and the two clocks: which run goes on, and what the other is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from infra.demo.people import APPLICANT, HUSBAND
from shared.clock import WallClock, encode_hand, instant_of, legal_date
from shared.kernel.sqlite import SqliteStore
from shared.kernel.store import AnnexRow
from tests.cli.conftest import Served, register, registering


def reason_of(served: Served) -> str:
    """What ``/readyz`` of intake says."""
    answer = httpx.get(f"{served.address}/intake/readyz", trust_env=False)
    return answer.text if answer.status_code == 503 else ""


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Served]:
    """A run on the wall clock, in which somebody was registered."""
    served = Served(tmp_path, hand_clock=False)
    assert served.until("status").returncode == 0
    register(served, APPLICANT)
    yield served
    assert served.end() == 0


@pytest.fixture
def by_hand(tmp_path: Path) -> Iterator[Served]:
    """A fresh run on a hand clock."""
    served = Served(tmp_path)
    assert served.until("status").returncode == 0
    yield served
    assert served.end() == 0


def yesterday() -> date:
    return legal_date(WallClock().now()) - timedelta(days=1)


def test_a_wall_clock_is_not_moved(lived: Served):
    refused = lived.doudi("clock", "advance", "--to", "2099-04-02")
    assert refused.returncode == 1
    assert "started with the wall clock" in refused.stderr
    assert "`doudi serve --hand-clock` and a fresh DOUDI_DATA_DIR" in refused.stderr
    past = lived.doudi("clock", "advance", "--to", "2020-04-02")
    assert "started with the wall clock" in past.stderr


def test_a_hand_clock_behind_the_log_is_found_out_at_the_start(lived: Served):
    assert lived.end() == 0
    lived.start()
    told = lived.doudi("status")
    while "not-checked-yet" in told.stdout:
        told = lived.doudi("status")
    assert told.returncode == 1
    assert re.search(r"intake .*REFUSED \(clock-astray\)", told.stdout), told.stdout
    assert "clock-astray" in reason_of(lived)
    assert lived.end() == 0
    assert lived.said.count("clock-astray") == 1, lived.said
    assert "intake takes no commands: clock-astray: the log ends at" in lived.said
    assert re.search(
        r"the log ends at 20[\d:T+-]+, and the hand clock shows 2020-04-01", lived.said
    )
    advised = re.search(r"DOUDI_HAND_CLOCK_START=([\d-]+), or", lived.said)
    assert advised is not None, lived.said

    lived.start(DOUDI_HAND_CLOCK_START=advised[1])
    assert lived.until("status").returncode == 0
    register(lived, HUSBAND)


def test_a_clock_that_was_moved_past_the_log_is_taken_up_while_it_runs(lived: Served):
    assert lived.end() == 0
    start = yesterday()
    lived.start(DOUDI_HAND_CLOCK_START=str(start))
    assert lived.doudi("status").returncode == 1
    later = start + timedelta(days=3)
    assert lived.doudi("clock", "advance", "--to", str(later)).returncode == 0
    assert lived.until("status").returncode == 0
    register(lived, HUSBAND)


def test_a_clock_that_fell_behind_while_it_ran_is_taken_up_without_a_command(by_hand: Served):
    to = ("clock", "advance", "--to", "2020-04-03")
    assert by_hand.doudi(*to).returncode == 0
    register(by_hand, APPLICANT)
    store = SqliteStore(by_hand.folder / "data" / "intake.db")
    store.annex_put([AnnexRow("clock", "hand", encode_hand(instant_of(date(2020, 4, 2))))])
    store.close()
    assert registering(by_hand, HUSBAND).status_code == 503
    assert re.search(r"intake .*REFUSED \(clock-astray\)", by_hand.doudi("status").stdout)
    moved = by_hand.doudi(*to)
    assert moved.returncode == 0, moved.stderr
    assert by_hand.until("status").returncode == 0
    register(by_hand, HUSBAND)
