"""Events of payment on the days by which a township's months are to be paid."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Programme
from shared.kernel.event import Event
from shared.money import TotalFen


class _Payday(Event):
    programme: Programme
    division: DivisionCode
    month: Month


class PaydaySet(_Payday, service="payment", name="payday-set"):
    """By ``due_on`` an approved run is to have taken up what a township has due through a month.

    ``last_month`` is the last of the months that are paid at once, where it is not ``month``.
    """

    due_on: date
    last_month: Month | None = None


class PaydayMissed(_Payday, service="payment", name="payday-missed"):
    """The day passed, and of what was due no approved run had taken up these payments."""

    due_on: date
    payments: int = Field(ge=1)
    total_fen: TotalFen


class PaydayMet(_Payday, service="payment", name="payday-met"):
    """Approved runs have taken up everything that was due through the months, ``run_id`` the last
    of it; without one, nothing was due any more.
    """

    run_id: UUID | None = None
