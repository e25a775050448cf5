"""A small house for the bus's tests: one service that counts, another that copies its counts."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from shared.bus.arrivals import reacting
from shared.bus.consumer import Consumer
from shared.bus.port import Bus, TopicSpec
from shared.bus.relay import Relay
from shared.kernel.deciding import Setting
from shared.kernel.event import Document
from shared.kernel.reactions import Reactions
from shared.kernel.store import Store
from shared.kernel.submission import Submission, reaction
from shared.kernel.writer import Writer
from shared.sealing import SealingKey
from tests.kernel.conftest import Pointer
from tests.kernel.domain import CELL, DOMAIN, AmountCounted, count, purse, submission

TOPIC = "doudi.fj.tests"
COPIES = "copies"
KEY = SealingKey.generate("parking")


class Bug:
    """A bug in the copying service's code; a test puts it in, and repairs it."""

    present = False


BUG = Bug()


def copy_count(document: Document[AmountCounted]) -> list[Submission]:
    """Counts again what was counted, in a purse of the same case."""
    if BUG.present:
        raise RuntimeError("a reaction with a bug")
    stream = purse(f"copy/{document.stream}")
    return [reaction("copy", document, (stream,), count, document.data.amount_fen)]


REACTIONS = Reactions({AmountCounted: [copy_count]})


def writer_of(store: Store, cell: str = CELL) -> Writer:
    """An open writer whose decisions look up no parameters; parked bytes are sealed."""
    made = Writer(store, Setting(cell, DOMAIN, cast("Any", None), KEY.seal), Pointer())
    made.open()
    return made


def counted(
    store: Store, number: int, cases: int = 5, first: int = 0, cell: str = CELL
) -> list[UUID]:
    """Count amounts of 1, 2, … fen in turn over some purses; the commands' ids."""
    writer = writer_of(store, cell)
    items = [submission(f"case-{i % cases}", i + 1) for i in range(first, first + number)]
    for item in items:
        writer.submit(item)
    while writer.queued:
        writer.step()
    return [item.command_id for item in items]


def relay_of(store: Store, bus: Bus, topic: str = TOPIC, **options: Any) -> Relay:
    """A relay that is elected."""
    return Relay(store, bus, topic, store.election("relay"), **options)


def relayed(store: Store, bus: Bus, topic: str = TOPIC, partitions: int = 3) -> None:
    """Create the topic if it is missing and send everything."""
    bus.create_topics([TopicSpec(topic, partitions)])
    relay = relay_of(store, bus, topic)
    while relay.step():
        pass
    relay.close()


def consumer_of(
    store: Store, writer: Writer, bus: Bus, topic: str = TOPIC, instance: str = "one", **more: Any
) -> Consumer:
    """An instance of the copying service's consumer."""
    return Consumer(
        store,
        writer,
        bus,
        reacting(REACTIONS),
        name=COPIES,
        instance=instance,
        topics=[topic],
        **more,
    )
