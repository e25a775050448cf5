"""``python -m tests.golden.add SERVICE STORE``: keep histories for types that have none yet.

STORE is a service's event database: an SQLite file, or a PostgreSQL address. Of its streams, as
few as needed are written to ``tests/golden/histories``. Run it on the databases of a demo or of a
scenario that has the new types in it, before a release; then commit the files.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from shared.contracts.kernel import ViewRebuildOrdered
from shared.kernel.decider import Domain, Stream
from shared.kernel.event import Recorded, read
from shared.kernel.postgres import PostgresStore
from shared.kernel.rebuilding import REBUILDING
from shared.kernel.sqlite import SqliteStore
from shared.kernel.states import KERNEL_AGGREGATES, fold
from shared.kernel.store import LogReader
from tests.golden.histories import (
    FOLDER,
    KERNEL,
    PARKING,
    History,
    check_chain,
    check_folding,
    check_reading,
    domain_of,
    stored,
    types_of,
)

_PAGE = 1_000


def add(service: str, log: LogReader, domain: Domain, folder: Path = FOLDER) -> list[Path]:
    """Keep what is needed of a log so that each of its types is in a history.

    Raises ``ValueError`` for a stream of which the aggregate cannot be told, ``AssertionError``
    for one that does not verify.
    """
    covered = types_of(stored(folder))
    written = []
    for rows in sorted(_streams(log), key=len):
        if {row.type for row in rows} <= covered:
            continue
        history = _history(service, domain, rows, folder)
        check_chain(rows)
        check_reading(rows)
        check_folding(domain, history.aggregate, rows)
        written.append(history.save(folder))
        covered |= types_of([history])
    return written


def _streams(log: LogReader) -> Iterable[list[Recorded]]:
    streams: dict[object, list[Recorded]] = {}
    after = 0
    while page := log.read_log(after, _PAGE):
        for row in page:
            streams.setdefault(row.stream, []).append(row)
        after = page[-1].position
    return streams.values()


def _history(service: str, domain: Domain, rows: list[Recorded], folder: Path) -> History:
    aggregate = _aggregate_of(domain, rows)
    owner = KERNEL if aggregate in KERNEL_AGGREGATES else service
    number = sum(1 for h in stored(folder) if (h.service, h.aggregate) == (owner, aggregate)) + 1
    return History(owner, aggregate, f"{number:02}", tuple(rows))


def _aggregate_of(domain: Domain, rows: list[Recorded]) -> str:
    """Which aggregate a stream belongs to, by its id or else by who folds its events."""
    first = read(rows[0])
    if first.type.startswith(f"doudi.{KERNEL}."):
        return REBUILDING if isinstance(first.data, ViewRebuildOrdered) else PARKING
    cell, service = first.source.split("/")[2:]
    for name in domain.aggregates:
        if Stream.of_case(name, first.subject).id(cell, service) == first.stream:
            return name
    names = [name for name in domain.aggregates if _folds(domain, name, rows)]
    if len(names) != 1:
        raise ValueError(f"{first.type} may begin a stream of any of {names}")
    return names[0]


def _folds(domain: Domain, aggregate: str, rows: list[Recorded]) -> bool:
    """Whether the events mean something to an aggregate; to others they may mean an error."""
    with suppress(TypeError, ValueError, KeyError, AttributeError):
        return bool(fold(domain, aggregate, rows).state != domain.aggregates[aggregate].initial)
    return False


def main(arguments: list[str]) -> int:
    """Add from one database; says what was written."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden.add", description=__doc__)
    parser.add_argument("service")
    parser.add_argument("store")
    given = parser.parse_args(arguments)
    is_url = "://" in given.store
    if not is_url and not Path(given.store).exists():
        parser.error(f"there is no file {given.store}")
    store = PostgresStore(given.store) if is_url else SqliteStore(Path(given.store))
    for path in add(given.service, store, domain_of(given.service)):
        sys.stdout.write(f"{path}\n")
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
