"""The bench's own little domain: one kind of event, about 700 bytes as stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from shared.clock import WallClock
from shared.contracts.fields import Sha256Hex
from shared.kernel.decider import Aggregate, Decision, Domain, Moment, Stream
from shared.kernel.deciding import Setting
from shared.kernel.event import Event, Recorded
from shared.kernel.store import Seen, Store
from shared.kernel.submission import Submission
from shared.kernel.writer import Writer
from shared.policy import Policy

PAD = "0" * 64
ACTOR = uuid4()
EVENTS_A_COMMAND = 3


class Noted(Event, service="bench", name="thing-noted"):
    """Something of an ordinary event's size."""

    number: int
    pad: Sha256Hex


@dataclass(frozen=True, slots=True)
class Thing:
    """Counts its events."""

    events: int = 0


def evolve(state: Thing, _event: Event) -> Thing:
    return replace(state, events=state.events + 1)


THING = Aggregate("thing", Thing(), evolve)
DOMAIN = Domain("bench", {THING.name: THING})


def decide(state: Thing, _command: object, _at: Moment) -> Decision:
    return [Noted(number=state.events + i, pad=PAD) for i in range(EVENTS_A_COMMAND)]


def submission(case_id: UUID | None = None) -> Submission:
    """A command on a new stream, or on a given one."""
    command_id = uuid4()
    return Submission(
        command_id=command_id,
        command=None,
        reads=(Stream.of_case(THING.name, case_id or command_id),),
        decide=decide,
        actor=ACTOR,
        role="township_clerk",
        region="350924100000",
        causation_id=command_id,
        body_digest=bytes(32),
    )


def setting() -> Setting:
    policy = Policy.load((Path("infra/demo/policy"),))
    return Setting("bench", DOMAIN, policy, lambda body, _aad: body)


def now(_seen: Seen) -> datetime:
    return WallClock().now()


def writer(store: Store) -> Writer:
    """An open writer over a store."""
    made = Writer(store, setting(), now)
    made.open()
    return made


def fill(store: Store, events: int) -> list[Recorded]:
    """Have a writer fill an empty log with (at least) so many events; the rows."""
    store.create_table()
    made = writer(store)
    left = -(-events // EVENTS_A_COMMAND)
    while left > 0:
        futures = [made.submit(submission()) for _ in range(min(left, 512))]
        made.step()
        for future in futures:
            future.result(0)
        left -= len(futures)
    rows: list[Recorded] = []
    while page := store.read_log(rows[-1].position if rows else 0, 10_000):
        rows += page
    return rows
