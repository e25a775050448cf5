"""What a window, a screening and the watch list meet on the first and last day of their rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.intake import decisions
from services.intake.decisions import FileKin, RequestMaterials
from services.intake.decisions.authorisations import authorise
from services.intake.decisions.requests import register
from services.intake.decisions.screening import OpenScreening
from services.intake.model import REQUEST
from shared.contracts.authorisations import AuthorisedAs
from shared.contracts.circumstances import Disability, DisabilityKind
from shared.contracts.fields import AidKind, Programme
from shared.contracts.intake import (
    ActingGround,
    ApplicationSubmitted,
    KinCapacity,
    KinRelation,
    Material,
    MaterialsRequested,
    NearKin,
)
from shared.contracts.screening import RosterEntry, RosterKind, ScreeningOpened
from shared.kernel.spec import spec
from tests.intake import test_aid, test_decisions, test_requests, test_watch_list
from tests.intake.screening import (
    DAYAO,
    FUJIAN_COUNTY,
    JINBI,
    OPENED,
    PERSON,
    county,
    import_roster,
    open_screening,
    roster,
)
from tests.intake.test_authorisations import SON_ELSEWHERE, signing
from tests.intake.test_competence import AOYANG, LONGJUZHAI, SHANGNAN, YULING, competent
from tests.intake.test_decisions import MEMBERS, PAPERS, WIFE
from tests.intake.test_labour_lost import NATIONAL_TOWN, NONE, importing, labour
from tests.intake.test_regime_days import OFFICIAL, given
from tests.notices import notice

FIRST_OF_220 = date(2012, 12, 12)
CHILD = Programme.CHILD_ALLOWANCE
LIVING, CARE = Programme.DISABILITY_LIVING_SUBSIDY, Programme.DISABILITY_CARE_SUBSIDY
ALONE = pytest.mark.parametrize(
    ("programme", "on"),
    [(CHILD, date(2020, 1, 1)), (LIVING, date(2016, 1, 1)), (CARE, date(2016, 1, 1))],
)


def alone(programme: Programme) -> ApplicationSubmitted:
    """An application of a programme for which each applies alone."""
    changed = {"programme": programme, "members": MEMBERS[:1]}
    return test_decisions.submitted(PAPERS).model_copy(update=changed)


@ALONE
def test_missing_papers_are_named_once_from_a_programmes_first_day(
    programme: Programme, on: date
) -> None:
    noticed = MaterialsRequested(materials=(Material.MEDICAL_RECORD,))
    again = RequestMaterials(materials=(Material.SCHOOLING_PROOF,))
    refusal = given(alone(programme), noticed, on=on).when(again, decisions.request_materials)
    assert refusal.refuses("materials-requested-before").source == "法规未作规定"


@ALONE
@pytest.mark.parametrize("relation", KinRelation)
def test_every_near_relation_is_filed_from_a_programmes_first_day(
    programme: Programme, on: date, relation: KinRelation
) -> None:
    kin = NearKin(
        person_id=WIFE, relation=relation, official=OFFICIAL, capacity=KinCapacity.HANDLER
    )
    spec_ = given(alone(programme), on=on)
    (event,) = spec_.when(FileKin(kin=(kin,)), decisions.file_kin).events
    assert event.kin == (kin,)


FUJIANS = ScreeningOpened(
    division=FUJIAN_COUNTY,
    year=2020,
    expected=(RosterKind.NATIONAL_SUSPECTS, RosterKind.PROVINCIAL_SUSPECTS),
    screening_due=date(2020, 4, 30),
    enrolment_due=date(2020, 6, 30),
)


class TestAScreening:
    @pytest.mark.parametrize(
        ("division", "on", "opened"),
        [
            (DAYAO, date(2020, 3, 1), None),
            (DAYAO, date(2020, 3, 2), OPENED),
            (DAYAO, date(2020, 12, 30), OPENED),
            (DAYAO, date(2020, 12, 31), None),
            (FUJIAN_COUNTY, date(2020, 3, 30), None),
            (FUJIAN_COUNTY, date(2020, 3, 31), FUJIANS),
            (FUJIAN_COUNTY, date(2020, 12, 31), FUJIANS),
            (FUJIAN_COUNTY, date(2021, 1, 1), None),
            (FUJIAN_COUNTY, FIRST_OF_220, None),
        ],
    )
    def test_has_the_rosters_and_last_days_of_the_places_plan_while_it_lasts(
        self, division: str, on: date, opened: ScreeningOpened | None
    ) -> None:
        without = ScreeningOpened(division=division, year=on.year, expected=())
        command = OpenScreening(division=division, year=on.year)
        county(on=on).when(command, open_screening).then(opened or without)

    @pytest.mark.parametrize("division", [FUJIAN_COUNTY, DAYAO])
    @pytest.mark.parametrize(
        ("kind", "grade", "matched"),
        [
            (DisabilityKind.PHYSICAL, 2, True),
            (DisabilityKind.PHYSICAL, 3, False),
            (DisabilityKind.MENTAL, 4, True),
        ],
    )
    def test_lists_the_grades_that_three_departments_match_by_from_the_first_day(
        self, division: str, kind: DisabilityKind, grade: int, *, matched: bool
    ) -> None:
        town = JINBI if division == DAYAO else NATIONAL_TOWN
        disability = Disability(kind=kind, grade=grade)
        entry = RosterEntry(person_id=PERSON, division=town, disability=disability)
        command = roster(
            kind=RosterKind.DISABLED_BY_MATCH, entries=(entry,), signed_on=FIRST_OF_220
        )
        opened = ScreeningOpened(division=division, year=2012, expected=())
        decided = county(opened, on=FIRST_OF_220).when(command, import_roster)
        if matched:
            assert decided.events
        else:
            decided.refuses("roster-disability-not-matched", allowed_grade=2)

    def test_has_no_roster_of_who_lost_the_ability_to_work_on_the_first_day(self) -> None:
        decided = importing(labour(NONE), on=FIRST_OF_220, town=NATIONAL_TOWN)
        decided.refuses("roster-not-provided-for", kind="labour_lost")


class TestAHouseholdRegisteredInSeveralPlaces:
    def test_across_provinces_asks_wherever_somebody_is_registered_on_the_first_day(self) -> None:
        found = competent(FIRST_OF_220, (AOYANG, YULING), (YULING, YULING))
        assert found == (AOYANG, YULING)

    @pytest.mark.parametrize(
        ("on", "may_be_asked"),
        [(FIRST_OF_220, (YULING, SHANGNAN)), (date(2021, 7, 1), (YULING,))],
    )
    def test_within_a_province_by_the_rule_of_the_day(
        self, on: date, may_be_asked: tuple[str, ...]
    ) -> None:
        assert competent(on, (SHANGNAN, YULING), (YULING, YULING)) == may_be_asked


def test_an_obligors_means_are_looked_at_on_anothers_word_on_the_first_day() -> None:
    by_daughter = signing(
        SON_ELSEWHERE,
        standing=AuthorisedAs.OBLIGOR,
        signed_by=WIFE,
        ground=ActingGround.ENTRUSTED,
        signed_on=FIRST_OF_220,
    )
    bare = test_decisions.submitted((Material.IDENTITY,))
    assert given(bare, on=FIRST_OF_220).when(by_daughter, authorise).events


@pytest.mark.parametrize("on", [FIRST_OF_220, date(2020, 9, 1)])
def test_every_paper_but_the_statement_of_income_is_not_asked_for_again(on: date) -> None:
    """From the list of the refused; what somebody earned then says nothing of today."""
    watched = test_watch_list.WATCHED.model_copy(update={"listed_on": on})
    ready = test_watch_list.ready(watched, on=on, brought=tuple(Material))
    events = ready.when(test_watch_list.REOPEN, test_watch_list.reopen).events
    assert set(Material) - set(events[2].materials) == {Material.INCOME_STATEMENT}


def test_who_moved_within_the_county_asks_at_home_where_no_place_says_it_is_a_town() -> None:
    moved = (YULING, LONGJUZHAI)
    assert competent(date(2021, 5, 10), moved, moved) == (YULING,)


def test_nobody_asks_for_small_quick_aid_on_the_first_day_of_aid() -> None:
    command = test_aid.applying(aid=test_aid.asked(kind=AidKind.SMALL_QUICK))
    decided = test_aid.given(on=date(2014, 10, 3), beside=2).when(command, test_aid.submit)
    decided.refuses("aid-kind-not-provided-for", allowed="emergency, expense")


def test_who_moved_into_the_countys_town_asks_at_home_on_the_first_day(tmp_path: Path) -> None:
    moved = (YULING, LONGJUZHAI)
    town = notice(tmp_path, "611022001", area_kind="urban")
    assert competent(FIRST_OF_220, moved, moved, town) == (YULING,)


def test_a_request_for_help_has_its_last_days_from_the_first_day() -> None:
    """A working day to register, two to hand on, ten to answer: 12 December 2012 is a Wednesday."""
    so_far = spec(REQUEST, on=FIRST_OF_220)
    (received,) = so_far.when(test_requests.asking(), test_requests.receive).events
    (registered,) = so_far.given(received).when(test_requests.TO_REGISTER, register).events
    known = so_far.given(received, registered)
    (handed_on,) = known.when(test_requests.TO_TRANSFER, test_requests.transfer).events
    due = (received.registration_due, registered.transfer_due, handed_on.feedback_due)
    assert [one.on.day for one in due] == [13, 14, 26]
