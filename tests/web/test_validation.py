from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from shared.access.roles import Role
from shared.calendar import Month
from shared.web.validation import MAX_FIELDS, RULES, problem_of_errors
from tests.web.sample import CASE, House

OK = {"Idempotency-Key": "9b2f6e34-5a74-4a51-9a2e-0c6f9f4c1a10", "If-Match": '"3"'}
NAME, TELEPHONE, ID_NUMBER = "张三丰", "13800001111", "110101199003078515"
GOOD = {"persons": 4, "accept": True}


async def posted(content: Any, path: str = f"/cases/{CASE}/approval") -> dict[str, Any]:
    house = House()
    async with house.client(**house.token(), **OK) as http:
        if isinstance(content, bytes):
            headers = {"Content-Type": "application/json"}
            answer = await http.post(path, content=content, headers=headers)
        else:
            answer = await http.post(path, json=content)
    assert answer.status_code == 422, answer.text
    told: dict[str, Any] = answer.json()
    said = answer.text.replace(told["instance"], "")  # random digits may be anything
    for planted in (NAME, "张", TELEPHONE, ID_NUMBER, "1380"):
        assert planted not in said
    assert told["code"] == "invalid-fields"
    return told


@pytest.mark.parametrize(
    ("change", "field", "rule", "allowed"),
    [
        ({"persons": 0}, "body.persons", "greater_than_equal", {"ge": 1}),
        ({"persons": 13800001111}, "body.persons", "less_than_equal", {"le": 20}),
        ({"persons": NAME}, "body.persons", "int_parsing", None),
        ({"persons": [NAME]}, "body.persons", "int_type", None),
        ({"accept": TELEPHONE}, "body.accept", "bool_parsing", None),
        ({"person_id": NAME}, "body.person_id", "uuid_parsing", None),
        (
            {"mode": ID_NUMBER},
            "body.mode",
            "string_pattern_mismatch",
            {"pattern": "^(gap|tier)$"},
        ),
        ({NAME: 1}, "body.*", "extra_forbidden", None),
        ({TELEPHONE: ID_NUMBER}, "body.*", "extra_forbidden", None),
        ({"household": {NAME: TELEPHONE + "x"}}, "body.household.*", "int_parsing", None),
        ({"household": NAME}, "body.household", "dict_type", None),
    ],
)
async def test_the_field_and_what_is_allowed_are_told_but_never_what_was_sent(
    change: dict[str, Any], field: str, rule: str, allowed: Any
) -> None:
    told = await posted(GOOD | change)
    [fault] = told["fields"]
    assert (fault["field"], fault["rule"]) == (field, rule)
    assert fault.get("allowed") == allowed
    zh, en = fault["message"].split(" / ")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
    assert en.isascii()


async def test_a_missing_field_is_named() -> None:
    told = await posted({"accept": True})
    assert told["fields"] == [
        {"field": "body.persons", "rule": "missing", "message": "必填 / required"}
    ]


@pytest.mark.parametrize(
    ("content", "character"), [(b'{"persons": 13800001111,,}', 25), (b"{'persons': 4}", 2)]
)
async def test_what_is_no_json_is_told_by_where_reading_stopped(
    content: bytes, character: int
) -> None:
    house = House()
    async with house.client(**house.token(), **OK) as http:
        headers = {"Content-Type": "application/json"}
        answer = await http.post(f"/cases/{CASE}/approval", content=content, headers=headers)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (400, "bad-request")
    assert told["character"] == character
    assert told["detail"].endswith(f"not valid JSON at character {character}")
    assert "fields" not in told


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "text/plain", None])
async def test_a_body_that_does_not_say_that_it_is_json(media_type: str | None) -> None:
    house = House()
    async with house.client(**house.token(), **OK) as http:
        headers = {"Content-Type": media_type} if media_type else {}
        content = b'{"persons": 4, "accept": true}'
        answer = await http.post(f"/cases/{CASE}/approval", content=content, headers=headers)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (415, "media-type-unsupported")
    assert told["allowed"] == "application/json"


@pytest.mark.parametrize(
    "content",
    [
        b'{"persons": 13800001111,,}',
        '{"name": "张三丰\\x"}'.encode(),
        b'"13800001111',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"110101199003078515",
        b"null",
        b"",
    ],
)
async def test_a_malformed_body_is_a_problem_without_its_content(content: bytes) -> None:
    house = House()
    async with house.client(**house.token(), **OK) as http:
        headers = {"Content-Type": "application/json"}
        answer = await http.post(f"/cases/{CASE}/approval", content=content, headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    for planted in ("张", "1380", "1101"):
        assert planted not in answer.text


async def test_a_malformed_path_is_not_repeated() -> None:
    told = await posted(GOOD, f"/cases/{TELEPHONE}/approval")
    assert told["fields"][0]["field"] == "path.case_id"


async def test_a_rule_of_the_services_own_is_told_in_its_words() -> None:
    house = House()
    async with house.client(**house.token()) as http:
        await http.post("/cases/look-up", json={"id_number": "x"})

    async with house.client(**house.token(Role.TOWNSHIP_CLERK)) as http:
        answer = await http.post("/cases/look-up", json={"id_number": NAME})
    assert answer.status_code == 422
    [fault] = answer.json()["fields"]
    assert fault["rule"] == "id-number"
    assert fault["message"] == "身份证号码有误 / not a valid ID number"
    assert NAME not in answer.text


class Listed(BaseModel):
    persons: Annotated[tuple[int, ...], Field(min_length=2)]
    months: tuple[Month, ...] = ()


def faults(value: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        Listed.model_validate(value)
    known = frozenset({"persons", "months"})
    listed = problem_of_errors(caught.value.errors(), known).members["fields"]
    return [(fault["field"], fault["rule"]) for fault in listed]


def test_a_list_is_too_short_only_if_too_little_was_sent() -> None:
    assert faults({"persons": [1, "x"]}) == [("persons.1", "int_parsing")]
    assert faults({"persons": [1]}) == [("persons", "too_short")]


def test_a_month_has_one_fault_that_says_how_it_is_written() -> None:
    given = {"persons": [1, 2], "months": ["2020-04", "April", "2020-13", 4]}
    assert faults(given) == [(f"months.{n}", "month") for n in (1, 2, 3)]
    zh, en = RULES["month"]
    assert "YYYY-MM" in zh
    assert "YYYY-MM" in en


def test_only_the_first_faults_are_listed() -> None:
    errors = [{"type": "missing", "loc": ("body", number)} for number in range(1000)]
    problem = problem_of_errors(errors, frozenset({"body"}))
    assert len(problem.members["fields"]) == MAX_FIELDS
    assert problem.members["fields_in_all"] == 1000


def test_an_unknown_kind_of_error_tells_neither_its_message_nor_its_context() -> None:
    error = {
        "type": f"value_error_{NAME}",
        "loc": ("body", 13800001111, ID_NUMBER),
        "msg": NAME,
        "ctx": {"error": ValueError(NAME), "tag": NAME, "expected_tags": "'gap', 'tier'"},
        "input": NAME,
    }
    [fault] = problem_of_errors([error], frozenset({"body"})).members["fields"]
    assert fault == {
        "field": "body.*.*",
        "rule": "invalid",
        "message": "不符合要求 / not valid",
        "allowed": {"expected_tags": "'gap', 'tier'"},
    }
