"""What an application meets on the first and the last day of each regime."""

from __future__ import annotations

from datetime import date
from uuid import uuid5

import pytest

from services.intake import decisions
from services.intake.decisions import AcceptApplication, FileKin, RequestMaterials
from shared.contracts.fields import AidKind, AidPlace, Programme
from shared.contracts.intake import (
    ApplicationSubmitted,
    KinCapacity,
    KinFiled,
    KinRelation,
    Material,
    MaterialsRequested,
    NearKin,
)
from shared.kernel.decider import HOUSE
from tests.intake import test_aid, test_decisions
from tests.intake.test_aid import HERE, PERMIT, SHAANXI, THERE, given
from tests.intake.test_decisions import MEMBERS, PAPERS, TOWNSHIP, submit
from tests.intake.test_window import from_next_door
from tests.verification.household import DAYAO

DIBAO, TEKUN, AID = Programme.DIBAO, Programme.TEKUN, Programme.TEMPORARY_ASSISTANCE
FIRST_OF_220, LAST_OF_220 = date(2012, 12, 12), date(2021, 6, 30)
FIRST_OF_57 = FIRST_OF_43 = date(2021, 7, 1)
FIRST_OF_AID = date(2014, 10, 3)
OFFICIAL = uuid5(HOUSE, "tests/official")


def submitted(programme: Programme, division: str = TOWNSHIP) -> ApplicationSubmitted:
    """An application of the programme; for aid, of the household of case 4."""
    if programme is AID:
        return test_aid.submitted(division=division)
    alone = {"members": MEMBERS[:1]} if programme is TEKUN else {}
    changed = {"programme": programme, "division": division, **alone}
    return test_decisions.submitted(PAPERS).model_copy(update=changed)


@pytest.mark.parametrize(
    ("programme", "on"), [(DIBAO, FIRST_OF_220), (TEKUN, FIRST_OF_43), (AID, FIRST_OF_AID)]
)
def test_is_taken_in_from_the_first_day_of_its_first_regime(programme: Programme, on: date) -> None:
    members = MEMBERS[:1] if programme is TEKUN else MEMBERS
    applying = test_aid.applying if programme is AID else test_decisions.applying
    command = applying(programme=programme, members=members)
    *_claims, event = given(on=on, beside=len(members)).when(command, submit).events
    assert isinstance(event, ApplicationSubmitted)


@pytest.mark.parametrize(
    ("programme", "on", "due_on"),
    [
        pytest.param(DIBAO, FIRST_OF_220, date(2012, 12, 26), id="220: ten working days"),
        pytest.param(DIBAO, LAST_OF_220, date(2021, 7, 14), id="220: on its last day"),
        pytest.param(DIBAO, FIRST_OF_57, date(2021, 7, 6), id="57: begun within three"),
        pytest.param(TEKUN, FIRST_OF_43, date(2021, 7, 22), id="43: fifteen"),
    ],
)
def test_acceptance_sets_the_surveys_last_day(programme: Programme, on: date, due_on: date) -> None:
    command = AcceptApplication()
    (event,) = given(submitted(programme), on=on).when(command, decisions.accept).events
    assert event.survey_due.on == due_on


@pytest.mark.parametrize(
    ("division", "on", "due_on"),
    [
        pytest.param(TOWNSHIP, FIRST_OF_AID, date(2014, 10, 13), id="the first day, a holiday"),
        pytest.param(SHAANXI, date(2023, 5, 15), date(2023, 5, 22), id="Shaanxi"),
        pytest.param(DAYAO, date(2020, 3, 31), date(2020, 4, 8), id="Dayao"),
    ],
)
def test_an_emergency_is_paid_within_five_working_days_everywhere(
    division: str, on: date, due_on: date
) -> None:
    command = AcceptApplication()
    (event,) = given(submitted(AID, division), on=on).when(command, decisions.accept).events
    assert event.pay_by.on == due_on


@pytest.mark.parametrize(
    ("programme", "on", "source"),
    [
        pytest.param(DIBAO, FIRST_OF_220, "民发〔2012〕220号 art. 13", id="220"),
        pytest.param(DIBAO, LAST_OF_220, "民发〔2012〕220号 art. 13", id="220 on its last day"),
        pytest.param(DIBAO, FIRST_OF_57, "民发〔2021〕57号 art. 10", id="57"),
        pytest.param(TEKUN, FIRST_OF_43, "民发〔2021〕43号 art. 12", id="43"),
        pytest.param(AID, FIRST_OF_AID, "法规未作规定", id="aid"),
    ],
)
def test_missing_papers_are_named_once_under_every_regime(
    programme: Programme, on: date, source: str
) -> None:
    noticed = MaterialsRequested(materials=(Material.MEDICAL_RECORD,))
    again = RequestMaterials(materials=(Material.SCHOOLING_PROOF,))
    refusal = (
        given(submitted(programme), noticed, on=on)
        .when(again, decisions.request_materials)
        .refuses("materials-requested-before")
    )
    assert refusal.source == source


@pytest.mark.parametrize(
    ("division", "on"),
    [(TOWNSHIP, FIRST_OF_AID), (SHAANXI, date(2022, 4, 1)), (DAYAO, date(2026, 7, 1))],
)
@pytest.mark.parametrize("place", [HERE, PERMIT])
def test_registration_and_permit_are_places_to_ask_under_every_regime(
    division: str, on: date, place: AidPlace
) -> None:
    command = test_aid.applying(division=division, aid=test_aid.asked(place=place))
    *_claims, event = given(on=on, beside=2).when(command, submit).events
    assert event.aid.place is place


