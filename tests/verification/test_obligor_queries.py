"""Departments asked about who is bound to support somebody: by whose word, and what follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.verification import rules
from services.verification.decisions import (
    AskAboutObligor,
    CheckObligor,
    CompleteCheck,
    NoteConsent,
    OpenCheck,
    RecordAnswer,
    RecordFailure,
    SetAnswerAside,
    ask_about_obligor,
    check_obligor,
    complete,
    note_consent,
    open_check,
)
from services.verification.decisions.obligor_queries import (
    record_obligor_answer,
    record_obligor_failure,
    set_obligor_answer_aside,
)
from services.verification.duties import agenda
from services.verification.model import CHECK, DEPARTMENT_QUERY, obligor_key
from shared.contracts.departments import (
    Department,
    DepartmentFailure,
    SetAsideReason,
)
from shared.contracts.fields import LineSource, Programme
from shared.contracts.leads import LeadKind
from shared.contracts.obligors import (
    ObligorAnswered,
    ObligorAnswerSetAside,
    ObligorAsked,
    ObligorConsentNoted,
    ObligorConsentWithdrawn,
    ObligorQueryFailed,
)
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.policy import Policy
from tests.documents import document
from tests.verification.household import (
    ALONE,
    APPLICANT,
    ASKED,
    CASE,
    FIRST,
    FUJIAN,
    HUSBAND,
    STRANGER,
    SURVEY_DUE,
    note,
    opened,
    visited,
    wage,
)

FIRST_OF_220 = date(2012, 12, 12)
BEFORE, LAW = date(2026, 6, 30), date(2026, 7, 1)
TAX = Department.TAX
RECEIVED = (note("answer"),)
WORD = ObligorConsentNoted(person_id=STRANGER, signed_by=STRANGER)
ASKED_ABOUT = ObligorAsked(person_id=STRANGER, departments=ASKED)
ASK = AskAboutObligor(person_id=STRANGER)


def given(*events: Event, on: date = LAW, programme: Programme = Programme.TEKUN) -> Given:
    check = opened(accepted_on=date(2026, 6, 1)).model_copy(update={"programme": programme})
    return spec(CHECK, on=on).given(check, *events)


def said(**changed: Any) -> RecordAnswer:
    stated: dict[str, Any] = {
        "department": TAX,
        "income": (),
        "deposits_fen": 0,
        "houses": 0,
        "vehicles": 0,
        "received": RECEIVED,
    }
    return RecordAnswer(**(stated | changed))


def answered(**changed: Any) -> ObligorAnswered:
    return ObligorAnswered(person_id=STRANGER, **dict(said(**changed)) | _NOTHING)


_NOTHING = {"entries": None, "certificates": None, "institutions": None}


class TestAsking:
    @pytest.mark.parametrize("programme", [Programme.TEKUN, Programme.DIBAO])
    def test_follows_from_a_word_in_an_open_check(self, programme: Programme) -> None:
        command = NoteConsent(person_id=STRANGER, signed_by=STRANGER)
        given(programme=programme).when(command, note_consent).then(WORD, ASKED_ABOUT)

    def test_follows_from_a_word_that_was_there_when_it_opened(self) -> None:
        command = OpenCheck(
            programme=Programme.TEKUN,
            division=FUJIAN,
            applicant=APPLICANT,
            members=ALONE,
            accepted_on=LAW,
            survey_due=SURVEY_DUE,
        )
        ahead = spec(CHECK, on=LAW).given(WORD).when(command, open_check).events
        assert ahead[-1] == ASKED_ABOUT
        none = spec(CHECK, on=LAW).when(command, open_check).events
        assert not [event for event in none if isinstance(event, ObligorAsked)]

    def test_is_of_no_programme_that_looks_into_nobody(self) -> None:
        child = given(programme=Programme.CHILD_ALLOWANCE)
        command = NoteConsent(person_id=STRANGER, signed_by=STRANGER)
        child.when(command, note_consent).then(WORD)

    def test_follows_from_nobody_elses_word_since_july_2026(self) -> None:
        for_her = NoteConsent(person_id=STRANGER, signed_by=HUSBAND)
        by_another = ObligorConsentNoted(person_id=STRANGER, signed_by=HUSBAND)
        given().when(for_her, note_consent).then(by_another)
        given(on=BEFORE).when(for_her, note_consent).then(by_another, ASKED_ABOUT)

    def test_by_command_takes_the_households_word_before_and_the_obligors_own_since(self) -> None:
        given(on=BEFORE).when(ASK, ask_about_obligor).then(ASKED_ABOUT)
        given().when(ASK, ask_about_obligor).refuses("obligor-consent-missing")
        given(WORD).when(ASK, ask_about_obligor).then(ASKED_ABOUT)
        over = WORD.model_copy(update={"until_on": BEFORE})
        given(over).when(ASK, ask_about_obligor).refuses("obligor-consent-missing")

    def test_is_once_and_about_nobody_of_the_household(self) -> None:
        given(WORD, ASKED_ABOUT).when(ASK, ask_about_obligor).refuses("obligor-asked-about")
        member = AskAboutObligor(person_id=APPLICANT)
        given(on=BEFORE).when(member, ask_about_obligor).refuses("obligor-of-the-household")


class TestADepartmentThatGaveNoData:
    """Say because the word was over when it was called: nobody else asks it about an obligor."""

    FAILED = ObligorQueryFailed(
        person_id=STRANGER, department=TAX, failure=DepartmentFailure.NOT_AUTHORISED
    )
    AGAIN = ObligorAsked(person_id=STRANGER, departments=(TAX,))

    def test_is_asked_anew_by_command_and_no_other_is(self) -> None:
        known = given(WORD, ASKED_ABOUT, self.FAILED)
        known.when(ASK, ask_about_obligor).then(self.AGAIN)
        asked = known.given(self.AGAIN)
        asked.when(ASK, ask_about_obligor).refuses("obligor-asked-about")
        assert asked.state.inquiries[STRANGER].failed == {}

    def test_is_asked_anew_with_the_word_that_replaces_the_one_that_is_over(self) -> None:
        over = WORD.model_copy(update={"until_on": BEFORE})
        command = NoteConsent(person_id=STRANGER, signed_by=STRANGER)
        known = given(over, ASKED_ABOUT, self.FAILED)
        known.when(command, note_consent).then(WORD, self.AGAIN)

    def test_has_its_useless_answers_counted_from_the_start(self) -> None:
        useless = SetAnswerAside(department=TAX, received=RECEIVED)
        aside = ObligorAnswerSetAside(
            person_id=STRANGER,
            department=TAX,
            reason=SetAsideReason.UNREADABLE,
            received=RECEIVED,
        )
        known = given(WORD, ASKED_ABOUT, aside, self.AGAIN, aside, self.AGAIN, aside, self.FAILED)
        first = known.given(self.AGAIN).when(
            useless, lambda *a: set_obligor_answer_aside(STRANGER, *a)
        )
        assert [type(event) for event in first.events] == [ObligorAnswerSetAside, ObligorAsked]


@pytest.mark.parametrize(
    ("on", "word", "household", "may"),
    [
        (BEFORE, None, True, True),
        (BEFORE, None, False, False),
        (BEFORE, WORD, False, True),
        (BEFORE, WORD.model_copy(update={"signed_by": HUSBAND}), False, False),
        (LAW, None, True, False),
        (LAW, WORD, False, True),
        (LAW, WORD.model_copy(update={"until_on": BEFORE}), True, False),
    ],
)
def test_a_households_word_stands_for_it_while_it_is_in_force(
    on: date, word: ObligorConsentNoted | None, *, household: bool, may: bool
) -> None:
    parameters = Policy.load().at(FUJIAN, Programme.DIBAO, on)
    assert rules.may_look(parameters, word, on, household=household) is may


@pytest.mark.parametrize(
    ("programme", "asked"),
    [(Programme.DIBAO, True), (Programme.TEKUN, True), (Programme.TEMPORARY_ASSISTANCE, False)],
)
def test_whom_a_programme_asks_on_the_first_day(programme: Programme, *, asked: bool) -> None:
    """By the household's own word, until July 2026; aid has nobody's obligors looked into."""
    command = NoteConsent(person_id=STRANGER, signed_by=STRANGER)
    events = given(on=FIRST_OF_220, programme=programme).when(command, note_consent).events
    assert events == (WORD, *((ASKED_ABOUT,) if asked else ()))


class TestTheAnswer:
    KNOWN = (WORD, ASKED_ABOUT)

    def test_is_kept_of_the_obligor(self) -> None:
        wages = (wage(STRANGER, 3_000_00, LineSource.TAX),)
        decided = given(*self.KNOWN).when(
            said(income=wages), lambda *a: record_obligor_answer(STRANGER, *a)
        )
        decided.then(answered(income=wages))

    def test_that_nobody_waits_for_changes_nothing(self) -> None:
        for before in ((), (*self.KNOWN, answered()), (*self.KNOWN, WITHDRAWN)):
            known = given(*before)
            known.when(said(), lambda *a: record_obligor_answer(STRANGER, *a)).then()
            useless = SetAnswerAside(department=TAX, received=RECEIVED)
            known.when(useless, lambda *a: set_obligor_answer_aside(STRANGER, *a)).then()
            refused = RecordFailure(department=TAX, failure=DepartmentFailure.REFUSED)
            known.when(refused, lambda *a: record_obligor_failure(STRANGER, *a)).then()

    def test_older_than_permitted_is_asked_for_again_and_three_times_done_without(self) -> None:
        as_of = LAW - timedelta(days=32)
        aside = ObligorAnswerSetAside(
            person_id=STRANGER,
            department=TAX,
            reason=SetAsideReason.OUTDATED,
            received=RECEIVED,
            as_of=as_of,
        )
        again = ObligorAsked(
            person_id=STRANGER, departments=(TAX,), not_before=LAW + timedelta(days=1)
        )
        failed = ObligorQueryFailed(
            person_id=STRANGER, department=TAX, failure=DepartmentFailure.OUTDATED_ANSWER
        )
        old = said(as_of=as_of)
        known = given(*self.KNOWN)
        known.when(old, lambda *a: record_obligor_answer(STRANGER, *a)).then(aside, again)
        twice = known.given(aside, again, aside, again)
        twice.when(old, lambda *a: record_obligor_answer(STRANGER, *a)).then(aside, failed)

    def test_is_waited_for_before_the_account_is_drawn_up(self) -> None:
        waiting = given(visited(), *self.KNOWN)
        refusal = waiting.when(CompleteCheck(actor=FIRST), complete)
        refusal.refuses(
            "departments-outstanding", departments="tax, social_insurance, housing, vehicles, banks"
        )
        taken_back = waiting.given(WITHDRAWN).when(CompleteCheck(actor=FIRST), complete)
        assert taken_back.refusal is None


WITHDRAWN = ObligorConsentWithdrawn(person_id=STRANGER)


class TestWhatWasFound:
    def found(self, **changed: Any) -> Any:
        stated: dict[str, Any] = {
            "person_id": STRANGER,
            "checker": FIRST,
            "income_fen": 3_000_00,
            "deposits_fen": 5_000_00,
            "houses": 1,
            "vehicles": 0,
            "findings": note("findings"),
        }
        wages = (wage(STRANGER, 3_000_00, LineSource.TAX),)
        tax = answered(income=wages)
        banks = answered(department=Department.BANKS, deposits_fen=5_000_00)
        known = given(WORD, ASKED_ABOUT, tax, banks)
        (event,) = known.when(CheckObligor(**(stated | changed)), check_obligor).events
        return event

    def test_names_who_had_answered_and_in_what_it_lies_below_them(self) -> None:
        same = self.found()
        assert same.departments == (TAX, Department.BANKS)
        assert same.below_reported is None
        less = self.found(income_fen=2_999_99, deposits_fen=4_999_99)
        assert less.below_reported == (
            LeadKind.INCOME_ABOVE_DECLARED,
            LeadKind.DEPOSITS_ABOVE_DECLARED,
        )


def test_each_question_is_the_obligors_own_and_goes_with_the_word() -> None:
    stream = uuid4()

    def changes(event: Event) -> list[Any]:
        return list(agenda(document(event, case_id=CASE, on=LAW, stream=stream)))

    entries = changes(ASKED_ABOUT)
    assert all(isinstance(entry, AgendaEntry) for entry in entries)
    keys = [obligor_key(stream, STRANGER, department) for department in ASKED]
    assert [(e.kind, e.key) for e in entries] == [(DEPARTMENT_QUERY, key) for key in keys]
    assert AgendaDone(DEPARTMENT_QUERY, keys[0]) in changes(answered())
    off = {done.key for done in changes(WITHDRAWN)}
    assert set(keys) <= off
