"""What cannot be: each is told by a clear problem, which repeats nothing, and leaves no trace."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from stdnum.cn import ric

from infra.demo.office import (
    APPROVER,
    CLERK,
    COUNTY,
    PAYMENT_APPROVER,
    PREPARER,
    SECOND_SURVEYOR,
    SURVEYOR,
    TOWNSHIP,
    Official,
)
from infra.demo.people import APPLICANT
from shared.access.roles import Role
from shared.web.problems import MEDIA_TYPE
from tests.house import application
from tests.lived import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEIGHBOUR: Final = Official("neighbour", Role.TOWNSHIP_CLERK, "350925100000")
COUNTY_CLERK: Final = Official("county clerk", Role.TOWNSHIP_CLERK, COUNTY, "county")
SECRET: Final = "13900077777"


class Bad:
    """A request that must be refused, with what it must be told, on the system of the story."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.before = place.heads()

    def refused(self, answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
        """Refused so, as a problem in both languages that repeats nothing; nothing recorded."""
        problem: dict[str, Any] = answer.json()
        assert (answer.status_code, problem.get("code")) == (status, code), answer.text
        assert answer.headers["Content-Type"] == MEDIA_TYPE
        assert " / " in problem["title"]
        assert SECRET not in answer.text
        assert self.place.heads() == self.before
        return problem


async def raw(
    place: Place,
    content: bytes,
    *,
    media_type: str = "application/json",
    path: str = "/applications",
    **headers: str,
) -> httpx.Response:
    """A request whose body is these bytes."""
    token = await place.house.token(CLERK)
    sent = {
        "Authorization": f"Bearer {token}",
        "Content-Type": media_type,
        "Idempotency-Key": str(uuid4()),
    } | headers
    url = f"{place.house.system.services['intake']}{path}"
    return await place.house.client.post(url, content=content, headers=sent)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{" + SECRET.encode(), 400, "bad-request"),
        (b"", 422, "invalid-fields"),
        (b"[]", 422, "invalid-fields"),
        (b'"' + SECRET.encode() + b'"', 422, "invalid-fields"),
        (b"\xff\xfe", 400, "bad-request"),
        (b'{"programme": "dibao", "programme": 1}', 422, "invalid-fields"),
        (b"[" * 100_000, 400, "bad-request"),
        (b'{"x": "' + b"x" * 400_000 + b'"}', 413, "body-too-large"),
    ],
    ids=["broken", "empty", "list", "text", "no-text", "twice", "deep", "large"],
)
async def test_a_malformed_body(
    lived_embedded: Place, content: bytes, status: int, code: str
) -> None:
    bad = Bad(lived_embedded)
    bad.refused(await raw(lived_embedded, content), status, code)


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded"])
async def test_another_media_type(lived_embedded: Place, media_type: str) -> None:
    bad = Bad(lived_embedded)
    body = json.dumps(application([{"person_id": str(uuid4()), "relation": "applicant"}]))
    answer = await raw(lived_embedded, body.encode(), media_type=media_type)
    problem = bad.refused(answer, 415, "media-type-unsupported")
    assert problem["allowed"] == "application/json"


