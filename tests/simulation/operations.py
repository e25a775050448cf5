"""Those who run the place: who looks after parked records, and who makes them necessary."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from shared.bus.port import Headers
from shared.bus.wire import TYPE
from shared.contracts.aid import AidGranted
from shared.contracts.care import SelfCareAssessed
from shared.contracts.decision import CaseConfirmed
from shared.contracts.intake import ApplicationAccepted, EmergencyAccepted
from shared.contracts.kernel import ParkReason
from shared.contracts.verification import CheckCompleted
from shared.kernel.event import Event
from shared.kernel.store import Parked, StoreAway
from shared.kernel.submission import Note, NotParked
from tests.simulation.findings import Invariant, require

if TYPE_CHECKING:
    from tests.simulation.clients import Client
    from tests.simulation.house import Site
    from tests.simulation.world import World

OPERATOR: Final = UUID("0be2a702-0000-4000-8000-000000000001")
ROLE: Final = "operator"
FAR_FUTURE: Final = datetime(2099, 1, 1, tzinfo=UTC)


class Garbage(StrEnum):
    """What can lie on a topic that is no event anybody can apply."""

    KEYLESS = "keyless"
    UNKNOWN_VERSION = "unknown-version"
    CONTRACT_BROKEN = "contract-broken"
    NOBODYS_TYPE = "nobodys-type"
    NO_DOCUMENT = "no-document"


LEADING: Final[tuple[type[Event], ...]] = (
    ApplicationAccepted,
    EmergencyAccepted,
    CheckCompleted,
    CaseConfirmed,
    AidGranted,
    SelfCareAssessed,
)
"""Events that others react to: what comes before one of them on its topic holds it up."""


def operate(client: Client) -> None:
    """Look after what is parked, one record at a time, as long as there is a world."""
    world = client.world
    logs = [f"log:{name}" for name in world.sites]
    while True:
        client.until(lambda: any(_parked(site) for site in world.sites.values()), *logs)
        client.rest(client.random.randint(1, 300))
        for site in world.sites.values():
            for record in _parked(site):
                _attend(client, site, record)


def _parked(site: Site) -> list[Parked]:
    """The first record of each parked key, as the table of the service shows it."""
    heads: dict[tuple[str, str], Parked] = {}
    for row in site.log.parked(None, ("", "", 0), 100):
        heads.setdefault((row.consumer, row.key), row)
    return list(heads.values())


def _attend(client: Client, site: Site, row: Parked) -> None:
    """Redrive what can be applied, after its bug was mended; discard what never can."""
    world = client.world
    instance = client.random.choice(site.instances)
    if not instance.open:
        return
    where = (row.consumer, row.key, row.ordinal)
    command_id = world.uuid()
    try:
        seen = instance.parking.inspect(where)
        if seen.applicable:
            item = instance.parking.redriving(where, command_id, OPERATOR, ROLE)
        elif seen.reason is ParkReason.REACTION_FAILED:
            world.mend(UUID(row.key))
            return
        else:
            note = Note(world.uuid(), FAR_FUTURE)
            item = instance.parking.discarding(where, command_id, OPERATOR, ROLE, note)
        client.send(site.name, item, (NotParked, LookupError))
    except (NotParked, StoreAway) as error:
        client.note(f"{site.name}: {type(error).__name__}")
    except LookupError:
        meets_it = UUID(row.key) in world.flawed
        text = f"a redrive of {row.key} failed without its bug"
        require(meets_it, Invariant.CLIENTS_UNTROUBLED, text)
        world.mend(UUID(row.key))
    else:
        client.note(f"{site.name}: {row.key} {row.ordinal} is off ({row.reason})")


def litter(world: World, case_ids: Sequence[UUID]) -> None:
    """Put what is no event, or no known one, or an old one, onto topics at some moments."""
    for _ in range(world.weather.garbage):
        drop = world.random.choice((_drop_garbage, _drop_garbage, _drop_a_repetition))
        world.scheduler.at(world.random.randint(0, 2000), partial(drop, world, case_ids))


def _drop_garbage(world: World, case_ids: Sequence[UUID]) -> None:
    random = world.random
    event = random.choice(LEADING)
    unknown = event.type.rpartition(".")[0] + ".v7"
    key: str | None = str(random.choice(case_ids))
    stated: str | None = event.type
    match random.choice(tuple(Garbage)):
        case Garbage.KEYLESS:
            key, stated, body = None, None, random.randbytes(20)
        case Garbage.UNKNOWN_VERSION:
            stated, body = unknown, json.dumps({"type": unknown}).encode()
        case Garbage.CONTRACT_BROKEN:
            body = json.dumps({"type": stated, "id": 7}).encode()
        case Garbage.NOBODYS_TYPE:
            stated, body = "doudi.nobody.knows-this.v1", b"{}"
        case Garbage.NO_DOCUMENT:
            body = b"\xff\x00 no document"
    headers = ((TYPE, stated.encode()),) if stated else ()
    topic = world.sites[event.type.split(".")[1]].topic
    _put(world, topic, key.encode() if key else None, body, headers)


def _drop_a_repetition(world: World, _case_ids: Sequence[UUID]) -> None:
    """A record is published a second time, long after, as an old relay may."""
    random = world.random
    topic = random.choice(list(world.sites.values())).topic
    for partition, end in world.bus.end_offsets(topic).items():
        if end:
            record = random.choice(world.bus.read_partition(topic, partition, 0, end))
            _put(world, topic, record.key, record.value or b"", record.headers)


def _put(world: World, topic: str, key: bytes | None, body: bytes, headers: Headers) -> None:
    producer = world.bus.producer()
    producer.send(topic, key, body, headers)
    producer.flush(1.0)
    world.scheduler.note(f"litter on {topic} under {key!r}: {headers[:1]}")
