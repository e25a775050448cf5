"""The story, and what else officials do, on the embedded system and on real engines."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from infra.demo.office import (
    CLERK,
    CONFIRMER,
    PREPARER,
    SECOND_SURVEYOR,
    SURVEYOR,
    TOWNSHIP,
)
from infra.demo.people import told
from infra.demo.story import differences
from tests.house import application
from tests.lived import STORY_ENDS_ON, Place

pytestmark = pytest.mark.asyncio(loop_scope="session")

TODAY = STORY_ENDS_ON.isoformat()


async def checked(place: Place, case_id: str, person_id: str, wages_fen: int) -> None:
    """Visit, review and complete the check of a household of one, today."""
    here = f"/checks/{case_id}"
    visit = {
        "visited_on": TODAY,
        "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
        "income": [{"person_id": person_id, "kind": "wage", "amount_fen": wages_fen}],
        "findings": told("独居"),
    }
    await place.house.do(SURVEYOR, "verification", f"{here}/home-visits", visit)
    review = {
        "held_on": TODAY,
        "present": 9,
        "representatives": 7,
        "agreed": 9,
        "upheld": True,
        "minutes": told("一致同意"),
    }
    await place.house.do(CLERK, "verification", f"{here}/reviews", review)
    await place.settled()
    await place.house.do(CLERK, "verification", f"{here}/completion", at=here)
    await place.settled()


async def test_worked_case_one_comes_out_as_expected(lived: Place) -> None:
    assert lived.figures is not None
    assert differences(lived.figures) == []


async def test_worked_case_24_the_survey_is_due_over_make_up_days_and_holidays(
    lived: Place,
) -> None:
    """Accepted Mon 2020-04-20: ten working days, Sun 26 April worked, 1 to 5 May off."""
    application = await lived.house.see(CLERK, "intake", f"/applications/{lived.case_24}")
    assert application["survey_due"]["on"] == "2020-05-06"
    assert not application["survey_due"]["provisional"]
    check = await lived.house.see(CLERK, "verification", f"/checks/{lived.case_24}")
    assert check["opened"]["accepted_on"] == "2020-04-20"
    assert check["opened"]["survey_due"]["on"] == "2020-05-06"
    assert check["survey_missed"], "nobody visited until 8 May"


async def test_income_above_the_standard_is_refused_and_the_household_may_apply_anew(
    lived: Place,
) -> None:
    house = lived.house
    member = await lived.newcomer()
    case_id = await lived.accepted(member)
    second = await house.call(CLERK, "POST", "intake", "/applications", application([member]))
    assert second.json()["code"] == "open-application-exists"
    await checked(lived, case_id, member["person_id"], wages_fen=601_00)
    here = f"/cases/{case_id}"
    explanation = {"explanation": told("收入高于标准")}
    await house.do(CLERK, "decision", f"{here}/proposal", explanation)
    seen = await house.see(CLERK, "decision", f"{here}/determination")
    assert seen["proposal"]["reason"] == "income_not_below_standard"
    await house.do(CONFIRMER, "decision", f"{here}/refusal", at=f"{here}/determination")
    await lived.settled()
    refused = (await house.see(CLERK, "decision", f"{here}/determination"))["refused"]
    assert refused["notice_due"]["on"] == "2020-05-11"
    closed = await house.see(CLERK, "intake", f"/applications/{case_id}")
    assert (closed["status"], closed["refused"]) == ("closed", True)
    entitlement = await house.call(CLERK, "GET", "payment", f"{here}/entitlement")
    assert entitlement.status_code == 404
    again = await lived.submitted(member)
    assert again != case_id


async def test_missing_papers_are_asked_for_once(lived: Place) -> None:
    case_id = await lived.submitted()
    here = f"/applications/{case_id}"
    request = {"materials": ["medical_record"]}
    await lived.house.do(CLERK, "intake", f"{here}/material-requests", request, at=here)
    more = {"materials": ["schooling_proof"]}
    tag = (await lived.house.call(CLERK, "GET", "intake", here)).headers["ETag"]
    answer = await lived.house.call(
        CLERK, "POST", "intake", f"{here}/material-requests", more, if_match=tag
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "materials-requested-before")
    assert answer.json()["source"].startswith("民发〔2012〕220号")
    shown = await lived.house.see(CLERK, "intake", here)
    assert shown["requested"] == ["medical_record"]


class TestReadingOnesOwnWrites:
    async def test_a_list_shows_what_was_just_written(self, lived: Place) -> None:
        body = application([await lived.newcomer()])
        receipt = await lived.house.do(CLERK, "intake", "/applications", body)
        path = f"/applications?wait_for={receipt['position']}&status=submitted&limit=200"
        found = (await lived.house.see(CLERK, "intake", path))["items"]
        assert receipt["case_id"] in {item["case_id"] for item in found}

    async def test_another_service_shows_what_followed(self, lived: Place) -> None:
        case_id = await lived.submitted()
        here = f"/applications/{case_id}"
        receipt = await lived.house.do(CLERK, "intake", f"{here}/acceptance", at=here)
        path = f"/checks/{case_id}?wait_for=intake:{receipt['position']}"
        check = await lived.house.see(CLERK, "verification", path)
        assert check["opened"]["accepted_on"] == TODAY

    async def test_even_when_the_command_wrote_to_other_streams_too(self, lived: Place) -> None:
        """The submission claims each member first; the position answered is the case's own."""
        members = [await lived.newcomer(), await lived.newcomer("spouse")]
        body = application(members)
        receipt = await lived.house.do(CLERK, "intake", "/applications", body)
        path = f"/checks/{receipt['case_id']}?wait_for=intake:{receipt['position']}"
        answer = await lived.house.call(CLERK, "GET", "verification", path)
        assert answer.status_code == 404, "caught up, and not accepted yet"

    @pytest.mark.parametrize("waiting", ["payment:1", "nobody:1", "1:intake", "-1", "x"])
    async def test_what_cannot_be_waited_for_is_told_at_once(
        self, lived: Place, waiting: str
    ) -> None:
        path = f"/checks/{lived.case_id}?wait_for={waiting}"
        answer = await lived.house.call(CLERK, "GET", "verification", path)
        assert (answer.status_code, answer.json()["code"]) == (400, "wait-for-invalid")

    async def test_a_list_waits_for_its_own_service_only(self, lived: Place) -> None:
        answer = await lived.house.call(CLERK, "GET", "verification", "/checks?wait_for=intake:1")
        assert (answer.status_code, answer.json()["allowed"]) == (400, ["<position>"])


