"""Spot checks over HTTP: the county draws, visits, and an auditor draws again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
import pytest_asyncio

from infra.demo.office import CLERK, COUNTY, SECOND_SURVEYOR, SURVEYOR, Official
from infra.demo.people import told
from shared.access.roles import Role
from tests.house import Run, application, running
from tests.verification.test_spot_checks import drawn_again

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFICER = Official("county officer", Role.COUNTY_OFFICER, COUNTY, "county")
NEIGHBOUR = Official("another county's", Role.COUNTY_OFFICER, "350925000000", "county")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("spot")) as made:
        yield made


async def checked(run: Run) -> str:
    (person_id,) = await run.registered((run.stranger(),))
    body = application([{"person_id": person_id, "relation": "applicant"}])
    case_id: str = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    there = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{there}/acceptance", at=there)
    await run.settled()
    here = f"/checks/{case_id}"
    today = (await run.embedded.services["verification"].today()).isoformat()
    visit = {
        "visited_on": today,
        "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
        "findings": told("入户调查"),
    }
    review = {
        "held_on": today,
        "present": 3,
        "representatives": 3,
        "agreed": 3,
        "upheld": True,
        "minutes": told("民主评议"),
    }
    await run.house.do(SURVEYOR, "verification", f"{here}/home-visits", visit)
    await run.house.do(CLERK, "verification", f"{here}/reviews", review)
    await run.house.do(CLERK, "verification", f"{here}/completion", at=here)
    await run.settled()
    return case_id


async def test_the_county_draws_visits_and_an_auditor_draws_again(run: Run) -> None:
    population = sorted([await checked(run) for _ in range(4)])
    path = f"/spot-checks/{COUNTY}/dibao"
    today = (await run.embedded.services["verification"].today()).isoformat()
    body = {"until_on": today, "named": [{"case_id": population[0], "ground": "kin"}]}
    refused = await run.house.call(NEIGHBOUR, "POST", "verification", f"{path}/draws", body)
    assert refused.status_code == 403
    await run.house.do(OFFICER, "verification", f"{path}/draws", body)
    await run.settled()
    lot = await run.house.see(OFFICER, "verification", path)
    assert lot["waiting"] == []
    (shown,) = lot["draws"]
    assert shown["population"] == population
    (stratum,) = shown["draw"]["strata"]
    again = drawn_again(shown["draw"]["seed"], population, Fraction(3, 10))
    assert stratum["drawn"] == again
    owed = {}
    for case_id in population:
        found = await run.house.see(CLERK, "verification", f"/checks/{case_id}")
        owed[case_id] = found["spot_check"]
    assert {case for case, one in owed.items() if one} == {*again, population[0]}
    visit = {
        "visited_on": today,
        "visitors": [str(OFFICER.actor), str(uuid4())],
        "confirms": False,
        "findings": told("县级入户抽查"),
    }
    there = f"/checks/{again[0]}"
    await run.house.do(OFFICER, "verification", f"{there}/spot-visits", visit)
    seen = await run.house.see(CLERK, "verification", there)
    assert seen["spot_visit"]["confirms"] is False
    due = date.fromisoformat(seen["spot_check"]["due"]["on"])
    await run.advance(due + timedelta(days=1))
    missed = {
        case: (await run.house.see(CLERK, "verification", f"/checks/{case}"))["spot_check_missed"]
        for case in population
    }
    assert missed == {case: bool(owed[case]) and case != again[0] for case in population}
