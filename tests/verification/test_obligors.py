"""An obligor's means: by the household's authorisation before the law, by their own word since."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.verification.decisions import (
    CheckObligor,
    NoteConsent,
    NoteConsentWithdrawn,
    check_obligor,
    note_consent,
    note_consent_withdrawn,
)
from services.verification.model import CHECK, check_of
from services.verification.reactions.checks import FOREIGN
from shared.contracts.authorisations import (
    AuthorisationWithdrawn,
    AuthorisedAs,
    CheckAuthorised,
)
from shared.contracts.fields import Programme
from shared.contracts.obligors import (
    ObligorAsked,
    ObligorChecked,
    ObligorConsentNoted,
    ObligorConsentWithdrawn,
)
from shared.kernel.event import Event
from shared.kernel.spec import Decided, spec
from shared.policy import Policy
from tests.documents import document
from tests.notices import notice
from tests.verification.household import (
    APPLICANT,
    CASE,
    FIRST,
    HUSBAND,
    STRANGER,
    note,
    opened,
)

BEFORE, LAW = date(2026, 6, 30), date(2026, 7, 1)
FINDINGS = note("findings")


def word(signed_by: UUID = STRANGER, until_on: date | None = None) -> ObligorConsentNoted:
    return ObligorConsentNoted(person_id=STRANGER, signed_by=signed_by, until_on=until_on)


def checks(
    *events: Event,
    on: date = LAW,
    programme: Programme = Programme.TEKUN,
    folders: tuple[Path, ...] = (),
    **changed: Any,
) -> Decided:
    stated: dict[str, Any] = {
        "person_id": STRANGER,
        "checker": FIRST,
        "income_fen": 800_00,
        "deposits_fen": 5_000_00,
        "houses": 1,
        "vehicles": 0,
        "findings": FINDINGS,
    }
    account = opened(accepted_on=date(2026, 6, 1)).model_copy(update={"programme": programme})
    given = spec(CHECK, on=on, policy=Policy.load(folders)).given(account, *events)
    return given.when(CheckObligor(**(stated | changed)), check_obligor)


class TestWhoseWordItTakes:
    @pytest.mark.parametrize("programme", [Programme.TEKUN, Programme.DIBAO])
    def test_is_the_households_before_july_2026_and_the_obligors_own_since(
        self, programme: Programme
    ) -> None:
        """Of an application accepted in June, too: it is a matter of the day somebody looks."""
        assert checks(on=BEFORE, programme=programme).refusal is None
        refusal = checks(on=LAW, programme=programme).refuses(
            "obligor-consent-missing", on="2026-07-01"
        )
        assert "41" in str(refusal.source)
        assert checks(word(), on=LAW, programme=programme).refusal is None

    def test_signed_by_another_is_not_their_own(self) -> None:
        checks(word(HUSBAND)).refuses("obligor-consent-missing")
        (event,) = checks(word(HUSBAND), on=BEFORE).events
        assert event.consent_by == HUSBAND

    @pytest.mark.parametrize(("until_on", "refused"), [(LAW, False), (BEFORE, True)])
    def test_holds_to_its_last_day(self, until_on: date, refused: bool) -> None:
        assert (checks(word(until_on=until_on)).refusal is not None) is refused

    def test_taken_back_lets_nobody_look(self) -> None:
        checks(word(), ObligorConsentWithdrawn(person_id=STRANGER)).refuses(
            "obligor-consent-missing"
        )

    def test_of_another_obligor_is_none(self) -> None:
        other = ObligorConsentNoted(person_id=HUSBAND, signed_by=HUSBAND)
        checks(other).refuses("obligor-consent-missing")

    def test_is_as_the_place_has_it(self, tmp_path: Path) -> None:
        place = notice(tmp_path, "35", obligor_consents_in_person=False)
        assert checks(programme=Programme.DIBAO, folders=(place,)).refusal is None


class TestWhatWasFound:
    def test_stands_in_the_check_the_later_in_the_earliers_place(self) -> None:
        (first,) = checks(word()).events
        assert first == ObligorChecked(
            person_id=STRANGER,
            checker=FIRST,
            income_fen=800_00,
            deposits_fen=5_000_00,
            houses=1,
            vehicles=0,
            findings=FINDINGS,
            consent_by=STRANGER,
        )
        (second,) = checks(word(), first, income_fen=900_00).events
        state = spec(CHECK, on=LAW).given(opened(), word(), first, second).state
        assert dict(state.obligors) == {STRANGER: second}

    def test_is_of_nobody_of_the_household(self) -> None:
        assert checks(word(), person_id=APPLICANT).refuses("obligor-of-the-household").status == 422


class TestHearingOfAWord:
    def heard(self, event: Event, *before: Event) -> list[Event]:
        (react,) = FOREIGN[type(event)]
        events: list[Event] = []
        for submission in react(document(event, case_id=CASE, on=LAW)):
            assert submission.reads == (check_of(CASE),)
            given = spec(CHECK, on=LAW).given(*before)
            events += given.when(submission.command, submission.decide).events
        return events

    def authorised(self, standing: AuthorisedAs) -> CheckAuthorised:
        return CheckAuthorised(
            person_id=STRANGER,
            standing=standing,
            signed_by=STRANGER,
            signed_on=LAW,
            document_digest="ab" * 32,
        )

    def test_an_obligors_is_noted_before_the_check_opens_and_after(self) -> None:
        obligors = self.authorised(AuthorisedAs.OBLIGOR)
        assert self.heard(obligors) == [word()]
        first, asked = self.heard(obligors, opened())
        assert (first, type(asked)) == (word(), ObligorAsked)
        assert self.heard(obligors, opened(), word()) == []
        assert self.heard(self.authorised(AuthorisedAs.MEMBER)) == []

    def test_that_was_taken_back_is_noted_if_it_was_an_obligors(self) -> None:
        withdrawn = AuthorisationWithdrawn(person_id=STRANGER)
        assert self.heard(withdrawn, word()) == [ObligorConsentWithdrawn(person_id=STRANGER)]
        assert self.heard(withdrawn) == []

    def test_by_command_is_the_same(self) -> None:
        given = spec(CHECK, on=LAW).given()
        given.when(NoteConsent(person_id=STRANGER, signed_by=STRANGER), note_consent).then(word())
        given.when(NoteConsentWithdrawn(person_id=STRANGER), note_consent_withdrawn).then()
