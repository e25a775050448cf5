import json

import pytest

from shared.kernel.decider import Refusal
from shared.kernel.store import StoreAway
from shared.kernel.submission import (
    KeyReused,
    NoteExpired,
    NotParked,
    VersionMismatch,
    WriterBusy,
    WriterClosed,
)
from shared.web.errors import Answers
from shared.web.problems import Catalogue, Known, Problem, ProblemType
from tests.web.sample import CASE, TAIJIANG, House

APPROVAL = f"/cases/{CASE}/approval"
KEY = "9b2f6e34-5a74-4a51-9a2e-0c6f9f4c1a10"
OK = {"Idempotency-Key": KEY, "If-Match": '"3"'}


def test_every_kind_is_stable_distinct_and_in_both_languages() -> None:
    kinds = [known.value for known in Known]
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind.uri == f"urn:doudi:problem:{kind.code}"
        assert any("\u4e00" <= letter <= "\u9fff" for letter in kind.zh)
        assert kind.en.isascii()
        assert kind.title.startswith(kind.zh)
        assert kind.title.endswith(kind.en)


@pytest.mark.parametrize("code", ["", "Not-Found", "x-110101199003078515", "a--b", "a\n", "张三"])
def test_a_code_holds_words_only(code: str) -> None:
    with pytest.raises(ValueError, match="not a problem type"):
        ProblemType(code, 409, "冲突", "conflict")


def test_one_code_means_one_thing() -> None:
    with pytest.raises(ValueError, match="share the code 'not-found'"):
        Catalogue([ProblemType("not-found", 410, "已不存在", "gone")])


def test_a_standard_member_cannot_be_overwritten() -> None:
    with pytest.raises(ValueError, match="status"):
        Problem(Known.CONFLICT, members={"status": 200})


async def test_a_refusal_tells_rule_facts_and_source() -> None:
    house = House()
    async with house.client(**house.token(), **OK) as http:
        answer = await http.post(APPROVAL, json={"persons": 13, "accept": True})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told.pop("instance").startswith("urn:doudi:trace:")
    assert told == {
        "type": "urn:doudi:problem:surveyor-cannot-confirm",
        "title": "调查人员不得审批 / Who surveyed cannot confirm",
        "status": 409,
        "code": "surveyor-cannot-confirm",
        "facts": {"surveyors": 2},
        "source": "民发〔2021〕57号, art. 20",
    }


def test_an_undeclared_refusal_still_has_its_stable_type() -> None:
    problem = Catalogue().of_refusal(Refusal("fund-exhausted", status=422))
    assert problem.document()["type"] == "urn:doudi:problem:fund-exhausted"
    assert problem.status == 422
    assert problem.kind.zh == Known.RULE_NOT_MET.value.zh


def test_a_refusal_keeps_its_own_status() -> None:
    catalogue = Catalogue([ProblemType("too-late", 409, "已逾期", "too late")])
    assert catalogue.of_refusal(Refusal("too-late", status=410)).document()["status"] == 410


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (KeyReused("x"), 422, "idempotency-key-reused"),
        (VersionMismatch(3, 5), 412, "version-stale"),
        (NoteExpired("x"), 409, "note-expired"),
        (NotParked("x"), 409, "not-parked"),
        (WriterBusy("x"), 503, "overloaded"),
        (WriterClosed("x"), 503, "not-ready"),
        (StoreAway("x"), 503, "engine-away"),
        (ConnectionRefusedError("mongodb://user:secret@db"), 503, "engine-away"),
        (ZeroDivisionError("张三"), 500, "internal"),
    ],
)
def test_what_the_writer_and_the_engines_say_has_its_problem(
    error: Exception, status: int, code: str
) -> None:
    problem = Answers(Catalogue(), {ConnectionError: "views"}).problem_of(error)
    told = json.dumps(problem.document(), ensure_ascii=False)
    assert (problem.status, problem.kind.code) == (status, code)
    assert ("Retry-After" in problem.headers) == (status == 503)
    assert "secret" not in told
    assert "张三" not in told


def test_a_stale_version_comes_with_the_present_one() -> None:
    problem = Answers(Catalogue()).problem_of(VersionMismatch(3, 5))
    assert problem.headers["ETag"] == '"5"'
    assert problem.members == {"current_version": 5}


async def test_an_unknown_path_and_a_wrong_method_are_problems_too() -> None:
    house = House()
    async with house.client(**house.token()) as http:
        answer = await http.get("/张三/13800000000")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
        assert "13800000000" not in answer.text
        answer = await http.delete(APPROVAL)
        assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
        assert answer.headers["allow"] == "POST"
        answer = await http.delete("/cases/look-up")  # by its form a case's path too
        assert answer.headers["allow"] == "POST"
        assert (await http.delete(f"/cases/{CASE}")).headers["allow"] == "GET"


async def test_refusals_come_in_the_order_token_role_headers_body_jurisdiction_version() -> None:
    house = House()
    body = {"persons": 4, "accept": True}

    async def code(token: dict[str, str], content: object, **headers: str) -> str:
        async with house.client(**token, **headers) as http:
            answer = await http.post(APPROVAL, json=content)
        return str(answer.json().get("code"))

    mine, theirs = house.token(), house.token(jurisdiction=TAIJIANG)
    stale = OK | {"If-Match": '"2"'}
    assert await code({}, {}) == "token-missing"
    assert await code(mine, {}) == "idempotency-key-missing"
    assert await code(mine, {}, **{"Idempotency-Key": KEY}) == "if-match-missing"
    assert await code(mine, {}, **OK) == "invalid-fields"
    assert await code(theirs, body, **stale) == "division-not-covered"
    assert await code(mine, body, **stale) == "version-stale"
    assert await code(mine, body, **OK) == "None"
