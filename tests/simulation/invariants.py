"""The guarantees of design §1, held against what anybody could see.

They look at logs, topics, views, the bank's ledger and the answers that clients were given; never
inside a fake. What a decision must have been is worked out anew, from the log before it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from services.payment.rules import payment_id_of
from shared.bus.port import Record
from shared.bus.wire import DIGEST, LOG_POSITION, header, key_of
from shared.bus.witness import verify
from shared.calendar import Month
from shared.clock import instant_of
from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    PublicityCompleted,
    PublicityPosted,
)
from shared.contracts.intake import OpenApplicationClaimed, OpenApplicationReleased
from shared.contracts.kernel import RecordDiscarded, RecordParked, RecordRedriven
from shared.contracts.payment import PaymentIntended, PaymentSettled
from shared.kernel.decider import Fact, Moment, Refusal
from shared.kernel.event import NO_DIGEST, Document, Recorded, is_sealed, read
from shared.kernel.reactions import Reactions
from shared.kernel.states import evolve
from shared.kernel.submission import Submission
from tests.simulation.findings import Invariant, require
from tests.simulation.harness import drive
from tests.simulation.outside import account_of
from tests.simulation.world import CELL, moment_at

if TYPE_CHECKING:
    from tests.simulation.clients import Answer
    from tests.simulation.households import Household
    from tests.simulation.world import Site, World

PAGE: Final = 200


@dataclass
class History:
    """A service's log, read once, with what it says."""

    site: Site
    rows: list[Recorded] = field(default_factory=list)
    documents: list[Document[Any]] = field(default_factory=list)

    @classmethod
    def of(cls, site: Site) -> History:
        """All of it."""
        history = cls(site)
        while page := site.log.read_log(len(history.rows), PAGE):
            history.rows += page
        history.documents = [read(row) for row in history.rows]
        return history

    def events(self, *kinds: type[Any]) -> Iterator[Document[Any]]:
        """The documents of some kinds, in order."""
        return (d for d in self.documents if isinstance(d.data, kinds))


class Watch:
    """Looks on while the seed runs, and at everything when it has come to rest."""

    def __init__(
        self, world: World, households: Mapping[UUID, Household], last_month: Month
    ) -> None:
        self._world = world
        self._households = households
        self._last_month = last_month
        self._read: list[int] = []
        self._known: dict[str, History] = {}

    def acknowledged(self, answer: Answer) -> None:
        """An answer is true the moment that it is given: its events are in the log, for good."""
        site, outcome = self._world.sites[answer.service], answer.outcome
        first = outcome.position - outcome.events
        rows = site.log.read_log(first, outcome.events)
        complete = len(rows) == outcome.events
        text = f"{site.name} acknowledged {outcome} without its events"
        require(complete, Invariant.COMMANDS_ONCE, text)
        own = all(read(row).command_id == outcome.command_id for row in rows)
        text = f"{site.name} acknowledged {outcome} for another's events"
        require(own, Invariant.COMMANDS_ONCE, text)

    def at_any_time(self, answers: Iterable[Answer]) -> None:
        """What must hold at every moment. Raises ``Finding`` for the first that does not."""
        histories = self._histories()
        by_service: dict[str, list[Answer]] = defaultdict(list)
        for answer in answers:
            by_service[answer.service].append(answer)
        for name, history in histories.items():
            logs_are_sound(history)
            commands_took_effect_once(history, by_service[name])
            answers_are_true(history, by_service[name])
            effects_came_once(history)
            keys_stayed_in_order(self._world, history, histories)
        applications_stayed_single(histories["intake"])
        what_is_due(self._households, histories["decision"], self._last_month)

    def at_rest(self) -> None:
        """What must hold when nothing is under way any more. Raises ``Finding`` likewise."""
        world, histories = self._world, self._histories()
        for name, history in histories.items():
            topic_is_complete(world, history)
            found = verify(history.site.log, world.bus, history.site.topic)
            require(not found, Invariant.LOGS_SOUND, f"{name}: log verify finds {found}")
            views_are_true(history)
            foreign_events_took_effect(history, histories)
            parked = history.site.log.parked(None, ("", "", 0), PAGE)
            require(not parked, Invariant.KEYS_IN_ORDER, f"{name}: still parked: {parked}")
        publicities_ended(world, histories["decision"])
        due = what_is_due(self._households, histories["decision"], self._last_month)
        money_was_paid_once(world, histories["payment"], due)

    def _histories(self) -> dict[str, History]:
        if self._read != self._heads():
            self._read = self._heads()
            self._known = {name: History.of(site) for name, site in self._world.sites.items()}
        return self._known

    def _heads(self) -> list[int]:
        return [site.log.head() for site in self._world.sites.values()]


