"""Who is refused in hardship is kept in mind, and applies again without being asked twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest

from services.intake import decisions
from services.intake.decisions import NoteRecognition
from services.intake.decisions.watch_list import (
    RemoveEntry,
    ReopenCase,
    WatchHousehold,
    remove,
    reopening,
    watch,
)
from services.intake.model import (
    APPLICATION,
    OPEN_APPLICATION,
    WATCH_LIST_ENTRY,
    application_stream,
)
from services.intake.reactions import FOREIGN
from services.intake.views import WatchListRow, fold, fold_entry
from shared.contracts.authorisations import AuthorisationWithdrawn
from shared.contracts.erasure import (
    ApplicationsBarred,
)
from shared.contracts.fields import Programme
from shared.contracts.intake import (
    ApplicationClosed,
    ApplicationSubmitted,
    Material,
    OpenApplicationClaimed,
    WayIn,
)
from shared.contracts.recognition import (
    HardshipGround,
    HouseholdRecognised,
    HouseholdStatus,
    PotentialRecipientListed,
)
from shared.contracts.watch_list import (
    HouseholdRecognitionNoted,
    PotentialRecipientRemoved,
    PotentialRecipientReopened,
    PotentialRecipientWatched,
    RemovalReason,
    ReopeningOccasion,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.regions import load_regions
from tests.documents import document
from tests.intake.test_decisions import (
    CASE,
    FREE,
    MEMBERS,
    OTHER_CASE,
    REASON,
    TOWNSHIP,
    WIFE,
    accepted,
    due,
    submitted,
)

REFUSED_ON = date(2020, 5, 20)
NEW_CASE = uuid5(HOUSE, "tests/reopened case")
BROUGHT = (
    Material.IDENTITY,
    Material.CHECK_AUTHORIZATION,
    Material.INCOME_STATEMENT,
    Material.DISABILITY_CERTIFICATE,
)
STILL_GOOD = (Material.IDENTITY, Material.CHECK_AUTHORIZATION, Material.DISABILITY_CERTIFICATE)
CLOSED = ApplicationClosed(refused=True, programme=Programme.DIBAO, members=MEMBERS)
WATCHED = PotentialRecipientWatched(
    listed_on=REFUSED_ON,
    programme=Programme.DIBAO,
    division=TOWNSHIP,
    applicant=WIFE,
    members=MEMBERS,
    hardship=(HardshipGround.UNSTEADY_WORK,),
)
REOPENED = PotentialRecipientReopened(
    reopened_as=NEW_CASE, occasion=ReopeningOccasion.PROVINCIAL_ALERT
)
REMOVED = PotentialRecipientRemoved(reason=RemovalReason.MOVED_AWAY, explanation=REASON)
REOPEN = ReopenCase(
    refused_case=CASE,
    case_id=NEW_CASE,
    occasion=ReopeningOccasion.PROVINCIAL_ALERT,
    reason=REASON,
)
reopen = reopening(load_regions())


def entry(*events: Event, on: date = REFUSED_ON) -> Given:
    """An entry of the list to which this has happened."""
    return spec(WATCH_LIST_ENTRY, on=on).given(*events)


def ready(
    *events: Event,
    on: date = date(2020, 9, 1),
    beside: Sequence[Sequence[Event]] = (FREE, FREE),
    brought: tuple[Material, ...] = BROUGHT,
    since: Sequence[Event] = (),
) -> Given:
    """An entry beside its refused application, the one to be made, and its members' claims."""
    refused = (submitted(brought), accepted(), CLOSED, *since)
    made = entry(*events, on=on).beside(APPLICATION, *refused)
    made = made.beside(APPLICATION)
    for theirs in beside:
        made = made.beside(OPEN_APPLICATION, *theirs)
    return made


class TestTheList:
    command = WatchHousehold(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        applicant=WIFE,
        members=MEMBERS,
        hardship=(HardshipGround.UNSTEADY_WORK,),
    )

    def test_takes_a_refused_household_in_once(self) -> None:
        entry().when(self.command, watch).then(WATCHED)
        entry(WATCHED).when(self.command, watch).then()

    @pytest.mark.parametrize("closed", [REOPENED, REMOVED])
    def test_takes_it_in_again_when_it_is_refused_again(self, closed: Event) -> None:
        entry(WATCHED, closed).when(self.command, watch).then(WATCHED)

    def test_follows_from_decisions_own_word_and_not_from_a_refusal(self) -> None:
        listed = PotentialRecipientListed(
            programme=Programme.DIBAO,
            division=TOWNSHIP,
            applicant=WIFE,
            members=MEMBERS,
            hardship=(HardshipGround.UNSTEADY_WORK,),
        )
        (react,) = FOREIGN[PotentialRecipientListed]
        (submission,) = react(document(listed, case_id=CASE, on=REFUSED_ON))
        assert submission.reads[0].case_id == CASE
        assert submission.on == REFUSED_ON
        entry().when(submission.command, submission.decide).then(WATCHED)


