"""The public board over HTTP: anybody reads it, and finds no more than hangs there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from infra.demo.office import APPROVER, CLERK, CONFIRMER, TOWNSHIP, Official
from infra.demo.people import HOUSEHOLD, PLANTED
from shared.access.roles import Role
from shared.contracts.fields import Member, Relation
from tests.decision.household import NO_PROPERTY_LIMITS
from tests.decision.test_api import EXPLANATION, do, later
from tests.decision.test_api import opened as check_completed
from tests.house import Run, running
from tests.notices import notice
from tests.verification.household import wage

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.mechanism("S4-18")]

COUNTY, NEIGHBOUR = "350924000000", "350924101000"
ERASING = Official("erasing", Role.COUNTY_OFFICER, COUNTY, "county")
ERASING_TOO = Official("erasing too", Role.COUNTY_APPROVER, COUNTY, "county")
NEIGHBOURING = Official("neighbour", Role.TOWNSHIP_CLERK, "350925100000")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    folder: Path = tmp_path_factory.mktemp("board")
    policy = folder / "policy"
    policy.mkdir()
    notice(policy, "350924", standard_monthly_fen=600_00, **NO_PROPERTY_LIMITS)
    async with running(folder / "data", policy_dirs=(policy,)) as made:
        yield made


async def opened(run: Run) -> str:
    """The check of a household whom the registry knows."""
    members = tuple(
        Member(person_id=UUID(one["person_id"]), relation=Relation(one["relation"]))
        for one in await run.household()
    )
    return await check_completed(
        run,
        applicant=members[0].person_id,
        members=members,
        income=(wage(members[1].person_id, 2_900_00),),
        review_agreed=True,
    )


async def board(run: Run, path: str = "/board", **asked: Any) -> httpx.Response:
    """Somebody without a login reads the board, once the view shows what happened."""
    await run.settled()
    url = f"{run.house.system.services['decision']}{path}"
    return await run.house.client.get(url, params=asked)


async def hanging(run: Run, **asked: Any) -> list[dict[str, Any]]:
    """What hangs in the story's township."""
    answer = await board(run, division=TOWNSHIP, **asked)
    assert answer.status_code == 200, answer.text
    secret = (*PLANTED, *(person.name for person, _ in HOUSEHOLD))
    numbers = tuple(person.id_number for person, _ in HOUSEHOLD)
    assert not any(mark in answer.text for mark in (*secret, *numbers))
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_a_case_hangs_while_it_is_public_and_then_as_long_as_it_is_received(
    run: Run,
) -> None:
    case_id = await opened(run)
    assert (await do(run, CLERK, case_id, "proposal", EXPLANATION)).is_success
    assert await hanging(run) == []
    assert (await do(run, CLERK, case_id, "publicities/first")).is_success
    (posting,) = await hanging(run)
    surname = HOUSEHOLD[0][0].name[0]
    assert posting["name"] == surname + "*" * (len(HOUSEHOLD[0][0].name) - 1)
    assert (posting["kind"], case_id in str(posting)) == ("first", False)
    assert "民主评议 / Democratic review: 评议通过 / agreed" in posting["text"]

    one = await board(run, number=posting["number"])
    assert one.json()["items"] == [posting]
    assert one.headers["Cache-Control"] == "no-store"
    assert one.headers["X-Robots-Tag"] == "noindex, noarchive"
    page = await board(run, "/board/printed", division=TOWNSHIP)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert posting["number"] in page.text
    assert not any(person.name in page.text for person, _ in HOUSEHOLD)
    assert f"?division={TOWNSHIP}&amp;about=recipients" in page.text
    assert "下一页" not in page.text

    mine = await run.house.see(CLERK, "decision", f"/postings?number={posting['number']}")
    assert [row["case_id"] for row in mine["items"]] == [case_id]
    theirs = await run.house.see(NEIGHBOURING, "decision", f"/postings?number={posting['number']}")
    assert theirs["items"] == []

    await run.advance(
        await run.embedded.services["decision"].today() + timedelta(days=7)
    )  # its last day
    assert len(await hanging(run)) == 1
    await later(run, 1)
    assert await hanging(run) == []
    gone = await board(run, number=posting["number"])
    assert (gone.status_code, gone.json()["code"]) == (404, "posting-unknown")

    assert (await do(run, APPROVER, case_id, "approval")).is_success
    assert (await do(run, CLERK, case_id, "publicities/second")).is_success
    assert [one["kind"] for one in await hanging(run)] == ["second"]
    await later(run, 8)
    assert await hanging(run, about="recipients") == []
    assert (await do(run, CONFIRMER, case_id, "confirmation")).is_success
    (recipient,) = await hanging(run, about="recipients")
    assert (recipient["kind"], recipient["until_on"]) == ("recipient", None)
    assert "家庭成员数量 / Persons: 4" in recipient["text"]
    assert await hanging(run) == []


