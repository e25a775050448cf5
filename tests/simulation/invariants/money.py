"""Money: once, to whom it is due, as much as is due, and listed as it was known then."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING
from uuid import UUID

from services.payment.model import aid_payment_id_of
from services.payment.rules import payment_id_of
from shared.calendar import Month
from shared.contracts.aid import MOST_INSTALMENTS
from shared.contracts.payment import (
    AidPaymentIntended,
    EntitlementEnded,
    EntitlementOpened,
    EntitlementPart,
    EntitlementPartSet,
    PaidMonthsDiffer,
    PaymentIntended,
    PaymentSettled,
    RunPageReleased,
)
from tests.simulation.findings import Invariant, require
from tests.simulation.invariants.benefits import Due, Entitled
from tests.simulation.invariants.history import History
from tests.simulation.outside import account_of

if TYPE_CHECKING:
    from tests.simulation.world import World


def money_was_paid_once(world: World, history: History, due: Due) -> None:
    """Who is entitled got each month once, in the amount that is theirs; nobody else got money.

    What became known only after a run had taken the month up is stated as its difference.
    """
    monthly = [d.data for d in history.events(PaymentIntended)]
    aids = [d.data for d in history.events(AidPaymentIntended)]
    settled = sorted(d.data.payment_id for d in history.events(PaymentSettled))
    credited = sorted(world.bank.ledger)
    claims = Counter(p.payment_id for p in (*monthly, *aids))
    twice = [claim for claim, times in claims.items() if times > 1]
    require(not twice, Invariant.MONEY_ONCE, f"intended twice: {twice}")
    named = [(p.payment_id, payment_id_of(p.case_id, p.month)) for p in monthly]
    wrong = [one for one, other in named if one != other]
    wrong += [p.payment_id for p in aids if p.payment_id not in _of_aid(p.case_id)]
    require(not wrong, Invariant.MONEY_ONCE, f"intended under another's name: {wrong}")
    asked = sorted((p.payment_id, account_of(p.payee), p.amount_fen) for p in (*monthly, *aids))
    text = f"the bank credited {credited}, intended was {asked}"
    require(credited == asked, Invariant.MONEY_ONCE, text)
    text = f"settled {settled}, credited {credited}"
    require(settled == [credit.payment_id for credit in credited], Invariant.MONEY_ONCE, text)
    _months_come_out(history, monthly, due)


def _of_aid(case_id: UUID) -> list[UUID]:
    """What the payments of a case's aid may be called."""
    return [aid_payment_id_of(case_id, number) for number in range(1, MOST_INSTALMENTS + 1)]


def _months_come_out(history: History, monthly: list[PaymentIntended], due: Due) -> None:
    differ = _differences(history)
    paid = {(p.case_id, p.month): (p.payee, p.amount_fen) for p in monthly}
    for case_id, month in sorted({*paid, *due, *differ}):
        key = case_id, month
        payee, due_fen = due.get(key, (None, 0))
        to, paid_fen = paid.get(key, (payee, 0))
        text = f"{case_id} {month}: paid {paid_fen}, differs by {differ[key]}, due {due_fen}"
        require(paid_fen + differ[key] == due_fen, Invariant.MONEY_ONCE, text)
        require(to == payee or not due_fen, Invariant.MONEY_ONCE, f"{key} was paid to {to}")


def _differences(history: History) -> dict[tuple[UUID, Month], int]:
    """What was last said of each month, in fen."""
    differ: dict[tuple[UUID, Month], int] = defaultdict(int)
    for document in history.events(PaidMonthsDiffer):
        event = document.data
        months = list(event.first_month.through(event.last_month))
        for month in months:
            differ[document.subject, month] = event.difference_fen // len(months)
    return differ


def months_were_listed_as_known(history: History) -> None:
    """A run lists what the entitlements said when it was approved: no difference without cause."""
    known: dict[UUID, Entitled] = {}
    kinds = EntitlementOpened, EntitlementPartSet, EntitlementEnded, RunPageReleased
    for document in history.events(*kinds):
        event = document.data
        if isinstance(event, RunPageReleased):
            for line in event.lines:
                fen = known[line.case_id].at(line.month)
                text = f"{line.case_id} {line.month}: listed {line.amount_fen}, known was {fen}"
                require(line.amount_fen == fen, Invariant.MONEY_ONCE, text)
            continue
        entitled = known.setdefault(document.subject, Entitled(document.subject))
        match event:
            case EntitlementOpened():
                entitled.since = event.from_month
                entitled.benefit.set(event.from_month, event.amount_fen)
            case EntitlementPartSet():
                care = event.part is EntitlementPart.CARE
                part = entitled.care if care else entitled.benefit
                part.set(event.from_month, event.amount_fen)
                if event.last_month is not None:
                    part.set(event.last_month.next(), 0)
            case EntitlementEnded():
                entitled.benefit.set(event.last_month.next(), 0)
                entitled.care.set(event.last_month.next(), 0)
