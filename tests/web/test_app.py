import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.access.roles import Role
from shared.web import health
from shared.web.errors import Answers
from shared.web.frame import Frame
from shared.web.health import NotReady
from shared.web.metrics import Metrics
from shared.web.problems import Catalogue
from tests.web.sample import CASE, House


async def _well() -> None: ...


async def _recovering() -> None:
    raise NotReady("log-not-checked")


async def _gone() -> None:
    raise ConnectionRefusedError("mongodb://user:secret@db")


async def _silent() -> None:
    await asyncio.Event().wait()


async def test_a_process_lives_and_is_ready_when_all_checks_pass() -> None:
    async with House(checks={"store": _well}).client() as http:
        assert (await http.get("/livez")).json() == {"status": "alive"}
        assert (await http.get("/readyz")).json() == {"status": "ready", "checked": ["store"]}


async def test_readiness_names_what_failed_and_shows_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "TIMEOUT_S", 0.05)
    checks = {"store": _well, "log": _recovering, "views": _gone, "bus": _silent}
    async with House(checks=checks).client() as http:
        assert (await http.get("/livez")).status_code == 200
        answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["failed"] == {
        "log": "log-not-checked",
        "views": "away",
        "bus": "no-answer",
    }
    assert "secret" not in answer.text


def test_a_reason_is_words_only() -> None:
    with pytest.raises(ValueError, match="lower-case words"):
        NotReady("Connection to 10.0.0.5 refused")


async def test_metrics_are_the_applications_own() -> None:
    registry = CollectorRegistry()
    Counter("doudi_turns", "Turns of the writer", registry=registry).inc(7)
    house, other = House(registry=registry), House()
    async with house.client(**house.token(Role.OPERATOR)) as http:
        await http.get("/cases")
        text = (await http.get("/metrics")).text
    assert "doudi_turns_total 7.0" in text
    assert 'doudi_http_problems_total{code="role-not-allowed"} 1.0' in text
    async with other.client(**other.token(Role.OPERATOR)) as http:
        assert "doudi_turns" not in (await http.get("/metrics")).text


async def test_every_answer_carries_the_security_headers() -> None:
    house = House()
    async with house.client() as http:
        for path in ("/livez", "/docs", "/cases", "/nothing"):
            headers = (await http.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "no-store"
            assert "default-src 'none'" in headers["content-security-policy"]
            assert headers["x-frame-options"] == "DENY"


async def test_the_documentation_tells_policies_headers_and_problems() -> None:
    async with House().client() as http:
        document = (await http.get("/openapi.json")).json()
    approval = document["paths"]["/cases/{case_id}/approval"]["post"]
    assert approval["security"] == [{"token": []}]
    assert approval["x-doudi-access"] == {
        "roles": ["township_approver"],
        "jurisdiction": "case",
        "purposes": [],
    }
    headers = {p["name"]: p for p in approval["parameters"] if p["in"] == "header"}
    assert {name.lower() for name in headers} == {"idempotency-key", "if-match"}
    assert all(header["required"] for header in headers.values())
    assert {"200", "401", "403", "422", "default"} <= set(approval["responses"])
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert document["paths"]["/livez"]["get"]["security"] == []
    types = {kind["type"] for kind in document["info"]["x-doudi-problems"]}
    assert "urn:doudi:problem:surveyor-cannot-confirm" in types
    references = re.findall(r"#/components/schemas/(\w+)", str(document))
    assert set(references) <= set(document["components"]["schemas"])


async def test_the_documentation_page_needs_nothing_from_elsewhere() -> None:
    async with House().client() as http:
        page = await http.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "受理 / Intake" in page.text
    assert "/cases/{case_id}/approval" in page.text
    assert "Idempotency-Key" in page.text.replace("idempotency-key", "Idempotency-Key")
    assert "surveyor-cannot-confirm" in page.text
    assert not re.search(r"<script|https?://|src=|@import", page.text)


async def test_services_are_served_side_by_side_under_one_address() -> None:
    house, other = House(), House()
    both = Starlette(routes=[Mount("/intake", app=house.app), Mount("/other", app=other.app)])
    transport = httpx.ASGITransport(app=both)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await http.get("/intake/livez")).status_code == 200
        assert (await http.get("/intake/cases")).status_code == 401
        path = f"/intake/cases/{CASE}"
        assert (await http.get(path, headers=house.token(Role.AUDITOR))).status_code == 200
        assert (await http.get(path, headers=other.token(Role.AUDITOR))).status_code == 401
        assert 'href="/intake/openapi.json"' in (await http.get("/intake/docs")).text
        metrics = await http.get("/intake/metrics", headers=house.token(Role.OPERATOR))
    assert 'route="/cases/{case_id}",status="200"' in metrics.text


async def test_the_services_own_lifespan_runs_within_the_applications() -> None:
    told: list[str] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        told.append(f"begin {app.title}")
        yield
        told.append("end")

    house = House(lifespan=lifespan)
    async with house.app.router.lifespan_context(house.app):
        assert told == ["begin 受理 / Intake"]
    assert told == ["begin 受理 / Intake", "end"]


async def test_an_answer_broken_off_half_way_is_not_followed_by_another() -> None:
    async def half(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("the rest is lost")

    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    frame = Frame(half, Answers(Catalogue()), Metrics())
    scope = {"type": "http", "method": "GET", "path": "/half", "headers": []}
    with pytest.raises(RuntimeError, match="the rest is lost"):
        await frame(scope, receive, send)
    assert sent == ["http.response.start"]
