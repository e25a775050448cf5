"""The sandbox of the People's Bank's financial network: takes questions, answers them later.

What banks hold is loaded by a test or by hand and lies in one SQLite file, with the questions that
were taken, so that a killed process forgets nothing. It can be made to misbehave. For development
only: nothing here is protected.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import FastAPI, Header, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id_number TEXT NOT NULL, institution TEXT NOT NULL, account TEXT NOT NULL,
    balance_fen INTEGER NOT NULL, PRIMARY KEY (id_number, institution, account));
CREATE TABLE IF NOT EXISTS questions (
    receipt TEXT PRIMARY KEY, question TEXT NOT NULL, handed_in INTEGER NOT NULL DEFAULT 1,
    fetched INTEGER NOT NULL DEFAULT 0);
"""

LONG_AGO = date(2012, 12, 12)
"""Of when an outdated result is."""

IdNumber = Annotated[str, Field(pattern=r"^[0-9]{17}[0-9X]$", repr=False)]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Held(_Wire):
    """An account of somebody; loaded for each of several holders it is one account all the same."""

    id_number: IdNumber
    institution: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    account: Annotated[str, Field(min_length=1, max_length=64, repr=False)]
    balance_fen: Annotated[int, Field(ge=0)]


class Identity(_Wire):
    """Somebody as a question names them: the asker's reference, and the ID number."""

    reference: UUID
    id_number: IdNumber


class Question(_Wire):
    """A household's question, across all banks."""

    request_id: UUID
    purpose: str
    identities: tuple[Identity, ...]


class Mode(StrEnum):
    """How the network behaves: ``late`` has no result yet, ``lost`` does not know a receipt."""

    WELL = "well"
    AWAY = "away"
    LATE = "late"
    LOST = "lost"
    MALFORMED = "malformed"
    OUTDATED = "outdated"


class Behaviour(_Wire):
    """How the network behaves from now on."""

    mode: Mode = Mode.WELL


class QuestionCount(_Wire):
    """One question: how often it was handed in, and its result fetched."""

    receipt: UUID
    handed_in: int
    fetched: int


class Network:
    """What the banks hold, and the questions that were taken; durable."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.executescript(_SCHEMA)

    def load(self, held: Held) -> None:
        """Take an account over, in the place of what was known of it."""
        row = (held.id_number, held.institution, held.account, held.balance_fen)
        self._db.execute("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)", row)

    def take(self, question: Question) -> UUID:
        """The receipt of a question; of the same one the same."""
        receipt = uuid5(question.request_id, "receipt")
        self._db.execute(
            "INSERT INTO questions (receipt, question) VALUES (?, ?) "
            "ON CONFLICT (receipt) DO UPDATE SET handed_in = handed_in + 1",
            (str(receipt), question.model_dump_json()),
        )
        return receipt

    def result(self, receipt: UUID) -> list[dict[str, Any]] | None:
        """What the banks hold of each identity; ``None`` for a receipt that was never given."""
        row = self._db.execute(
            "UPDATE questions SET fetched = fetched + 1 WHERE receipt = ? RETURNING question",
            (str(receipt),),
        ).fetchone()
        if row is None:
            return None
        question = Question.model_validate_json(row[0])
        return [
            {"reference": str(who.reference), "institutions": self._banks(who.id_number)}
            for who in question.identities
        ]

    def _banks(self, id_number: str) -> list[dict[str, Any]]:
        rows = self._db.execute(
            "SELECT institution, account, balance_fen FROM accounts WHERE id_number = ? "
            "ORDER BY institution, account",
            (id_number,),
        )
        banks: dict[str, list[dict[str, Any]]] = {}
        for institution, account, balance_fen in rows:
            banks.setdefault(institution, []).append(
                {"account": account, "balance_fen": balance_fen}
            )
        return [{"institution": name, "accounts": accounts} for name, accounts in banks.items()]

    def questions(self) -> list[QuestionCount]:
        """Every question, how often it was handed in and fetched."""
        rows = self._db.execute("SELECT receipt, handed_in, fetched FROM questions")
        return [QuestionCount(receipt=UUID(r[0]), handed_in=r[1], fetched=r[2]) for r in rows]


def create_pboc(path: Path) -> FastAPI:
    """The network as an ASGI application over the records in a file."""
    network = Network(path)
    app = FastAPI(title="沙箱金融城域网 / Sandbox PBoC network", docs_url=None, redoc_url=None)
    app.state.mode = Mode.WELL

    @app.post("/accounts", status_code=204)
    async def load(accounts: list[Held]) -> None:
        for held in accounts:
            network.load(held)

    @app.put("/behaviour")
    async def behave(behaviour: Behaviour) -> Behaviour:
        app.state.mode = behaviour.mode
        return behaviour

    @app.get("/queries")
    async def queries() -> list[QuestionCount]:
        return network.questions()

    @app.post("/queries", status_code=202)
    async def query(
        question: Question, idempotency_key: Annotated[UUID, Header()]
    ) -> dict[str, UUID]:
        if idempotency_key != question.request_id:
            raise HTTPException(400, "the key is the request's id")
        if app.state.mode is Mode.AWAY:
            raise HTTPException(503)
        return {"receipt": network.take(question)}

    @app.get("/results/{receipt}", response_model=None)
    async def result(receipt: UUID) -> dict[str, Any] | Response:
        mode = app.state.mode
        if mode is Mode.AWAY:
            raise HTTPException(503)
        if mode is Mode.LATE:
            return Response(status_code=202)
        found = None if mode is Mode.LOST else network.result(receipt)
        if found is None:
            raise HTTPException(404)
        if mode is Mode.MALFORMED:
            return {"receipt": str(receipt), "results": "none of the agreed form"}
        as_of = LONG_AGO.isoformat() if mode is Mode.OUTDATED else None
        return {"receipt": str(receipt), "as_of": as_of, "results": found}

    return app
