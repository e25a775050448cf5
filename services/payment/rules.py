"""The rules of paying, pure: who pays, which months a run takes up, and who may approve it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID, uuid5

from shared.calendar import Month
from shared.contracts.payment import RUN_PAGE_LINES, RunLine
from shared.kernel.decider import Refusal
from shared.regions import Level

APPROVAL_SOURCE = "社会救助资金管理: 制单与复核分离 (preparer and approver are separate hands)"


def paying_division(handling_division: str) -> str:
    """The township (乡镇、街道) on whose roster a case is; of a village, the one around it.

    A run is a township's: a case that a village took in would otherwise be on nobody's run.
    """
    return handling_division[: Level.TOWNSHIP.digits].ljust(12, "0")


def require_township(division: str) -> None:
    """A run is prepared for a township, neither for a village of it nor for a whole county."""
    of_township = division[Level.COUNTY.digits : Level.TOWNSHIP.digits]
    if division != paying_division(division) or not of_township.strip("0"):
        raise Refusal(
            "run-is-a-townships", facts={"allowed_level": Level.TOWNSHIP.value}, status=422
        )


def payment_id_of(case_id: UUID, month: Month) -> UUID:
    """The payment's id, which follows from case and month alone."""
    return uuid5(case_id, f"payment/{month}")


def unlisted_months(
    from_month: Month, listed_through: Month | None, through: Month
) -> Iterator[Month]:
    """The months, up to and with ``through``, that no approved run took up.

    An entitlement that became known late is so paid from its first month on: nobody is skipped.
    """
    first = from_month if listed_through is None else listed_through.next()
    return first.through(through)


def pages_of(lines: Sequence[RunLine]) -> list[tuple[RunLine, ...]]:
    """The lines in pages of at most ``RUN_PAGE_LINES``."""
    starts = range(0, len(lines), RUN_PAGE_LINES)
    return [tuple(lines[start : start + RUN_PAGE_LINES]) for start in starts]


def require_month_begun(month: Month, today: date) -> None:
    """A month's run is prepared in the month or later: it pays for a month that has begun.

    民发〔2012〕220号: paid by the 10th of each month.
    """
    if month > Month.of(today):
        raise Refusal(
            "run-ahead-of-its-month",
            facts={"month": str(month), "latest": str(Month.of(today))},
            source="民发〔2012〕220号",
        )


def require_separate_hands(preparer: UUID, approver: UUID) -> None:
    """Who prepared a run cannot approve it."""
    if preparer == approver:
        raise Refusal("same-hands", source=APPROVAL_SOURCE, status=403)
