"""The sandbox departments: answer about people by ID number, and can be made to misbehave.

What a department knows is loaded by the demo or a test and lies in one SQLite file, so that a
killed process forgets nothing. A person nobody loaded anything about has nothing on record, which
is an answer like any other. For development only: nothing here is protected.
"""

from __future__ import annotations

import asyncio
import csv
import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import FastAPI, Header, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.circumstances import Disability
from shared.contracts.departments import Department, RegisterKind
from shared.contracts.fields import IncomeItem, IncomeKind

_SCHEMA = """
CREATE TABLE IF NOT EXISTS holdings (
    department TEXT NOT NULL, id_number TEXT NOT NULL, holding TEXT NOT NULL,
    PRIMARY KEY (department, id_number));
CREATE TABLE IF NOT EXISTS queries (
    request_id TEXT PRIMARY KEY, department TEXT NOT NULL, asked INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS batched (request_id TEXT PRIMARY KEY, beside INTEGER NOT NULL);
"""

LONG_AGO = date(2012, 12, 12)
"""Of when an outdated answer is."""

IdNumber = Annotated[str, Field(pattern=r"^[0-9]{17}[0-9X]$", repr=False)]
Fen = Annotated[int, Field(ge=0)]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Income(_Wire):
    """Income of one kind, in fen a month; ``item`` where the register names it."""

    kind: IncomeKind
    amount_fen: Fen
    item: IncomeItem | None = None


class Holding(_Wire):
    """What a department knows of a person."""

    income: tuple[Income, ...] = ()
    deposits_fen: Fen = 0
    houses: Annotated[int, Field(ge=0)] = 0
    vehicles: Annotated[int, Field(ge=0)] = 0
    entries: tuple[RegisterKind, ...] = ()
    disability: Disability | None = None


class Loaded(Holding):
    """A holding with whose it is, as a fixture gives it."""

    department: Department
    id_number: IdNumber


class Asked(_Wire):
    """A person as a query names them: the asker's reference, and the ID number."""

    reference: UUID
    id_number: IdNumber


class Query(_Wire):
    """A household's question."""

    request_id: UUID
    purpose: str
    persons: tuple[Asked, ...]


class BatchedQuery(_Wire):
    """One household's question among those of a batch."""

    request_id: UUID
    persons: tuple[Asked, ...]


class Batch(_Wire):
    """Several households' questions in one call."""

    purpose: str
    queries: tuple[BatchedQuery, ...]


class Stated(Holding):
    """A holding as it is answered: by the asker's reference, without the number."""

    reference: UUID


class Reply(_Wire):
    """The answer to a query; ``as_of`` is the day whose state it gives, where it says so."""

    persons: tuple[Stated, ...]
    as_of: date | None = None

    def lines(self) -> bytes:
        """The answer as lines of fields."""
        out = StringIO()
        write = csv.writer(out).writerow
        write(("reference", "field", "code", "item", "value"))
        if self.as_of is not None:
            write(("", "as_of", self.as_of.isoformat(), "", ""))
        for person in self.persons:
            write((person.reference, "known", "", "", ""))
            for income in person.income:
                write((person.reference, "income", income.kind, income.item, income.amount_fen))
            for name in ("deposits_fen", "houses", "vehicles"):
                write((person.reference, name, "", "", getattr(person, name)))
            for entry in person.entries:
                write((person.reference, "entry", entry, "", ""))
            if person.disability is not None:
                kind, grade = person.disability.kind, person.disability.grade
                write((person.reference, "disability", kind, "", grade))
        return out.getvalue().encode("gb18030")


class QueryCount(_Wire):
    """One query, how often it was asked, and in a batch beside how many others the last time."""

    request_id: UUID
    department: Department
    asked: int
    beside: int | None


class Mode(StrEnum):
    """How a department behaves; ``ONLY_SINGLY`` takes no call about several households."""

    WELL = "well"
    AWAY = "away"
    SLOW = "slow"
    MALFORMED = "malformed"
    OTHER_PERSON = "other_person"
    OVERSIZED = "oversized"
    REFUSING = "refusing"
    UNKNOWN_PERSON = "unknown_person"
    OUTDATED = "outdated"
    ONLY_SINGLY = "only_singly"


class Format(StrEnum):
    """What a department answers in: JSON, or lines of fields in GB 18030 as old systems do."""

    JSON = "json"
    LINES = "lines"


class Fault(_Wire):
    """How one department behaves: ``slow`` answers after ``delay_ms``, ``outdated`` of long ago."""

    mode: Mode = Mode.WELL
    format: Format = Format.JSON
    delay_ms: Annotated[int, Field(ge=0, le=60_000)] = 0


Faults = dict[Department, Fault]

_CONTENT = {
    Mode.MALFORMED: '{"persons": "none of the agreed form"}',
    Mode.OTHER_PERSON: f'{{"persons": [{{"reference": "{UUID(int=1)}"}}]}}',
    Mode.OVERSIZED: " " * (2 * 1024 * 1024),
}
_STATUS = {Mode.AWAY: 503, Mode.REFUSING: 403, Mode.UNKNOWN_PERSON: 404}


