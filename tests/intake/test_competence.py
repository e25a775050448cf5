"""Whose it is to decide about a household away from home: by rule, not by a clerk's word."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest

from services.intake import decisions
from services.intake.decisions import (
    AcceptApplication,
    StateResidences,
    TransferApplication,
)
from services.intake.model import APPLICATION, OPEN_APPLICATION
from services.intake.views import fold
from shared.contracts.fields import AidPlace
from shared.contracts.intake import ApplicationSubmitted, TransferReason
from shared.contracts.residence import Residence, ResidencesStated
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given, spec
from shared.policy import Policy
from shared.regions import load_regions
from tests.documents import document
from tests.intake import test_aid
from tests.intake.test_decisions import CASE, FREE, HUSBAND, MEMBERS, WIFE, applying, submitted
from tests.notices import notice

RULED = date(2023, 5, 15)
LONGJUZHAI, YULING = "611022001000", "611022101000"
"""Two townships of Danfeng in Shaanxi; the first is its town."""
SHANGNAN = "611023001000"
"""A township of another county of Shaanxi, whose townships the table does not have."""
AOYANG, XIETAN = "350924100000", "350924101000"
"""Two townships of Shouning in Fujian."""
REGIONS = load_regions()
submit = decisions.submitting(REGIONS)
state = decisions.stating(REGIONS)
transfer = decisions.transferring(REGIONS)

Place = tuple[str, str]
"""Where somebody is registered, and where they live."""


def residences(wife: Place, husband: Place) -> tuple[Residence, ...]:
    return (
        Residence(person_id=WIFE, registered_in=wife[0], lives_in=wife[1]),
        Residence(person_id=HUSBAND, registered_in=husband[0], lives_in=husband[1]),
    )


def given(*events: Event, on: date = RULED, folders: tuple[Path, ...] = ()) -> Given:
    policy = Policy.load(folders)
    return spec(APPLICATION, on=on, policy=policy).given(*events)


def asked(division: str, on: date = RULED, *folders: Path, **stated: Any) -> Decided:
    """A household applies at a township."""
    made = given(on=on, folders=folders)
    for _ in MEMBERS:
        made = made.beside(OPEN_APPLICATION, *FREE)
    return made.when(applying(division=division, **stated), submit)


def competent(on: date, wife: Place, husband: Place, *folders: Path, **stated: Any) -> Any:
    """The townships that may be asked, as a refusal of a third one, or the event, names them."""
    taken_in = application(LONGJUZHAI)
    command = StateResidences(residences=residences(wife, husband), **stated)
    (event,) = given(taken_in, on=on, folders=folders).when(command, state).events
    return event.competent


def application(division: str) -> ApplicationSubmitted:
    return submitted().model_copy(update={"division": division})


@pytest.mark.mechanism("S4-1", "S2-20")
class TestAHouseholdRegisteredInOneCounty:
    def test_asks_where_the_applicant_is_registered(self) -> None:
        home = residences((YULING, YULING), (LONGJUZHAI, YULING))
        assert asked(YULING, residences=home).events[-1].competent == (YULING,)
        assert asked("611022101200", residences=home).events

    def test_is_told_the_township_by_code_and_name_where_it_asks_another(self) -> None:
        home = residences((YULING, YULING), (YULING, YULING))
        refusal = asked(LONGJUZHAI, residences=home).refuses("township-not-competent")
        assert refusal.facts == {"asked": LONGJUZHAI, "competent": f"{YULING} 庾岭镇"}
        assert refusal.source == "民发〔2021〕57号 art. 5"

    def test_is_named_by_code_alone_where_the_table_does_not_reach(self) -> None:
        home = residences((SHANGNAN, SHANGNAN), (SHANGNAN, SHANGNAN))
        refusal = asked(LONGJUZHAI, residences=home).refuses("township-not-competent")
        assert refusal.facts["competent"] == SHANGNAN


@pytest.mark.mechanism("S2-35")
class TestWhoMovedIntoTheTownOfTheirCounty:
    """Registered in a township of the country, living in the county's town."""

    moved = ((YULING, LONGJUZHAI), (YULING, LONGJUZHAI))

    @pytest.mark.parametrize(
        ("on", "area", "may_be_asked"),
        [
            (date(2021, 5, 9), "urban", (YULING,)),
            (date(2021, 5, 10), "urban", (LONGJUZHAI, YULING)),
            (date(2021, 5, 10), "rural", (YULING,)),
        ],
    )
    def test_may_ask_in_the_town_since_may_2021(
        self, on: date, area: str, may_be_asked: tuple[str, ...], tmp_path: Path
    ) -> None:
        town = notice(tmp_path, "611022001", area_kind=area)
        assert competent(on, *self.moved, town) == may_be_asked

    def test_not_in_the_town_of_another_county(self, tmp_path: Path) -> None:
        town = notice(tmp_path, "350924", area_kind="urban")
        elsewhere = ((YULING, AOYANG), (YULING, AOYANG))
        assert competent(RULED, *elsewhere, town) == (YULING,)


