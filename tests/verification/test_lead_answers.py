"""A lead is put to the household: answered, checked again, cleared or upheld."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.verification import rules
from services.verification.decisions import (
    CompleteCheck,
    RecordFailure,
    answer_lead,
    complete,
    record_answer,
    record_failure,
    record_home_visit,
)
from shared.contracts.departments import Department, DepartmentAsked, DepartmentFailure
from shared.contracts.fields import DeductionKind, DeductionLine, LineSource
from shared.contracts.home_visits import Bill
from shared.contracts.leads import (
    Contradiction,
    LeadClearance,
    LeadCleared,
    LeadKind,
    LeadOutcome,
    LeadRaised,
    LeadResponse,
    LeadStanding,
    LeadUpheld,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given
from tests.verification.household import (
    FIRST,
    HUSBAND,
    MOTHER,
    SECOND,
    THIRD,
    all_answered,
    answered,
    opened,
    reviewed,
    visited,
    wage,
)
from tests.verification.leads import (
    CONTRADICTION,
    HIGHER,
    STATED,
    TAX,
    TODAY,
    answer_of,
    given,
    reporting,
    said,
    visit,
    with_lead,
)


class TestTheHouseholdsAnswer:
    def account(self, *events: Event) -> Any:
        (completed,) = with_lead(*events).when(CompleteCheck(actor=FIRST), complete).events
        return completed

    def test_that_agrees_lets_the_data_count(self) -> None:
        response = LeadResponse.ACKNOWLEDGED
        with_lead().when(answer_of(response), answer_lead).then(said(response))
        account = self.account(said(response))
        assert account.income_fen == 3_100_00
        assert account.leads == (
            LeadOutcome(lead=1, contradiction=CONTRADICTION, standing=LeadStanding.ACKNOWLEDGED),
        )

    def test_that_explains_may_be_accepted_against_the_data(self) -> None:
        command = answer_of(LeadResponse.EXPLAINED, data_stand=False)
        with_lead().when(command, answer_lead).then(said(LeadResponse.EXPLAINED, data_stand=False))
        account = self.account(said(LeadResponse.EXPLAINED, data_stand=False))
        assert account.income_fen == 2_900_00
        assert [lead.standing for lead in account.leads] == [LeadStanding.SET_ASIDE]

    def test_that_explains_may_not_be_accepted(self) -> None:
        account = self.account(said(LeadResponse.EXPLAINED))
        assert account.income_fen == 3_100_00
        assert [lead.standing for lead in account.leads] == [LeadStanding.EXPLAINED]

    def test_makes_who_set_data_aside_one_of_the_surveys_hands(self) -> None:
        aside = self.account(said(LeadResponse.EXPLAINED, data_stand=False))
        kept = self.account(said(LeadResponse.EXPLAINED))
        assert aside.surveyors == (FIRST, SECOND, THIRD)
        assert kept.surveyors == (FIRST, SECOND)

    @pytest.mark.parametrize("response", [LeadResponse.ACKNOWLEDGED, LeadResponse.OBJECTED])
    def test_sets_no_data_aside_without_an_explanation(self, response: LeadResponse) -> None:
        refusal = (
            with_lead()
            .when(answer_of(response, data_stand=False), answer_lead)
            .refuses("lead-conclusion-contradicts", response=response)
        )
        assert refusal.status == 422

    def test_to_no_lead_is_refused(self) -> None:
        given(visited()).when(answer_of(LeadResponse.EXPLAINED), answer_lead).refuses(
            "lead-unknown", leads=0
        )

    def test_to_a_cleared_lead_is_refused(self) -> None:
        cleared = LeadCleared(lead=1, by=LeadClearance.DECLARATION)
        with_lead(cleared).when(answer_of(LeadResponse.EXPLAINED), answer_lead).refuses(
            "lead-not-open", standing="cleared"
        )

    def test_may_be_given_anew_until_the_check_is_complete(self) -> None:
        account = self.account(
            said(LeadResponse.ACKNOWLEDGED), said(LeadResponse.EXPLAINED, data_stand=False)
        )
        assert account.income_fen == 2_900_00

    def test_of_property_brings_back_what_was_stated(self) -> None:
        seen = visited().model_copy(update={"property": STATED})
        banks = answered(Department.BANKS, deposits_fen=9_000_00, vehicles=1)
        (lead,) = rules.contradictions(seen, banks)[:1]
        outcome = LeadOutcome(lead=1, contradiction=lead, standing=LeadStanding.SET_ASIDE)
        parameters = given().moment.policy.at(opened().division, "dibao", TODAY)
        statement = rules.Statement.of(seen)
        heard = rules.account(parameters, statement, [banks], [outcome])
        unheard = rules.account(parameters, statement, [banks])
        assert (heard.deposits_fen, heard.vehicles) == (800_00, 1)
        fewer = STATED.model_copy(update={"deposits_fen": 300_00})
        later = rules.Statement.of(seen.model_copy(update={"property": fewer}))
        assert rules.account(parameters, later, [banks], [outcome]).deposits_fen == 300_00
        assert (unheard.deposits_fen, unheard.houses) == (9_000_00, 1)


class TestAnObjection:
    """民发〔2012〕220号, art. 20; 民发〔2021〕57号, art. 18: the office checks again."""

    objected = said(LeadResponse.OBJECTED)
    asked_again = DepartmentAsked(department=TAX)

    def test_has_the_department_asked_again(self) -> None:
        with_lead().when(answer_of(LeadResponse.OBJECTED), answer_lead).then(
            self.objected, self.asked_again
        )

    def test_keeps_the_check_open_meanwhile(self) -> None:
        waiting = with_lead(self.objected, self.asked_again)
        waiting.when(CompleteCheck(actor=FIRST), complete).refuses("departments-outstanding")
        waiting.when(answer_of(LeadResponse.EXPLAINED), answer_lead).refuses(
            "lead-not-open", standing="being_rechecked"
        )

    def test_that_proves_right_clears_the_lead(self) -> None:
        corrected = answered(TAX, wage(HUSBAND, 2_900_00, LineSource.TAX))
        with_lead(self.objected, self.asked_again).when(reporting(corrected), record_answer).then(
            corrected, LeadCleared(lead=1, by=LeadClearance.RECHECK)
        )

    def test_that_does_not_leaves_the_lead_upheld_and_the_data_standing(self) -> None:
        waiting = with_lead(self.objected, self.asked_again)
        waiting.when(reporting(HIGHER), record_answer).then(HIGHER, LeadUpheld(lead=1))
        settled = waiting.given(HIGHER, LeadUpheld(lead=1))
        (account,) = settled.when(CompleteCheck(actor=FIRST), complete).events
        assert account.income_fen == 3_100_00
        assert [lead.standing for lead in account.leads] == [LeadStanding.UPHELD]

    def test_is_heard_once(self) -> None:
        upheld = with_lead(self.objected, self.asked_again, HIGHER, LeadUpheld(lead=1))
        upheld.when(answer_of(LeadResponse.OBJECTED), answer_lead).refuses("lead-rechecked-before")
        upheld.given(said(LeadResponse.EXPLAINED)).when(
            answer_of(LeadResponse.OBJECTED), answer_lead
        ).refuses("lead-rechecked-before")

    def test_of_other_data_is_another_lead(self) -> None:
        more = answered(TAX, wage(HUSBAND, 3_200_00, LineSource.TAX))
        events = (
            with_lead(self.objected, self.asked_again).when(reporting(more), record_answer).events
        )
        assert events[1] == LeadCleared(lead=1, by=LeadClearance.RECHECK)
        assert (events[2].lead, events[2].contradiction.reported) == (2, 3_200_00)

    def test_that_the_department_does_not_answer_clears_it(self) -> None:
        failure = RecordFailure(department=TAX, failure=DepartmentFailure.REFUSED)
        events = with_lead(self.objected, self.asked_again).when(failure, record_failure).events
        assert events[1:] == (LeadCleared(lead=1, by=LeadClearance.RECHECK),)

    def test_with_the_word_taken_back_has_refuted_nothing(self) -> None:
        """Else whoever objects and withdraws would have the data out of the account."""
        failure = RecordFailure(department=TAX, failure=DepartmentFailure.NOT_AUTHORISED)
        waiting = with_lead(self.objected, self.asked_again)
        failed, *upheld = waiting.when(failure, record_failure).events
        assert upheld == [LeadUpheld(lead=1)]
        settled = waiting.given(failed, *upheld)
        (account,) = settled.when(CompleteCheck(actor=FIRST), complete).events
        assert account.income_fen == 3_100_00
        assert account.missing == ()
        assert [lead.standing for lead in account.leads] == [LeadStanding.UPHELD]

    def test_to_two_leads_of_one_department_asks_it_once(self) -> None:
        second = LeadRaised(
            lead=2,
            contradiction=Contradiction(
                kind=LeadKind.RECORDED_DEAD, department=TAX, person_id=MOTHER
            ),
        )
        command = answer_of(LeadResponse.OBJECTED).model_copy(update={"lead": 2})
        events = (
            with_lead(second, self.objected, self.asked_again).when(command, answer_lead).events
        )
        assert [type(event).__name__ for event in events] == ["LeadAnswered"]

    def test_leaves_leads_of_a_department_that_is_being_asked_to_its_answer(self) -> None:
        waiting = with_lead(self.objected, self.asked_again)
        agreeing = visit(wage(HUSBAND, 3_100_00))
        events = waiting.when(agreeing, record_home_visit).events
        assert [type(event).__name__ for event in events] == ["HomeVisitRecorded"]
        answered_again = waiting.given(*events).when(reporting(HIGHER), record_answer)
        answered_again.then(HIGHER, LeadCleared(lead=1, by=LeadClearance.RECHECK))


class TestABill:
    bill = Bill(
        person_id=MOTHER,
        kind=DeductionKind.ILLNESS,
        number_digest="ab" * 32,
        issued_on=date(2020, 1, 1),
        amount_fen=4_800_00,
        reimbursed_fen=0,
    )
    raised = LeadRaised(
        lead=1,
        contradiction=Contradiction(
            kind=LeadKind.BILL_USED_ELSEWHERE,
            person_id=MOTHER,
            number_digest="ab" * 32,
            other_case=uuid5(HOUSE, "tests/other case"),
        ),
    )

    def check(self, *events: Event) -> Given:
        line = DeductionLine(kind=DeductionKind.ILLNESS, amount_fen=400_00)
        seen = visited().model_copy(
            update={"bills": (self.bill,), "window_months": 12, "deductions": (line,)}
        )
        return given(all_answered()[0], seen, reviewed(), self.raised, *events)

    @pytest.mark.parametrize(
        ("response", "data_stand", "deducted_fen"),
        [
            (LeadResponse.ACKNOWLEDGED, True, 0),
            (LeadResponse.EXPLAINED, True, 0),
            (LeadResponse.EXPLAINED, False, 400_00),
        ],
    )
    def test_used_elsewhere_is_deducted_only_where_that_is_explained(
        self, response: LeadResponse, data_stand: bool, deducted_fen: int
    ) -> None:
        check = self.check(said(response, data_stand=data_stand))
        (account,) = check.when(CompleteCheck(actor=FIRST), complete).events
        assert account.deducted_fen == deducted_fen
        assert (account.bills is None) is (deducted_fen == 0)

    def test_has_no_department_to_ask_again(self) -> None:
        self.check().when(answer_of(LeadResponse.OBJECTED), answer_lead).refuses(
            "lead-without-department", kind="bill_used_elsewhere"
        )
