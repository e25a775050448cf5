"""The days from the acceptance to the decision: owed, extended for special cases, missed."""

from __future__ import annotations

from datetime import date
from uuid import uuid5

import pytest

from services.decision.decisions.terms import (
    ExtendForObjection,
    ExtendForSurvey,
    NoteMissedDecision,
    OweDecision,
    extend_for_objection,
    extend_for_survey,
    note_missed_decision,
    owe_decision,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import DETERMINATION, TERM
from services.decision.printed import page
from services.decision.reactions.terms import on_application_accepted, on_objection_raised
from services.decision.views.terms import fold
from shared.calendar import CALENDAR_VERSION
from shared.contracts.decision import CaseRefused, RefusalReason
from shared.contracts.decision_terms import (
    DecisionMissed,
    DecisionOwed,
    DecisionTermExtended,
    ExtensionReason,
)
from shared.contracts.fields import Due, Programme
from shared.contracts.intake import ApplicationAccepted
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.regions import load_regions
from tests.decision.household import FOUR, OTHER, confirmed, objected, opened, policy, proposed
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, FUJIAN, SHAANXI, note

FIRST_OF_57 = date(2021, 7, 1)
ORDINARY, SPECIAL = date(2021, 8, 12), date(2021, 9, 2)
"""Thirty working days from the first of July 2021, and forty-five."""
WHY = note("hard survey")


def due(on: date) -> Due:
    return Due(on=on, calendar=CALENDAR_VERSION)


def owed(
    on: date = ORDINARY, accepted_on: date = FIRST_OF_57, division: str = FUJIAN
) -> DecisionOwed:
    return DecisionOwed(
        programme=Programme.DIBAO,
        division=division,
        applicant=APPLICANT,
        accepted_on=accepted_on,
        due=due(on),
    )


def extended(
    reason: ExtensionReason = ExtensionReason.OBJECTION, on: date = SPECIAL
) -> DecisionTermExtended:
    if reason is ExtensionReason.OBJECTION:
        return DecisionTermExtended(reason=reason, due=due(on))
    return DecisionTermExtended(reason=reason, due=due(on), extended_by=OTHER, findings=WHY)


REFUSED = CaseRefused(
    programme=Programme.DIBAO,
    division=FUJIAN,
    applicant=APPLICANT,
    reason=RefusalReason.INCOME_NOT_BELOW_STANDARD,
    notice_due=due(SPECIAL),
)
OPEN = (opened(accepted_on=FIRST_OF_57), proposed())
CONFIRMED = (*OPEN, confirmed())
OBJECTED, HARD = ExtendForObjection(), ExtendForSurvey(actor=OTHER, findings=WHY)


def given(*events: Event, on: date = ORDINARY, case: tuple[Event, ...] = OPEN) -> Given:
    """A term to which this has happened, beside its case."""
    return spec(TERM, on=on, policy=policy()).given(*events).beside(DETERMINATION, *case)


class TestTheLastDay:
    accepted = ApplicationAccepted(
        programme=Programme.DIBAO,
        division=FUJIAN,
        applicant=APPLICANT,
        members=FOUR,
        survey_due=due(date(2021, 7, 6)),
        decide_by=due(ORDINARY),
    )

    def test_comes_with_the_acceptance_once(self) -> None:
        told = document(self.accepted, case_id=CASE, on=FIRST_OF_57)
        (submission,) = on_application_accepted(told)
        assert isinstance(submission.command, OweDecision)
        given(case=()).when(submission.command, owe_decision).then(owed())
        given(owed()).when(submission.command, owe_decision).then()
        given(case=CONFIRMED).when(submission.command, owe_decision).then()

    def test_is_none_where_intake_counted_none(self) -> None:
        without = self.accepted.model_copy(update={"decide_by": None})
        assert not list(on_application_accepted(document(without, case_id=CASE, on=FIRST_OF_57)))

    def test_falls_due_on_the_day_after_and_on_no_day_once_decided(self) -> None:
        (done, entry) = agenda(document(owed(), case_id=CASE, on=FIRST_OF_57))
        assert done == AgendaDone("decision-missed", CASE)
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.due_on) == ("decision-missed", date(2021, 8, 13))
        assert DUTIES["decision-missed"](entry).command == NoteMissedDecision()
        (again, later) = agenda(document(extended(), case_id=CASE, on=ORDINARY))
        assert again == done
        assert isinstance(later, AgendaEntry)
        assert later.due_on == date(2021, 9, 3)
        for event in (confirmed(), REFUSED, DecisionMissed(due_on=ORDINARY)):
            assert done in list(agenda(document(event, case_id=CASE, on=ORDINARY)))

    @pytest.mark.parametrize(("on", "late"), [(ORDINARY, False), (date(2021, 8, 13), True)])
    def test_is_kept_on_the_day_itself_and_missed_on_the_day_after(
        self, on: date, late: bool
    ) -> None:
        missed = (DecisionMissed(due_on=ORDINARY),) if late else ()
        noting = NoteMissedDecision()
        given(owed(), on=on).when(noting, note_missed_decision).then(*missed)
        given(owed(), on=on, case=()).when(noting, note_missed_decision).then(*missed)
        given(owed(), *missed, on=on).when(noting, note_missed_decision).then()
        given(owed(), extended(), on=on).when(noting, note_missed_decision).then()
        for case in (CONFIRMED, (*OPEN, REFUSED)):
            given(owed(), on=on, case=case).when(noting, note_missed_decision).then()


