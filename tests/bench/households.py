"""Households for the load: one person each, registered beforehand, with an application to make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

import httpx

from infra.demo.office import CLERK, TOWNSHIP
from infra.demo.people import numbered
from infra.operators import System, development_token
from tests.bench.load import Answer, Client, closed_loop, request

_FIRST_BIRTHDAY = date(1940, 1, 1)
_DAYS = 20_000
_AT_ONCE = 8
_A_CLERK = 40
"""One clerk registers no more in a burst: the registry slows down who goes through numbers."""


async def clerk_tokens(system: System, count: int) -> list[str]:
    """Tokens of so many clerks of the township."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        return [
            await development_token(
                client, system, role=CLERK.role, division=CLERK.division, level=CLERK.level
            )
            for _ in range(count)
        ]


async def register(system: System, first: int, count: int) -> list[str]:
    """Register so many people nobody has registered before; their ids. ``first`` numbers them."""
    tokens = await clerk_tokens(system, -(-count // _A_CLERK))
    client = Client()
    found = [""] * count

    async def one(number: int) -> None:
        token = tokens[number // _A_CLERK]
        answer = await client.send(_registration(system, token, first + number))
        found[number] = str(answer.json()["person_id"])

    await closed_loop(count, _AT_ONCE, one)
    client.close()
    return found


def _registration(system: System, token: str, number: int) -> tuple[str, bytes]:
    born = _FIRST_BIRTHDAY + timedelta(days=number % _DAYS)
    stem = f"350924{born:%Y%m%d}{number // _DAYS:03d}"
    body = {
        "region": TOWNSHIP,
        "id_number": numbered(stem),
        "name": "林秋生",
        "phone": "13900015974",
        "address": "福建省宁德市寿宁县鳌阳镇安宁村九号",
        "account": "6222021409000001111",
    }
    return request(
        "POST",
        f"{system.services['intake']}/persons",
        token=token,
        body=body,
        headers={"Idempotency-Key": str(uuid4())},
    )


def application(system: System, token: str, person_id: str) -> tuple[str, bytes]:
    """A complete application of a household of one."""
    body = {
        "programme": "dibao",
        "division": TOWNSHIP,
        "applicant": person_id,
        "members": [{"person_id": person_id, "relation": "applicant"}],
        "materials": [
            "identity",
            "household_registration",
            "check_authorization",
            "medical_record",
        ],
        "reason": "长期患病，没有劳动能力，生活困难",
    }
    return request(
        "POST",
        f"{system.services['intake']}/applications",
        token=token,
        body=body,
        headers={"Idempotency-Key": str(uuid4())},
    )


def acceptance(system: System, token: str, case_id: str, etag: str) -> tuple[str, bytes]:
    """The acceptance of an application as it stands."""
    return request(
        "POST",
        f"{system.services['intake']}/applications/{case_id}/acceptance",
        token=token,
        headers={"Idempotency-Key": str(uuid4()), "If-Match": etag},
    )


def reading(system: System, token: str, case_id: str) -> tuple[str, bytes]:
    """A look at an application."""
    return request("GET", f"{system.services['intake']}/applications/{case_id}", token=token)


async def apply_all(system: System, token: str, persons: Sequence[str]) -> list[Answer]:
    """Everybody applies, some at a time; what was answered."""
    client = Client()
    prepared = [application(system, token, person_id) for person_id in persons]
    found: list[Answer] = [Answer(0, "", b"")] * len(prepared)

    async def one(number: int) -> None:
        found[number] = await client.send(prepared[number])

    await closed_loop(len(prepared), _AT_ONCE, one)
    client.close()
    for answer in found:
        answer.json()
    return found
