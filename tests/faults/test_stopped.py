"""Processes that stand still for longer than others wait for them, and then go on."""

from __future__ import annotations

import asyncio
from contextlib import closing
from http import HTTPStatus
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg

from infra.demo.office import PREPARER
from infra.engines import Engine
from infra.stack.process import Process
from tests.faults.lives import Driver, driving
from tests.faults.nursery import Forked, Nursery
from tests.faults.points import AFTER_POLL, AFTER_PRODUCE, BEFORE_COMMIT, BEFORE_POSITION, Faults
from tests.faults.reconcile import reconcile
from tests.faults.site import Site, distributed_site, until

WORKERS: Final = ("payment-worker-1", "payment-worker-2")

ZOMBIE: Final = Faults(AFTER_POLL, "case-confirmed", how="SIGSTOP")
SENDER: Final = Faults(AFTER_PRODUCE, "payment-intended", how="SIGSTOP")
SAVER: Final = Faults(BEFORE_POSITION, "run-prepared", how="SIGSTOP")
HOLDER: Final = Faults(BEFORE_COMMIT, "run-approved", how="SIGSTOP")

_ELECTIONS: Final = """SELECT count(pg_terminate_backend(pid)) FROM pg_locks
    WHERE locktype = 'advisory' AND classid = x'456C6563'::int
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


async def test_who_stood_still_changes_nothing(
    folder: Path, nursery: Nursery, mortal: dict[str, Engine]
) -> None:
    """Two workers and two APIs of payment; each of these stops once where it hurts most.

    The session in the consumer group is three seconds, a turn may last two.
    """
    with distributed_site(
        folder,
        nursery,
        mortal,
        instances={"payment": 2},
        KAFKA_SESSION_MS="3000",
        TRANSACTION_TIMEOUT_MS="2000",
    ) as site:
        for fault in (ZOMBIE, SAVER, SENDER):
            site.plant_first(WORKERS, fault)
        site.plant("payment-api-1", HOLDER)
        site.start()
        site.keep()
        await asyncio.to_thread(site.wait_ready)
        async with driving(site) as driver, asyncio.TaskGroup() as group:
            group.create_task(_stop_each(site, driver))
            figures = await driver.live()
            await reconcile(site, driver, figures)
        assert not site.missed()


async def _stop_each(site: Site, driver: Driver) -> None:
    zombie = await _stopped(site, ZOMBIE)
    # Its partitions go to the other one, which applies what the zombie has in its hands.
    await _taken_over(site, zombie)
    await until(lambda: _count(site, "entitlement-opened") == 2)
    zombie.resume()
    await _next_lives(site)
    # Sent and acknowledged, not yet saved: the other sends it again and saves first.
    saver = await _stopped(site, SAVER)
    await _taken_over(site, saver)
    await until(lambda: _relayed(site))
    saver.resume()
    await _next_lives(site)
    holder = await _stopped(site, HOLDER)
    await _others_go_on(site, driver)
    holder.resume()
    # Handed to the producer only: it goes out when the other has sent the same, and more.
    sender = await _stopped(site, SENDER)
    await _taken_over(site, sender)
    await until(lambda: _count(site, "payment-settled") == 2 and _relayed(site))
    sender.resume()


async def _stopped(site: Site, fault: Faults) -> Forked:
    """The process that stands still there."""

    def stands() -> bool:
        victim = site.victim(fault)
        return victim is not None and victim.stopped

    await until(stands)
    victim = site.victim(fault)
    assert victim is not None
    return victim


async def _taken_over(site: Site, victim: Process) -> None:
    """The elected tasks go to another: a stopped process keeps its connection, not for ever.

    The server ends such a session after a while by itself; here it is ended at once.
    """
    assert victim.alive
    address = site.settings.database_url_of("payment")
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        connection.execute(_ELECTIONS)


async def _next_lives(site: Site) -> None:
    """Both workers die and come back, to be befallen by what is planted next."""
    for name in WORKERS:
        site.kill(name)


async def _others_go_on(site: Site, driver: Driver) -> None:
    """A turn that stands still holds the log's lock until the server ends it, no longer."""
    other = site.processes["payment-api-2"].url
    headers = {
        "Authorization": f"Bearer {await driver.client.token(PREPARER)}",
        "Idempotency-Key": str(uuid4()),
    }
    june = {"programme": "dibao", "division": "350924100000", "month": "2020-06"}
    answer = await driver.client.client.post(f"{other}/runs", json=june, headers=headers)
    assert answer.status_code in {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
    assert "month" in answer.json()["code"], answer.text


def _count(site: Site, name: str) -> int:
    """How many events of a name payment's log holds."""
    with site.store("payment") as store:
        return sum(row.type.split(".")[2] == name for row in store.read_log(0, 1000))


def _relayed(site: Site) -> bool:
    """Whether payment's whole log is known to be in its topic."""
    with site.store("payment") as store:
        positions = store.positions("relay")
        return bool(positions) and positions[0].position == store.head()
