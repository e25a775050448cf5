"""A view is rebuilt over HTTP while applications keep being submitted and paged through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest

from infra.demo.office import CLERK, OPERATOR
from shared.contracts.kernel import (
    ViewRebuildAbandoned,
    ViewRebuildAccepted,
    ViewRebuildOrdered,
    ViewRebuilt,
)
from shared.kernel.event import read
from shared.views.port import Update
from tests.house import Run, application, eventually, running

VIEW: Final = "/ops/views/applications"


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    async with running(tmp_path) as found:
        yield found


async def submitted(run: Run) -> str:
    """The case of an application that somebody new submitted."""
    (person,) = await run.registered((run.stranger(),))
    members = [{"person_id": person, "relation": "applicant"}]
    return str(
        (await run.house.do(CLERK, "intake", "/applications", application(members)))["case_id"]
    )


async def paged(run: Run) -> list[str]:
    """The cases of every page of the clerk's list, three a page."""
    cases: list[str] = []
    cursor = ""
    while True:
        page = await run.house.see(CLERK, "intake", f"/applications?limit=3{cursor}")
        cases += [row["case_id"] for row in page["items"]]
        if page["next"] is None:
            return cases
        cursor = f"&cursor={page['next']}"


async def rebuild_of(run: Run) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (await run.house.see(OPERATOR, "intake", VIEW))["rebuild"]
    return found


async def stage(run: Run) -> str | None:
    found = await rebuild_of(run)
    return None if found is None else str(found["stage"])


async def reached(run: Run, wanted: str) -> dict[str, Any]:
    """The rebuild once it is at a stage."""

    async def is_there() -> bool:
        return await stage(run) == wanted

    await eventually(is_there)
    found = await rebuild_of(run)
    assert found is not None
    return found


def recorded(run: Run) -> list[Any]:
    """What intake's log tells of its view's rebuilds: the events with who recorded them."""
    told = (ViewRebuildOrdered, ViewRebuildAccepted, ViewRebuildAbandoned, ViewRebuilt)
    rows = run.embedded.services["intake"].store.read_log(0, 10_000)
    documents = [read(row) for row in rows if ".kernel.view-" in row.type]
    assert all(isinstance(document.data, told) for document in documents)
    return documents


async def test_a_view_is_rebuilt_while_applications_come_and_are_paged_through(run: Run) -> None:
    cases = [await submitted(run) for _ in range(7)]
    await run.settled()
    over = asyncio.Event()
    looks = 0

    async def keep_looking() -> None:
        nonlocal looks
        seen: list[str] = []
        while not over.is_set():
            now = await paged(run)
            assert len(now) == len(set(now))
            assert set(now) >= set(seen), "what was shown is shown no more"
            seen, looks = now, looks + 1

    async def keep_submitting() -> None:
        while not over.is_set():
            cases.append(await submitted(run))

    others = [asyncio.create_task(keep_looking()), asyncio.create_task(keep_submitting())]
    try:
        for generation in (2, 3, 4):
            ordered = await run.house.do(OPERATOR, "intake", f"{VIEW}/rebuild")
            assert ordered["events"] == 1

            async def rebuilt(wanted: int = generation) -> bool:
                found = await run.house.see(OPERATOR, "intake", VIEW)
                return bool(found["generation"] == wanted and await stage(run) == "switched")

            await eventually(rebuilt)
    finally:
        over.set()
        await asyncio.gather(*others)
    await run.settled()
    assert looks > 3
    assert sorted(await paged(run)) == sorted(cases)
    found = await rebuild_of(run)
    assert found is not None
    assert found["found"]["differing"] == 0
    events = recorded(run)
    assert [type(event.data) for event in events] == [ViewRebuildOrdered, ViewRebuilt] * 3
    assert [event.role for event in events[:2]] == ["operator", "service"]


