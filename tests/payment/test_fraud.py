"""Money obtained by fraud, and a fine within the multiples of the law that counts for the deed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.payment.decisions import (
    FindFraud,
    ImposeFine,
    RecordFinePaid,
    find_fraud,
    impose_fine,
    record_fine_paid,
)
from services.payment.model import ENTITLEMENT, PAYMENT, entitlement_of, payment_of
from services.payment.rules import MOST_MONTHS, payment_id_of
from services.payment.views import FRAUDS
from shared.calendar import Month
from shared.contracts.fields import ParameterUsed, Programme
from shared.contracts.payment import (
    EntitlementOpened,
    PaymentReturned,
    PaymentSettled,
    ReturnReason,
)
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from shared.policy import MissingValue
from tests.documents import document
from tests.payment.cases import (
    APRIL,
    JULY,
    JUNE,
    MAY,
    TOWNSHIP,
    case,
    intended,
    payee,
)
from tests.payment.deceit import (
    FINDER,
    FINDING,
    FINE,
    FOUND_ON,
    IMPOSER,
    PAID,
    PAID_ON,
    UNTIL_ON,
    found,
    imposed,
)
from tests.payment.office import Office
from tests.payment.words import NOTE, REFERENCE, changed, confirmed, differ, told

BEFORE_THE_LAW, THE_LAW = date(2026, 6, 30), date(2026, 7, 1)


def entitled(*differences: Event) -> tuple[Event, ...]:
    opened = EntitlementOpened(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        payee=payee(1),
        amount_fen=200_00,
        from_month=MAY,
    )
    return opened, *differences


TOO_MUCH = entitled(differ(MAY, JUNE, -300_00))
"""In May and June 150 yuan more than was due were listed, of 200."""


def finding(**changed: Any) -> FindFraud:
    stated: dict[str, Any] = {
        "finding_id": FINDING,
        "finder": FINDER,
        "person_id": payee(1),
        "first_month": MAY,
        "last_month": JUNE,
        "until_on": UNTIL_ON,
        "grounds": NOTE,
    }
    return FindFraud(**(stated | changed))


def settled(month: Month) -> tuple[Event, ...]:
    payment_id = payment_id_of(case(1), month)
    reached = PaymentSettled(payment_id=payment_id, amount_fen=200_00, bank_reference=REFERENCE)
    return intended(1, month), reached


def returned(month: Month) -> tuple[Event, ...]:
    back = PaymentReturned(
        payment_id=payment_id_of(case(1), month),
        amount_fen=200_00,
        reason=ReturnReason.ACCOUNT_CLOSED,
    )
    return intended(1, month), back


def of_months(
    *payments: tuple[Event, ...], of: tuple[Event, ...] = TOO_MUCH, on: date = FOUND_ON
) -> Given:
    """The entitlement beside the payments of the months that a finding is about."""
    made = spec(ENTITLEMENT, on=on).given(*of)
    for events in payments:
        made = made.beside(PAYMENT, *events)
    return made


BOTH = (settled(MAY), settled(JUNE))


class TestAFinding:
    def test_is_of_what_reached_the_payee_beyond_what_was_due(self) -> None:
        of_months(*BOTH).when(finding(), find_fraud).then(found())

    @pytest.mark.parametrize(
        ("june", "obtained_fen"),
        [(settled(JUNE), 300_00), (returned(JUNE), 150_00), ((intended(1, JUNE),), 150_00)],
        ids=["settled", "returned", "with the bank"],
    )
    def test_leaves_out_what_never_reached_them(
        self, june: tuple[Event, ...], obtained_fen: int
    ) -> None:
        (event,) = of_months(settled(MAY), june).when(finding(), find_fraud).events
        assert event.obtained_fen == obtained_fen

    def test_is_never_of_more_than_a_payment(self) -> None:
        given = of_months(*BOTH, of=entitled(differ(MAY, JUNE, -600_00)))
        (event,) = given.when(finding(), find_fraud).events
        assert event.obtained_fen == 400_00

    @pytest.mark.parametrize(
        "of", [entitled(), entitled(differ(MAY, JUNE, 300_00))], ids=["as due", "too little"]
    )
    def test_of_months_in_which_nothing_was_too_much_is_refused(
        self, of: tuple[Event, ...]
    ) -> None:
        of_months(*BOTH, of=of).when(finding(), find_fraud).refuses(
            "nothing-obtained", first_month="2020-05", last_month="2020-06"
        )

    def test_of_months_of_another_finding_is_refused(self) -> None:
        other = found(first_month=JUNE, last_month=JULY)
        of_months(*BOTH, of=(*TOO_MUCH, other)).when(finding(), find_fraud).refuses(
            "fraud-found-already"
        )
        before = found(first_month=APRIL, last_month=APRIL)
        of_months(*BOTH, of=(*TOO_MUCH, before)).when(finding(), find_fraud).then(found())

    @pytest.mark.parametrize(
        ("until_on", "possible"),
        [
            (date(2020, 3, 31), False),
            (date(2020, 4, 1), True),
            (FOUND_ON, True),
            (date(2020, 8, 4), False),
        ],
    )
    def test_names_a_day_on_which_the_deed_can_have_ended(
        self, until_on: date, *, possible: bool
    ) -> None:
        decided = of_months(*BOTH).when(finding(until_on=until_on), find_fraud)
        if possible:
            decided.then(found(until_on=until_on))
        else:
            decided.refuses("fraud-day-impossible", earliest="2020-04-01", latest="2020-08-03")

    def test_names_months_in_order_and_ten_years_at_most(self) -> None:
        backwards = finding(first_month=JUNE, last_month=MAY)
        of_months().when(backwards, find_fraud).refuses("fraud-months-impossible")
        too_many = finding(last_month=MAY.next(MOST_MONTHS))
        of_months(*[()] * MOST_MONTHS).when(too_many, find_fraud).refuses(
            "fraud-months-impossible", latest="2030-04"
        )

    def test_of_a_case_never_entitled_is_refused(self) -> None:
        of_months(*BOTH, of=()).when(finding(), find_fraud).refuses("entitlement-not-open")


def fining(amount_fen: int, *, until_on: date, on: date, **changed: Any) -> Decided:
    """A fine for 100 yuan that were obtained through a day."""
    deed = found(until_on=until_on, obtained_fen=100_00)
    stated: dict[str, Any] = {
        "finding_id": FINDING,
        "fine_id": FINE,
        "imposer": IMPOSER,
        "amount_fen": amount_fen,
        "grounds": NOTE,
    }
    command = ImposeFine(**(stated | changed))
    return spec(ENTITLEMENT, on=on).given(*TOO_MUCH, deed).when(command, impose_fine)


class TestAFine:
    OLD, NEW = (100_00, 300_00), (0, 200_00)
    """Once to three times the amount (649, art. 68); up to twice (the law of 2026, art. 73)."""

    @pytest.mark.parametrize(
        ("until_on", "on", "limits", "source"),
        [
            (date(2014, 5, 1), date(2014, 5, 1), OLD, "国务院令第649号"),
            (UNTIL_ON, FOUND_ON, OLD, "国务院令第649号"),
            (BEFORE_THE_LAW, BEFORE_THE_LAW, OLD, "国务院令第649号"),
            (BEFORE_THE_LAW, THE_LAW, NEW, "社会救助法"),
            (UNTIL_ON, THE_LAW, NEW, "社会救助法"),
            (THE_LAW, THE_LAW, NEW, "社会救助法"),
            (THE_LAW, date(2027, 1, 4), NEW, "社会救助法"),
        ],
        ids=[
            "the first day of 649",
            "under 649",
            "its last day",
            "a deed of the last day of 649, fined under the milder law",
            "a deed of years before, fined under the milder law",
            "the first day of the law",
            "under the law",
        ],
    )
    def test_lies_within_the_multiples_of_the_milder_law(
        self, until_on: date, on: date, limits: tuple[int, int], source: str
    ) -> None:
        lowest, highest = limits
        for amount_fen in {max(lowest, 1), highest}:
            (event,) = fining(amount_fen, until_on=until_on, on=on).events
            assert (event.amount_fen, event.minimum_fen, event.maximum_fen) == (
                amount_fen,
                lowest,
                highest,
            )
        facts = {"minimum_fen": lowest, "maximum_fen": highest}
        for amount_fen in {lowest - 1, highest + 1} - {-1}:
            refusal = fining(amount_fen, until_on=until_on, on=on).refuses(
                "fine-out-of-range", amount_fen=amount_fen, **facts
            )
            assert refusal.source.startswith(source)

    def test_says_by_which_law_it_was_measured(self) -> None:
        (event,) = fining(150_00, until_on=UNTIL_ON, on=FOUND_ON).events
        assert (event.law_of, event.imposed_on) == (UNTIL_ON, FOUND_ON)
        assert event.parameters == (
            ParameterUsed(name="fraud_fine_maximum_multiple", value=3),
            ParameterUsed(name="fraud_fine_minimum_multiple", value=1),
        )
        (milder,) = fining(150_00, until_on=UNTIL_ON, on=THE_LAW).events
        assert milder.law_of == THE_LAW

    def test_of_a_deed_before_any_law_that_is_known_is_not_imposed(self) -> None:
        with pytest.raises(MissingValue, match="fraud_fine_maximum_multiple"):
            fining(100_00, until_on=date(2014, 4, 30), on=date(2014, 5, 1))

    def test_is_not_imposed_by_who_found_the_fraud(self) -> None:
        refusal = fining(100_00, until_on=UNTIL_ON, on=FOUND_ON, imposer=FINDER).refuses(
            "finder-fines"
        )
        assert refusal.status == 403

    def test_is_one_for_a_finding_and_none_without(self) -> None:
        twice = spec(ENTITLEMENT, on=FOUND_ON).given(*TOO_MUCH, found(), imposed())
        command = ImposeFine(
            finding_id=FINDING, fine_id=FINE, imposer=IMPOSER, amount_fen=300_00, grounds=NOTE
        )
        twice.when(command, impose_fine).refuses("fined-already")
        none = fining(100_00, until_on=UNTIL_ON, on=FOUND_ON, finding_id=FINE)
        assert none.refuses("no-such-finding").status == 404


class TestPaying:
    def test_is_recorded_once_and_only_of_a_fine(self) -> None:
        command = RecordFinePaid(finding_id=FINDING, paid_on=PAID_ON)
        fined = spec(ENTITLEMENT, on=PAID_ON).given(*TOO_MUCH, found(), imposed())
        fined.when(command, record_fine_paid).then(PAID)
        fined.given(PAID).when(command, record_fine_paid).refuses("fine-paid", paid_on="2020-08-10")
        unfined = spec(ENTITLEMENT, on=PAID_ON).given(*TOO_MUCH, found())
        unfined.when(command, record_fine_paid).refuses("not-fined")

    @pytest.mark.parametrize(
        ("paid_on", "possible"),
        [
            (date(2020, 8, 2), False),
            (FOUND_ON, True),
            (PAID_ON, True),
            (date(2020, 8, 11), False),
        ],
    )
    def test_lies_between_the_fine_and_today(self, paid_on: date, *, possible: bool) -> None:
        command = RecordFinePaid(finding_id=FINDING, paid_on=paid_on)
        fined = spec(ENTITLEMENT, on=PAID_ON).given(*TOO_MUCH, found(), imposed())
        decided = fined.when(command, record_fine_paid)
        if possible:
            decided.then(PAID.model_copy(update={"paid_on": paid_on}))
        else:
            decided.refuses("fine-day-impossible", earliest="2020-08-03", latest="2020-08-10")


class TestWhatIsDue:
    def test_is_not_touched_by_a_fine(self) -> None:
        """Neither what is paid from then on, nor what is owed back."""
        office = Office(date(2020, 5, 1))
        words = told(case(1), confirmed(MAY), changed(JUNE, 50_00), on=date(2020, 5, 1))
        office.hear(words[0])
        for month in (MAY, JUNE):
            office.today = month.first_day
            office.pay(month)
            office.pay_out(case(1), month)
        office.hear(words[1])
        of_case = (entitlement_of(case(1)), payment_of(case(1), JUNE))
        deed = finding(first_month=JUNE, until_on=office.today)
        office.command(of_case, find_fraud, deed)
        before = office.entitlement(case(1))
        fine = ImposeFine(
            finding_id=FINDING, fine_id=FINE, imposer=IMPOSER, amount_fen=450_00, grounds=NOTE
        )
        office.command(of_case[:1], impose_fine, fine)
        after = office.entitlement(case(1))
        assert [fraud.found.obtained_fen for fraud in after.frauds] == [150_00]
        assert (after.differences, after.parts) == (before.differences, before.parts)
        office.today = JULY.first_day
        office.pay(JULY)
        assert office.paid(case(1)) == {MAY: 200_00, JUNE: 200_00, JULY: 50_00}


def test_a_finding_is_listed_with_its_fine_and_names_nobody() -> None:
    row: dict[str, Any] | None = None
    shown: list[tuple[Any, ...]] = []
    for event in (found(), imposed(), PAID):
        happened = document(event, case_id=case(1), on=FOUND_ON, region=TOWNSHIP)
        (key,) = FRAUDS.keys(happened)
        assert UUID(key) == FINDING
        row = FRAUDS.fold(key, row, happened)
        assert row is not None
        shown.append((row["fined"], row["paid"], row.get("fine_fen"), row.get("paid_on")))
    assert shown == [
        (False, False, None, None),
        (True, False, 450_00, None),
        (True, True, 450_00, "2020-08-10"),
    ]
    assert str(payee(1)) not in str(row)
