"""What payment hears, in whatever order and however often: the same months, the same amounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.calendar import Month
from shared.contracts.coming_of_age import PayeeMoved
from shared.contracts.fields import Programme
from shared.contracts.payment import (
    EntitlementEnded,
    EntitlementPart,
    EntitlementPayeeSet,
    PaidMonthsDiffer,
    PaymentIntended,
)
from shared.kernel.decider import Refusal
from shared.kernel.event import Document, Event
from tests.payment.cases import JULY, JUNE, MAY, case, payee
from tests.payment.office import Office, said
from tests.payment.words import (
    CHANGED_ON,
    assessed,
    by_another_standard,
    changed,
    confirmed,
    differ,
    ended,
    household_changed,
    phased_out,
    revoked,
    stopped,
    told,
)

AUGUST = Month(2020, 8)


@pytest.mark.mechanism("S1-14")
def test_worked_case_2_pays_twelve_months_of_phase_out_and_none_in_the_thirteenth() -> None:
    office = Office(CHANGED_ON)
    first, last = JUNE, Month(2021, 5)
    office.hear(*told(case(1), confirmed(), phased_out(first, last)))
    office.pay(MAY)
    for month in first.through(last):
        office.today = month.first_day
        office.pay(month)
    office.today = last.next().first_day
    with pytest.raises(Refusal, match="nothing-to-pay"):
        office.pay(last.next())
    paid = office.paid(case(1))
    phase_out = {month: fen for month, fen in paid.items() if month >= first}
    assert phase_out == dict.fromkeys(first.through(last), 200_00)
    assert (len(phase_out), sum(phase_out.values())) == (12, 2_400_00)
    office.hear(said(ended(last), case(1), office.today, number=3))
    assert office.events(EntitlementEnded) == [EntitlementEnded(last_month=last)]
    assert not office.events(PaidMonthsDiffer)
    assert office.paid(case(1)) == paid


def test_another_standard_is_paid_from_its_month_on_and_what_a_run_took_up_before_is_told() -> None:
    office = Office(JULY.first_day)
    office.hear(*told(case(1), confirmed()), *told(case(2), confirmed()))
    office.hear(said(by_another_standard(JULY, 400_00), case(1), JULY.first_day, number=3))
    office.pay(JULY)
    assert office.paid(case(1)) == {MAY: 200_00, JUNE: 200_00, JULY: 400_00}
    assert office.paid(case(2)) == {MAY: 200_00, JUNE: 200_00, JULY: 200_00}
    office.hear(said(by_another_standard(JULY, 400_00), case(2), JULY.first_day, number=3))
    (differs,) = office.events(PaidMonthsDiffer)
    assert differs == differ(JULY, JULY, 200_00)
    office.today = AUGUST.first_day
    office.pay(AUGUST)
    assert (office.paid(case(1))[AUGUST], office.paid(case(2))[AUGUST]) == (400_00, 400_00)


@pytest.mark.parametrize("name", [household_changed, revoked])
def test_who_is_paid_now_gets_every_month_that_no_run_took_up(name: Callable[..., Event]) -> None:
    """The payee died in May, which June's run is the first to know: May was paid, June is not."""
    office = Office(MAY.first_day)
    office.hear(*told(case(1), confirmed()), *told(case(2), confirmed()))
    office.pay(MAY)
    office.today = JULY.first_day
    office.hear(said(name(payee(2)), case(1), JULY.first_day, number=2))
    office.pay(JULY)
    to = {(p.case_id, p.month): p.payee for p in office.events(PaymentIntended)}
    assert [to[case(1), month] for month in (MAY, JUNE, JULY)] == [payee(1), payee(2), payee(2)]
    assert to[case(2), JULY] == payee(1)
    assert office.events(EntitlementPayeeSet) == [EntitlementPayeeSet(payee=payee(2))]


@pytest.mark.mechanism("S0-25")
def test_a_child_has_a_roster_of_its_own_and_is_paid_in_person_once_of_age() -> None:
    """The guardian is paid for May; the account is taken over before July's run."""
    of_children = Programme.CHILD_ALLOWANCE
    office = Office(MAY.first_day)
    office.hear(*told(case(1), confirmed(programme=of_children, amount_fen=1_400_00)))
    office.hear(*told(case(2), confirmed()))
    office.pay(MAY, of_children)
    office.today = JULY.first_day
    moved = PayeeMoved(payee=payee(2), payee_before=payee(1))
    office.hear(said(moved, case(1), JULY.first_day, number=2))
    office.pay(JULY, of_children)
    paid = {(p.case_id, p.month): (p.payee, p.amount_fen) for p in office.events(PaymentIntended)}
    assert paid == {
        (case(1), MAY): (payee(1), 1_400_00),
        (case(1), JUNE): (payee(2), 1_400_00),
        (case(1), JULY): (payee(2), 1_400_00),
    }


def test_a_change_that_leaves_the_payee_changes_nothing_for_payment() -> None:
    office = Office(MAY.first_day)
    office.hear(*told(case(1), confirmed()))
    office.hear(said(household_changed(payee(1)), case(1), MAY.first_day, number=2))
    office.hear(said(household_changed(None), case(1), MAY.first_day, number=3))
    assert not office.events(EntitlementPayeeSet)


