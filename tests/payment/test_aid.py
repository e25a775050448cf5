"""An aid's payment: awaited by a date, advanced or paid by the county, once, and late if late."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.payment.decisions import (
    AwaitAid,
    DeclineAid,
    NoteOverdueAid,
    await_aid,
    decline_aid,
    intend_aid,
    note_overdue_aid,
    settle,
)
from services.payment.duties import AID_OVERDUE, agenda
from services.payment.model import BANK_INSTRUCTION, PAYMENT, PaymentStage, payment_of_aid
from services.payment.rules import payment_id_of
from services.payment.views import PaymentRow, fold_payment
from shared.calendar import Month
from shared.contracts.payment import (
    AidPaymentNotDue,
)
from shared.kernel.decider import Fact
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.documents import document
from tests.payment.cases import TOWNSHIP, VILLAGE, case
from tests.payment.words import (
    ACCEPTED_ON,
    AID,
    AWAITED,
    BY,
    DAY_AFTER,
    OVERDUE,
    PAID,
    PAY_BY,
    RETURNED,
    SETTLED,
    intended,
    intending,
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
