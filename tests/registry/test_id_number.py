"""ID-card numbers: every true one is accepted, every false one named without being repeated."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from services.intake.registry.id_number import parse_id_number
from services.intake.registry.problems import PROBLEMS
from shared.kernel.decider import Refusal
from tests.registry.people import NUMBER, id_number

TODAY = date(2020, 4, 1)
COUNTIES = st.sampled_from(["350121", "532301", "611002", "110221", "460400", "659006", "810000"])
BIRTHS = st.dates(date(1910, 1, 1), TODAY)
ORDERS = st.integers(0, 999)


def made(county: str, born: date, order: int) -> str:
    return id_number(f"{county}{born:%Y%m%d}{order:03d}")


def refusal(text: str, today: date = TODAY) -> str:
    with pytest.raises(Refusal) as raised:
        parse_id_number(text, today)
    told = f"{raised.value} {raised.value.facts} {raised.value.source}"
    assert text.strip() not in told or not text.strip()
    assert raised.value.status == 422
    assert raised.value.code in {kind.code for kind in PROBLEMS}
    return raised.value.code


@given(COUNTIES, BIRTHS, ORDERS)
def test_a_number_with_its_check_character_is_accepted(county: str, born: date, order: int) -> None:
    number = made(county, born, order)
    parsed = parse_id_number(number, TODAY)
    assert parsed.number == number
    assert parsed.birth_date == born
    assert number not in repr(parsed)


@pytest.mark.parametrize(
    "text",
    [
        " 35012119520314122 6",
        "350121 19520314 1226",
        "350121-19520314-1226",
        "350121195203141226",
        "\t350121195203141226\t",
    ],
)
def test_one_number_however_it_is_written(text: str) -> None:
    assert parse_id_number(text, TODAY).number == NUMBER


def test_a_small_or_wide_x_is_the_check_character() -> None:
    number = next(n for n in (made("350121", date(1952, 3, 14), i) for i in range(99)) if "X" in n)
    for x in ("x", "\uff38", "\uff58"):
        assert parse_id_number(number[:17] + x, TODAY).number == number


@pytest.mark.parametrize(
    ("county", "born", "why"),
    [
        ("110221", date(1950, 1, 1), "Changping, a county of 1982 to 1999, numbered the grown-up"),
        ("350213", date(1999, 1, 1), "Xiang'an, a district since 2003, numbers who moves there"),
        ("659006", date(1990, 1, 1), "Tiemenguan, younger than the library's list"),
        ("830000", date(1990, 1, 1), "the residence permit of somebody from Taiwan"),
    ],
)
def test_true_numbers_that_the_library_refuses_for_their_county(
    county: str, born: date, why: str
) -> None:
    number = made(county, born, 101)
    with pytest.raises(InvalidComponent):
        ric.validate(number)
    assert parse_id_number(number, TODAY).number == number, why


def test_a_county_that_the_library_fails_on_is_no_error_here() -> None:
    number = made("110999", date(1990, 1, 1), 1)
    with pytest.raises(KeyError):
        ric.validate(number)
    assert parse_id_number(number, TODAY).number == number


@given(COUNTIES, BIRTHS, ORDERS, st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_caught(
    county: str, born: date, order: int, place: int, change: int
) -> None:
    number = made(county, born, order)
    digit = str((int(number[place]) + change) % 10)
    assert refusal(number[:place] + digit + number[place + 1 :]) == "id-number-check-digit"


@given(COUNTIES, BIRTHS, ORDERS, st.integers(0, 15))
def test_every_swap_of_neighbours_is_caught(
    county: str, born: date, order: int, place: int
) -> None:
    number = made(county, born, order)
    a, b = number[place], number[place + 1]
    if a != b:
        swapped = number[:place] + b + a + number[place + 2 :]
        assert refusal(swapped) == "id-number-check-digit"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "id-number-length"),
        (NUMBER[:17], "id-number-length"),
        (NUMBER + "0", "id-number-length"),
        ("350121520314122", "id-number-first-generation"),
        ("X" * 18, "id-number-characters"),
        ("35012119520314122①", "id-number-check-digit"),
        ("३५०१२११९५२०३१४१२२६", "id-number-characters"),
        ("林" * 18, "id-number-characters"),
        (id_number("99012119520314122"), "id-number-province"),
        (id_number("00012119520314122"), "id-number-province"),
        (id_number("35012119520230122"), "id-number-birth-date"),
        (id_number("35012100000314122"), "id-number-birth-date"),
        (id_number("35012118520314122"), "id-number-birth-date"),
        (id_number("35012120200402122"), "id-number-birth-date"),
    ],
)
def test_what_is_wrong_is_named(text: str, code: str) -> None:
    assert refusal(text) == code


def test_whoever_is_born_today_has_a_number() -> None:
    assert parse_id_number(made("350121", TODAY, 1), TODAY).birth_date == TODAY


@given(st.text(max_size=40))
def test_whatever_is_sent_is_refused_or_normal(text: str) -> None:
    try:
        number = parse_id_number(text, TODAY).number
    except Refusal:
        return
    assert parse_id_number(number, TODAY).number == number
