"""Applying for a subsidy for disabled people: alone, for each, at the township of registration."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.intake import decisions
from services.intake.decisions import AcceptApplication
from services.intake.rules.needed import needed_parameters
from shared.contracts.fields import AidPlace, Programme
from shared.contracts.intake import ActingFor, ActingGround, ActingOffice, Material
from shared.policy import Policy
from tests.intake.test_decisions import FREE, MEMBERS, TOWNSHIP, WIFE, applying, submit
from tests.intake.test_regime_days import given

LIVING, CARE = Programme.DISABILITY_LIVING_SUBSIDY, Programme.DISABILITY_CARE_SUBSIDY
FIRST_DAY = date(2016, 1, 1)
APPLIED_ON, ACCEPTED_ON = date(2023, 3, 28), date(2023, 4, 3)
PAPERS = (Material.IDENTITY, Material.CHECK_AUTHORIZATION, Material.DISABILITY_CERTIFICATE)
BY_COMMITTEE = ActingFor(
    ground=ActingGround.DISABILITY_OR_ILLNESS, office=ActingOffice.VILLAGE_COMMITTEE
)


@pytest.mark.parametrize("programme", [LIVING, CARE])
def test_it_is_applied_for_alone_and_for_each_by_itself(programme: Programme) -> None:
    household = applying(programme=programme)
    given(on=APPLIED_ON, beside=2).when(household, submit).refuses("person-applies-alone")
    alone = applying(
        programme=programme, members=MEMBERS[:1], materials=PAPERS, acting=BY_COMMITTEE
    )
    claim, event = given(on=APPLIED_ON, beside=1).when(alone, submit).facts
    assert claim.stream is not None
    assert claim.stream.key == f"{programme}/{WIFE}"
    assert (event.event.applied_on, event.event.acting) == (APPLIED_ON, BY_COMMITTEE)


@pytest.mark.parametrize("programme", [LIVING, CARE])
@pytest.mark.parametrize(
    ("applied_on", "accepted_on", "due_on"),
    [
        (APPLIED_ON, ACCEPTED_ON, date(2023, 4, 18)),
        (FIRST_DAY, FIRST_DAY, date(2016, 1, 15)),
    ],
)
def test_the_day_of_the_application_goes_on_with_its_acceptance(
    programme: Programme, applied_on: date, accepted_on: date, due_on: date
) -> None:
    alone = applying(programme=programme, members=MEMBERS[:1], materials=PAPERS)
    _claim, submitted = given(on=applied_on, beside=1).when(alone, submit).events
    accepting = given(submitted, on=accepted_on).when(AcceptApplication(), decisions.accept)
    (accepted,) = accepting.events
    assert (accepted.applied_on, accepted.survey_due.on) == (applied_on, due_on)


@pytest.mark.parametrize("programme", [LIVING, CARE])
@pytest.mark.parametrize("on", [FIRST_DAY, APPLIED_ON])
@pytest.mark.parametrize(
    ("place", "refused"),
    [(AidPlace.HOUSEHOLD_REGISTRATION, False), (AidPlace.RESIDENCE_PERMIT, True)],
)
def test_it_is_applied_for_where_one_is_registered(
    programme: Programme, on: date, place: AidPlace, *, refused: bool
) -> None:
    alone = applying(programme=programme, members=MEMBERS[:1], materials=PAPERS, place=place)
    decided = given(on=on, beside=1).when(alone, submit)
    if refused:
        decided.refuses("application-place-not-allowed")
    else:
        assert decided.events


@pytest.mark.parametrize("programme", [LIVING, CARE])
@pytest.mark.parametrize("materials", [FREE, PAPERS[:1]])
def test_the_check_needs_the_persons_word(
    programme: Programme, materials: tuple[Material, ...]
) -> None:
    alone = applying(programme=programme, members=MEMBERS[:1], materials=tuple(materials))
    _claim, submitted = given(on=APPLIED_ON, beside=1).when(alone, submit).events
    accepting = given(submitted, on=ACCEPTED_ON).when(AcceptApplication(), decisions.accept)
    accepting.refuses("check-authorization-missing")


@pytest.mark.parametrize("programme", [LIVING, CARE])
def test_there_is_none_before_2016(programme: Programme) -> None:
    alone = applying(programme=programme, members=MEMBERS[:1], materials=PAPERS)
    assert given(on=FIRST_DAY, beside=1).when(alone, submit).events
    before = given(on=FIRST_DAY - timedelta(days=1), beside=1)
    before.when(alone, submit).refuses("programme-not-regulated")


@pytest.mark.parametrize("programme", [LIVING, CARE])
@pytest.mark.parametrize("on", [FIRST_DAY, date(2020, 4, 1), date(2021, 7, 1), date(2026, 7, 1)])
def test_every_value_that_its_way_needs_is_there_since_2016(programme: Programme, on: date) -> None:
    regime = Policy.load().at(TOWNSHIP, programme, on)
    needed = needed_parameters(programme, None)
    assert needed
    for name in needed:
        assert regime.value(name).name == name
