"""Applying over HTTP, on the embedded system with everything in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from infra.demo.office import CLERK, COUNTY, TOWNSHIP, VILLAGE, Official
from infra.demo.people import APPLICANT, PLANTED
from services.intake.registry.vault import PERSON
from shared.access.roles import Role
from tests.house import Run, application, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEIGHBOUR = Official("neighbour", Role.TOWNSHIP_CLERK, "350925100000")
ASSISTANT = Official("assistant", Role.VILLAGE_ASSISTANT, VILLAGE, "village")
COUNTY_OFFICER = Official("county officer", Role.COUNTY_OFFICER, COUNTY, "county")
THERE = {
    "kind": "emergency",
    "cause": "accident",
    "place": "place_of_emergency",
    "requested_fen": 800_00,
}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Run]:
    async with running(tmp_path_factory.mktemp("intake")) as made:
        yield made


async def newcomer(run: Run) -> list[dict[str, str]]:
    """A household of one, whom nobody registered before."""
    (person_id,) = await run.registered((run.stranger(),))
    return [{"person_id": person_id, "relation": "applicant"}]


async def test_an_application_is_a_case_and_is_shown_as_it_stands(run: Run) -> None:
    body = application(await newcomer(run))
    receipt = await run.house.do(CLERK, "intake", "/applications", body)
    answer = await run.house.call(CLERK, "GET", "intake", f"/applications/{receipt['case_id']}")
    assert answer.headers["ETag"] == '"1"'
    shown = answer.json()
    assert shown["status"] == "submitted"
    assert shown["supplied"] == ["identity", "check_authorization"]
    assert not any(mark in answer.text for mark in PLANTED)


async def test_the_same_key_is_the_same_case_and_another_body_is_refused(run: Run) -> None:
    body, key = application(await newcomer(run)), uuid4()
    first = await run.house.call(CLERK, "POST", "intake", "/applications", body, key=key)
    again = await run.house.call(CLERK, "POST", "intake", "/applications", body, key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["case_id"] == again.json()["case_id"]
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
    other = await run.house.call(
        CLERK, "POST", "intake", "/applications", body | {"materials": []}, key=key
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_two_applications_of_one_household_at_once_are_one_case(run: Run) -> None:
    members = await newcomer(run)
    spouse = (await newcomer(run))[0]["person_id"]
    both = [*members, {"person_id": spouse, "relation": "spouse"}]
    hers = application(both)
    turned = [
        {"person_id": spouse, "relation": "applicant"},
        {"person_id": members[0]["person_id"], "relation": "spouse"},
    ]
    answers = [
        await run.house.call(CLERK, "POST", "intake", "/applications", body)
        for body in (hers, application(turned))
    ]
    assert [answer.status_code for answer in answers] == [201, 409]
    problem = answers[1].json()
    assert problem["code"] == "open-application-exists"
    assert answers[0].json()["case_id"] not in answers[1].text


async def test_who_is_not_registered_cannot_apply(run: Run) -> None:
    body = application([{"person_id": str(uuid4()), "relation": "applicant"}])
    answer = await run.house.call(CLERK, "POST", "intake", "/applications", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "member-not-registered")


async def test_every_member_is_registered_before_the_household_applies(run: Run) -> None:
    members = await newcomer(run)
    nobody = {"person_id": str(uuid4()), "relation": "spouse"}
    child = (await newcomer(run))[0] | {"relation": "child"}
    body = application([*members, nobody, child])
    answer = await run.house.call(CLERK, "POST", "intake", "/applications", body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "member-not-registered")
    assert problem["positions"] == [2]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"division": "350924999000"}, 422, "division-unknown"),
        ({"division": "12345"}, 422, "invalid-fields"),
        ({"members": []}, 422, "invalid-fields"),
        ({"programme": "temporary_assistance"}, 422, "aid-request-missing"),
        ({"programme": "temporary_assistance", "aid": THERE}, 422, "aid-place-not-allowed"),
        ({"programme": "tekun"}, 422, "programme-not-regulated"),
        ({"reason": ""}, 422, "invalid-fields"),
        ({"phone": "13900015973"}, 422, "invalid-fields"),
    ],
)
async def test_what_cannot_be_applied_for_is_told_without_repeating_it(
    run: Run, changed: dict[str, Any], status: int, code: str
) -> None:
    clerk = Official("county clerk", Role.TOWNSHIP_CLERK, COUNTY, "county")
    body = application(await newcomer(run)) | changed
    answer = await run.house.call(clerk, "POST", "intake", "/applications", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "13900015973" not in answer.text


async def test_a_county_takes_no_application_in(run: Run) -> None:
    clerk = Official("county clerk", Role.TOWNSHIP_CLERK, COUNTY, "county")
    body = application(await newcomer(run), division=COUNTY)
    answer = await run.house.call(clerk, "POST", "intake", "/applications", body)
    assert answer.json()["facts"] == {"level": "county", "allowed": "township, village"}


async def test_a_village_hands_in_what_its_township_sees(run: Run) -> None:
    body = application(await newcomer(run), division=VILLAGE)
    receipt = await run.house.do(ASSISTANT, "intake", "/applications", body)
    shown = await run.house.see(CLERK, "intake", f"/applications/{receipt['case_id']}")
    assert shown["division"] == VILLAGE
    await run.settled()
    for level, listed in (("township", True), ("village", False)):
        path = f"/applications?division={TOWNSHIP}&level={level}&limit=200"
        found = await run.house.see(COUNTY_OFFICER, "intake", path)
        assert (receipt["case_id"] in {item["case_id"] for item in found["items"]}) is listed


async def test_another_countys_clerk_sees_and_does_nothing(run: Run) -> None:
    body = application(await newcomer(run))
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    papers = {"materials": ["medical_record"]}
    answers = [
        await run.house.call(NEIGHBOUR, "POST", "intake", "/applications", body),
        await run.house.call(NEIGHBOUR, "GET", "intake", here),
        await run.house.call(
            NEIGHBOUR, "POST", "intake", f"{here}/material-requests", papers, if_match='"1"'
        ),
        await run.house.call(NEIGHBOUR, "POST", "intake", f"{here}/materials", papers),
        await run.house.call(NEIGHBOUR, "POST", "intake", f"{here}/acceptance", if_match='"1"'),
        await run.house.call(
            NEIGHBOUR, "POST", "intake", f"{here}/withdrawal", {"reason": "x"}, if_match='"1"'
        ),
        await run.house.call(NEIGHBOUR, "GET", "intake", f"/applications?division={TOWNSHIP}"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 7
    listed = await run.house.see(NEIGHBOUR, "intake", "/applications")
    assert listed["items"] == []
    shown = await run.house.see(CLERK, "intake", here)
    assert shown["status"] == "submitted"


async def test_a_case_that_is_none_is_not_found(run: Run) -> None:
    answer = await run.house.call(CLERK, "GET", "intake", f"/applications/{uuid4()}")
    assert answer.status_code == 404


async def test_whose_birth_the_registry_cannot_read_is_not_accepted_for_now(run: Run) -> None:
    """Whether somebody is of age is not guessed: neither refused for it nor taken for an adult."""
    members = await newcomer(run)
    person_id = members[0]["person_id"]
    acting = {"ground": "minor", "office": "village_committee"}
    body = application(members, programme="child_allowance", acting=acting)
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    store = run.embedded.services["intake"].store
    row = store.annex_get(PERSON, [person_id])[person_id]
    store.annex_put([row._replace(body=row.body[:-1] + bytes([row.body[-1] ^ 1]))])
    acceptance = f"/applications/{case_id}/acceptance"
    answer = await run.house.call(CLERK, "POST", "intake", acceptance, if_match='"1"')
    assert (answer.status_code, answer.json()["engine"]) == (503, "registry")


async def test_acceptance_is_based_on_what_was_seen(run: Run) -> None:
    body = application(await newcomer(run))
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    missing = {"materials": ["medical_record"]}
    await run.house.do(CLERK, "intake", f"{here}/material-requests", missing, at=here)
    unseen = await run.house.call(CLERK, "POST", "intake", f"{here}/acceptance")
    stale = await run.house.call(CLERK, "POST", "intake", f"{here}/acceptance", if_match='"1"')
    early = await run.house.call(CLERK, "POST", "intake", f"{here}/acceptance", if_match='"2"')
    assert [a.status_code for a in (unseen, stale, early)] == [428, 412, 409]
    assert early.json()["code"] == "materials-outstanding"
    assert early.json()["facts"] == {"materials": "medical_record"}
    await run.house.do(CLERK, "intake", f"{here}/materials", missing)
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    shown = await run.house.see(CLERK, "intake", here)
    assert shown["survey_due"]["on"] == "2020-04-16"


async def test_a_withdrawn_household_may_apply_at_once_again(run: Run) -> None:
    body = application(await newcomer(run))
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    await run.house.do(CLERK, "intake", f"{here}/withdrawal", {"reason": "找到了工作"}, at=here)
    again = await run.house.do(CLERK, "intake", "/applications", body)
    assert again["case_id"] != case_id


async def test_the_list_is_filtered_paged_and_kept_to_the_own_division(run: Run) -> None:
    cases = []
    for _ in range(3):
        body = application(await newcomer(run), division="350924101000")
        clerk = Official("elsewhere", Role.TOWNSHIP_CLERK, "350924101000")
        receipt = await run.house.do(clerk, "intake", "/applications", body)
        cases.append(receipt["case_id"])
    await run.house.do(
        clerk,
        "intake",
        f"/applications/{cases[0]}/acceptance",
        at=f"/applications/{cases[0]}",
    )
    await run.settled()
    of_township = "/applications?division=350924101000&limit=2"
    first = await run.house.see(COUNTY_OFFICER, "intake", of_township)
    second = await run.house.see(COUNTY_OFFICER, "intake", f"{of_township}&cursor={first['next']}")
    seen = [item["case_id"] for item in (*first["items"], *second["items"])]
    assert seen == sorted(cases)
    accepted = await run.house.see(clerk, "intake", "/applications?status=accepted")
    assert [item["case_id"] for item in accepted["items"]] == [cases[0]]
    own = await run.house.see(CLERK, "intake", "/applications")
    assert not set(cases) & {item["case_id"] for item in own["items"]}


async def test_nobody_is_named_in_log_or_list(run: Run) -> None:
    await run.house.do(CLERK, "intake", "/applications", application(await newcomer(run)))
    await run.settled()
    store = run.embedded.services["intake"].store
    log = "".join(row.document.decode() for row in store.read_log(0, 10_000))
    listed = await run.house.call(CLERK, "GET", "intake", "/applications")
    marks = (*PLANTED, APPLICANT.name, run.stranger().id_number[:14], "生活困难")
    assert not [mark for mark in marks if mark in log or mark in listed.text]


@pytest.mark.mechanism("S4-33")
async def test_an_application_of_another_township_is_dispatched_and_accepted_there(
    run: Run,
) -> None:
    members = await newcomer(run)
    body = application(members, place="household_registration")
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here, there = f"/applications/{case_id}", "350924101000"
    kin = {
        "person_id": members[0]["person_id"],
        "relation": "sibling",
        "official": str(uuid4()),
        "capacity": "handler",
    }
    await run.house.do(CLERK, "intake", f"{here}/kin-filing", {"kin": [kin]}, at=here)
    dispatch = {"division": there, "reason": "registered_elsewhere"}
    await run.house.do(CLERK, "intake", f"{here}/transfer", dispatch, at=here)
    gone = await run.house.call(CLERK, "GET", "intake", here)
    assert (gone.status_code, gone.json()["code"]) == (403, "division-not-covered")
    clerk = Official("elsewhere", Role.TOWNSHIP_CLERK, there)
    await run.house.do(clerk, "intake", f"{here}/acceptance", at=here)
    shown = await run.house.see(clerk, "intake", here)
    assert (shown["status"], shown["division"], shown["kin"]) == ("accepted", there, [kin])
    await run.settled()
    listed = await run.house.see(clerk, "intake", "/applications?status=accepted&limit=200")
    assert case_id in {item["case_id"] for item in listed["items"]}


async def test_who_is_kin_by_no_relation_that_counts_is_told_so(run: Run) -> None:
    body = application(await newcomer(run))
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    cousin = {
        "person_id": body["applicant"],
        "relation": "cousin",
        "official": str(uuid4()),
        "capacity": "handler",
    }
    answer = await run.house.call(
        CLERK, "POST", "intake", f"{here}/kin-filing", {"kin": [cousin]}, if_match='"1"'
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-fields")


async def test_each_of_a_household_signs_and_may_take_it_back(run: Run) -> None:
    members = await newcomer(run)
    person_id = members[0]["person_id"]
    body = application(members, materials=["identity"])
    case_id = (await run.house.do(CLERK, "intake", "/applications", body))["case_id"]
    here = f"/applications/{case_id}"
    paper = {
        "person_id": person_id,
        "standing": "member",
        "signed_by": person_id,
        "signed_on": "2020-04-01",
        "document_digest": "e" * 64,
    }
    await run.house.do(CLERK, "intake", f"{here}/authorisations", paper)
    declaration = {"declared_by": person_id, "document_digest": "f" * 64}
    await run.house.do(CLERK, "intake", f"{here}/truthfulness", declaration)
    back = {"person_id": person_id}
    await run.house.do(CLERK, "intake", f"{here}/authorisations/withdrawal", back)
    seen = await run.house.see(CLERK, "intake", here)
    assert (seen["authorised"], seen["declared_true"]) == ([], True)
    early = await run.house.call(CLERK, "POST", "intake", f"{here}/acceptance", if_match='"4"')
    assert (early.status_code, early.json()["code"]) == (409, "authorisation-missing")
    await run.house.do(CLERK, "intake", f"{here}/authorisations", paper)
    await run.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
    seen = await run.house.see(CLERK, "intake", here)
    assert (seen["status"], seen["authorised"]) == ("accepted", [person_id])
    stranger = paper | {"person_id": str(uuid4())}
    answer = await run.house.call(CLERK, "POST", "intake", f"{here}/authorisations", stranger)
    assert answer.json()["code"] == "member-not-registered"
