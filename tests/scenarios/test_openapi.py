"""What each service's OpenAPI document promises holds, whatever schemathesis makes of it.

Every operation is called with data that fits and with data that does not, as somebody who may
use it and on the story's case, so that the calls get past the door. Nothing may answer with a
server error, and every refusal is a problem as documented.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import negative_data_rejection

from infra.clockwork import advance, drained
from infra.demo import STANDARDS
from infra.demo.office import COUNTY, TOWNSHIP, Official
from infra.embedded import Embedded
from infra.operators import Operator, System
from infra.serving import bind, port_of
from shared.access.roles import Role
from shared.settings import SERVICES, Settings
from shared.web.problems import MEDIA_TYPE
from tests.care.kept import keep
from tests.lived import Listening, Place

EXAMPLES: Final = 6
HOME: Final = "350000000000"
Operation = APIOperation[Any, Any, Any, Any]

LEFT_OUT: Final = frozenset({"POST /ops/clock"})
"""Would take the whole system to any year there is."""

CONFIG: Final[dict[str, Any]] = {
    "checks": {
        # A command without If-Match is answered with 428.
        "missing_required_header": {"expected-statuses": ["4xx"]},
        # What fits the schema may still be out of turn, about nobody, or against a rule.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "4xx"]},
        # A stale version, which any number is, is told before the body is looked at.
        "negative_data_rejection": {"expected-statuses": ["4xx"]},
    }
}


@dataclass(frozen=True)
class Served:
    """The system behind a socket, after the story: tokens by role and division."""

    base: str
    place: Place
    loop: asyncio.AbstractEventLoop

    def token(self, role: Role, division: str) -> str:
        """A token of the role for a division."""
        level = "province" if division == HOME else "county"
        who = Official(f"{role} of {division}", role, division, level)
        asked = asyncio.run_coroutine_threadsafe(self.place.house.token(who), self.loop)
        return asked.result(30)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The embedded system, served by a thread of its own; the story was lived in it."""
    bound = bind("127.0.0.1", 0)
    base = f"http://127.0.0.1:{port_of(bound)}"
    given_settings = Settings(
        data_dir=tmp_path_factory.mktemp("openapi"),
        clock="hand",
        policy_dirs=(STANDARDS,),
        port=port_of(bound),
        poll_ms=25,
        gateway_poll_ms=50,
        duties_poll_ms=100,
    )
    started: list[tuple[uvicorn.Server, Place, asyncio.AbstractEventLoop]] = []
    ready = threading.Event()

    async def serve() -> None:
        embedded = Embedded(given_settings, port_of(bound))
        config = uvicorn.Config(embedded.app, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([bound]))
        async with (
            httpx.AsyncClient(trust_env=False, timeout=30.0) as client,
            Operator(system(base)) as operator,
        ):
            place = place_of(base, client, operator)
            await place.live()
            # Its programme is none of care's: here it has a file all the same, to be asked about.
            await keep(embedded.services["care"], UUID(place.case_id), TOWNSHIP)
            started.append((server, place, asyncio.get_running_loop()))
            ready.set()
            await serving

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(120), "the system did not come up"
    server, place, loop = started[0]
    yield Served(base, place, loop)
    server.should_exit = True
    thread.join(30)
    assert not thread.is_alive()


def system(base: str) -> System:
    return System({name: f"{base}/{name}" for name in SERVICES}, f"{base}/issuer", "a test")


def place_of(base: str, client: httpx.AsyncClient, operator: Operator) -> Place:
    """The served system as a place to live the story in."""
    sandboxes = {name: f"{base}/sandbox/{name}" for name in ("departments", "bank")}

    async def move(to: date) -> None:
        await advance(operator, to)

    async def settle() -> None:
        await drained(operator)

    return Place(Listening(system(base), sandboxes, client, 30.0), move, settle, Path())


def operations(served: Served, service: str) -> list[Operation]:
    """Every operation of a service's document."""
    url = f"{served.base}/{service}/openapi.json"
    schema = schemathesis.openapi.from_url(url, config=schemathesis.Config.from_dict(CONFIG))
    found = list(schema.get_all_operations())
    assert all(isinstance(operation, Ok) for operation in found)
    return [operation.ok() for operation in found if isinstance(operation, Ok)]


@pytest.mark.parametrize("service", SERVICES)
def test_no_operation_breaks_its_promise(served: Served, service: str) -> None:
    found = [op for op in operations(served, service) if op.label not in LEFT_OUT]
    assert len(found) > 10
    for operation in found:
        fuzz(served, operation)


def fuzz(served: Served, operation: Operation) -> None:
    """Call one operation with what fits and what does not; both on the story's case too."""
    headers = {"Authorization": f"Bearer {token_for(served, operation)}"}
    known = named(served, operation)
    cases = st.one_of(
        operation.as_strategy(GenerationMode.POSITIVE, path_parameters=known or None),
        operation.as_strategy(GenerationMode.POSITIVE),
        operation.as_strategy(GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def call(case: Case[Any]) -> None:
        assume("%0A" not in case.formatted_path)  # no server routes a line feed
        # Waiting for a position that never comes ends in 503, as it should.
        case.query.pop("wait_for", None)
        at_home(case.body)
        response = case.call(headers=headers, timeout=30)
        excluded: list[Any] = [] if is_wrong_where_it_counts(case) else [negative_data_rejection]
        case.validate_response(response, excluded_checks=excluded)
        if response.status_code >= 400:
            assert_problem(response.headers.get("content-type"), response.json())

    call()


def at_home(body: Any) -> None:
    """Have a body that names a division name ours, so that it gets past the door."""
    for name in ("division", "region") if isinstance(body, dict) else ():
        if re.fullmatch("[0-9]{12}", str(body.get(name))):
            body[name] = TOWNSHIP


def is_wrong_where_it_counts(case: Case[Any]) -> bool:
    """Whether path or body break the schema: our token is there, unknown queries are ignored."""
    parts = case.meta.components if case.meta else {}
    looked_at = (ParameterLocation.PATH, ParameterLocation.BODY)
    return any(parts[p].mode is GenerationMode.NEGATIVE for p in looked_at if p in parts)


def token_for(served: Served, operation: Operation) -> str:
    """The token of somebody who may."""
    access = operation.definition.raw.get("x-doudi-access")
    if access is None:
        return served.token(Role.AUDITOR, HOME)
    roles = sorted(set(access["roles"]) - {Role.SERVICE.value}) or [Role.AUDITOR.value]
    home = access["jurisdiction"] == "home"
    return served.token(Role(roles[0]), HOME if home else COUNTY)


def named(served: Served, operation: Operation) -> dict[str, Any]:
    """The path's parameters for the story's case, as far as they are known."""
    values = {
        "case_id": served.place.case_id,
        "programme": "dibao",
        "division": TOWNSHIP,
        "month": "2020-05",
        "round": "first",
    }
    names = {parameter.name for parameter in operation.path_parameters}
    return {name: value for name, value in values.items() if name in names}


def assert_problem(media_type: list[str] | None, problem: dict[str, Any]) -> None:
    """RFC 9457, with a stable type, a title in both languages, and an instance to ask about."""
    assert media_type == [MEDIA_TYPE]
    assert problem["type"] == f"urn:doudi:problem:{problem['code']}"
    assert " / " in problem["title"]
    assert problem["instance"].startswith("urn:doudi:trace:")
