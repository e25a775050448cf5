"""An old woman asks for help in June 2026; whether her daughter can support her is looked into.

Until June the household's authorisation stands for it (民发〔2021〕43号 art. 10); since July the
daughter's finances are looked at with her own consent only (社会救助法 art. 41).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.office import CLERK, Official
from infra.demo.people import PLANTED, told
from shared.access.roles import Role
from tests.house import Run, running
from tests.verification.test_api import accepted

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEIGHBOUR = Official("neighbour", Role.TOWNSHIP_CLERK, "350925100000")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("obligors") / "data") as made:
        yield made


async def in_registers(run: Run, case_id: str, person_id: str) -> dict[str, Any]:
    """What departments said of an obligor, or that they did not."""
    seen = await run.house.call(CLERK, "GET", "verification", f"/checks/{case_id}")
    known: list[dict[str, Any]] = seen.json()["obligors_in_registers"]
    return next(one for one in known if one["person_id"] == person_id)


async def test_since_july_2026_an_obligors_means_are_checked_with_their_own_consent(
    run: Run,
) -> None:
    await run.advance(date(2026, 6, 29))
    case_id, mother = await accepted(run)
    somebody = run.stranger()
    (daughter,) = await run.registered((somebody,))
    wages = {"income": [{"kind": "wage", "amount_fen": 2_600_01}]}
    await run.house.load_departments(
        [{"department": "tax", "id_number": somebody.id_number} | wages]
    )
    means = {
        "person_id": daughter,
        "income_fen": 2_400_00,
        "deposits_fen": 3_000_00,
        "houses": 1,
        "vehicles": 0,
        "findings": told("女儿收入情况"),
    }

    async def looked_at(who: Official = CLERK, **changed: Any) -> tuple[int, str | None]:
        path = f"/checks/{case_id}/obligors"
        answer = await run.house.call(who, "POST", "verification", path, means | changed)
        return answer.status_code, None if answer.is_success else answer.json()["code"]

    await run.advance(date(2026, 6, 30))
    assert await looked_at() == (201, None)
    assert await looked_at(person_id=mother) == (422, "obligor-of-the-household")
    assert await looked_at(NEIGHBOUR) == (403, "division-not-covered")

    (son,) = await run.registered((run.stranger(),))
    await run.house.do(
        CLERK, "intake", f"/applications/{case_id}/authorisations/withdrawal", {"person_id": mother}
    )
    await run.settled()
    asking = f"/checks/{case_id}/obligors/queries"
    await run.house.do(CLERK, "verification", asking, {"person_id": son})
    await run.settled()
    unasked = await in_registers(run, case_id, son)
    assert (unasked["asked"], unasked["answers"]) == ([], [])
    assert {one["failure"] for one in unasked["failed"]} == {"not_authorised"}

    await run.advance(date(2026, 7, 1))
    path = f"/checks/{case_id}/obligors"
    refused = await run.house.call(CLERK, "POST", "verification", path, means)
    assert (refused.status_code, refused.json()["code"]) == (409, "obligor-consent-missing")
    assert "41" in refused.json()["source"]

    word = {
        "person_id": daughter,
        "standing": "obligor",
        "signed_by": daughter,
        "signed_on": "2026-07-01",
        "document_digest": "cd" * 32,
    }
    here = f"/applications/{case_id}/authorisations"
    by_another = await run.house.call(
        CLERK, "POST", "intake", here, word | {"signed_by": mother, "ground": "old_age"}
    )
    assert (by_another.status_code, by_another.json()["code"]) == (422, "obligor-signs-in-person")
    await run.house.do(CLERK, "intake", here, word)
    await run.settled()
    assert await looked_at(income_fen=2_600_00) == (201, None)
    seen = await run.house.call(CLERK, "GET", "verification", f"/checks/{case_id}")
    (found,) = seen.json()["obligors"]
    assert (found["person_id"], found["income_fen"], found["consent_by"]) == (
        daughter,
        2_600_00,
        daughter,
    )
    assert found["below_reported"] == ["income_above_declared"]
    known = await in_registers(run, case_id, daughter)
    assert (known["asked"], known["failed"]) == ([], [])
    tax = next(one for one in known["answers"] if one["department"] == "tax")
    assert [line["amount_fen"] for line in tax["income"]] == [2_600_01]
    assert not any(mark in seen.text for mark in PLANTED)

    await run.house.do(CLERK, "intake", f"{here}/withdrawal", {"person_id": daughter})
    await run.settled()
    assert await looked_at() == (409, "obligor-consent-missing")