def test_a_stop_known_only_after_its_month_leaves_what_was_paid_too_much_on_record() -> None:
    office = Office(MAY.first_day)
    office.hear(*told(case(1), confirmed()))
    for month in MAY.through(JULY):
        office.today = month.first_day
        office.pay(month)
    office.hear(said(stopped(MAY), case(1), CHANGED_ON, number=2))
    office.today = AUGUST.first_day
    with pytest.raises(Refusal, match="nothing-to-pay"):
        office.pay(AUGUST)
    assert office.paid(case(1)) == dict.fromkeys((MAY, JUNE, JULY), 200_00)
    assert office.events(PaidMonthsDiffer) == [differ(JUNE, JULY, -400_00)]


def test_a_case_that_ends_without_a_month_was_not_paid_by_the_month() -> None:
    office = Office(CHANGED_ON)
    office.hear(*told(case(1), ended(None, Programme.TEMPORARY_ASSISTANCE)))
    assert office.events() == []


AMOUNT = st.integers(0, 4).map(lambda n: n * 50_00)
OFFSET = st.integers(0, 8)


@st.composite
def decisions_words(draw: st.DrawFn) -> list[Event]:
    """What decision may say of a tekun case: confirmed, changed, ended and perhaps anew."""
    words: list[Event] = [confirmed(MAY, Programme.TEKUN, draw(AMOUNT))]
    for _ in range(draw(st.integers(0, 2))):
        month = MAY.next(draw(OFFSET))
        length = draw(OFFSET)
        words.append(
            draw(
                st.sampled_from(
                    [
                        changed(month, draw(AMOUNT)),
                        phased_out(month, month.next(length), draw(AMOUNT)),
                        stopped(month),
                    ]
                )
            )
        )
    if draw(st.booleans()):
        last = MAY.next(draw(OFFSET))
        words.append(ended(last, Programme.TEKUN))
        if draw(st.booleans()):
            again = last.next(1 + draw(OFFSET))
            words.append(confirmed(again, Programme.TEKUN, draw(AMOUNT)))
    return words


@st.composite
def cares_words(draw: st.DrawFn) -> list[Event]:
    return [assessed(MAY.next(draw(OFFSET)), draw(AMOUNT)) for _ in range(draw(st.integers(0, 2)))]


@st.composite
def interleaved(draw: st.DrawFn) -> tuple[list[Document[Any]], list[Document[Any]]]:
    """Two topics' words one after the other, and mixed with repetitions; each in its order."""
    topics = [told(case(1), *draw(decisions_words())), told(case(1), *draw(cares_words()))]
    plain = [*topics[0], *topics[1]]
    mixed: list[Document[Any]] = []
    rest = [list(topic) for topic in topics]
    while any(rest):
        topic = draw(st.sampled_from([topic for topic in rest if topic]))
        mixed.append(topic.pop(0))
        if draw(st.booleans()):
            mixed.append(draw(st.sampled_from(mixed)))
    return plain, mixed


LAST = MAY.next(20)
SLOW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def pay_if_due(office: Office, month: Month) -> None:
    """A month's run of tekun, where there is anything to pay."""
    try:
        office.pay(month, Programme.TEKUN)
    except Refusal as refusal:
        if refusal.code != "nothing-to-pay":
            raise


@SLOW
@given(interleaved())
def test_whatever_comes_first_or_twice_the_same_months_and_amounts_are_paid(
    words: tuple[list[Document[Any]], list[Document[Any]]],
) -> None:
    plain, mixed = (Office(CHANGED_ON), Office(CHANGED_ON))
    for office, heard in zip((plain, mixed), words, strict=True):
        office.hear(*heard)
        office.today = LAST.first_day
        pay_if_due(office, LAST)
    assert mixed.paid(case(1)) == plain.paid(case(1))
    assert sum(mixed.paid(case(1)).values()) == sum(plain.paid(case(1)).values())


@SLOW
@given(interleaved(), st.lists(st.integers(0, 10), max_size=4))
def test_runs_in_between_pay_the_same_but_for_what_is_recorded_as_different(
    words: tuple[list[Document[Any]], list[Document[Any]]], runs: list[int]
) -> None:
    """Nobody twice, nobody skipped: by month, paid and difference come to what is due."""
    heard_first, mixed = words
    before = Office(LAST.first_day)
    before.hear(*heard_first)
    due = before.entitlement(case(1))
    office = Office(LAST.first_day)
    for number, heard in enumerate(mixed):
        office.hear(heard)
        if number in runs:
            pay_if_due(office, MAY.next(number))
    pay_if_due(office, LAST)
    paid = office.paid(case(1))
    state = office.entitlement(case(1))
    for month in MAY.through(LAST):
        owed = sum(due.due(part).at(month) for part in EntitlementPart)
        assert paid.get(month, 0) + state.differences.at(month) == owed, month
    assert len(office.events(PaymentIntended)) == len(paid)
