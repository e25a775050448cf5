"""Money obtained by fraud, and the fine for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.payment.rules.paydays import Regimes
from shared.calendar import Month
from shared.contracts.fields import ParameterUsed
from shared.kernel.decider import Refusal
from shared.policy import Parameters

MOST_MONTHS: Final = 120
"""The most months of one finding: ten years, as many payments as a command may read."""


def months_of_finding(first: Month, last: Month) -> tuple[Month, ...]:
    """The months of a finding, as far as one may reach."""
    return tuple(first.through(min(last, first.next(MOST_MONTHS - 1))))


def require_months(first: Month, last: Month) -> None:
    """A finding is about one month or several in a row, at most ``MOST_MONTHS``."""
    latest = first.next(MOST_MONTHS - 1)
    if not first <= last <= latest:
        raise Refusal(
            "fraud-months-impossible",
            facts={"earliest": str(first), "latest": str(latest), "month": str(last)},
        )


def require_day(code: str, day: date, earliest: date, latest: date) -> None:
    """Something happened on a day that it can have happened on; both ends are included."""
    if not earliest <= day <= latest:
        facts = {name: d.isoformat() for name, d in _days(day, earliest, latest).items()}
        raise Refusal(code, facts=facts)


def _days(day: date, earliest: date, latest: date) -> Mapping[str, date]:
    return {"day": day, "earliest": earliest, "latest": latest}


def first_day_of_obtaining(first: Month) -> date:
    """Nothing is obtained of a month before the quarter that it may be paid with has begun."""
    return first.quarter[0].first_day


def obtained_fen(overpaid: Sequence[tuple[int, int]]) -> int:
    """What somebody got that was not due, in fen; each month's difference and what reached them.

    The difference is due less listed, negative where too much was listed. A month never brings
    more than reached the payee: what the bank sent back was not obtained.
    """
    return sum(min(max(0, -difference), reached) for difference, reached in overpaid)


def law_of_fine(until_on: date, today: date, regimes: Regimes) -> Parameters:
    """The law by which a fine is measured: that of the deed, unless today's is milder.

    The law of the day on which the deed ended, since one that went on belongs to the law under
    which it went on last. A later law counts where its highest fine is lower, or its lowest with
    the same highest (从旧兼从轻). Neither 社会救助法 nor 国务院令第649号 speaks of deeds before
    it: this is the general rule for administrative penalties.
    """
    then, now = regimes(until_on), regimes(today)
    return now if _severity(now) < _severity(then) else then


def _severity(regime: Parameters) -> tuple[int, int]:
    return (
        regime.whole("fraud_fine_maximum_multiple"),
        regime.whole("fraud_fine_minimum_multiple"),
    )


def fine_limits_fen(obtained: int, regime: Parameters) -> tuple[int, int]:
    """The lowest and the highest fine for an amount obtained, in fen.

    Once to three times the amount under 国务院令第649号, up to twice under 社会救助法.
    Source: 国务院令第649号, art. 68; 社会救助法, art. 73.
    """
    highest, lowest = _severity(regime)
    return obtained * lowest, obtained * highest


def require_fine_within(amount_fen: int, limits_fen: tuple[int, int], regime: Parameters) -> None:
    """A fine is no less and no more than the law allows for the amount obtained."""
    lowest, highest = limits_fen
    if not lowest <= amount_fen <= highest:
        raise Refusal(
            "fine-out-of-range",
            facts={"amount_fen": amount_fen, "minimum_fen": lowest, "maximum_fen": highest},
            source=regime.value("fraud_fine_maximum_multiple").source,
        )


def require_other_hands(finder: UUID, imposer: UUID) -> None:
    """Who found the fraud does not fine for it."""
    if finder == imposer:
        raise Refusal("finder-fines", status=403)


def fine_parameters(regime: Parameters) -> tuple[ParameterUsed, ...]:
    """The multiples that a fine was measured by, for its event."""
    used = ((value.name, value.whole_figure()) for value in regime.used)
    return tuple(
        ParameterUsed(name=name, value=figure) for name, figure in used if figure is not None
    )
