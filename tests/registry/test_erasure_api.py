"""Erasing a person over HTTP, as offices do it: two hands, holds, versions and repetitions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import AUDITOR, CLERK, COUNTY, TOWNSHIP, Official
from shared.access.roles import Role
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFICER: Final = Official("erasure officer", Role.COUNTY_OFFICER, COUNTY, "county")
APPROVER: Final = Official("erasure approver", Role.COUNTY_APPROVER, COUNTY, "county")
BOTH: Final = Official("erasure officer", Role.COUNTY_APPROVER, COUNTY, "county")
"""The officer, in another office."""
NEIGHBOUR: Final = Official("neighbour", Role.COUNTY_OFFICER, "350925000000", "county")
ASK: Final = {"division": COUNTY, "ground": "person_request", "reason": "本人申请删除"}


@dataclass
class Registered:
    """Somebody registered, and what offices ask about them."""

    run: Run
    person_id: str
    name: str

    async def ask(
        self,
        who: Official,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: UUID | None = None,
        if_match: str | None = None,
    ) -> httpx.Response:
        here = f"/persons/{self.person_id}{path}"
        return await self.run.house.call(
            who, "POST", "intake", here, body, key=key, if_match=if_match
        )

    async def state(self, who: Official = AUDITOR) -> httpx.Response:
        here = f"/persons/{self.person_id}/erasure"
        return await self.run.house.call(who, "GET", "intake", here)

    async def tag(self) -> str:
        return (await self.state()).headers["ETag"]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("erasing")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def person(run: Run) -> Registered:
    somebody = run.stranger()
    body = somebody.registration(TOWNSHIP)
    found = await run.house.do(CLERK, "intake", "/persons", body)
    return Registered(run, found["person_id"], somebody.name)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_asked_for_and_approved_by_others_sent_twice(person: Registered) -> None:
    key = uuid4()
    first = await person.ask(OFFICER, "/erasure", ASK, key=key)
    again = await person.ask(OFFICER, "/erasure", ASK, key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
    assert first.json()["erasure_id"] == again.json()["erasure_id"]
    assert code(await person.ask(OFFICER, "/erasure", ASK)) == (409, "erasure-pending")
    tag = await person.tag()
    assert first.headers["ETag"] == tag
    missing = await person.ask(APPROVER, "/erasure/approval")
    assert missing.status_code == 428
    stale = await person.ask(APPROVER, "/erasure/approval", if_match='"7"')
    assert stale.status_code == 412
    own = await person.ask(BOTH, "/erasure/approval", if_match=tag)
    assert code(own) == (403, "same-hands")
    key = uuid4()
    for repeated in (False, True):
        done = await person.ask(APPROVER, "/erasure/approval", key=key, if_match=tag)
        assert (done.status_code, done.json()["repeated"]) == (200, repeated)
    await person.run.settled()
    state = (await person.state()).json()
    assert (state["stage"], state["ground"]) == ("erased", "person_request")
    assert state["erased_at"] is not None
    for path, body in (("/erasure", ASK), ("/holds", held("court"))):
        answer = await person.ask(OFFICER, path, body)
        assert code(answer) == (410, "person-erased")


def held(ground: str) -> dict[str, str]:
    return {"division": COUNTY, "ground": ground, "explanation": "尚需核查"}


async def test_a_hold_is_seen_forbids_and_is_lifted_by_its_office(person: Registered) -> None:
    refused = await person.ask(OFFICER, "/holds", held("audit"))
    assert code(refused) == (403, "hold-of-auditors")
    placed = await person.ask(AUDITOR, "/holds", held("audit"))
    hold_id = placed.json()["hold_id"]
    (seen,) = (await person.state()).json()["holds"]
    assert (seen["hold_id"], seen["ground"], seen["division"]) == (hold_id, "audit", COUNTY)
    asked = await person.ask(OFFICER, "/erasure", ASK)
    assert code(asked) == (409, "person-on-hold")
    assert asked.json()["facts"] == {"holds": 1, "grounds": "audit"}
    over = {"explanation": "审计结束"}
    assert code(await person.ask(OFFICER, f"/holds/{hold_id}/lifting", over)) == (
        403,
        "hold-of-auditors",
    )
    key = uuid4()
    for repeated in (False, True):
        lifted = await person.ask(AUDITOR, f"/holds/{hold_id}/lifting", over, key=key)
        assert (lifted.status_code, lifted.json()["repeated"]) == (200, repeated)
    again = await person.ask(AUDITOR, f"/holds/{hold_id}/lifting", over)
    assert code(again) == (404, "no-such-hold")
    assert (await person.ask(OFFICER, "/erasure", ASK)).status_code == 201


async def test_a_rejection_leaves_everything_as_it_was(person: Registered) -> None:
    nothing = await person.ask(APPROVER, "/erasure/rejection", {"reason": "x"}, if_match='"0"')
    assert code(nothing) == (409, "no-erasure-requested")
    await person.ask(OFFICER, "/erasure", ASK)
    tag = await person.tag()
    why = {"reason": "仍有后续业务"}
    done = await person.ask(APPROVER, "/erasure/rejection", why, if_match=tag)
    assert done.status_code == 200
    assert (await person.state()).json()["stage"] == "none"
    read = await person.run.house.call(
        CLERK,
        "POST",
        "intake",
        "/persons/consultations",
        {"person_ids": [person.person_id], "purpose": "application", "fields": ["name"]},
    )
    assert read.json()["persons"][0]["name"] == person.name


async def test_a_reason_that_names_the_person_is_refused_without_repeating_it(
    person: Registered,
) -> None:
    named = ASK | {"reason": f"{person.name}申请删除"}
    answer = await person.ask(OFFICER, "/erasure", named)
    assert code(answer) == (422, "text-names-person")
    assert person.name not in answer.text


async def test_a_neighbour_learns_of_nobody(person: Registered) -> None:
    assert (await person.state(NEIGHBOUR)).status_code == 404
    elsewhere = ASK | {"division": NEIGHBOUR.division}
    assert (await person.ask(NEIGHBOUR, "/erasure", elsewhere)).status_code == 404
    assert code(await person.ask(NEIGHBOUR, "/erasure", ASK)) == (403, "division-not-covered")
    stranger = Registered(person.run, str(uuid4()), "")
    assert (await stranger.ask(OFFICER, "/erasure", ASK)).status_code == 404
