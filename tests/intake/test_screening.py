"""A county's screening, as the plans' sentences: rosters, hands, reasons, last days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.intake.decisions.screening import (
    ImportRoster,
    NoteMissedRosters,
    NoteMissedSignOff,
    OpenScreening,
    SignOff,
    importing,
    note_missed_rosters,
    note_missed_sign_off,
    opening,
    sign_off,
)
from services.intake.decisions.taking_up import TakeUp, take_up
from services.intake.duties import DUTIES, agenda
from services.intake.model import OPEN_APPLICATION, SCREENING, SCREENING_TASK
from services.intake.reactions import OWN
from shared.contracts.circumstances import Disability, DisabilityKind
from shared.contracts.erasure import ApplicationsBarred
from shared.contracts.intake import OpenApplicationClaimed, OpenApplicationReleased
from shared.contracts.screening import (
    ROSTER_PAGE_ENTRIES,
    RosterEntry,
    RosterImported,
    RosterKind,
    RosterPageListed,
    RostersMissed,
    ScreeningOpened,
    ScreeningSignedOff,
    ScreeningSkipped,
    ScreeningTaskOpened,
    ScreeningTaskTagged,
    SignOffMissed,
    SkipReason,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import MAX_DOCUMENT_BYTES, Event, encode
from shared.kernel.spec import Given, spec
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.regions import load_regions
from tests.documents import document
from tests.intake.test_decisions import CASE, FREE, REASON

DAYAO, JINBI, XINJIE = "532326000000", "532326101000", "532326103000"
FUJIAN_COUNTY = "350924000000"
TODAY = date(2020, 3, 10)
OFFICER, SIGNER = uuid5(HOUSE, "tests/officer"), uuid5(HOUSE, "tests/signer")
PERSON, OTHER = uuid5(HOUSE, "tests/person"), uuid5(HOUSE, "tests/other person")
ROSTER, SECOND_ROSTER = uuid5(HOUSE, "tests/roster"), uuid5(HOUSE, "tests/second roster")
TASK = uuid5(HOUSE, "tests/task")
ENTRIES = (
    RosterEntry(person_id=PERSON, division=JINBI),
    RosterEntry(person_id=OTHER, division=XINJIE),
)
SIX_AND_THE_SUPPORT_LIST = (
    RosterKind.UNLIFTED,
    RosterKind.NO_LABOUR_HOUSEHOLD,
    RosterKind.DISABLED_BY_MATCH,
    RosterKind.LIFTED_BELOW_DIBAO,
    RosterKind.RELAPSE_MONITORED,
    RosterKind.POVERTY_EDGE,
    RosterKind.SUPPORT_LIST,
)
OPENED = ScreeningOpened(
    division=DAYAO,
    year=2020,
    expected=SIX_AND_THE_SUPPORT_LIST,
    rosters_due=date(2020, 3, 15),
    screening_due=date(2020, 4, 15),
    enrolment_due=date(2020, 5, 5),
    sign_off_due=date(2020, 5, 25),
)
REGIONS = load_regions()
open_screening, import_roster = opening(REGIONS), importing(REGIONS)


def county(*events: Event, on: date = TODAY) -> Given:
    return spec(SCREENING, on=on).given(*events)


def roster(**changed: Any) -> ImportRoster:
    stated: dict[str, Any] = {
        "actor": OFFICER,
        "roster_id": ROSTER,
        "kind": RosterKind.NO_LABOUR_HOUSEHOLD,
        "signer": SIGNER,
        "signed_on": TODAY,
        "document_digest": "a" * 64,
        "entries": ENTRIES,
    }
    return ImportRoster(**(stated | changed))


def imported(kind: RosterKind = RosterKind.NO_LABOUR_HOUSEHOLD, **changed: Any) -> RosterImported:
    stated: dict[str, Any] = {
        "roster_id": ROSTER,
        "kind": kind,
        "importer": OFFICER,
        "signer": SIGNER,
        "signed_on": TODAY,
        "document_digest": "a" * 64,
        "persons": 2,
        "pages": 1,
    }
    return RosterImported(**(stated | changed))


class TestOpening:
    def test_takes_its_last_days_from_dayaos_plan(self) -> None:
        command = OpenScreening(division=DAYAO, year=2020)
        decided = county().when(command, open_screening).then(OPENED)
        assert decided.facts[0].policy is not None

    @pytest.mark.mechanism("S1-4", "S1-5")
    def test_in_fujian_expects_the_suspects_and_a_ledger_by_the_end_of_april(self) -> None:
        command = OpenScreening(division=FUJIAN_COUNTY, year=2020)
        county(on=date(2020, 4, 1)).when(command, open_screening).then(
            ScreeningOpened(
                division=FUJIAN_COUNTY,
                year=2020,
                expected=(RosterKind.NATIONAL_SUSPECTS, RosterKind.PROVINCIAL_SUSPECTS),
                screening_due=date(2020, 4, 30),
                enrolment_due=date(2020, 6, 30),
            )
        )

    def test_outside_a_campaign_has_no_last_days(self) -> None:
        command = OpenScreening(division=DAYAO, year=2023)
        county(on=date(2023, 3, 10)).when(command, open_screening).then(
            ScreeningOpened(division=DAYAO, year=2023, expected=())
        )

    def test_is_of_the_present_year_and_happens_once(self) -> None:
        county().when(OpenScreening(division=DAYAO, year=2021), open_screening).refuses(
            "screening-of-another-year", allowed=2020
        )
        county(OPENED).when(OpenScreening(division=DAYAO, year=2020), open_screening).refuses(
            "screening-opened-before"
        )

    def test_is_a_countys(self) -> None:
        county().when(OpenScreening(division=JINBI, year=2020), open_screening).refuses(
            "screening-is-of-a-county", level="township"
        )


class TestRosters:
    @pytest.mark.mechanism("S3-2", "S3-29")
    def test_come_signed_and_are_listed_for_the_townships(self) -> None:
        listed = RosterPageListed(
            roster_id=ROSTER,
            kind=RosterKind.SUPPORT_LIST,
            page=1,
            entries=ENTRIES,
            division=DAYAO,
            year=2020,
            screening_due=date(2020, 4, 15),
            enrolment_due=date(2020, 5, 5),
        )
        county(OPENED).when(roster(kind=RosterKind.SUPPORT_LIST), import_roster).then(
            imported(RosterKind.SUPPORT_LIST), listed
        )
        tomorrow = TODAY + timedelta(days=1)
        county(OPENED).when(roster(signed_on=tomorrow), import_roster).refuses(
            "roster-signed-later", latest="2020-03-10"
        )

    @pytest.mark.parametrize(
        ("on", "late"), [(date(2020, 3, 15), False), (date(2020, 3, 16), True)]
    )
    def test_that_come_late_are_taken_over_as_late(self, on: date, late: bool) -> None:
        decided = county(OPENED, on=on).when(roster(), import_roster)
        assert decided.events[0].late is late

    def test_of_any_length_stay_small_in_the_record(self) -> None:
        entries = tuple(
            RosterEntry(
                person_id=uuid5(HOUSE, f"tests/{n}"),
                division=JINBI,
                disability=Disability(kind=DisabilityKind.INTELLECTUAL, grade=4),
            )
            for n in range(1_500)
        )
        command = roster(entries=entries, kind=RosterKind.DISABLED_BY_MATCH)
        first, *pages = county(OPENED).when(command, import_roster).events
        assert (first.persons, first.pages) == (1_500, len(pages)) == (1_500, 8)
        assert tuple(entry for page in pages for entry in page.entries) == entries
        assert max(len(page.entries) for page in pages) == ROSTER_PAGE_ENTRIES
        largest = max(len(encode(document(p, case_id=CASE, on=TODAY))) for p in pages)
        assert largest < MAX_DOCUMENT_BYTES / 4

    def test_are_taken_over_once(self) -> None:
        county(OPENED, imported()).when(roster(), import_roster).refuses("roster-imported-before")
        another = roster(document_digest="b" * 64)
        assert county(OPENED, imported()).when(another, import_roster).events

    def test_need_a_screening(self) -> None:
        county().when(roster(), import_roster).refuses("screening-not-opened")

    @pytest.mark.parametrize(
        ("entries", "code"),
        [
            ((ENTRIES[0], ENTRIES[0]), "roster-person-twice"),
            ((RosterEntry(person_id=PERSON, division=DAYAO),), "roster-division-elsewhere"),
            (
                (ENTRIES[0], RosterEntry(person_id=OTHER, division="350924100000")),
                "roster-division-elsewhere",
            ),
            ((RosterEntry(person_id=PERSON, division="532326999000"),), "division-unknown"),
        ],
    )
    def test_list_everybody_once_in_a_township_of_the_county(
        self, entries: tuple[RosterEntry, ...], code: str
    ) -> None:
        county(OPENED).when(roster(entries=entries), import_roster).refuses(code)

    @pytest.mark.mechanism("S3-4")
    @pytest.mark.parametrize(
        ("kind", "grade", "listed"),
        [
            (DisabilityKind.PHYSICAL, 2, True),
            (DisabilityKind.PHYSICAL, 3, False),
            (DisabilityKind.VISUAL, 1, True),
            (DisabilityKind.INTELLECTUAL, 3, True),
            (DisabilityKind.MENTAL, 4, True),
            (DisabilityKind.HEARING, 4, False),
        ],
    )
    def test_of_the_three_departments_match_list_grades_that_count(
        self, kind: DisabilityKind, grade: int, listed: bool
    ) -> None:
        disability = Disability(kind=kind, grade=grade)
        entry = RosterEntry(person_id=PERSON, division=JINBI, disability=disability)
        command = roster(kind=RosterKind.DISABLED_BY_MATCH, entries=(entry,))
        decided = county(OPENED).when(command, import_roster)
        if listed:
            assert decided.events
        else:
            refusal = decided.refuses("roster-disability-not-matched", position=1)
            assert refusal.source == "大民联发(2020)2号 art. 2(1).1"

    @pytest.mark.parametrize(
        ("kind", "grade", "listed"),
        [
            (DisabilityKind.PHYSICAL, 2, True),
            (DisabilityKind.PHYSICAL, 3, False),
            (DisabilityKind.MENTAL, 4, True),
        ],
    )
    def test_of_a_match_elsewhere_list_the_same_grades(
        self, kind: DisabilityKind, grade: int, listed: bool
    ) -> None:
        opened = OPENED.model_copy(update={"division": FUJIAN_COUNTY})
        disability = Disability(kind=kind, grade=grade)
        entry = RosterEntry(person_id=PERSON, division="350924100000", disability=disability)
        command = roster(kind=RosterKind.DISABLED_BY_MATCH, entries=(entry,))
        decided = county(opened).when(command, import_roster)
        assert (decided.refusal is None) is listed

    def test_of_the_match_say_which_disability_and_others_say_none(self) -> None:
        match = roster(kind=RosterKind.DISABLED_BY_MATCH)
        county(OPENED).when(match, import_roster).refuses("roster-disability-not-matched")
        disability = Disability(kind=DisabilityKind.MENTAL, grade=1)
        entry = RosterEntry(person_id=PERSON, division=JINBI, disability=disability)
        county(OPENED).when(roster(entries=(entry,)), import_roster).refuses(
            "roster-states-no-disability"
        )


def person(*events: Event, cases: Sequence[Sequence[Event]] = (FREE, FREE)) -> Given:
    """Somebody's task beside their cases of dibao and of tekun."""
    made = spec(SCREENING_TASK, on=TODAY).given(*events)
    for theirs in cases:
        made = made.beside(OPEN_APPLICATION, *theirs)
    return made