@pytest.mark.mechanism("S4-1")
class TestAHouseholdRegisteredInSeveralPlaces:
    @pytest.mark.parametrize(
        ("wife", "husband", "may_be_asked"),
        [
            pytest.param((AOYANG, YULING), (YULING, YULING), (YULING,), id="who lives at home"),
            pytest.param((AOYANG, AOYANG), (YULING, YULING), (AOYANG, YULING), id="both do"),
            pytest.param((AOYANG, XIETAN), (YULING, XIETAN), (AOYANG, YULING), id="nobody does"),
        ],
    )
    def test_across_provinces_asks_where_somebody_registered_lives(
        self, wife: Place, husband: Place, may_be_asked: tuple[str, ...]
    ) -> None:
        found = competent(RULED, wife, husband)
        assert found == tuple(sorted(may_be_asked))

    @pytest.mark.parametrize(
        ("on", "may_be_asked"),
        [(date(2021, 6, 30), (AOYANG, YULING)), (date(2021, 7, 1), (YULING,))],
    )
    def test_before_july_2021_wherever_somebody_is_registered(
        self, on: date, may_be_asked: tuple[str, ...]
    ) -> None:
        assert competent(on, (AOYANG, YULING), (YULING, YULING)) == tuple(sorted(may_be_asked))

    @pytest.mark.parametrize(
        ("rule", "may_be_asked"),
        [
            ("applicant_registration", (SHANGNAN,)),
            ("applicant_residence", (LONGJUZHAI,)),
            ("registered_where_living", (YULING,)),
            ("any_registration", (YULING, SHANGNAN)),
        ],
    )
    def test_within_a_province_asks_by_the_provinces_rule(
        self, rule: str, may_be_asked: tuple[str, ...], tmp_path: Path
    ) -> None:
        province = notice(tmp_path, "61", "all", split_within_province_place=rule)
        apart = ((SHANGNAN, LONGJUZHAI), (YULING, YULING))
        assert competent(RULED, *apart, province) == may_be_asked

    def test_within_a_province_that_says_nothing_as_across_provinces(self) -> None:
        apart = ((SHANGNAN, LONGJUZHAI), (YULING, YULING))
        assert competent(RULED, *apart) == (YULING,)
        before = competent(date(2021, 6, 30), *apart)
        assert before == (YULING, SHANGNAN)


@pytest.mark.mechanism("S2-34", "S4-1")
class TestAMigrantWithAResidencePermit:
    here = residences((AOYANG, LONGJUZHAI), (AOYANG, LONGJUZHAI))
    claim: ClassVar[dict[str, Any]] = {"residences": here, "place": AidPlace.RESIDENCE_PERMIT}

    def test_asks_where_they_live(self) -> None:
        stated = asked(LONGJUZHAI, permit_until=RULED, **self.claim).events[-1]
        assert stated.competent == (LONGJUZHAI,)
        refusal = asked(YULING, permit_until=RULED, **self.claim).refuses("township-not-competent")
        assert refusal.facts["competent"] == f"{LONGJUZHAI} 龙驹寨街道"

    def test_needs_a_permit_that_is_not_over(self) -> None:
        over = date(2023, 5, 14)
        asked(LONGJUZHAI, permit_until=over, **self.claim).refuses(
            "residence-permit-over", until_on="2023-05-14"
        )
        asked(LONGJUZHAI, **self.claim).refuses("residence-permit-astray")
        at_home = {"residences": self.here, "permit_until": RULED}
        asked(LONGJUZHAI, **at_home).refuses("residence-permit-astray")

    def test_says_where_home_is(self) -> None:
        asked(LONGJUZHAI, place=AidPlace.RESIDENCE_PERMIT).refuses("residences-missing")

    def test_is_over_before_the_acceptance_too(self) -> None:
        claim = StateResidences(permit_until=RULED, **self.claim)
        (event,) = given(application(LONGJUZHAI)).when(claim, state).events
        taken_in = given(application(LONGJUZHAI), event)
        assert taken_in.when(AcceptApplication(), decisions.accept).events
        later = given(application(LONGJUZHAI), event, on=date(2023, 5, 16))
        later.when(AcceptApplication(), decisions.accept).refuses("residence-permit-over")


