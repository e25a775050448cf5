"""A standard of a past month reaches months whose account counts no longer: they follow apart.

The months of the account that counts now follow in ``levelling``. Those before it, or before a
phase-out, a stop or the end, are each determined by the account that counted then and the standard
as it is known now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from services.decision.decisions.amounts import due_as_it_stands, kind_paid_by
from services.decision.decisions.levelling import after, levelled_since
from services.decision.model import Determination, Stage, account_in
from services.decision.rules import entitlement
from shared.calendar import Month
from shared.contracts.standards import AmountRedetermined
from shared.kernel.decider import Fact, Moment
from shared.policy.standards import parameter_of


def months_of_former_accounts(case: Determination, since: Month, at: Moment) -> list[Fact]:
    """What brings begun months from ``since`` on up to their standards, under former accounts.

    ``at`` knows the recorded standards. A month is only ever due more by it: what was due stays
    due. The months of a phase-out keep what was frozen for them. Months in a row with the same
    figures are one event. Source of a month's amount: 民发〔2021〕57号, art. 23.
    """
    confirmed = case.confirmed
    if confirmed is None:
        return []
    until = levelled_since(case) or Month.of(at.date).next()
    begun = max(since, confirmed.pay_from).through(min(until.previous(), Month.of(at.date)))
    found = (determined for month in begun if (determined := _determined(case, month, at)))
    return [Fact(event, policy=at.policy.version) for event in _in_a_row(found)]


def arrears_fen(case: Determination, facts: Iterable[Fact], months: Iterable[Month]) -> int:
    """What facts add to what a case is due for some months, in fen altogether."""
    now = after(case, facts)
    return sum(now.amounts.at(month) - case.amounts.at(month) for month in months)


@dataclass(frozen=True, slots=True)
class _Month:
    account: Determination
    event: AmountRedetermined

    def goes_on(self, other: _Month) -> bool:
        """Whether another month, the next, has the same account and the same figures."""
        apart = {"from_month", "last_month"}
        return self.account is other.account and (
            self.event.model_dump(exclude=apart) == other.event.model_dump(exclude=apart)
        )


def _determined(case: Determination, month: Month, at: Moment) -> _Month | None:
    """What a month is due by the account that counted in it, where that is more than it was."""
    account = account_in(case, month)
    if account.stage is not Stage.CONFIRMED or not account.members:
        return None
    opened = account.known_account()
    kind = kind_paid_by(account)
    if kind is None:
        return None
    regime = entitlement.regime_on(opened, month.first_day, at)
    name = parameter_of(kind)
    standard_fen, standard_id = regime.fen(name), regime.value(name).standard_id
    if standard_id is None:
        return None
    counted_fen, before_fen = account.counted_income_fen, case.amounts.at(month)
    due: dict[str, Any] = due_as_it_stands(
        account,
        case.withheld_in(month),
        regime,
        at,
        standard_fen=standard_fen,
        counted_income_fen=counted_fen,
    )
    due.pop("withheld", None)  # whose shares they are has not changed
    if due["amount_fen"] <= before_fen:
        return None
    event = AmountRedetermined(
        standard_id=standard_id,
        persons=len(account.members),
        counted_income_fen=counted_fen,
        standard_before_fen=case.standards.at(month),
        standard_fen=standard_fen,
        amount_before_fen=before_fen,
        from_month=month,
        last_month=month,
        parameters=entitlement.parameters_used(regime),
        **due,
    )
    return _Month(account, event)


def _in_a_row(months: Iterable[_Month]) -> Iterator[AmountRedetermined]:
    row: _Month | None = None
    last: Month | None = None
    for one in months:
        month = one.event.from_month
        if row is not None and last == month.previous() and row.goes_on(one):
            last = month
            continue
        if row is not None:
            yield row.event.model_copy(update={"last_month": last})
        row, last = one, month
    if row is not None:
        yield row.event.model_copy(update={"last_month": last})
