"""Taking a parked record off, when the same command comes twice at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from fastapi import Response

from shared.bus.memory import MemoryBus
from shared.kernel.submission import KeyReused, Note, NotParked, Outcome, Unpark
from shared.runtime.parked import take_off
from shared.runtime.service import Service
from shared.web.idempotency import CommandKey
from shared.web.problems import Known, Problem
from tests.bus.house import COPIES
from tests.bus.test_parking import House
from tests.kernel.domain import CLERK, START

KEY = CommandKey(uuid4(), b"the request")


class Attempt:
    """A discard whose reason is on its way to the vault until it is told to go on."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._where = (COPIES, house.keys()[0], 1)
        self.put = asyncio.Event()

    async def item(self) -> Unpark:
        await self.put.wait()
        note = Note(uuid4(), START + timedelta(days=1))
        parking, ids = self._house.parking, (KEY.command_id, CLERK, "operator")
        try:
            return parking.discarding(self._where, *ids, note, KEY.body_digest)
        except NotParked:
            raise Problem(Known.NOT_FOUND) from None


@pytest.fixture
def house(calm: MemoryBus) -> House:
    return House(calm)


def service_of(house: House) -> Service:
    async def execute(item: Unpark) -> Outcome:
        return house.run(item)

    parts: Any = SimpleNamespace(
        store=house.store,
        writer=SimpleNamespace(execute=execute),
        settings=SimpleNamespace(command_timeout_ms=15_000),
    )
    return cast("Service", parts)


async def test_one_sent_again_while_it_is_under_way_gets_its_answer(house: House) -> None:
    service = service_of(house)
    first, again = Attempt(house), Attempt(house)
    waiting = asyncio.create_task(take_off(service, KEY, Response(), again.item))
    await asyncio.sleep(0.05)
    first.put.set()
    done = await take_off(service, KEY, Response(), first.item)
    again.put.set()
    assert await waiting == done.model_copy(update={"repeated": True})


async def test_another_request_under_its_key_is_refused(house: House) -> None:
    service = service_of(house)
    attempt = Attempt(house)
    attempt.put.set()
    await take_off(service, KEY, Response(), attempt.item)
    other = CommandKey(KEY.command_id, b"another")
    with pytest.raises(KeyReused):
        await take_off(service, other, Response(), attempt.item)


async def test_a_record_that_is_not_there_is_not_found(house: House) -> None:
    service = service_of(house)
    attempt = Attempt(house)
    attempt.put.set()
    await take_off(service, KEY, Response(), attempt.item)
    with pytest.raises(Problem) as refused:
        await take_off(service, CommandKey(uuid4(), b""), Response(), attempt.item)
    assert refused.value.kind is Known.NOT_FOUND.value
