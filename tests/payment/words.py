"""What decision, care and intake say of a case, for payment to hear; and its aid's payment."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from services.payment.decisions import IntendAid, Return, Settle
from services.payment.model import aid_payment_id_of
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.aid import AidExplained, AidGranted, AidRefusalReason, AidRefused, AidTier
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.care import CareIndicator, SelfCareAssessed
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    HouseholdChangeCause,
    HouseholdChanged,
    PhaseOutStarted,
    StopReason,
)
from shared.contracts.decision import CaseConfirmed, CaseEnded, EndReason
from shared.contracts.fields import (
    AidCause,
    AidKind,
    AidPlace,
    AidRequest,
    CareLevel,
    Due,
    NoteRef,
    Programme,
)
from shared.contracts.intake import EmergencyAccepted, Material
from shared.contracts.notices import NoticeSubject
from shared.contracts.payment import (
    AidPaymentAwaited,
    AidPaymentIntended,
    AidPaymentOverdue,
    PaidMonthsDiffer,
    PaymentReturned,
    PaymentSettled,
    ReturnReason,
)
from shared.contracts.standards import AmountRedetermined
from shared.kernel.decider import HOUSE
from shared.kernel.event import Document, Event
from tests.payment.cases import MAY, TOWNSHIP, case, payee
from tests.payment.office import said

CHANGED_ON = date(2020, 5, 18)
ACCEPTED_ON, PAY_BY, DAY_AFTER = date(2020, 3, 31), date(2020, 4, 8), date(2020, 4, 9)
BY: Final = Due(on=PAY_BY, calendar=CALENDAR_VERSION)
NOTE: Final = NoteRef(note_id=uuid5(HOUSE, "tests/note"), digest="0a" * 32)
REFERENCE: Final = uuid5(HOUSE, "tests/reference")
AID: Final = aid_payment_id_of(case(1))

AWAITED: Final = AidPaymentAwaited(pay_by=BY)
OVERDUE: Final = AidPaymentOverdue(due=BY)
SETTLED: Final = PaymentSettled(payment_id=AID, amount_fen=800_00, bank_reference=REFERENCE)
RETURNED: Final = PaymentReturned(
    payment_id=AID, amount_fen=800_00, reason=ReturnReason.ACCOUNT_CLOSED
)
PAID: Final = Settle(bank_reference=REFERENCE)
BACK: Final = Return(reason=ReturnReason.ACCOUNT_CLOSED)


def differ(first: Month, last: Month, difference_fen: int) -> PaidMonthsDiffer:
    """Months taken up differ, by so much in all."""
    return PaidMonthsDiffer(first_month=first, last_month=last, difference_fen=difference_fen)


def intended(amount_fen: int = 800_00, number: int = 1) -> AidPaymentIntended:
    return AidPaymentIntended(
        payment_id=aid_payment_id_of(case(number)),
        case_id=case(number),
        payee=payee(number),
        amount_fen=amount_fen,
    )


def intending(amount_fen: int = 800_00) -> IntendAid:
    return IntendAid(payment_id=AID, case_id=case(1), payee=payee(1), amount_fen=amount_fen)


def accepted(division: str = TOWNSHIP) -> EmergencyAccepted:
    return EmergencyAccepted(
        programme=Programme.TEMPORARY_ASSISTANCE,
        division=division,
        applicant=payee(1),
        members=(),
        aid=AidRequest(
            kind=AidKind.EMERGENCY,
            cause=AidCause.EPIDEMIC,
            place=AidPlace.HOUSEHOLD_REGISTRATION,
            requested_fen=800_00,
        ),
        pay_by=BY,
    )


def granted(
    amount_fen: int = 800_00,
    tier: AidTier = AidTier.TOWNSHIP,
    division: str = TOWNSHIP,
    number: int = 1,
) -> AidGranted:
    return AidGranted(
        granter=uuid5(HOUSE, "tests/granter"),
        tier=tier,
        division=division,
        payee=payee(number),
        amount_fen=amount_fen,
        pay_by=BY,
        explanation_due=Due(on=date(2020, 4, 30), calendar=CALENDAR_VERSION),
        parameters=(),
    )


EXPLAINED: Final = AidExplained(
    explained_by=uuid5(HOUSE, "tests/explainer"),
    materials=(Material.MEDICAL_RECORD,),
    findings=NOTE,
)
REFUSED: Final = AidRefused(
    decider=uuid5(HOUSE, "tests/granter"),
    reason=AidRefusalReason.NO_EMERGENCY,
    explanation=NOTE,
)


REDETERMINED: Final[dict[str, Any]] = {
    "change_id": uuid5(HOUSE, "tests/change"),
    "decider": uuid5(HOUSE, "tests/decider"),
    "persons": 4,
    "standard_fen": 600_00,
    "counted_income_fen": 2_600_00,
    "parameters": (),
}


def household_changed(paid_to: UUID | None) -> HouseholdChanged:
    """The payee died; somebody else of the household is paid."""
    return HouseholdChanged(
        change_id=REDETERMINED["change_id"],
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        cause=HouseholdChangeCause.DEATH,
        happened_on=CHANGED_ON,
        members=(),
        left=(payee(1),),
        joined=(),
        payee=paid_to,
        from_month=MAY.next(),
    )


def revoked(paid_to: UUID) -> DecisionRevoked:
    """A decision fell, and who was paid before it is paid again."""
    return DecisionRevoked(
        appeal_id=uuid5(HOUSE, "tests/appeal"),
        restorer=uuid5(HOUSE, "tests/restorer"),
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        subject=NoticeSubject.STOP,
        change_id=REDETERMINED["change_id"],
        redo=False,
        from_month=MAY.next(),
        payee=paid_to,
    )


def confirmed(
    from_month: Month = MAY, programme: Programme = Programme.DIBAO, amount_fen: int = 200_00
) -> CaseConfirmed:
    return CaseConfirmed(
        programme=programme,
        division=TOWNSHIP,
        payee=payee(1),
        members=(),
        amount_fen=amount_fen,
        pay_from=from_month,
    )


def phased_out(first: Month, last: Month, amount_fen: int = 200_00) -> PhaseOutStarted:
    return PhaseOutStarted(
        **REDETERMINED, amount_fen=amount_fen, first_month=first, last_month=last
    )


def changed(from_month: Month, amount_fen: int) -> AmountChanged:
    return AmountChanged(**REDETERMINED, amount_fen=amount_fen, from_month=from_month)


def by_another_standard(from_month: Month, amount_fen: int) -> AmountRedetermined:
    return AmountRedetermined(
        standard_id=uuid5(HOUSE, "tests/standard"),
        persons=4,
        counted_income_fen=2_200_00,
        standard_before_fen=600_00,
        standard_fen=650_00,
        amount_before_fen=200_00,
        amount_fen=amount_fen,
        from_month=from_month,
        parameters=(),
    )


def stopped(last_month: Month) -> BenefitStopped:
    reason = StopReason.INCOME_ABOVE_STANDARD
    return BenefitStopped(**REDETERMINED, reason=reason, last_month=last_month)


def ended(last_month: Month | None, programme: Programme = Programme.DIBAO) -> CaseEnded:
    return CaseEnded(
        programme=programme,
        division=TOWNSHIP,
        members=(),
        reason=EndReason.PHASE_OUT_OVER,
        last_month=last_month,
    )


def assessed(from_month: Month, care_fen: int) -> SelfCareAssessed:
    return SelfCareAssessed(
        assessed_on=CHANGED_ON,
        assessors=(uuid5(HOUSE, "tests/assessor"), uuid5(HOUSE, "tests/second assessor")),
        failed=(CareIndicator.EATING,),
        level=CareLevel.PARTIAL_CARE,
        care_fen=care_fen,
        from_month=from_month,
        parameters=(),
        findings=NoteRef(note_id=uuid5(HOUSE, "tests/findings"), digest="0a" * 32),
    )


def told(case_id: UUID, *events: Event, on: date = CHANGED_ON) -> list[Document[Any]]:
    """One service's words on a case, in their order."""
    return [said(event, case_id, on, number) for number, event in enumerate(events, 1)]
