"""A death over HTTP: the household without the dead, another payee, months of the past."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.people import PLANTED, told
from tests.decision.dayao import GRANDMOTHER, SON
from tests.decision.test_api_dayao import (
    CLERK,
    COUNTY_APPROVER,
    do,
    in_benefit,
    later,
    paid,
    shown,
)
from tests.house import Run, running
from tests.verification.household import APPLICANT

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("household")
    async with running(folder / "data", cell="dayao", home_division="530000000000") as made:
        yield made


def body(left: list[str], happened_on: str, **household: Any) -> dict[str, Any]:
    death = {"cause": "death", "left": left, "certificate": "a" * 64}
    income = [{"person_id": str(SON), "kind": "transfer", "amount_fen": 525_00}]
    return {
        "income": income,
        "happened_on": happened_on,
        "household": death | household,
        "explanation": told("老人去世"),
    }


async def test_after_the_payees_death_another_member_is_paid_for_the_household(run: Run) -> None:
    case_id = await in_benefit(run)
    died_on = (await run.embedded.services["decision"].today()).isoformat()
    unnamed = await do(run, CLERK, case_id, "changes", body([str(APPLICANT)], died_on))
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "payee-missing")
    named = body([str(APPLICANT)], died_on, payee=str(SON))
    reported = await do(run, CLERK, case_id, "changes", named)
    assert reported.status_code == 201, reported.text
    decision = f"changes/{reported.json()['change_id']}/decision"
    assert (await do(run, COUNTY_APPROVER, case_id, decision, {})).is_success
    answer = await run.house.call(CLERK, "GET", "decision", f"/cases/{case_id}/determination")
    now = answer.json()
    assert (now["payee"], now["amount_fen"]) == (str(SON), 225_00)
    assert [m["person_id"] for m in now["members"]] == [str(SON), str(GRANDMOTHER)]
    assert not any(mark in answer.text for mark in PLANTED)


async def test_a_death_that_was_told_late_reaches_back_and_payment_hears_of_it(run: Run) -> None:
    case_id = await in_benefit(run)
    died_on = (await run.embedded.services["decision"].today()).isoformat()
    await later(run, 70)
    reported = await do(run, CLERK, case_id, "changes", body([str(GRANDMOTHER)], died_on))
    assert reported.status_code == 201, reported.text
    decision = f"changes/{reported.json()['change_id']}/decision"
    assert (await do(run, COUNTY_APPROVER, case_id, decision, {})).is_success
    first, *_ = await paid(run, case_id)
    assert first == (None, 225_00)  # from the first month on, as none was before the death


async def test_a_date_ahead_and_a_missing_date_are_refused_by_name(run: Run) -> None:
    case_id = await in_benefit(run)
    today = await run.embedded.services["decision"].today()
    for day in ((today + timedelta(days=1)).isoformat(), None):
        sent = body([str(GRANDMOTHER)], "") | {"happened_on": day}
        answer = await do(run, CLERK, case_id, "changes", sent)
        assert (answer.status_code, answer.json()["code"]) == (422, "change-date-astray")
    assert (await shown(run, case_id))["change"] is None