async def test_what_differs_is_listed_by_names_and_accepted_by_its_digest(run: Run) -> None:
    cases = [await submitted(run) for _ in range(4)]
    await run.settled()
    views = run.embedded.services["intake"].views
    standing = await views.progress("applications")
    document = await views.get("applications", cases[0])
    assert document is not None
    wrong = [
        Update(cases[0], standing.position, document | {"status": "closed"}),
        Update(cases[1], standing.position, None),
    ]
    await views.apply("applications", wrong, standing)
    assert cases[1] not in await paged(run)

    key = uuid4()
    first = await run.house.call(OPERATOR, "POST", "intake", f"{VIEW}/rebuild", key=key)
    again = await run.house.call(OPERATOR, "POST", "intake", f"{VIEW}/rebuild", key=key)
    assert (first.status_code, again.json()["repeated"]) == (200, True)
    another = await run.house.call(OPERATOR, "POST", "intake", f"{VIEW}/rebuild")
    assert (another.status_code, another.json()["code"]) == (409, "view-rebuild-under-way")

    found = (await reached(run, "waiting"))["found"]
    named = {one["key"]: (one["only_in"], one["fields"]) for one in found["listed"]}
    assert named == {cases[0]: (None, ["status"]), cases[1]: ("beside", [])}
    assert (found["differing"], found["compared"]) == (2, 4)
    assert cases[1] not in await paged(run)

    acceptance = f"{VIEW}/rebuild/acceptance"
    other = await run.house.call(OPERATOR, "POST", "intake", acceptance, {"digest": "0" * 64})
    assert (other.status_code, other.json()["code"]) == (409, "view-differences-other")
    key, accepted = uuid4(), {"digest": found["digest"]}
    answer = await run.house.call(OPERATOR, "POST", "intake", acceptance, accepted, key=key)
    assert answer.status_code == 200, answer.text
    await reached(run, "switched")
    assert sorted(await paged(run)) == sorted(cases)
    late = await run.house.call(OPERATOR, "POST", "intake", acceptance, accepted, key=key)
    assert (late.status_code, late.json()["repeated"]) == (200, True)

    ordered, agreed, rebuilt = recorded(run)
    assert ordered.data.rebuild_id == agreed.data.rebuild_id == rebuilt.data.rebuild_id
    assert agreed.data.digest == rebuilt.data.digest == found["digest"]
    assert (agreed.data.differing, rebuilt.data.differing) == (2, 2)
    assert ordered.actor == agreed.actor


async def test_of_two_operators_who_order_at_once_one_is_told_so(run: Run) -> None:
    path = f"{VIEW}/rebuild"
    answers = await asyncio.gather(
        *(run.house.call(OPERATOR, "POST", "intake", path) for _ in range(2))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    await reached(run, "switched")
    assert [type(event.data) for event in recorded(run)] == [ViewRebuildOrdered, ViewRebuilt]


async def test_an_abandoned_rebuild_leaves_readers_what_they_saw(run: Run) -> None:
    case_id, other = await submitted(run), await submitted(run)
    await run.settled()
    views = run.embedded.services["intake"].views
    standing = await views.progress("applications")
    await views.apply("applications", [Update(case_id, standing.position, None)], standing)
    abandonment = f"{VIEW}/rebuild/abandonment"
    nothing = await run.house.call(OPERATOR, "POST", "intake", abandonment)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "view-not-rebuilding")
    await run.house.do(OPERATOR, "intake", f"{VIEW}/rebuild")
    await reached(run, "waiting")
    await run.house.do(OPERATOR, "intake", abandonment)
    assert await rebuild_of(run) is None

    async def nothing_beside() -> bool:
        return await views.beside("applications") is None

    # A worker that had looked before may have begun one more: it takes that away itself.
    await eventually(nothing_beside)
    assert await paged(run) == [other]
    assert [type(event.data) for event in recorded(run)] == [
        ViewRebuildOrdered,
        ViewRebuildAbandoned,
    ]
    nobodys = await run.house.call(OPERATOR, "POST", "intake", "/ops/views/nobody/rebuild")
    assert nobodys.status_code == 404
