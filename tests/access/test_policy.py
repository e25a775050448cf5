from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from starlette.applications import Starlette

from shared.access.caller import Caller
from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.access.routes import UnsafeRoute, policies, require_policies
from shared.regions import Jurisdiction
from shared.web.idempotency import Idempotent
from tests.web.sample import CASE, FUJIAN, GULOU, TAIJIANG, TOWNSHIP, House, actor

CLERK = Annotated[Grant, Depends(Access({Role.TOWNSHIP_CLERK}, "none"))]
OF_CASE = Annotated[Grant, Depends(Access({Role.TOWNSHIP_CLERK}, "case"))]


async def get(house: House, path: str, **who: Any) -> httpx.Response:
    async with house.client(**house.token(**who)) as http:
        return await http.get(path)


async def test_nothing_is_open_without_a_token_but_health_and_documentation() -> None:
    house = House()
    async with house.client() as http:
        for path in ("/livez", "/readyz", "/docs", "/openapi.json"):
            assert (await http.get(path)).status_code == 200
        for path in ("/metrics", "/cases", f"/cases/{CASE}", "/nothing-here", "/docs/", "//livez"):
            answer = await http.get(path)
            assert answer.status_code == 401, path
            assert answer.json()["code"] == "token-missing"
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "HEAD"):
            answer = await http.request(method, f"/cases/{CASE}/approval")
            assert answer.status_code == 401


async def test_a_token_is_asked_for_before_the_body_is_looked_at() -> None:
    async with House().client() as http:
        answer = await http.post(f"/cases/{CASE}/approval", content=b"{" * 1000)
    assert answer.status_code == 401


async def test_a_wrong_role_is_told_which_roles_may() -> None:
    answer = await get(House(), f"/cases/{CASE}", role=Role.PAYMENT_PREPARER)
    assert answer.status_code == 403
    assert answer.json()["code"] == "role-not-allowed"
    assert answer.json()["allowed"] == ["auditor", "county_officer", "township_clerk"]


async def test_the_own_county_sees_the_case_and_the_neighbour_sees_nothing() -> None:
    house = House()
    for where in (TOWNSHIP, GULOU, FUJIAN):
        answer = await get(house, f"/cases/{CASE}", role=Role.COUNTY_OFFICER, jurisdiction=where)
        assert answer.json() == {"case_id": str(CASE)}
        answer = await get(house, "/cases", role=Role.COUNTY_OFFICER, jurisdiction=where)
        assert answer.json()["items"] == [str(CASE)]
    answer = await get(house, f"/cases/{CASE}", role=Role.COUNTY_OFFICER, jurisdiction=TAIJIANG)
    assert answer.status_code == 403
    assert answer.json()["code"] == "division-not-covered"
    assert answer.json()["jurisdiction"] == TAIJIANG.code
    assert "350102" not in answer.text  # not even where the case is handled
    answer = await get(house, "/cases", role=Role.COUNTY_OFFICER, jurisdiction=TAIJIANG)
    assert answer.json()["items"] == []


async def test_a_list_can_be_narrowed_but_never_widened() -> None:
    house = House()
    path = "/cases?division="
    who: dict[str, Any] = {"role": Role.COUNTY_OFFICER, "jurisdiction": GULOU}
    assert (await get(house, path + "350102001000", **who)).json()["items"] == [str(CASE)]
    assert (await get(house, path + "350102002000", **who)).json()["items"] == []
    assert (await get(house, path + "350103001000", **who)).status_code == 403
    assert (await get(house, path + "350102001001", **who)).status_code == 422
    assert (await get(house, path + "350", **who)).status_code == 422


async def test_a_narrower_caller_cannot_ask_for_the_level_above() -> None:
    grant = Grant(_caller(TOWNSHIP), Access({Role.TOWNSHIP_CLERK}, "own"))
    with pytest.raises(Exception, match="division-not-covered"):
        grant.narrowed(GULOU.code, GULOU.level)
    assert not grant.checked


def _caller(jurisdiction: Jurisdiction) -> Caller:
    return Caller(actor("x"), Role.TOWNSHIP_CLERK, jurisdiction)


async def test_a_service_needs_a_purpose_that_the_route_names() -> None:
    house = House()
    for purpose, status in (("means-check", 200), ("curiosity", 403)):
        token = house.issuer.mint_service("verification", "intake", purpose)
        async with house.client(Authorization=f"Bearer {token}") as http:
            answer = await http.post("/cases/look-up", json={"id_number": "1"})
        assert answer.status_code == status
    assert answer.json()["code"] == "purpose-not-allowed"
    assert answer.json()["allowed"] == ["means-check"]
    assert "curiosity" not in answer.text


