"""Counties in which members are registered are asked about them, and answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.verification.decisions import (
    AnswerForHome,
    CompleteCheck,
    NoteSilentHomes,
    OpenCheck,
    answer_for_home,
    complete,
    note_silent_homes,
    open_check,
)
from services.verification.duties import DUTIES, HOME_COUNTY_SILENT, agenda
from services.verification.model import CHECK
from services.verification.views.home_inquiries import fold, keys
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.fields import Due, Programme
from shared.contracts.home_visits import DeclaredProperty, Necessity, PropertyItem
from shared.contracts.residence import (
    HomeAnswerWay,
    HomeCountyAnswered,
    HomeCountyAnswerMissed,
    HomeCountyAsked,
    ReceivedAtHome,
    Residence,
)
from shared.contracts.verification import CheckCompleted, CheckOpened
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.policy import Policy
from tests.documents import document
from tests.notices import notice
from tests.verification.household import (
    APPLICANT,
    CASE,
    DAUGHTER,
    FIRST,
    HUSBAND,
    MEMBERS,
    MOTHER,
    STRANGER,
    note,
    opened,
    visited,
)

pytestmark = pytest.mark.mechanism("S4-1")

HERE, HERE_TOO = "611022001000", "611022101000"
SHANGNAN, SHOUNING = "611023000000", "350924000000"
ACCEPTED_ON = date(2023, 5, 15)
DUE = Due(on=date(2023, 5, 29), calendar=CALENDAR_VERSION)
"""Ten working days after the acceptance."""


def lives_here(registered_in: dict[UUID, str]) -> tuple[Residence, ...]:
    return tuple(
        Residence(
            person_id=member.person_id,
            registered_in=registered_in.get(member.person_id, HERE_TOO),
            lives_in=HERE,
        )
        for member in MEMBERS
    )


AWAY = lives_here({APPLICANT: "611023001000", HUSBAND: "350924100000", MOTHER: "611023001000"})


def check() -> CheckOpened:
    return opened(HERE, ACCEPTED_ON)


def asked(county: str = SHANGNAN, *persons: UUID) -> HomeCountyAsked:
    return HomeCountyAsked(
        county=county,
        programme=check().programme,
        persons=persons or (APPLICANT, MOTHER),
        asked_on=ACCEPTED_ON,
        answer_due=DUE,
    )


def answer(**changed: Any) -> AnswerForHome:
    stated: dict[str, Any] = {
        "county": SHANGNAN,
        "actor": STRANGER,
        "way": HomeAnswerWay.OFFICIAL,
        "received": (),
        "surveyed_on": ACCEPTED_ON,
        "deposits_fen": 0,
        "houses": 0,
        "vehicles": 0,
        "findings": note("found at home"),
    }
    return AnswerForHome(**(stated | changed))


def answered(*, late: bool = False, **changed: Any) -> HomeCountyAnswered:
    stated = answer(**changed).model_dump(exclude={"actor"})
    return HomeCountyAnswered(answered_by=STRANGER, late=late, **stated)


def given(*events: Event, on: date = date(2023, 5, 16), folders: tuple[Path, ...] = ()) -> Given:
    return spec(CHECK, on=on, policy=Policy.load(folders)).given(*events)


def opening(on: date, residences: tuple[Residence, ...]) -> list[HomeCountyAsked]:
    command = OpenCheck(
        programme=check().programme,
        division=HERE,
        applicant=APPLICANT,
        members=MEMBERS,
        accepted_on=on,
        survey_due=DUE,
        residences=residences,
    )
    events = given(on=on).when(command, open_check).events
    return [event for event in events if isinstance(event, HomeCountyAsked)]


class TestAHomeCounty:
    def test_is_asked_about_those_registered_there_and_nobody_else(self) -> None:
        assert opening(ACCEPTED_ON, AWAY) == [asked(), asked(SHOUNING, HUSBAND)]

    def test_is_none_where_everybody_is_registered_in_the_county_that_decides(self) -> None:
        assert opening(ACCEPTED_ON, lives_here({})) == []
        assert opening(ACCEPTED_ON, ()) == []

    def test_is_asked_since_july_2021(self) -> None:
        assert opening(date(2021, 6, 30), AWAY) == []
        (first, _second) = opening(date(2021, 7, 1), AWAY)
        assert first.answer_due.on == date(2021, 7, 15)

    def test_answers_in_time_and_late(self) -> None:
        waiting = given(check(), asked(), on=DUE.on)
        waiting.when(answer(), answer_for_home).then(answered())
        late = given(check(), asked(), on=date(2023, 5, 30))
        missed = HomeCountyAnswerMissed(county=SHANGNAN, due_on=DUE.on)
        late.when(answer(), answer_for_home).then(missed, answered(late=True))
        late.given(missed).when(answer(), answer_for_home).then(answered(late=True))

    def test_answers_again_when_something_has_changed(self) -> None:
        ends = (ReceivedAtHome(person_id=MOTHER, last_month=Month(2023, 5)),)
        receives = (ReceivedAtHome(person_id=MOTHER),)
        heard = given(check(), asked(), answered(received=receives))
        (event,) = heard.when(answer(received=ends), answer_for_home).events
        state = heard.given(event).state
        assert state.home[SHANGNAN].answer.received == ends

    def test_answers_of_those_it_was_asked_about_each_once(self) -> None:
        waiting = given(check(), asked())
        both = (ReceivedAtHome(person_id=APPLICANT), ReceivedAtHome(person_id=HUSBAND))
        waiting.when(answer(received=both), answer_for_home).refuses(
            "person-not-asked-about", position=2
        )
        twice = (both[0], both[0])
        waiting.when(answer(received=twice), answer_for_home).refuses("line-listed-twice")

    def test_is_one_that_was_asked(self) -> None:
        refusal = (
            given(check(), asked())
            .when(answer(county=SHOUNING), answer_for_home)
            .refuses("home-county-not-asked")
        )
        assert refusal.status == 404

    def test_surveys_after_it_was_asked_and_not_ahead(self) -> None:
        waiting = given(check(), asked())
        for day in (date(2023, 5, 14), date(2023, 5, 17)):
            waiting.when(answer(surveyed_on=day), answer_for_home).refuses("visit-day-impossible")

    def test_says_nothing_of_means_where_none_are_looked_into(self) -> None:
        subsidy = {"programme": Programme.DISABILITY_CARE_SUBSIDY}
        waiting = given(*(event.model_copy(update=subsidy) for event in (check(), asked())))
        waiting.when(answer(), answer_for_home).then(answered())
        for means in ({"deposits_fen": 1}, {"houses": 1}, {"vehicles": 1}):
            waiting.when(answer(**means), answer_for_home).refuses("means-out-of-place")

    def test_may_answer_by_letter_with_its_digest(self) -> None:
        waiting = given(check(), asked())
        letter = {"way": HomeAnswerWay.LETTER, "document_digest": "0" * 64}
        waiting.when(answer(**letter), answer_for_home).then(answered(**letter))
        no_digest = answer(way=HomeAnswerWay.LETTER)
        waiting.when(no_digest, answer_for_home).refuses("letter-without-digest")
        no_letter = answer(document_digest="0" * 64)
        waiting.when(no_letter, answer_for_home).refuses("letter-without-digest")


class TestTheCheck:
    done = (check(), visited(date(2023, 5, 16)))

    def completing(self, *events: Event, on: date = DUE.on, folders: tuple[Path, ...] = ()) -> Any:
        made = given(*self.done, asked(), *events, on=on, folders=folders)
        return made.when(CompleteCheck(actor=FIRST), complete)

    def test_waits_for_a_home_county_until_its_last_day(self) -> None:
        self.completing().refuses("home-county-outstanding", until="2023-05-29")
        assert self.completing(on=date(2023, 5, 30)).events
        assert self.completing(answered()).events

    def test_waits_longer_where_the_place_wants_an_answer(self, tmp_path: Path) -> None:
        notice(tmp_path, "61", "all", home_county_answer_needed=True)
        after = {"on": date(2023, 5, 30), "folders": (tmp_path,)}
        self.completing(**after).refuses("home-county-silent", counties=SHANGNAN)
        assert self.completing(answered(late=True), **after).events

    def test_takes_in_what_was_found_at_home_where_it_is_more(self) -> None:
        more = answered(deposits_fen=1_200_00, houses=1)
        (account,) = self.completing(more).events
        assert (account.deposits_fen, account.houses, account.vehicles) == (1_200_00, 1, 0)

    def owning(self, stated: DeclaredProperty, *folders: Path, **found: int) -> CheckCompleted:
        visit = self.done[1].model_copy(update={"property": stated})
        made = given(check(), visit, asked(), answered(**found), on=DUE.on, folders=folders)
        (account,) = made.when(CompleteCheck(actor=FIRST), complete).events
        assert isinstance(account, CheckCompleted)
        return account

    def test_leaves_out_what_is_needed_whoever_saw_it(self) -> None:
        scooter = Necessity(person_id=MOTHER, item=PropertyItem.DISABILITY_SCOOTER)
        one = DeclaredProperty(deposits_fen=0, houses=0, vehicles=1, necessities=(scooter,))
        account = self.owning(one, vehicles=1)
        assert (account.vehicles, len(account.exempt_property or ())) == (0, 1)

    def test_finds_no_only_home_where_there_are_two_at_home(self, tmp_path: Path) -> None:
        home = Necessity(person_id=APPLICANT, item=PropertyItem.ONLY_HOME)
        one = DeclaredProperty(deposits_fen=0, houses=1, vehicles=0, necessities=(home,))
        folder = notice(tmp_path, "61", property_exempt=["only_home"])
        for at_home, counted, exempt in ((1, 0, 1), (2, 2, 0)):
            account = self.owning(one, folder, houses=at_home)
            assert (account.houses, len(account.exempt_property or ())) == (counted, exempt)

    def test_is_open_to_a_late_answer_after_its_end(self) -> None:
        (account,) = self.completing(on=date(2023, 5, 30)).events
        ended = given(*self.done, asked(), account, on=date(2023, 5, 31))
        *_missed, event = ended.when(answer(), answer_for_home).events
        assert event.late


def test_a_silent_county_is_noted_on_the_day_after_its_last_once() -> None:
    told = document(asked(), case_id=CASE, on=ACCEPTED_ON)
    (entry,) = agenda(told)
    assert isinstance(entry, AgendaEntry)
    assert (entry.kind, entry.due_on) == (HOME_COUNTY_SILENT, date(2023, 5, 30))
    command = DUTIES[entry.kind](entry).command
    assert command == NoteSilentHomes(due_on=DUE.on)
    waiting = given(check(), asked(), asked(SHOUNING, HUSBAND), answered(), on=entry.due_on)
    missed = HomeCountyAnswerMissed(county=SHOUNING, due_on=DUE.on)
    waiting.when(command, note_silent_homes).then(missed)
    waiting.given(missed).when(command, note_silent_homes).then()
    (done,) = agenda(document(answered(), case_id=CASE, on=ACCEPTED_ON))
    assert done == AgendaDone(HOME_COUNTY_SILENT, entry.key)


def test_the_home_countys_list_shows_how_a_question_stands() -> None:
    seen = None
    missed = HomeCountyAnswerMissed(county=SHANGNAN, due_on=DUE.on)
    standings = []
    for event in (asked(), missed, answered(late=True)):
        told = document(event, case_id=CASE, on=ACCEPTED_ON)
        (key,) = keys(told)
        seen = fold(key, seen, told)
        assert seen is not None
        standings.append(seen["standing"])
    assert standings == ["asked", "overdue", "answered"]
    assert seen is not None
    assert (seen["division"], seen["late"]) == (SHANGNAN, True)
    assert str(DAUGHTER) not in str(seen)
