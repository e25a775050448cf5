"""Fen and yuan."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.money import (
    MAX_FEN,
    MAX_TOTAL_FEN,
    Fen,
    Rounding,
    TotalFen,
    format_yuan,
    parse_yuan,
    share_of,
)


@pytest.mark.parametrize(
    ("fen", "yuan"),
    [(200_00, "200.00"), (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-1_894_50, "-1894.50")],
)
def test_yuan_are_written_with_two_decimals(fen: int, yuan: str):
    assert format_yuan(fen) == yuan


@given(st.integers(0, MAX_TOTAL_FEN))
def test_what_is_written_is_read_back_exactly(fen: int):
    assert parse_yuan(format_yuan(fen)) == fen


@pytest.mark.parametrize(("text", "fen"), [("200", 200_00), ("200.5", 200_50), ("0.05", 5)])
def test_fewer_decimals_are_read(text: str, fen: int):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1,000", "1.005", ".5", "5.", "007", "1e3", "１２", " 1", "1\n", "nan"],
)
def test_what_is_no_amount_is_refused(text: str):
    with pytest.raises(ValueError, match="at most two decimals"):
        parse_yuan(text)


def test_an_amount_above_the_bound_is_refused():
    assert parse_yuan("9999999999999.99") == MAX_TOTAL_FEN
    with pytest.raises(ValueError, match="in yuan has digits"):
        parse_yuan("10000000000000")


@pytest.mark.parametrize("value", [-1, MAX_FEN + 1, 1.0, "1", True, None])
def test_a_case_amount_is_a_bounded_whole_number(value: object):
    with pytest.raises(ValidationError):
        TypeAdapter(Fen).validate_python(value)


def test_no_mobile_number_fits_an_amount_and_sums_reach_further():
    assert len(str(MAX_FEN)) < 11
    assert TypeAdapter(Fen).validate_json("20000") == 200_00
    assert TypeAdapter(TotalFen).validate_python(MAX_FEN + 1) == MAX_FEN + 1


@pytest.mark.parametrize(
    ("rounding", "fen"), [(Rounding.DOWN, 33), (Rounding.HALF_UP, 33), (Rounding.UP, 34)]
)
def test_a_third_of_a_yuan_is_rounded_as_asked(rounding: Rounding, fen: int):
    assert share_of(100, Fraction(1, 3), rounding) == fen


def test_half_a_fen_rounds_up_and_whole_results_are_never_touched():
    assert share_of(1, Fraction(1, 2), Rounding.HALF_UP) == 1
    assert all(share_of(600_00, Fraction(3, 2), r) == 900_00 for r in Rounding)


def test_a_share_of_a_debt_is_refused():
    with pytest.raises(ValueError, match="zero or more"):
        share_of(-1, Fraction(1, 2), Rounding.DOWN)
