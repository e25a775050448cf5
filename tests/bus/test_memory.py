"""The simulation's bus: what its hook can do to records."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from shared.bus.memory import Delayed, MemoryBus
from shared.bus.partitioner import partition_of
from shared.bus.port import BusAway, TopicSpec
from tests.bus.harness import Bookmarks, collect, publish, until, values

TOPIC = "doudi.fj.intake"


def failing_at(step: str, number: int, error: BaseException) -> Callable[[str], None]:
    seen = 0

    def hook(name: str) -> None:
        nonlocal seen
        seen += name == step
        if name == step and seen == number:
            raise error

    return hook


def contents(bus: MemoryBus, partitions: int = 1) -> list[list[str]]:
    return [values(bus.read_partition(TOPIC, p, 0, 1000)) for p in range(partitions)]


def test_a_lost_request_leaves_a_beginning_of_what_was_sent() -> None:
    bus = MemoryBus(failing_at("send", 3, BusAway("lost")))
    bus.create_topics([TopicSpec(TOPIC, 1)])
    with pytest.raises(BusAway):
        publish(bus, TOPIC, [("k", str(i)) for i in range(5)])
    assert contents(bus) == [["0", "1"]]


def test_a_lost_acknowledgement_leaves_everything_there() -> None:
    bus = MemoryBus(failing_at("ack", 1, BusAway("lost")))
    bus.create_topics([TopicSpec(TOPIC, 1)])
    with pytest.raises(BusAway):
        publish(bus, TOPIC, [("k", str(i)) for i in range(3)])
    assert contents(bus) == [["0", "1", "2"]]


def test_a_delayed_request_lands_after_its_sender_gave_up() -> None:
    bus = MemoryBus(failing_at("send", 2, Delayed("slow")))
    bus.create_topics([TopicSpec(TOPIC, 1)])
    with pytest.raises(BusAway):
        publish(bus, TOPIC, [("k", str(i)) for i in range(3)])
    publish(bus, TOPIC, [("k", str(i)) for i in range(1, 4)])
    assert bus.land_late() == 2
    assert contents(bus) == [["0", "1", "2", "3", "1", "2"]]


def test_a_crash_passes_through() -> None:
    class Crash(BaseException):
        pass

    bus = MemoryBus(failing_at("ack", 1, Crash()))
    bus.create_topics([TopicSpec(TOPIC, 1)])
    with pytest.raises(Crash):
        publish(bus, TOPIC, [("k", "0")])


@pytest.mark.parametrize("seed", range(5))
def test_reordering_is_across_partitions_only_and_the_same_for_a_seed(seed: int) -> None:
    def run() -> tuple[list[str], list[list[str]]]:
        steps: list[str] = []
        bus = MemoryBus(steps.append, Random(seed))  # noqa: S311 - a simulation
        bus.create_topics([TopicSpec(TOPIC, 3)])
        publish(bus, TOPIC, [(f"case-{i % 7}", str(i)) for i in range(40)])
        member = bus.consumer("g", "a", [TOPIC], Bookmarks())
        return values(collect(40, member)), contents(bus, 3)

    read, lie = run()
    assert (read, lie) == run()
    wanted: list[list[str]] = [[], [], []]
    for i in range(40):
        wanted[partition_of(f"case-{i % 7}".encode(), 3)].append(str(i))
    assert lie == wanted
    for partition in wanted:
        assert [value for value in read if value in partition] == partition


def test_an_expired_member_learns_of_it_after_the_other_began_to_read() -> None:
    bus = MemoryBus()
    bus.create_topics([TopicSpec(TOPIC, 2)])
    one, two = Bookmarks(), Bookmarks()
    zombie = bus.consumer("g", "a", [TOPIC], one)
    other = bus.consumer("g", "b", [TOPIC], two)
    until(
        lambda: len(zombie.assignment()) == len(other.assignment()) == 1,
        lambda: (zombie.poll(0, 1), other.poll(0, 1)),
    )
    held = zombie.assignment()
    bus.expire("g", "a")
    other.poll(0, 1)
    assert len(other.assignment()) == 2
    assert zombie.assignment() == held, "it does not know yet"
    zombie.poll(0, 1)
    assert set(one.lost) == held
    until(
        lambda: len(zombie.assignment()) == len(other.assignment()) == 1,
        lambda: (zombie.poll(0, 1), other.poll(0, 1)),
    )
