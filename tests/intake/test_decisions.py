"""Applying, as the regulation's sentences: given, when, then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.intake import decisions
from services.intake.decisions import (
    AcceptApplication,
    CloseApplication,
    ReleaseOpenApplication,
    RequestMaterials,
    SubmitApplication,
    SupplyMaterials,
    WithdrawApplication,
)
from services.intake.model import APPLICATION, OPEN_APPLICATION
from shared.calendar import CALENDAR_VERSION
from shared.contracts.fields import Due, Member, NoteRef, Programme, Relation
from shared.contracts.intake import (
    ApplicationAccepted,
    ApplicationClosed,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    Material,
    MaterialsRequested,
    MaterialsSupplied,
    OpenApplicationClaimed,
    OpenApplicationReleased,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.regions import load_regions

TOWNSHIP = "350924100000"
CASE, OTHER_CASE = uuid5(HOUSE, "tests/case"), uuid5(HOUSE, "tests/other case")
WIFE, HUSBAND = uuid5(HOUSE, "tests/wife"), uuid5(HOUSE, "tests/husband")
MEMBERS = (
    Member(person_id=WIFE, relation=Relation.APPLICANT),
    Member(person_id=HUSBAND, relation=Relation.SPOUSE),
)
REASON = NoteRef(note_id=uuid5(HOUSE, "tests/note"), digest="0" * 64)
PAPERS = (Material.IDENTITY, Material.CHECK_AUTHORIZATION)
FREE: Sequence[Event] = ()

submit = decisions.submitting(load_regions())


def given(
    *events: Event,
    on: date = date(2020, 4, 1),
    beside: Sequence[Sequence[Event]] = (),
) -> Given:
    """An application to which this has happened, beside its members' open applications."""
    made = spec(APPLICATION, on=on).given(*events)
    for theirs in beside:
        made = made.beside(OPEN_APPLICATION, *theirs)
    return made


def claimed_by(case_id: UUID) -> Sequence[Event]:
    return (OpenApplicationClaimed(case_id=case_id),)


def applying(**changed: Any) -> SubmitApplication:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "programme": Programme.DIBAO,
        "division": TOWNSHIP,
        "applicant": WIFE,
        "members": MEMBERS,
        "materials": PAPERS,
        "reason": REASON,
    }
    return SubmitApplication(**(stated | changed))


def due(on: date) -> Due:
    return Due(on=on, calendar=CALENDAR_VERSION)


def submitted(materials: tuple[Material, ...] = PAPERS) -> ApplicationSubmitted:
    return ApplicationSubmitted(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        applicant=WIFE,
        members=MEMBERS,
        materials=materials,
        reason=REASON,
        acceptance_due=due(date(2020, 4, 9)),
        applied_on=date(2020, 4, 1),
    )


def accepted(due_on: date = date(2020, 4, 16)) -> ApplicationAccepted:
    return ApplicationAccepted(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        applicant=WIFE,
        members=MEMBERS,
        survey_due=due(due_on),
        applied_on=date(2020, 4, 1),
        kin_owed=True,
    )


