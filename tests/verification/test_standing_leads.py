"""What a periodic check finds is put to the household, and what stands calls for a review."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.verification.decisions import (
    AnswerLead,
    NoteUnansweredLeads,
    RecordFailure,
    answer_standing_lead,
)
from services.verification.decisions.books import (
    NoteAuthorisationWithdrawn,
    note_authorisation_withdrawn,
)
from services.verification.decisions.periodic import (
    record_periodic_answer,
    record_periodic_failure,
)
from services.verification.decisions.standing_leads import note_unanswered_standing_leads
from services.verification.duties import DUTIES, STANDING_LEAD_UNANSWERED, agenda
from services.verification.model import STANDING_HOUSEHOLD
from shared.contracts.departments import (
    Department,
    DepartmentAnswered,
    DepartmentFailure,
    RegisterEntry,
    RegisterKind,
)
from shared.contracts.fields import LineSource
from shared.contracts.leads import (
    Contradiction,
    LeadClearance,
    LeadKind,
    LeadResponse,
)
from shared.contracts.standing_households import (
    HouseholdLeftBooks,
    HouseholdPeopleNoted,
    KnownMeansNoted,
    MemberAuthorisationWithdrawn,
    PeriodicQueryAsked,
    PeriodicQueryFailed,
    ReviewCalledFor,
    Standing,
    StandingLeadAnswered,
    StandingLeadCleared,
    StandingLeadLeftUnanswered,
    StandingLeadRaised,
    StandingLeadUpheld,
)
from shared.kernel.event import Event
from shared.kernel.spec import Decided, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.documents import document
from tests.verification.books import (
    A_VEHICLE,
    BANKS,
    DUE,
    KNOWN,
    LEAD,
    OPENED_CHECK,
    PBOC,
    TAX,
    VEHICLES,
    account,
    entered,
    heard,
    on_books,
    opened_periodic,
    said,
    scheduled,
)
from tests.verification.household import (
    APPLICANT,
    CASE,
    HUSBAND,
    MOTHER,
    THIRD,
    answered,
    note,
    wage,
)

OTHER_DAY = date(2023, 8, 20)
CALLED = ReviewCalledFor(lead=1, contradiction=A_VEHICLE)


def found(
    department: Department,
    *events: Event,
    check: tuple[Event, ...] | None = None,
    **answer: Any,
) -> list[Any]:
    """What an answer leads to beside being recorded."""
    given = on_books(*events, opened_periodic(department), check=check)
    _answer, *rest = given.when(said(department, **answer), record_periodic_answer).events
    return rest


def contradictions(department: Department, *events: Event, **answer: Any) -> list[Contradiction]:
    raised = found(department, *events, **answer)
    return [event.contradiction for event in raised if isinstance(event, StandingLeadRaised)]


def wages(amount_fen: int) -> dict[str, Any]:
    return {"income": (wage(HUSBAND, amount_fen, LineSource.TAX),)}


class TestWhatIsNews:
    @pytest.mark.mechanism("S4-43")
    def test_a_vehicle_that_nobody_knew_of_is_put_to_the_household(self) -> None:
        assert found(VEHICLES, vehicles=1) == [LEAD]

    def test_what_is_known_is_none(self) -> None:
        assert found(TAX, **wages(2_900_00)) == []
        assert found(BANKS, deposits_fen=5_000_00) == []
        assert found(Department.HOUSING, houses=1) == []

    @pytest.mark.mechanism("S4-43")
    @pytest.mark.parametrize(("wage_fen", "kind"), [(3_190_00, None), (3_190_01, "above")])
    def test_a_wage_is_where_it_differs_by_more_than_a_tenth(
        self, wage_fen: int, kind: str | None
    ) -> None:
        raised = contradictions(TAX, **wages(wage_fen))
        assert [one.reported for one in raised] == ([] if kind is None else [wage_fen])

    @pytest.mark.parametrize(("wage_fen", "kinds"), [(2_610_00, []), (2_609_99, ["below"])])
    def test_so_is_less_of_one_that_rests_on_this_department_alone(
        self, wage_fen: int, kinds: list[str]
    ) -> None:
        raised = contradictions(TAX, **wages(wage_fen))
        assert [one.kind for one in raised] == [LeadKind.INCOME_BELOW_KNOWN for _ in kinds]

    def test_of_who_has_left_the_household_there_is_none(self) -> None:
        """Nobody is asked about him any more, and a late answer may still tell of him."""
        left = HouseholdPeopleNoted(people=(APPLICANT, MOTHER))
        assert [one.kind for one in contradictions(TAX)] == [LeadKind.INCOME_BELOW_KNOWN]
        assert contradictions(TAX, left) == []
        assert contradictions(TAX, left, **wages(9_000_00)) == []

    def test_less_of_what_somebody_else_states_is_none(self) -> None:
        assert contradictions(Department.SOCIAL_INSURANCE) == []

    @pytest.mark.parametrize(("deposits_fen", "news"), [(5_500_00, False), (5_500_01, True)])
    def test_deposits_are_beyond_interest(self, deposits_fen: int, news: bool) -> None:
        assert bool(contradictions(BANKS, deposits_fen=deposits_fen)) is news

    @pytest.mark.mechanism("S4-43")
    def test_a_death_in_the_register_of_funerals_is_put_to_the_household_too(self) -> None:
        entry = RegisterEntry(person_id=MOTHER, kind=RegisterKind.DECEASED)
        (said_of,) = contradictions(Department.CIVIL_AFFAIRS, entries=(entry,))
        assert (said_of.kind, said_of.person_id) == (LeadKind.RECORDED_DEAD, MOTHER)

    def test_what_was_dealt_with_in_the_application_is_none(self) -> None:
        explained = answered(VEHICLES, vehicles=1)
        check = (OPENED_CHECK, explained, account())
        assert found(VEHICLES, check=check, vehicles=1) == []
        assert len(found(VEHICLES, check=check, vehicles=2)) == 1

    @pytest.mark.mechanism("S4-43")
    def test_the_same_is_put_to_the_household_once(self) -> None:
        before = (heard(VEHICLES, vehicles=1), LEAD)
        assert found(VEHICLES, *before, vehicles=1) == []
        (second,) = contradictions(VEHICLES, *before, vehicles=2)
        assert (second.declared, second.reported) == (0, 2)

    def test_deposits_that_creep_up_are_news_once_they_are_a_tenth_above_what_is_known(
        self,
    ) -> None:
        crept = (heard(BANKS, deposits_fen=5_400_00),)
        assert contradictions(BANKS, *crept, deposits_fen=5_800_00)

    def test_what_has_been_reported_since_is_none(self) -> None:
        reported = KnownMeansNoted(known=KNOWN.model_copy(update={"vehicles": 1}))
        assert found(VEHICLES, reported, vehicles=1) == []

    def test_of_whom_nothing_is_known_the_first_answer_is_where_it_begins(self) -> None:
        def nobody(*events: Event) -> Any:
            own = entered(Standing.OTHER_LOW_INCOME, known=None)
            given = spec(STANDING_HOUSEHOLD, on=DUE).given(own, scheduled(), *events)
            return given.beside(CHECK_OF_NOBODY, OPENED_CHECK)

        from services.verification.model import CHECK as CHECK_OF_NOBODY

        first = nobody(opened_periodic(VEHICLES))
        assert len(first.when(said(VEHICLES, vehicles=1), record_periodic_answer).events) == 1
        later = nobody(heard(VEHICLES, vehicles=1), opened_periodic(VEHICLES))
        assert len(later.when(said(VEHICLES, vehicles=1), record_periodic_answer).events) == 1
        assert len(later.when(said(VEHICLES, vehicles=2), record_periodic_answer).events) == 2


class TestTheSameMoney:
    """An account that a bank and the People's Bank tell of is one account."""

    KNOWS = 9_000_00

    @pytest.mark.mechanism("S4-43")
    def test_banks_say_nothing_of_it_once_the_network_has_answered(self) -> None:
        network = heard(PBOC, deposits_fen=5_000_00)
        assert found(BANKS, network, deposits_fen=self.KNOWS) == []
        in_check = DepartmentAnswered(**dict(answered(PBOC)))
        check = (OPENED_CHECK, in_check, account())
        assert found(BANKS, check=check, deposits_fen=self.KNOWS) == []

    @pytest.mark.mechanism("S4-43")
    def test_a_lead_of_the_banks_gives_way_to_the_networks(self) -> None:
        money = Contradiction(
            kind=LeadKind.DEPOSITS_ABOVE_DECLARED,
            department=BANKS,
            declared=5_000_00,
            reported=self.KNOWS,
        )
        lead = StandingLeadRaised(lead=1, contradiction=money)
        cleared, raised = found(PBOC, lead, deposits_fen=self.KNOWS)
        assert cleared == StandingLeadCleared(lead=1, by=LeadClearance.SUPERSEDED)
        assert raised.contradiction.department is PBOC


