"""``make bench``: every measure beside its ceiling, in one run. Takes about ten minutes.

``python -m tests.bench relaying consuming`` runs some sections, ``--profile`` also profiles what
misses its target, ``--markdown`` puts the last run's table into ``docs/bench.md``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from infra.engines import EngineName, engines
from infra.garbage import freeze
from tests.bench import (
    assessing,
    auditing,
    consuming,
    endtoend,
    reading,
    rebuilding,
    relaying,
    serving,
    writing,
)
from tests.bench.ground import Ground
from tests.bench.table import Report, machine, write_markdown

SECTIONS: Final[Mapping[str, Callable[[Report, Ground], None]]] = {
    "writing": writing.measure,
    "reading": reading.measure,
    "rebuilding": rebuilding.measure,
    "relaying": relaying.measure,
    "consuming": consuming.measure,
    "auditing": auditing.measure,
    "assessing": assessing.measure,
    "serving": serving.measure,
    "endtoend": endtoend.measure,
}
_NEEDS: Final[Mapping[str, tuple[EngineName, ...]]] = {
    "writing": ("postgres",),
    "reading": ("postgres",),
    "rebuilding": ("postgres", "mongo"),
    "relaying": ("postgres", "kafka"),
    "consuming": ("postgres", "kafka"),
    "auditing": ("postgres", "kafka"),
    "assessing": ("postgres",),
}
"""What a section needs beforehand; those of the whole system start their own stack."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="section", help=", ".join(SECTIONS))
    parser.add_argument("--profile", action="store_true", help="profile what misses its target")
    parser.add_argument("--markdown", action="store_true", help="only write docs/bench.md")
    given = parser.parse_args()
    if unknown := set(given.sections) - SECTIONS.keys():
        parser.error(f"no such section: {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    if given.markdown:
        sys.stdout.write(f"{write_markdown()}\n")
        return
    _run([name for name in SECTIONS if name in (given.sections or SECTIONS)], given.profile)


def _run(sections: list[str], profiling: bool) -> None:
    report = Report(profiling=profiling)
    report.about = {"Python": sys.version.split()[0], **machine()}
    freeze()  # as every process of ours does once it has started
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="doudi-bench-") as name:
        folder = Path(name)
        parts = [s for s in sections if s in _NEEDS]
        if parts:
            wanted: tuple[EngineName, ...] = tuple({e for s in parts for e in _NEEDS[s]})
            with engines(folder / "engines", wanted) as running:
                _measure(report, parts, Ground(folder, running))
        wholes = [s for s in sections if s not in _NEEDS]
        if wholes:
            _measure(report, wholes, Ground(folder, {}))
    report.about["load at the end"] = machine()["load"]
    report.about["took"] = f"{time.monotonic() - started:.0f} s"
    report.show()
    report.console.print(", ".join(f"{k} {v}" for k, v in report.about.items()), highlight=False)
    report.save()


def _measure(report: Report, sections: list[str], ground: Ground) -> None:
    try:
        for section in sections:
            report.section = section
            report.console.print(f"{section}:")
            SECTIONS[section](report, ground)
        report.about |= ground.versions()
    finally:
        ground.close()


if __name__ == "__main__":
    main()
