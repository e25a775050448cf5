"""Moving the clock of a running system, and waiting until nothing is on its way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from infra.clockwork import StillWaiting, advance, drained, now, told
from infra.operators import Operator, OperatorError, System, system_of
from shared.clock import instant_of, legal_date
from shared.settings import Settings
from tests.cli.conftest import Served


@pytest.fixture
def system(served: Served) -> System:
    return system_of(Settings(data_dir=served.folder / "data"))


@pytest.fixture
async def operator(system: System) -> AsyncIterator[Operator]:
    async with Operator(system) as found:
        yield found


async def days(operator: Operator) -> set[date]:
    return {legal_date(moment) for moment in (await now(operator)).values()}


async def test_a_move_that_broke_off_is_taken_up(operator: Operator):
    today = max(await days(operator))
    ahead = date.fromordinal(today.toordinal() + 2)
    await operator.post("intake", "/ops/clock", {"to": instant_of(ahead).isoformat()})
    assert len(await days(operator)) == 2
    over: list[date] = []
    await advance(operator, ahead, day_done=over.append)
    assert await days(operator) == {ahead}
    assert over == [date.fromordinal(today.toordinal() + 1), ahead]


async def test_a_service_that_does_not_answer_is_named(system: System):
    silent = System({**system.services, "payment": "http://127.0.0.1:9"}, system.issuer, "")
    async with Operator(silent) as operator:
        with pytest.raises(StillWaiting, match=r"payment \(no-answer 1\)") as caught:
            await drained(operator, within_s=0.3)
    assert caught.value.waiting == {"payment": {"no-answer": 1}}


async def test_what_a_service_refuses_is_a_sentence(operator: Operator):
    with pytest.raises(OperatorError, match="only moves forward") as caught:
        await operator.post(
            "intake", "/ops/clock", {"to": instant_of(date(2020, 1, 1)).isoformat()}
        )
    assert (caught.value.status, caught.value.code) == (409, "conflict")


def test_what_waits_is_one_line():
    waiting = {"decision": {"relay": 3, "agenda": 1}, "payment": {"view-runs": 2}}
    assert told(waiting) == "decision (agenda 1, relay 3), payment (view-runs 2)"
