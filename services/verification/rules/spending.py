"""Rigid spending, bill by bill: which bills count, and what they come to a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from shared.accounts import within_bounds
from shared.calendar import same_day_after
from shared.contracts.fields import DeductionKind, DeductionLine, Member
from shared.contracts.home_visits import Bill
from shared.kernel.decider import Refusal
from shared.money import Rounding, share_of
from shared.policy import Parameters

RIGID: Final = tuple(kind for kind in DeductionKind if kind is not DeductionKind.EMPLOYMENT)
"""What is spent because somebody is ill, disabled or at school, or for an epidemic."""


def window_of(parameters: Parameters) -> int:
    """Over how many months a household's bills are spread."""
    return parameters.whole("rigid_spending_window_months")


def first_day_of_window(accepted_on: date, months: int) -> date:
    """The first day whose bills count: the same day of the month so many months earlier.

    Where that month is shorter, its last day.
    """
    return same_day_after(accepted_on, -months)


def require_bills(
    parameters: Parameters,
    bills: Sequence[Bill],
    members: Sequence[Member],
    *,
    accepted_on: date,
    visited_on: date,
) -> None:
    """Bills are of members, each once, of rigid spending, of the window, and cover what was paid.

    The cost of working has no bills: it is computed or stated.
    """
    known = {member.person_id for member in members}
    strangers = sum(bill.person_id not in known for bill in bills)
    if strangers:
        raise Refusal("person-not-in-household", facts={"lines": strangers}, status=422)
    if len({bill.number_digest for bill in bills}) != len(bills):
        raise Refusal("line-listed-twice", facts={"lines": len(bills)}, status=422)
    for number, bill in enumerate(bills, 1):
        if bill.kind not in RIGID:
            facts: dict[str, int | str] = {"bill": number, "kind": bill.kind}
            raise Refusal("bill-of-no-rigid-spending", facts=facts, status=422)
        if bill.reimbursed_fen > bill.amount_fen:
            raise Refusal("bill-reimbursed-beyond", facts={"bill": number}, status=422)
    if not bills:
        return
    earliest = first_day_of_window(accepted_on, window_of(parameters))
    for number, bill in enumerate(bills, 1):
        if not earliest <= bill.issued_on <= visited_on:
            raise Refusal(
                "bill-outside-window",
                facts={
                    "bill": number,
                    "issued_on": bill.issued_on.isoformat(),
                    "earliest": earliest.isoformat(),
                    "latest": visited_on.isoformat(),
                },
                source=parameters.value("rigid_spending_window_months").source,
            )


def require_plain_statements_enough(
    parameters: Parameters, stated: Sequence[DeductionLine], bills: Sequence[Bill]
) -> None:
    """Rigid spending without bills counts where a plain statement is enough, and never beside them.

    A kind has its bills or its statement: a typed amount beside bills would count twice.
    """
    billed = {bill.kind for bill in bills}
    plain = [line.kind for line in stated if line.kind in RIGID]
    both = [kind for kind in plain if kind in billed]
    if both:
        raise Refusal("deduction-stated-and-billed", facts={"kind": both[0]}, status=422)
    if plain and not parameters.flag("rigid_spending_plain_statements"):
        raise Refusal(
            "bills-needed",
            facts={"kind": plain[0]},
            source=parameters.value("rigid_spending_plain_statements").source,
        )


def require_spending_looked_at(parameters: Parameters, billed: Sequence[DeductionLine]) -> None:
    """Bills are taken of what is deducted from income, or counts as rigid spending without that.

    Source: 刚性支出困难家庭认定办法, art. 5.
    """
    deducted = parameters.codes("income_deductions")
    allowed = dict.fromkeys((*deducted, *parameters.codes("rigid_spending_kinds")))
    refused = [line.kind for line in billed if line.kind not in allowed]
    if refused:
        raise Refusal(
            "deduction-not-allowed",
            facts={"kind": refused[0], "allowed": ", ".join(allowed)},
            source=parameters.value("income_deductions").source,
        )


def deducted_of(
    parameters: Parameters, lines: Sequence[DeductionLine]
) -> tuple[DeductionLine, ...]:
    """What of the spending the regime deducts from income; the rest is only known."""
    deducted = parameters.codes("income_deductions")
    return tuple(line for line in lines if line.kind in deducted)


def rigid_spending(
    parameters: Parameters, lines: Sequence[DeductionLine]
) -> tuple[DeductionLine, ...]:
    """What of the spending counts where a household is assessed for rigid-expenditure hardship.

    Source: 刚性支出困难家庭认定办法, art. 5.
    """
    counting = parameters.codes("rigid_spending_kinds")
    return tuple(line for line in lines if line.kind in counting)


def monthly_deductions(parameters: Parameters, bills: Sequence[Bill]) -> tuple[DeductionLine, ...]:
    """What the bills of each kind come to a month, in fen.

    The amounts after reimbursement, added up, over the months of the window; rounded once, at the
    end, so that it does not matter into how many bills a spending was split.
    """
    if not bills:
        return ()
    month = Fraction(1, window_of(parameters))
    rounding = Rounding(parameters.code("benefit_rounding"))
    net: dict[DeductionKind, int] = {}
    for bill in bills:
        net[bill.kind] = net.get(bill.kind, 0) + bill.amount_fen - bill.reimbursed_fen
    return tuple(
        DeductionLine(kind=kind, amount_fen=within_bounds(share_of(net[kind], month, rounding)))
        for kind in DeductionKind
        if kind in net
    )
