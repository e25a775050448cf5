"""What a household is due where a decision counts as never made: each month as before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.decision.decisions.amounts import due_as_it_stands, standard_paid_by
from services.decision.decisions.levelling import reason_to_look_into
from services.decision.decisions.retroactive import Due, amounts_since, same_figures
from services.decision.model import Determination, Stage, account_in
from services.decision.rules import entitlement
from shared.calendar import Month
from shared.contracts.changes import AmountChanged, BenefitStopped, PhaseOutStarted
from shared.contracts.work import WithheldShare
from shared.kernel.decider import Moment, Refusal
from shared.policy import Parameters


def restored(
    was: Determination, since: Month, at: Moment, *, change_id: UUID, decider: UUID
) -> Iterator[AmountChanged | PhaseOutStarted | BenefitStopped]:
    """From a month on what a case was due as it ``was`` before a decision: a phase-out or stop that
    ran goes on, else the gap of each month. Months before the account of then, where the decision
    reached back beyond it, are again those of the accounts before.

    Raises ``Refusal`` where no figures are known that it could rest on.
    """
    own = {"change_id": change_id, "decider": decider}
    yield from _under_former_accounts(was, since, own, at)
    if was.leaving is not None:
        yield was.leaving.model_copy(update=own)
        return
    account, basis = was.known_account(), was.basis
    if basis is None:
        raise Refusal("nothing-to-carry-out")
    regime = entitlement.regime_on(account, at.date, at)
    counted_fen = basis.counted_income_fen

    def due(
        regime: Parameters, standard_fen: int, withheld: tuple[WithheldShare, ...]
    ) -> dict[str, Any]:
        return due_as_it_stands(
            was,
            withheld,
            regime,
            at,
            standard_fen=standard_fen,
            counted_income_fen=counted_fen,
        )

    def standard_in(month: Month, regime: Parameters) -> int:
        return _standard_in(was, was, month, regime, due)

    standard_fen = standard_in(Month.of(at.date), regime)
    current = AmountChanged(
        **own,
        **due(regime, standard_fen, was.withheld),
        persons=basis.persons,
        standard_fen=standard_fen,
        counted_income_fen=counted_fen,
        parameters=entitlement.parameters_used(regime),
        from_month=max(since, entitlement.first_month_paid(at.date)),
    )
    yield from amounts_since(was, current, _own_months_from(was, since), at, due, standard_in)


def _standard_in(
    was: Determination, account: Determination, month: Month, regime: Parameters, due: Due
) -> int:
    """By which standard a month is due, in fen: its own; where that was lowered and somebody has to
    look into what it takes from the household, the one before, as nobody has decided anything.
    """
    held_fen, standard_fen = was.standards.at(month), standard_paid_by(account, regime)
    if held_fen <= standard_fen:
        return standard_fen
    withheld = was.withheld_in(month)
    before_fen = due(regime, held_fen, withheld)["amount_fen"]
    amount_fen = due(regime, standard_fen, withheld)["amount_fen"]
    as_due = replace(account, amount_fen=before_fen)
    reason = reason_to_look_into(as_due, standard_fen, amount_fen, regime)
    return standard_fen if reason is None else held_fen


def _own_months_from(was: Determination, since: Month) -> Month:
    month = since
    while account_in(was, month) is not was:
        month = month.next()
    return month


def _under_former_accounts(
    was: Determination, since: Month, own: dict[str, UUID], at: Moment
) -> Iterator[AmountChanged]:
    last: AmountChanged | None = None
    for month in since.through(_own_months_from(was, since).previous()):
        amount = _due_in(was, account_in(was, month), month, own, at)
        if last is None or not same_figures(last, amount):
            yield amount
            last = amount


def _due_in(
    was: Determination, account: Determination, month: Month, own: dict[str, UUID], at: Moment
) -> AmountChanged:
    """What a month is due under an account: in a phase-out or after a stop what was frozen for it,
    else by the month's standard.
    """
    opened, figures = account.known_account(), account.leaving or account.basis
    if figures is None:
        raise Refusal("nothing-to-carry-out")
    regime = entitlement.regime_on(opened, month.first_day, at)
    standard_fen = figures.standard_fen
    due: dict[str, Any] = {"amount_fen": was.amounts.at(month)}
    if account.stage is Stage.CONFIRMED:

        def by(
            regime: Parameters, standard_fen: int, withheld: tuple[WithheldShare, ...]
        ) -> dict[str, Any]:
            return due_as_it_stands(
                account,
                withheld,
                regime,
                at,
                standard_fen=standard_fen,
                counted_income_fen=figures.counted_income_fen,
            )

        standard_fen = _standard_in(was, account, month, regime, by)
        due = by(regime, standard_fen, was.withheld_in(month))
    return AmountChanged(
        **own,
        **due,
        persons=figures.persons,
        standard_fen=standard_fen,
        counted_income_fen=figures.counted_income_fen,
        parameters=entitlement.parameters_used(regime),
        from_month=month,
    )
