"""What contradicts a household is a lead; one that nobody answers is left so by its last day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.verification import rules
from services.verification.decisions import (
    CompleteCheck,
    NoteUnansweredLeads,
    answer_lead,
    complete,
    note_unanswered_leads,
    record_answer,
    record_home_visit,
)
from services.verification.duties import LEAD_UNANSWERED, agenda
from shared.contracts.departments import Department, DepartmentAnswered, RegisterEntry, RegisterKind
from shared.contracts.fields import IncomeKind, LineSource
from shared.contracts.home_visits import HomeVisitRecorded
from shared.contracts.leads import (
    LeadClearance,
    LeadCleared,
    LeadKind,
    LeadLeftUnanswered,
    LeadResponse,
    LeadStanding,
)
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.documents import document
from tests.verification.household import CASE, FIRST, HUSBAND, MOTHER, answered, visited, wage
from tests.verification.leads import (
    DUE,
    HIGHER,
    LEAD,
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
        assert refusal.source == "民发〔2012〕220号 art. 20; 民发〔2021〕57号 art. 18"

    def test_is_cleared_by_a_declaration_that_agrees(self) -> None:
        events = with_lead().when(visit(wage(HUSBAND, 3_100_00)), record_home_visit).events
        assert events[1:] == (LeadCleared(lead=1, by=LeadClearance.DECLARATION),)


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