def on_roster(**changed: Any) -> TakeUp:
    stated: dict[str, Any] = {
        "task_id": TASK,
        "person_id": PERSON,
        "division": JINBI,
        "year": 2020,
        "kind": RosterKind.NO_LABOUR_HOUSEHOLD,
        "roster_id": ROSTER,
        "screening_due": date(2020, 4, 15),
        "enrolment_due": date(2020, 5, 5),
    }
    return TakeUp(**(stated | changed))


def task_opened(**changed: Any) -> ScreeningTaskOpened:
    return ScreeningTaskOpened(**(on_roster().model_dump() | changed))


def skipped(reason: SkipReason = SkipReason.IN_DIBAO_CASE) -> ScreeningSkipped:
    stated = on_roster().model_dump(exclude={"screening_due", "enrolment_due"})
    return ScreeningSkipped(**stated, reason=reason)


TAGGED = ScreeningTaskTagged(
    task_id=TASK,
    division=JINBI,
    year=2020,
    kind=RosterKind.LIFTED_BELOW_DIBAO,
    roster_id=SECOND_ROSTER,
)


class TestTakingUp:
    second = on_roster(kind=RosterKind.LIFTED_BELOW_DIBAO, roster_id=SECOND_ROSTER)
    in_case = (OpenApplicationClaimed(case_id=CASE),)

    def test_is_one_task_with_a_tag_for_each_roster(self) -> None:
        person().when(on_roster(), take_up).then(task_opened())
        person(task_opened()).when(self.second, take_up).then(TAGGED)
        both = person(task_opened(), TAGGED)
        assert both.state.tags == (RosterKind.NO_LABOUR_HOUSEHOLD, RosterKind.LIFTED_BELOW_DIBAO)

    def test_of_the_same_roster_again_says_nothing(self) -> None:
        person(task_opened()).when(on_roster(), take_up).then()

    @pytest.mark.mechanism("S3-5")
    @pytest.mark.parametrize(
        ("cases", "reason"),
        [
            ((in_case, FREE), SkipReason.IN_DIBAO_CASE),
            ((FREE, in_case), SkipReason.IN_TEKUN_CASE),
            ((FREE, (ApplicationsBarred(erasure_id=CASE),)), SkipReason.BEING_ERASED),
        ],
    )
    def test_leaves_who_is_in_a_case_to_its_management(
        self, cases: Sequence[Sequence[Event]], reason: SkipReason
    ) -> None:
        person(cases=cases).when(on_roster(), take_up).then(skipped(reason))

    def test_takes_up_who_was_in_a_case_and_is_no_more(self) -> None:
        ended = (*self.in_case, OpenApplicationReleased(case_id=CASE, released_on=TODAY))
        person(cases=(ended, FREE)).when(on_roster(), take_up).then(task_opened())
        person(skipped(), cases=(ended, FREE)).when(self.second, take_up).then(
            task_opened(**self.second.model_dump(), after_skip=True)
        )

    def test_of_a_further_roster_tags_who_was_skipped(self) -> None:
        person(skipped(), cases=(self.in_case, FREE)).when(self.second, take_up).then(TAGGED)

    def test_of_a_year_before_that_comes_late_tags_what_this_years_opened(self) -> None:
        opened = task_opened(year=2021, roster_id=SECOND_ROSTER)
        person(opened).when(on_roster(), take_up).then(
            TAGGED.model_copy(update={"year": 2021, "kind": opened.kind, "roster_id": ROSTER})
        )

    def test_of_a_year_before_that_comes_late_takes_up_whom_this_year_skipped(self) -> None:
        found_in_a_case = skipped().model_copy(update={"year": 2021, "roster_id": SECOND_ROSTER})
        person(found_in_a_case).when(on_roster(), take_up).then(
            task_opened(year=2021, after_skip=True)
        )

    def test_is_anew_in_another_year(self) -> None:
        command = on_roster(year=2021, roster_id=SECOND_ROSTER)
        person(task_opened()).when(command, take_up).then(
            task_opened(year=2021, roster_id=SECOND_ROSTER)
        )

    def test_follows_from_each_page_for_each_person(self) -> None:
        page = RosterPageListed(
            roster_id=ROSTER,
            kind=RosterKind.UNLIFTED,
            page=1,
            entries=ENTRIES,
            division=DAYAO,
            year=2020,
        )
        (react,) = OWN[RosterPageListed]
        told = document(page, case_id=CASE, on=TODAY, region=DAYAO)
        first, second = react(told)
        assert first.reads[0] != second.reads[0]
        assert [s.key for s in first.reads[1:]] == [f"dibao/{PERSON}", f"tekun/{PERSON}"]
        again = [s.command_id for s in react(told)]
        assert again == [first.command_id, second.command_id]


