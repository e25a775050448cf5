"""``doudi serve``: started, found, killed, started again."""

from __future__ import annotations

import shlex
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from shared.settings import SERVICES
from tests.cli.conftest import Served, doudi


def test_it_says_where_it_is_and_its_page_leads_on(served: Served):
    page = httpx.get(served.address, trust_env=False)
    assert page.status_code == 200
    for service in SERVICES:
        assert f'href="/{service}/docs"' in page.text
        assert httpx.get(f"{served.address}/{service}/docs", trust_env=False).status_code == 200
        assert httpx.get(f"{served.address}/{service}/livez", trust_env=False).status_code == 200
    assert "doudi token" in served.said


def test_the_folder_has_one_owner(served: Served):
    second = doudi("serve", cwd=served.folder, env={"PORT": "0"})
    assert second.returncode == 1
    assert "another process owns data; stop it first" in second.stderr


def test_a_taken_port_is_a_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = doudi("serve", "--port", str(port), cwd=tmp_path)
    assert refused.returncode == 1
    assert "choose another port" in refused.stderr


def test_killed_at_once_it_goes_on_where_it_was(tmp_path: Path):
    served = Served(tmp_path)
    assert served.until("status").returncode == 0
    moved = served.doudi("clock", "advance", "--to", "2020-04-06")
    assert f"The clock stands at 2020-04-06 in {len(SERVICES)} services." in moved.stdout
    assert served.end(signal.SIGKILL) == -signal.SIGKILL

    away = served.doudi("status")
    assert away.returncode == 1
    assert "start it with `doudi serve`" in away.stderr

    served.start()
    assert served.until("status").returncode == 0
    assert served.doudi("clock", "show").stdout.count("2020-04-06 09:00:00") == len(SERVICES)
    assert served.doudi("log", "verify").stdout.count("sound") == len(SERVICES)
    assert served.end(signal.SIGINT) == 0


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"DOUDI_PROT": "80"}, "DOUDI_PROT is no setting; is DOUDI_PORT meant?"),
        ({"DOUDI_HOST": "192.0.2.1"}, "DOUDI_HOST is not a loopback address"),
        ({"DOUDI_MODE": "distributed"}, "DOUDI_KAFKA_BOOTSTRAP is needed by the distributed run"),
    ],
)
def test_wrong_settings_are_a_sentence(tmp_path: Path, settings: dict[str, str], sentence: str):
    refused = doudi("serve", cwd=tmp_path, env=settings)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_one_service_alone_belongs_to_the_distributed_run(tmp_path: Path):
    refused = doudi("run", "payment", "api", cwd=tmp_path, env={"DOUDI_PORT": "0"})
    assert refused.returncode == 1
    assert "set DOUDI_MODE=distributed" in refused.stderr
    unknown = doudi("run", "caring", "api", cwd=tmp_path)
    assert unknown.returncode == 2
    assert "intake, verification, decision, payment" in unknown.stderr


def test_the_token_line_names_a_data_folder_of_ones_own(tmp_path: Path):
    served = Served(tmp_path, DOUDI_DATA_DIR="other data")
    line = next(line for line in served.said.splitlines() if "Token:" in line)
    setting, *command = shlex.split(line.partition("Token: ")[2])
    name, _, folder = setting.partition("=")
    assert (name, Path(folder)) == ("DOUDI_DATA_DIR", tmp_path / "other data")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    given = doudi(*command[1:], cwd=elsewhere, env={name: folder})
    assert "Authorization: Bearer" in given.stdout, given.stderr
    assert served.end() == 0


def test_the_token_line_needs_no_name_for_the_default_folder(served: Served):
    assert "DOUDI_DATA_DIR" not in served.said


def test_from_another_folder_it_says_where_it_looked(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    lost = doudi("status", cwd=tmp_path, env={"DOUDI_PORT": str(port)})
    assert lost.returncode == 1
    assert lost.stderr.count(f"no embedded run is recorded in {tmp_path / 'data'}.") == 1
    assert "in the folder of `doudi serve` or with its DOUDI_DATA_DIR" in lost.stderr


def test_another_server_at_the_usual_port_is_not_taken_for_ours(tmp_path: Path):
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        lost = doudi("status", cwd=tmp_path, env={"DOUDI_PORT": str(other.server_port)})
        thread.join()
    assert lost.returncode == 1
    assert "gives no tokens (HTTP 501)" in lost.stderr
    assert f"no embedded run is recorded in {tmp_path / 'data'}." in lost.stderr