def logs_are_sound(history: History) -> None:
    """Positions without gaps, versions dense, chains sealed, time never running backwards."""
    name, streams = history.site.name, dict[UUID, tuple[int, bytes]]()
    latest = None
    for expected, (row, document) in enumerate(
        zip(history.rows, history.documents, strict=True), start=1
    ):
        at = f"{name} log {expected}: "
        version, digest = streams.get(row.stream, (0, NO_DIGEST))
        require(row.position == expected, Invariant.LOGS_SOUND, f"{at}is {row.position}")
        require(row.version == version + 1, Invariant.LOGS_SOUND, f"{at}version {row.version}")
        chained = row.previous_digest == digest and is_sealed(row)
        require(chained, Invariant.LOGS_SOUND, f"{at}the chain is broken")
        later = latest is None or document.recorded_at >= latest
        require(later, Invariant.LOGS_SOUND, f"{at}recorded before {latest}")
        streams[row.stream] = row.version, row.digest
        latest = document.recorded_at


def commands_took_effect_once(history: History, answers: Iterable[Answer]) -> None:
    """Each command's events lie together, written at once; as many as were acknowledged."""
    name, places = history.site.name, defaultdict[UUID, list[int]](list)
    for row, document in zip(history.rows, history.documents, strict=True):
        places[document.command_id].append(row.position)
    for command_id, at in places.items():
        together = at[-1] - at[0] == len(at) - 1
        text = f"{name}: command {command_id} wrote events at {at}"
        require(together, Invariant.COMMANDS_ONCE, text)
    for answer in answers:
        at = places.get(answer.item.command_id, [])
        outcome = answer.outcome
        expected = list(range(outcome.position - outcome.events + 1, outcome.position + 1))
        text = f"{name} acknowledged {outcome}; its events are at {at}"
        require(at == expected, Invariant.COMMANDS_ONCE, text)


def answers_are_true(history: History, answers: Iterable[Answer]) -> None:
    """Every client's command, decided anew on the log before it, gives the same again."""
    site = history.site
    domain = site.definition.domain
    pending: dict[int, list[tuple[Submission, Answer]]] = defaultdict(list)
    aggregates: dict[UUID, str] = {}
    for answer in answers:
        item = answer.item
        if isinstance(item, Submission):
            pending[answer.outcome.position - answer.outcome.events].append((item, answer))
            aggregates |= {s.id(CELL, site.name): s.aggregate for s in item.reads}
    states: dict[UUID, Any] = {i: domain.aggregates[a].initial for i, a in aggregates.items()}
    for position in range(len(history.rows) + 1):
        for item, answer in pending.pop(position, ()):
            _decide_anew(history, item, answer, states)
        if position < len(history.rows):
            stream, event = history.rows[position].stream, history.documents[position].data
            if stream in states:
                states[stream] = evolve(domain, aggregates[stream], states[stream], event)
    require(not pending, Invariant.COMMANDS_ONCE, f"{site.name}: answers past the log's end")


def _decide_anew(
    history: History, item: Submission, answer: Answer, states: dict[UUID, Any]
) -> None:
    outcome, site = answer.outcome, history.site
    folded = [states[stream.id(CELL, site.name)] for stream in item.reads]
    first = outcome.position - outcome.events
    written = history.documents[first : outcome.position]
    if written:
        moments = [moment_at(written[0].recorded_at)]
    else:
        days = (answer.answered_on - answer.sent_on).days
        possible = [answer.sent_on + timedelta(days=n) for n in range(days + 1)]
        moments = [moment_at(instant_of(day)) for day in possible]
    decided = [_decision(item, folded, at) for at in moments]
    told = outcome.refusal or [document.data for document in written]
    text = f"{site.name} told {told}; {item.command!r} gives {decided[0]} at {first}"
    require(any(told == d for d in decided), Invariant.COMMANDS_ONCE, text)


def _decision(item: Submission, folded: list[Any], at: Moment) -> Any:
    try:
        facts = item.decide(*folded, item.command, at)
    except Refusal as refusal:
        return Refusal(
            refusal.code,
            facts={k: v if isinstance(v, int) else str(v) for k, v in refusal.facts.items()},
            source=refusal.source,
            status=refusal.status,
        )
    return [fact.event if isinstance(fact, Fact) else fact for fact in facts]


def records_of(world: World, site: Site) -> Iterator[Record]:
    """The topic of a service, partition by partition."""
    for partition, end in world.bus.end_offsets(site.topic).items():
        yield from world.bus.read_partition(site.topic, partition, 0, end)