def entries_of(*events: Event) -> dict[tuple[str, UUID], date]:
    """What is on the agenda after these events of one stream."""
    found: dict[tuple[str, UUID], date] = {}
    for version, event in enumerate(events, start=1):
        for change in agenda(
            document(event, case_id=CASE, on=TODAY, version=version, region=DAYAO)
        ):
            if isinstance(change, AgendaEntry):
                found[change.kind, change.key] = change.due_on
            elif isinstance(change, AgendaDone):
                found.pop((change.kind, change.key), None)
    return found


class TestLastDays:
    minutes = SignOff(actor=OFFICER, present=5, included=3, excluded=1, minutes=REASON)
    signed_off = ScreeningSignedOff(
        approver=OFFICER, present=5, included=3, excluded=1, minutes=REASON
    )

    def test_are_missed_on_the_day_after(self) -> None:
        assert entries_of(OPENED) == {
            ("rosters-missed", CASE): date(2020, 3, 16),
            ("sign-off-missed", CASE): date(2020, 5, 26),
        }
        assert entries_of(OPENED, self.signed_off).keys() == {("rosters-missed", CASE)}

    def test_of_the_rosters_name_those_that_are_missing(self) -> None:
        command = NoteMissedRosters(due_on=date(2020, 3, 15))
        missing = tuple(
            k for k in SIX_AND_THE_SUPPORT_LIST if k is not RosterKind.NO_LABOUR_HOUSEHOLD
        )
        county(OPENED, imported()).when(command, note_missed_rosters).then(
            RostersMissed(due_on=date(2020, 3, 15), missing=missing)
        )
        every = [imported(kind) for kind in SIX_AND_THE_SUPPORT_LIST]
        county(OPENED, *every).when(command, note_missed_rosters).then()

    @pytest.mark.mechanism("S3-11")
    def test_of_the_sign_off_are_kept_by_the_leading_groups_word(self) -> None:
        missed = NoteMissedSignOff(due_on=date(2020, 5, 25))
        county(OPENED).when(missed, note_missed_sign_off).then(
            SignOffMissed(due_on=date(2020, 5, 25))
        )
        county(OPENED).when(self.minutes, sign_off).then(self.signed_off)
        county(OPENED, self.signed_off).when(missed, note_missed_sign_off).then()
        county(OPENED, self.signed_off).when(self.minutes, sign_off).refuses(
            "screening-signed-off-before"
        )

    def test_are_looked_at_in_the_countys_own_stream(self) -> None:
        changes = agenda(document(OPENED, case_id=CASE, on=TODAY, region=DAYAO))
        for entry in changes:
            assert isinstance(entry, AgendaEntry)
            submission = DUTIES[entry.kind](entry)
            assert [stream.key for stream in submission.reads] == [f"{DAYAO}/2020"]
            assert submission.command.due_on == entry.due_on - timedelta(days=1)
