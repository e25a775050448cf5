"""Duties of the window: what is not asked for, by when it answers, whose application it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.intake import decisions
from services.intake.decisions import (
    AcceptApplication,
    FileKin,
    NoteMissedAcceptance,
    RequestMaterials,
    SupplyMaterials,
    TransferApplication,
)
from services.intake.duties import DUTIES, agenda
from services.intake.model import APPLICATION
from services.intake.views import fold
from shared.contracts.fields import AidPlace, Member, Programme
from shared.contracts.intake import (
    AcceptanceDeadlineMissed,
    ApplicationClosed,
    ApplicationTransferred,
    ApplicationWithdrawn,
    KinCapacity,
    KinFiled,
    KinRelation,
    Material,
    MaterialsRequested,
    MaterialsSupplied,
    NearKin,
    TransferReason,
)
from shared.contracts.residence import Residence
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import spec
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.regions import load_regions
from tests.documents import document
from tests.intake import test_aid
from tests.intake.test_decisions import (
    CASE,
    FREE,
    HUSBAND,
    MEMBERS,
    REASON,
    TOWNSHIP,
    accepted,
    applying,
    due,
    given,
    submit,
    submitted,
)

NEXT_TOWNSHIP = "350924101000"
OFFICIAL = uuid5(HOUSE, "tests/official")
SINCE_57 = date(2021, 7, 1)
transfer = decisions.transferring(load_regions())
REQUESTED = MaterialsRequested(materials=(Material.MEDICAL_RECORD,))
SUPPLIED = MaterialsSupplied(materials=(Material.MEDICAL_RECORD,))
TRANSFERRED = ApplicationTransferred(
    division=NEXT_TOWNSHIP,
    reason=TransferReason.REGISTERED_ELSEWHERE,
    acceptance_due=due(date(2020, 4, 9)),
)


class TestAskingForPapers:
    @pytest.mark.parametrize(
        "paper", [Material.HOUSEHOLD_REGISTRATION, Material.DISABILITY_CERTIFICATE]
    )
    def test_that_departments_answer_for_is_refused_from_july_2021(self, paper: Material) -> None:
        command = RequestMaterials(materials=(Material.MEDICAL_RECORD, paper))
        refusal = (
            given(submitted(), on=SINCE_57)
            .when(command, decisions.request_materials)
            .refuses("paper-departments-answer", materials=paper.value)
        )
        assert refusal.source == "民发〔2021〕57号 art. 10"
        before = given(submitted(), on=date(2021, 6, 30))
        assert before.when(command, decisions.request_materials).events

    def test_that_were_brought_is_refused_with_the_article(self) -> None:
        command = RequestMaterials(materials=(Material.MEDICAL_RECORD, Material.IDENTITY))
        for on, source in (
            (date(2020, 4, 1), "民发〔2012〕220号 art. 13"),
            (SINCE_57, "民发〔2021〕57号 art. 10"),
        ):
            refusal = (
                given(submitted(), on=on)
                .when(command, decisions.request_materials)
                .refuses("materials-supplied-before", materials="identity")
            )
            assert refusal.source == source


def entries_of(*events: Event) -> list[AgendaEntry]:
    found: dict[str, AgendaEntry] = {}
    for version, event in enumerate(events, start=1):
        told = document(event, case_id=CASE, on=date(2020, 4, 1), version=version)
        for change in agenda(told):
            if isinstance(change, AgendaEntry):
                found[change.kind] = change
            elif isinstance(change, AgendaDone):
                found.pop(change.kind, None)
    return list(found.values())


@pytest.mark.mechanism("S4-34")
class TestTheLastDayToAnswer:
    """Five working days from 2020-04-01; Qingming takes the 4th to the 6th: the 9th."""

    anew = SUPPLIED.model_copy(update={"acceptance_due": due(date(2020, 4, 9))})

    @pytest.mark.parametrize(
        "history",
        [(submitted(),), (submitted(), REQUESTED, anew), (submitted(), TRANSFERRED)],
    )
    def test_is_missed_on_the_day_after(self, history: tuple[Event, ...]) -> None:
        (entry,) = entries_of(*history)
        assert entry.due_on == date(2020, 4, 10)
        submission = DUTIES[entry.kind](entry)
        given(*history, on=date(2020, 4, 10)).when(submission.command, submission.decide).then(
            AcceptanceDeadlineMissed(due_on=date(2020, 4, 9))
        )

    @pytest.mark.parametrize("answer", [REQUESTED, accepted(), ApplicationWithdrawn(reason=REASON)])
    def test_is_kept_by_an_answer(self, answer: Event) -> None:
        assert entries_of(submitted(), answer) == []
        command = NoteMissedAcceptance(due_on=date(2020, 4, 9))
        given(submitted(), answer).when(command, decisions.note_missed_acceptance).then()

    def test_begins_anew_with_the_last_paper_that_was_missing(self) -> None:
        both = MaterialsRequested(materials=(Material.MEDICAL_RECORD, Material.SCHOOLING_PROOF))
        waiting = given(submitted(), both)
        first = SupplyMaterials(materials=(Material.SCHOOLING_PROOF,))
        waiting.when(first, decisions.supply_materials).then(
            MaterialsSupplied(materials=(Material.SCHOOLING_PROOF,))
        )
        last = SupplyMaterials(materials=(Material.MEDICAL_RECORD,))
        supplied = MaterialsSupplied(materials=(Material.SCHOOLING_PROOF,))
        waiting.given(supplied).when(last, decisions.supply_materials).then(self.anew)


@pytest.mark.mechanism("S4-33")
class TestDispatch:
    command = TransferApplication(
        division=NEXT_TOWNSHIP, reason=TransferReason.REGISTERED_ELSEWHERE
    )

    def test_brings_an_application_to_the_township_that_is_to_be_asked(self) -> None:
        given(submitted()).when(self.command, transfer).then(TRANSFERRED)
        there = given(submitted(), TRANSFERRED)
        (event,) = there.when(AcceptApplication(), decisions.accept).events
        assert event.division == NEXT_TOWNSHIP

    def test_leaves_the_days_of_whoever_has_papers_to_bring(self) -> None:
        (event,) = given(submitted(), REQUESTED).when(self.command, transfer).events
        assert event.acceptance_due is None

    def test_is_for_pending_applications_and_elsewhere(self) -> None:
        given(submitted(), accepted()).when(self.command, transfer).refuses(
            "application-not-pending"
        )
        given(submitted(), TRANSFERRED).when(self.command, transfer).refuses("application-is-there")
        to_county = self.command.model_copy(update={"division": "350924000000"})
        given(submitted()).when(to_county, transfer).refuses("division-takes-no-applications")

    def test_shows_where_the_application_is(self) -> None:
        seen: dict[str, Any] | None = None
        for version, event in enumerate((submitted(), TRANSFERRED), start=1):
            told = document(event, case_id=CASE, on=date(2020, 4, 1), version=version)
            seen = fold(str(CASE), seen, told)
        assert seen is not None
        assert (seen["division"], seen["acceptance_due_on"]) == (NEXT_TOWNSHIP, "2020-04-09")


def from_next_door(members: Iterable[Member]) -> tuple[Residence, ...]:
    """All are registered in the next township and live in the one that they ask."""
    return tuple(
        Residence(person_id=one.person_id, registered_in=NEXT_TOWNSHIP, lives_in=TOWNSHIP)
        for one in members
    )


@pytest.mark.mechanism("S2-34")
@pytest.mark.parametrize(
    ("place", "on", "allowed"),
    [
        (AidPlace.HOUSEHOLD_REGISTRATION, date(2020, 4, 1), True),
        (AidPlace.RESIDENCE_PERMIT, date(2021, 5, 9), False),
        (AidPlace.RESIDENCE_PERMIT, date(2021, 5, 10), True),
        (AidPlace.PLACE_OF_EMERGENCY, date(2021, 5, 10), False),
    ],
)
def test_a_residence_permit_is_a_place_to_apply_from_may_2021(
    place: AidPlace, on: date, allowed: bool
) -> None:
    permit = place is AidPlace.RESIDENCE_PERMIT
    stated = {"residences": from_next_door(MEMBERS), "permit_until": on} if permit else {}
    command = applying(place=place, **stated)
    decided = given(beside=(FREE, FREE), on=on).when(command, submit)
    if allowed:
        assert decided.events[-1].place is place
    else:
        decided.refuses("application-place-not-allowed", place=place)


class TestKin:
    kin = NearKin(
        person_id=HUSBAND,
        relation=KinRelation.MATERNAL_GRANDCHILD,
        official=OFFICIAL,
        capacity=KinCapacity.COMMITTEE_MEMBER,
    )

    def test_of_officials_are_filed_and_known_at_the_acceptance(self) -> None:
        filed = KinFiled(kin=(self.kin,))
        given(submitted()).when(FileKin(kin=(self.kin,)), decisions.file_kin).then(filed)
        (event,) = given(submitted(), filed).when(AcceptApplication(), decisions.accept).events
        assert event.kin == (self.kin,)

    def test_that_there_are_none_is_filed_too(self) -> None:
        given(submitted()).when(FileKin(kin=()), decisions.file_kin).then(KinFiled(kin=()))
        given(submitted(), KinFiled(kin=())).when(FileKin(kin=()), decisions.file_kin).then()
        (event,) = given(submitted()).when(AcceptApplication(), decisions.accept).events
        assert event.kin is None

    def test_are_members_of_the_household(self) -> None:
        stranger = self.kin.model_copy(update={"person_id": OFFICIAL})
        given(submitted()).when(FileKin(kin=(self.kin, stranger)), decisions.file_kin).refuses(
            "kin-not-in-household", position=2
        )

    def test_are_filed_after_the_acceptance_too_and_after_the_decision(self) -> None:
        """Somebody may learn of it later, and the county visits them all the same."""
        filed = KinFiled(kin=(self.kin,))
        file = FileKin(kin=(self.kin,))
        taken_in = given(submitted(), accepted())
        assert taken_in.state.kin_owed
        taken_in.when(file, decisions.file_kin).then(filed)
        assert not taken_in.given(filed).state.kin_owed
        closed = ApplicationClosed(refused=False, programme=Programme.DIBAO, members=MEMBERS)
        taken_in.given(closed).when(file, decisions.file_kin).then(filed)

    def test_are_not_filed_of_what_was_withdrawn_nor_of_an_emergency(self) -> None:
        file = FileKin(kin=(self.kin,))
        withdrawn = given(submitted(), ApplicationWithdrawn(reason=REASON))
        withdrawn.when(file, decisions.file_kin).refuses("application-not-pending")
        emergency = given(test_aid.submitted(), test_aid.accepted())
        emergency.when(FileKin(kin=()), decisions.file_kin).refuses("application-not-pending")


def test_a_missed_day_changes_nothing_of_the_application() -> None:
    before = spec(APPLICATION, on=date(2020, 4, 10)).given(submitted())
    missed = AcceptanceDeadlineMissed(due_on=date(2020, 4, 9))
    assert before.given(missed).state == before.state
