"""An aid's way from acceptance to the account: by the fund or the county, in time or late."""

from __future__ import annotations

from datetime import date

import pytest

from services.payment.model import PaymentStage
from shared.contracts.aid import AidTier
from shared.contracts.payment import (
    AidPaymentAwaited,
    AidPaymentIntended,
    AidPaymentOverdue,
    FundAdvanced,
    FundAdvanceReturned,
    FundAdvanceSettled,
    FundShort,
)
from shared.kernel.decider import Refusal
from tests.payment.cases import TOWNSHIP, VILLAGE, case
from tests.payment.office import Office, said
from tests.payment.words import (
    ACCEPTED_ON,
    AID,
    AWAITED,
    BACK,
    DAY_AFTER,
    EXPLAINED,
    OVERDUE,
    PAID,
    PAY_BY,
    REFUSED,
    accepted,
    granted,
    intended,
)


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
