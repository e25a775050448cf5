"""Decisions on money obtained by fraud: found by one, fined by another, and the fine paid."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.payment import rules
from services.payment.decisions.command import Command
from services.payment.decisions.paydays import regimes_of
from services.payment.model import Entitlement, Fraud, Payment, PaymentStage
from shared.calendar import Month
from shared.contracts.fields import NoteRef
from shared.contracts.fraud import FraudFineImposed, FraudFinePaid, FraudFound
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class FindFraud(Command):
    """Months were overpaid because somebody deceived the county, through ``until_on``."""

    finding_id: UUID
    finder: UUID
    person_id: UUID
    first_month: Month
    last_month: Month
    until_on: date
    grounds: NoteRef


class ImposeFine(Command):
    """A fine of ``amount_fen`` for a finding."""

    finding_id: UUID
    fine_id: UUID
    imposer: UUID
    amount_fen: int
    grounds: NoteRef


class RecordFinePaid(Command):
    """The fine of a finding was paid in full on a day."""

    finding_id: UUID
    paid_on: date


def find_fraud(entitlement: Entitlement, *rest: Any) -> Decision:
    """Record that overpaid months were obtained by fraud, and what they brought.

    Called with the payments of the months in order, as far as ``months_of_finding`` reaches, the
    command and the moment. Only what runs took up beyond what is due, and what reached the payee,
    was obtained. Refuses months of another finding, and a deed that ended before anything could
    be obtained of them or has not ended yet.
    """
    *payments, command, at = rest
    opened = entitlement.opened
    if opened is None:
        raise Refusal("entitlement-not-open")
    first, last = command.first_month, command.last_month
    rules.require_months(first, last)
    earliest = rules.first_day_of_obtaining(first)
    rules.require_day("fraud-day-impossible", command.until_on, earliest, at.date)
    if any(fraud.covers(first, last) for fraud in entitlement.frauds):
        raise Refusal("fraud-found-already")
    months = rules.months_of_finding(first, last)
    obtained_fen = rules.obtained_fen(
        [
            (entitlement.differences.at(month), _reached(payment))
            for month, payment in zip(months, payments, strict=True)
        ]
    )
    if obtained_fen == 0:
        facts: dict[str, int | str] = {"first_month": str(first), "last_month": str(last)}
        raise Refusal("nothing-obtained", facts=facts)
    return [
        FraudFound(
            finding_id=command.finding_id,
            finder=command.finder,
            person_id=command.person_id,
            programme=opened.programme,
            division=opened.division,
            first_month=first,
            last_month=last,
            until_on=command.until_on,
            obtained_fen=obtained_fen,
            grounds=command.grounds,
        )
    ]


def impose_fine(entitlement: Entitlement, command: ImposeFine, at: Moment) -> Decision:
    """Fine for a finding, once, by the law that counts for the deed and by other hands.

    The law is of the last day of the deed, unless today's is milder. Nothing of it touches what
    is due or paid. Source: 国务院令第649号, art. 68; 社会救助法, art. 73.
    """
    fraud = _finding(entitlement, command.finding_id)
    if fraud.fine is not None:
        raise Refusal("fined-already")
    found = fraud.found
    rules.require_other_hands(found.finder, command.imposer)
    regimes = regimes_of(found.division, found.programme, at)
    law = rules.law_of_fine(found.until_on, at.date, regimes)
    lowest, highest = limits = rules.fine_limits_fen(found.obtained_fen, law)
    rules.require_fine_within(command.amount_fen, limits, law)
    imposed = FraudFineImposed(
        finding_id=command.finding_id,
        fine_id=command.fine_id,
        imposer=command.imposer,
        imposed_on=at.date,
        amount_fen=command.amount_fen,
        minimum_fen=lowest,
        maximum_fen=highest,
        law_of=law.on,
        parameters=rules.fine_parameters(law),
        grounds=command.grounds,
    )
    return [Fact(imposed, policy=law.version)]


def record_fine_paid(entitlement: Entitlement, command: RecordFinePaid, at: Moment) -> Decision:
    """Record that a fine was paid, once, on a day since it was imposed."""
    fraud = _finding(entitlement, command.finding_id)
    if fraud.fine is None:
        raise Refusal("not-fined")
    if fraud.paid is not None:
        raise Refusal("fine-paid", facts={"paid_on": fraud.paid.paid_on.isoformat()})
    imposed_on = fraud.fine.imposed_on
    rules.require_day("fine-day-impossible", command.paid_on, imposed_on, at.date)
    return [
        FraudFinePaid(
            finding_id=command.finding_id,
            fine_id=fraud.fine.fine_id,
            paid_on=command.paid_on,
            amount_fen=fraud.fine.amount_fen,
        )
    ]


def _finding(entitlement: Entitlement, finding_id: UUID) -> Fraud:
    found = (one for one in entitlement.frauds if one.found.finding_id == finding_id)
    fraud = next(found, None)
    if fraud is None:
        raise Refusal("no-such-finding", status=404)
    return fraud


def _reached(payment: Payment) -> int:
    """What of a month reached the payee, in fen."""
    if payment.stage is not PaymentStage.SETTLED or payment.intended is None:
        return 0
    return payment.intended.amount_fen
