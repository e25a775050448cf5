"""Of an aid the money alone is paid, none of what is in kind; each stage once, by its own order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.payment.duties import AID_OVERDUE, agenda
from services.payment.model import (
    PaymentStage,
    aid_payment_id_of,
    payment_of_aid,
    payments_of,
)
from services.payment.views import PaymentRow, fold_payment
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.aid import AidGranted, AidInstalment, AidInstalmentReleased, AidTier
from shared.contracts.aid_needs import AidInKind, InKind
from shared.contracts.fields import Due
from shared.contracts.payment import (
    AidPaymentAwaited,
    AidPaymentIntended,
    AidPaymentNotDue,
    AidPaymentOverdue,
    FundAdvanced,
    FundAdvanceReturned,
    FundAdvanceSettled,
    FundShort,
)
from shared.kernel.store import AgendaDone
from tests.documents import document
from tests.payment.cases import TOWNSHIP, case, payee
from tests.payment.office import Office, said
from tests.payment.words import ACCEPTED_ON, BACK, EXPLAINED, PAID, accepted, granted

RELEASED_ON, LATE_ON = date(2020, 5, 11), date(2020, 5, 19)
PAY_BY = Due(on=date(2020, 5, 18), calendar=CALENDAR_VERSION)
SECOND, THIRD = (aid_payment_id_of(case(1), number) for number in (2, 3))


def in_stages(tier: AidTier = AidTier.TOWNSHIP) -> AidGranted:
    """800 yuan: 400 at once, 300 and 100 later."""
    later = tuple(
        AidInstalment(amount_fen=fen, due_on=RELEASED_ON.replace(day=day))
        for fen, day in ((300_00, 11), (100_00, 25))
    )
    return granted(tier=tier).model_copy(update={"later": later})


def released(
    number: int = 2, tier: AidTier = AidTier.TOWNSHIP, **changed: Any
) -> AidInstalmentReleased:
    stated: dict[str, Any] = {
        "number": number,
        "tier": tier,
        "division": TOWNSHIP,
        "payee": payee(1),
        "amount_fen": {2: 300_00, 3: 100_00}[number],
        "pay_by": PAY_BY,
    }
    return AidInstalmentReleased(**(stated | changed))


IN_GOODS = granted(0).model_copy(
    update={"in_kind": (InKind(kind=AidInKind.FOOD, value_fen=800_00),)}
)


@pytest.mark.mechanism("S4-52")
@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=str)
def test_an_aid_wholly_in_kind_makes_no_order_and_is_never_overdue(order: tuple[int, ...]) -> None:
    office = Office(ACCEPTED_ON)
    office.replenish(1_000_00)
    words = said(accepted(), case(1), ACCEPTED_ON), said(IN_GOODS, case(1), ACCEPTED_ON)
    for number in order:
        office.hear(words[number])
    assert office.events(AidPaymentNotDue) == [AidPaymentNotDue()]
    assert not office.events(AidPaymentIntended, FundAdvanced, FundShort)
    assert office.aid(case(1)).stage is PaymentStage.NOT_DUE
    office.today = LATE_ON
    office.duties()
    assert not office.events(AidPaymentOverdue)
    assert office.fund().balance_fen == 1_000_00


@pytest.mark.mechanism("S4-52")
def test_of_an_aid_partly_in_kind_the_money_alone_is_paid() -> None:
    office = Office(ACCEPTED_ON)
    both = granted(300_00, AidTier.COUNTY).model_copy(update={"in_kind": IN_GOODS.in_kind})
    office.hear(said(both, case(1), ACCEPTED_ON))
    assert [one.amount_fen for one in office.events(AidPaymentIntended)] == [300_00]


@pytest.mark.mechanism("S2-26")
@pytest.mark.parametrize("tier", list(AidTier))
def test_each_stage_is_paid_once_by_an_order_of_its_own(tier: AidTier) -> None:
    office = Office(ACCEPTED_ON)
    office.replenish(10_000_00)
    first = said(in_stages(tier), case(1), ACCEPTED_ON, number=1)
    office.hear(first)
    assert [one.amount_fen for one in office.events(AidPaymentIntended)] == [400_00]
    office.bank(case(1), PAID)
    office.today = RELEASED_ON
    second = said(released(2, tier), case(1), RELEASED_ON, number=2)
    third = said(released(3, tier, payee=payee(2)), case(1), RELEASED_ON, number=3)
    office.hear(second, second, first, third, second)
    intended = office.events(AidPaymentIntended)
    assert [(one.payment_id, one.amount_fen) for one in intended] == [
        (aid_payment_id_of(case(1)), 400_00),
        (SECOND, 300_00),
        (THIRD, 100_00),
    ]
    assert intended[2].payee == payee(2)
    assert len({payment_of_aid(case(1), one.payment_id) for one in intended}) == 3
    of_fund = 800_00 if tier is AidTier.TOWNSHIP else 0
    assert office.fund().balance_fen == 10_000_00 - of_fund
    assert office.instructions == {SECOND, THIRD}


@pytest.mark.mechanism("S2-26")
def test_a_stage_waits_for_the_fund_in_its_turn_and_all_advances_are_written_off() -> None:
    office = Office(ACCEPTED_ON)
    office.replenish(400_00)
    office.hear(said(in_stages(), case(1), ACCEPTED_ON, number=1))
    office.hear(said(released(), case(1), RELEASED_ON, number=2))
    assert [one.payment_id for one in office.fund().waiting] == [SECOND]
    assert len(office.events(AidPaymentIntended)) == 1
    office.hear(said(EXPLAINED, case(1), RELEASED_ON, number=3))
    office.replenish(300_00)
    assert [one.payment_id for one in office.events(AidPaymentIntended)][1:] == [SECOND]
    settled = [one.payment_id for one in office.events(FundAdvanceSettled)]
    assert settled == [aid_payment_id_of(case(1)), SECOND]
    assert office.fund().open_advances == ()


def test_a_stage_that_the_bank_sends_back_is_in_the_fund_again() -> None:
    office = Office(ACCEPTED_ON)
    office.replenish(700_00)
    office.hear(said(in_stages(), case(1), ACCEPTED_ON, number=1))
    office.hear(said(released(), case(1), RELEASED_ON, number=2))
    assert office.fund().balance_fen == 0
    office.bank(case(1), BACK, SECOND)
    assert [one.payment_id for one in office.events(FundAdvanceReturned)] == [SECOND]
    assert office.fund().balance_fen == 300_00


@pytest.mark.parametrize("settled", [True, False])
def test_a_stage_is_overdue_by_itself(*, settled: bool) -> None:
    office = Office(ACCEPTED_ON)
    office.replenish(800_00)
    office.hear(said(in_stages(), case(1), ACCEPTED_ON, number=1))
    office.bank(case(1), PAID)
    office.today = RELEASED_ON
    office.hear(said(released(), case(1), RELEASED_ON, number=2))
    if settled:
        office.bank(case(1), PAID, SECOND)
    office.today = LATE_ON
    office.duties()
    overdue = [] if settled else [AidPaymentOverdue(due=PAY_BY, payment_id=SECOND)]
    assert office.events(AidPaymentOverdue) == overdue
    assert not office.aid(case(1)).overdue


class TestTheRooms:
    AWAITED = AidPaymentAwaited(pay_by=PAY_BY, payment_id=SECOND)
    OVERDUE = AidPaymentOverdue(due=PAY_BY, payment_id=SECOND)

    def test_a_stage_has_an_entry_of_its_own(self) -> None:
        (entry,) = agenda(document(self.AWAITED, case_id=case(1), on=RELEASED_ON))
        assert (entry.kind, entry.key, entry.due_on) == (AID_OVERDUE, SECOND, LATE_ON)
        changes = list(agenda(document(self.OVERDUE, case_id=case(1), on=LATE_ON)))
        assert changes == [AgendaDone(AID_OVERDUE, SECOND)]

    def test_the_list_shows_each_stage_by_itself(self) -> None:
        seen = None
        for event in (self.AWAITED, self.OVERDUE):
            told = document(event, case_id=case(1), on=RELEASED_ON, region=TOWNSHIP)
            seen = fold_payment(str(SECOND), seen, told)
        row = PaymentRow.model_validate({"_id": str(SECOND), **(seen or {})})
        assert (row.kind, row.stage, row.overdue, row.pay_by) == (
            "aid",
            "awaited",
            True,
            PAY_BY.on,
        )

    def test_a_case_has_as_many_streams_as_stages_that_began(self) -> None:
        office = Office(ACCEPTED_ON)
        office.replenish(800_00)
        streams = payments_of(case(1), office.state, Month(2020, 5))
        assert streams == [payment_of_aid(case(1))]
        office.hear(said(in_stages(), case(1), ACCEPTED_ON, number=1))
        office.hear(said(released(), case(1), RELEASED_ON, number=2))
        assert payments_of(case(1), office.state, Month(2020, 5)) == [
            payment_of_aid(case(1)),
            payment_of_aid(case(1), SECOND),
        ]
