"""Events of payment on money obtained by fraud, and the fine for it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, NoteRef, ParameterUsed, Programme
from shared.kernel.event import Event
from shared.money import TotalFen


class FraudFound(Event, service="payment", name="fraud-found"):
    """The county found that months were overpaid because somebody deceived it (骗取).

    ``until_on`` is the last day on which that went on. ``obtained_fen`` is what reached the payee
    in these months beyond what was due.
    """

    finding_id: UUID
    finder: UUID
    person_id: UUID
    programme: Programme
    division: DivisionCode
    first_month: Month
    last_month: Month
    until_on: date
    obtained_fen: TotalFen
    grounds: NoteRef


class FraudFineImposed(Event, service="payment", name="fraud-fine-imposed"):
    """A fine for it, within what the law of ``law_of`` allows for the amount obtained.

    It is owed beside the money itself, and never kept back from what is paid.
    """

    finding_id: UUID
    fine_id: UUID
    imposer: UUID
    imposed_on: date
    amount_fen: TotalFen
    minimum_fen: TotalFen
    maximum_fen: TotalFen
    law_of: date
    parameters: tuple[ParameterUsed, ...]
    grounds: NoteRef


class FraudFinePaid(Event, service="payment", name="fraud-fine-paid"):
    """The fine was paid, in full, on a day."""

    finding_id: UUID
    fine_id: UUID
    paid_on: date
    amount_fen: TotalFen
