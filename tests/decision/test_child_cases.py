"""A child's case: confirmed without publicity, changed as its parents' situation changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import (
    Approve,
    Decide,
    DecideChange,
    PostPublicity,
    approve,
    confirm,
    decide_change,
    post_publicity,
    refuse,
    report_change,
)
from shared.calendar import Month
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    MonthsRedetermined,
    PropertyHeld,
    StopReason,
)
from shared.contracts.children import ChildCircumstances, ChildPlacement, Minor, ParentCircumstances
from shared.contracts.fields import IncomeKind, IncomeLine, LineSource, Programme
from shared.contracts.publicity import PublicityRound
from shared.kernel.spec import Decided, Given
from tests.decision.children import (
    ABLE,
    CONFIRMED,
    DEAD,
    GUARDIAN,
    IN_PRISON,
    INSIDE_FEN,
    NOT_COVERED,
    OF_AGE,
    OUTSIDE_FEN,
    PROPOSED_ON,
    account,
    beside,
    child,
    confirmed,
    proposed,
    proposing,
    reporting,
)
from tests.decision.household import APPROVER, CHANGE, OTHER, PROPOSER, given
from tests.decision.household import opened as dibao_opened
from tests.verification.household import APPLICANT, FIRST

REPORTED_ON = date(2020, 6, 10)


class TestTheWay:
    def test_nothing_is_made_public(self) -> None:
        refusal = given(account(), proposed(), on=PROPOSED_ON).when(
            PostPublicity(round=PublicityRound.FIRST), post_publicity
        )
        refusal.refuses("no-such-publicity")

    def approved(self, on: date = PROPOSED_ON, **changed: Any) -> Given:
        (approval,) = (
            given(account(**changed), proposed(), on=PROPOSED_ON)
            .when(Approve(actor=APPROVER), approve)
            .events
        )
        return given(account(**changed), proposed(), approval, on=on)

    def test_the_county_decides_within_fifteen_working_days_of_the_approval(self) -> None:
        case = self.approved().state
        (approved,) = (
            given(account(), proposed(), on=PROPOSED_ON)
            .when(Approve(actor=APPROVER), approve)
            .events
        )
        assert case.stage == "approved"
        assert approved.decision_due.on == date(2020, 3, 31)

    def test_the_guardian_is_paid_from_the_next_month(self) -> None:
        command = Decide(actor=OTHER, role="county_approver")
        self.approved().when(command, confirm).then(confirmed())
        township = Decide(actor=OTHER, role="township_approver")
        self.approved().when(township, confirm).refuses("not-the-deciding-level")

    def test_who_surveyed_or_proposed_does_not_confirm(self) -> None:
        for actor in (FIRST, PROPOSER, APPROVER):
            command = Decide(actor=actor, role="county_approver")
            self.approved().when(command, confirm).refuses("same-hands")

    def test_a_refusal_is_told_within_three_working_days(self) -> None:
        (proposal,) = proposing(child(DEAD, ABLE)).events
        case = given(account(child(DEAD, ABLE)), proposal, on=date(2020, 3, 13))
        (refused,) = case.when(Decide(actor=OTHER, role="county_approver"), refuse).events
        assert (refused.reason, refused.notice_due.on) == (NOT_COVERED, date(2020, 3, 18))

    def test_a_child_for_whom_an_office_applied_is_paid_in_person(self) -> None:
        minor = Minor(turns_eighteen=Month(2025, 1))
        command = Decide(actor=OTHER, role="county_approver")
        (event,) = self.approved(minor=minor).when(command, confirm).events
        assert event.payee == APPLICANT

    def test_who_comes_of_age_meanwhile_is_refused(self) -> None:
        minor = Minor(turns_eighteen=Month(2020, 4), payee=GUARDIAN)
        command = Decide(actor=OTHER, role="county_approver")
        late = self.approved(on=date(2020, 4, 1), minor=minor)
        late.when(command, confirm).refuses("came-of-age")
        (refused,) = late.when(command, refuse).events
        assert refused.reason is OF_AGE
        in_time = self.approved(on=date(2020, 3, 31), minor=minor)
        (event,) = in_time.when(command, confirm).events
        assert event.pay_from == Month(2020, 4)
        in_time.when(command, refuse).refuses("no-reason-to-refuse")


def decided(of: ChildCircumstances, happened_on: date | None = None, **more: Any) -> Decided:
    case = given(*CONFIRMED, on=REPORTED_ON)
    (reported,) = case.when(reporting(of, happened_on=happened_on), report_change).events
    stated = {"actor": OTHER, "role": "county_approver", "change_id": CHANGE}
    command = DecideChange(**(stated | more))
    return case.given(reported).when(command, decide_change)


class TestWhatChanges:
    @pytest.mark.mechanism("S0-25")
    def test_a_parent_who_is_released_ends_it_from_the_next_month(self) -> None:
        (stopped,) = decided(child(father=ABLE)).events
        assert isinstance(stopped, BenefitStopped)
        assert (stopped.reason, stopped.last_month) == (
            StopReason.PARENT_NOT_COVERED,
            Month(2020, 6),
        )

    @pytest.mark.parametrize("father", [ABLE, DEAD])
    def test_nobody_is_phased_out_of_it(self, father: ParentCircumstances) -> None:
        refused = decided(child(father=father), phase_out_months=6)
        refused.refuses("no-phase-out", months=6, because="no_test_of_means")

    def test_a_parent_found_earlier_ends_it_from_the_month_after(self) -> None:
        stopped, beside_it = decided(child(mother=ABLE), date(2020, 4, 20)).events
        assert (stopped.reason, stopped.last_month) == (
            StopReason.PARENT_NOT_COVERED,
            Month(2020, 4),
        )
        assert isinstance(beside_it, MonthsRedetermined)
        assert beside_it.difference_fen == -2 * OUTSIDE_FEN

    def test_a_parent_who_died_leaves_it_as_it_is(self) -> None:
        """Father dead, mother missing: an orphan now, outside an institution as before."""
        (changed,) = decided(child(father=DEAD)).events
        assert isinstance(changed, AmountChanged)
        assert (changed.amount_fen, changed.from_month) == (OUTSIDE_FEN, Month(2020, 7))

    def test_an_orphan_who_enters_an_institution_is_paid_by_its_standard(self) -> None:
        now = child(DEAD, DEAD, placement=ChildPlacement.INSTITUTION)
        case = given(*CONFIRMED, on=REPORTED_ON)
        (reported,) = case.when(reporting(now), report_change).events
        command = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
        (changed,) = case.given(reported).when(command, decide_change).events
        assert changed.amount_fen == INSIDE_FEN
        assert case.given(reported, changed).state.child == now

    def test_a_share_of_dibao_that_begins_is_taken_off_and_one_as_large_ends_it(self) -> None:
        (changed,) = decided(child(paid_beside=beside(dibao_share=500_00))).events
        assert (changed.amount_fen, changed.counted_income_fen) == (900_00, 500_00)
        (stopped,) = decided(child(paid_beside=beside(dibao_share=OUTSIDE_FEN))).events
        assert stopped.reason is StopReason.PAID_AS_MUCH_BESIDE

    @pytest.mark.parametrize("on", [date(2020, 6, 10), date(2027, 3, 10)])
    def test_nobody_has_to_be_heard_before_it_is_less_or_over(self, on: date) -> None:
        """Child welfare is none of the kinds of the law of 2026, which wants a hearing."""
        confirmed_once = (account(minor=None), proposed(), confirmed())
        case = given(*confirmed_once, on=on)
        (reported,) = case.when(reporting(child(father=ABLE)), report_change).events
        command = DecideChange(actor=OTHER, role="county_approver", change_id=CHANGE)
        assert case.given(reported).when(command, decide_change).events

    def test_is_reported_by_itself_and_of_children_only(self) -> None:
        case = given(*CONFIRMED, on=REPORTED_ON)
        wage = IncomeLine(
            person_id=APPLICANT,
            kind=IncomeKind.WAGE,
            source=LineSource.DECLARED,
            amount_fen=1,
        )
        case.when(reporting(child(), income=(wage,)), report_change).refuses("child-change-is-all")
        has = PropertyHeld(deposits_fen=0, houses=0, vehicles=1)
        case.when(reporting(child(), property=has), report_change).refuses("child-change-is-all")
        case.when(reporting(None), report_change).refuses("programme-without-changes")
        one = child().model_copy(update={"parents": child().parents[:1]})
        case.when(reporting(one), report_change).refuses("child-parents-unclear", parents=1)
        untimed = IN_PRISON.model_copy(update={"months": None})
        refusal = case.when(reporting(child(untimed)), report_change)
        refusal.refuses("child-parents-unclear", situation="serving_sentence")
        household = given(
            dibao_opened(), proposed(), confirmed(programme=Programme.DIBAO), on=REPORTED_ON
        )
        refusal = household.when(reporting(child()), report_change)
        refusal.refuses("child-circumstances-out-of-place", programme="dibao")
