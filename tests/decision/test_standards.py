"""A county sets its standard: by two hands, ahead of its month, not below the province's floor."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import (
    NoteUnexamined,
    ProposeStandard,
    SetStandard,
    note_unexamined,
    propose_standard,
    set_standard,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import STANDARDS, Standards, Subject, standards_of, standards_over
from services.decision.rules.standards import derived_fen
from shared.calendar import Month
from shared.contracts.standards import (
    DivisionLevel,
    StandardBasis,
    StandardDerivation,
    StandardForce,
    StandardKind,
    StandardSet,
    StandardUnexamined,
)
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from shared.kernel.store import AgendaEntry
from tests.decision.household import OTHER, PROPOSER, policy
from tests.decision.standards import (
    COUNTY,
    JULY,
    NOTICE,
    PREFECTURE,
    PROVINCE,
    STANDARD,
    another,
    floor_set,
    standard_proposed,
    standard_set,
)
from tests.documents import document
from tests.notices import notice

ON = date(2020, 6, 30)
DIBAO = Subject(StandardKind.DIBAO, StandardForce.STANDARD)


def of_county(*events: Event, floor: StandardSet | None = None, on: date = ON) -> Given:
    """A county's standards beside the province's, which has a floor of 620 from June."""
    made = spec(STANDARDS, on=on, policy=policy()).given(*events)
    return made.beside(STANDARDS, floor or floor_set())


def propose(**changed: Any) -> ProposeStandard:
    stated: dict[str, Any] = {
        "actor": PROPOSER,
        "standard_id": STANDARD,
        "division": COUNTY,
        "kind": StandardKind.DIBAO,
        "force": StandardForce.STANDARD,
        "amount_fen": 650_00,
        "from_month": JULY,
        "notice": NOTICE,
    }
    return ProposeStandard(**(stated | changed))


def proposed(given: Given, **changed: Any) -> Decided:
    return given.when(propose(**changed), propose_standard)


def approved(given: Given, **changed: Any) -> Decided:
    command = SetStandard(**({"actor": OTHER, "standard_id": STANDARD} | changed))
    return given.when(command, set_standard)


class TestAProposal:
    def test_waits_for_another_hand(self) -> None:
        decided = proposed(of_county())
        decided.then(standard_proposed())
        (event,) = decided.events
        assert STANDARDS.evolve(Standards(), event).on(DIBAO, JULY) is None

    def test_takes_the_place_of_one_that_waits_for_the_same(self) -> None:
        waiting = standard_proposed(standard_id=another("first"), amount_fen=640_00)
        of_other_kind = standard_proposed(
            standard_id=another("tekun"), kind=StandardKind.TEKUN_BASIC
        )
        given = of_county(waiting, of_other_kind)
        proposed(given).then(standard_proposed(replaces=another("first")))
        after = STANDARDS.evolve(given.state, standard_proposed())
        assert after.proposal(another("first")) is None
        assert after.proposal(another("tekun")) is not None

    @pytest.mark.parametrize(
        ("division", "level"),
        [
            (COUNTY, DivisionLevel.COUNTY),
            (PREFECTURE, DivisionLevel.PREFECTURE),
            (PROVINCE, DivisionLevel.PROVINCE),
        ],
    )
    def test_is_of_a_county_or_what_is_around_it(self, division: str, level: DivisionLevel) -> None:
        (event,) = proposed(of_county(), division=division).events
        assert event.level is level

    @pytest.mark.parametrize("division", ["350924100000", "350924100206"])
    def test_is_never_of_a_township_or_a_village(self, division: str) -> None:
        refusal = proposed(of_county(), division=division).refuses("division-sets-no-standards")
        assert refusal.status == 422

    @pytest.mark.mechanism("S2-8")
    def test_a_floor_is_the_provinces_alone(self) -> None:
        floor: dict[str, Any] = {"force": StandardForce.FLOOR, "amount_fen": 1}
        for division in (COUNTY, PREFECTURE):
            given = proposed(of_county(), division=division, **floor)
            given.refuses("floor-is-the-provinces", allowed_level="province")
        (event,) = proposed(of_county(), division=PROVINCE, **floor).events
        assert event.force is StandardForce.FLOOR

    def test_counts_from_the_next_month_at_the_earliest(self) -> None:
        """A floor. On 30 June: July does, June does not; on 1 July: July does not."""
        floor: dict[str, Any] = {"force": StandardForce.FLOOR, "division": PROVINCE}
        assert proposed(of_county(), **floor).refusal is None
        proposed(of_county(), from_month=Month(2020, 6), **floor).refuses(
            "standard-not-ahead", from_month="2020-06", earliest="2020-07"
        )
        on_the_first = proposed(of_county(on=date(2020, 7, 1)), **floor)
        on_the_first.refuses("standard-not-ahead", earliest="2020-08")
        of_care = proposed(
            of_county(), kind=StandardKind.TEKUN_FULL_CARE, from_month=Month(2020, 6)
        )
        of_care.refuses("standard-not-ahead", earliest="2020-07")


APRIL, MAY = Month(2020, 4), Month(2020, 5)


class TestFromAPastMonth:
    """The fixture's county is paid 600 by a file; the floor is 590 from April on."""

    def from_april(self, amount_fen: int, *events: Event, on: date = ON, **changed: Any) -> Decided:
        given = of_county(*events, floor=floor_set(590_00, APRIL), on=on)
        return proposed(given, amount_fen=amount_fen, **({"from_month": APRIL} | changed))

    def test_it_reaches_twelve_months_back_and_not_thirteen(self) -> None:
        assert self.from_april(650_00, on=date(2021, 4, 30)).refusal is None
        self.from_april(650_00, on=date(2021, 5, 1)).refuses(
            "standard-too-far-back", from_month="2020-04", earliest="2020-05"
        )

    def test_of_basic_support_for_tekun_it_may_too(self) -> None:
        tekun = StandardKind.TEKUN_BASIC
        given = spec(STANDARDS, on=ON).given()
        floor = floor_set(590_00, APRIL).model_copy(update={"kind": tekun})
        decided = given.beside(STANDARDS, floor).when(
            propose(kind=tekun, from_month=APRIL, amount_fen=2_000_00), propose_standard
        )
        assert decided.refusal is None

    def test_it_never_lies_below_what_held_in_a_month_since(self) -> None:
        assert self.from_april(600_00).refusal is None
        self.from_april(599_99).refuses(
            "lowered-standard-not-ahead", amount_fen=599_99, allowed_fen=600_00, month="2020-04"
        )

    def test_it_may_be_lower_from_the_next_month_on(self) -> None:
        assert self.from_april(599_99, from_month=JULY).refusal is None
        self.from_april(599_99, from_month=Month(2020, 6)).refuses("lowered-standard-not-ahead")

    def test_one_that_was_recorded_is_what_held(self) -> None:
        before = standard_set(640_00, MAY, standard_id=another("may"))
        self.from_april(639_99, before, from_month=MAY).refuses(
            "lowered-standard-not-ahead", allowed_fen=640_00, month="2020-05"
        )
        assert self.from_april(640_00, before, from_month=MAY).refusal is None
        self.from_april(650_00, before).refuses("later-standard-set", set_from="2020-05")

    def test_of_a_wider_division_is_what_held_as_well(self) -> None:
        provinces = standard_set(
            640_00, MAY, division=PROVINCE, level=DivisionLevel.PROVINCE, standard_id=another("p")
        )
        given = (
            spec(STANDARDS, on=ON).given().beside(STANDARDS, floor_set(590_00, APRIL), provinces)
        )
        of_april = propose(from_month=APRIL, amount_fen=639_99)
        given.when(of_april, propose_standard).refuses(
            "lowered-standard-not-ahead", allowed_fen=640_00, month="2020-05"
        )

    def test_it_is_held_against_the_floor_of_every_month_since(self) -> None:
        floors = (floor_set(590_00, APRIL), floor_set(650_01, Month(2020, 6)))
        given = spec(STANDARDS, on=ON).given().beside(STANDARDS, *floors)
        of_april = propose(from_month=APRIL, amount_fen=650_00)
        given.when(of_april, propose_standard).refuses(
            "standard-below-floor", allowed_fen=650_01, floor_from="2020-06"
        )
        in_may = spec(STANDARDS, on=date(2020, 5, 31)).given().beside(STANDARDS, *floors)
        assert in_may.when(of_april, propose_standard).refusal is None

    def test_it_goes_through_the_cases_on_the_day_it_is_set(self) -> None:
        was_set = standard_set(from_month=APRIL)
        (entry,) = agenda(document(was_set, case_id=STANDARD, on=ON, region=COUNTY))
        assert isinstance(entry, AgendaEntry)
        assert entry.due_on == ON


