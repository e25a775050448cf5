from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.access.roles import Role
from shared.sealing import SealingKey
from shared.web.idempotency import command_id, parse_key, request_digest
from shared.web.problems import Problem
from tests.web import sample
from tests.web.sample import CASE, House

KEY = "9b2f6e34-5a74-4a51-9a2e-0c6f9f4c1a10"
BODY = b'{"persons": 4, "accept": true}'
PATH = f"/cases/{CASE}/approval"


async def sent(
    house: House, body: bytes = BODY, path: str = PATH, subject: str = "approver", key: str = KEY
) -> dict[str, Any]:
    headers = {"Idempotency-Key": key, "If-Match": '"3"', "Content-Type": "application/json"}
    async with house.client(**house.token(subject=subject), **headers) as http:
        answer = await http.post(path, content=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_the_same_request_has_the_same_id_and_digest() -> None:
    house = House()
    assert await sent(house) == await sent(house)
    assert await sent(house, key=KEY.upper()) == await sent(house)


async def test_another_caller_or_key_is_another_command() -> None:
    house = House()
    first = await sent(house)
    assert (await sent(house, subject="other"))["command_id"] != first["command_id"]
    assert (await sent(house, key=str(uuid4())))["command_id"] != first["command_id"]


async def test_another_body_under_the_same_key_shows_in_the_digest() -> None:
    house = House()
    first = await sent(house)
    again = await sent(house, b'{"persons": 4,"accept": true}')  # the bytes count, not the values
    assert again["command_id"] == first["command_id"]
    assert again["digest"] != first["digest"]


async def test_the_same_key_for_another_case_cannot_find_the_first_ones_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house, other = House(), uuid4()
    monkeypatch.setitem(sample.CASES, other, "350102001000")
    first, second = await sent(house), await sent(house, path=f"/cases/{other}/approval")
    assert second["command_id"] == first["command_id"]
    assert second["digest"] != first["digest"]


async def test_the_digest_tells_nothing_to_who_has_not_the_key() -> None:
    assert (await sent(House()))["digest"] != (await sent(House()))["digest"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "idempotency-key-missing"),
        ({"Idempotency-Key": ""}, "idempotency-key-malformed"),
        ({"Idempotency-Key": "42"}, "idempotency-key-malformed"),
        ({"Idempotency-Key": "13800001111"}, "idempotency-key-malformed"),
        ({"Idempotency-Key": KEY.replace("-", "")}, "idempotency-key-malformed"),
        ({"Idempotency-Key": "{" + KEY + "}"}, "idempotency-key-malformed"),
    ],
)
async def test_a_command_without_a_proper_key_is_refused(
    headers: dict[str, str], code: str
) -> None:
    house = House()
    async with house.client(**house.token(), **headers) as http:
        answer = await http.post(PATH, json={})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert "13800001111" not in answer.text


def test_a_quoted_key_is_understood() -> None:
    assert parse_key(f'"{KEY}"') == UUID(KEY)
    with pytest.raises(Problem, match="malformed"):
        parse_key("not-a-uuid")


def test_ids_differ_by_route_and_service() -> None:
    caller, key = uuid4(), UUID(KEY)
    ids = {
        command_id(caller, service, route, key)
        for service in ("intake", "payment")
        for route in ("POST /runs", "POST /runs/{run_id}/approval")
    }
    assert len(ids) == 4
    assert command_id(caller, "intake", "POST /runs", key) in ids


def test_the_digest_cannot_shift_bytes_between_path_and_body() -> None:
    key = SealingKey.generate("http-command")
    assert request_digest(key, "POST", "/a", b"\nb") != request_digest(key, "POST", "/a\n", b"b")
    assert len(request_digest(key, "POST", "/a", b"")) == 32


async def test_a_router_included_twice_keeps_its_routes_apart() -> None:
    from fastapi import APIRouter

    again = APIRouter(prefix="/again")
    again.include_router(sample.router)
    house = House(again)
    first, second = await sent(house), await sent(house, path="/again" + PATH)
    assert first["command_id"] != second["command_id"]
    async with house.client(**house.token(Role.OPERATOR)) as http:
        metrics = (await http.get("/metrics")).text
    assert 'route="/again/cases/{case_id}/approval"' in metrics
    assert 'route="/cases/{case_id}/approval"' in metrics
    assert str(CASE) not in metrics
