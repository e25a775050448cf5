"""Applying for a child: by whom, for whom no longer, and how little of a birthday is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.intake import decisions
from services.intake.decisions import AcceptApplication, SubmitApplication
from services.intake.model import APPLICATION, OPEN_APPLICATION
from services.intake.reactions import on_potential_recipient_listed
from services.intake.rules.applications import minor_of
from shared.calendar import Month
from shared.contracts.children import Minor
from shared.contracts.fields import AidPlace, Member, Programme, Relation
from shared.contracts.intake import (
    ActingFor,
    ActingGround,
    ActingOffice,
    ApplicationAccepted,
    ApplicationSubmitted,
    Material,
    OpenApplicationClaimed,
)
from shared.contracts.recognition import HardshipGround, PotentialRecipientListed
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from tests.documents import document
from tests.intake.test_decisions import CASE, OTHER_CASE, REASON, due, submit

TOWNSHIP = "350924100000"
CHILD, GUARDIAN, FATHER, MOTHER, OTHER = (
    uuid5(HOUSE, f"tests/{name}") for name in ("child", "guardian", "father", "mother", "aunt")
)
ALONE = (Member(person_id=CHILD, relation=Relation.APPLICANT),)
BY_GUARDIAN = ActingFor(ground=ActingGround.MINOR, person_id=GUARDIAN)
BY_VILLAGE = ActingFor(ground=ActingGround.MINOR, office=ActingOffice.VILLAGE_COMMITTEE)
ON = date(2020, 4, 1)
FREE: Sequence[Event] = ()
IN_ANOTHER: Sequence[Event] = (OpenApplicationClaimed(case_id=OTHER_CASE),)


def applying(**changed: Any) -> SubmitApplication:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "programme": Programme.CHILD_ALLOWANCE,
        "division": TOWNSHIP,
        "applicant": CHILD,
        "members": ALONE,
        "materials": (Material.IDENTITY, Material.CHECK_AUTHORIZATION),
        "reason": REASON,
        "acting": BY_GUARDIAN,
        "parents": (FATHER,),
    }
    return SubmitApplication(**(stated | changed))


def beside(*of_person: Sequence[Event], on: date = ON, history: tuple[Event, ...] = ()) -> Given:
    """The application, beside the person's open applications."""
    made = spec(APPLICATION, on=on).given(*history)
    for theirs in of_person:
        made = made.beside(OPEN_APPLICATION, *theirs)
    return made


def submitted(**changed: Any) -> ApplicationSubmitted:
    command = applying(**changed)
    (_, event) = beside(FREE).when(command, submit).events
    assert isinstance(event, ApplicationSubmitted)
    return event


class TestApplying:
    def test_is_for_the_child_alone_by_the_guardian(self) -> None:
        event = submitted()
        assert (event.acting, event.parents) == (BY_GUARDIAN, (FATHER,))
        two = (*ALONE, Member(person_id=OTHER, relation=Relation.OTHER_DEPENDENT))
        refusal = beside(FREE, FREE).when(applying(members=two), submit)
        refusal.refuses("person-applies-alone", members=2, allowed=1)

    @pytest.mark.parametrize(
        "acting",
        [None, ActingFor(ground=ActingGround.ENTRUSTED, person_id=GUARDIAN)],
    )
    def test_is_not_by_the_child(self, acting: ActingFor | None) -> None:
        refusal = beside(FREE).when(applying(acting=acting), submit)
        assert refusal.refuses("guardian-missing").status == 422

    @pytest.mark.parametrize(
        "parents", [(FATHER, FATHER), (FATHER, CHILD), (FATHER, MOTHER, OTHER)]
    )
    def test_names_two_parents_at_most(self, parents: tuple[UUID, ...]) -> None:
        beside(FREE).when(applying(parents=parents), submit).refuses("parents-unclear")

    def test_names_parents_for_nothing_else(self) -> None:
        of_dibao = applying(programme=Programme.DIBAO, acting=None)
        beside(FREE).when(of_dibao, submit).refuses("parents-out-of-place", programme="dibao")

    @pytest.mark.parametrize("on", [date(2020, 1, 1), date(2023, 4, 3)])
    def test_is_at_the_township_of_the_childs_registration(self, on: date) -> None:
        registered = applying(place=AidPlace.HOUSEHOLD_REGISTRATION)
        assert beside(FREE, on=on).when(registered, submit).events
        elsewhere = applying(place=AidPlace.RESIDENCE_PERMIT)
        refusal = beside(FREE, on=on).when(elsewhere, submit)
        refused = refusal.refuses("application-place-not-allowed", place="residence_permit")
        assert refused.source == "民发〔2019〕62号 art. 2(1)"

    @pytest.mark.parametrize(
        ("on", "regulated"), [(date(2019, 12, 31), False), (date(2020, 1, 1), True)]
    )
    def test_is_regulated_from_2020_on(self, on: date, *, regulated: bool) -> None:
        decided = beside(FREE, on=on).when(applying(), submit)
        if regulated:
            assert decided.events
        else:
            decided.refuses("programme-not-regulated", programme="child_allowance")