class TestResidences:
    home = residences((YULING, YULING), (YULING, YULING))

    @pytest.mark.parametrize(
        ("stated", "code"),
        [
            (home[:1], "residences-incomplete"),
            ((*home, home[0]), "residences-incomplete"),
            (residences((YULING, "611022000000"), (YULING, YULING)), "residence-is-no-township"),
            (residences((YULING, "611022999000"), (YULING, YULING)), "division-unknown"),
            (residences((YULING, "611023000000"), (YULING, YULING)), "residence-is-no-township"),
            (residences((YULING, "991023001000"), (YULING, YULING)), "division-unknown"),
        ],
    )
    def test_are_townships_of_every_member(self, stated: Any, code: str) -> None:
        asked(YULING, residences=stated).refuses(code)

    def test_may_be_asked_for_by_a_place(self, tmp_path: Path) -> None:
        assert asked(YULING).events
        notice(tmp_path, "61", "all", residences_required=True)
        asked(YULING, RULED, tmp_path).refuses("residences-missing")
        assert asked(YULING, RULED, tmp_path, residences=self.home).events
        accepting = given(application(YULING), folders=(tmp_path,))
        accepting.when(AcceptApplication(), decisions.accept).refuses("residences-missing")

    def test_are_not_what_temporary_assistance_goes_by(self) -> None:
        aided = given(test_aid.submitted())
        aided.when(StateResidences(residences=self.home), state).refuses("residences-out-of-place")


@pytest.mark.mechanism("S4-1")
class TestAnApplicationTakenInElsewhere:
    found = ResidencesStated(
        place=AidPlace.HOUSEHOLD_REGISTRATION,
        residences=TestResidences.home,
        competent=(YULING,),
    )

    def test_is_found_to_be_so_when_residences_are_stated(self) -> None:
        taken_in = given(application(LONGJUZHAI))
        taken_in.when(StateResidences(residences=self.found.residences), state).then(self.found)
        again = taken_in.given(self.found)
        again.when(StateResidences(residences=self.found.residences), state).then()

    def test_is_not_accepted_there(self) -> None:
        wrong = given(application(LONGJUZHAI), self.found)
        wrong.when(AcceptApplication(), decisions.accept).refuses(
            "township-not-competent", competent=YULING
        )

    def test_is_handed_on_to_the_right_one_and_to_no_other(self) -> None:
        wrong = given(application(LONGJUZHAI), self.found)
        reason = TransferReason.REGISTERED_ELSEWHERE
        astray = TransferApplication(division="611022102000", reason=reason)
        refusal = wrong.when(astray, transfer).refuses("township-not-competent")
        assert refusal.facts["competent"] == f"{YULING} 庾岭镇"
        right = TransferApplication(division=YULING, reason=reason)
        (event,) = wrong.when(right, transfer).events
        (accepted,) = wrong.given(event).when(AcceptApplication(), decisions.accept).events
        assert (accepted.division, accepted.residences) == (YULING, self.found.residences)
        assert accepted.decide_by.on == date(2023, 6, 27)  # thirty working days


def test_the_list_shows_an_application_where_it_was_taken_in() -> None:
    told = document(TestAnApplicationTakenInElsewhere.found, case_id=CASE, on=RULED)
    seen = {"division": LONGJUZHAI}
    assert fold(str(CASE), seen, told) == seen
