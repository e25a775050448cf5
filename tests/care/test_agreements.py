"""Agreements on care at home, and caregivers who do not keep them: given, when, then."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.care.decisions.agreements import (
    Expire,
    FinishRectification,
    OrderRectification,
    ReplaceCaregiver,
    Sign,
    Terms,
    expire,
    finish_rectification,
    order_rectification,
    replace_caregiver,
    sign,
)
from services.care.model import CareFile, Stage, Standing
from shared.calendar import Month
from shared.contracts.care import AgreementEnd, CareEnded
from shared.contracts.fields import SupportMode
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.care.person import (
    AGREED,
    AGREEMENT,
    AT_HOME,
    CAREGIVER,
    DONE,
    GUARDIAN,
    NEIGHBOUR,
    ORDER,
    OTHER_VISITOR,
    PERSON,
    REFUSED,
    SECOND_AGREEMENT,
    SIGNED_ON,
    TO_BE_REPLACED,
    UNTIL_ON,
    VISITOR,
    assessed,
    chosen,
    ended,
    given,
    note,
    opened,
    ordered,
    signed,
)

APRIL_15 = date(2023, 4, 15)


def terms(**changed: Any) -> Terms:
    """The terms of the year 2023."""
    stated: dict[str, Any] = {
        "agreement_id": AGREEMENT,
        "until_on": UNTIL_ON,
        "caregiver": CAREGIVER,
        "visitor": VISITOR,
        "guardian": None,
        "full_capacity": True,
        "note": note("terms"),
    }
    return Terms(**(stated | changed))


def signing(
    *history: Event, signed_on: date = SIGNED_ON, today: date | None = None, **changed: Any
) -> Decided:
    command = Sign(signed_on=signed_on, terms=terms(**changed))
    return given(*(history or AT_HOME), on=today or signed_on).when(command, sign)


class TestSigning:
    def test_an_agreement_names_caregiver_and_visitor(self) -> None:
        signing().then(signed())
        signing(guardian=GUARDIAN).then(signed(guardian=GUARDIAN))

    def test_there_was_an_assessment_before(self) -> None:
        signing(opened(), chosen()).refuses("assessment-missing")

    @pytest.mark.parametrize("mode", [None, SupportMode.CENTRALIZED])
    def test_only_who_is_supported_at_home_has_one(self, mode: SupportMode | None) -> None:
        choice = () if mode is None else (chosen(mode),)
        signing(opened(), assessed(), *choice).refuses("not-supported-at-home", mode=mode or "none")

    def test_one_is_open_at_a_time(self) -> None:
        signing(*AGREED).refuses("agreement-open")

    def test_caregiver_visitor_and_person_are_three(self) -> None:
        signing(caregiver=PERSON).refuses("caregiver-is-the-person")
        signing(visitor=CAREGIVER).refuses("visitor-is-a-party")
        signing(visitor=PERSON).refuses("visitor-is-a-party")

    def test_a_caregiver_has_full_capacity_by_the_signers_word(self) -> None:
        signing(full_capacity=False).refuses("caregiver-without-full-capacity")

    def test_not_before_the_assessment_and_not_ahead(self) -> None:
        for day in (date(2022, 12, 19), date(2023, 1, 6)):
            signing(signed_on=day, today=date(2023, 1, 5)).refuses(
                "signing-day-impossible", earliest="2022-12-20", latest="2023-01-05"
            )

    def test_not_while_another_one_held(self) -> None:
        over = ended(AgreementEnd.EXPIRED, date(2023, 4, 1))
        signing(*AGREED, over, signed_on=date(2023, 3, 31), today=APRIL_15).refuses(
            "signing-day-impossible", earliest="2023-04-01"
        )

    def test_a_later_assessment_does_not_forbid_papers_signed_before_it(self) -> None:
        again = assessed(assessed_on=date(2023, 1, 4))
        (event,) = signing(*AT_HOME, again, today=date(2023, 1, 5)).events
        assert event.signed_on == SIGNED_ON

    @pytest.mark.parametrize("until_on", [date(2023, 1, 4), date(2033, 2, 1), date.max])
    def test_its_term_is_not_over_and_no_slip_of_the_pen(self, until_on: date) -> None:
        signing(until_on=until_on, today=date(2023, 1, 5)).refuses(
            "term-impossible", earliest="2023-01-05", latest="2033-01-31"
        )

    def test_after_the_end_of_care_nothing_is_signed(self) -> None:
        signing(*AT_HOME, CareEnded()).refuses("care-not-open", stage="ended")


class TestTheFirstMonth:
    @pytest.mark.parametrize(
        ("signed_on", "first"),
        [
            (date(2023, 1, 1), Month(2023, 1)),
            (date(2023, 1, 2), Month(2023, 2)),
            (date(2023, 12, 31), Month(2024, 1)),
        ],
    )
    def test_is_that_of_signing_only_from_its_first_day(
        self, signed_on: date, first: Month
    ) -> None:
        (event,) = signing(signed_on=signed_on, until_on=date(2024, 12, 31)).events
        assert event.first_month == first

    @pytest.mark.parametrize("over_on", [date(2023, 4, 2), date(2023, 4, 15)])
    def test_is_taken_over_from_an_agreement_that_held_on_its_first_day(
        self, over_on: date
    ) -> None:
        over = ended(AgreementEnd.EXPIRED, over_on)
        (event,) = signing(*AGREED, over, signed_on=APRIL_15).events
        assert event.first_month == Month(2023, 4)

    def test_is_not_taken_over_from_one_that_was_over_before(self) -> None:
        over = ended(AgreementEnd.EXPIRED, date(2023, 4, 1))
        (event,) = signing(*AGREED, over, signed_on=APRIL_15).events
        assert event.first_month == Month(2023, 5)


class TestExpiry:
    def test_the_day_after_the_last_is_the_first_without_it(self) -> None:
        command = Expire(agreement_id=AGREEMENT)
        expired = ended(AgreementEnd.EXPIRED, date(2024, 1, 1))
        given(*AGREED, on=date(2024, 1, 1)).when(command, expire).then(expired)
        given(*AGREED, expired, on=date(2024, 1, 1)).when(command, expire).then()

    def test_of_one_that_was_replaced_nothing_is_left_to_expire(self) -> None:
        over = ended(AgreementEnd.CAREGIVER_REPLACED, APRIL_15)
        second = signed(agreement_id=SECOND_AGREEMENT, signed_on=APRIL_15)
        command = Expire(agreement_id=AGREEMENT)
        given(*AGREED, over, second, on=date(2024, 1, 1)).when(command, expire).then()


class TestRectification:
    ON = date(2023, 4, 11)
    ORDERING = OrderRectification(order_id=ORDER, grounds=note("grounds"))

    def finishing(self, *, done: bool, order_id: UUID = ORDER) -> FinishRectification:
        findings = note("what was mended" if done else "why not")
        return FinishRectification(order_id=order_id, done=done, findings=findings)

    @pytest.mark.mechanism("S1-20")
    def test_the_county_orders_it_within_ten_working_days(self) -> None:
        given(*AGREED, on=self.ON).when(self.ORDERING, order_rectification).then(ordered())

    def test_it_needs_an_open_agreement(self) -> None:
        given(*AT_HOME, on=self.ON).when(self.ORDERING, order_rectification).refuses(
            "no-open-agreement"
        )

    def test_one_order_at_a_time_and_another_once_it_was_followed(self) -> None:
        beginning = given(*AGREED, ordered(), on=self.ON)
        beginning.when(self.ORDERING, order_rectification).refuses(
            "rectification-ordered", rectification="open"
        )
        later = OrderRectification(order_id=uuid5(ORDER, "again"), grounds=note("grounds"))
        (event,) = beginning.given(DONE).when(later, order_rectification).events
        assert event.order_id == later.order_id

    def test_who_refused_is_not_ordered_again(self) -> None:
        given(*TO_BE_REPLACED, on=self.ON).when(self.ORDERING, order_rectification).refuses(
            "rectification-ordered", rectification="refused"
        )

    def test_it_is_done_or_refused_once(self) -> None:
        beginning = given(*AGREED, ordered(), on=self.ON)
        beginning.when(self.finishing(done=True), finish_rectification).then(DONE)
        beginning.when(self.finishing(done=False), finish_rectification).then(REFUSED)
        for end in (DONE, REFUSED):
            beginning.given(end).when(self.finishing(done=True), finish_rectification).refuses(
                "no-such-order"
            )

    def test_another_order_is_not_this_one(self) -> None:
        command = self.finishing(done=True, order_id=uuid5(ORDER, "another"))
        given(*AGREED, on=self.ON).when(command, finish_rectification).refuses("no-such-order")
        given(*AGREED, ordered(), on=self.ON).when(command, finish_rectification).refuses(
            "no-such-order"
        )


class TestReplacement:
    def replacing(self, *history: Event, on: date = APRIL_15, **changed: Any) -> Decided:
        other: dict[str, Any] = {"agreement_id": SECOND_AGREEMENT, "caregiver": NEIGHBOUR}
        command = ReplaceCaregiver(terms=terms(**(other | changed)))
        return given(*(history or TO_BE_REPLACED), on=on).when(command, replace_caregiver)

    @pytest.mark.mechanism("S4-23")
    def test_case_16_who_refuses_is_replaced_by_a_new_agreement(self) -> None:
        self.replacing(visitor=OTHER_VISITOR).then(
            ended(AgreementEnd.CAREGIVER_REPLACED, APRIL_15),
            signed(
                agreement_id=SECOND_AGREEMENT,
                signed_on=APRIL_15,
                caregiver=NEIGHBOUR,
                visitor=OTHER_VISITOR,
                first_month=Month(2023, 4),
            ),
        )

    @pytest.mark.mechanism("S4-23")
    @pytest.mark.parametrize(
        ("orders", "standing"),
        [((), "none"), ((ordered(),), "open"), ((ordered(), DONE), "done")],
    )
    def test_only_after_a_refusal(self, orders: tuple[Event, ...], standing: str) -> None:
        self.replacing(*AGREED, *orders).refuses("replaced-only-on-refusal", rectification=standing)

    def test_by_somebody_else(self) -> None:
        self.replacing(caregiver=CAREGIVER).refuses("same-caregiver")
        self.replacing(visitor=NEIGHBOUR).refuses("visitor-is-a-party")

    def test_nobody_is_replaced_without_an_agreement(self) -> None:
        self.replacing(*AT_HOME).refuses("no-open-agreement")

    def test_the_first_agreement_is_closed_and_stands_as_it_was(self) -> None:
        end = ended(AgreementEnd.CAREGIVER_REPLACED, APRIL_15)
        second = signed(agreement_id=SECOND_AGREEMENT, caregiver=NEIGHBOUR, signed_on=APRIL_15)
        file: CareFile = given(*TO_BE_REPLACED, end, second, on=APRIL_15).state
        first, now = file.agreements
        assert (first.signed, first.ended) == (signed(), end)
        assert [order.standing for order in first.rectifications] == [Standing.REFUSED]
        assert (now.signed, now.ended, now.rectifications) == (second, None, ())
        assert file.stage is Stage.AGREED