async def test_a_bad_member_is_the_only_fault_of_its_household(lived_embedded: Place) -> None:
    bad = Bad(lived_embedded)
    body = application([{"person_id": str(uuid4()), "relation": "neighbour"}])
    answer = await lived_embedded.house.call(CLERK, "POST", "intake", "/applications", body)
    problem = bad.refused(answer, 422, "invalid-fields")
    assert [told["field"] for told in problem["fields"]] == ["body.members.0.relation"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"phone": SECRET}, "invalid-fields"),
        ({SECRET: 1}, "invalid-fields"),
        ({"programme": SECRET}, "invalid-fields"),
        ({"members": []}, "invalid-fields"),
        ({"members": [{"person_id": SECRET, "relation": "applicant"}]}, "invalid-fields"),
        ({"applicant": "nobody"}, "invalid-fields"),
        ({"reason": " "}, "invalid-fields"),
        ({"reason": "x" * 20_001}, "invalid-fields"),
        ({"reason": "\x00"}, "invalid-fields"),
        ({"materials": ["passport"]}, "invalid-fields"),
        ({"division": "12345"}, "invalid-fields"),
        ({"division": "350924999000"}, "division-unknown"),
        ({"division": COUNTY}, "division-takes-no-applications"),
        ({"programme": "tekun"}, "programme-not-regulated"),
        ({"applicant": str(uuid4())}, "note-owner-unknown"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
async def test_an_application_that_cannot_be(
    lived_embedded: Place, changed: dict[str, Any], code: str
) -> None:
    member = await lived_embedded.newcomer()
    bad = Bad(lived_embedded)
    body = application([member]) | changed
    answer = await lived_embedded.house.call(COUNTY_CLERK, "POST", "intake", "/applications", body)
    bad.refused(answer, 422, code)


@pytest.mark.parametrize(
    "household",
    [
        [("self", "applicant"), ("self", "spouse")],
        [("self", "spouse")],
        [("self", "applicant"), ("one", "spouse"), ("two", "spouse")],
    ],
    ids=["listed-twice", "no-applicant", "two-spouses"],
)
async def test_a_household_that_cannot_be(
    lived_embedded: Place, household: list[tuple[str, str]]
) -> None:
    people = {name: await lived_embedded.newcomer() for name in {who for who, _ in household}}
    members = [people[who] | {"relation": relation} for who, relation in household]
    bad = Bad(lived_embedded)
    answer = await lived_embedded.house.call(
        CLERK, "POST", "intake", "/applications", application(members)
    )
    assert answer.status_code == 422
    bad.refused(answer, 422, answer.json()["code"])


def wrong_digit(number: str) -> str:
    return number[:-1] + ("0" if number[-1] != "0" else "1")


def born_on(day: str) -> str:
    stem = f"350924{day}811"
    return stem + ric.calc_check_digit(stem + "0")


@pytest.mark.parametrize(
    "number",
    [
        wrong_digit(APPLICANT.id_number),
        APPLICANT.id_number[:-1],
        APPLICANT.id_number + "0",
        born_on("19740230"),
        born_on("20991231"),
        born_on("17740918"),
        "35092419740918811A",
        "",
        "x" * 41,
    ],
    ids=["digit", "short", "long", "30-february", "unborn", "too-old", "letter", "empty", "text"],
)
async def test_an_id_number_that_is_none(lived_embedded: Place, number: str) -> None:
    bad = Bad(lived_embedded)
    body = APPLICANT.registration(TOWNSHIP) | {"id_number": number}
    answer = await lived_embedded.house.call(CLERK, "POST", "intake", "/persons", body)
    assert answer.status_code == 422, answer.text
    bad.refused(answer, 422, answer.json()["code"])
    assert not number or number not in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "123"),
        ("account", "6222-0214"),
        ("account", SECRET + "x"),
        ("name", ""),
        ("name", "x" * 61),
        ("region", "3509241"),
        ("birth_date", "1974-02-30"),
    ],
)
async def test_a_person_that_cannot_be_registered(
    lived_embedded: Place, field: str, value: str
) -> None:
    bad = Bad(lived_embedded)
    body = APPLICANT.registration(TOWNSHIP) | {field: value}
    answer = await lived_embedded.house.call(CLERK, "POST", "intake", "/persons", body)
    problem = bad.refused(answer, 422, "invalid-fields")
    assert [told["field"] for told in problem["fields"]] == [f"body.{field}"]


async def test_nobody_is_registered_by_a_division_that_does_not_exist(
    lived_embedded: Place,
) -> None:
    bad = Bad(lived_embedded)
    body = APPLICANT.registration("350924999000")
    answer = await lived_embedded.house.call(COUNTY_CLERK, "POST", "intake", "/persons", body)
    problem = bad.refused(answer, 422, "division-unknown")
    assert problem["facts"]["nearest"] == COUNTY
    assert TOWNSHIP in problem["facts"]["examples"].split(", ")


@pytest.mark.parametrize(
    ("day", "status", "code"),
    [
        ("2020-02-30", 422, "invalid-fields"),
        ("2020-5-8", 422, "invalid-fields"),
        ("8 May", 422, "invalid-fields"),
        ("0000-00-00", 422, "invalid-fields"),
        ("2020-05-09", 409, "visit-day-impossible"),
        ("2020-05-07", 409, "visit-day-impossible"),
        ("9999-12-31", 409, "visit-day-impossible"),
    ],
)
async def test_an_impossible_date(lived_embedded: Place, day: str, status: int, code: str) -> None:
    """Accepted on 8 May: before it nobody visited, and tomorrow has not been."""
    case_id = await lived_embedded.accepted()
    bad = Bad(lived_embedded)
    visit = {
        "visited_on": day,
        "surveyors": [str(SURVEYOR.actor), str(SECOND_SURVEYOR.actor)],
        "findings": "x",
    }
    answer = await lived_embedded.house.call(
        SURVEYOR, "POST", "verification", f"/checks/{case_id}/home-visits", visit
    )
    bad.refused(answer, status, code)


@pytest.mark.parametrize(
    ("month", "status", "code"),
    [
        ("2020-13", 422, "invalid-fields"),
        ("2020-00", 422, "invalid-fields"),
        ("0000-01", 422, "invalid-fields"),
        ("2020-5", 422, "invalid-fields"),
        ("2020-06", 409, "run-ahead-of-its-month"),
    ],
)
async def test_an_impossible_month(
    lived_embedded: Place, month: str, status: int, code: str
) -> None:
    bad = Bad(lived_embedded)
    run = {"programme": "dibao", "division": TOWNSHIP, "month": month}
    answer = await lived_embedded.house.call(PREPARER, "POST", "payment", "/runs", run)
    problem = bad.refused(answer, status, code)
    if status == 422:
        [fault] = problem["fields"]
        assert (fault["field"], fault["rule"]) == ("body.month", "month")
        assert "YYYY-MM" in fault["message"]
        path = f"/runs/dibao/{TOWNSHIP}/{month}"
        shown = await lived_embedded.house.call(PREPARER, "GET", "payment", path)
        bad.refused(shown, 422, "invalid-fields")


