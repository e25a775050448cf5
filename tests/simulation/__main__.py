"""``python -m tests.simulation``: as many seeds as one likes, or one of them again."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.simulation.guards import GUARDS
from tests.simulation.run import NOTHING_REMOVED, Result, simulate, simulate_all

CHUNK = 25
LONG_TRACE = 20_000


def main() -> int:
    """Run the seeds asked for; 1 if one of them found something."""
    asked = _asked()
    began, done = time.monotonic(), 0
    for result in _results(asked):
        done += 1
        if result.finding is not None:
            sys.stdout.write(f"{result}\n")
            if asked.without:
                sys.stdout.write(f"without {asked.without}: missed after {done} seeds\n")
            return 1
        if asked.seeds == 1:
            sys.stdout.write("\n".join((*result.trace, f"{result}\n")))
        elif done % 100 == 0:
            sys.stdout.write(f"{done} of {asked.seeds} seeds, {_rate(done, began)}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{done} seeds from {asked.first}: all well, {_rate(done, began)}\n")
    return 0


def _asked() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first one")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--without", choices=sorted(GUARDS), help="take a guard out")
    return parser.parse_args()


def _results(asked: Namespace) -> Iterator[Result]:
    last = asked.first + asked.seeds
    chunks = [range(n, min(n + CHUNK, last)) for n in range(asked.first, last, CHUNK)]
    if asked.jobs == 1:
        for chunk in chunks:
            yield from _chunk(chunk, asked.without)
        return
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as processes:
        results = processes.map(_chunk, chunks, [asked.without] * len(chunks))
        for found in results:
            yield from found


def _chunk(seeds: range, without: str | None) -> list[Result]:
    removed = GUARDS[without] if without else NOTHING_REMOVED
    if len(seeds) == 1:
        return [simulate(seeds[0], removed, LONG_TRACE)]
    return list(simulate_all(seeds, removed))


def _rate(done: int, began: float) -> str:
    return f"{done / (time.monotonic() - began):.1f} a second"


if __name__ == "__main__":
    sys.exit(main())
