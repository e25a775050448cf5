"""``doudi status``: what it shows of a running system, once and again and again."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess

from rich.console import Console

from infra.cli.status import Seen, samples_of, screen
from infra.demo.people import HOUSEHOLD
from infra.observability.picture import PICTURE, plain
from infra.operators import Away
from shared.settings import SERVICES
from tests.cli.conftest import COMMAND, Served, environment, registering

METRICS = """\
# TYPE doudi_look_succeeded gauge
doudi_look_succeeded 1.0
# TYPE doudi_relay_lag_events gauge
doudi_relay_lag_events 12.0
# TYPE doudi_consumer_lag_records gauge
doudi_consumer_lag_records{partition="3",source="intake"} 7.0
doudi_consumer_lag_records{partition="4",source="intake"} 0.0
# TYPE doudi_view_lag_events gauge
doudi_view_lag_events{view="checks"} 5.0
# TYPE doudi_overdue_duties gauge
doudi_overdue_duties{kind="survey-missed"} 2.0
# TYPE doudi_parked_records gauge
doudi_parked_records 6.0
# TYPE doudi_parked_keys gauge
doudi_parked_keys 4.0
# TYPE doudi_commands_total counter
doudi_commands_total{outcome="recorded"} 40.0
doudi_commands_total{outcome="refused"} 3.0
# TYPE doudi_refusals_total counter
doudi_refusals_total{code="same-hands"} 3.0
# TYPE doudi_turn_items histogram
doudi_turn_items_count 10.0
doudi_turn_items_sum 45.0
# TYPE doudi_commit_seconds histogram
doudi_commit_seconds_count 10.0
doudi_commit_seconds_sum 0.025
"""


def seen(at: float = 0.0, position: int = 100, metrics: str = METRICS) -> Seen:
    state = {
        "service": "verification",
        "store": "PostgreSQL 18.4",
        "bus": "Apache Kafka 4.3",
        "views": "MongoDB 8.0",
        "position": position,
        "taking_commands": True,
        "trouble": None,
        "queued": 8,
        "waiting": {"own-log": 9, "agenda": 0, "relay": 12},
    }
    return Seen(at, state, "2020-04-07 09:00", samples_of(metrics))


def shown(*arguments: object) -> str:
    console = Console(width=180, record=True, file=open(os.devnull, "w"))  # noqa: SIM115
    with console.file:
        console.print(screen(*arguments))  # type: ignore[arg-type]
        return console.export_text()


def row(text: str, first: str) -> list[str]:
    """The cells of the first row that begins so."""
    (line, *_) = [line for line in text.splitlines() if re.match(rf"│ {first}\b", line)]
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_what_waits_is_told_by_service_and_in_detail() -> None:
    told = shown({"verification": seen()})
    cells = row(told, "verification")
    assert cells[:6] == ["verification", "2020-04-07 09:00", "taken", "100", "-", "8"]
    assert cells[6:] == ["12", "7", "5", "2", "6 of 4 cases"]
    for detail in (
        r"records of intake, partition 3 +│ +7",
        r"events for view checks +│ +5",
        r"overdue: survey-missed +│ +2",
        r"events of the own log that lead to something +│ +9",
    ):
        assert re.search(detail, told), detail
    assert "partition 4" not in told
    assert "same-hands 3" in told
    assert re.search(r"│ +40 │.*│ +4\.5 │ +2\.5 │", told)


def test_what_could_not_be_looked_up_is_not_shown_as_nothing() -> None:
    unknown = METRICS.replace("succeeded 1.0", "succeeded 0.0")
    assert row(shown({"verification": seen(metrics=unknown)}), "verification")[6:] == ["?"] * 5


def test_a_speed_is_told_between_two_looks() -> None:
    before, after = seen(at=10.0, position=100), seen(at=14.0, position=150)
    assert (
        row(shown({"verification": after}, {"verification": before}), "verification")[4] == "12.5"
    )
    away = Away("nothing answers")
    assert row(shown({"verification": after}, {"verification": away}), "verification")[4] == "-"


def test_it_shows_what_a_running_system_counts(served: Served) -> None:
    registering(served, HOUSEHOLD[0][0])
    told = served.until("status").stdout
    services, _, commands = told.partition("Commands of these processes")
    for service in SERVICES:
        assert row(services, service)[2] == "taken"
    recorded = row(commands, "intake")[1]
    assert int(recorded) >= 1


def test_watching_shows_one_look_after_the_other_until_it_is_ended(served: Served) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "status", "--watch", "--every", "0.2"],
        cwd=served.folder,
        env=environment(COLUMNS="160", TERM="xterm", LINES="60"),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.STDOUT,
        # Who was started in the background passes on that the signal is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    os.close(theirs)
    told = b""
    while told.count(b"events/s") < 3:
        more = os.read(ours, 65_536)
        assert more, told.decode()
        told += more
    process.send_signal(signal.SIGINT)
    # What it still says is heard, so that it does not wait for us.
    try:
        while os.read(ours, 65_536):
            pass
    except OSError:  # the other end is closed: it has ended
        pass
    assert process.wait(timeout=30) == 0
    os.close(ours)


def test_the_guides_picture_shows_every_service_and_loads_nothing() -> None:
    picture = PICTURE.read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", "", picture).replace("&#160;", " ")
    for service in SERVICES:
        assert service in text
    assert "url(http" not in picture
    assert plain(picture) == picture
    assert "status.svg" in PICTURE.with_name("guide.md").read_text(encoding="utf-8")