@pytest.mark.parametrize("division", ["350924100206", COUNTY])
async def test_a_run_for_no_township(lived_embedded: Place, division: str) -> None:
    bad = Bad(lived_embedded)
    run = {"programme": "dibao", "division": division, "month": "2020-05"}
    answer = await lived_embedded.house.call(PREPARER, "POST", "payment", "/runs", run)
    bad.refused(answer, 422, "run-is-a-townships")


WRONG_ROLES: Final = [
    (PREPARER, "intake", "/applications", None),
    (SURVEYOR, "intake", "/applications/{case}/acceptance", None),
    (APPROVER, "verification", "/checks/{case}/home-visits", None),
    (CLERK, "decision", "/cases/{case}/approval", None),
    (PREPARER, "decision", "/cases/{case}/confirmation", None),
    (PAYMENT_APPROVER, "payment", "/runs", None),
    (CLERK, "payment", "/runs", None),
    (CLERK, "intake", "/ops/clock", {"to": "2021-01-01T00:00:00Z"}),
]


@pytest.mark.parametrize(("who", "service", "path", "body"), WRONG_ROLES)
async def test_a_wrong_role(
    lived_embedded: Place, who: Official, service: str, path: str, body: Any
) -> None:
    bad = Bad(lived_embedded)
    answer = await lived_embedded.house.call(
        who, "POST", service, path.format(case=lived_embedded.case_id), body, if_match='"1"'
    )
    problem = bad.refused(answer, 403, "role-not-allowed")
    assert problem["role"] == who.role
    assert who.role not in problem["allowed"]


async def test_another_countys_case(lived_embedded: Place) -> None:
    bad = Bad(lived_embedded)
    case = lived_embedded.case_id
    for service, path, body in (
        ("intake", f"/applications/{case}/acceptance", None),
        ("decision", f"/cases/{case}/proposal", {"explanation": "x"}),
        ("verification", f"/checks/{case}/completion", {}),
    ):
        answer = await lived_embedded.house.call(
            NEIGHBOUR, "POST", service, path, body, if_match='"1"'
        )
        problem = bad.refused(answer, 403, "division-not-covered")
        assert problem["jurisdiction"] == NEIGHBOUR.division
        assert TOWNSHIP not in answer.text


@pytest.mark.parametrize(
    ("header", "value", "status", "code"),
    [
        ("Idempotency-Key", "", 400, "idempotency-key-malformed"),
        ("Idempotency-Key", SECRET, 400, "idempotency-key-malformed"),
        ("If-Match", "", 400, "if-match-malformed"),
        ("If-Match", "*", 400, "if-match-malformed"),
        ("If-Match", '"1", "2"', 400, "if-match-malformed"),
        ("If-Match", 'W/"1"', 400, "if-match-malformed"),
        ("If-Match", '"99"', 412, "version-stale"),
        ("Authorization", "", 401, "token-missing"),
        ("Authorization", f"Bearer {SECRET}", 401, "token-invalid"),
        ("Authorization", "Basic eDp5", 401, "token-missing"),
    ],
)
async def test_a_header_that_cannot_be(
    lived_embedded: Place, header: str, value: str, status: int, code: str
) -> None:
    case_id = await lived_embedded.submitted()
    bad = Bad(lived_embedded)
    path = f"/applications/{case_id}/acceptance"
    headers = {"If-Match": '"1"'} | {header: value}
    answer = await raw(lived_embedded, b"", path=path, **headers)
    bad.refused(answer, status, code)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/applications/not-a-case", 422, "invalid-fields"),
        ("/applications/97d0a03d-814a-4619-8452-df8d6361a9a5", 404, "not-found"),
        ("/nothing/here", 404, "not-found"),
        ("/applications?limit=0", 422, "invalid-fields"),
        ("/applications?limit=100000", 422, "invalid-fields"),
        (f"/applications?cursor={SECRET}", 400, "cursor-invalid"),
        ("/applications?status=unheard-of", 422, "invalid-fields"),
        ("/applications?division=999999999999", 403, "division-not-covered"),
        (f"/applications?wait_for={SECRET}x", 400, "wait-for-invalid"),
    ],
)
async def test_a_question_that_has_no_answer(
    lived_embedded: Place, path: str, status: int, code: str
) -> None:
    bad = Bad(lived_embedded)
    bad.refused(await lived_embedded.house.call(CLERK, "GET", "intake", path), status, code)


async def test_a_method_that_is_none(lived_embedded: Place) -> None:
    bad = Bad(lived_embedded)
    path = f"/applications/{lived_embedded.case_id}"
    answer = await lived_embedded.house.call(CLERK, "DELETE", "intake", path)
    bad.refused(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET"


async def test_a_position_beyond_the_log_is_waited_for_and_told(lived_embedded: Place) -> None:
    bad = Bad(lived_embedded)
    path = "/applications?wait_for=999999"
    answer = await lived_embedded.house.call(CLERK, "GET", "intake", path)
    problem = bad.refused(answer, 503, "view-behind")
    assert problem["wanted"] == 999_999
    assert answer.headers["Retry-After"] == "1"
