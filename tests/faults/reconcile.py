"""What must hold of a system once nothing is on its way, whatever befell it on the way there.

Everything is read from the outside: logs, topics, outcomes, views, the bank's ledger. Each
finding is a sentence; none is the only good answer.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from infra.distributed import definition_of
from shared.bus.port import Bus
from shared.bus.wire import source_of
from shared.bus.witness import topic_rows
from shared.kernel.event import NO_DIGEST, Document, Recorded, is_sealed, read
from shared.kernel.reactions import Reactions
from shared.kernel.store import Handled, Store
from shared.kernel.submission import Place
from shared.runtime.build import open_views
from shared.runtime.definition import Definition
from shared.runtime.service import topic_of
from shared.settings import SERVICES
from shared.views.memory import MemoryViews
from shared.views.port import ViewStore
from shared.views.projector import Projection, Projector
from shared.views.query import Cursor
from tests.faults.lives import Driver
from tests.faults.site import Site

ONCE: Final = (
    "doudi.intake.application-submitted.v1",
    "doudi.intake.application-accepted.v1",
    "doudi.verification.check-opened.v1",
    "doudi.verification.home-visit-recorded.v1",
    "doudi.verification.democratic-review-held.v1",
    "doudi.verification.check-completed.v1",
    "doudi.decision.determination-opened.v1",
    "doudi.decision.benefit-proposed.v1",
    "doudi.decision.township-approved.v1",
    "doudi.decision.case-confirmed.v1",
    "doudi.intake.application-closed.v1",
    "doudi.payment.entitlement-opened.v1",
    "doudi.payment.payment-intended.v1",
    "doudi.payment.payment-settled.v1",
)
"""What happens exactly once in the story's life of a case."""

_PAGE: Final = 500
_COMMANDS: Final = 500
_ANYWHERE: Final = Place("", UUID(int=0), 0, 0)


@dataclass(frozen=True)
class Log:
    """A service's log with its outcomes, as the database holds them."""

    service: str
    rows: list[Recorded]
    documents: list[Document[Any]]
    handled: dict[UUID, Handled]

    @classmethod
    def of(cls, service: str, store: Store) -> Log:
        """Read it all."""
        rows: list[Recorded] = []
        while page := store.read_log(rows[-1].position if rows else 0, _PAGE):
            rows += page
        documents = [read(row) for row in rows]
        ids = list({document.command_id for document in documents})
        handled: dict[UUID, Handled] = {}
        for start in range(0, len(ids), _COMMANDS):
            handled |= store.handled(ids[start : start + _COMMANDS])
        return cls(service, rows, documents, handled)


async def reconcile(
    site: Site, driver: Driver, cases: Iterable[UUID] = (), *, parked: int = 0
) -> dict[str, Log]:
    """Wait until nothing is on its way, then compare everything with everything.

    ``cases`` are those that lived the whole story; ``parked`` counts the records that are set
    aside. Raises ``AssertionError`` with every finding; returns the logs.
    """
    await driver.settle()
    assert not site.unexpected, site.unexpected
    logs, findings = await asyncio.to_thread(_of_databases, site, parked)
    findings += [sentence async for sentence in _proofs(driver)]
    findings += [sentence async for sentence in _of_views(site)]
    findings += _of_payments(logs["payment"], await driver.client.bank_ledger())
    for case_id in cases:
        findings += _of_case(logs, case_id)
    findings += site.errors()
    await asyncio.to_thread(site.wait_ready)
    assert not findings, findings
    return logs


def _of_databases(site: Site, parked: int) -> tuple[dict[str, Log], list[str]]:
    settings, findings = site.settings, []
    logs: dict[str, Log] = {}
    with site.bus() as bus:
        for service in SERVICES:
            with site.store(service) as store:
                log = logs[service] = Log.of(service, store)
                found = store.parked(None, ("", "", 0), 1000)
            findings += _of_chains(log)
            findings += _of_commands(log)
            findings += _of_topic(bus, topic_of(settings.cell, service), log)
            if service == "oversight":
                # What is no event it sets aside under its own place, whatever key it came with.
                findings += [f"oversight parked {r.key}" for r in found if "/" not in r.key]
            else:
                parked -= len(found)
        for service in SERVICES:
            with site.store(service) as store:
                findings += _of_reactions(logs, definition_of(service), store)
    if parked:
        findings.append(f"{-parked} records are parked beside those that are known")
    return logs, findings


def _of_chains(log: Log) -> Iterator[str]:
    """Positions without gaps, streams chained and sealed, moments that never go back."""
    streams: dict[UUID, tuple[int, bytes]] = {}
    for number, row in enumerate(log.rows, start=1):
        if row.position != number:
            yield f"{log.service}: {row.position} stands where {number} must"
        if not is_sealed(row):
            yield f"{log.service}: {row.position} is not as it was sealed"
        if streams.get(row.stream, (0, NO_DIGEST)) != (row.version - 1, row.previous_digest):
            yield f"{log.service}: {row.position} does not follow the event before it"
        streams[row.stream] = row.version, row.digest
    moments = [document.recorded_at for document in log.documents]
    if moments != sorted(moments):
        yield f"{log.service}: moments of recording go back"


