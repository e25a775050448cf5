"""End to end: a command at one service until what follows from it is in another service's view.

Intake takes applications in; its ``application-accepted`` is what another service acts upon:
verification opens the check and shows it. So the way is: HTTP, intake's turn, its relay, Kafka,
verification's consumer and turn, its projector, MongoDB, and ``wait_for`` on that view over HTTP.
The clock runs from when the command was due to when the check has been shown.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import uuid4

import psycopg
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from infra.operators import Operator, System
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.connection import KafkaSettings
from shared.bus.kafka.producing import producer_options
from shared.bus.port import TopicSpec
from shared.kernel.postgres import PostgresStore
from shared.settings import SERVICES
from tests.bench import households, servers
from tests.bench.domain import fill
from tests.bench.ground import Ground
from tests.bench.load import Answer, Client, elsewhere, open_loop, request
from tests.bench.serving import SHARES, Latencies
from tests.bench.table import Report, percentile
from tests.bench.writing import multi_row_insert

RATE: Final = 100.0
SECONDS: Final = 5.0
ROUNDS: Final = 3
WARM_UP: Final = 40
TARGET_MS: Final = 250.0
CEILING_ROUNDS: Final = 200
_EACH: Final = int(RATE * SECONDS)
_FIRST_PERSON: Final = 2_000_000
"""Above those of the other sections, whose people these are not."""


def measure(report: Report, ground: Ground) -> None:
    """Median, p95 and p99 from acceptance, and from the application's submission."""
    stack = ground.stack
    system = stack.system
    ceiling = _ceiling(ground)
    sums = {name: sum(part[name] for part in ceiling.values()) for name in SHARES}
    beside = " + ".join(f"{what} {part['median']:.1f}" for what, part in ceiling.items())
    for kind, drive in (("accepted", accept_and_see), ("submitted", submit_accept_and_see)):
        seen = Latencies()
        first = _FIRST_PERSON + (0 if drive is accept_and_see else ROUNDS * _EACH + WARM_UP)
        token, persons = elsewhere(newcomers, system, first, WARM_UP + ROUNDS * _EACH)
        elsewhere(drive, system, token, persons[:WARM_UP])
        for number in range(ROUNDS):
            of_round = persons[WARM_UP + number * _EACH :][:_EACH]
            seen.add(elsewhere(drive, system, token, of_round))
        missed = report.add(
            f"application {kind} → its check in verification's view, median / p95 / p99 ms "
            f"at {RATE:.0f} a second",
            str(seen),
            ceiling=f"{beside}; p99 {sums['p99']:.1f}",
            ratio=f"median × {seen.of('median') / sums['median']:.0f}",
            target=f"p99 < {TARGET_MS:.0f} ms",
            reached=seen.of("p99") < TARGET_MS,
            figures=seen.figures("ours")
            | {f"{k}_ms": list(v.values()) for k, v in ceiling.items()},
        )
        if missed:
            name = f"endtoend-{kind}"
            persons = elsewhere(newcomers, system, first + 100_000, _EACH)[1]
            with servers.profiled_api(stack, "intake", name):
                elsewhere(drive, system, token, persons)
            report.tell_profile(name)


async def newcomers(system: System, first: int, count: int) -> tuple[str, list[str]]:
    """A clerk's token, and people who have not applied yet."""
    token = (await households.clerk_tokens(system, 1))[0]
    return token, await households.register(system, first, count)


async def accept_and_see(system: System, token: str, persons: list[str]) -> list[float]:
    """Everybody applies; then seconds from each acceptance to the check in the view.

    In between, what follows from the applications is waited for, so that it is not counted.
    """
    submitted = await households.apply_all(system, token, persons)
    async with Operator(system) as operator:
        await _settled(operator)
    return await _at_rate(
        len(persons), lambda client, n: _accept_and_see(client, system, token, submitted[n])
    )


async def _settled(operator: Operator) -> None:
    """Wait until no event is on its way; departments are not asked here, and stay on the agenda."""
    while True:
        found = [await operator.get(name, "/ops/backlog") for name in SERVICES]
        if not any(n for one in found for what, n in one["waiting"].items() if what != "agenda"):
            return
        await asyncio.sleep(0.1)


async def submit_accept_and_see(system: System, token: str, persons: list[str]) -> list[float]:
    """Seconds from each submission, which is accepted as soon as answered, to the view."""
    prepared = [households.application(system, token, person) for person in persons]

    async def one(client: Client, number: int) -> None:
        submitted = await client.send(prepared[number])
        await _accept_and_see(client, system, token, submitted)

    return await _at_rate(len(persons), one)


async def _accept_and_see(client: Client, system: System, token: str, submitted: Answer) -> None:
    case_id = submitted.json()["case_id"]
    accepted = await client.send(households.acceptance(system, token, case_id, submitted.etag))
    position = accepted.json()["position"]
    url = f"{system.services['verification']}/checks/{case_id}?wait_for=intake:{position}"
    (await client.send(request("GET", url, token=token))).json()


async def _at_rate(count: int, job: Callable[[Client, int], Awaitable[None]]) -> list[float]:
    client = Client()
    took = await open_loop(count, RATE, lambda number: job(client, number))
    client.close()
    return took


def _ceiling(ground: Ground) -> dict[str, dict[str, float]]:
    """One commit, one acknowledged send and one poll that brings it, alone, in milliseconds."""
    engines = ground.stack.engines
    settings = KafkaSettings(engines["kafka"].address, replication=1)
    url = ground.stack_database("ceiling")
    store = PostgresStore(url)
    row = fill(store, 3)[0]
    store.close()
    bus = KafkaBus(settings)
    topic = f"doudi.c{uuid4().hex[:8]}.bench"
    bus.create_topics([TopicSpec(topic, 1)])
    bus.close()
    producer = KafkaProducer(**{**producer_options(settings), "linger_ms": 0})
    consumer = KafkaConsumer(
        **settings.common(), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    consumer.assign([TopicPartition(topic, 0)])
    took: dict[str, list[float]] = {"commit": [], "send": [], "poll": []}
    with psycopg.connect(url) as connection:
        for number in range(CEILING_ROUNDS):
            started = time.perf_counter()
            values = (number + 10, uuid4(), 1, row.type, row.document, row.digest, row.digest)
            connection.execute(multi_row_insert(1), values, prepare=True)
            connection.commit()
            committed = time.perf_counter()
            producer.send(topic, row.document).get(30)
            acknowledged = time.perf_counter()
            while not consumer.poll(1000):
                pass
            took["commit"].append(committed - started)
            took["send"].append(acknowledged - committed)
            took["poll"].append(time.perf_counter() - acknowledged)
    producer.close()
    consumer.close()
    return {
        what: {name: percentile(seconds, share) * 1000 for name, share in SHARES.items()}
        for what, seconds in took.items()
    }