class Records:
    """What the departments know, durable."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.executescript(_SCHEMA)

    def load(self, loaded: Loaded) -> None:
        """Take a holding over, in the place of what was known before."""
        holding = Holding(**loaded.model_dump(exclude={"department", "id_number"}))
        self._db.execute(
            "INSERT OR REPLACE INTO holdings VALUES (?, ?, ?)",
            (loaded.department.value, loaded.id_number, holding.model_dump_json()),
        )

    def holding(self, department: Department, id_number: str) -> Holding:
        """What a department knows of a person; nothing, where nothing was loaded."""
        row = self._db.execute(
            "SELECT holding FROM holdings WHERE department = ? AND id_number = ?",
            (department.value, id_number),
        ).fetchone()
        return Holding.model_validate_json(row[0]) if row else Holding()

    def note(self, request_id: UUID, department: Department, beside: int | None = None) -> None:
        """Count a query, however it is answered; in a batch ``beside`` so many others."""
        self._db.execute(
            "INSERT INTO queries (request_id, department) VALUES (?, ?) "
            "ON CONFLICT (request_id) DO UPDATE SET asked = asked + 1",
            (str(request_id), department.value),
        )
        if beside is not None:
            row = (str(request_id), beside)
            self._db.execute("INSERT OR REPLACE INTO batched VALUES (?, ?)", row)

    def queries(self) -> list[QueryCount]:
        """Every query, and how often it was asked."""
        rows = self._db.execute(
            "SELECT request_id, department, asked, beside FROM queries "
            "LEFT JOIN batched USING (request_id) ORDER BY request_id"
        )
        return [
            QueryCount(request_id=UUID(r[0]), department=r[1], asked=r[2], beside=r[3])
            for r in rows
        ]

    def reply(self, department: Department, asked: Iterable[Asked], as_of: date | None) -> Reply:
        """What a department states of people."""
        stated = (
            Stated(
                reference=person.reference,
                **self.holding(department, person.id_number).model_dump(),
            )
            for person in asked
        )
        return Reply(persons=tuple(stated), as_of=as_of)


def create_departments(path: Path) -> FastAPI:
    """The departments as an ASGI application over the records in a file."""
    records = Records(path)
    app = FastAPI(title="沙箱部门 / Sandbox departments", docs_url=None, redoc_url=None)
    app.state.faults = Faults()

    @app.post("/holdings", status_code=204)
    async def load(loaded: list[Loaded]) -> None:
        for holding in loaded:
            records.load(holding)

    @app.get("/queries")
    async def queries() -> list[QueryCount]:
        return records.queries()

    @app.put("/faults")
    async def misbehave(faults: Faults) -> Faults:
        app.state.faults = faults
        return faults

    @app.post("/{department}/queries", response_model=None)
    async def query(
        department: Department, asked: Query, idempotency_key: Annotated[UUID, Header()]
    ) -> Reply | Response:
        if idempotency_key != asked.request_id:
            raise HTTPException(400, "the key is the request's id")
        records.note(asked.request_id, department)
        fault = app.state.faults.get(department, Fault())
        if fault.mode in _STATUS:
            raise HTTPException(_STATUS[fault.mode])
        if fault.mode in _CONTENT:
            return Response(_CONTENT[fault.mode], media_type="application/json")
        if fault.mode is Mode.SLOW:
            await asyncio.sleep(fault.delay_ms / 1000)
        as_of = LONG_AGO if fault.mode is Mode.OUTDATED else None
        reply = records.reply(department, asked.persons, as_of)
        if fault.format is Format.LINES:
            return Response(reply.lines(), media_type="text/csv; charset=gb18030")
        return reply

    @app.post("/{department}/batches")
    async def batch(
        department: Department,
        asked: Batch,
        idempotency_key: Annotated[UUID, Header()],  # noqa: ARG001 - it has to be there
    ) -> Response:
        fault = app.state.faults.get(department, Fault())
        for one in asked.queries:
            records.note(one.request_id, department, len(asked.queries) - 1)
        if fault.mode is Mode.ONLY_SINGLY:
            raise HTTPException(404)
        if fault.mode in _STATUS and fault.mode is not Mode.UNKNOWN_PERSON:
            raise HTTPException(_STATUS[fault.mode])
        as_of = LONG_AGO if fault.mode is Mode.OUTDATED else None
        lines = []
        for one in asked.queries:
            line = {"request_id": str(one.request_id), "status": "answered"}
            if fault.mode is Mode.UNKNOWN_PERSON:
                line["status"] = "person_unknown"
            else:
                line |= records.reply(department, one.persons, as_of).model_dump(mode="json")
            lines.append(json.dumps(line, ensure_ascii=False))
        return Response("\n".join(lines), media_type="application/x-ndjson")

    return app
