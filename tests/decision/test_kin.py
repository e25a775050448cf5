"""Nobody is confirmed before somebody has said whether officials are near kin (近亲属备案)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from services.decision import decisions
from services.decision.decisions.kin import (
    DeclareKin,
    OweKinDeclaration,
    declare_kin,
    owe_kin_declaration,
)
from services.decision.reactions.kin import on_application_accepted, on_kin_filed
from shared.calendar import CALENDAR_VERSION
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import Due, Programme
from shared.contracts.intake import (
    ApplicationAccepted,
    KinCapacity,
    KinFiled,
    KinRelation,
    NearKin,
)
from shared.contracts.kin import KinDeclarationOwed, KinDeclared
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.household import (
    CONFIRMED_ON,
    FOUR,
    OTHER,
    UP_TO_SECOND,
    approved,
    confirmed,
    given,
    opened,
    posted,
    proposed,
    refusal_proposed,
)
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, FUJIAN, SHAANXI

OWED = KinDeclarationOwed()
ACCEPTED = ApplicationAccepted(
    programme=Programme.DIBAO,
    division=FUJIAN,
    applicant=APPLICANT,
    members=FOUR,
    survey_due=Due(on=CONFIRMED_ON, calendar=CALENDAR_VERSION),
    kin_owed=True,
)
SON_OF_A_HANDLER = NearKin(
    person_id=APPLICANT,
    relation=KinRelation.CHILD,
    official=uuid4(),
    capacity=KinCapacity.HANDLER,
)


def confirming(*events: Event, on: date = CONFIRMED_ON, role: str = "township_approver") -> Decided:
    command = decisions.Decide(actor=OTHER, role=role)
    return given(*events, on=on).when(command, decisions.confirm)


def at_57(account: DeterminationOpened) -> tuple[Event, ...]:
    return (account, proposed(), posted(), approved(date(2021, 8, 1)))


class TestADeclarationThatIsMissing:
    def test_is_known_from_the_acceptance_and_kept_once(self) -> None:
        told = document(ACCEPTED, case_id=CASE, on=CONFIRMED_ON)
        (submission,) = on_application_accepted(told)
        assert submission.command == OweKinDeclaration()
        given().when(OweKinDeclaration(), owe_kin_declaration).then(OWED)
        given(OWED).when(OweKinDeclaration(), owe_kin_declaration).then()
        decided = given(*UP_TO_SECOND, confirmed())
        decided.when(OweKinDeclaration(), owe_kin_declaration).then()

    @pytest.mark.parametrize("said", [None, False])
    def test_is_none_where_intake_has_it(self, said: bool | None) -> None:
        filed = ACCEPTED.model_copy(update={"kin_owed": said, "kin": ()})
        assert not list(on_application_accepted(document(filed, case_id=CASE, on=CONFIRMED_ON)))

    def test_holds_the_confirmation_up_until_it_is_made(self) -> None:
        refusal = confirming(OWED, *UP_TO_SECOND).refuses("kin-not-declared")
        assert refusal.source == "民发〔2012〕220号 art. 14"
        for kin in (True, False):
            assert confirming(OWED, *UP_TO_SECOND, KinDeclared(kin=kin)).events
            assert confirming(OWED, KinDeclared(kin=kin), *UP_TO_SECOND).events

    def test_is_asked_for_by_the_measures_of_2021_too(self) -> None:
        account = opened(division=SHAANXI, accepted_on=date(2021, 7, 1))
        on = date(2021, 8, 2)
        refusal = confirming(OWED, *at_57(account), on=on, role="county_approver")
        assert refusal.refuses("kin-not-declared").source == "民发〔2021〕57号 art. 11"

    def test_keeps_no_household_from_its_refusal(self) -> None:
        command = decisions.Decide(actor=OTHER, role="township_approver")
        refused = given(OWED, opened(), refusal_proposed(), on=CONFIRMED_ON)
        assert refused.when(command, decisions.refuse).events


class TestADeclaration:
    @pytest.mark.parametrize(("kin", "some"), [((), False), ((SON_OF_A_HANDLER,), True)])
    def test_says_whether_there_are_any(self, kin: tuple[NearKin, ...], some: bool) -> None:
        told = document(KinFiled(kin=kin), case_id=CASE, on=CONFIRMED_ON)
        (submission,) = on_kin_filed(told)
        assert submission.command == DeclareKin(kin=some)
        given(OWED).when(submission.command, declare_kin).then(KinDeclared(kin=some))

    def test_that_was_not_missing_changes_nothing_here(self) -> None:
        given().when(DeclareKin(kin=True), declare_kin).then()
        given(OWED, KinDeclared(kin=False)).when(DeclareKin(kin=True), declare_kin).then()
