"""Events of payment: entitlements, monthly runs, and each payment from intent to account."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Due, Fields, FirstProgramme, Programme
from shared.kernel.event import Event
from shared.money import Fen

RUN_PAGE_LINES = 400
"""The most lines in one page of a run: a page stays far below the size limit of an event."""


class ReturnReason(StrEnum):
    """Why a payment could not be made: by the bank's word, or because no account is known."""

    NO_ACCOUNT = "no_account"
    ACCOUNT_CLOSED = "account_closed"
    NAME_MISMATCH = "name_mismatch"
    REJECTED = "rejected"


class EntitlementPart(StrEnum):
    """What a month's amount is made of: the benefit itself, and the care supplement of tekun."""

    BENEFIT = "benefit"
    CARE = "care"


class _Opening(Event):
    division: DivisionCode
    payee: UUID
    amount_fen: Fen
    from_month: Month


class EntitlementOpenedFirst(_Opening, service="payment", name="entitlement-opened"):
    """As ``EntitlementOpened``, of the first programmes."""

    programme: FirstProgramme


class EntitlementOpened(
    _Opening,
    service="payment",
    name="entitlement-opened",
    version=2,
    supersedes=EntitlementOpenedFirst,
):
    """A case is entitled to an amount a month, from a month on."""

    programme: Programme


class RosterEntryAdded(Event, service="payment", name="roster-entry-added"):
    """The division's roster of those to be paid gained a case."""

    case_id: UUID
    payee: UUID
    amount_fen: Fen
    from_month: Month


class RunLine(Fields):
    """What one case is to get for one month.

    ``payment_id`` follows from case and month alone, so that no two runs can name two payments
    for the same month.
    """

    payment_id: UUID
    case_id: UUID
    payee: UUID
    month: Month
    amount_fen: Fen


class _Preparation(Event):
    preparer: UUID
    division: DivisionCode
    month: Month
    run_id: UUID
    payments: int = Field(ge=0)
    total_fen: Fen
    pages: int = Field(ge=0)
    replaces: UUID | None = None


class RunPreparedFirst(_Preparation, service="payment", name="run-prepared"):
    """As ``RunPrepared``, of the first programmes."""

    programme: FirstProgramme


class RunPrepared(
    _Preparation,
    service="payment",
    name="run-prepared",
    version=2,
    supersedes=RunPreparedFirst,
):
    """A month's run of a township was prepared: its pages follow in the same stream.

    ``replaces`` is the earlier preparation that nobody had approved, if there was one.
    ``last_month`` is the last month that it takes up, where several are paid at once.
    """

    programme: Programme
    last_month: Month | None = None


class RunPageListed(Event, service="payment", name="run-page-listed"):
    """One page of a prepared run's lines."""

    run_id: UUID
    page: int = Field(ge=1)
    lines: Annotated[tuple[RunLine, ...], Field(max_length=RUN_PAGE_LINES)]


class _Approval(Event):
    approver: UUID
    division: DivisionCode
    month: Month
    run_id: UUID
    payments: int = Field(ge=0)
    total_fen: Fen


class RunApprovedFirst(_Approval, service="payment", name="run-approved"):
    """As ``RunApproved``, of the first programmes."""

    programme: FirstProgramme


class RunApproved(
    _Approval,
    service="payment",
    name="run-approved",
    version=2,
    supersedes=RunApprovedFirst,
):
    """Somebody other than its preparer approved the run; its pages are released beside."""

    programme: Programme


class RunPageReleased(Event, service="payment", name="run-page-released"):
    """One page of an approved run: from here on each of its lines is to be paid."""

    run_id: UUID
    page: int = Field(ge=1)
    lines: Annotated[tuple[RunLine, ...], Field(max_length=RUN_PAGE_LINES)]


class RosterMonthsListed(Event, service="payment", name="roster-months-listed"):
    """An approved run took up these cases through its month; no later run lists them again."""

    run_id: UUID
    month: Month
    cases: tuple[UUID, ...]


class PaymentIntended(Event, service="payment", name="payment-intended"):
    """A payment is to be made: recorded before anything leaves the house."""

    payment_id: UUID
    run_id: UUID
    case_id: UUID
    payee: UUID
    month: Month
    amount_fen: Fen


class PaymentSettled(Event, service="payment", name="payment-settled"):
    """The bank credited the account."""

    payment_id: UUID
    amount_fen: Fen
    bank_reference: UUID


