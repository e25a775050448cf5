"""Money: what the bank credited, what the reserve funds hold, and which months were paid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.payment.model import aid_payment_id_of
from services.payment.rules import paying_division
from shared.calendar import Month
from shared.contracts.aid import AidGranted, AidInstalmentReleased, AidTier
from shared.contracts.changes import AmountChanged, BenefitStopped, PhaseOutStarted
from shared.contracts.decision import CaseEnded
from shared.contracts.payment import (
    AidPaymentIntended,
    EntitlementEnded,
    EntitlementOpened,
    EntitlementPart,
    EntitlementPartSet,
    FundAdvanced,
    FundAdvanceReturned,
    FundReplenished,
    FundShort,
    PaymentIntended,
    PaymentReturned,
    PaymentSettled,
    RunApproved,
)
from shared.kernel.event import Event
from tests.faults.reconcile.logs import Log


def of_bank(log: Log, ledger: list[dict[str, Any]]) -> Iterator[str]:
    """The bank credited what was settled, each once."""
    settled = {str(one.payment_id): one.amount_fen for one in log.events(PaymentSettled)}
    credited = {line["payment_id"]: line["amount_fen"] for line in ledger}
    if settled != credited:
        yield f"settled {settled}, but the bank credited {credited}"


def of_funds(log: Log) -> Iterator[str]:
    """A fund holds what was put in, less what was advanced, plus what came back; never less."""
    balances: dict[UUID, int] = defaultdict(int)
    for document in log.documents:
        event = document.data
        match event:
            case FundReplenished() | FundAdvanceReturned():
                balances[document.stream] += event.amount_fen
            case FundAdvanced():
                balances[document.stream] -= event.amount_fen
            case FundShort():
                pass
            case _:
                continue
        balance_fen = balances[document.stream]
        fund = f"the reserve fund {document.stream}"
        if event.balance_fen != balance_fen:
            yield f"{fund} is said to hold {event.balance_fen}, what befell it makes {balance_fen}"
        if balance_fen < 0:
            yield f"{fund} was overdrawn: {balance_fen}"


def of_aid(logs: Mapping[str, Log]) -> Iterator[str]:
    """Each stage of a granted aid has one payment: a township's out of one advance, a county's
    without.
    """
    payment = logs["payment"]
    advanced = Counter(one.payment_id for one in payment.events(FundAdvanced))
    intended = {one.payment_id: one for one in payment.events(AidPaymentIntended)}
    times = Counter(one.payment_id for one in payment.events(AidPaymentIntended))
    for advance in payment.events(FundAdvanced):
        of = f"the advance {advance.payment_id}"
        if advanced[advance.payment_id] != 1:
            yield f"{of} was made {advanced[advance.payment_id]} times"
        if times[advance.payment_id] != 1:
            yield f"{of} has {times[advance.payment_id]} payments"
            continue
        paid = intended[advance.payment_id]
        if (paid.case_id, paid.payee, paid.amount_fen) != (
            *(advance.case_id, advance.payee, advance.amount_fen),
        ):
            yield f"{of} is paid otherwise than it was made"
    due = _granted(logs["decision"])
    for paid in intended.values():
        tier, fen = due.get(paid.payment_id, (None, None))
        if fen != paid.amount_fen:
            yield f"the aid payment {paid.payment_id} is not what was granted"
        elif (tier is AidTier.TOWNSHIP) != (paid.payment_id in advanced):
            yield f"the aid payment {paid.payment_id} came out of the wrong purse"
    waiting = {one.payment_id for one in payment.events(FundShort)}
    unpaid = due.keys() - intended.keys() - waiting
    if unpaid:
        yield f"granted and never to be paid: {sorted(unpaid)}"
    sent_back = Counter(
        one.payment_id for one in payment.events(PaymentReturned) if one.payment_id in advanced
    )
    back = Counter(one.payment_id for one in payment.events(FundAdvanceReturned))
    if sent_back != back:
        yield f"the bank sent back {dict(sent_back)}, the funds have back {dict(back)}"


def _granted(log: Log) -> dict[UUID, tuple[AidTier, int]]:
    """What is to be paid of granted aids by now, by payment: each stage, and out of which purse."""
    due: dict[UUID, tuple[AidTier, int]] = {}
    for document in log.documents:
        event = document.data
        match event:
            case AidGranted() if event.first_fen:
                due[aid_payment_id_of(document.subject)] = event.tier, event.first_fen
            case AidInstalmentReleased():
                payment_id = aid_payment_id_of(document.subject, event.number)
                due[payment_id] = event.tier, event.amount_fen
    return due


def of_months(log: Log) -> Iterator[str]:
    """Each case is paid the months of its entitlement that runs have come to, each once."""
    histories: dict[UUID, list[Event]] = defaultdict(list)
    due: dict[UUID, dict[Month, int]] = defaultdict(dict)
    paid: dict[UUID, dict[Month, int]] = defaultdict(dict)
    for document in log.documents:
        event = document.data
        match event:
            case EntitlementOpened() | EntitlementPartSet() | EntitlementEnded():
                histories[document.subject].append(event)
            case RunApproved():
                for case_id, history in histories.items():
                    _take_up(history, event, due[case_id])
            case PaymentIntended():
                if event.month in paid[event.case_id]:
                    yield f"intended twice: {event.case_id} for {event.month}"
                paid[event.case_id][event.month] = event.amount_fen
    for case_id in due.keys() | paid.keys():
        if due[case_id] != paid[case_id]:
            wrong = {
                str(month): (due[case_id].get(month), paid[case_id].get(month))
                for month in sorted(due[case_id].keys() | paid[case_id].keys())
                if due[case_id].get(month) != paid[case_id].get(month)
            }
            yield f"case {case_id}: entitled to and paid differ: {wrong}"


def _take_up(history: Sequence[Event], run: RunApproved, taken: dict[Month, int]) -> None:
    """What an approved run adds to the months that a case is to be paid."""
    opened = next((event for event in history if isinstance(event, EntitlementOpened)), None)
    if opened is None or opened.from_month > run.month:
        return
    if (opened.programme, paying_division(opened.division)) != (run.programme, run.division):
        return
    for month in opened.from_month.through(run.month):
        amount_fen = _due_in(month, history)
        if amount_fen and month not in taken:
            taken[month] = amount_fen


def _due_in(month: Month, history: Sequence[Event]) -> int:
    """What a case is due in a month: the later word counts from its month on."""
    entitled = False
    parts = dict.fromkeys(EntitlementPart, 0)
    for event in history:
        match event:
            case EntitlementOpened() if event.from_month <= month:
                entitled = True
                parts[EntitlementPart.BENEFIT] = event.amount_fen
            case EntitlementPartSet() if event.from_month <= month:
                over = event.last_month is not None and event.last_month < month
                parts[event.part] = 0 if over else event.amount_fen
            case EntitlementEnded() if event.last_month < month:
                entitled = False
    return sum(parts.values()) if entitled else 0


def of_endings(logs: Mapping[str, Log], today: date) -> Iterator[str]:
    """A case that is phased out or stopped ends once its last month is over, and is paid no more.

    By the decisions themselves, whatever payment has made of them.
    """
    last: dict[UUID, Month] = {}
    ended: Counter[UUID] = Counter()
    for document in logs["decision"].documents:
        event = document.data
        match event:
            case PhaseOutStarted() | BenefitStopped():
                last[document.subject] = event.last_month
            case AmountChanged():
                last.pop(document.subject, None)
            case CaseEnded(last_month=Month() as month):
                ended[document.subject] += 1
                if last.get(document.subject) != month:
                    yield f"case {document.subject} ended with {month}, which nobody decided"
    for case_id, month in last.items():
        times = int(month.last_day < today)
        if ended[case_id] != times:
            yield f"case {case_id} ended {ended[case_id]} times after its last month {month}"
    for payment in logs["payment"].events(PaymentIntended):
        if payment.case_id in last and payment.month > last[payment.case_id]:
            yield f"case {payment.case_id}: {payment.month} is paid, the last month is over"