def topic_is_complete(world: World, history: History) -> None:
    """Every event is in the topic, as it is in the log; first occurrences in the log's order."""
    name = history.site.name
    by_document = {row.document: row for row in history.rows}
    seen: set[int] = set()
    latest: dict[bytes, int] = {}
    for record in records_of(world, history.site):
        row = by_document.get(record.value or b"")
        if row is None or row.position in seen:
            continue
        seen.add(row.position)
        key = record.key or b""
        at = f"{name} topic {record.partition}/{record.offset}: "
        same = key == key_of(row) and header(record, DIGEST) == row.digest.hex()
        same = same and header(record, LOG_POSITION) == str(row.position)
        require(same, Invariant.TOPICS_COMPLETE, f"{at}not as the log has it")
        in_order = latest.get(key, 0) < row.position
        require(in_order, Invariant.TOPICS_COMPLETE, f"{at}{row.position} came late")
        latest[key] = row.position
    missing = [row.position for row in history.rows if row.position not in seen]
    require(not missing, Invariant.TOPICS_COMPLETE, f"{name}: the topic lacks {missing}")


def views_are_true(history: History) -> None:
    """Each view is what folding the whole log from its beginning gives."""
    site = history.site
    for projection in site.definition.projections:
        view, documents = projection.spec.name, dict[str, Any]()
        for document in history.events(*projection.events):
            for key in projection.keys(document):
                documents[key] = projection.fold(key, documents.get(key), document)
        expected = {key: found for key, found in documents.items() if found is not None}
        shown = {found.pop("_id"): found for found in _shown(site, view)}
        differing = sorted(k for k in {*expected, *shown} if expected.get(k) != shown.get(k))
        text = f"{site.name}: {view} differs from its log in " + "; ".join(
            f"{k}: shows {shown.get(k)}, should {expected.get(k)}" for k in differing
        )
        require(not differing, Invariant.VIEWS_TRUE, text)


def _shown(site: Site, view: str) -> Iterator[dict[str, Any]]:
    after = None
    while True:
        page = drive(site.views.query(view, after=after, limit=PAGE))
        yield from page.documents
        after = page.after
        if after is None:
            return


def effects_came_once(history: History) -> None:
    """Nothing follows twice from the same cause."""
    causes = Counter((d.causation_id, d.stream, d.data) for d in history.documents)
    repeated = [cause for cause, times in causes.items() if times > 1]
    text = f"{history.site.name}: followed twice: {repeated}"
    require(not repeated, Invariant.FOREIGN_EVENTS_ONCE, text)


def foreign_events_took_effect(history: History, histories: dict[str, History]) -> None:
    """What each event leads to, here or in another service, was written."""
    site = history.site
    written = {document.command_id for document in history.documents}
    for reacting in (site.definition.own, site.definition.foreign):
        for event, reacts in reacting.items():
            source = histories[event.type.split(".")[1]]
            for document in source.events(event):
                for submission in (s for react in reacts for s in react(document)):
                    text = f"{site.name}: {event.type} {document.id} of {document.subject} is lost"
                    there = submission.command_id in written
                    require(there, Invariant.FOREIGN_EVENTS_ONCE, text)


def keys_stayed_in_order(world: World, history: History, histories: dict[str, History]) -> None:
    """Nothing of a key was applied while an earlier record of it was parked; none parked twice."""
    site = history.site
    offsets = _first_offsets(world, history, histories)
    topics = {world.bus.topic_id(other.topic): other for other in world.sites.values()}
    parked: dict[tuple[UUID, int, bytes], list[int]] = defaultdict(list)
    ever: set[tuple[UUID, int, int]] = set()
    for row, document in zip(history.rows, history.documents, strict=True):
        event = document.data
        at = f"{site.name} log {row.position}: "
        if isinstance(event, RecordParked):
            place = event.topic_id, event.partition, event.offset
            require(place not in ever, Invariant.KEYS_IN_ORDER, f"{at}parked twice: {place}")
            ever.add(place)
            parked[_key_at(world, topics, *place)].append(event.offset)
        elif isinstance(event, RecordRedriven | RecordDiscarded):
            place = event.topic_id, event.partition, event.offset
            waiting = parked[_key_at(world, topics, *place)]
            text = f"{at}{place} left before {waiting}"
            require(waiting[:1] == [event.offset], Invariant.KEYS_IN_ORDER, text)
            waiting.pop(0)
        elif document.causation_id in offsets:
            topic_id, partition, key, offset = offsets[document.causation_id]
            earlier = [o for o in parked[topic_id, partition, key] if o < offset]
            text = f"{at}applied {offset} of {key!r} although {earlier} wait before it"
            require(not earlier, Invariant.KEYS_IN_ORDER, text)


