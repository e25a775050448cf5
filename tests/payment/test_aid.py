"""An aid's payment: awaited by a date, advanced or paid by the county, once, and late if late."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

import pytest

from services.payment.decisions import (
    AwaitAid,
    DeclineAid,
    IntendAid,
    NoteOverdueAid,
    Return,
    Settle,
    await_aid,
    decline_aid,
    intend_aid,
    note_overdue_aid,
    settle,
)
from services.payment.duties import AID_OVERDUE, agenda
from services.payment.model import BANK_INSTRUCTION, PAYMENT, PaymentStage, payment_of_aid
from services.payment.rules import aid_payment_id_of, payment_id_of
from services.payment.views import PaymentRow, fold_payment
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.decision import (
    AidExplained,
    AidGranted,
    AidRefusalReason,
    AidRefused,
    AidTier,
)
from shared.contracts.fields import AidCause, AidKind, AidPlace, AidRequest, Due, NoteRef, Programme
from shared.contracts.intake import EmergencyAccepted, Material
from shared.contracts.payment import (
    AidPaymentAwaited,
    AidPaymentIntended,
    AidPaymentNotDue,
    AidPaymentOverdue,
    FundAdvanced,
    FundAdvanceReturned,
    FundAdvanceSettled,
    FundShort,
    PaymentReturned,
    PaymentSettled,
    ReturnReason,
)
from shared.kernel.decider import HOUSE, Fact, Refusal
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.documents import document
from tests.payment.cases import TOWNSHIP, VILLAGE, case, payee
from tests.payment.office import Office, said

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


def aid(*events: Event, on: date = ACCEPTED_ON) -> Given:
    """An aid's payment to which this has happened."""
    return spec(PAYMENT, on=on).given(*events)


class TestAwaiting:
    def test_records_the_day_by_which_it_is_to_be_paid(self) -> None:
        aid().when(AwaitAid(pay_by=BY), await_aid).then(AWAITED)

    def test_is_recorded_once_whoever_says_it_first(self) -> None:
        aid(AWAITED).when(AwaitAid(pay_by=BY), await_aid).then()

    def test_of_what_was_refused_before_it_was_heard_of_is_nothing(self) -> None:
        aid(AidPaymentNotDue()).when(AwaitAid(pay_by=BY), await_aid).then()


class TestIntending:
    @pytest.mark.parametrize("before", [(), (AWAITED,)])
    def test_is_recorded_before_anything_leaves_the_house(self, before: tuple[Event, ...]) -> None:
        aid(*before).when(intending(), intend_aid).then(intended())

    @pytest.mark.parametrize("after", [(), (SETTLED,), (RETURNED,)])
    def test_is_done_once_whatever_became_of_it(self, after: tuple[Event, ...]) -> None:
        aid(AWAITED, intended(), *after).when(intending(), intend_aid).then()

    def test_has_a_payment_of_its_own_beside_the_months(self) -> None:
        months = {payment_id_of(case(1), Month(2020, m)) for m in range(1, 13)}
        assert AID not in months
        assert payment_of_aid(case(1)).case_id == case(1)


class TestDeclining:
    @pytest.mark.parametrize("before", [(), (AWAITED,)])
    def test_says_that_nothing_is_to_be_paid(self, before: tuple[Event, ...]) -> None:
        aid(*before).when(DeclineAid(), decline_aid).then(AidPaymentNotDue())

    @pytest.mark.parametrize("stage", [(intended(),), (intended(), SETTLED)])
    def test_of_what_is_being_paid_is_refused(self, stage: tuple[Event, ...]) -> None:
        aid(*stage).when(DeclineAid(), decline_aid).refuses("payment-intended")