def _of_commands(log: Log) -> Iterator[str]:
    """Every command's events lie together and are as many as its outcome says, wherever sent."""
    found: dict[UUID, list[int]] = defaultdict(list)
    for row, document in zip(log.rows, log.documents, strict=True):
        found[document.command_id].append(row.position)
    for command, positions in found.items():
        outcome = log.handled.get(command)
        if outcome is None:
            yield f"{log.service}: command {command} has events and no outcome"
            continue
        end = outcome.position
        if positions != list(range(end - outcome.events + 1, end + 1)):
            yield f"{log.service}: command {command} wrote {positions}, its outcome says {outcome}"


def _of_topic(bus: Bus, topic: str, log: Log) -> Iterator[str]:
    """The topic holds every event with its very bytes, first occurrences in order per key."""
    source = source_of(topic)
    wanted = {row.position: row for row in log.rows}
    seen: dict[int, int] = {}
    latest: dict[bytes, int] = {}
    for row in topic_rows(bus, topic):
        known = wanted.get(row.position)
        if known is None or (known.document, known.digest) != (row.document, row.digest):
            yield f"{topic} holds another event {row.position} than the log"
            continue
        key = str(log.documents[row.position - 1].subject).encode()
        if row.position not in seen:
            if row.position < latest.get(key, 0):
                yield f"{topic}: event {row.position} came first after {latest[key]} of its key"
            latest[key] = row.position
        seen[row.position] = seen.get(row.position, 0) + 1
    missing = sorted(wanted.keys() - seen.keys())
    if missing:
        yield f"{topic} ({source}) lacks events {missing}"


def _of_reactions(logs: Mapping[str, Log], definition: Definition, store: Store) -> Iterator[str]:
    """Each event that a service reacts to, its own or another's, took effect once."""
    own = logs[definition.name]
    effects: dict[UUID, list[Document[Any]]] = defaultdict(list)
    for document in own.documents:
        effects[document.command_id].append(document)
    for reactions, sources in (
        (Reactions(definition.foreign), [s for s in SERVICES if s != definition.name]),
        (Reactions(definition.own), [definition.name]),
    ):
        for source in sources:
            for row, document in zip(logs[source].rows, logs[source].documents, strict=True):
                arrival = reactions.arrival(
                    str(document.subject), row.type, row.document, _ANYWHERE
                )
                for submission in arrival.submissions if arrival else ():
                    command = submission.command_id
                    outcome = store.handled([command]).get(command)
                    of = f"{source}'s {row.position} ({row.type})"
                    if outcome is None:
                        yield f"{definition.name} never applied {of}"
                    elif outcome.events != len(effects[command]):
                        yield f"{definition.name} applied {of} otherwise than once"
                    elif any(e.causation_id != document.id for e in effects[command]):
                        yield f"{definition.name}: {command} was not caused by {of}"


def _of_payments(log: Log, ledger: list[dict[str, Any]]) -> Iterator[str]:
    """The bank credited what was settled, each once, and each case once a month."""
    settled = {
        str(document.data.payment_id): document.data.amount_fen
        for document in log.documents
        if document.type.startswith("doudi.payment.payment-settled.")
    }
    credited = {line["payment_id"]: line["amount_fen"] for line in ledger}
    if settled != credited:
        yield f"settled {settled}, but the bank credited {credited}"
    months = Counter(
        (document.subject, str(document.data.month))
        for document in log.documents
        if document.type.startswith("doudi.payment.payment-intended.")
    )
    twice = [paid for paid, count in months.items() if count > 1]
    if twice:
        yield f"intended twice: {twice}"


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


async def _proofs(driver: Driver) -> Any:
    """What the services themselves find out about their logs."""
    for service in SERVICES:
        proof = await driver.persist(lambda at=service: driver.operator.post(at, "/ops/log/verify"))
        if not proof["sound"]:
            yield f"{service}: {proof['findings']}"


async def _of_views(site: Site) -> Any:
    """Every view is what a fresh fold of the log gives."""
    settings = site.settings
    for service in SERVICES:
        definition = definition_of(service)
        views = await asyncio.to_thread(open_views, settings, definition)
        try:
            with site.store(service) as store:
                for projection in definition.projections:
                    view = projection.spec.name
                    fresh = await _folded(projection, store)
                    seen = await documents_of(views, view)
                    if seen != await documents_of(fresh, view):
                        yield f"{service}: the view {view} is not what its log gives"
                    position = (await views.progress(view)).position
                    if position != store.head():
                        yield f"{service}: the view {view} stands at {position}"
        finally:
            await views.close()


class _Elected:
    def held(self) -> bool:
        return True


async def _folded(projection: Projection, store: Store) -> MemoryViews:
    views = MemoryViews([projection.spec])
    projector = Projector(projection, views, store, _Elected())
    while await projector.step():
        pass
    return views


async def documents_of(views: ViewStore, view: str) -> dict[str, dict[str, Any]]:
    """All documents of a view by key."""
    found: dict[str, dict[str, Any]] = {}
    after: Cursor | None = None
    while True:
        page = await views.query(view, after=after, limit=200)
        found |= {str(document["_id"]): document for document in page.documents}
        after = page.after
        if after is None:
            return found
