"""What lies outside the house: bank, departments, and the registry that knows who people are.

They answer over ``httpx`` as the real ones do, from memory, and lose what the seed has them lose:
a request before it arrives, or the answer after it took effect.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import httpx

ASKED, ANSWERED = "outside", "outside-answered"


class Credit(NamedTuple):
    """Money that the bank put into an account, in fen."""

    payment_id: UUID
    account: str
    amount_fen: int


def account_of(person: UUID) -> str:
    """The account of a person, as the registry knows it."""
    return f"{person.int % 10**16:016}"


@dataclass
class Bank:
    """Pays an instruction once per payment's id; the ledger is its list of credits."""

    ledger: list[Credit] = field(default_factory=list)
    _known: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)

    def instruct(self, payment_id: UUID, wanted: Mapping[str, Any]) -> tuple[int, dict[str, str]]:
        """Status and answer of one instruction."""
        contents = wanted["account"], wanted["name"], wanted["amount_fen"], wanted["currency"]
        if payment_id not in self._known:
            self._known[payment_id] = contents
            self.ledger.append(Credit(payment_id, wanted["account"], wanted["amount_fen"]))
        if self._known[payment_id] != contents:
            return 409, {"detail": "the id stands for another instruction"}
        return 200, {"status": "settled", "reference": str(uuid5(payment_id, "bank"))}


@dataclass
class Departments:
    """What departments know of people: wages in fen a month, by person."""

    wages_fen: dict[tuple[str, UUID], int] = field(default_factory=dict)
    unknown: set[tuple[str, UUID]] = field(default_factory=set)

    def query(self, department: str, question: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and answer of one department's query."""
        persons = []
        for person in question["persons"]:
            place = department, UUID(person["reference"])
            if place in self.unknown:
                return 404, {}
            wages_fen = self.wages_fen.get(place)
            income = [{"kind": "wage", "amount_fen": wages_fen}] if wages_fen else []
            persons.append({"reference": person["reference"], "income": income})
        return 200, {"persons": persons}


class Outside(httpx.AsyncClient):
    """The way there: ``on_step`` is called before a request arrives and before its answer does."""

    def __init__(
        self, bank: Bank, departments: Departments, on_step: Callable[[str], None]
    ) -> None:
        super().__init__(transport=httpx.MockTransport(_nowhere), trust_env=False)
        self._bank = bank
        self._departments = departments
        self._on_step = on_step

    async def request(self, method: str, url: Any, **sent: Any) -> httpx.Response:
        """Ask and be answered, without a byte on any wire."""
        self._on_step(ASKED)
        body = sent["json"] if sent.get("json") is not None else json.loads(sent["content"])
        status, answer = self._answer(str(url).split("/"), body)
        self._on_step(ANSWERED)
        return httpx.Response(status, content=json.dumps(answer).encode())

    @asynccontextmanager
    async def stream(self, method: str, url: Any, **sent: Any) -> AsyncIterator[httpx.Response]:
        """The same, read as it comes."""
        yield await self.request(method, url, **sent)

    def _answer(self, path: list[str], body: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        if path[-1] == "consultations":
            return 200, {"persons": [_person(UUID(i)) for i in body["person_ids"]]}
        if path[-1] == "notes":
            return 200, {"receipts": [_receipt(body["command_id"], n) for n in body["notes"]]}
        if path[-1] == "queries":
            return self._departments.query(path[-2], body)
        return self._bank.instruct(UUID(path[-1]), body)


def _nowhere(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(f"nobody answers at {request.url.path}")


def _receipt(command_id: str, note: Mapping[str, Any]) -> dict[str, str]:
    digest = sha256(note["text"].encode()).hexdigest()
    return {
        "note_id": str(uuid5(UUID(command_id), digest)),
        "digest": digest,
        "expires_at": "9999-01-01T00:00:00Z",
    }


def _person(person_id: UUID) -> dict[str, str]:
    return {
        "person_id": str(person_id),
        "standing": "known",
        "name": "某某",
        "id_number": f"{person_id.int % 10**17:017}X",
        "account": account_of(person_id),
    }
