"""What events make payment do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.payment.decisions import (
    IntendPayments,
    OpenEntitlement,
    intend_payments,
    open_entitlement,
)
from services.payment.model import entitlement_of, payment_of, roster_of
from services.payment.rules import paying_division
from shared.contracts.decision import CaseConfirmed
from shared.contracts.payment import RunPageReleased
from shared.kernel.event import Document, Event
from shared.kernel.reactions import React
from shared.kernel.submission import Submission, reaction


def on_case_confirmed(document: Document[CaseConfirmed]) -> Iterable[Submission]:
    """A confirmed case is entitled from its first month."""
    confirmed = document.data
    case_id = document.subject
    command = OpenEntitlement(
        case_id=case_id,
        programme=confirmed.programme,
        division=confirmed.division,
        payee=confirmed.payee,
        amount_fen=confirmed.amount_fen,
        from_month=confirmed.pay_from,
    )
    township = paying_division(confirmed.division)
    reads = (entitlement_of(case_id), roster_of(confirmed.programme, township))
    yield reaction("open-entitlement", document, reads, open_entitlement, command)


def on_run_page_released(document: Document[RunPageReleased]) -> Iterable[Submission]:
    """Each line of a released page becomes a payment's intent."""
    page = document.data
    command = IntendPayments(run_id=page.run_id, lines=page.lines)
    reads = tuple(payment_of(line.case_id, line.month) for line in page.lines)
    yield reaction("intend-payments", document, reads, intend_payments, command)


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {CaseConfirmed: (on_case_confirmed,)}
OWN: Final[Mapping[type[Event], Iterable[React]]] = {RunPageReleased: (on_run_page_released,)}
