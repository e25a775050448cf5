"""Preconditions, pages and positions: how a client reads and says what it has read."""

import pytest

from shared.access.roles import Role
from shared.sealing import SealingKey
from shared.web.cursors import MAX_CURSOR_CHARACTERS, Cursors
from shared.web.preconditions import etag, parse_if_match
from shared.web.problems import Problem
from shared.web.waiting import WaitFor, behind, parse_wait_for
from tests.web.sample import CASE, House

KEY = SealingKey.generate("page-cursor")


async def test_what_was_read_can_be_sent_back_as_the_precondition() -> None:
    house = House()
    async with house.client(**house.token(Role.TOWNSHIP_CLERK)) as http:
        tag = (await http.get(f"/cases/{CASE}")).headers["etag"]
    assert tag == '"3"'
    assert parse_if_match(tag) == 3


@pytest.mark.parametrize("version", [0, 1, 10**17])
def test_a_tag_is_read_back(version: int) -> None:
    assert parse_if_match(etag(version)) == version


@pytest.mark.parametrize(
    "header",
    ["", "3", 'W/"3"', "*", '"3", "4"', '"-3"', '"03"', '"３"', '"13800000000x"', '"9"' * 9],
)
def test_a_tag_of_another_form_is_refused(header: str) -> None:
    with pytest.raises(Problem) as refused:
        parse_if_match(header)
    assert (refused.value.status, refused.value.kind.code) == (400, "if-match-malformed")
    assert refused.value.members == {"allowed": '"<version>"'}


def test_a_change_needs_to_say_what_it_is_based_on() -> None:
    with pytest.raises(Problem) as refused:
        parse_if_match(None)
    assert refused.value.status == 428


@pytest.mark.parametrize("place", [(1,), (1, "350102001000"), ("2020-04-01", 7, "鼓楼区"), ()])
def test_a_cursor_gives_its_place_back(place: tuple[int | str, ...]) -> None:
    cursors = Cursors(KEY)
    cursor = cursors.seal(place, "cases?division=350102")
    assert cursors.open(cursor, "cases?division=350102") == place
    assert cursor.isascii()
    assert cursors.open(None, "cases") is None


def test_a_cursor_serves_no_other_list_filter_or_service() -> None:
    cursor = Cursors(KEY).seal((7,), "cases?division=350102")
    for cursors, scope in (
        (Cursors(KEY), "cases?division=350103"),
        (Cursors(KEY), "runs?division=350102"),
        (Cursors(SealingKey.generate("page-cursor")), "cases?division=350102"),
    ):
        with pytest.raises(Problem, match="cursor-invalid"):
            cursors.open(cursor, scope)


def test_an_altered_cursor_is_refused() -> None:
    cursors = Cursors(KEY)
    cursor = cursors.seal((7, "350102001000"), "cases")
    for at in range(len(cursor)):
        for letter in "A_":
            altered = cursor[:at] + letter + cursor[at + 1 :]
            if altered != cursor:
                with pytest.raises(Problem) as refused:
                    cursors.open(altered, "cases")
                assert refused.value.status == 400


@pytest.mark.parametrize("cursor", ["", "x", "张三", "=" * 8, "A" * 10_000, "!!!!", "AAAA\n"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Problem, match="cursor-invalid"):
        Cursors(KEY).open(cursor, "cases")


def test_a_place_too_long_for_a_cursor_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match=f"at most {MAX_CURSOR_CHARACTERS}"):
        Cursors(KEY).seal(("x" * 600,), "cases")


@pytest.mark.parametrize(("limit", "status"), [("0", 422), ("201", 422), ("x", 422), ("200", 200)])
async def test_a_page_has_its_bounds(limit: str, status: int) -> None:
    house = House()
    async with house.client(**house.token(Role.TOWNSHIP_CLERK)) as http:
        answer = await http.get(f"/cases?limit={limit}")
    assert answer.status_code == status


def test_a_position_may_name_its_service() -> None:
    assert parse_wait_for("42") == WaitFor(42)
    assert parse_wait_for("intake:0") == WaitFor(0, "intake")
    assert parse_wait_for(None) is None


@pytest.mark.parametrize(
    "text", ["", "-1", "4.2", "intake:", ":4", "In take:4", "a:b:4", "４", "9" * 19, "012", "4\n"]
)
async def test_a_position_of_another_form_is_refused(text: str) -> None:
    house = House()
    async with house.client(**house.token(Role.TOWNSHIP_CLERK)) as http:
        answer = await http.get("/cases", params={"wait_for": text})
    assert (answer.status_code, answer.json()["code"]) == (400, "wait-for-invalid")
    assert answer.json()["allowed"] == ["<position>", "<service>:<position>"]


def test_a_view_that_lags_says_how_far_it_is() -> None:
    problem = behind(reached=40, wanted=42)
    assert problem.status == 503
    assert problem.members == {"reached": 40, "wanted": 42}
    assert problem.headers == {"Retry-After": "1"}
