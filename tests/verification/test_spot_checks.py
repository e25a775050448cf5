"""Whom the county visits itself: drawn by lot, so that anybody can draw again, or always."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from services.verification import rules
from services.verification.decisions import (
    DrawSpotChecks,
    ListCheck,
    draw_spot_checks,
    list_check,
)
from services.verification.model import LOT, Listed, Lot
from services.verification.reactions import (
    on_spot_checks_drawn,
)
from shared.calendar import CALENDAR_VERSION
from shared.contracts.fields import Due, Programme
from shared.contracts.spot_checks import (
    CheckListed,
    NamedForSpotCheck,
    SpotCheckGround,
)
from shared.kernel.decider import HOUSE, Fact, Refusal
from shared.kernel.event import MAX_DOCUMENT_BYTES, Event
from shared.kernel.spec import Given, spec
from tests.documents import document
from tests.verification.household import (
    ACCEPTED_ON,
    CASE,
    FUJIAN,
)

HERE = "350924000000"
COMPLETED_ON = date(2020, 4, 8)
TODAY = date(2020, 4, 9)
SEED = "5e" * 32
DUE = Due(on=date(2020, 4, 16), calendar=CALENDAR_VERSION)
KIN_G, COMPLAINT_G, DOUBT_G = (
    SpotCheckGround.KIN,
    SpotCheckGround.COMPLAINT,
    SpotCheckGround.DOUBT,
)
FOURTH, FIFTH = (uuid5(HOUSE, f"tests/county/{n}") for n in range(2))


def cases(count: int) -> list[UUID]:
    return [uuid5(HOUSE, f"tests/spot/{n}") for n in range(count)]


def listed(
    case_id: UUID, accepted_on: date = ACCEPTED_ON, completed_on: date = COMPLETED_ON
) -> CheckListed:
    return CheckListed(
        case_id=case_id, division=FUJIAN, accepted_on=accepted_on, completed_on=completed_on
    )


def lot(*events: Event, on: date = TODAY) -> Given:
    return spec(LOT, on=on).given(*events)


def drawing(
    *named: NamedForSpotCheck, until_on: date = COMPLETED_ON, seed: str = SEED, **changed: Any
) -> DrawSpotChecks:
    return DrawSpotChecks(
        **{
            "division": HERE,
            "programme": Programme.DIBAO,
            "until_on": until_on,
            "seed": seed,
            "named": named,
        }
        | changed
    )


def drawn_again(seed: str, population: list[str], share: Fraction) -> list[str]:
    """The draw as an auditor does it, from what is published and nothing of ours."""
    numbers = {sha256((seed + case).encode()).hexdigest(): case for case in population}
    count = -(-len(population) * share.numerator // share.denominator)
    return [numbers[number] for number in sorted(numbers)[:count]]


class TestTheLot:
    @pytest.mark.parametrize(
        ("population", "drawn"), [(1, 1), (3, 1), (4, 2), (10, 3), (11, 4), (100, 30)]
    )
    def test_draws_at_least_three_in_ten(self, population: int, drawn: int) -> None:
        (draw,) = lot(*map(listed, cases(population))).when(drawing(), draw_spot_checks).events
        (stratum,) = draw.strata
        assert (stratum.share, stratum.population, len(stratum.drawn)) == (3_000, population, drawn)
        assert draw.population == population

    def test_is_drawn_again_by_anybody_to_the_same(self) -> None:
        population = cases(37)
        (draw,) = lot(*map(listed, population)).when(drawing(), draw_spot_checks).events
        (stratum,) = draw.strata
        ours = sorted(map(str, population))
        again = drawn_again(draw.seed, ours, Fraction(stratum.share, 10_000))
        assert [str(case) for case in stratum.drawn] == again
        text = "".join(f"{case}\n" for case in ours)
        assert stratum.population_digest == sha256(text.encode()).hexdigest()

    @hypothesis_given(st.permutations(cases(12)))
    def test_does_not_depend_on_any_order(self, order: list[UUID]) -> None:
        share = Fraction(3, 10)
        assert rules.drawn_of(SEED, order, share) == rules.drawn_of(SEED, cases(12), share)

    def test_depends_on_the_seed(self) -> None:
        draws = {rules.drawn_of(f"{n:064x}", cases(20), Fraction(3, 10)) for n in range(10)}
        assert len(draws) == 10

    def test_gives_each_case_its_chance(self) -> None:
        """Of 400 draws of three in ten, each of ten cases is in 120, give or take."""
        seen = dict.fromkeys(cases(10), 0)
        for n in range(400):
            for case in rules.drawn_of(f"{n:064x}", cases(10), Fraction(3, 10)):
                seen[case] += 1
        assert sum(seen.values()) == 1_200
        assert all(80 < count < 160 for count in seen.values())

    def test_holds_each_check_once_and_draws_it_once(self) -> None:
        one, other = cases(2)
        before = lot(listed(one))
        command = ListCheck(
            case_id=one, division=FUJIAN, accepted_on=ACCEPTED_ON, completed_on=COMPLETED_ON
        )
        before.when(command, list_check).then()
        (draw,) = before.when(drawing(), draw_spot_checks).events
        after = before.given(draw)
        after.when(command, list_check).then()
        after.when(drawing(), draw_spot_checks).refuses("nothing-to-draw", waiting=0)
        (second,) = after.given(listed(other)).when(drawing(), draw_spot_checks).events
        assert second.strata[0].drawn == (other,)

    def test_leaves_what_was_completed_later_to_the_next_draw(self) -> None:
        one, other = cases(2)
        later = listed(other, completed_on=TODAY)
        (draw,) = lot(listed(one), later).when(drawing(), draw_spot_checks).events
        assert draw.strata[0].drawn == (one,)
        both = lot(listed(one), later).when(drawing(until_on=TODAY), draw_spot_checks)
        assert both.events[0].population == 2

    def test_of_more_than_an_event_holds_is_drawn_up_to_an_earlier_day_first(self) -> None:
        """Refused with what to do, before the log refuses it with a number of bytes."""
        waiting = tuple(Listed(case, FUJIAN, ACCEPTED_ON, COMPLETED_ON) for case in cases(16_667))
        moment = lot().moment
        with pytest.raises(Refusal) as refused:
            draw_spot_checks(Lot(waiting), drawing(), moment)
        assert refused.value.code == "spot-check-draw-too-large"
        assert refused.value.facts == {"drawn": 5_001, "allowed": 5_000}
        (fact,) = draw_spot_checks(Lot(waiting[1:]), drawing(), moment)
        assert isinstance(fact, Fact)
        assert len(fact.event.model_dump_json()) < MAX_DOCUMENT_BYTES * 4 // 5

    def test_is_not_drawn_ahead_of_the_day(self) -> None:
        ahead = drawing(until_on=TODAY + timedelta(days=1))
        lot(listed(CASE)).when(ahead, draw_spot_checks).refuses("spot-check-day-ahead")

    def test_owes_the_visits_within_the_time_of_the_decision(self) -> None:
        (draw,) = lot(listed(CASE)).when(drawing(), draw_spot_checks).events
        assert draw.due.on == date(2020, 4, 16)

    def test_has_no_share_for_dibao_since_july_2021_and_one_for_tekun(self) -> None:
        july = date(2021, 7, 1)
        case = listed(CASE, accepted_on=july, completed_on=july)
        (dibao,) = lot(case, on=july).when(drawing(until_on=july), draw_spot_checks).events
        assert dibao.strata == ()
        command = drawing(until_on=july, programme=Programme.TEKUN)
        (tekun,) = lot(case, on=july).when(command, draw_spot_checks).events
        assert [stratum.drawn for stratum in tekun.strata] == [(CASE,)]

    def test_takes_each_case_by_the_regime_of_its_acceptance(self) -> None:
        old, recent = cases(2)
        july = date(2021, 7, 1)
        (draw,) = (
            lot(
                listed(old, accepted_on=date(2021, 6, 30), completed_on=july),
                listed(recent, accepted_on=july, completed_on=july),
                on=july,
            )
            .when(drawing(until_on=july), draw_spot_checks)
            .events
        )
        assert [stratum.drawn for stratum in draw.strata] == [(old,)]


class TestWhoIsNamed:
    def named(self, case_id: UUID, ground: SpotCheckGround) -> NamedForSpotCheck:
        return NamedForSpotCheck(case_id=case_id, ground=ground)

    @pytest.mark.parametrize(
        "ground", [SpotCheckGround.KIN, SpotCheckGround.COMPLAINT, SpotCheckGround.DOUBT]
    )
    def test_is_visited_beside_the_lot(self, ground: SpotCheckGround) -> None:
        population = cases(10)
        command = drawing(self.named(population[0], ground))
        (draw,) = lot(*map(listed, population)).when(command, draw_spot_checks).events
        assert draw.named == command.named
        owed = {
            s.reads[0].case_id: s.command.ground
            for s in on_spot_checks_drawn(document(draw, case_id=uuid4(), on=TODAY))
        }
        drawn = set(draw.strata[0].drawn)
        assert owed.keys() == drawn | {population[0]}
        assert owed[population[0]] is ground

    def test_on_mere_doubt_only_until_june_2021(self) -> None:
        july = date(2021, 7, 1)
        case = listed(CASE, accepted_on=july, completed_on=july)
        command = drawing(self.named(CASE, SpotCheckGround.DOUBT), until_on=july)
        lot(case, on=july).when(command, draw_spot_checks).refuses(
            "spot-check-ground-unknown", ground="doubt", allowed="kin, complaint"
        )

    def test_is_one_of_those_that_are_drawn_of_once(self) -> None:
        kin = self.named(uuid4(), SpotCheckGround.KIN)
        lot(listed(CASE)).when(drawing(kin), draw_spot_checks).refuses(
            "spot-check-case-unknown", cases=1
        )
        twice = [self.named(CASE, SpotCheckGround.KIN)] * 2
        lot(listed(CASE)).when(drawing(*twice), draw_spot_checks).refuses("line-listed-twice")

    def test_is_not_named_as_drawn(self) -> None:
        drawn = self.named(CASE, SpotCheckGround.DRAWN)
        lot(listed(CASE)).when(drawing(drawn), draw_spot_checks).refuses(
            "spot-check-ground-unknown"
        )


@pytest.mark.parametrize(
    ("programme", "on", "grounds"),
    [
        (Programme.DIBAO, date(2012, 12, 12), (KIN_G, COMPLAINT_G, DOUBT_G)),
        (Programme.DIBAO, date(2021, 6, 30), (KIN_G, COMPLAINT_G, DOUBT_G)),
        (Programme.DIBAO, date(2021, 7, 1), (KIN_G, COMPLAINT_G)),
        (Programme.TEKUN, date(2021, 7, 1), (KIN_G, COMPLAINT_G)),
        (Programme.TEMPORARY_ASSISTANCE, date(2014, 10, 3), (KIN_G, COMPLAINT_G)),
    ],
)
@pytest.mark.parametrize("ground", [KIN_G, COMPLAINT_G, DOUBT_G])
def test_on_which_grounds_a_case_is_always_visited(
    programme: Programme, on: date, grounds: tuple[SpotCheckGround, ...], ground: SpotCheckGround
) -> None:
    named = NamedForSpotCheck(case_id=CASE, ground=ground)
    command = drawing(named, until_on=on, programme=programme)
    decided = lot(listed(CASE, accepted_on=on, completed_on=on), on=on).when(
        command, draw_spot_checks
    )
    if ground in grounds:
        (draw,) = decided.events
        assert draw.named == (named,)
    else:
        decided.refuses("spot-check-ground-unknown", ground=ground)


@pytest.mark.parametrize(
    ("programme", "on", "drawn"),
    [
        (Programme.DIBAO, date(2012, 12, 12), 3),
        (Programme.DIBAO, date(2021, 6, 30), 3),
        (Programme.DIBAO, date(2021, 7, 1), 0),
        (Programme.TEKUN, date(2021, 7, 1), 3),
        (Programme.TEMPORARY_ASSISTANCE, date(2014, 10, 3), 0),
    ],
)
def test_how_many_of_ten_are_drawn(programme: Programme, on: date, drawn: int) -> None:
    """30 per cent: 民发〔2012〕220号, art. 26; 民发〔2021〕43号, art. 16."""
    population = [listed(case, accepted_on=on, completed_on=on) for case in cases(10)]
    command = drawing(until_on=on, programme=programme)
    (draw,) = lot(*population, on=on).when(command, draw_spot_checks).events
    assert sum(len(stratum.drawn) for stratum in draw.strata) == drawn