def test_nobody_asks_where_the_emergency_is_on_the_first_day_of_aid() -> None:
    command = test_aid.applying(aid=test_aid.asked(place=THERE))
    given(on=FIRST_OF_AID, beside=2).when(command, submit).refuses("aid-place-not-allowed")


ANSWERED = (Material.HOUSEHOLD_REGISTRATION, Material.DISABILITY_CERTIFICATE)


@pytest.mark.parametrize("paper", Material)
@pytest.mark.parametrize(
    ("programme", "on", "answered"),
    [
        (DIBAO, FIRST_OF_220, ()),
        (DIBAO, LAST_OF_220, ()),
        (DIBAO, FIRST_OF_57, ANSWERED),
        (TEKUN, FIRST_OF_43, ()),
        (AID, FIRST_OF_AID, ()),
    ],
)
def test_what_departments_answer_is_not_asked_of_the_applicant(
    programme: Programme, on: date, answered: tuple[Material, ...], paper: Material
) -> None:
    applied = submitted(programme).model_copy(update={"materials": ()})
    decided = given(applied, on=on).when(
        RequestMaterials(materials=(paper,)), decisions.request_materials
    )
    if paper in answered:
        decided.refuses("paper-departments-answer", materials=paper)
    else:
        (event,) = decided.events
        assert event.materials == (paper,)


@pytest.mark.parametrize(
    ("programme", "on", "owed"),
    [
        (DIBAO, FIRST_OF_220, True),
        (DIBAO, LAST_OF_220, True),
        (DIBAO, FIRST_OF_57, True),
        (TEKUN, FIRST_OF_43, None),
    ],
)
def test_whether_officials_are_near_kin_is_to_be_said_after_the_acceptance_too(
    programme: Programme, on: date, owed: bool | None
) -> None:
    """220, art. 14; 57, art. 11: of dibao it is filed apart."""
    applied = submitted(programme)
    (event,) = given(applied, on=on).when(AcceptApplication(), decisions.accept).events
    assert (event.kin, event.kin_owed) == (None, owed)
    said = given(applied, KinFiled(kin=()), on=on)
    (event,) = said.when(AcceptApplication(), decisions.accept).events
    assert (event.kin, event.kin_owed) == ((), None)


@pytest.mark.parametrize("relation", KinRelation)
@pytest.mark.parametrize(
    ("programme", "on"),
    [
        (DIBAO, FIRST_OF_220),
        (DIBAO, LAST_OF_220),
        (DIBAO, FIRST_OF_57),
        (TEKUN, FIRST_OF_43),
        (AID, FIRST_OF_AID),
    ],
)
def test_every_near_relation_to_an_official_is_filed(
    programme: Programme, on: date, relation: KinRelation
) -> None:
    applied = submitted(programme)
    kin = NearKin(
        person_id=applied.members[0].person_id,
        relation=relation,
        official=OFFICIAL,
        capacity=KinCapacity.HANDLER,
    )
    (event,) = given(applied, on=on).when(FileKin(kin=(kin,)), decisions.file_kin).events
    assert event.kin == (kin,)


@pytest.mark.parametrize(
    ("programme", "on", "allowed"),
    [
        (DIBAO, FIRST_OF_220, (HERE,)),
        (DIBAO, date(2021, 5, 9), (HERE,)),
        (DIBAO, date(2021, 5, 10), (HERE, PERMIT)),
        (DIBAO, FIRST_OF_57, (HERE, PERMIT)),
        (TEKUN, FIRST_OF_43, (HERE, PERMIT)),
    ],
)
@pytest.mark.parametrize("place", [HERE, PERMIT])
def test_where_dibao_and_tekun_are_applied_for(
    programme: Programme, on: date, allowed: tuple[AidPlace, ...], place: AidPlace
) -> None:
    members = MEMBERS[:1] if programme is TEKUN else MEMBERS
    stated = {"residences": from_next_door(members), "permit_until": on} if place is PERMIT else {}
    command = test_decisions.applying(programme=programme, members=members, place=place, **stated)
    decided = given(on=on, beside=len(members)).when(command, submit)
    if place in allowed:
        assert decided.events[-1].place is place
    else:
        decided.refuses("application-place-not-allowed", place=place)


@pytest.mark.parametrize(
    ("division", "on", "due_on"),
    [
        (TOWNSHIP, FIRST_OF_AID, date(2014, 10, 20)),
        (DAYAO, date(2021, 7, 1), date(2021, 7, 15)),
    ],
)
def test_the_survey_for_aid_for_expenses_is_done_within_ten_working_days(
    division: str, on: date, due_on: date
) -> None:
    """The holiday of 2014 lasts to 7 October, and the 11th is worked."""
    applied = test_aid.submitted(
        division=division,
        aid=test_aid.asked(kind=AidKind.EXPENSE),
        materials=(Material.CHECK_AUTHORIZATION,),
    )
    (event,) = given(applied, on=on).when(AcceptApplication(), decisions.accept).events
    assert event.survey_due.on == due_on
