"""An objection holds: the household is surveyed, proposed and made public anew, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.office import (
    APPROVER,
    CLERK,
    CONFIRMER,
    SECOND_SURVEYOR,
    SURVEYOR,
    Official,
)
from infra.demo.people import told
from shared.access.roles import Role
from tests.decision.test_api import EXPLANATION, do, later, shown
from tests.house import Run, application, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

THIRD = Official("third surveyor", Role.TOWNSHIP_SURVEYOR)
FOURTH = Official("fourth surveyor", Role.TOWNSHIP_SURVEYOR)
OTHER_CLERK = Official("another clerk", Role.TOWNSHIP_CLERK)
DIRECTOR = Official("township director", Role.TOWNSHIP_APPROVER)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("anew") / "data") as made:
        yield made


async def visit(run: Run, case_id: str, by: tuple[Official, Official], wages: Any) -> Any:
    """A home visit today, and what is answered to it."""
    body = {
        "visited_on": (await run.embedded.services["decision"].today()).isoformat(),
        "surveyors": [str(who.actor) for who in by],
        "income": wages,
        "findings": told("入户调查"),
    }
    path = f"/checks/{case_id}/home-visits"
    return await run.house.call(by[0], "POST", "verification", path, body)


async def checked(run: Run, case_id: str) -> None:
    """The village agrees, and the account is drawn up."""
    review = {
        "held_on": (await run.embedded.services["decision"].today()).isoformat(),
        "present": 9,
        "representatives": 7,
        "agreed": 9,
        "upheld": True,
        "minutes": told("一致同意"),
    }
    here = f"/checks/{case_id}"
    await run.house.do(CLERK, "verification", f"{here}/reviews", review)
    await run.settled()
    await run.house.do(CLERK, "verification", f"{here}/completion", at=here)
    await run.settled()


async def test_an_upheld_objection_leads_to_another_amount_by_other_hands(run: Run) -> None:
    members = await run.household()
    body = application(members)
    case_id = str((await run.house.do(CLERK, "intake", "/applications", body))["case_id"])
    accept = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{accept}/kin-filing", {"kin": []}, at=accept)
    await run.house.do(CLERK, "intake", f"{accept}/acceptance", at=accept)
    await run.settled()
    wages = {"person_id": members[1]["person_id"], "kind": "wage"}

    first = await visit(run, case_id, (SURVEYOR, SECOND_SURVEYOR), [wages | {"amount_fen": 0}])
    assert first.is_success, first.text
    await checked(run, case_id)
    assert (await do(run, CLERK, case_id, "proposal", EXPLANATION)).is_success
    fell = (await shown(run, case_id))["proposal"]["amount_fen"]
    assert (await do(run, CLERK, case_id, "publicities/first")).is_success
    objected = await do(run, CLERK, case_id, "objections", {"grounds": told("丈夫在外打工")})
    early = await do(run, DIRECTOR, case_id, "resurvey")
    assert (early.status_code, early.json()["code"]) == (409, "objection-open")
    findings = {"upheld": True, "findings": told("属实，未申报工资")}
    resolution = f"objections/{objected.json()['objection_id']}/resolution"
    assert (await do(run, APPROVER, case_id, resolution, findings)).is_success
    stuck = await do(run, APPROVER, case_id, "approval")
    assert (stuck.status_code, stuck.json()["code"]) == (409, "objection-upheld")

    assert (await do(run, DIRECTOR, case_id, "resurvey")).status_code == 201
    await run.settled()
    assert (await shown(run, case_id))["stage"] == "resurvey"
    more = [wages | {"amount_fen": 1_000_00}]
    again = await visit(run, case_id, (SURVEYOR, THIRD), more)
    assert (again.status_code, again.json()["code"]) == (403, "surveyed-before")
    assert (await visit(run, case_id, (THIRD, FOURTH), more)).is_success
    await checked(run, case_id)

    same = await do(run, CLERK, case_id, "proposal", EXPLANATION)
    assert (same.status_code, same.json()["code"]) == (403, "same-hands")
    assert (await do(run, OTHER_CLERK, case_id, "proposal", EXPLANATION)).is_success
    amount_fen = (await shown(run, case_id))["proposal"]["amount_fen"]
    assert amount_fen == fell - 1_000_00
    unposted = await do(run, APPROVER, case_id, "approval")
    assert (unposted.status_code, unposted.json()["code"]) == (409, "publicity-missing")
    assert (await do(run, CLERK, case_id, "publicities/first")).is_success
    await later(run, 8)
    assert (await do(run, APPROVER, case_id, "approval")).is_success
    assert (await do(run, CLERK, case_id, "publicities/second")).is_success
    await later(run, 8)
    assert (await do(run, CONFIRMER, case_id, "confirmation")).is_success
    await run.settled()
    now = await shown(run, case_id)
    assert (now["stage"], now["amount_fen"]) == ("confirmed", amount_fen)
