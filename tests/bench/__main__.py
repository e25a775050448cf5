"""``make bench``: every measure beside its ceiling, in one run. Takes some minutes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from infra.engines import PostgresEngine
from tests.bench import reading, writing
from tests.bench.table import Report


def main() -> None:
    report = Report()
    with tempfile.TemporaryDirectory(prefix="doudi-bench-") as folder:
        postgres = PostgresEngine(Path(folder) / "postgres")
        postgres.start()
        try:
            report.console.print(
                f"PostgreSQL {postgres.version()}, Python {sys.version.split()[0]}"
            )
            for part in (writing, reading):
                part.measure(report, postgres.database)
        finally:
            postgres.stop()
    report.show()


if __name__ == "__main__":
    main()
