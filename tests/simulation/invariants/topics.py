"""Topics and what follows from them: complete, applied once, in order."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from shared.bus.wire import DIGEST, LOG_POSITION, header, key_of
from shared.contracts.kernel import RecordDiscarded, RecordParked, RecordRedriven
from tests.simulation.findings import Invariant, require
from tests.simulation.invariants.history import History, first_places, records_of
from tests.simulation.invariants.nothing import nothing_at

if TYPE_CHECKING:
    from tests.simulation.house import Site
    from tests.simulation.world import World


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
                    there = there or nothing_at(history, submission) is not None
                    require(there, Invariant.FOREIGN_EVENTS_ONCE, text)


def keys_stayed_in_order(world: World, history: History, histories: dict[str, History]) -> None:
    """Nothing of a key was applied while an earlier record of it was parked; none parked twice.

    What keeps copies sets aside each record that is no event for itself.
    """
    site = history.site
    keeps_copies = site.definition.contradicted is not None
    places = first_places(world, history, histories)
    topics = {world.bus.topic_id(other.topic): other for other in world.sites.values()}
    key_at = _own_place if keeps_copies else partial(_key_at, world, topics)
    parked: dict[tuple[UUID, int, bytes], list[int]] = defaultdict(list)
    ever: set[tuple[UUID, int, int]] = set()
    for row, document in zip(history.rows, history.documents, strict=True):
        event = document.data
        at = f"{site.name} log {row.position}: "
        if isinstance(event, RecordParked):
            place = event.topic_id, event.partition, event.offset
            require(place not in ever, Invariant.KEYS_IN_ORDER, f"{at}parked twice: {place}")
            ever.add(place)
            parked[key_at(*place)].append(event.offset)
        elif isinstance(event, RecordRedriven | RecordDiscarded):
            place = event.topic_id, event.partition, event.offset
            waiting = parked[key_at(*place)]
            text = f"{at}{place} left before {waiting}"
            require(waiting[:1] == [event.offset], Invariant.KEYS_IN_ORDER, text)
            waiting.pop(0)
        elif document.causation_id in places:
            first = places[document.causation_id]
            key = first.key or b""
            waiting = parked[first.topic_id, first.partition, key]
            earlier = [offset for offset in waiting if offset < first.offset]
            text = f"{at}applied {first.offset} of {key!r} although {earlier} wait before it"
            require(not earlier, Invariant.KEYS_IN_ORDER, text)


def _own_place(topic_id: UUID, partition: int, offset: int) -> tuple[UUID, int, bytes]:
    return topic_id, partition, f"{partition}/{offset}".encode()


def _key_at(
    world: World, topics: dict[UUID, Site], topic_id: UUID, partition: int, offset: int
) -> tuple[UUID, int, bytes]:
    """The key under which a record is parked: its own, or its coordinates where it has none."""
    if topic_id not in topics:
        return topic_id, partition, b""
    record = world.bus.read_partition(topics[topic_id].topic, partition, offset, 1)[0]
    return topic_id, partition, record.key or f"{partition}/{offset}".encode()


def positions_tell_the_truth(world: World, history: History, histories: dict[str, History]) -> None:
    """What a consumer's positions say was taken in has had its effect by where they say.

    That is what a query waits for that wants to see here what was written elsewhere.
    """
    site = history.site
    effects = {
        d.command_id: r.position for r, d in zip(history.rows, history.documents, strict=True)
    }
    set_aside = {
        (d.data.topic_id, d.data.partition, d.data.offset) for d in history.events(RecordParked)
    }
    taken_in = {
        (p.topic_id, p.partition): (p.source_position, p.own_position)
        for p in site.log.positions(site.name)
    }
    positions = {
        d.id: row.position
        for other in histories.values()
        for row, d in zip(other.rows, other.documents, strict=True)
    }
    places = first_places(world, history, histories)
    for event, reacts in site.definition.foreign.items():
        for document in histories[event.type.split(".")[1]].events(event):
            place = places.get(document.id)
            if place is None or (place.topic_id, place.partition, place.offset) in set_aside:
                continue
            source, own = taken_in.get((place.topic_id, place.partition), (0, 0))
            if positions[document.id] > source:
                continue
            for submission in (s for react in reacts for s in react(document)):
                effect = effects.get(submission.command_id) or nothing_at(history, submission)
                there = effect is not None and effect <= own
                text = f"{site.name}: {event.type} {document.id} is said to be taken in at {own}"
                require(there, Invariant.FOREIGN_EVENTS_ONCE, text)
