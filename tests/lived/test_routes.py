"""Every route of every service, as a neighbour county and as the own county see it.

The routes are enumerated from the running system, so that a new one is tested or fails here: for
its path's parameters and its body there must be a value that names the story's case. A neighbour
is shown nothing of the case and changes nothing; the own county is shown something.
"""

from __future__ import annotations

from typing import Final

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import COUNTY, TOWNSHIP
from infra.demo.people import HOUSEHOLD, PLANTED
from shared.access.routes import (
    OPEN_PATHS,
    PROGRESS_PATH,
    PUBLIC_PATHS,
    WITHOUT_TOKEN,
    policies,
)
from shared.kernel.event import read
from tests.lived import Place
from tests.lived.routes.asking import (
    HOME,
    Known,
    Route,
    applications,
    ask,
    official,
    path_of,
    purposes,
    routes,
    shown,
    strings_of,
)
from tests.lived.routes.known import gathered

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEIGHBOUR: Final = "350925000000"
RECORDED_READS: Final = frozenset({"person-looked-up", "persons-consulted", "notes-read"})
"""What a question leaves in the record, whoever asks it."""

ABOUT_THE_SERVICE: Final = frozenset(
    {
        "/metrics",
        "/ops/clock",
        "/ops/status",
        "/ops/backlog",
        "/ops/commands/{command_id}",
        "/ops/views",
        "/ops/views/{view}",
        "/ops/log/marks",
        "/ops/proofs",
        "/screenings/{county}/{year}",
        "/screening-ledger",
    }
)
"""Routes that hold nothing of any case or person."""


NAMELESS: Final = frozenset({"/cases/{case_id}/determination/printed"})
"""Routes that show a case with nothing in it but what the caller named."""


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def known(lived_embedded: Place) -> Known:
    return await gathered(lived_embedded)


async def test_every_route_shows_a_neighbour_nothing_and_lets_them_change_nothing(
    lived_embedded: Place, known: Known
) -> None:
    before = lived_embedded.heads()
    asked = 0
    for route in routes(lived_embedded):
        for role in route.roles:
            for purpose in purposes(route):
                who = official(role, NEIGHBOUR)
                answer = await ask(lived_embedded, route, known, who, purpose)
                where = f"{route} as {role} for {purpose}: {answer.status_code} {answer.text}"
                assert not shown(answer, known), where
                if answer.is_success:
                    assert is_open_to_all(answer, route), where
                else:
                    assert answer.status_code in (403, 404), where
                asked += 1
    assert asked > 100
    await lived_embedded.settled()
    written = {
        read(row).type.split(".")[2]
        for name, service in lived_embedded.services.items()
        for row in service.store.read_log(before[name], 100_000)
    }
    assert written <= RECORDED_READS


def is_open_to_all(answer: httpx.Response, route: Route) -> bool:
    """Whether a success says nothing: an empty page, a question without answer, a counter."""
    if route.policy.path == "/metrics":
        return True
    said = answer.json()
    if "items" in said:
        return said["items"] == [] and said["next"] is None
    if "persons" in said or "notes" in said:
        return all(
            one["standing"] == "unknown" and set(one) <= {"person_id", "note_id", "standing"}
            for one in (*said.get("persons", ()), *said.get("notes", ()))
        )
    return bool(said == {"person_id": None})


async def test_every_list_refuses_to_be_narrowed_to_another_county(
    lived_embedded: Place, known: Known
) -> None:
    narrowed = 0
    for route in routes(lived_embedded):
        operation = applications(lived_embedded)[route.service].openapi()["paths"][
            route.policy.path.replace(":path", "")
        ][route.method.lower()]
        names = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"}
        for role in route.roles if "division" in names else ():
            who = official(role, NEIGHBOUR)
            path = f"{path_of(route, known)}?division={TOWNSHIP}"
            answer = await lived_embedded.house.call(who, route.method, route.service, path)
            assert (answer.status_code, answer.json()["code"]) == (403, "division-not-covered")
            narrowed += 1
    assert narrowed > 20


async def test_every_route_shows_its_own_county_something(
    lived_embedded: Place, known: Known
) -> None:
    """Of the case, where it can: by the same measure that finds nothing for a neighbour."""
    for route in routes(lived_embedded):
        if route.method != "GET":
            continue
        for role in route.roles:
            who = official(role, HOME if route.of_operators else COUNTY)
            answer = await ask(lived_embedded, route, known, who)
            assert answer.status_code == 200, f"{route} as {role}: {answer.text}"
            if route.policy.path in NAMELESS:
                assert known.values["case_id"] in answer.text, f"{route} as {role}"
            elif route.policy.path not in ABOUT_THE_SERVICE:
                assert shown(answer, known), f"{route} as {role}: {answer.text}"


async def test_every_command_reaches_the_rules_for_its_own_county(
    lived_embedded: Place, known: Known
) -> None:
    """It may be refused as out of turn, never as somebody else's."""
    for route in routes(lived_embedded):
        if route.method == "GET" or route.policy.path == "/notes":
            continue
        if route.policy.path.endswith(("/redrive", "/discard", "/recover", "/clock", "/rebuild")):
            continue  # they would change what the other tests look at
        division = HOME if route.of_operators else COUNTY
        for role in route.roles:
            answers = [
                await ask(lived_embedded, route, known, official(role, division), purpose)
                for purpose in purposes(route)
            ]
            codes = {answer.json().get("code") for answer in answers}
            assert codes - {"division-not-covered", "role-not-allowed", "not-found"}, (
                f"{route} as {role}: {[answer.text for answer in answers]}"
            )


async def test_whoever_may_read_reads_only_their_own_countys_people(
    lived_embedded: Place, known: Known
) -> None:
    """The same questions that show a neighbour nothing show the own county somebody."""
    found: dict[str, set[str]] = {}
    for route in routes(lived_embedded):
        if route.policy.path not in ("/persons/consultations", "/notes/readings"):
            continue
        for role in route.roles:
            for purpose in purposes(route):
                who = official(role, COUNTY)
                answer = await ask(lived_embedded, route, known, who, purpose)
                if answer.is_success:
                    found.setdefault(route.policy.path, set()).update(strings_of(answer.json()))
    assert HOUSEHOLD[0][0].name in found["/persons/consultations"]
    assert any(PLANTED[0] in text for text in found["/notes/readings"])


async def test_no_route_is_open_but_health_documentation_a_code_and_the_public_board(
    lived_embedded: Place, known: Known
) -> None:
    house = lived_embedded.house
    for service, app in applications(lived_embedded).items():
        enumerated = {p.path.replace(":path", "") for p in policies(app)}
        assert set(app.openapi()["paths"]) <= enumerated | WITHOUT_TOKEN
        for path in OPEN_PATHS:
            url = f"{house.system.services[service]}{path}"
            answer = await house.client.get(url)
            assert answer.status_code == 200
            assert not {secret for secret in known.secrets if secret in answer.text}
    url = f"{house.system.services['intake']}{PROGRESS_PATH}"
    answer = await house.client.post(url, json={"code": known.values["case_id"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "progress-unknown")
    for path in PUBLIC_PATHS:
        for about in ("publicity", "recipients"):
            asked = {"division": TOWNSHIP, "about": about}
            url = f"{house.system.services['decision']}{path}"
            answer = await house.client.get(url, params=asked)
            assert answer.status_code == 200
            assert not {secret for secret in known.secrets if secret in answer.text}
    for route in routes(lived_embedded):
        url = f"{house.system.services[route.service]}{path_of(route, known)}"
        answer = await house.client.request(route.method, url)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-missing")
