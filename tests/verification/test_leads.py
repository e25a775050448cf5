"""What contradicts a household is a lead: put to it, answered, checked again, cleared."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.verification import rules
from services.verification.decisions import (
    AnswerLead,
    CompleteCheck,
    NoteUnansweredLeads,
    RecordAnswer,
    RecordFailure,
    RecordHomeVisit,
    answer_lead,
    complete,
    note_unanswered_leads,
    record_answer,
    record_failure,
    record_home_visit,
)
from services.verification.duties import LEAD_UNANSWERED, agenda
from services.verification.model import CHECK
from shared.contracts.departments import (
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailure,
    RegisterEntry,
    RegisterKind,
)
from shared.contracts.fields import DeductionKind, DeductionLine, IncomeKind, IncomeLine, LineSource
from shared.contracts.home_visits import Bill, DeclaredProperty, HomeVisitRecorded
from shared.contracts.leads import (
    Contradiction,
    LeadAnswered,
    LeadClearance,
    LeadCleared,
    LeadKind,
    LeadLeftUnanswered,
    LeadOutcome,
    LeadRaised,
    LeadResponse,
    LeadStanding,
    LeadUpheld,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.documents import document
from tests.verification.household import (
    CASE,
    FIRST,
    HUSBAND,
    MOTHER,
    SECOND,
    THIRD,
    all_answered,
    answered,
    asked,
    home_visit,
    note,
    opened,
    reviewed,
    visited,
    wage,
)

TODAY = date(2020, 4, 7)
DUE = date(2020, 4, 17)
TAX = Department.TAX
HIGHER = answered(TAX, wage(HUSBAND, 3_100_00, LineSource.TAX))
OTHERS = all_answered()[1:]
CONTRADICTION = Contradiction(
    kind=LeadKind.INCOME_ABOVE_DECLARED,
    department=TAX,
    person_id=HUSBAND,
    income=IncomeKind.WAGE,
    declared=2_900_00,
    reported=3_100_00,
)
LEAD = LeadRaised(lead=1, contradiction=CONTRADICTION, answer_due=DUE)
STATED = DeclaredProperty(deposits_fen=800_00, houses=1, vehicles=0)


def given(*events: Event, on: date = TODAY) -> Given:
    return spec(CHECK, on=on).given(opened(), *asked(), *OTHERS, *events)


def with_lead(*events: Event) -> Given:
    """Visited, reviewed, and the tax office knows of a higher wage."""
    return given(visited(), reviewed(), HIGHER, LEAD, *events)


def answer_of(response: LeadResponse, *, data_stand: bool = True) -> AnswerLead:
    return AnswerLead(
        lead=1,
        response=response,
        statement=note("statement"),
        data_stand=data_stand,
        actor=THIRD,
    )


def said(response: LeadResponse, *, data_stand: bool = True) -> LeadAnswered:
    return LeadAnswered(
        lead=1,
        response=response,
        statement=note("statement"),
        data_stand=data_stand,
        concluded_by=THIRD,
    )


def reporting(answer: DepartmentAnswered) -> RecordAnswer:
    return RecordAnswer(
        department=answer.department,
        income=answer.income,
        deposits_fen=answer.deposits_fen,
        houses=answer.houses,
        vehicles=answer.vehicles,
        entries=answer.entries or (),
    )


def visit(*income: IncomeLine, **changed: Any) -> RecordHomeVisit:
    return home_visit(income=income, **changed)


class TestWhatContradicts:
    def found(self, answer: DepartmentAnswered, **changed: Any) -> list[LeadKind]:
        seen: HomeVisitRecorded = visited().model_copy(update=changed)
        return [c.kind for c in rules.contradictions(seen, answer)]

    @pytest.mark.parametrize(("reported_fen", "leads"), [(2_900_00, 0), (2_900_01, 1)])
    def test_income_above_the_declared(self, reported_fen: int, leads: int) -> None:
        answer = answered(TAX, wage(HUSBAND, reported_fen, LineSource.TAX))
        assert len(self.found(answer)) == leads

    def test_of_several_employers_their_sum(self) -> None:
        two = [wage(HUSBAND, 1_500_00, LineSource.TAX), wage(HUSBAND, 1_400_01, LineSource.TAX)]
        (found,) = rules.contradictions(visited(), answered(TAX, *two))
        assert (found.declared, found.reported) == (2_900_00, 2_900_01)

    def test_income_that_was_not_declared_at_all(self) -> None:
        (found,) = rules.contradictions(visited(), answered(TAX, wage(MOTHER, 1, LineSource.TAX)))
        assert (found.person_id, found.declared, found.reported) == (MOTHER, 0, 1)

    @pytest.mark.parametrize(
        ("figure", "at", "above", "kind"),
        [
            ("deposits_fen", 800_00, 800_01, LeadKind.DEPOSITS_ABOVE_DECLARED),
            ("houses", 1, 2, LeadKind.HOUSES_ABOVE_DECLARED),
            ("vehicles", 0, 1, LeadKind.VEHICLES_ABOVE_DECLARED),
        ],
    )
    def test_property_above_what_was_stated(
        self, figure: str, at: int, above: int, kind: LeadKind
    ) -> None:
        nothing = answered(Department.BANKS)
        assert self.found(nothing.model_copy(update={figure: at}), property=STATED) == []
        more = nothing.model_copy(update={figure: above})
        assert self.found(more, property=STATED) == [kind]
        assert self.found(more) == [], "where nothing was stated, nothing contradicts it"

    @pytest.mark.parametrize(
        ("entry", "kind"),
        [
            (RegisterKind.DECEASED, LeadKind.RECORDED_DEAD),
            (RegisterKind.IN_PRISON, LeadKind.IN_PRISON),
            (RegisterKind.IN_COMPULSORY_DETOX, LeadKind.IN_COMPULSORY_DETOX),
        ],
    )
    def test_a_member_who_cannot_live_in_the_household(
        self, entry: RegisterKind, kind: LeadKind
    ) -> None:
        entries = (RegisterEntry(person_id=MOTHER, kind=entry),)
        answer = answered(Department.SOCIAL_INSURANCE).model_copy(update={"entries": entries})
        assert self.found(answer) == [kind]

    @pytest.mark.parametrize(
        ("entry", "person", "kinds"),
        [
            (RegisterKind.ON_FISCAL_PAYROLL, HUSBAND, []),
            (RegisterKind.ON_FISCAL_PAYROLL, MOTHER, [LeadKind.PAYROLL_UNDECLARED]),
            (RegisterKind.BUSINESS_REGISTERED, HUSBAND, [LeadKind.BUSINESS_UNDECLARED]),
        ],
    )
    def test_a_livelihood_that_was_not_declared(
        self, entry: RegisterKind, person: UUID, kinds: list[LeadKind]
    ) -> None:
        entries = (RegisterEntry(person_id=person, kind=entry),)
        assert self.found(answered(TAX).model_copy(update={"entries": entries})) == kinds

    def test_a_business_whose_income_was_declared_does_not(self) -> None:
        shop = wage(HUSBAND, 1_000_00).model_copy(update={"kind": IncomeKind.BUSINESS})
        entries = (RegisterEntry(person_id=HUSBAND, kind=RegisterKind.BUSINESS_REGISTERED),)
        answer = answered(TAX).model_copy(update={"entries": entries})
        assert self.found(answer, income=(shop,)) == []


class TestALead:
    def test_is_raised_by_an_answer_after_the_visit(self) -> None:
        given(visited()).when(reporting(HIGHER), record_answer).then(HIGHER, LEAD)

    def test_is_raised_by_a_visit_after_the_answer(self) -> None:
        events = given(HIGHER).when(visit(wage(HUSBAND, 2_900_00)), record_home_visit).events
        assert events[1:] == (LEAD,)

    def test_waits_for_both_sides(self) -> None:
        given().when(reporting(HIGHER), record_answer).then(HIGHER)

    def test_is_not_raised_twice(self) -> None:
        again = given(visited(), HIGHER, LEAD).when(
            visit(wage(HUSBAND, 2_950_00)), record_home_visit
        )
        assert [type(e).__name__ for e in again.events] == ["HomeVisitRecorded"]

    def test_keeps_the_check_open_until_it_is_answered(self) -> None:
        refusal = (
            with_lead().when(CompleteCheck(actor=FIRST), complete).refuses("leads-open", leads="1")
        )
        assert refusal.source == rules.RECHECK_SOURCE

    def test_is_cleared_by_a_declaration_that_agrees(self) -> None:
        events = with_lead().when(visit(wage(HUSBAND, 3_100_00)), record_home_visit).events
        assert events[1:] == (LeadCleared(lead=1, by=LeadClearance.DECLARATION),)


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


class TestAnAnswerThatDoesNotCome:
    left = LeadLeftUnanswered(lead=1)

    def test_is_noted_once_on_the_day_after_the_last(self) -> None:
        command = NoteUnansweredLeads(due_on=DUE)
        with_lead().when(command, note_unanswered_leads).then(self.left)
        with_lead(self.left).when(command, note_unanswered_leads).then()

    def test_is_not_noted_before_or_where_it_came(self) -> None:
        early = NoteUnansweredLeads(due_on=date(2020, 4, 16))
        with_lead().when(early, note_unanswered_leads).then()
        with_lead(said(LeadResponse.ACKNOWLEDGED)).when(
            NoteUnansweredLeads(due_on=DUE), note_unanswered_leads
        ).then()

    def test_lets_the_check_go_on_with_the_lead_marked(self) -> None:
        (account,) = with_lead(self.left).when(CompleteCheck(actor=FIRST), complete).events
        assert [lead.standing for lead in account.leads] == [LeadStanding.UNANSWERED]
        assert account.income_fen == 3_100_00

    def test_may_come_late(self) -> None:
        late = answer_of(LeadResponse.EXPLAINED, data_stand=False)
        assert with_lead(self.left).when(late, answer_lead).events

    def test_is_on_the_agenda_from_the_lead_to_the_answer(self) -> None:
        (entry,) = agenda(document(LEAD, case_id=CASE, on=TODAY))
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.due_on) == (LEAD_UNANSWERED, date(2020, 4, 18))
        for settles in (
            said(LeadResponse.ACKNOWLEDGED),
            LeadCleared(lead=1, by=LeadClearance.RECHECK),
        ):
            (done,) = agenda(document(settles, case_id=CASE, on=TODAY))
            assert done == AgendaDone(LEAD_UNANSWERED, entry.key)
