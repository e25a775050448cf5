"""The sandbox bank: pays each instruction once, keeps a ledger, and can be made to misbehave.

Instructions are known by the payment's id: the same one handed in again gets the same answer;
under the same id with other contents it is refused; what became of one can be asked. The ledger
lies in one SQLite file, so that a killed process forgets nothing: what the demo and the tests
reconcile against.
"""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.payment import ReturnReason

_SCHEMA = """CREATE TABLE IF NOT EXISTS credits (
    payment_id TEXT PRIMARY KEY, reference TEXT NOT NULL, account TEXT NOT NULL,
    name TEXT NOT NULL, amount_fen INTEGER NOT NULL, asked INTEGER NOT NULL DEFAULT 1)"""


class Instruction(BaseModel):
    """Credit an account; ``amount_fen`` in fen."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    account: Annotated[str, Field(pattern=r"^[0-9]{8,32}$")]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    amount_fen: Annotated[int, Field(ge=1)]
    currency: Annotated[str, Field(pattern="^CNY$")]


class Credit(BaseModel):
    """One line of the ledger; ``asked`` counts how often the instruction was handed in."""

    payment_id: UUID
    amount_fen: int
    asked: int


class Faults(BaseModel):
    """How the bank misbehaves.

    ``away`` answers 503, ``silent`` credits and does not answer, ``undecided`` takes its time
    over every instruction, ``malformed`` answers in another form; ``returns`` sends the money
    back for that reason. All come after ``delay_ms``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    away: bool = False
    silent: bool = False
    undecided: bool = False
    malformed: bool = False
    returns: ReturnReason | None = None
    delay_ms: Annotated[int, Field(ge=0, le=60_000)] = 0


class Ledger:
    """The bank's credits, durable."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(_SCHEMA)

    def credit(self, payment_id: UUID, instruction: Instruction) -> UUID | None:
        """Credit once; the bank's reference, ``None`` where the id was used for another."""
        reference = uuid5(payment_id, "bank")
        wanted = (instruction.account, instruction.name, instruction.amount_fen)
        self._db.execute(
            "INSERT INTO credits (payment_id, reference, account, name, amount_fen) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (payment_id) DO UPDATE SET asked = asked + 1",
            (str(payment_id), str(reference), *wanted),
        )
        row = self._db.execute(
            "SELECT account, name, amount_fen FROM credits WHERE payment_id = ?",
            (str(payment_id),),
        ).fetchone()
        return reference if tuple(row) == wanted else None

    def reference(self, payment_id: UUID) -> UUID | None:
        """The reference of an instruction that was carried out."""
        row = self._db.execute(
            "SELECT reference FROM credits WHERE payment_id = ?", (str(payment_id),)
        ).fetchone()
        return UUID(row[0]) if row else None

    def credits(self) -> list[Credit]:
        """Every credit."""
        rows = self._db.execute(
            "SELECT payment_id, amount_fen, asked FROM credits ORDER BY payment_id"
        )
        return [Credit(payment_id=UUID(r[0]), amount_fen=r[1], asked=r[2]) for r in rows]

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def create_bank(ledger: Ledger) -> FastAPI:
    """The bank as an ASGI application over a ledger."""
    app = FastAPI(title="沙箱银行 / Sandbox bank", docs_url=None, redoc_url=None)
    app.state.faults = Faults()

    @app.put("/instructions/{payment_id}")
    async def instruct(payment_id: UUID, instruction: Instruction) -> dict[str, str]:
        faults: Faults = app.state.faults
        await asyncio.sleep(faults.delay_ms / 1000)
        if faults.away:
            raise HTTPException(503)
        if faults.malformed:
            return {"said": "none of the agreed form"}
        if faults.undecided:
            return {"status": "pending"}
        if faults.returns is not None:
            return {"status": "returned", "reason": faults.returns.value}
        reference = ledger.credit(payment_id, instruction)
        if reference is None:
            raise HTTPException(409, "the id stands for another instruction")
        if faults.silent:
            raise HTTPException(504)
        return {"status": "settled", "reference": str(reference)}

    @app.get("/instructions/{payment_id}")
    async def instruction_of(payment_id: UUID) -> dict[str, str]:
        if app.state.faults.away:
            raise HTTPException(503)
        reference = ledger.reference(payment_id)
        if reference is None:
            raise HTTPException(404)
        return {"status": "settled", "reference": str(reference)}

    @app.get("/ledger")
    async def show() -> list[Credit]:
        return ledger.credits()

    @app.put("/faults")
    async def misbehave(faults: Faults) -> Faults:
        app.state.faults = faults
        return faults

    return app