def _first_offsets(
    world: World, history: History, histories: dict[str, History]
) -> dict[UUID, tuple[UUID, int, bytes, int]]:
    """Where each foreign event first lay, by its id."""
    found: dict[UUID, tuple[UUID, int, bytes, int]] = {}
    for name in Reactions(history.site.definition.foreign).services:
        source = histories[name]
        ids = {row.document: d.id for row, d in zip(source.rows, source.documents, strict=True)}
        for record in records_of(world, source.site):
            event_id = ids.get(record.value or b"")
            if event_id is not None:
                place = record.topic_id, record.partition, record.key or b"", record.offset
                found.setdefault(event_id, place)
    return found


def _key_at(
    world: World, topics: dict[UUID, Site], topic_id: UUID, partition: int, offset: int
) -> tuple[UUID, int, bytes]:
    """The key under which a record is parked: its own, or its coordinates where it has none."""
    if topic_id not in topics:
        return topic_id, partition, b""
    record = world.bus.read_partition(topics[topic_id].topic, partition, offset, 1)[0]
    return topic_id, partition, record.key or f"{partition}/{offset}".encode()


def applications_stayed_single(history: History) -> None:
    """Nobody was ever in two open applications of a programme."""
    held: dict[UUID, UUID] = {}
    for document in history.events(OpenApplicationClaimed, OpenApplicationReleased):
        event = document.data
        if isinstance(event, OpenApplicationClaimed):
            text = f"{document.stream} is in {held.get(document.stream)} and in {event.case_id}"
            require(document.stream not in held, Invariant.COMMANDS_ONCE, text)
            held[document.stream] = event.case_id
        else:
            held.pop(document.stream, None)


def publicities_ended(world: World, history: History) -> None:
    """What fell due was done once, dated by the day that it fell due."""
    ended = Counter(
        (d.subject, d.data.round, d.effective_on) for d in history.events(PublicityCompleted)
    )
    for document in history.events(PublicityPosted):
        posted = document.data
        if posted.until_on < world.today:
            times = ended.pop((document.subject, posted.round, posted.until_on), 0)
            text = f"{document.subject}: {posted.round} publicity ended {times} times"
            require(times == 1, Invariant.COMMANDS_ONCE, text)
    require(not ended, Invariant.COMMANDS_ONCE, f"ended without being posted: {ended}")


Due = dict[tuple[UUID, Month], tuple[UUID, int]]
"""Payee and amount in fen, by case and month."""


def what_is_due(households: Mapping[UUID, Household], history: History, last_month: Month) -> Due:
    """What the confirmed are due, by the households' own figures; they are also what was said."""
    due: Due = {}
    for document in history.events(BenefitProposed, CaseConfirmed):
        household, said_fen = households[document.subject], document.data.amount_fen
        text = f"{document.subject}: {said_fen} fen, due {household.due_fen}"
        require(said_fen == household.due_fen, Invariant.CLIENTS_UNTROUBLED, text)
        if isinstance(document.data, CaseConfirmed):
            for month in document.data.pay_from.through(last_month):
                due[document.subject, month] = household.applicant, household.due_fen
    return due


def money_was_paid_once(world: World, history: History, due: Due) -> None:
    """Who is entitled got each month once, in the amount that is theirs; nobody else got money."""
    intended = [d.data for d in history.events(PaymentIntended)]
    settled = sorted(d.data.payment_id for d in history.events(PaymentSettled))
    credited = sorted(world.bank.ledger)
    claims = Counter((p.case_id, p.month) for p in intended)
    twice = [claim for claim, times in claims.items() if times > 1]
    require(not twice, Invariant.MONEY_ONCE, f"intended twice: {twice}")
    asked = sorted((p.payment_id, account_of(p.payee), p.amount_fen) for p in intended)
    text = f"the bank credited {credited}, intended was {asked}"
    require(credited == asked, Invariant.MONEY_ONCE, text)
    text = f"settled {settled}, credited {credited}"
    require(settled == [credit.payment_id for credit in credited], Invariant.MONEY_ONCE, text)
    expected = sorted(
        (payment_id_of(case_id, month), account_of(payee), amount_fen)
        for (case_id, month), (payee, amount_fen) in due.items()
    )
    require(credited == expected, Invariant.MONEY_ONCE, f"due {expected}, credited {credited}")