class TestApplying:
    def test_claims_every_members_open_application_before_it_is_submitted(self) -> None:
        decided = given(beside=(FREE, FREE)).when(applying(), submit)
        claim = OpenApplicationClaimed(case_id=CASE)
        decided.then(claim, claim, submitted())
        streams = [fact.stream.key for fact in decided.facts if fact.stream is not None]
        assert streams == [f"dibao/{WIFE}", f"dibao/{HUSBAND}", str(CASE)]

    @pytest.mark.parametrize(
        "beside", [(claimed_by(OTHER_CASE), FREE), (FREE, claimed_by(OTHER_CASE))]
    )
    def test_is_refused_while_any_member_is_in_another_case(
        self, beside: Sequence[Sequence[Event]]
    ) -> None:
        given(beside=beside).when(applying(), submit).refuses("open-application-exists")

    def test_may_be_handed_in_by_a_village(self) -> None:
        village = applying(division="350924100206")
        assert given(beside=(FREE, FREE)).when(village, submit).events

    def test_is_not_made_to_a_county(self) -> None:
        refusal = (
            given(beside=(FREE, FREE))
            .when(applying(division="350924000000"), submit)
            .refuses("division-takes-no-applications", level="county", allowed="township, village")
        )
        assert refusal.status == 422

    def test_is_not_made_to_a_division_that_does_not_exist(self) -> None:
        refusal = (
            given(beside=(FREE, FREE))
            .when(applying(division="350924999000"), submit)
            .refuses("division-unknown")
        )
        assert refusal.facts["nearest"] == "350924000000"
        assert "350924100000" in str(refusal.facts["examples"])
        assert "350924999000" not in str(refusal.facts)

    @pytest.mark.parametrize(
        ("members", "code"),
        [
            ((MEMBERS[0], MEMBERS[0]), "member-listed-twice"),
            ((MEMBERS[1],), "applicant-not-in-household"),
            (
                (MEMBERS[0], Member(person_id=HUSBAND, relation=Relation.APPLICANT)),
                "applicant-not-in-household",
            ),
            (
                (*MEMBERS, Member(person_id=uuid5(HOUSE, "third"), relation=Relation.SPOUSE)),
                "more-than-one-spouse",
            ),
        ],
    )
    def test_lists_a_household_that_can_be_one(
        self, members: tuple[Member, ...], code: str
    ) -> None:
        beside = (FREE,) * len(members)
        refusal = given(beside=beside).when(applying(members=members), submit).refuses(code)
        assert refusal.status == 422

    @pytest.mark.parametrize(
        ("programme", "day", "nearest"),
        [
            (
                Programme.TEKUN,
                date(2021, 6, 30),
                "everywhere from 2021-07-01 on (民发〔2021〕43号)",
            ),
            (
                Programme.DIBAO,
                date(2012, 12, 11),
                "everywhere from 2012-12-12 to 2021-06-30",
            ),
        ],
        ids=["tekun", "dibao"],
    )
    def test_is_refused_where_no_procedure_is_known(
        self, programme: Programme, day: date, nearest: str
    ) -> None:
        members = MEMBERS[:1] if programme is Programme.TEKUN else MEMBERS
        command = applying(programme=programme, members=members)
        refusal = (
            given(beside=(FREE,) * len(members), on=day)
            .when(command, submit)
            .refuses(
                "programme-not-regulated",
                parameter="materials_asked_once",
                programme=programme.value,
                on=day.isoformat(),
            )
        )
        assert str(refusal.facts["nearest"]).startswith(nearest)


class TestMissingPapers:
    asked = RequestMaterials(materials=(Material.SCHOOLING_PROOF, Material.MEDICAL_RECORD))

    def test_are_named_all_at_once(self) -> None:
        given(submitted()).when(self.asked, decisions.request_materials).then(
            MaterialsRequested(materials=(Material.MEDICAL_RECORD, Material.SCHOOLING_PROOF))
        )

    def test_are_named_once_only(self) -> None:
        requested = MaterialsRequested(materials=(Material.MEDICAL_RECORD,))
        again = RequestMaterials(materials=(Material.SCHOOLING_PROOF,))
        refusal = (
            given(submitted(), requested)
            .when(again, decisions.request_materials)
            .refuses("materials-requested-before")
        )
        assert refusal.source == "民发〔2012〕220号 art. 13"

    def test_are_not_asked_for_when_they_are_there(self) -> None:
        given(submitted()).when(
            RequestMaterials(materials=PAPERS), decisions.request_materials
        ).refuses("materials-supplied-before", materials="identity, check_authorization")

    def test_are_taken_in_asked_for_or_not_and_once(self) -> None:
        brought = SupplyMaterials(materials=(Material.SCHOOLING_PROOF, Material.IDENTITY))
        supplied = MaterialsSupplied(materials=(Material.SCHOOLING_PROOF,))
        application = given(submitted())
        application.when(brought, decisions.supply_materials).then(supplied)
        application.given(supplied).when(brought, decisions.supply_materials).then()

    def test_are_not_asked_for_after_acceptance(self) -> None:
        given(submitted(), accepted()).when(self.asked, decisions.request_materials).refuses(
            "application-not-pending", status="accepted"
        )