class TestReopening:
    def test_makes_an_application_of_what_is_known(self) -> None:
        claim = OpenApplicationClaimed(case_id=NEW_CASE)
        again = ApplicationSubmitted(
            programme=Programme.DIBAO,
            division=TOWNSHIP,
            applicant=WIFE,
            members=MEMBERS,
            materials=STILL_GOOD,
            reason=REASON,
            reopens=CASE,
            way=WayIn.ALERT,
            acceptance_due=due(date(2020, 9, 8)),
            applied_on=date(2020, 9, 1),
        )
        decided = ready(WATCHED).when(REOPEN, reopen)
        decided.then(claim, claim, again, REOPENED)
        assert decided.facts[2].stream == application_stream(NEW_CASE)
        assert decided.facts[3].stream is None

    @pytest.mark.parametrize(
        ("on", "kept"), [(date(2021, 5, 20), STILL_GOOD), (date(2021, 5, 21), ())]
    )
    def test_takes_papers_over_up_to_the_last_of_their_days(
        self, on: date, kept: tuple[Material, ...]
    ) -> None:
        """A year, to the day."""
        decided = ready(WATCHED, on=on).when(REOPEN, reopen)
        assert decided.events[2].materials == kept

    def test_takes_over_no_paper_that_was_never_brought(self) -> None:
        decided = ready(WATCHED, brought=(Material.IDENTITY,)).when(REOPEN, reopen)
        assert decided.events[2].materials == (Material.IDENTITY,)

    def test_takes_over_no_authorisation_that_somebody_took_back(self) -> None:
        """Else departments were asked about a household by a word that is gone."""
        gone = AuthorisationWithdrawn(person_id=MEMBERS[1].person_id)
        decided = ready(WATCHED, since=(gone,)).when(REOPEN, reopen)
        assert decided.events[2].materials == (Material.IDENTITY, Material.DISABILITY_CERTIFICATE)

    @pytest.mark.parametrize("closed", [(), (WATCHED, REOPENED), (WATCHED, REMOVED)])
    def test_is_for_households_on_the_list(self, closed: tuple[Event, ...]) -> None:
        ready(*closed).when(REOPEN, reopen).refuses("not-on-watch-list")

    @pytest.mark.parametrize("member", [0, 1])
    @pytest.mark.parametrize(
        "held",
        [
            OpenApplicationClaimed(case_id=OTHER_CASE),
            ApplicationsBarred(erasure_id=OTHER_CASE),
        ],
    )
    def test_is_an_application_like_any_other(self, member: int, held: Event) -> None:
        """Nobody in another case, and nobody about to be erased, is made to apply."""
        beside: list[Sequence[Event]] = [FREE, FREE]
        beside[member] = (held,)
        ready(WATCHED, beside=beside).when(REOPEN, reopen).refuses("open-application-exists")


class TestRemoval:
    command = RemoveEntry(reason=RemovalReason.MOVED_AWAY, explanation=REASON)

    def test_says_why(self) -> None:
        entry(WATCHED).when(self.command, remove).then(REMOVED)

    @pytest.mark.parametrize("closed", [REOPENED, REMOVED])
    def test_happens_once(self, closed: Event) -> None:
        entry(WATCHED, closed).when(self.command, remove).refuses("not-on-watch-list")


class TestARecognisedHousehold:
    noted = HouseholdRecognitionNoted(status=HouseholdStatus.EDGE_HOUSEHOLD)

    def test_is_shown_as_what_it_is_beside_its_refusal(self) -> None:
        recognised = HouseholdRecognised(
            status=HouseholdStatus.EDGE_HOUSEHOLD,
            programme=Programme.DIBAO,
            division=TOWNSHIP,
            applicant=WIFE,
            members=MEMBERS,
        )
        (react,) = FOREIGN[HouseholdRecognised]
        (submission,) = react(document(recognised, case_id=CASE, on=REFUSED_ON))
        application = spec(APPLICATION, on=REFUSED_ON).given(submitted(), accepted())
        for before in ((), (CLOSED,)):
            application.given(*before).when(submission.command, submission.decide).then(self.noted)

    def test_is_noted_once(self) -> None:
        application = spec(APPLICATION, on=REFUSED_ON).given(submitted(), accepted(), self.noted)
        command = NoteRecognition(status=HouseholdStatus.EDGE_HOUSEHOLD)
        application.when(command, decisions.note_recognition).then()

    def test_was_accepted_before(self) -> None:
        command = NoteRecognition(status=HouseholdStatus.EDGE_HOUSEHOLD)
        spec(APPLICATION, on=REFUSED_ON).given(submitted()).when(
            command, decisions.note_recognition
        ).refuses("application-not-accepted")


def row_of(*events: Event) -> WatchListRow:
    seen: dict[str, Any] | None = None
    for version, event in enumerate(events, start=1):
        on = REFUSED_ON + timedelta(days=version - 1)
        seen = fold_entry(str(CASE), seen, document(event, case_id=CASE, on=on, version=version))
    return WatchListRow.model_validate({"_id": str(CASE), **(seen or {})})


def test_the_list_shows_since_when_and_what_came_of_it() -> None:
    assert row_of(WATCHED).listed_on == REFUSED_ON
    reopened = row_of(WATCHED, REOPENED)
    assert (reopened.stage, reopened.reopened_as) == ("reopened", NEW_CASE)
    assert reopened.closed_on == REFUSED_ON + timedelta(days=1)
    assert row_of(WATCHED, REMOVED).removal is RemovalReason.MOVED_AWAY
    again = row_of(WATCHED, REMOVED, WATCHED)
    assert (again.stage, again.removal, again.closed_on) == ("watched", None, None)


def test_the_list_of_applications_shows_which_one_an_application_reopens() -> None:
    again = submitted().model_copy(update={"reopens": CASE})
    seen = fold(str(NEW_CASE), None, document(again, case_id=NEW_CASE, on=REFUSED_ON))
    assert seen is not None
    assert seen["reopens"] == str(CASE)
    noted = document(TestARecognisedHousehold.noted, case_id=NEW_CASE, on=REFUSED_ON, version=2)
    told = fold(str(NEW_CASE), seen, noted)
    assert told is not None
    assert told["recognised"] == "edge_household"
