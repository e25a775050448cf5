"""A county decides in August that its new standard counts from June, over HTTP.

600 yuan a month until then: the story's household of four with 2,200 counted is paid 200 yuan, and
runs have paid it through July. By 650 from June on it was due 400: two months' difference is
recorded for payment, and August pays the rest by itself. A household whose phase-out runs since
July is owed June's difference, and keeps what was frozen.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.office import CLERK, CONFIRMER, PREPARER, TOWNSHIP
from shared.calendar import Month
from tests.decision.test_api import do, shown
from tests.decision.test_api_after import changed, confirmed
from tests.house import Run, eventually, running
from tests.scenarios.test_standards import (
    AT_PROVINCE,
    COUNTY,
    OF_PROVINCE,
    OFFICER,
    SECOND_HAND,
    approve,
    figure,
    propose,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("past-standards") / "data") as made:
        yield made


async def test_a_standard_of_a_past_month_brings_every_month_since_to_it(run: Run) -> None:
    paid_on, leaving = await confirmed(run), await confirmed(run)
    floor = await propose(run, OF_PROVINCE, figure(580_00, "2020-06", force="floor"))
    assert (await approve(run, AT_PROVINCE, floor)).is_success
    await run.advance(date(2020, 6, 20))
    change = await changed(run, leaving)
    assert (await do(run, CONFIRMER, leaving, f"{change}/decision", {})).is_success
    await run.advance(date(2020, 8, 15))
    await run.house.pay("dibao", TOWNSHIP, Month(2020, 7))

    low = await propose(run, OFFICER, figure(599_99, "2020-06"))
    assert (low.status_code, low.json()["code"]) == (409, "lowered-standard-not-ahead")
    assert low.json()["facts"] == {"amount_fen": 599_99, "allowed_fen": 600_00, "month": "2020-06"}
    far = await propose(run, OFFICER, figure(650_00, "2019-07"))
    assert (far.status_code, far.json()["code"]) == (409, "standard-too-far-back")
    of_june = await propose(run, OFFICER, figure(650_00, "2020-06"))
    own = await approve(run, OFFICER, of_june)
    assert (own.status_code, own.json()["code"]) == (403, "same-hands")
    assert (await approve(run, SECOND_HAND, of_june)).is_success

    # The bank knows nobody of these households, so nothing here comes to rest: it is waited for.
    async def owed(case_id: str) -> Any:
        due = await run.house.see(CLERK, "payment", f"/cases/{case_id}/entitlement")
        return due["differences"]

    async def both() -> bool:
        return bool(await owed(paid_on) and await owed(leaving))

    await eventually(both)
    assert await owed(paid_on) == [
        {"first_month": "2020-06", "last_month": "2020-07", "difference_fen": 200_00}
    ]
    assert await owed(leaving) == [
        {"first_month": "2020-06", "last_month": "2020-06", "difference_fen": 200_00}
    ]
    now, frozen = await shown(run, paid_on), await shown(run, leaving)
    assert (now["stage"], now["amount_fen"]) == ("confirmed", 400_00)
    assert (frozen["stage"], frozen["amount_fen"]) == ("phasing_out", 200_00)

    progress = await run.house.see(OFFICER, "decision", f"/standards/{COUNTY}/redeterminations")
    (row,) = progress["items"]
    assert (row["cases"], row["over"], row["redetermined"]) == (2, True, 2)
    # June to August of the one household, June of the other.
    assert row["arrears_fen"] == 4 * 200_00

    body = {"programme": "dibao", "division": TOWNSHIP, "month": "2020-08"}
    await run.house.do(PREPARER, "payment", "/runs", body)
    listed = await run.house.see(CLERK, "payment", f"/runs/dibao/{TOWNSHIP}/2020-08")
    assert {line["case_id"]: line["amount_fen"] for line in listed["lines"]} == {
        paid_on: 400_00,
        leaving: 200_00,
    }
