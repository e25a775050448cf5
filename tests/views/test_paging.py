"""A cursor leads on in its own list, and nowhere else."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.views.paging import BadCursor, decode_cursor, encode_cursor
from shared.views.query import BY_KEY, Cursor, Sort, prefix_end

texts = st.text(max_size=60)
scalars = st.one_of(texts, st.integers(-(2**63) + 1, 2**63 - 1), st.booleans(), st.none())


@given(scalars, texts, st.sampled_from([BY_KEY, Sort("due_on"), Sort("due_on", descending=True)]))
def test_a_cursor_is_read_back_as_it_was_given(
    value: str | int | None, key: str, sort: Sort
) -> None:
    text = encode_cursor(Cursor(value, key), sort)
    assert decode_cursor(text, sort) == Cursor(value, key)
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def forged(shape: object) -> str:
    return urlsafe_b64encode(json.dumps(shape).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 1_025,
        "not base64!",
        "兜底",
        "a",
        "AAAA",
        forged({"field": "_id"}),
        forged(["_id", False, "a"]),
        forged(["_id", False, "a", 1]),
        forged(["_id", False, 1.5, "a"]),
        forged(["_id", False, ["a"], "a"]),
        forged(["_id", False, 2**63, "a"]),
        forged(["_id", False, "\ud800", "a"]),
        forged(["_id", False, "a", "\ud800"]),
        forged(["_id", 0, "a", "a"]),
        urlsafe_b64encode(b"[" * 500).decode(),
    ],
)
def test_what_is_no_cursor_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadCursor) as refused:
        decode_cursor(text, BY_KEY)
    assert isinstance(refused.value, ValueError)
    assert len(text) < 5 or text not in str(refused.value)


@pytest.mark.parametrize("other", [Sort("status"), Sort("due_on", descending=True)])
def test_a_cursor_from_another_order_is_refused(other: Sort) -> None:
    text = encode_cursor(Cursor("2020-05-01", "a"), Sort("due_on"))
    with pytest.raises(BadCursor, match="another order"):
        decode_cursor(text, other)


@given(st.text(max_size=3), st.text(max_size=3))
def test_the_end_of_a_prefix_lies_behind_all_that_begin_with_it(prefix: str, rest: str) -> None:
    end = prefix_end(prefix)
    assert end is None or prefix + rest < end
    if end is not None:
        end.encode()


def test_the_end_of_a_prefix_carries_over() -> None:
    assert prefix_end("3501") == "3502"
    assert prefix_end("9") == ":"
    assert prefix_end("a\U0010ffff") == "b"
    assert prefix_end("\ud7ff") == "\ue000"
    assert prefix_end("\U0010ffff") is None
    assert prefix_end("") is None