def answering(
    response: LeadResponse, *events: Event, data_stand: bool = True, on: date = DUE
) -> Decided:
    command = AnswerLead(
        lead=1,
        response=response,
        statement=note("statement"),
        data_stand=data_stand,
        actor=THIRD,
    )
    return on_books(LEAD, *events, on=on).when(command, answer_standing_lead)


def told(response: LeadResponse, *, data_stand: bool = True) -> StandingLeadAnswered:
    return StandingLeadAnswered(
        lead=1,
        response=response,
        statement=note("statement"),
        data_stand=data_stand,
        concluded_by=THIRD,
    )


class TestTheAnswer:
    REVIEW = CALLED.model_copy(update={"concluded_by": THIRD})

    @pytest.mark.mechanism("S4-43")
    @pytest.mark.parametrize("response", [LeadResponse.ACKNOWLEDGED, LeadResponse.EXPLAINED])
    def test_that_leaves_the_data_standing_has_the_case_reviewed(
        self, response: LeadResponse
    ) -> None:
        answering(response).then(told(response), self.REVIEW)

    def test_that_is_accepted_against_the_data_ends_it(self) -> None:
        explained = told(LeadResponse.EXPLAINED, data_stand=False)
        answering(LeadResponse.EXPLAINED, data_stand=False).then(explained)
        assert found(VEHICLES, LEAD, explained, vehicles=1) == []

    @pytest.mark.mechanism("S4-43")
    def test_that_objects_has_the_department_asked_again_and_it_decides(self) -> None:
        objected = told(LeadResponse.OBJECTED)
        again = PeriodicQueryAsked(department=VEHICLES)
        answering(LeadResponse.OBJECTED).then(objected, again)
        upheld, called = found(VEHICLES, LEAD, objected, vehicles=1)
        assert (upheld, called) == (StandingLeadUpheld(lead=1), self.REVIEW)
        assert found(VEHICLES, LEAD, objected) == [
            StandingLeadCleared(lead=1, by=LeadClearance.RECHECK)
        ]

    def test_that_objects_and_takes_the_word_back_refutes_nothing(self) -> None:
        """Nobody may be asked again: what was said stands, and the case is reviewed."""
        objected = told(LeadResponse.OBJECTED)
        waiting = (LEAD, objected, PeriodicQueryAsked(department=VEHICLES))
        gone = MemberAuthorisationWithdrawn(person_id=HUSBAND)
        withdrawing = NoteAuthorisationWithdrawn(person_id=HUSBAND)
        stands = (StandingLeadUpheld(lead=1), self.REVIEW)
        on_books(*waiting).when(withdrawing, note_authorisation_withdrawn).then(gone, *stands)
        self.failing(DepartmentFailure.NOT_AUTHORISED, *waiting).then(
            PeriodicQueryFailed(department=VEHICLES, failure=DepartmentFailure.NOT_AUTHORISED),
            *stands,
        )
        on_books(LEAD).when(withdrawing, note_authorisation_withdrawn).then(gone)

    def test_that_objects_to_what_the_department_does_not_say_again_clears_it(self) -> None:
        waiting = (LEAD, told(LeadResponse.OBJECTED), PeriodicQueryAsked(department=VEHICLES))
        refused = PeriodicQueryFailed(department=VEHICLES, failure=DepartmentFailure.REFUSED)
        cleared = StandingLeadCleared(lead=1, by=LeadClearance.RECHECK)
        self.failing(DepartmentFailure.REFUSED, *waiting).then(refused, cleared)
        self.failing(DepartmentFailure.REFUSED, LEAD, waiting[2]).then(refused)

    def failing(self, failure: DepartmentFailure, *events: Event) -> Decided:
        command = RecordFailure(department=VEHICLES, failure=failure)
        return on_books(*events).when(command, record_periodic_failure)

    def test_that_objects_asks_nobody_who_is_being_asked_nor_without_a_word(self) -> None:
        objected = told(LeadResponse.OBJECTED)
        answering(LeadResponse.OBJECTED, opened_periodic(VEHICLES)).then(objected)
        gone = MemberAuthorisationWithdrawn(person_id=HUSBAND)
        answering(LeadResponse.OBJECTED, gone).refuses("household-not-authorised")

    def test_that_objects_twice_or_of_no_lead_is_refused(self) -> None:
        objected = told(LeadResponse.OBJECTED)
        answering(LeadResponse.OBJECTED, objected).refuses("lead-not-open")
        upheld = StandingLeadUpheld(lead=1)
        answering(LeadResponse.OBJECTED, objected, upheld).refuses("lead-rechecked-before")
        command = AnswerLead(
            lead=2,
            response=LeadResponse.ACKNOWLEDGED,
            statement=note("statement"),
            data_stand=True,
            actor=THIRD,
        )
        on_books(LEAD).when(command, answer_standing_lead).refuses("lead-unknown", leads=1)

    def test_of_who_is_off_the_books_is_refused(self) -> None:
        left = HouseholdLeftBooks(standing=Standing.EDGE_HOUSEHOLD)
        answering(LeadResponse.ACKNOWLEDGED, left).refuses("household-not-on-books")

    def test_calls_for_one_review_however_often_it_is_given(self) -> None:
        again = (told(LeadResponse.ACKNOWLEDGED), CALLED)
        answering(LeadResponse.EXPLAINED, *again).then(told(LeadResponse.EXPLAINED))