class TestTheDayAfter:
    @pytest.mark.parametrize("so_far", [(), (intended(),), (intended(), RETURNED)])
    def test_what_has_not_reached_the_household_is_overdue(self, so_far: tuple[Event, ...]) -> None:
        given = aid(AWAITED, *so_far, on=DAY_AFTER)
        given.when(NoteOverdueAid(), note_overdue_aid).then(Fact(OVERDUE, effective_on=DAY_AFTER))

    @pytest.mark.parametrize("so_far", [(intended(), SETTLED), (AidPaymentNotDue(),), (OVERDUE,)])
    def test_what_is_settled_not_due_or_overdue_already_is_left(
        self, so_far: tuple[Event, ...]
    ) -> None:
        given = aid(AWAITED, *so_far, on=DAY_AFTER)
        given.when(NoteOverdueAid(), note_overdue_aid).then()

    @pytest.mark.parametrize(
        ("on", "before"), [(PAY_BY, ()), (DAY_AFTER, (Fact(OVERDUE, effective_on=DAY_AFTER),))]
    )
    def test_the_banks_word_is_in_time_on_the_last_day_and_late_on_the_next(
        self, on: date, before: tuple[Fact, ...]
    ) -> None:
        """However late the duty of that day itself is done."""
        aid(AWAITED, intended(), on=on).when(PAID, settle).then(*before, SETTLED)

    def test_a_payment_settled_late_stays_overdue(self) -> None:
        decided = aid(AWAITED, intended(), OVERDUE, on=date(2020, 4, 14)).when(PAID, settle)
        decided.then(SETTLED)
        assert aid(AWAITED, intended(), OVERDUE, SETTLED).state.overdue


class TestTheAgenda:
    def changes(self, event: Event) -> list[Any]:
        return list(agenda(document(event, case_id=case(1), on=ACCEPTED_ON)))

    def test_an_awaited_aid_is_overdue_on_the_day_after(self) -> None:
        (entry,) = self.changes(AWAITED)
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.key, entry.due_on) == (AID_OVERDUE, AID, DAY_AFTER)

    def test_an_intended_aid_is_handed_to_the_bank_as_any_payment(self) -> None:
        (entry,) = self.changes(intended())
        assert (entry.kind, entry.key, entry.due_on) == (BANK_INSTRUCTION, AID, ACCEPTED_ON)

    @pytest.mark.parametrize(
        ("event", "kinds"),
        [
            (SETTLED, [BANK_INSTRUCTION, AID_OVERDUE]),
            (RETURNED, [BANK_INSTRUCTION]),
            (OVERDUE, [AID_OVERDUE]),
            (AidPaymentNotDue(), [AID_OVERDUE]),
        ],
    )
    def test_is_cleared_by_what_settles_it(self, event: Event, kinds: list[str]) -> None:
        assert self.changes(event) == [AgendaDone(kind, AID) for kind in kinds]


@pytest.mark.mechanism("S1-24")
@pytest.mark.parametrize(
    ("settled_on", "overdue"), [(PAY_BY, False), (DAY_AFTER, True), (None, True)]
)
def test_worked_case_4_is_in_time_on_8_april_and_overdue_on_the_9th(
    settled_on: date | None, overdue: bool
) -> None:
    office = Office(ACCEPTED_ON)
    office.hear(said(accepted(), case(1), ACCEPTED_ON))
    office.replenish(10_000_00)
    office.hear(said(granted(), case(1), ACCEPTED_ON))
    assert office.instructions == {AID}
    office.today = PAY_BY
    assert office.duties() == 0
    if settled_on == PAY_BY:
        office.bank(case(1), PAID)
    office.today = DAY_AFTER
    if settled_on == DAY_AFTER:
        office.bank(case(1), PAID)
    office.duties()
    office.today = date(2020, 4, 20)
    assert office.duties() == 0
    assert office.events(AidPaymentOverdue) == ([OVERDUE] if overdue else [])
    assert office.aid(case(1)).overdue is overdue


@pytest.mark.mechanism("S1-24")
def test_an_emergency_that_nobody_decides_is_overdue_too_and_a_refused_one_is_not() -> None:
    office = Office(ACCEPTED_ON)
    for number in (1, 2):
        office.hear(said(accepted(), case(number), ACCEPTED_ON))
    office.hear(said(REFUSED, case(2), ACCEPTED_ON))
    office.today = DAY_AFTER
    assert office.duties() == 1
    assert office.aid(case(1)).overdue
    assert (office.aid(case(2)).stage, office.aid(case(2)).overdue) == (PaymentStage.NOT_DUE, False)


@pytest.mark.parametrize("division", [TOWNSHIP, VILLAGE])
def test_the_townships_aid_comes_out_of_its_fund_and_is_explained(division: str) -> None:
    """Worked case 18: 10,000 in the fund, 800 needed: 9,200 are left."""
    office = Office(ACCEPTED_ON)
    office.replenish(10_000_00)
    office.hear(said(granted(division=division), case(1), ACCEPTED_ON))
    assert office.events(FundAdvanced)[0].balance_fen == office.fund().balance_fen == 9_200_00
    assert office.events(AidPaymentIntended) == [intended()]
    assert [one.case_id for one in office.fund().open_advances] == [case(1)]
    office.hear(said(EXPLAINED, case(1), date(2020, 4, 20), number=2))
    assert office.fund().open_advances == ()
    assert office.fund().balance_fen == 9_200_00


