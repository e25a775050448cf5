"""What intake, decision, care and payment itself make payment do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from services.payment import decisions
from services.payment.decisions import (
    AdvanceAid,
    AwaitAid,
    DeclineAid,
    EndEntitlement,
    IntendAid,
    IntendPayments,
    OpenEntitlement,
    ReturnAdvance,
    SetMonths,
    SetPart,
    SetPayee,
    SettleAdvances,
)
from services.payment.model import (
    MONTHLY_PROGRAMMES,
    aid_payment_id_of,
    entitlement_of,
    fund_of,
    payment_of,
    payment_of_aid,
    roster_of,
)
from services.payment.rules import paying_division
from shared.contracts.aid import (
    MOST_INSTALMENTS,
    AidExplained,
    AidGranted,
    AidInstalmentReleased,
    AidRefused,
    AidTier,
)
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated
from shared.contracts.care import CareAmountRedetermined, SelfCareAssessed
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    HouseholdChanged,
    PhaseOutStarted,
)
from shared.contracts.coming_of_age import PayeeMoved
from shared.contracts.decision import CaseConfirmed, CaseEnded
from shared.contracts.intake import EmergencyAccepted
from shared.contracts.payment import (
    EntitlementPart,
    FundAdvanced,
    PaymentReturned,
    RunPageReleased,
)
from shared.contracts.standards import AmountRedetermined
from shared.kernel.decider import Stream
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
    yield reaction("open-entitlement", document, reads, decisions.open_entitlement, command)


def on_amount_changed(
    document: Document[AmountChanged] | Document[AmountRedetermined],
) -> Iterable[Submission]:
    """Another amount is due from a month on, by a change or by another standard; or in some past
    months alone.
    """
    changed = document.data
    reads = _of_case(document)
    if isinstance(changed, AmountRedetermined) and changed.last_month is not None:
        of_months = SetMonths(
            case_id=document.subject,
            part=EntitlementPart.BENEFIT,
            amount_fen=changed.amount_fen,
            first_month=changed.from_month,
            last_month=changed.last_month,
        )
        yield reaction("set-months", document, reads, decisions.set_months, of_months)
        return
    command = SetPart(
        case_id=document.subject,
        part=EntitlementPart.BENEFIT,
        amount_fen=changed.amount_fen,
        from_month=changed.from_month,
    )
    yield reaction("set-part", document, reads, decisions.set_part, command)


def on_phase_out_started(document: Document[PhaseOutStarted]) -> Iterable[Submission]:
    """The phase-out's amount is due in its months, and nothing after them."""
    started = document.data
    command = SetPart(
        case_id=document.subject,
        part=EntitlementPart.BENEFIT,
        amount_fen=started.amount_fen,
        from_month=started.first_month,
        last_month=started.last_month,
    )
    yield reaction("set-part", document, _of_case(document), decisions.set_part, command)


def on_benefit_stopped(document: Document[BenefitStopped]) -> Iterable[Submission]:
    """No benefit is due after the last month."""
    command = SetPart(
        case_id=document.subject,
        part=EntitlementPart.BENEFIT,
        amount_fen=0,
        from_month=document.data.last_month.next(),
    )
    yield reaction("set-part", document, _of_case(document), decisions.set_part, command)


def on_self_care_assessed(
    document: Document[SelfCareAssessed] | Document[CareAmountRedetermined],
) -> Iterable[Submission]:
    """The care supplement follows from the level, whether the case is heard of yet or not, and
    from the standard of it.
    """
    assessed = document.data
    command = SetPart(
        case_id=document.subject,
        part=EntitlementPart.CARE,
        amount_fen=assessed.care_fen,
        from_month=assessed.from_month,
    )
    yield reaction("set-part", document, _of_case(document), decisions.set_part, command)


def on_payee_named(
    document: Document[HouseholdChanged]
    | Document[HouseholdReinstated]
    | Document[DecisionRevoked]
    | Document[PayeeMoved],
) -> Iterable[Submission]:
    """Who is paid now: who was has left the household, is of it again, or came of age."""
    payee = document.data.payee
    if payee is not None:
        command = SetPayee(case_id=document.subject, payee=payee)
        yield reaction("set-payee", document, _of_case(document), decisions.set_payee, command)


def on_case_ended(document: Document[CaseEnded]) -> Iterable[Submission]:
    """A case that was paid by the month is paid no month after its last."""
    last_month = document.data.last_month
    if last_month is not None:
        command = EndEntitlement(case_id=document.subject, last_month=last_month)
        reads = _of_case(document)
        yield reaction("end-entitlement", document, reads, decisions.end_entitlement, command)


def _of_case(document: Document[Any]) -> tuple[Stream, ...]:
    """A case's entitlement and the rosters that it may be on, by the region that handles it."""
    township = paying_division(document.region)
    rosters = (roster_of(programme, township) for programme in MONTHLY_PROGRAMMES)
    return (entitlement_of(document.subject), *rosters)


def on_run_page_released(document: Document[RunPageReleased]) -> Iterable[Submission]:
    """Each line of a released page becomes a payment's intent."""
    page = document.data
    command = IntendPayments(run_id=page.run_id, lines=page.lines)
    reads = tuple(payment_of(line.case_id, line.month) for line in page.lines)
    yield reaction("intend-payments", document, reads, decisions.intend_payments, command)


