"""Money in integer fen; 100 fen are one yuan. No float ever holds an amount.

Names of amounts end in ``_fen``. Yuan exist only as text, for people to read and write.
"""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final

from pydantic import Field

MAX_FEN: Final = 9_999_999_999
"""The largest amount of one case, household or payment: just under 100 million yuan.

Ten digits, so that no mobile number (eleven) or ID-card number fits into an amount.
"""

MAX_TOTAL_FEN: Final = 999_999_999_999_999
"""The largest sum over many cases, such as a province's pay run or a fund; below 2⁵³."""

Fen = Annotated[int, Field(strict=True, ge=0, le=MAX_FEN)]
"""A non-negative amount of one case, in fen. A bool, a float or a string is refused."""

TotalFen = Annotated[int, Field(strict=True, ge=0, le=MAX_TOTAL_FEN)]
"""A non-negative sum over many cases, in fen."""

_YUAN = re.compile(r"(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,2}))?")


class Rounding(StrEnum):
    """How a part of an amount becomes whole fen. Which one holds is a parameter."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


def format_yuan(fen: int) -> str:
    """Yuan with two decimals and no separators: 20000 fen are ``200.00``, -5 are ``-0.05``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02}"


def parse_yuan(text: str) -> int:
    """The fen of an amount in yuan: digits, and at most two decimals after a point.

    Exact; ``200``, ``200.5`` and ``200.05`` are read. Raises ``ValueError`` for anything else:
    a sign, a separator, leading zeros, a third decimal, more than thirteen digits of yuan
    (which is more than ``MAX_TOTAL_FEN``).
    """
    match = _YUAN.fullmatch(text)
    if match is None:
        raise ValueError("an amount in yuan has digits and at most two decimals, such as 200.00")
    yuan, decimals = match.groups()
    return int(yuan) * 100 + int((decimals or "").ljust(2, "0"))


def share_of(amount_fen: int, share: Fraction, rounding: Rounding) -> int:
    """``share`` of a non-negative amount in whole fen, rounded once, at the end.

    Raises ``ValueError`` for a negative amount or share.
    """
    if amount_fen < 0 or share < 0:
        raise ValueError("a share is taken of an amount of zero or more, and is zero or more")
    whole, rest = divmod(amount_fen * share.numerator, share.denominator)
    match rounding:
        case Rounding.DOWN:
            return whole
        case Rounding.HALF_UP:
            return whole + (2 * rest >= share.denominator)
        case Rounding.UP:
            return whole + (rest > 0)