class TestSilence:
    def silent(self, due_on: date, *events: Event) -> Decided:
        given = on_books(LEAD, *events).histories[0]
        books = spec(STANDING_HOUSEHOLD, on=OTHER_DAY).given(*given.events)
        return books.when(NoteUnansweredLeads(due_on=due_on), note_unanswered_standing_leads)

    @pytest.mark.mechanism("S4-43")
    def test_to_the_last_day_has_the_case_reviewed_without_an_answer(self) -> None:
        self.silent(date(2023, 5, 24)).then()
        self.silent(date(2023, 5, 25)).then(StandingLeadLeftUnanswered(lead=1), CALLED)

    def test_is_marked_once_and_not_after_an_answer(self) -> None:
        self.silent(date(2023, 5, 25), StandingLeadLeftUnanswered(lead=1), CALLED).then()
        self.silent(date(2023, 5, 25), told(LeadResponse.ACKNOWLEDGED), CALLED).then()

    def test_falls_due_on_the_day_after(self) -> None:
        stream = uuid4()
        (entry,) = agenda(document(LEAD, case_id=CASE, on=DUE, stream=stream))
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.due_on) == (STANDING_LEAD_UNANSWERED, date(2023, 5, 26))
        command = DUTIES[entry.kind](entry).command
        assert command == NoteUnansweredLeads(due_on=date(2023, 5, 25))
        answer = told(LeadResponse.ACKNOWLEDGED)
        (done,) = agenda(document(answer, case_id=CASE, on=DUE, stream=stream))
        assert done == AgendaDone(STANDING_LEAD_UNANSWERED, entry.key)


def test_what_a_department_says_no_longer_is_cleared_and_counts_anew_later() -> None:
    answer = (told(LeadResponse.ACKNOWLEDGED), CALLED)
    cleared = StandingLeadCleared(lead=1, by=LeadClearance.RECHECK)
    assert found(VEHICLES, LEAD, *answer) == [cleared]
    (second,) = found(VEHICLES, LEAD, *answer, cleared, vehicles=1)
    assert second.lead == 2
