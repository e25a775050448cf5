"""A county sets its standard: by two hands, ahead of its month, not below the province's floor."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import (
    ProposeStandard,
    SetStandard,
    propose_standard,
    set_standard,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import STANDARDS, Standards, Subject, standards_over
from shared.calendar import Month
from shared.contracts.standards import (
    DivisionLevel,
    StandardForce,
    StandardKind,
    StandardSet,
)
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from shared.kernel.store import AgendaEntry
from tests.decision.household import OTHER, PROPOSER
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

ON = date(2020, 6, 30)
DIBAO = Subject(StandardKind.DIBAO, StandardForce.STANDARD)


def of_county(*events: Event, floor: StandardSet | None = None, on: date = ON) -> Given:
    """A county's standards beside the province's, which has a floor of 620 from June."""
    return spec(STANDARDS, on=on).given(*events).beside(STANDARDS, floor or floor_set())


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
        """On 30 June: July does, June does not; on 1 July: July does not."""
        assert proposed(of_county()).refusal is None
        proposed(of_county(), from_month=Month(2020, 6)).refuses(
            "standard-not-ahead", from_month="2020-06", earliest="2020-07"
        )
        proposed(of_county(on=date(2020, 7, 1))).refuses("standard-not-ahead", earliest="2020-08")


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
        approved(of_county(standard_proposed())).then(standard_set(floor_fen=620_00))
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
        """Proposed in June for July, and still waiting on 1 July."""
        given = of_county(standard_proposed(), on=date(2020, 7, 1))
        approved(given).refuses("standard-not-ahead", earliest="2020-08")

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
        assert (command.from_month, submission.on) == (JULY, date(2020, 7, 1))
        assert submission.command_id == DUTIES[entry.kind](entry).command_id

    def test_has_no_floor(self) -> None:
        assert not list(agenda(document(floor_set(), case_id=STANDARD, on=ON, region=COUNTY)))

    def test_keeps_tekun_apart(self) -> None:
        tekun = self.entry(standard_set(kind=StandardKind.TEKUN_BASIC))
        assert tekun.kind != self.entry(standard_set()).kind
        assert DUTIES[tekun.kind](tekun).command.programme == "tekun"
