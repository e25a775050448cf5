"""Worked case 21 as intake lives it: refused in hardship, kept in mind, reopened on an alert."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from infra.demo.office import AUDITOR, CLERK, COUNTY, TOWNSHIP, Official
from infra.demo.people import PLANTED, told
from services.intake.reactions import FOREIGN
from shared.access.roles import Role
from shared.contracts.decision import CaseRefused, RefusalReason
from shared.contracts.fields import Due, Member, Programme
from shared.contracts.recognition import (
    HardshipGround,
    HouseholdRecognised,
    HouseholdStatus,
    PotentialRecipientListed,
)
from shared.kernel.event import Event
from tests.documents import document
from tests.house import Run, application, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

COUNTY_OFFICER = Official("county officer", Role.COUNTY_OFFICER, COUNTY, "county")
NEIGHBOUR = Official("neighbour", Role.TOWNSHIP_CLERK, "350925100000")
ALERT = {"occasion": "provincial_alert", "reason": told("省级预警：家庭收入骤减")}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("watch-list")) as made:
        yield made


async def happened(run: Run, case_id: str, *events: Event) -> None:
    """Decision said this of a case."""
    service = run.embedded.services["intake"]
    for event in events:
        said = document(event, case_id=UUID(case_id), on=await service.today())
        for react in FOREIGN[type(event)]:
            for submission in react(said):
                await service.writer.execute(submission)
    await run.settled()


def household_of(body: dict[str, Any]) -> dict[str, Any]:
    """An application's household, as decision's events tell it."""
    return {
        "programme": Programme.DIBAO,
        "division": TOWNSHIP,
        "applicant": UUID(body["applicant"]),
        "members": tuple(Member.model_validate(member) for member in body["members"]),
    }


async def refused(run: Run) -> tuple[str, dict[str, Any]]:
    """A household of one, accepted, refused and kept in mind: its case and its application."""
    (person_id,) = await run.registered((run.stranger(),))
    body = application([{"person_id": person_id, "relation": "applicant"}])
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    today = await run.embedded.services["intake"].today()
    await happened(
        run,
        case_id,
        CaseRefused(
            programme=Programme.DIBAO,
            division=TOWNSHIP,
            applicant=UUID(person_id),
            notice_due=Due(on=today, calendar="chinesecalendar-1.11.0"),
            reason=RefusalReason.INCOME_NOT_BELOW_STANDARD,
        ),
        PotentialRecipientListed(**household_of(body), hardship=(HardshipGround.UNSTEADY_WORK,)),
    )
    return case_id, body


@pytest.mark.mechanism("S0-3", "S1-3")
async def test_case_21_watch_list_a_later_alert_reopens_without_re_keying(run: Run) -> None:
    case_id, body = await refused(run)
    here = f"/watch-list/{case_id}"
    path = f"/watch-list?division={TOWNSHIP}&level=township&stage=watched&limit=200"
    listed = await run.house.see(COUNTY_OFFICER, "intake", path)
    (row,) = [item for item in listed["items"] if item["case_id"] == case_id]
    assert (row["hardship"], row["listed_on"]) == (["unsteady_work"], "2020-04-01")

    receipt = await run.house.do(CLERK, "intake", f"{here}/reopening", ALERT, at=here)
    again = receipt["case_id"]
    assert again != case_id
    made = await run.house.see(CLERK, "intake", f"/applications/{again}")
    same = ("programme", "division", "applicant", "members")
    assert {name: made[name] for name in same} == {name: body[name] for name in same}
    assert (made["status"], made["reopens"]) == ("submitted", case_id)
    assert made["supplied"] == ["identity", "check_authorization"]
    await run.house.do(
        CLERK, "intake", f"/applications/{again}/acceptance", at=f"/applications/{again}"
    )

    await run.settled()
    entry = await run.house.see(CLERK, "intake", here)
    assert (entry["stage"], entry["reopened_as"]) == ("reopened", again)
    listed = await run.house.see(COUNTY_OFFICER, "intake", path)
    assert case_id not in {item["case_id"] for item in listed["items"]}
    rows = await run.house.see(CLERK, "intake", "/applications?status=accepted&limit=200")
    (row,) = [item for item in rows["items"] if item["case_id"] == again]
    assert row["reopens"] == case_id
    this_time = HouseholdRecognised(status=HouseholdStatus.EDGE_HOUSEHOLD, **household_of(body))
    await happened(run, again, this_time)
    shown = await run.house.see(CLERK, "intake", f"/applications/{again}")
    assert shown["recognised"] == "edge_household"
    for of, name, other in ((case_id, "reopened_as", again), (again, "reopens", case_id)):
        timeline = await run.house.see(AUDITOR, "oversight", f"/cases/{of}/timeline")
        assert other in {entry["data"].get(name) for entry in timeline["entries"]}
    assert not any(mark in str(made) + str(entry) for mark in PLANTED)


async def test_a_reopening_sent_again_is_the_same_case(run: Run) -> None:
    case_id, _body = await refused(run)
    key, path = uuid4(), f"/watch-list/{case_id}/reopening"
    answers = [
        await run.house.call(CLERK, "POST", "intake", path, ALERT, key=key, if_match='"1"')
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["case_id"] == answers[1].json()["case_id"]
    other = await run.house.call(CLERK, "POST", "intake", path, ALERT, if_match='"2"')
    assert (other.status_code, other.json()["code"]) == (409, "not-on-watch-list")


async def test_who_applies_by_themselves_is_not_made_to_apply_again(run: Run) -> None:
    case_id, body = await refused(run)
    await run.house.do(CLERK, "intake", "/applications", body)
    path = f"/watch-list/{case_id}/reopening"
    answer = await run.house.call(CLERK, "POST", "intake", path, ALERT, if_match='"1"')
    assert (answer.status_code, answer.json()["code"]) == (409, "open-application-exists")
    here = f"/watch-list/{case_id}"
    removal = {"reason": "aided_otherwise", "explanation": "已自行申请"}
    await run.house.do(CLERK, "intake", f"{here}/removal", removal, at=here)
    assert (await run.house.see(CLERK, "intake", here))["stage"] == "removed"


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("reopening", {"reason": "x"}),
        ("reopening", {"occasion": "hearsay", "reason": "x"}),
        ("reopening", {"occasion": "hotline", "reason": ""}),
        ("removal", {"explanation": "x"}),
    ],
)
async def test_an_occasion_and_a_reason_are_of_those_there_are(
    run: Run, step: str, body: dict[str, str]
) -> None:
    case_id, _body = await refused(run)
    path = f"/watch-list/{case_id}/{step}"
    answer = await run.house.call(CLERK, "POST", "intake", path, body, if_match='"1"')
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-fields")
    assert (await run.house.see(CLERK, "intake", f"/watch-list/{case_id}"))["stage"] == "watched"


async def test_a_neighbour_sees_and_reopens_nothing(run: Run) -> None:
    case_id, _body = await refused(run)
    for method, path, body in (
        ("GET", f"/watch-list/{case_id}", None),
        ("POST", f"/watch-list/{case_id}/reopening", ALERT),
        ("GET", f"/watch-list?division={TOWNSHIP}", None),
    ):
        answer = await run.house.call(NEIGHBOUR, method, "intake", path, body, if_match='"1"')
        assert answer.status_code == 403
    listed = await run.house.see(NEIGHBOUR, "intake", "/watch-list")
    assert listed["items"] == []
    nobody = await run.house.call(CLERK, "GET", "intake", f"/watch-list/{uuid4()}")
    assert nobody.status_code == 404
