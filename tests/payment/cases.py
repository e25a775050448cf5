"""Rosters and runs for payment's specs: a township in Fujian and the cases it pays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from services.payment.model import PAYMENT, ROSTER, RUN
from services.payment.rules import payment_id_of
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.payment import (
    PaymentIntended,
    RosterEntryAdded,
    RosterMonthsListed,
    RunApproved,
    RunLine,
    RunPageListed,
    RunPrepared,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec

TOWNSHIP = "350924100000"
VILLAGE = "350924100206"
APRIL, MAY, JUNE, JULY = (Month(2020, month) for month in (4, 5, 6, 7))
IN_MAY, IN_JUNE = date(2020, 5, 8), date(2020, 6, 8)
PREPARER, APPROVER = uuid5(HOUSE, "tests/preparer"), uuid5(HOUSE, "tests/payment approver")


def case(number: int) -> UUID:
    """A case; in the order of their ids, which runs keep to."""
    return UUID(int=number)


def payee(number: int) -> UUID:
    """Who is paid for it."""
    return uuid5(case(number), "payee")


def run_id(name: str = "run") -> UUID:
    """A preparation's id."""
    return uuid5(HOUSE, f"tests/{name}")


def entry(number: int, from_month: Month = MAY, amount_fen: int = 200_00) -> RosterEntryAdded:
    """A case enters the roster."""
    return RosterEntryAdded(
        case_id=case(number), payee=payee(number), amount_fen=amount_fen, from_month=from_month
    )


def listed(month: Month, *numbers: int) -> RosterMonthsListed:
    """An approved run took up these cases through its month."""
    cases = tuple(case(number) for number in numbers)
    return RosterMonthsListed(run_id=run_id(), month=month, cases=cases)


def roster(*events: Event) -> tuple[Event, ...]:
    """What happened to a township's roster."""
    return events


def line(number: int, month: Month = MAY, amount_fen: int = 200_00) -> RunLine:
    """A case's line for a month."""
    return RunLine(
        payment_id=payment_id_of(case(number), month),
        case_id=case(number),
        payee=payee(number),
        month=month,
        amount_fen=amount_fen,
    )


def prepared(*lines: RunLine, month: Month = MAY, **changed: Any) -> RunPrepared:
    """A run of these lines, on one page, was prepared."""
    stated: dict[str, Any] = {
        "preparer": PREPARER,
        "programme": Programme.DIBAO,
        "division": TOWNSHIP,
        "month": month,
        "run_id": run_id(),
        "payments": len(lines),
        "total_fen": sum(one.amount_fen for one in lines),
        "pages": 1,
    }
    return RunPrepared(**(stated | changed))


def page(*lines: RunLine, name: str = "run") -> RunPageListed:
    """The one page of a run."""
    return RunPageListed(run_id=run_id(name), page=1, lines=lines)


def approved(*lines: RunLine, month: Month = MAY) -> RunApproved:
    """A run of these lines was approved."""
    return RunApproved(
        approver=APPROVER,
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        month=month,
        run_id=run_id(),
        payments=len(lines),
        total_fen=sum(one.amount_fen for one in lines),
    )


def intended(number: int = 1, month: Month = MAY) -> PaymentIntended:
    """A payment is to be made."""
    one = line(number, month)
    return PaymentIntended(run_id=run_id(), **dict(one))


def run(*events: Event, roster: Sequence[Event] = (), on: date = IN_MAY) -> Given:
    """A run to which this has happened, beside a roster, on a day."""
    return spec(RUN, on=on).given(*events).beside(ROSTER, *roster)


def payment(*events: Event, on: date = IN_MAY) -> Given:
    """A payment to which this has happened."""
    return spec(PAYMENT, on=on).given(*events)