class TestTheFloor:
    @pytest.mark.mechanism("S2-8", "S4-38")
    def test_holds_to_the_fen(self) -> None:
        assert proposed(of_county(), amount_fen=620_00).refusal is None
        proposed(of_county(), amount_fen=619_99).refuses(
            "standard-below-floor",
            amount_fen=619_99,
            allowed_fen=620_00,
            floor_from="2020-06",
        )

    def test_is_that_of_the_month_from_which_the_standard_counts(self) -> None:
        later = floor_set(from_month=Month(2020, 8))
        proposed(of_county(floor=later)).refuses("floor-not-set", standard="dibao", month="2020-07")
        assert proposed(of_county(floor=later), from_month=Month(2020, 8)).refusal is None

    def test_of_another_kind_is_none(self) -> None:
        proposed(of_county(), kind=StandardKind.TEKUN_BASIC).refuses(
            "floor-not-set", standard="tekun_basic"
        )

    def test_that_rose_since_stops_what_was_proposed_below_it(self) -> None:
        given = of_county(standard_proposed(), floor=floor_set(650_01))
        approved(given).refuses("standard-below-floor", allowed_fen=650_01)
        (event,) = approved(of_county(standard_proposed(), floor=floor_set(650_00))).events
        assert event.floor_fen == 650_00


