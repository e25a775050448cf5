"""What the bench prints: measures with their ratio to a ceiling of the same run."""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from io import StringIO
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console
from rich.table import Table

T = TypeVar("T")

STATE: Final = Path(".state/bench")
LAST: Final = STATE / "last.json"
DOCUMENT: Final = Path("docs/bench.md")
_BEGIN, _END = "<!-- the last run -->", "<!-- end of the last run -->"
_PROFILE_LINES: Final = 14


@dataclass(frozen=True)
class Row:
    """One measure beside its ceiling of the same run.

    ``reached`` says whether the target was, ``None`` where the measure has none. ``figures`` are
    the numbers behind the texts, per round where there were several.
    """

    section: str
    measure: str
    seen: str
    ceiling: str
    ratio: str
    target: str
    reached: bool | None
    figures: Mapping[str, list[float]]


@dataclass
class Report:
    """Rows gathered as they are measured, printed as they come and at the end.

    ``profiling`` asks each section to profile what missed its target.
    """

    profiling: bool = False
    console: Console = field(default_factory=Console)
    section: str = ""
    rows: list[Row] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        measure: str,
        seen: str,
        *,
        ceiling: str = "",
        ratio: str = "",
        target: str = "",
        reached: bool | None = None,
        figures: Mapping[str, list[float]] | None = None,
    ) -> bool:
        """Take one measure in; whether its target was missed and a profile is asked for."""
        row = Row(self.section, measure, seen, ceiling, ratio, target, reached, dict(figures or {}))
        self.rows.append(row)
        parts = (f"{measure}: {seen}", ceiling, ratio, target, _mark(reached))
        self.console.print("  " + " | ".join(part for part in parts if part), highlight=False)
        return self.profiling and reached is False

    def show(self) -> None:
        """The whole table."""
        table = Table("measure", "seen", "ceiling in the same run", "ratio", "target", "")
        for row in self.rows:
            table.add_row(*_cells(row))
        self.console.print(table)

    def save(self) -> None:
        """Leave the run for ``--markdown`` and for whoever compares runs."""
        STATE.mkdir(parents=True, exist_ok=True)
        found = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "about": self.about,
            "rows": [asdict(row) for row in self.rows],
        }
        LAST.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")

    def tell_profile(self, name: str) -> None:
        """Print the top of a profile that ``profiled`` left."""
        text = StringIO()
        stats = pstats.Stats(str(profile_path(name)), stream=text)
        stats.strip_dirs().sort_stats("tottime").print_stats(_PROFILE_LINES)
        heading, _, lines = text.getvalue().partition("ncalls")
        total = heading.strip().splitlines()[-5:][0] if heading.strip() else ""
        self.console.print(f"  {profile_path(name)}: {total.strip()}", highlight=False)
        for line in ("ncalls" + lines).splitlines():
            if line.strip():
                self.console.print("    " + line, highlight=False, markup=False, soft_wrap=True)


def profile_path(name: str) -> Path:
    return STATE / f"{name}.prof"


def profiled(name: str, work: Callable[[], T]) -> T:
    """The work's result, done under the profiler in this thread; the profile is left as a file."""
    STATE.mkdir(parents=True, exist_ok=True)
    profiler = cProfile.Profile()
    try:
        return profiler.runcall(work)
    finally:
        profiler.dump_stats(profile_path(name))


def machine() -> dict[str, str]:
    """What the figures were seen on, and how busy it was: the load of the last minute."""
    return {
        "cores": str(os.cpu_count()),
        "load": " ".join(f"{load:.2f}" for load in os.getloadavg()),
    }


def markdown() -> str:
    """The last run as a table in Markdown. Raises ``FileNotFoundError`` before the first."""
    found = json.loads(LAST.read_text())
    rows = [Row(**row) for row in found["rows"]]
    about = "; ".join(f"{name} {value}" for name, value in found["about"].items())
    lines = [
        f"{found['at']}: {about}.",
        "",
        "| measure | seen | ceiling in the same run | ratio | target | |",
        "|---|---|---|---|---|---|",
        *("| " + " | ".join(_cells(row)) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def write_markdown() -> Path:
    """Put the last run between its marks in ``docs/bench.md``; where there are none, at its end."""
    before, after = "", ""
    if DOCUMENT.exists():
        before, begin, rest = DOCUMENT.read_text().partition(_BEGIN)
        after = rest.partition(_END)[2] if begin else ""
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(f"{before}{_BEGIN}\n\n{markdown()}\n{_END}{after or chr(10)}")
    return DOCUMENT


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _mark(reached: bool | None) -> str:
    return {True: "reached", False: "missed", None: ""}[reached]


def _cells(row: Row) -> tuple[str, str, str, str, str, str]:
    return row.measure, row.seen, row.ceiling, row.ratio, row.target, _mark(row.reached)
