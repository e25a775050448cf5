"""A search for personal data in everything that a system keeps, decoded first.

Each kind of store is read through its own driver, row by row and field by field, so that no
compressed block, page or escape hides anything: SQLite and PostgreSQL by every table that they
have, MongoDB by every collection, topics through the bus, logs line by line. What a field holds
is then opened as far as it can be: bytes as text, JSON with its escapes, base64, percent
encoding. Nothing is left out but what is named: the outside's own files.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

import psycopg
from psycopg.sql import SQL, Identifier
from pymongo import MongoClient

from shared.bus.port import Bus

OUTSIDE: Final = ("sandbox-departments.db", "sandbox-bank.db")
"""Files of the sandbox departments and bank: they know people, being the outside."""

_DEPTH: Final = 6
_PAGE: Final = 1000
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_SEPARATORS: Final = re.compile(r"[\s-]+")


class Finding(NamedTuple):
    """A mark that was found: the store, where in it, and which mark."""

    store: str
    where: str
    mark: str


@dataclass
class Scan:
    """Looks for ``marks`` in whatever it is given.

    ``fields`` counts what was looked at, by store, so that a scan of nothing shows.
    """

    marks: frozenset[str]
    findings: list[Finding] = field(default_factory=list)
    fields: Counter[str] = field(default_factory=Counter)

    def sqlite(self, path: Path) -> None:
        """Every row of every table of a file."""
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                rows = db.execute(f'SELECT * FROM "{table}"')
                self._rows(f"sqlite {path.name}", table, [c[0] for c in rows.description], rows)

    def postgres(self, url: str) -> None:
        """Every row of every table of a database."""
        with psycopg.connect(url) as db:
            name = db.info.dbname
            tables = db.execute(
                "SELECT table_schema, table_name FROM information_schema.tables "
                "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            for schema, table in tables:
                rows = db.execute(SQL("SELECT * FROM {}").format(Identifier(schema, table)))
                columns = [column.name for column in rows.description or ()]
                self._rows(f"postgres {name}", table, columns, rows)

    def mongo(self, url: str, database: str) -> None:
        """Every document of every collection of a database."""
        with MongoClient[dict[str, Any]](url, directConnection=True) as client:
            for collection in client[database].list_collection_names():
                for document in client[database][collection].find():
                    self.look(f"mongo {database}.{collection}", str(document["_id"]), document)

    def topic(self, bus: Bus, topic: str) -> None:
        """Every record of a topic: its key, its value and its headers."""
        ends = bus.end_offsets(topic)
        for partition, offset in bus.begin_offsets(topic).items():
            at = offset
            while at < ends[partition]:
                for record in bus.read_partition(topic, partition, at, _PAGE):
                    held = {"key": record.key, "value": record.value, "headers": record.headers}
                    self.look(f"topic {topic}", f"{partition}:{record.offset}", held)
                    at = record.offset + 1

    def logs(self, at: Path) -> None:
        """Every line of a file, or of every file of a folder and its parts."""
        found = [at] if at.is_file() else sorted(p for p in at.rglob("*") if p.is_file())
        for path in found:
            with path.open("rb") as lines:
                for number, line in enumerate(lines, start=1):
                    self.look("logs", f"{path.name}:{number}", line)

    def look(self, store: str, where: str, held: object) -> None:
        """Look at one thing, whatever it is, however it is wrapped."""
        self.fields[store] += 1
        found = {mark for text in readings(held) for mark in marks_in(text, self.marks)}
        self.findings += [Finding(store, where, mark) for mark in sorted(found)]

    def _rows(self, store: str, table: str, columns: list[str], rows: Iterable[Any]) -> None:
        for number, row in enumerate(rows, start=1):
            for column, value in zip(columns, row, strict=True):
                self.look(f"{store}.{table}", f"row {number}, {column}", value)


def marks_in(text: str, marks: Iterable[str]) -> Iterator[str]:
    """The marks that a text holds: as written, full-width, or with its digits in groups."""
    plain = unicodedata.normalize("NFKC", text)
    joined = _SEPARATORS.sub("", plain)
    for mark in marks:
        if mark in text or mark in plain or (mark[:-1].isdigit() and mark in joined):
            yield mark


def readings(held: object, depth: int = _DEPTH) -> Iterator[str]:
    """Every text that a value holds, opened as far as it goes."""
    if isinstance(held, str):
        yield from _texts(held, depth)
    elif isinstance(held, bytes | bytearray | memoryview):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            yield from _texts(bytes(held).decode(encoding, errors="replace"), depth)
    elif isinstance(held, dict):
        for key, value in held.items():
            yield from readings(key, depth)
            yield from readings(value, depth)
    elif isinstance(held, list | tuple | set | frozenset):
        for value in held:
            yield from readings(value, depth)
    elif held is not None:
        yield str(held)


def _texts(text: str, depth: int) -> Iterator[str]:
    yield text
    if depth == 0:
        return
    if "%" in text and (plain := unquote(text)) != text:
        yield from _texts(plain, depth - 1)
    if text.lstrip()[:1] in tuple('{["'):
        yield from _of_json(text, depth - 1)
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text)
    for wrapped in _BASE64.findall(text):
        yield from _of_base64(wrapped, depth - 1)


def _of_json(text: str, depth: int) -> Iterator[str]:
    try:
        opened = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from readings(opened, depth)


def _of_base64(text: str, depth: int) -> Iterator[str]:
    try:
        opened = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return
    try:
        yield from _texts(opened.decode("utf-8"), depth)
    except UnicodeDecodeError:
        return