class TestSetting:
    def test_is_the_second_hands(self) -> None:
        was_set = standard_set(floor_fen=620_00, examine_by=date(2021, 6, 30))
        approved(of_county(standard_proposed())).then(was_set)
        refusal = approved(of_county(standard_proposed()), actor=PROPOSER).refuses(
            "same-hands", before="proposal"
        )
        assert refusal.status == 403

    def test_asks_for_a_proposal_that_waits(self) -> None:
        assert approved(of_county()).refuses("no-such-standard").status == 404
        again = of_county(standard_proposed(), standard_set())
        approved(again).refuses("no-such-standard")
        replaced = of_county(standard_proposed(), standard_proposed(standard_id=another("second")))
        approved(replaced).refuses("no-such-standard")

    def test_is_held_against_the_day_it_is_set_on(self) -> None:
        """Proposed in June for July, and still waiting a year later."""
        given = of_county(standard_proposed(), on=date(2021, 8, 1))
        approved(given).refuses("standard-too-far-back", earliest="2020-08")
        assert approved(of_county(standard_proposed(), on=date(2021, 7, 31))).refusal is None

    def test_says_what_held_before(self) -> None:
        given = of_county(
            standard_set(610_00, Month(2020, 5), standard_id=another("before")),
            standard_proposed(),
        )
        (event,) = approved(given).events
        assert event.before_fen == 610_00

    def test_never_cuts_into_later_months_and_may_set_one_again_before_it_begins(self) -> None:
        later = standard_set(660_00, Month(2020, 9), standard_id=another("september"))
        proposed(of_county(later), from_month=Month(2020, 8)).refuses(
            "later-standard-set", from_month="2020-08", set_from="2020-09"
        )
        again = standard_proposed(amount_fen=655_00, from_month=Month(2020, 9))
        (event,) = approved(of_county(later, again)).events
        after = STANDARDS.evolve(of_county(later, again).state, event)
        assert [s.amount_fen for s in after.all_set()] == [655_00]


class TestWhatItWasDerivedFrom:
    """巩固拓展脱贫攻坚兜底保障成果指导意见, 2(2)."""

    DERIVATION = StandardDerivation(
        basis=StandardBasis.CONSUMPTION_SPENDING,
        year=2019,
        per_person_yearly_fen=16_281_00,
        share_per_mille=450,
        price_index_per_mille=1026,
        derived_fen=626_41,
    )

    @pytest.mark.mechanism("S2-7")
    def test_stands_in_the_decision_beside_the_figure(self) -> None:
        (event,) = proposed(of_county(), derivation=self.DERIVATION).events
        assert (event.derivation, event.amount_fen) == (self.DERIVATION, 650_00)
        (was_set,) = approved(of_county(event)).events
        assert was_set.derivation == self.DERIVATION
        (without,) = proposed(of_county()).events
        assert without.derivation is None

    @pytest.mark.parametrize(
        ("yearly_fen", "share", "index", "fen"),
        [
            (16_281_00, 450, 1026, 626_41),
            (16_281_00, 450, None, 610_54),
            (12_000_00, 500, 1000, 500_00),
            (12_00, 499, 1000, 50),
            (12_00, 494, 1000, 49),
        ],
    )
    def test_comes_to_a_figure_a_month_rounded_once(
        self, yearly_fen: int, share: int, index: int | None, fen: int
    ) -> None:
        assert derived_fen(yearly_fen, share, index) == fen


def alone(*events: Event) -> Given:
    """A county's standards on the day after one was to be looked at again."""
    return spec(STANDARDS, on=date(2021, 7, 1)).given(*events)


