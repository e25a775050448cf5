"""The operator's commands against a running system."""

from __future__ import annotations

import shlex
from uuid import uuid4

import httpx
import jwt
import pytest

from shared.settings import SERVICES
from tests.cli.conftest import Served


def claims_of(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


def test_status_names_every_service_and_the_engines(served: Served):
    told = served.doudi("status")
    assert told.returncode == 0
    for service in SERVICES:
        assert service in told.stdout
    assert told.stdout.count("taken") == len(SERVICES)
    assert "local bus on SQLite" in told.stdout
    one = served.doudi("status", "payment")
    assert "payment" in one.stdout
    assert "intake" not in one.stdout


def test_a_service_that_is_not_there_is_named_with_those_that_are(served: Served):
    refused = served.doudi("status", "casework")
    assert refused.returncode == 2
    assert "there is no service casework" in refused.stderr


def test_a_token_is_of_the_person_asked_for(served: Served):
    actor = uuid4()
    given = served.doudi(
        *("token", "--role", "township_clerk", "--division", "350924100000"),
        *("--actor", str(actor), "--minutes", "5", "--audience", "intake"),
    )
    claims = claims_of(given.stdout.strip())
    assert claims["sub"] == str(actor)
    assert (claims["role"], claims["division"]) == ("township_clerk", "350924100000")
    assert claims["level"] == "township"  # as the table of divisions knows it
    assert claims["aud"] == ["doudi-intake"]
    issued, expires = claims["iat"], claims["exp"]
    assert isinstance(issued, int)
    assert expires == issued + 300


@pytest.mark.parametrize("audience", ["all", *SERVICES])
def test_the_line_with_curl_is_answered(served: Served, audience: str):
    given = served.doudi(
        *("token", "--role", "auditor", "--division", "350000000000"),
        *("--audience", audience, "--curl"),
    )
    curl, header, value, url = shlex.split(given.stdout)
    assert (curl, header) == ("curl", "--header")
    name, _, token = value.partition(": ")
    answer = httpx.get(url, headers={name: token}, trust_env=False)
    assert answer.status_code == 200
    assert answer.json().get("items", []) == []


def test_an_unknown_division_asks_for_its_level(served: Served):
    asked = ("token", "--role", "county_officer", "--division", "999999000000")
    refused = served.doudi(*asked)
    assert refused.returncode == 1
    assert "say --level" in refused.stderr
    assert claims_of(served.doudi(*asked, "--level", "county").stdout.strip())["level"] == "county"


def test_the_topics_of_a_running_system_are_looked_at(served: Served):
    told = served.doudi("topics")
    assert told.returncode == 0
    assert told.stdout.count("as it must be") == len(SERVICES)
    assert "doudi.fj.payment" in told.stdout


def test_the_clock_moves_forward_only(served: Served):
    assert served.doudi("clock", "advance", "--to", "2020-04-08").returncode == 0
    assert served.doudi("clock", "advance", "--to", "2020-04-08").returncode == 0
    back = served.doudi("clock", "advance", "--to", "2020-04-07")
    assert back.returncode == 1
    assert "only moves forward" in back.stderr
    malformed = served.doudi("clock", "advance", "--to", "8 April")
    assert malformed.returncode == 2


def test_nothing_is_parked(served: Served):
    assert "Nothing is parked." in served.doudi("parked", "list").stdout
    missing = served.doudi("parked", "inspect", "payment", "payment", str(uuid4()), "1")
    assert missing.returncode == 1
    assert "Not found" in missing.stderr


def test_a_sound_log_needs_no_recovery(served: Served):
    refused = served.doudi("log", "recover", "intake")
    assert refused.returncode == 1
    assert "The log agrees with its topic" in refused.stderr


def test_an_env_file_is_read_and_its_faults_are_told(served: Served):
    file = served.folder / "more.env"
    file.write_text("# where\nexport DOUDI_PORT='1'\n")
    away = served.doudi("--env-file", str(file), "--help")
    assert away.returncode == 0
    file.write_text("DOUDI_PORT\n")
    refused = served.doudi("--env-file", str(file), "status")
    assert refused.returncode == 1
    assert "line 1: not NAME=value" in refused.stderr
    missing = served.doudi("--stack", "status")
    assert missing.returncode == 1
    assert "is `make stack` running here?" in missing.stderr


def test_a_token_of_ones_own_is_sent(served: Served):
    token = served.folder / "token"
    token.write_text("no token at all")
    file = served.folder / "own.env"
    file.write_text(f"DOUDI_OPERATOR_TOKEN_FILE={token}\n")
    refused = served.doudi("--env-file", str(file), "clock", "show")
    assert refused.returncode == 1
    assert "The token is not valid" in refused.stderr
