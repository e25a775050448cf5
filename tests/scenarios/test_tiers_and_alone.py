"""A place that pays by tiers, over HTTP: a household that moves between them and buys a car, and a
mother who entered alone and goes to work.

Standard 600 yuan: below 180 a head 540 a person, below 360 360, from there on 180.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from infra.demo import STANDARDS
from infra.demo.office import APPROVER, CLERK, CONFIRMER, PREPARER, TOWNSHIP
from infra.demo.people import told
from shared.contracts.circumstances import HouseholdCircumstances, LabourAbility, PovertyStanding
from tests.decision.test_api import EXPLANATION, do, later, opened, shown
from tests.decision.test_api_after import changed
from tests.decision.test_tiers import TIERS
from tests.house import Run, running
from tests.notices import notice
from tests.verification.circumstances import PHYSICAL_2, lives
from tests.verification.household import HUSBAND, MOTHER, wage

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder = tmp_path_factory.mktemp("tiers")
    (folder / "policy").mkdir()
    place = notice(folder / "policy", "350924", **TIERS)
    async with running(folder / "data", policy_dirs=(STANDARDS, place)) as made:
        yield made


async def confirmed(run: Run, **account: Any) -> str:
    """A case that was publicised, approved and confirmed."""
    case_id = await opened(run, **account)
    for who, step, body, days in (
        (CLERK, "proposal", EXPLANATION, 0),
        (CLERK, "publicities/first", None, 8),
        (APPROVER, "approval", None, 0),
        (CLERK, "publicities/second", None, 8),
        (CONFIRMER, "confirmation", None, 0),
    ):
        assert (await do(run, who, case_id, step, body)).is_success, step
        await later(run, days)
    return case_id


def account(**changed: Any) -> dict[str, Any]:
    """What is told of a change: the husband's wages and what is known of everybody's."""
    return {"income": [], "deductions": [], "explanation": told("家庭情况变化")} | changed


def wages(person_id: Any, amount_fen: int) -> dict[str, Any]:
    return {"person_id": str(person_id), "kind": "wage", "amount_fen": amount_fen}


async def decided(run: Run, case_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """The case once a change was reported and decided."""
    change = await changed(run, case_id, body)
    answer = await do(run, CONFIRMER, case_id, f"{change}/decision", {})
    assert answer.is_success, answer.text
    await run.settled()
    return await shown(run, case_id)


async def parts(run: Run, case_id: str) -> list[tuple[str, int]]:
    """From which month on which amount is due, as payment has it."""
    due = await run.house.see(CLERK, "payment", f"/cases/{case_id}/entitlement")
    return [(part["from_month"], part["amount_fen"]) for part in due["parts"]]


async def test_a_household_moves_between_tiers_and_a_car_ends_it(run: Run) -> None:
    case_id = await confirmed(run)
    first = await shown(run, case_id)
    assert first["amount_fen"] == 4 * 180_00
    assert first["proposal"]["tier"] == {"tier": "third", "per_person_fen": 180_00}

    poorer = await decided(run, case_id, account(income=[wages(HUSBAND, 1_439_99)]))
    assert poorer["amount_fen"] == 4 * 360_00
    at_the_bound = await decided(run, case_id, account(income=[wages(HUSBAND, 720_00)]))
    assert at_the_bound["amount_fen"] == 4 * 360_00
    below_it = await decided(run, case_id, account(income=[wages(HUSBAND, 719_99)]))
    assert below_it["amount_fen"] == 4 * 540_00

    today = await run.embedded.services["decision"].today()
    body = {"programme": "dibao", "division": TOWNSHIP, "month": f"{today:%Y-%m}"}
    await run.advance(date(today.year, today.month + 1, 20))
    body["month"] = f"{today.year}-{today.month + 1:02}"
    await run.house.do(PREPARER, "payment", "/runs", body)
    listed = await run.house.see(PREPARER, "payment", f"/runs/dibao/{TOWNSHIP}/{body['month']}")
    (line,) = [li for li in listed["lines"] if li["case_id"] == case_id]
    assert line["amount_fen"] == 4 * 540_00

    bought = account(
        income=[wages(HUSBAND, 719_99)],
        property={"deposits_fen": 800_00, "houses": 1, "vehicles": 1},
    )
    over = await decided(run, case_id, bought)
    assert over["stage"] == "stopped"
    assert over["leaving"]["reason"] == "property_above_limit"
    due = await run.house.see(CLERK, "payment", f"/cases/{case_id}/entitlement")
    assert due["parts"][-1]["last_month"] == over["leaving"]["last_month"]
    page = await run.house.see(CLERK, "decision", f"/cases/{case_id}/notices")
    assert any(notice["owed"]["subject"] == "stop" for notice in page["notices"])


async def test_a_mother_alone_goes_to_work(run: Run) -> None:
    """Her family has more than 1.5 standards, so she is of it by her own registration only."""
    mother = lives(MOTHER, labour=LabourAbility.NONE, own_registration=True, **PHYSICAL_2)
    around = HouseholdCircumstances(
        poverty=PovertyStanding.NOT_REGISTERED, members=(lives(HUSBAND), mother)
    )
    case_id = await confirmed(
        run,
        circumstances=around,
        income=(wage(HUSBAND, 3_600_00), wage(MOTHER, 100_00)),
        income_fen=3_700_00,
        deductions=(),
        deducted_fen=0,
        counted_income_fen=3_700_00,
    )
    entered = await shown(run, case_id)
    assert entered["amount_fen"] == 540_00
    assert [m["person_id"] for m in entered["members"]] == [str(MOTHER)]

    both = [wages(HUSBAND, 3_600_00), wages(MOTHER, 180_00)]
    assert (await decided(run, case_id, account(income=both)))["amount_fen"] == 360_00

    today = await run.embedded.services["decision"].today()
    happened = entered["confirmed"]["pay_from"]
    await run.advance(date(today.year, today.month + 2, 3))
    his = wages(HUSBAND, 3_600_00)
    past = account(income=[his, wages(MOTHER, 360_00)], happened_on=f"{happened}-10")
    assert (await decided(run, case_id, past))["amount_fen"] == 180_00
    due = dict(await parts(run, case_id))
    year, month = (int(part) for part in happened.split("-"))
    assert due[f"{year}-{month + 1:02}"] == 180_00

    working = account(income=[his, wages(MOTHER, 600_01)])
    leaving = await decided(run, case_id, working)
    assert (leaving["stage"], leaving["leaving"]["amount_fen"]) == ("phasing_out", 180_00)
    assert leaving["leaving"]["persons"] == 1
