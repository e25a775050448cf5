"""Who pays, which months a run takes up, and who may approve it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid5

from shared.calendar import Month
from shared.contracts.payment import RUN_PAGE_LINES, RunLine
from shared.kernel.decider import Refusal
from shared.money import MAX_FEN
from shared.regions import Level

APPROVAL_SOURCE = "法规未作规定 (制单与复核分离: preparer and approver are separate hands)"


def paying_division(handling_division: str) -> str:
    """The township (乡镇、街道) on whose roster a case is; of a village, the one around it.

    A run is a township's: a case that a village took in would otherwise be on nobody's run.
    """
    return Level.TOWNSHIP.around(handling_division)


def is_township(division: str) -> bool:
    """Whether a code of twelve digits is a township's: no village of it, no whole county."""
    of_township = division[Level.COUNTY.digits : Level.TOWNSHIP.digits]
    return division == paying_division(division) and bool(of_township.strip("0"))


def require_township(division: str) -> None:
    """A run is prepared for a township, neither for a village of it nor for a whole county."""
    if not is_township(division):
        raise Refusal(
            "run-is-a-townships", facts={"allowed_level": Level.TOWNSHIP.value}, status=422
        )


def payment_id_of(case_id: UUID, month: Month) -> UUID:
    """The payment's id, which follows from case and month alone."""
    return uuid5(case_id, f"payment/{month}")


def day_after(day: date) -> date:
    """The first day on which a deadline has passed."""
    return day + timedelta(days=1)


def pages_of(lines: Sequence[RunLine]) -> list[tuple[RunLine, ...]]:
    """The lines in pages of at most ``RUN_PAGE_LINES``."""
    starts = range(0, len(lines), RUN_PAGE_LINES)
    return [tuple(lines[start : start + RUN_PAGE_LINES]) for start in starts]


def require_month_begun(month: Month, today: date) -> None:
    """A month's run is prepared in the month or later: it pays for a month that has begun.

    Source: 民发〔2012〕220号, art. 31 (paid by the 10th of each month).
    """
    if month > Month.of(today):
        raise Refusal(
            "run-ahead-of-its-month",
            facts={"month": str(month), "latest": str(Month.of(today))},
            source="民发〔2012〕220号 art. 31",
        )


def require_separate_hands(preparer: UUID, approver: UUID) -> None:
    """Who prepared a run cannot approve it."""
    if preparer == approver:
        raise Refusal("same-hands", source=APPROVAL_SOURCE, status=403)


def require_fund_of_township(division: str) -> None:
    """A reserve fund is a township's, neither a village's nor a county's."""
    if not is_township(division):
        raise Refusal(
            "fund-is-a-townships", facts={"allowed_level": Level.TOWNSHIP.value}, status=422
        )


def require_county(level: Level) -> None:
    """A township's fund is replenished by the county (or above it): who spends does not fill it."""
    if level.digits > Level.COUNTY.digits:
        raise Refusal(
            "fund-replenished-by-county",
            facts={"level": level.value, "allowed_level": Level.COUNTY.value},
            status=403,
        )


def require_room(balance_fen: int, advanced_fen: int, amount_fen: int) -> None:
    """A fund holds no more than an amount can say, even if every open advance came back."""
    most_fen = MAX_FEN - balance_fen - advanced_fen
    if amount_fen > most_fen:
        raise Refusal(
            "fund-full", facts={"amount_fen": amount_fen, "allowed_fen": max(0, most_fen)}
        )