def on_emergency_accepted(document: Document[EmergencyAccepted]) -> Iterable[Submission]:
    """An accepted emergency is to be paid by a date, if it is granted."""
    command = AwaitAid(pay_by=document.data.pay_by)
    reads = (payment_of_aid(document.subject),)
    yield reaction("await-aid", document, reads, decisions.await_aid, command)


def on_aid_granted(document: Document[AidGranted]) -> Iterable[Submission]:
    """What is paid at once of a granted aid; nothing, where it is wholly in kind."""
    granted = document.data
    if granted.first_fen == 0:
        reads = (payment_of_aid(document.subject),)
        yield reaction("decline-aid", document, reads, decisions.decline_aid, DeclineAid())
        return
    yield from _paying(document, granted.payee, granted.first_fen, number=1)


def on_instalment_released(document: Document[AidInstalmentReleased]) -> Iterable[Submission]:
    """A later instalment has its own payment, out of the same purse as the first."""
    released = document.data
    yield from _paying(document, released.payee, released.amount_fen, number=released.number)


def _paying(
    document: Document[AidGranted] | Document[AidInstalmentReleased],
    payee: UUID,
    amount_fen: int,
    *,
    number: int,
) -> Iterable[Submission]:
    """The township's aid comes out of its reserve fund; the county's is paid as it is."""
    said, case_id = document.data, document.subject
    payment_id = aid_payment_id_of(case_id, number)
    payment = (payment_of_aid(case_id, payment_id),)
    awaited = AwaitAid(pay_by=said.pay_by, payment_id=None if number == 1 else payment_id)
    yield reaction("await-aid", document, payment, decisions.await_aid, awaited)
    aid: dict[str, Any] = {
        "payment_id": payment_id,
        "case_id": case_id,
        "payee": payee,
        "amount_fen": amount_fen,
    }
    if said.tier is AidTier.TOWNSHIP:
        fund = (fund_of(paying_division(said.division)),)
        command = AdvanceAid(**aid)
        yield reaction("advance-aid", document, fund, decisions.advance_aid, command)
    else:
        yield reaction("intend-aid", document, payment, decisions.intend_aid, IntendAid(**aid))


def on_aid_refused(document: Document[AidRefused]) -> Iterable[Submission]:
    """Nothing is to be paid of an aid that was refused."""
    reads = (payment_of_aid(document.subject),)
    yield reaction("decline-aid", document, reads, decisions.decline_aid, DeclineAid())


def on_aid_explained(document: Document[AidExplained]) -> Iterable[Submission]:
    """The fund's advances, if the aid came out of it, are explained."""
    command = SettleAdvances(case_id=document.subject)
    reads = (fund_of(paying_division(document.region)),)
    yield reaction("settle-advance", document, reads, decisions.settle_advances, command)


def on_fund_advanced(document: Document[FundAdvanced]) -> Iterable[Submission]:
    """What the fund advances is to be paid."""
    advanced = document.data
    command = IntendAid(
        payment_id=advanced.payment_id,
        case_id=advanced.case_id,
        payee=advanced.payee,
        amount_fen=advanced.amount_fen,
    )
    reads = (payment_of_aid(advanced.case_id, advanced.payment_id),)
    yield reaction("intend-aid", document, reads, decisions.intend_aid, command)


def on_payment_returned(document: Document[PaymentReturned]) -> Iterable[Submission]:
    """An aid's money that comes back is in the fund again, if it came out of it."""
    payment_id = document.data.payment_id
    numbers = range(1, MOST_INSTALMENTS + 1)
    if payment_id in (aid_payment_id_of(document.subject, number) for number in numbers):
        command = ReturnAdvance(payment_id=payment_id)
        reads = (fund_of(paying_division(document.region)),)
        yield reaction("return-advance", document, reads, decisions.return_advance, command)


FOREIGN: Final[Mapping[type[Event], Iterable[React]]] = {
    CaseConfirmed: (on_case_confirmed,),
    AmountChanged: (on_amount_changed,),
    AmountRedetermined: (on_amount_changed,),
    PhaseOutStarted: (on_phase_out_started,),
    BenefitStopped: (on_benefit_stopped,),
    HouseholdChanged: (on_payee_named,),
    HouseholdReinstated: (on_payee_named,),
    DecisionRevoked: (on_payee_named,),
    PayeeMoved: (on_payee_named,),
    CaseEnded: (on_case_ended,),
    SelfCareAssessed: (on_self_care_assessed,),
    CareAmountRedetermined: (on_self_care_assessed,),
    EmergencyAccepted: (on_emergency_accepted,),
    AidGranted: (on_aid_granted,),
    AidInstalmentReleased: (on_instalment_released,),
    AidRefused: (on_aid_refused,),
    AidExplained: (on_aid_explained,),
}
OWN: Final[Mapping[type[Event], Iterable[React]]] = {
    RunPageReleased: (on_run_page_released,),
    FundAdvanced: (on_fund_advanced,),
    PaymentReturned: (on_payment_returned,),
}