class TestChoosing:
    ON = date(2021, 8, 2)

    def tekun(self) -> SubmitApplication:
        return applying(programme=Programme.TEKUN, acting=None, parents=None)

    def test_who_has_chosen_a_childs_allowance_is_not_tekun_beside_it(self) -> None:
        refusal = beside(FREE, IN_ANOTHER, on=self.ON).when(self.tekun(), submit)
        assert refusal.refuses("child-allowance-was-chosen").source == "民发〔2021〕43号 art. 9"
        assert beside(FREE, FREE, on=self.ON).when(self.tekun(), submit).events

    def test_a_tekun_child_may_still_choose_and_gets_the_difference(self) -> None:
        """Its tekun case is not looked at: what it is paid there is taken off (补差发放)."""
        assert beside(FREE, on=self.ON).when(applying(), submit).events


class TestAcceptance:
    def accepting(self, turns_eighteen: Month | None, **changed: Any) -> Any:
        command = AcceptApplication(turns_eighteen=turns_eighteen)
        history = (submitted(**changed),)
        return beside(history=history).when(command, decisions.accept)

    def test_records_the_month_of_the_birthday_and_who_is_paid(self) -> None:
        (event,) = self.accepting(Month(2025, 6)).events
        assert isinstance(event, ApplicationAccepted)
        assert event.minor == Minor(
            turns_eighteen=Month(2025, 6), payee=GUARDIAN, parents=(FATHER,)
        )
        assert event.survey_due == due(date(2020, 4, 23))

    def test_names_nobody_to_be_paid_where_an_office_applied(self) -> None:
        (event,) = self.accepting(Month(2025, 6), acting=BY_VILLAGE).events
        assert event.minor is not None
        assert event.minor.payee is None

    @pytest.mark.parametrize(
        ("turns_eighteen", "accepted"),
        [(None, False), (Month(2020, 3), False), (Month(2020, 4), False), (Month(2020, 5), True)],
    )
    def test_is_of_who_has_a_month_before_they_are_of_age(
        self, turns_eighteen: Month | None, *, accepted: bool
    ) -> None:
        """Accepted on 1 April 2020: the first month that could be paid is May."""
        decided = self.accepting(turns_eighteen)
        if accepted:
            assert decided.events
        else:
            decided.refuses("child-of-age")

    def test_of_whoever_is_of_age_nothing_is_recorded(self) -> None:
        today = date(2021, 8, 2)
        of_age = minor_of(Programme.TEKUN, Month(1966, 8), None, None, today)
        assert of_age is None
        young = minor_of(Programme.TEKUN, Month(2025, 6), None, None, today)
        assert young == Minor(turns_eighteen=Month(2025, 6))


@pytest.mark.mechanism("S0-25")
def test_who_came_of_age_is_on_the_watch_list_for_dibao() -> None:
    listed = PotentialRecipientListed(
        programme=Programme.DIBAO,
        division=TOWNSHIP,
        applicant=CHILD,
        members=ALONE,
        hardship=(HardshipGround.CAME_OF_AGE,),
    )
    (submission,) = on_potential_recipient_listed(document(listed, case_id=CASE, on=ON))
    assert (submission.command.programme, submission.command.members) == (Programme.DIBAO, ALONE)
