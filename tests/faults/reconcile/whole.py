"""Everything compared with everything."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from infra.clockwork import now
from infra.distributed import definition_of
from shared.clock import legal_date
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    DeterminationOpened,
    TownshipApproved,
)
from shared.contracts.home_visits import HomeVisitRecorded
from shared.contracts.intake import ApplicationAccepted, ApplicationClosed, ApplicationSubmitted
from shared.contracts.payment import EntitlementOpened
from shared.contracts.verification import CheckCompleted, CheckOpened, DemocraticReviewHeld
from shared.kernel.copies import Copy
from shared.runtime.service import topic_of
from shared.settings import SERVICES
from tests.faults.lives import Driver
from tests.faults.reconcile.care import of_care
from tests.faults.reconcile.copies import copies_in, of_copies
from tests.faults.reconcile.logs import Log, of_chains, of_commands
from tests.faults.reconcile.money import of_aid, of_bank, of_endings, of_funds, of_months
from tests.faults.reconcile.topics import of_reactions, of_topic
from tests.faults.reconcile.views import of_views
from tests.faults.site import Site

ONCE: Final = tuple(
    event_class.type
    for event_class in (
        ApplicationSubmitted,
        ApplicationAccepted,
        CheckOpened,
        HomeVisitRecorded,
        DemocraticReviewHeld,
        CheckCompleted,
        DeterminationOpened,
        BenefitProposed,
        TownshipApproved,
        CaseConfirmed,
        ApplicationClosed,
        EntitlementOpened,
    )
)
"""What happens exactly once in the story's life of a case; its payments are counted by month."""


async def reconcile(
    site: Site, driver: Driver, cases: Iterable[UUID] = (), *, parked: int = 0
) -> dict[str, Log]:
    """Wait until nothing is on its way, then compare everything with everything.

    ``cases`` are those that lived the whole story; ``parked`` counts the records that are set
    aside. Raises ``AssertionError`` with every finding; returns the logs.
    """
    await driver.settle()
    assert not site.unexpected, site.unexpected
    moments = await driver.persist(lambda: now(driver.operator))
    logs, copies, findings = await asyncio.to_thread(_of_databases, site, parked)
    findings += of_copies(copies, logs)
    findings += [sentence async for sentence in _proofs(driver)]
    findings += [sentence async for sentence in of_views(site)]
    findings += of_bank(logs["payment"], await driver.client.bank_ledger())
    findings += of_affairs(logs, legal_date(min(moments.values())))
    for case_id in cases:
        findings += _of_case(logs, case_id)
    findings += site.errors()
    await asyncio.to_thread(site.wait_ready)
    assert not findings, findings
    return logs


def of_affairs(logs: Mapping[str, Log], today: date) -> Iterator[str]:
    """What is wrong with people's money and care, by what the logs say."""
    yield from of_funds(logs["payment"])
    yield from of_aid(logs)
    yield from of_months(logs["payment"])
    yield from of_endings(logs, today)
    yield from of_care(logs["care"], today)


def _of_databases(site: Site, parked: int) -> tuple[dict[str, Log], list[Copy], list[str]]:
    settings, findings = site.settings, []
    logs: dict[str, Log] = {}
    with site.bus() as bus:
        for service in SERVICES:
            with site.store(service) as store:
                log = logs[service] = Log.of(service, store)
                found = store.parked(None, ("", "", 0), 1000)
            findings += of_chains(log)
            findings += of_commands(log)
            findings += of_topic(bus, topic_of(settings.cell, service), log)
            if service == "oversight":
                # What is no event it sets aside under its own place, whatever key it came with.
                findings += [f"oversight parked {r.key}" for r in found if "/" not in r.key]
            else:
                parked -= len(found)
        for service in SERVICES:
            with site.store(service) as store:
                findings += of_reactions(logs, definition_of(service), store)
    with site.store("oversight") as store:
        copies = copies_in(store.copies)
    if parked:
        findings.append(f"{-parked} records are parked beside those that are known")
    return logs, copies, findings


def _of_case(logs: Mapping[str, Log], case_id: UUID) -> Iterator[str]:
    """What happens once in a life happened once."""
    counts = Counter(
        document.type
        for log in logs.values()
        for document in log.documents
        if document.subject == case_id
    )
    for event_type in ONCE:
        if counts[event_type] != 1:
            yield f"case {case_id}: {counts[event_type]} times {event_type}"


async def _proofs(driver: Driver) -> AsyncIterator[str]:
    """What the services themselves find out about their logs, and oversight about all of them."""
    for service in SERVICES:
        proof = await _asked(driver, service, "/ops/log/verify")
        if not proof["sound"]:
            yield f"{service}: {proof['findings']}"
    proof = await _asked(driver, "oversight", "/ops/proofs")
    if not proof["sound"]:
        yield f"oversight cannot prove the record: {proof['listed']}"


async def _asked(driver: Driver, service: str, path: str) -> Any:
    return await driver.persist(lambda: driver.operator.post(service, path))
