"""Histories as released versions wrote them, to the byte, and what must stay true of them.

Each file ``histories/<service>/<aggregate>/<n>.jsonl`` is one stream from its first event on, a
line per event. They are written once, by ``python -m tests.golden.add``, and never edited: a
change of code that cannot read one, or folds it no longer, has broken the record of a running
installation and needs a new event version with an upcaster instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.contracts.publish import published
from shared.kernel.decider import Domain
from shared.kernel.event import NO_DIGEST, Recorded, encode, is_sealed, read
from shared.kernel.states import KERNEL_AGGREGATES, fold

FOLDER = Path(__file__).parent / "histories"
KERNEL, PARKING = "kernel", "parking"


@dataclass(frozen=True)
class History:
    """One stream as it was written; ``service`` owns its events (``kernel``: every service)."""

    service: str
    aggregate: str
    name: str
    rows: tuple[Recorded, ...]

    def __str__(self) -> str:
        return f"{self.service}/{self.aggregate}/{self.name}"

    def domain(self) -> Domain:
        """The service's domain as the code has it today."""
        return domain_of(self.service)

    def save(self, folder: Path = FOLDER) -> Path:
        """Write the file; one that is there is never written over."""
        path = folder / self.service / self.aggregate / f"{self.name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(_line(row) for row in self.rows)
        return path


def domain_of(service: str) -> Domain:
    """A service's aggregates and agenda."""
    if service == KERNEL:
        return Domain(KERNEL, KERNEL_AGGREGATES)
    domain: Domain = import_module(f"services.{service}.service").definition().domain
    return domain


def stored(folder: Path = FOLDER) -> list[History]:
    """Every history there is."""
    published()  # declares every event class, without which no document can be read
    return [
        History(path.parts[-3], path.parts[-2], path.stem, tuple(_rows(path)))
        for path in sorted(folder.glob("*/*/*.jsonl"))
    ]


def types_of(histories: Iterable[History]) -> set[str]:
    """The types of the events in them."""
    return {row.type for history in histories for row in history.rows}


def _line(row: Recorded) -> str:
    fields = row._asdict() | {
        "stream": str(row.stream),
        "document": row.document.decode(),
        "previous_digest": row.previous_digest.hex(),
        "digest": row.digest.hex(),
    }
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _rows(path: Path) -> Iterator[Recorded]:
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        yield Recorded(
            fields["position"],
            UUID(fields["stream"]),
            fields["version"],
            fields["type"],
            fields["document"].encode(),
            bytes.fromhex(fields["previous_digest"]),
            bytes.fromhex(fields["digest"]),
        )


def check_chain(rows: Sequence[Recorded]) -> None:
    """One stream from its beginning, sealed event onto event."""
    previous = NO_DIGEST
    for number, row in enumerate(rows, 1):
        assert row.version == number, f"event {number} says that it is number {row.version}"
        assert row.stream == rows[0].stream, f"event {number} is of another stream"
        assert row.previous_digest == previous, f"event {number} builds on another one"
        assert is_sealed(row), f"event {number}: its bytes are not those that were sealed"
        previous = row.digest


def check_reading(rows: Iterable[Recorded]) -> None:
    """Today's classes read every document, and lose nothing of it."""
    for row in rows:
        written = json.loads(row.document)
        again = json.loads(encode(read(row)))
        lost = list(_lost(written, again, "document"))
        assert not lost, f"{row.type} version {row.version} is read without {', '.join(lost)}"


def _lost(written: Any, again: Any, place: str) -> Iterator[str]:
    """The places of what was written that reading it gives back no more, or otherwise."""
    if isinstance(written, dict) and isinstance(again, dict):
        for name, value in written.items():
            if name in again:
                yield from _lost(value, again[name], f"{place}.{name}")
            else:
                yield f"{place}.{name}"
    elif isinstance(written, list) and isinstance(again, list) and len(written) == len(again):
        for number, (value, other) in enumerate(zip(written, again, strict=True)):
            yield from _lost(value, other, f"{place}[{number}]")
    elif written != again:
        yield place


def check_folding(domain: Domain, aggregate: str, rows: Sequence[Recorded]) -> None:
    """Today's ``evolve`` takes every event, and together they come to something."""
    state = fold(domain, aggregate, rows)
    assert state.version == len(rows)
    if aggregate != PARKING:
        assert state.state != domain.aggregates[aggregate].initial, "the fold ignores its events"
    for row in rows:
        list(domain.agenda(read(row)))
