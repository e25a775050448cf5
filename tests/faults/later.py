"""The paths that lead away from the story, kept short.

In Fujian, on the story's clock: an emergency out of the township's reserve fund, and one whose
money the bank sends back; a rise of income, with a phase-out that is paid in one run and ends. In
a cell of its own, since a cell is one province's: a tekun person of Shaanxi, from recognition to
a month in which nobody called.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from infra.demo.emergency import FUJIAN_EMERGENCY, Emergency
from infra.demo.phase_out import LAST_MONTH, PhaseOut
from infra.demo.tekun import MISSED_ON, Tekun
from tests.faults.lives import PATIENCE_S, Driver, another

EMERGENCY: Final = replace(FUJIAN_EMERGENCY, on=date(2020, 5, 11), explained_on=date(2020, 5, 11))
SENT_BACK: Final = replace(EMERGENCY, on=date(2020, 5, 12), person=another(EMERGENCY.person, 1))


async def live_on(driver: Driver, cases: Sequence[UUID]) -> None:
    """Live those of Fujian; the first of the story's ``cases`` leaves by a phase-out."""
    await _emergencies(driver)
    await _phase_out(driver, *cases)


async def live_in_care(driver: Driver) -> None:
    """Live the tekun person's months, to the day on which the missed one is found."""
    await Tekun(driver.client, driver.jump, _mute).until_february()
    await driver.jump(MISSED_ON)


async def _emergencies(driver: Driver) -> None:
    settled = Emergency(driver.client, driver.jump, _mute, EMERGENCY)
    await settled.fund()
    await settled.apply()
    await settled.grant()
    await settled.explain()
    sent_back = Emergency(driver.client, driver.jump, _mute, SENT_BACK)
    await sent_back.apply()
    await _bank(driver, {"returns": "account_closed"})
    await sent_back.grant()
    await _bank(driver, {})
    stages = [(await one.payment())["stage"] for one in (settled, sent_back)]
    assert stages == ["settled", "returned"]


async def _bank(driver: Driver, faults: dict[str, Any]) -> None:
    """What the bank is to do from now on; it forgets that when it dies."""
    url = f"{driver.client.sandboxes['bank']}/faults"
    answer = await driver.client.client.put(url, json=faults)
    assert answer.is_success, answer.text


async def _phase_out(driver: Driver, case_id: UUID, *others: UUID) -> None:
    leaving = PhaseOut(driver.client, driver.jump, _mute, case_id)
    await leaving.change()
    await leaving.pay(LAST_MONTH)
    if others:
        await leaving.pay(LAST_MONTH.next())
    else:
        await driver.jump(LAST_MONTH.next().last_day)
        await leaving.nothing_to_pay()


async def rebuild(driver: Driver, service: str, view: str) -> int:
    """Have a view rebuilt; the generation that readers see once it is done."""
    operator, path, key = driver.operator, f"/ops/views/{view}", uuid4()
    await driver.persist(lambda: operator.post(service, f"{path}/rebuild", key=key))
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = await driver.persist(lambda: operator.get(service, path))
            if found["rebuild"] is not None and found["rebuild"]["stage"] == "switched":
                return int(found["generation"])
            await asyncio.sleep(0.1)


def _mute(_step: str) -> None:
    """Tell nobody."""
