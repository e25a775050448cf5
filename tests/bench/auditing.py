"""Auditing: everyone's events copied, every record proved, and a long case told at any moment."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from infra.demo.office import AUDITOR, CLERK
from infra.demo.people import told
from infra.demo.story import CONFIRMED_ON, WAGES_FEN, Story
from services.oversight.model import AGGREGATES
from services.oversight.reactions import on_contradiction
from services.oversight.rules import Compared, Walked
from shared.bus.arrivals import copying
from shared.bus.port import TopicSpec
from shared.clock import instant_of
from shared.kernel.decider import Domain
from shared.kernel.postgres import PostgresStore
from shared.runtime.proof import MarkPage, mark_page
from tests.bench.consuming import Taking, bare_rate, consume, fill_topic
from tests.bench.ground import PARTITIONS, Ground
from tests.bench.serving import Latencies
from tests.bench.table import Report, profiled
from tests.house import Run, running

TOPIC: Final = "doudi.bench.bench"
INTAKE_OF_BARE: Final = 0.5
ROUNDS: Final = 3
PAGE: Final = 2_000
CASE_EVENTS: Final = 200
QUESTIONS: Final = 200
OVERSIGHT: Final = Domain("oversight", AGGREGATES)
COPYING: Final = Taking(copying(on_contradiction), OVERSIGHT, lambda s: s.copies.end().position)


def measure(report: Report, ground: Ground) -> None:
    """Copies a second, events proved a second, and how long an auditor waits for an answer."""
    log = ground.database("audited")
    _proof(report, log, _copies(report, ground, log))
    asyncio.run(_questions(report, ground.folder / "audited"))


def _copies(report: Report, ground: Ground, log: str) -> str:
    """Copy a log that was relayed; the address of the copies' database."""
    ground.bus.create_topics([TopicSpec(TOPIC, PARTITIONS)])
    fill_topic(ground, TOPIC, log)
    ours, bare = [], []
    for _ in range(ROUNDS):
        copies = ground.database("copies")
        ours.append(consume(ground, TOPIC, COPYING, copies))
        bare.append(bare_rate(ground, TOPIC))
    seen, ceiling = median(ours), median(bare)
    missed = report.add(
        "everyone's events copied by oversight, records/s",
        f"{seen:,.0f}",
        ceiling=f"bare KafkaConsumer and raw inserts {ceiling:,.0f}",
        ratio=f"{seen / ceiling:.2f}",
        target="half",
        reached=seen >= INTAKE_OF_BARE * ceiling,
        figures={"ours": ours, "bare": bare},
    )
    if missed:
        consume(ground, TOPIC, COPYING, ground.database("copies"), profiled)
        report.tell_profile("consuming")
        report.tell_profile("consuming-writer")
    return copies


def _proof(report: Report, log_url: str, copies_url: str) -> None:
    """The copies walked, and the log compared with them, its marks through their JSON."""
    log, copies = PostgresStore(log_url), PostgresStore(copies_url)
    total = log.head()

    def prove() -> float:
        started = time.perf_counter()
        walked = Walked()
        while page := copies.copies.read(walked.copies, PAGE):
            walked.take(page)
        compared = Compared("bench", walked, total)
        after: int | None = 0
        while after is not None:
            told_ = mark_page(log, total, after, PAGE).model_dump_json()
            page_of_log = MarkPage.model_validate_json(told_)
            compared.take(page_of_log.marks)
            after = page_of_log.next
        if found := compared.findings(lambda at: copies.copies.of_log("bench", at)):
            raise RuntimeError(f"an untouched log has findings: {found[:3]}")
        return total / (time.perf_counter() - started)

    rates = [prove() for _ in range(ROUNDS)]
    report.add(
        "every chain proved, copies walked and the log compared, events/s",
        f"{median(rates):,.0f}",
        figures={"ours": rates},
    )
    if report.profiling:
        profiled("proving", prove)
        report.tell_profile("proving")
    log.close()
    copies.close()


async def _questions(report: Report, folder: Path) -> None:
    """A case of so many events in the embedded system: its timeline, and a moment of its past."""
    timelines, moments = Latencies(), Latencies()
    async with running(folder) as run:
        case_id = await _long_case(run)
        timeline = f"/cases/{case_id}/timeline?limit=1000"
        moment = instant_of(CONFIRMED_ON) - timedelta(days=3)
        past = f"/cases/{case_id}/history?known_at={moment:%Y-%m-%dT%H:%M:%SZ}"
        events = len((await run.house.see(AUDITOR, "oversight", timeline))["entries"])
        for _ in range(ROUNDS):
            timelines.add(await _asked(run, timeline))
            moments.add(await _asked(run, past))
    for title, seen in (("timeline", timelines), ("state at a past moment", moments)):
        report.add(
            f"{title} of a case of {events} events, embedded, median / p95 / p99 ms",
            str(seen),
            figures=seen.figures("ours"),
        )


async def _long_case(run: Run) -> str:
    """The story's case, with changes reported until it has so many events."""
    story = Story(run.house, run.advance, lambda _step: None)
    case_id = str(await story.until_confirmed())
    seen = await run.house.see(CLERK, "decision", f"/cases/{case_id}/determination")
    earner = seen["account"]["members"][1]["person_id"]
    change: dict[str, Any] = {
        "income": [{"person_id": earner, "kind": "wage", "amount_fen": WAGES_FEN}],
        "explanation": told("复核"),
    }
    for _ in range(CASE_EVENTS):
        await run.house.do(CLERK, "decision", f"/cases/{case_id}/changes", change)
    await run.settled()
    return case_id


async def _asked(run: Run, path: str) -> list[float]:
    """Seconds that each of some questions in a row took."""
    took = []
    for _ in range(QUESTIONS):
        started = time.perf_counter()
        await run.house.see(AUDITOR, "oversight", path)
        took.append(time.perf_counter() - started)
    return took