async def test_the_board_is_of_a_township_or_village_and_nothing_wider(run: Run) -> None:
    neighbour = await board(run, division=NEIGHBOUR, about="recipients")
    assert neighbour.json() == {"items": [], "next": None}
    for asked in ({"division": COUNTY}, {}):
        wide = await board(run, **asked)
        assert (wide.status_code, wide.json()["code"]) == (422, "board-area-not-named")
    unknown = await board(run, division="990000000000")
    assert unknown.status_code == 404


async def test_a_long_board_has_a_next_page(run: Run) -> None:
    for _ in range(2):
        case_id = await opened(run)
        assert (await do(run, CLERK, case_id, "proposal", EXPLANATION)).is_success
        assert (await do(run, CLERK, case_id, "publicities/first")).is_success
    first = await board(run, "/board/printed", division=TOWNSHIP, limit=1)
    assert first.text.count("<td>") == 5
    link = first.text.partition("cursor=")[2].partition('"')[0]
    second = await board(run, "/board/printed", division=TOWNSHIP, limit=1, cursor=link)
    assert second.text.count("<td>") == 5
    assert second.text != first.text


async def test_whose_data_the_registry_does_not_have_does_not_hang(run: Run) -> None:
    """A household that nobody registered stands for one whose data is gone."""
    case_id = await check_completed(run)
    assert (await do(run, CLERK, case_id, "proposal", EXPLANATION)).is_success
    assert (await do(run, CLERK, case_id, "publicities/first")).is_success
    await run.settled()
    rows = (await run.house.see(CLERK, "decision", "/postings"))["items"]
    (number,) = (row["number"] for row in rows if row["case_id"] == case_id)
    assert number not in {posting["number"] for posting in await hanging(run)}


async def test_who_was_erased_hangs_no_longer(run: Run) -> None:
    (person_id,) = await run.registered((run.stranger(),))
    alone = Member(person_id=UUID(person_id), relation=Relation.APPLICANT)
    income = {"income": (wage(alone.person_id, 100_00),), "counted_income_fen": 100_00}
    case_id = await check_completed(run, applicant=alone.person_id, members=(alone,), **income)
    assert (await do(run, CLERK, case_id, "proposal", EXPLANATION)).is_success
    assert (await do(run, CLERK, case_id, "publicities/first")).is_success
    before = {posting["number"] for posting in await hanging(run)}

    here = f"/persons/{person_id}/erasure"
    asked = {"division": COUNTY, "ground": "person_request", "reason": "本人申请删除"}
    await run.house.do(ERASING, "intake", here, asked)
    await run.house.do(ERASING_TOO, "intake", f"{here}/approval", at=here)
    after = {posting["number"] for posting in await hanging(run)}
    (number,) = before - after
    rows = (await run.house.see(CLERK, "decision", f"/postings?number={number}"))["items"]
    assert [row["case_id"] for row in rows] == [case_id]
    gone = await board(run, number=number)
    assert (gone.status_code, gone.json()["code"]) == (404, "posting-unknown")


async def test_readings_are_bounded(run: Run) -> None:
    url = f"{run.house.system.services['decision']}/board"
    asked = {"division": NEIGHBOUR}
    codes = {(await run.house.client.get(url, params=asked)).status_code for _ in range(60)}
    assert 429 in codes