class PaymentReturned(Event, service="payment", name="payment-returned"):
    """The money did not reach the payee, and is with the payer."""

    payment_id: UUID
    amount_fen: Fen
    reason: ReturnReason


class EntitlementPartSet(Event, service="payment", name="entitlement-part-set"):
    """One part of a case's amount counts from a month on, up to ``last_month`` if that is known.

    It takes the place of what was set for that part from that month on: after ``last_month``
    there is nothing of it.
    """

    part: EntitlementPart
    amount_fen: Fen
    from_month: Month
    last_month: Month | None = None


class EntitlementEnded(Event, service="payment", name="entitlement-ended"):
    """The case is over; ``last_month`` is the last one that is paid."""

    last_month: Month


class PaidMonthsDiffer(Event, service="payment", name="paid-months-differ"):
    """What an approved run has taken up differs from what is now known to be due.

    ``difference_fen`` is due less listed over these months: negative where too much was paid. It
    is the same in each of them, and takes the place of what was said of them before.
    """

    first_month: Month
    last_month: Month
    difference_fen: int = Field(ge=-9_999_999_999, le=9_999_999_999)


class RosterPartSet(Event, service="payment", name="roster-part-set"):
    """The roster's copy of a part of a case's amount."""

    case_id: UUID
    part: EntitlementPart
    amount_fen: Fen
    from_month: Month
    last_month: Month | None = None


class EntitlementPayeeSet(Event, service="payment", name="entitlement-payee-set"):
    """Somebody else of the household is paid from now on, whatever month it is for."""

    payee: UUID


class RosterPayeeSet(Event, service="payment", name="roster-payee-set"):
    """The roster's copy of who is paid for a case."""

    case_id: UUID
    payee: UUID


class FundReplenished(Event, service="payment", name="fund-replenished"):
    """A township's reserve fund received money; ``balance_fen`` is what it holds afterwards."""

    division: DivisionCode
    replenished_by: UUID
    amount_fen: Fen
    balance_fen: Fen


class FundAdvanced(Event, service="payment", name="fund-advanced"):
    """The reserve fund advances one case's aid."""

    case_id: UUID
    payment_id: UUID
    payee: UUID
    amount_fen: Fen
    balance_fen: Fen


class FundShort(Event, service="payment", name="fund-short"):
    """The fund holds too little for an aid: it is advanced once the fund is replenished."""

    case_id: UUID
    payment_id: UUID
    payee: UUID
    amount_fen: Fen
    balance_fen: Fen


class FundAdvanceSettled(Event, service="payment", name="fund-advance-settled"):
    """The aid was explained: its advance, once it is made, is written off against the fund."""

    case_id: UUID
    payment_id: UUID
    amount_fen: Fen


class FundAdvanceReturned(Event, service="payment", name="fund-advance-returned"):
    """The bank sent the money of an advance back: the fund holds it again."""

    case_id: UUID
    payment_id: UUID
    amount_fen: Fen
    balance_fen: Fen


class AidPaymentAwaitedFirst(Event, service="payment", name="aid-payment-awaited"):
    """As ``AidPaymentAwaited``, of an aid that is paid at once."""

    pay_by: Due


class AidPaymentAwaited(
    Event,
    service="payment",
    name="aid-payment-awaited",
    version=2,
    supersedes=AidPaymentAwaitedFirst,
):
    """An accepted emergency is to be paid by a date, if it is granted; or an instalment of an aid.

    ``payment_id`` names the payment of a later instalment; the first's follows from the case.
    """

    pay_by: Due
    payment_id: UUID | None = None


class AidPaymentIntended(Event, service="payment", name="aid-payment-intended"):
    """An aid is to be paid: recorded before anything leaves the house."""

    payment_id: UUID
    case_id: UUID
    payee: UUID
    amount_fen: Fen


class AidPaymentOverdueFirst(Event, service="payment", name="aid-payment-overdue"):
    """As ``AidPaymentOverdue``, of an aid that is paid at once."""

    due: Due


class AidPaymentOverdue(
    Event,
    service="payment",
    name="aid-payment-overdue",
    version=2,
    supersedes=AidPaymentOverdueFirst,
):
    """The date passed by which an aid's payment was to be settled, and it was not.

    ``payment_id`` as in ``AidPaymentAwaited``.
    """

    due: Due
    payment_id: UUID | None = None


class AidPaymentNotDue(Event, service="payment", name="aid-payment-not-due"):
    """The aid was refused, or is wholly in kind: nothing is to be paid."""