class TestASpecialCase:
    """民发〔2021〕57号, art. 22; 民发〔2022〕83号, 4(1): 45 working days from the acceptance."""

    def test_is_one_that_somebody_objected_to(self) -> None:
        told = document(objected(), case_id=CASE, on=ORDINARY)
        (submission,) = on_objection_raised(told)
        assert submission.command == OBJECTED
        given(owed()).when(OBJECTED, extend_for_objection).then(extended())

    @pytest.mark.parametrize(
        ("accepted_on", "first", "last"),
        [
            (date(2022, 10, 19), date(2022, 11, 30), date(2022, 12, 21)),
            (date(2022, 10, 20), date(2022, 12, 1), date(2022, 12, 22)),
        ],
    )
    def test_counts_from_its_acceptance_under_the_regime_of_that_day(
        self, accepted_on: date, first: date, last: date
    ) -> None:
        known = owed(first, accepted_on, SHAANXI)
        (event,) = given(known, on=first).when(OBJECTED, extend_for_objection).events
        assert event == extended(on=last)

    def test_is_one_whose_survey_is_hard_when_somebody_says_so(self) -> None:
        survey = ExtensionReason.HARD_SURVEY
        given(owed(), case=()).when(HARD, extend_for_survey).then(extended(survey))
        given(owed()).when(HARD, extend_for_survey).then(extended(survey))

    def test_is_so_once(self) -> None:
        special = given(owed(), extended())
        special.when(OBJECTED, extend_for_objection).then()
        refusal = special.when(HARD, extend_for_survey).refuses(
            "decision-term-not-longer", due_on="2021-09-02"
        )
        assert refusal.source == "民发〔2021〕57号 art. 22"
        across_counties = given(owed(SPECIAL))
        across_counties.when(OBJECTED, extend_for_objection).then()
        across_counties.when(HARD, extend_for_survey).refuses("decision-term-not-longer")

    def test_is_not_made_of_one_that_is_decided_or_late(self) -> None:
        for case in (CONFIRMED, (*OPEN, REFUSED)):
            given(owed(), case=case).when(OBJECTED, extend_for_objection).then()
            given(owed(), case=case).when(HARD, extend_for_survey).refuses("decision-term-over")
        late = given(owed(), on=date(2021, 8, 13))
        late.when(HARD, extend_for_survey).refuses("decision-term-over", due_on="2021-08-12")

    def test_is_not_made_of_one_without_a_last_day(self) -> None:
        given().when(OBJECTED, extend_for_objection).then()
        refusal = given().when(HARD, extend_for_survey).refuses("no-decision-owed")
        assert refusal.status == 404


def test_the_list_shows_by_when_a_case_is_decided_and_whether_it_was() -> None:
    seen = None
    steps: list[tuple[Event, date, dict[str, object]]] = [
        (owed(), FIRST_OF_57, {"due_on": "2021-08-12", "open": True, "missed": False}),
        (DecisionMissed(due_on=ORDINARY), date(2021, 8, 13), {"missed": True, "open": True}),
        (extended(), ORDINARY, {"due_on": "2021-09-02", "missed": False, "extended": "objection"}),
        (confirmed(), date(2021, 9, 1), {"open": False, "decided_on": "2021-09-01"}),
        (REFUSED, date(2021, 9, 5), {"open": False, "decided_on": "2021-09-01"}),
    ]
    assert fold(str(CASE), None, document(confirmed(), case_id=CASE, on=ORDINARY)) is None
    for event, on, expected in steps:
        seen = fold(str(CASE), seen, document(event, case_id=CASE, on=on))
        assert seen is not None
        assert {name: seen[name] for name in expected} == expected


def test_the_printed_history_says_by_when_and_why_later() -> None:
    survey = ExtensionReason.HARD_SURVEY
    events = (owed(), extended(survey), DecisionMissed(due_on=SPECIAL))
    documents = [
        document(event, case_id=CASE, on=FIRST_OF_57, version=number, stream=uuid5(CASE, "term"))
        for number, event in enumerate(events, 1)
    ]
    printed = page(CASE, documents, policy(), load_regions(()), {})
    assert "办结期限 / to be decided by: 2021-08-12" in printed
    assert "家庭经济状况调查难度较大 / a survey that is hard to do" in printed
    assert "办结期限 / to be decided by: 2021-09-02" in printed
    assert "逾期未办结 / decision missed" in printed