class TestAcceptance:
    def test_sets_the_surveys_last_day(self) -> None:
        """Ten working days from 2020-04-01; Qingming takes the 4th to the 6th."""
        decided = given(submitted()).when(AcceptApplication(), decisions.accept)
        decided.then(accepted())
        assert decided.facts[0].policy is not None

    def test_case_24_make_up_days(self) -> None:
        """Accepted on Monday 2020-04-20: the 26th is worked, 05-01 to 05-05 are off."""
        given(submitted(), on=date(2020, 4, 20)).when(AcceptApplication(), decisions.accept).then(
            accepted(date(2020, 5, 6))
        )

    def test_from_july_2021_counts_to_the_surveys_beginning(self) -> None:
        made = given(submitted(), on=date(2021, 7, 1)).when(AcceptApplication(), decisions.accept)
        (event,) = made.events
        assert event.survey_due == accepted(date(2021, 7, 6)).survey_due

    def test_waits_for_papers_that_were_asked_for(self) -> None:
        requested = MaterialsRequested(materials=(Material.MEDICAL_RECORD,))
        application = given(submitted(), requested)
        application.when(AcceptApplication(), decisions.accept).refuses(
            "materials-outstanding", materials="medical_record"
        )
        supplied = MaterialsSupplied(materials=(Material.MEDICAL_RECORD,))
        application.given(supplied).when(AcceptApplication(), decisions.accept).then(accepted())

    def test_needs_the_households_authorisation_of_the_check(self) -> None:
        given(submitted((Material.IDENTITY,))).when(AcceptApplication(), decisions.accept).refuses(
            "check-authorization-missing", material="check_authorization"
        )

    def test_happens_once(self) -> None:
        given(submitted(), accepted()).when(AcceptApplication(), decisions.accept).refuses(
            "application-not-pending", status="accepted"
        )


class TestWithdrawal:
    command = WithdrawApplication(case_id=CASE, reason=REASON)

    def test_frees_every_member(self) -> None:
        held = claimed_by(CASE)
        released = OpenApplicationReleased(case_id=CASE, released_on=date(2020, 4, 1))
        given(submitted(), beside=(held, held)).when(self.command, decisions.withdraw).then(
            released, released, ApplicationWithdrawn(reason=REASON)
        )

    def test_is_impossible_after_acceptance(self) -> None:
        held = claimed_by(CASE)
        given(submitted(), accepted(), beside=(held, held)).when(
            self.command, decisions.withdraw
        ).refuses("application-not-pending", status="accepted")


class TestADecidedCase:
    @pytest.mark.parametrize("refused", [True, False])
    def test_closes_the_application(self, refused: bool) -> None:
        given(submitted(), accepted()).when(
            CloseApplication(refused=refused), decisions.close
        ).then(ApplicationClosed(refused=refused, programme=Programme.DIBAO, members=MEMBERS))

    def test_cannot_be_one_that_was_never_accepted(self) -> None:
        given(submitted()).when(CloseApplication(refused=True), decisions.close).refuses(
            "application-not-accepted", status="submitted"
        )


class TestAnOpenApplication:
    def release(self, case_id: UUID, *events: Event) -> tuple[Any, ...]:
        held = spec(OPEN_APPLICATION, on=date(2020, 4, 23)).given(*events)
        command = ReleaseOpenApplication(case_id=case_id)
        return held.when(command, decisions.release_open_application).events

    def test_is_released_by_its_own_case_once(self) -> None:
        claimed = OpenApplicationClaimed(case_id=CASE)
        released = OpenApplicationReleased(case_id=CASE, released_on=date(2020, 4, 23))
        assert self.release(CASE, claimed) == (released,)
        assert self.release(CASE, claimed, released) == ()

    def test_is_not_released_by_another_case(self) -> None:
        claimed = OpenApplicationClaimed(case_id=OTHER_CASE)
        assert self.release(CASE, claimed) == ()