async def test_metrics_are_for_operators_and_the_monitoring_service() -> None:
    house = House()
    assert (await get(house, "/metrics", role=Role.TOWNSHIP_CLERK)).status_code == 403
    answer = await get(house, "/metrics", role=Role.OPERATOR)
    assert answer.status_code == 200
    assert (
        'doudi_http_requests_total{method="GET",route="/metrics",status="403"} 1.0' in answer.text
    )


async def test_a_handler_that_forgets_the_jurisdiction_shows_nothing() -> None:
    router = APIRouter()

    @router.get("/forgetful")
    async def forgetful(grant: OF_CASE) -> dict[str, str]:
        return {"name": "something of a case"}

    @router.get("/decides-later")
    async def decides_later(grant: OF_CASE) -> dict[str, str]:
        return {"division": grant.in_decision().code}

    house = House(router)
    answer = await get(house, "/forgetful", role=Role.TOWNSHIP_CLERK)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "something" not in answer.text
    assert (await get(house, "/decides-later", role=Role.TOWNSHIP_CLERK)).status_code == 200


async def test_a_route_added_later_without_a_policy_is_closed_and_stops_the_start() -> None:
    house = House()

    @house.app.get("/late")
    async def late() -> dict[str, str]:
        return {"leaks": "everything"}

    answer = await get(house, "/late")
    assert answer.status_code == 500
    assert "everything" not in answer.text
    with pytest.raises(UnsafeRoute, match="GET /late"):
        async with house.app.router.lifespan_context(house.app):
            pass


def test_routes_are_enumerated_with_their_policies() -> None:
    found = {(*sorted(p.methods), p.path): p for p in policies(House().app)}
    assert set(found) == {
        ("GET", "/metrics"),
        ("POST", "/cases/{case_id}/approval"),
        ("GET", "/cases"),
        ("GET", "/cases/{case_id}"),
        ("POST", "/cases/look-up"),
    }
    approval = found["POST", "/cases/{case_id}/approval"]
    assert approval.access.jurisdiction == "case"
    assert approval.is_command
    assert approval.idempotent
    assert not found["POST", "/cases/look-up"].is_command


async def _open() -> None: ...


async def _guarded(grant: CLERK) -> None: ...


async def _repeatable(grant: CLERK) -> None: ...


async def _twice(grant: CLERK, other: OF_CASE) -> None: ...


def _blocking(grant: CLERK) -> None: ...


async def _command(grant: CLERK, key: Idempotent) -> None: ...


async def _socket(socket: WebSocket) -> None: ...


def routes(add: Any) -> APIRouter:
    inner, middle = APIRouter(prefix="/inner"), APIRouter(prefix="/middle")
    add(inner)
    middle.include_router(inner)
    return middle


@pytest.mark.parametrize(
    ("add", "fault"),
    [
        (lambda r: r.get("/x")(_open), "0 access policies"),
        (lambda r: r.get("/x")(_twice), "2 access policies"),
        (lambda r: r.get("/x")(_blocking), "async"),
        (lambda r: r.post("/x")(_repeatable), "Idempotency-Key"),
        (lambda r: r.delete("/x")(_repeatable), "Idempotency-Key"),
        (lambda r: r.websocket("/x")(_socket), "API routes only"),
        (lambda r: r.mount("/x", Starlette()), "API routes only"),
        (lambda r: r.add_route("/x", lambda request: None), "API routes only"),
    ],
)
def test_an_unsafe_route_does_not_start_however_deep_it_lies(add: Any, fault: str) -> None:
    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(routes(add))
    with pytest.raises(UnsafeRoute, match=fault) as refused:
        require_policies(app)
    assert "/middle/" in str(refused.value)


@pytest.mark.parametrize("protect", ["handler", "router", "inclusion"])
def test_a_policy_may_stand_on_the_handler_its_router_or_its_inclusion(protect: str) -> None:
    access = [Depends(Access({Role.AUDITOR}, "none"))]
    router = APIRouter(dependencies=access if protect == "router" else None)
    router.get("/x", dependencies=access if protect == "handler" else None)(_open)
    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(router, dependencies=access if protect == "inclusion" else None)
    assert [p.path for p in require_policies(app)] == ["/x"]


def test_a_command_with_key_and_policy_starts() -> None:
    app = FastAPI(docs_url=None, redoc_url=None)
    app.post("/x")(_command)
    app.get("/y")(_guarded)
    assert [p.is_command for p in require_policies(app)] == [True, False]


@pytest.mark.parametrize(
    ("roles", "jurisdiction", "purposes"),
    [
        (set(), "none", ()),
        ({Role.SERVICE}, "none", ()),
        ({Role.AUDITOR}, "none", {"means-check"}),
        ({Role.AUDITOR}, "everywhere", ()),
    ],
)
def test_an_incomplete_declaration_is_refused(
    roles: set[Role], jurisdiction: Any, purposes: Any
) -> None:
    with pytest.raises(ValueError, match=r"polic|reach"):
        Access(roles, jurisdiction, purposes=purposes)