class TestLookingAtItAgain:
    """Set on 30 June 2020: by 30 June 2021, if only at the same figure."""

    SET = standard_set(examine_by=date(2021, 6, 30))

    @pytest.mark.mechanism("S2-7")
    def test_is_due_within_a_year_and_told_on_the_day_after(self) -> None:
        (was_set,) = approved(of_county(standard_proposed())).events
        entries = list(agenda(document(was_set, case_id=STANDARD, on=ON, region=COUNTY)))
        (entry,) = [one for one in entries if one.kind == "standard-unexamined"]
        assert isinstance(entry, AgendaEntry)
        assert entry.due_on == date(2021, 7, 1)
        submission = DUTIES[entry.kind](entry)
        assert submission.reads == (standards_of(COUNTY),)
        told = alone(was_set).when(submission.command, note_unexamined)
        (event,) = told.events
        assert (event.standard_id, event.due_on) == (STANDARD, date(2021, 6, 30))
        assert of_county(was_set, event).state.unexamined == {STANDARD}
        # An entry that was done by a release with other ids, and is done again, says nothing.
        alone(was_set, event).when(submission.command, note_unexamined).then()

    def test_is_done_by_setting_one_if_only_at_the_same_figure(self) -> None:
        again = standard_set(650_00, Month(2021, 6), standard_id=another("again"))
        command = NoteUnexamined(standard_id=STANDARD)
        alone(self.SET, again).when(command, note_unexamined).then()
        late = of_county(self.SET, UNEXAMINED, again).state
        assert late.unexamined == frozenset()

    def test_is_nothing_for_a_floor_or_what_nobody_is_paid_by(self) -> None:
        floor = standard_proposed(
            force=StandardForce.FLOOR, division=PROVINCE, level=DivisionLevel.PROVINCE
        )
        (event,) = approved(of_county(floor)).events
        assert event.examine_by is None

    def test_is_due_as_often_as_the_place_has_it(self, tmp_path: Path) -> None:
        place = notice(tmp_path, "350924", standard_examined_every_months=6)
        given = spec(STANDARDS, on=ON, policy=policy(place)).given(standard_proposed())
        (event,) = approved(given.beside(STANDARDS, floor_set())).events
        assert event.examine_by == date(2020, 12, 30)


UNEXAMINED = StandardUnexamined(
    standard_id=STANDARD, division=COUNTY, kind=StandardKind.DIBAO, due_on=date(2021, 6, 30)
)


class TestWhatHolds:
    def standards(self) -> Standards:
        found: Standards = of_county(
            standard_set(),
            standard_set(700_00, Month(2021, 7), standard_id=another("next year")),
        ).state
        return found

    @pytest.mark.parametrize(
        ("month", "fen"),
        [
            (Month(2020, 6), None),
            (JULY, 650_00),
            (Month(2021, 6), 650_00),
            (Month(2021, 7), 700_00),
        ],
    )
    def test_in_a_month_is_the_last_that_began(self, month: Month, fen: int | None) -> None:
        found = self.standards().on(DIBAO, month)
        assert (found.amount_fen if found else None) == fen

    def test_for_a_village_is_read_of_three_divisions_from_the_widest(self) -> None:
        keys = [stream.key for stream in standards_over("350924100206")]
        assert keys == [PROVINCE, PREFECTURE, COUNTY]

    def test_of_floors_nothing_is_read(self) -> None:
        given = of_county(floor_set(), standard_set())
        assert [value.fen for value in given.state.values()] == [650_00]


class TestTheAgenda:
    def entry(self, event: StandardSet) -> AgendaEntry:
        (entry,) = agenda(document(event, case_id=STANDARD, on=ON, region=COUNTY))
        assert isinstance(entry, AgendaEntry)
        return entry

    def test_has_a_standard_that_changes_amounts_on_its_first_day(self) -> None:
        entry = self.entry(standard_set())
        assert (entry.due_on, entry.region, entry.key) == (date(2020, 7, 1), COUNTY, STANDARD)
        submission = DUTIES[entry.kind](entry)
        command = submission.command
        assert (command.standard_id, command.kind, command.level) == (
            STANDARD,
            StandardKind.DIBAO,
            DivisionLevel.COUNTY,
        )
        assert submission.on == date(2020, 7, 1)
        assert submission.command_id == DUTIES[entry.kind](entry).command_id

    def test_has_no_floor(self) -> None:
        assert not list(agenda(document(floor_set(), case_id=STANDARD, on=ON, region=COUNTY)))

    def test_keeps_tekun_apart(self) -> None:
        tekun = self.entry(standard_set(kind=StandardKind.TEKUN_BASIC))
        assert tekun.kind != self.entry(standard_set()).kind
        assert DUTIES[tekun.kind](tekun).command.programme == "tekun"
