"""Who may have whose means checked: who signed, until when, taken back; and that it is true."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.intake import decisions
from services.intake.decisions import AcceptApplication
from services.intake.decisions.authorisations import (
    AuthoriseCheck,
    DeclareTruthfulness,
    WithdrawAuthorisation,
    authorise,
    declare_truthfulness,
    withdraw_authorisation,
)
from shared.contracts.authorisations import (
    AuthorisationWithdrawn,
    AuthorisedAs,
    CheckAuthorised,
    TruthfulnessDeclared,
)
from shared.contracts.intake import (
    ActingFor,
    ActingGround,
    ApplicationClosed,
    ApplicationWithdrawn,
    Material,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from tests.intake.test_decisions import HUSBAND, REASON, WIFE, accepted, given, submitted

SON_ELSEWHERE = uuid5(HOUSE, "tests/obligor")
TODAY = date(2020, 4, 1)
BARE = submitted((Material.IDENTITY,))


def signing(person: Any = WIFE, **changed: Any) -> AuthoriseCheck:
    stated: dict[str, Any] = {
        "person_id": person,
        "standing": AuthorisedAs.MEMBER,
        "signed_by": person,
        "signed_on": TODAY,
        "document_digest": "d" * 64,
    }
    return AuthoriseCheck(**(stated | changed))


def signed(person: Any = WIFE, **changed: Any) -> CheckAuthorised:
    return CheckAuthorised(**signing(person, **changed).model_dump())


def accepting(*events: Event, on: date = TODAY) -> Any:
    return given(*events, on=on).when(AcceptApplication(), decisions.accept)


class TestTheCheck:
    def test_is_authorised_by_each_and_needs_no_common_paper_then(self) -> None:
        given(BARE).when(signing(), authorise).then(signed())
        given(BARE, signed()).when(signing(), authorise).then()
        assert accepting(BARE, signed(), signed(HUSBAND)).events

    def test_waits_for_everybody_once_one_signed_apart(self) -> None:
        """Also where a common paper lies there: it no longer says who stands behind it."""
        refusal = accepting(BARE, signed()).refuses("authorisation-missing")
        assert refusal.source == "国务院令第649号 art. 58"
        accepting(submitted(), signed()).refuses("authorisation-missing")

    @pytest.mark.parametrize(
        ("until_on", "accepted_then"), [(date(2020, 4, 10), True), (date(2020, 4, 9), False)]
    )
    def test_is_authorised_up_to_the_last_day(self, until_on: date, accepted_then: bool) -> None:
        history = (BARE, signed(), signed(HUSBAND, until_on=until_on))
        decided = accepting(*history, on=date(2020, 4, 10))
        if accepted_then:
            assert decided.events
        else:
            decided.refuses("authorisation-missing")

    def test_is_not_authorised_any_more_by_who_took_it_back(self) -> None:
        history = (submitted(), signed(), signed(HUSBAND))
        withdrawn = AuthorisationWithdrawn(person_id=HUSBAND)
        command = WithdrawAuthorisation(person_id=HUSBAND)
        given(*history).when(command, withdraw_authorisation).then(withdrawn)
        given(*history, accepted()).when(command, withdraw_authorisation).then(withdrawn)
        accepting(*history, withdrawn).refuses("authorisation-missing")
        assert accepting(*history, withdrawn, signed(HUSBAND)).events
        given(*history, withdrawn).when(command, withdraw_authorisation).refuses(
            "authorisation-unknown"
        )
        everybody = AuthorisationWithdrawn(person_id=WIFE)
        accepting(*history, withdrawn, everybody).refuses("authorisation-missing")

    def test_is_signed_for_another_with_a_ground(self) -> None:
        for_him = signing(HUSBAND, signed_by=WIFE)
        given(BARE).when(for_him, authorise).refuses("signed-without-ground")
        with_ground = for_him.model_copy(update={"ground": ActingGround.NO_FULL_CAPACITY})
        assert given(BARE).when(with_ground, authorise).events
        own = signing(ground=ActingGround.MINOR)
        given(BARE).when(own, authorise).refuses("signed-without-ground")

    @pytest.mark.parametrize(
        "changed",
        [{"signed_on": date(2020, 4, 2)}, {"until_on": date(2020, 3, 31)}],
    )
    def test_is_signed_by_today_for_a_while(self, changed: dict[str, Any]) -> None:
        given(BARE).when(signing(**changed), authorise).refuses("authorisation-not-in-force")
        today = dict.fromkeys(changed, TODAY)
        assert given(BARE).when(signing(**today), authorise).events

    def test_is_nobodys_of_an_application_that_is_over(self) -> None:
        over = given(BARE, ApplicationWithdrawn(reason=REASON))
        over.when(signing(), authorise).refuses("application-over", status="withdrawn")


class TestAfterTheDecision:
    """A household on the books is checked by the same words, and by who gives none no more."""

    CLOSED = ApplicationClosed.model_validate(
        {
            "programme": "dibao",
            "division": "350924100000",
            "members": [m.model_dump() for m in submitted().members],
            "refused": False,
        }
    )

    def withdrawing(self, *events: Event, person: Any = HUSBAND) -> Any:
        command = WithdrawAuthorisation(person_id=person)
        return given(*events, accepted(), self.CLOSED).when(command, withdraw_authorisation)

    @pytest.mark.mechanism("S4-43")
    def test_a_word_is_given_anew_and_taken_back(self) -> None:
        words = (BARE, signed(), signed(HUSBAND))
        self.withdrawing(*words).then(AuthorisationWithdrawn(person_id=HUSBAND))
        again = signing(HUSBAND, until_on=date(2021, 4, 1))
        assert given(*words, accepted(), self.CLOSED).when(again, authorise).events

    @pytest.mark.mechanism("S4-43")
    def test_a_member_takes_the_share_in_the_one_paper_back(self) -> None:
        gone = AuthorisationWithdrawn(person_id=HUSBAND)
        self.withdrawing(submitted()).then(gone)
        self.withdrawing(submitted(), gone).refuses("authorisation-unknown")
        self.withdrawing(submitted(), person=SON_ELSEWHERE).refuses("authorisation-unknown")

    def test_the_paper_speaks_for_nobody_then_who_has_not_signed_apart(self) -> None:
        gone = AuthorisationWithdrawn(person_id=HUSBAND)
        accepting(submitted(), gone, signed(HUSBAND)).refuses("authorisation-missing")
        assert accepting(submitted(), gone, signed(HUSBAND), signed()).events

    def test_who_joined_the_household_signs_as_one_of_it(self) -> None:
        command = signing(SON_ELSEWHERE)
        assert given(submitted(), accepted(), self.CLOSED).when(command, authorise).events
        given(submitted(), accepted()).when(command, authorise).refuses("authorised-as-another")


class TestAnObligor:
    def test_is_nobody_of_the_household(self) -> None:
        as_member = signing(SON_ELSEWHERE)
        as_obligor = signing(WIFE, standing=AuthorisedAs.OBLIGOR)
        for command in (as_member, as_obligor):
            given(BARE).when(command, authorise).refuses("authorised-as-another")
        theirs = signing(SON_ELSEWHERE, standing=AuthorisedAs.OBLIGOR)
        assert given(BARE).when(theirs, authorise).events

    @pytest.mark.parametrize(
        ("on", "refused"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True)]
    )
    def test_consents_in_person_from_july_2026(self, on: date, refused: bool) -> None:
        by_daughter = signing(
            SON_ELSEWHERE,
            standing=AuthorisedAs.OBLIGOR,
            signed_by=WIFE,
            ground=ActingGround.ENTRUSTED,
        )
        decided = given(BARE, on=on).when(by_daughter, authorise)
        if refused:
            refusal = decided.refuses("obligor-signs-in-person")
            assert refusal.source == "社会救助法 art. 41"
        else:
            assert decided.events

    def test_does_not_stand_in_for_a_member(self) -> None:
        obligor = signed(SON_ELSEWHERE, standing=AuthorisedAs.OBLIGOR)
        accepting(BARE, signed(), obligor).refuses("authorisation-missing")

    def test_says_nothing_of_the_paper_that_the_household_signed(self) -> None:
        obligor = signed(SON_ELSEWHERE, standing=AuthorisedAs.OBLIGOR)
        gone = AuthorisationWithdrawn(person_id=SON_ELSEWHERE)
        assert accepting(submitted(), obligor).events
        assert accepting(submitted(), obligor, gone).events
        command = WithdrawAuthorisation(person_id=HUSBAND)
        assert given(submitted(), obligor, gone).when(command, withdraw_authorisation).events
        accepting(submitted(), obligor, AuthorisationWithdrawn(person_id=HUSBAND)).refuses(
            "authorisation-missing"
        )


class TestTruthfulness:
    def test_is_declared_by_the_applicant_or_who_applies_for_them(self) -> None:
        command = DeclareTruthfulness(declared_by=WIFE, document_digest="d" * 64)
        declared = TruthfulnessDeclared(declared_by=WIFE, document_digest="d" * 64)
        given(BARE).when(command, declare_truthfulness).then(declared)
        by_him = command.model_copy(update={"declared_by": HUSBAND})
        given(BARE).when(by_him, declare_truthfulness).refuses("declared-by-another")
        acting = ActingFor(ground=ActingGround.DISABILITY_OR_ILLNESS, person_id=HUSBAND)
        for_her = BARE.model_copy(update={"acting": acting})
        assert given(for_her).when(by_him, declare_truthfulness).events
