"""HTTP: applications submitted and cases read, against an empty route on the same server.

The load is an open loop from a process of its own: at 200 requests a second, in turns a new
household's application and a look at a case. Every application is put into the vault, decided
and committed before it is answered; what follows from it (the topic, the views) goes on beside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Final

from infra.operators import System
from tests.bench import households, servers
from tests.bench.ground import Ground
from tests.bench.load import Client, elsewhere, open_loop, request
from tests.bench.table import Report, percentile

RATE: Final = 200.0
SECONDS: Final = 5.0
EMPTY_SECONDS: Final = 3.0
ROUNDS: Final = 3
WARM_UP: Final = 60
TARGET_MS: Final = 100.0
SHARES: Final = {"median": 0.5, "p95": 0.95, "p99": 0.99}
_EACH: Final = int(RATE * SECONDS / 2)


@dataclass
class Latencies:
    """Of one kind of request: each round's median, p95 and p99 in milliseconds."""

    rounds: list[dict[str, float]] = field(default_factory=list)

    def add(self, seconds: list[float]) -> None:
        """Take a round in."""
        found = {name: percentile(seconds, share) * 1000 for name, share in SHARES.items()}
        self.rounds.append(found)

    def of(self, name: str) -> float:
        """The median over the rounds."""
        return median(one[name] for one in self.rounds)

    def __str__(self) -> str:
        return " / ".join(f"{self.of(name):.1f}" for name in SHARES)

    def figures(self, kind: str) -> dict[str, list[float]]:
        """As the report keeps them."""
        return {f"{kind}_{name}_ms": [one[name] for one in self.rounds] for name in SHARES}


def measure(report: Report, ground: Ground) -> None:
    """Median, p95 and p99 of both kinds of request, on the embedded system and on the stack."""
    with servers.empty() as nothing:
        with servers.embedded(ground.folder / "embedded") as system:
            missed = _measure(report, "embedded", system, nothing)
        if missed:
            with servers.embedded(ground.folder / "profiled", "serving-embedded") as system:
                _load_once(system, first=0)
            report.tell_profile("serving-embedded")
        stack = ground.stack
        system = stack.system
        if _measure(report, "real engines", system, nothing):
            with servers.profiled_api(stack, "intake", "serving-stack"):
                _load_once(system, first=1_000_000)
            report.tell_profile("serving-stack")


def _measure(report: Report, engines: str, system: System, nothing: str) -> bool:
    """All rounds against one system; whether a profile is wanted."""
    token, persons, cases = elsewhere(prepare, system, 0, WARM_UP + ROUNDS * _EACH)
    submitted, read, empty = Latencies(), Latencies(), Latencies()
    for number in range(ROUNDS):
        empty.add(elsewhere(ask_nothing, nothing))
        applicants = persons[number * _EACH : (number + 1) * _EACH]
        of_round = elsewhere(submit_and_read, system, token, applicants, cases)
        submitted.add(of_round[0])
        read.add(of_round[1])
    wanted = False
    for kind, seen in (("submit an application", submitted), ("read a case", read)):
        wanted |= report.add(
            f"{kind}, {engines}, median / p95 / p99 ms at {RATE:.0f} requests/s",
            str(seen),
            ceiling=f"empty route {empty}",
            ratio=f"p99 × {seen.of('p99') / empty.of('p99'):.0f}",
            target=f"p99 < {TARGET_MS:.0f} ms",
            reached=seen.of("p99") < TARGET_MS,
            figures={**seen.figures("ours"), **empty.figures("empty")},
        )
    return wanted


def _load_once(system: System, first: int) -> None:
    token, persons, cases = elsewhere(prepare, system, first, WARM_UP + _EACH)
    elsewhere(submit_and_read, system, token, persons, cases)


async def prepare(system: System, first: int, count: int) -> tuple[str, list[str], list[str]]:
    """A token, persons who have not applied yet, and cases to look at."""
    token = (await households.clerk_tokens(system, 1))[0]
    persons = await households.register(system, first, count)
    answers = await households.apply_all(system, token, persons[:WARM_UP])
    return token, persons[WARM_UP:], [answer.json()["case_id"] for answer in answers]


async def submit_and_read(
    system: System, token: str, persons: list[str], cases: list[str]
) -> tuple[list[float], list[float]]:
    """Seconds that each application took, and each reading."""
    client = Client()
    applications = [households.application(system, token, person) for person in persons]
    readings = [households.reading(system, token, case) for case in cases]

    async def one(number: int) -> None:
        half = number // 2
        prepared = readings[half % len(readings)] if number % 2 else applications[half]
        (await client.send(prepared)).json()

    took = await open_loop(2 * len(applications), RATE, one)
    client.close()
    return took[::2], took[1::2]


async def ask_nothing(url: str) -> list[float]:
    """Seconds that each request to the empty route took, at the same rate."""
    client, prepared = Client(), request("GET", url)

    async def one(_number: int) -> None:
        (await client.send(prepared)).json()

    took = await open_loop(int(RATE * EMPTY_SECONDS), RATE, one)
    client.close()
    return took
