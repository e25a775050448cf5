"""What an operator does when something is wrong: parked records, a restored database."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from infra.demo.people import APPLICANT, HUSBAND
from shared.bus.local import LocalBus
from tests.cli.conftest import Served, register


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    """One of the test's own, which it may end and start."""
    served = Served(tmp_path)
    assert served.until("status").returncode == 0
    yield served
    assert served.end() == 0


def test_a_parked_record_is_listed_inspected_and_given_up(fresh: Served):
    assert fresh.end() == 0
    case_id = uuid4()
    bus = LocalBus(fresh.folder / "data" / "bus.db")
    producer = bus.producer()
    kind = b"doudi.intake.application-accepted.v99"
    producer.send("doudi.fj.intake", str(case_id).encode(), b"{}", (("type", kind),))
    producer.flush(10)
    bus.close()
    fresh.start()
    assert fresh.until("status").returncode == 0
    assert fresh.doudi("clock", "advance", "--to", "2020-04-01").returncode == 0

    listed = fresh.doudi("parked", "list")
    found = re.search(rf"(\w+) +│ (\S+) +│ {case_id} +│ +(\d+)", listed.stdout)
    assert found is not None, listed.stdout
    place = (found[1], found[2], str(case_id), found[3])
    assert found[1] in ("verification", "decision")
    inspected = fresh.doudi("parked", "inspect", *place)
    assert re.search(r"applicable +│ False", inspected.stdout)
    assert re.search(r"size_bytes +│ 2 ", inspected.stdout)
    again = fresh.doudi("parked", "redrive", *place)
    assert again.returncode == 1
    assert "Traceback" not in again.stderr
    # Oversight, which copies everything, has parked it by its coordinates.
    for line in re.findall(r"(\w+) +│ (\S+) +│ (\S+) +│ +(\d+)", listed.stdout):
        given_up = fresh.doudi("parked", "discard", *line, "--reason", "测试记录")
        assert given_up.returncode == 0, given_up.stderr
    assert "Nothing is parked." in fresh.doudi("parked", "list").stdout


def test_a_database_restored_from_an_older_copy_is_brought_level(fresh: Served):
    register(fresh, APPLICANT)
    drained = ("clock", "advance", "--to", "2020-04-02")
    assert fresh.doudi(*drained).returncode == 0
    assert fresh.end() == 0
    log = fresh.folder / "data" / "intake.db"
    older = fresh.folder / "older.db"
    with sqlite3.connect(log) as source, sqlite3.connect(older) as copy:
        source.backup(copy)
    source.close()
    copy.close()

    fresh.start()
    assert fresh.until("status").returncode == 0
    register(fresh, HUSBAND)
    assert fresh.doudi("clock", "advance", "--to", "2020-04-03").returncode == 0
    assert fresh.end() == 0
    for beside in log.parent.glob("intake.db-*"):
        beside.unlink()
    shutil.copy(older, log)

    fresh.start()
    refused = fresh.doudi("status", "intake")
    assert refused.returncode == 1
    assert "REFUSED" in refused.stdout
    verified = fresh.doudi("log", "verify")
    assert verified.returncode == 1
    assert "NOT SOUND" in verified.stdout
    assert "cut" in verified.stdout
    recovered = fresh.doudi("log", "recover", "intake")
    assert recovered.returncode == 0, recovered.stderr
    assert re.search(r"intake: [1-9]\d* events", recovered.stdout)
    assert "what the person registry wrote after" in recovered.stderr
    assert fresh.until("status").returncode == 0
    assert fresh.doudi("log", "verify").returncode == 0
