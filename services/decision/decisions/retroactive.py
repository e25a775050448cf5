"""A fact that counts in the past: every month since is determined anew, beside what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from services.decision.decisions.amounts import standard_paid_by
from services.decision.model import DETERMINATION, Determination
from services.decision.rules import entitlement
from shared.calendar import Month
from shared.contracts.changes import AmountChanged, DeterminedMonth, MonthsRedetermined
from shared.contracts.work import WithheldShare
from shared.kernel.decider import Moment
from shared.kernel.event import Event
from shared.policy import Parameters

Due = Callable[[Parameters, int, tuple[WithheldShare, ...]], dict[str, Any]]
"""The fields of an amount by a month's parameters, its standard in fen, and what was withheld."""

StandardIn = Callable[[Month, Parameters], int]
"""The standard in fen by which a month is due, by its parameters."""


def months_beside(
    case: Determination,
    decided: Sequence[Event],
    since: Month,
    at: Moment,
    *,
    change_id: UUID,
    happened_on: date,
    persons: int,
    counted_income_fen: int,
) -> list[MonthsRedetermined]:
    """What decided events change of months that have begun, old and new beside each other.

    ``persons`` and ``counted_income_fen`` are those of now. None where they change no such month:
    then there is nothing for payment to act on but the months ahead.
    """
    after: Determination = reduce(DETERMINATION.evolve, decided, case)
    months = tuple(
        DeterminedMonth(
            month=month, before_fen=case.amounts.at(month), after_fen=after.amounts.at(month)
        )
        for month in since.through(Month.of(at.date))
        if case.amounts.at(month) != after.amounts.at(month)
    )
    if not months:
        return []
    return [
        MonthsRedetermined(
            change_id=change_id,
            happened_on=happened_on,
            persons_before=len(case.members),
            persons_after=persons,
            counted_income_before_fen=case.counted_income_fen,
            counted_income_after_fen=counted_income_fen,
            months=months,
            difference_fen=sum(m.after_fen - m.before_fen for m in months),
        )
    ]


def amounts_since(
    case: Determination,
    current: AmountChanged,
    since: Month,
    at: Moment,
    due: Due,
    standard_in: StandardIn | None = None,
) -> Iterator[AmountChanged]:
    """The amounts of the months since a fact, each by its own month's standard, then the current.

    Months in a row with the same figures are one event. ``due`` works an amount out,
    ``standard_in`` says the standard where it is not simply the month's. What was withheld for
    refused work in a month stays withheld of the share as it now is. A month's amount uses that
    month's parameters.
    Source: 民发〔2021〕57号, art. 23.
    """
    account = case.known_account()
    last: AmountChanged | None = None
    month = since
    while month < current.from_month:
        regime = entitlement.regime_on(account, month.first_day, at)
        if standard_in is None:
            standard_fen = standard_paid_by(case, regime)
        else:
            standard_fen = standard_in(month, regime)
        fields = due(regime, standard_fen, case.withheld_in(month))
        used = entitlement.parameters_used(regime)
        own = {"standard_fen": standard_fen, "from_month": month, "parameters": used}
        amount = current.model_copy(update={**fields, **own})
        if last is None or not same_figures(last, amount):
            yield amount
            last = amount
        month = month.next()
    if last is None or not same_figures(last, current):
        yield current


def same_figures(left: AmountChanged, right: AmountChanged) -> bool:
    """Whether two months are due the same, by the same account and standard."""
    parts = {"topups", "tier", "single_persons", "withheld", "withheld_fen"}
    figures = {"persons", "counted_income_fen", "standard_fen", "amount_fen", *parts}
    return left.model_dump(include=figures) == right.model_dump(include=figures)