def test_the_countys_aid_is_paid_without_the_fund() -> None:
    office = Office(ACCEPTED_ON)
    office.hear(said(granted(1_200_00, AidTier.COUNTY), case(1), ACCEPTED_ON))
    office.hear(said(EXPLAINED, case(1), ACCEPTED_ON, number=2))
    assert office.events(AidPaymentIntended) == [intended(1_200_00)]
    office.bank(case(1), BACK)
    assert not office.events(FundAdvanced, FundShort, FundAdvanceSettled, FundAdvanceReturned)


def test_an_empty_funds_aid_is_paid_once_it_is_replenished_in_order_of_arrival() -> None:
    office = Office(ACCEPTED_ON)
    for number, amount_fen in ((1, 800_00), (2, 100_00)):
        office.hear(said(granted(amount_fen, number=number), case(number), ACCEPTED_ON))
    office.replenish(700_00)
    assert not office.events(AidPaymentIntended)
    office.replenish(200_00)
    assert office.events(AidPaymentIntended) == [intended(), intended(100_00, number=2)]
    assert office.fund().balance_fen == 0


def test_money_that_the_bank_sends_back_is_in_the_fund_and_pays_whoever_waits() -> None:
    office = Office(ACCEPTED_ON)
    office.replenish(800_00)
    for number in (1, 2):
        office.hear(said(granted(number=number), case(number), ACCEPTED_ON))
    assert office.events(AidPaymentIntended) == [intended()]
    office.bank(case(1), BACK)
    assert office.events(AidPaymentIntended) == [intended(), intended(number=2)]
    assert office.fund().balance_fen == 0
    office.bank(case(2), BACK)
    assert office.fund().balance_fen == 800_00
    with pytest.raises(Refusal, match="payment-not-open"):
        office.bank(case(2), BACK)


IN_BOTH_TOPICS = (
    said(accepted(), case(1), ACCEPTED_ON),
    said(granted(), case(1), ACCEPTED_ON, number=1),
    said(EXPLAINED, case(1), ACCEPTED_ON, number=2),
)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0)], ids=str)
def test_in_whatever_order_and_however_often_it_is_heard_it_is_paid_once(
    order: tuple[int, ...],
) -> None:
    """Intake's word and decision's are in no order; decision's own are."""
    office = Office(ACCEPTED_ON)
    office.replenish(10_000_00)
    for number in order:
        office.hear(IN_BOTH_TOPICS[number])
        office.hear(*(IN_BOTH_TOPICS[n] for n in order[: order.index(number) + 1]))
    assert office.events(AidPaymentAwaited) == [AWAITED]
    assert office.events(AidPaymentIntended) == [intended()]
    assert len(office.events(FundAdvanced, FundAdvanceSettled)) == 2
    assert office.fund().balance_fen == 9_200_00


class TestTheList:
    def row(self, *events: Event, key: UUID = AID, region: str = VILLAGE) -> PaymentRow:
        seen = None
        for event in events:
            told = document(event, case_id=case(1), on=ACCEPTED_ON, region=region)
            seen = fold_payment(str(key), seen, told)
        assert seen is not None
        return PaymentRow.model_validate({"_id": str(key), **seen})

    def test_shows_an_aid_from_the_day_it_is_awaited_as_its_townships(self) -> None:
        row = self.row(AWAITED)
        assert (row.kind, row.stage, row.pay_by, row.amount_fen) == ("aid", "awaited", PAY_BY, None)
        assert (row.division, row.month, row.run_id) == (TOWNSHIP, None, None)

    def test_shows_an_aids_way_and_that_it_was_late(self) -> None:
        row = self.row(AWAITED, intended(), OVERDUE, SETTLED)
        assert (row.stage, row.amount_fen, row.overdue) == ("settled", 800_00, True)
        assert row.settled_on == ACCEPTED_ON

    def test_shows_what_was_heard_the_other_way_round(self) -> None:
        row = self.row(intended(), AWAITED)
        assert (row.stage, row.pay_by, row.amount_fen) == ("intended", PAY_BY, 800_00)

    def test_shows_that_a_refused_aid_is_not_due(self) -> None:
        assert self.row(AWAITED, AidPaymentNotDue()).stage is PaymentStage.NOT_DUE
