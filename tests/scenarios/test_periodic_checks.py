"""Households of Shangnan, recognised at the edge of dibao in 2023, are checked each quarter.

One bought a vehicle: its registration is put to it, explained, and the recognition reviewed. The
other goes on being checked until a member takes the authorisation back.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio

from infra.demo.office import SHAANXI_TOWN
from infra.demo.people import PLANTED, Person, told
from infra.demo.road import BY_57, Family, Road
from shared.access.roles import Role
from shared.clock import instant_of
from tests.house import Run, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

ACCEPTED_ON = date(2023, 3, 1)
OWNS = {"deposits_fen": 5_000_00, "houses": 1, "vehicles": 0}
OFFICER = SHAANXI_TOWN.of_county("officer", Role.COUNTY_OFFICER)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder = tmp_path_factory.mktemp("periodic") / "data"
    together = frozenset({"vehicles", "housing"})
    async with running(
        folder,
        departments_asked_in_batches=together,
        hand_clock_start=ACCEPTED_ON,
        cell="sx",
        home_division="610000000000",
    ) as made:
        yield made


@dataclass
class Lived:
    """A household at the edge, as its officials deal with it."""

    run: Run
    road: Road
    people: tuple[Person, ...]

    @property
    def case_id(self) -> str:
        return self.road.case_id

    async def seen(self) -> dict[str, Any]:
        path = f"/standing-households/{self.case_id}"
        found: dict[str, Any] = await self.run.house.see(self.road.clerk, "verification", path)
        return found

    async def asked(self) -> Counter[str]:
        """How often each department was heard about it so far."""
        store = self.run.embedded.services["verification"].store
        from shared.kernel.event import read

        documents = [read(row) for row in store.read_log(0, 10_000)]
        return Counter(
            document.data.department.value
            for document in documents
            if str(document.subject) == self.case_id
            and document.type.endswith("periodic-answer-received.v1")
        )


async def recognised(run: Run) -> Lived:
    """Two on 1,200 yuan: above the standard of 500 a head, below the edge of 750."""
    people = (run.stranger(), run.stranger())
    household = tuple(zip(people, ("applicant", "parent"), strict=True))
    family = Family(household, wages_fen={0: 1_200_00}, owns=OWNS)
    road = Road(run.house, run.advance, SHAANXI_TOWN, family, BY_57)
    today = await run.embedded.services["decision"].today()
    await road.to_refusal(max(ACCEPTED_ON, today))
    await run.settled()
    return Lived(run, road, people)


async def leap(run: Run, days: int) -> None:
    """Every service wakes up so many days later, with all that fell due meanwhile."""
    await run.settled()
    today = await run.embedded.services["decision"].today()
    for service in run.embedded.services.values():
        moment = instant_of(today + timedelta(days=days))
        await asyncio.to_thread(service.timekeeper.set_to, moment)
    await run.settled()


@pytest.mark.mechanism("S4-43")
async def test_a_vehicle_is_found_explained_and_the_recognition_reviewed(run: Run) -> None:
    first, second = await recognised(run), await recognised(run)
    entered = await first.seen()
    assert entered["standings"] == ["edge_household"]
    assert entered["known"]["vehicles"] == 0
    await run.house.load_departments(
        [{"department": "vehicles", "id_number": first.people[0].id_number, "vehicles": 1}]
    )

    # Housing takes no calls about several any more: it is asked about each household by itself.
    await run.misbehave(housing={"mode": "only_singly"})
    await leap(run, 95)
    key = {"social_insurance", "housing", "vehicles", "public_security", "civil_affairs"}
    assert key <= set(await first.asked())
    assert not (await second.seen())["leads"]
    queries = await run.house.client.get(f"{run.house.sandboxes['departments']}/queries")
    in_batches = {q["department"] for q in queries.json() if q["beside"] is not None}
    assert in_batches == {"vehicles", "housing"}

    await explained(first)
    await reviewed(first)

    before = await first.asked(), await second.asked()
    await leap(run, 93)
    assert await first.asked() == before[0]
    assert (await second.asked())["vehicles"] > before[1]["vehicles"]
    await taken_back(second)
    counted = await second.asked()
    await leap(run, 93)
    assert await second.asked() == counted
    row = await run.house.see(
        second.road.clerk, "verification", "/standing-households?on_books=true&limit=200"
    )
    assert [one["not_asked"] for one in row["items"]] == ["not_authorised"]


async def explained(first: Lived) -> None:
    """The vehicle is put to the household, and its answer taken down."""
    run = first.run
    found = await first.seen()
    (lead,) = found["leads"]
    assert lead["contradiction"]["kind"] == "vehicles_above_declared"
    assert (lead["standing"], found["under_way"]) == ("open", [])
    path = "/standing-households?leads_waiting=true&limit=200"
    listed = await run.house.see(first.road.clerk, "verification", path)
    assert [row["case_id"] for row in listed["items"]] == [first.case_id]
    body = {"response": "explained", "statement": told("购买农用车辆")}
    answers = f"/standing-households/{first.case_id}/leads/1/answers"
    await run.house.do(first.road.clerk, "verification", answers, body)
    await run.settled()


async def reviewed(first: Lived) -> None:
    """By what it has now it is recognised no longer; who took its answer down does not end that."""
    run = first.run
    reviews = f"{first.road.here}/reviews"
    review = (await run.house.see(first.road.clerk, "decision", reviews))["open"]["opened"]
    assert review["occasion"] == "periodic_check"
    rows = await run.house.see(first.road.clerk, "decision", "/reviews?limit=200")
    assert first.case_id in {row["case_id"] for row in rows["items"]}
    conclusion = {
        "manner": "home_visit",
        "outcome": "no_change",
        "household": "stable",
        "family": {**OWNS, "counted_income_fen": 1_200_00, "vehicles": 1},
        "findings": told("入户复核"),
    }

    async def concluded(who: Any, **changed: Any) -> tuple[int, str | None]:
        at = f"{reviews}/{review['review_id']}/conclusion"
        answer = await run.house.call(who, "POST", "decision", at, conclusion | changed)
        return answer.status_code, None if answer.is_success else answer.json()["code"]

    assert await concluded(OFFICER) == (422, "review-outcome-contradicts")
    over = {"outcome": "no_longer_recognised"}
    assert await concluded(first.road.clerk, **over) == (403, "same-hands")
    assert await concluded(OFFICER, **over) == (201, None)
    await run.settled()
    assert (await first.seen())["standings"] == []
    shown = await run.house.call(
        first.road.clerk, "GET", "verification", f"/standing-households/{first.case_id}"
    )
    assert not any(mark in shown.text for mark in PLANTED)


async def taken_back(lived: Lived) -> None:
    """The applicant takes back the share in the one paper of the application."""
    path = f"/applications/{lived.case_id}/authorisations/withdrawal"
    body = {"person_id": lived.road.person_ids[0]}
    await lived.run.house.do(lived.road.clerk, "intake", path, body)
    await lived.run.settled()