class TestWhatWasSeen:
    async def test_a_stale_version_is_refused_with_the_present_one(self, lived: Place) -> None:
        case_id = await lived.submitted()
        here = f"/applications/{case_id}"
        papers = {"materials": ["medical_record"]}
        await lived.house.do(CLERK, "intake", f"{here}/materials", papers)
        answer = await lived.house.call(
            CLERK, "POST", "intake", f"{here}/acceptance", if_match='"1"'
        )
        assert (answer.status_code, answer.json()["code"]) == (412, "version-stale")
        assert answer.headers["ETag"] == '"2"'

    async def test_a_decision_on_nothing_seen_is_refused(self, lived: Place) -> None:
        case_id = await lived.submitted()
        answer = await lived.house.call(
            CLERK, "POST", "intake", f"/applications/{case_id}/acceptance"
        )
        assert (answer.status_code, answer.json()["code"]) == (428, "if-match-missing")


class TestSendingAgain:
    async def test_has_the_same_answer_and_no_second_effect(self, lived: Place) -> None:
        body, key = application([await lived.newcomer()]), uuid4()
        answers = [
            await lived.house.call(CLERK, "POST", "intake", "/applications", body, key=key)
            for _ in range(3)
        ]
        first, *others = (answer.json() for answer in answers)
        assert {answer.status_code for answer in answers} == {201}
        assert not first["repeated"]
        assert all(other == first | {"repeated": True} for other in others)

    async def test_another_body_under_the_key_is_refused(self, lived: Place) -> None:
        body, key = application([await lived.newcomer()]), uuid4()
        await lived.house.call(CLERK, "POST", "intake", "/applications", body, key=key)
        answer = await lived.house.call(
            CLERK, "POST", "intake", "/applications", body | {"materials": []}, key=key
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")

    async def test_a_refusal_is_repeated_too(self, lived: Place) -> None:
        run: dict[str, Any] = {"programme": "tekun", "division": TOWNSHIP, "month": "2020-05"}
        key = uuid4()
        answers = [
            await lived.house.call(PREPARER, "POST", "payment", "/runs", run, key=key)
            for _ in range(2)
        ]
        assert [answer.json()["code"] for answer in answers] == ["nothing-to-pay"] * 2
        assert answers[0].json()["facts"] == answers[1].json()["facts"] == {"month": "2020-05"}
