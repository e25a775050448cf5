"""The rosters of a county's screening, and who is taken up from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid5

import pytest

from services.intake.decisions.taking_up import take_up
from services.intake.reactions import OWN
from shared.contracts.circumstances import Disability, DisabilityKind
from shared.contracts.erasure import ApplicationsBarred
from shared.contracts.intake import OpenApplicationClaimed, OpenApplicationReleased
from shared.contracts.screening import (
    ROSTER_PAGE_ENTRIES,
    RosterEntry,
    RosterKind,
    RosterPageListed,
    SkipReason,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import MAX_DOCUMENT_BYTES, Event, encode
from tests.documents import document
from tests.intake.screening import (
    DAYAO,
    ENTRIES,
    FUJIAN_COUNTY,
    JINBI,
    OPENED,
    OTHER,
    PERSON,
    ROSTER,
    SECOND_ROSTER,
    TAGGED,
    TODAY,
    county,
    import_roster,
    imported,
    on_roster,
    person,
    roster,
    skipped,
    task_opened,
)
from tests.intake.test_decisions import CASE, FREE


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
