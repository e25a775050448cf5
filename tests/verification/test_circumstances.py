"""What a visit finds of a household beside its means, from the survey to the account."""

from __future__ import annotations

from datetime import date

from services.decision.reactions import on_check_completed
from services.verification.decisions import (
    CompleteCheck,
    RecordHomeVisit,
    complete,
    record_home_visit,
)
from services.verification.model import CHECK
from shared.contracts.circumstances import (
    AgeGroup,
    Disability,
    DisabilityKind,
    HouseholdCircumstances,
    Illness,
    LabourAbility,
    MemberCircumstances,
    ObligorStanding,
    Occupation,
    PovertyStanding,
    TekunCircumstances,
    TekunGround,
)
from shared.contracts.fields import (
    Member,
    Programme,
    Relation,
)
from shared.kernel.spec import Decided, Given, spec
from tests.documents import document
from tests.verification.circumstances import lives
from tests.verification.household import (
    APPLICANT,
    CASE,
    DAUGHTER,
    DEDUCTIONS,
    FIRST,
    HUSBAND,
    MOTHER,
    STRANGER,
    all_answered,
    asked,
    home_visit,
    opened,
    reviewed,
    wage,
)

TODAY = date(2020, 4, 7)


ILL = MemberCircumstances(
    person_id=MOTHER,
    age=AgeGroup.SEVENTY_OR_OVER,
    labour=LabourAbility.NONE,
    occupation=Occupation.NO_WORK,
    disability=Disability(kind=DisabilityKind.PHYSICAL, grade=2),
    illness=Illness.SEVERE,
)
EVERYBODY = (lives(APPLICANT), lives(HUSBAND), lives(DAUGHTER, age=AgeGroup.UNDER_SIXTEEN), ILL)


def household(*members: MemberCircumstances) -> HouseholdCircumstances:
    return HouseholdCircumstances(poverty=PovertyStanding.UNLIFTED, members=members)


def visit(circumstances: HouseholdCircumstances | None) -> RecordHomeVisit:
    return home_visit(
        income=(wage(HUSBAND, 2_900_00),),
        deductions=DEDUCTIONS,
        circumstances=circumstances,
    )


def given() -> Given:
    return spec(CHECK, on=TODAY).given(opened(), *asked(), *all_answered())


def recording(circumstances: HouseholdCircumstances | None) -> Decided:
    return given().when(visit(circumstances), record_home_visit)


def test_are_recorded_with_the_visit_and_handed_on_to_the_decision() -> None:
    circumstances = household(*EVERYBODY)
    (visited,) = recording(circumstances).events
    assert visited.circumstances == circumstances
    check = given().given(visited, reviewed())
    (completed,) = check.when(CompleteCheck(actor=FIRST), complete).events
    assert completed.circumstances == circumstances
    (submission,) = on_check_completed(document(completed, case_id=CASE, on=TODAY))
    assert submission.command.account.circumstances == circumstances


def test_may_be_left_out_and_are_then_unknown() -> None:
    (visited,) = recording(None).events
    assert visited.circumstances is None
    (completed,) = (
        given().given(visited, reviewed()).when(CompleteCheck(actor=FIRST), complete).events
    )
    assert completed.circumstances is None


def test_of_a_later_visit_stand_in_the_place_of_the_earlier() -> None:
    first = visit(household(*EVERYBODY))
    later = visit(household(*EVERYBODY[:3], lives(MOTHER, age=AgeGroup.SIXTY_TO_SIXTY_NINE)))
    (before,) = given().when(first, record_home_visit).events
    check = given().given(before)
    (after,) = check.when(later, record_home_visit).events
    (completed,) = check.given(after, reviewed()).when(CompleteCheck(actor=FIRST), complete).events
    assert completed.circumstances == later.circumstances


def test_of_a_member_who_is_left_out_are_refused() -> None:
    refusal = recording(household(*EVERYBODY[:3])).refuses(
        "circumstances-incomplete", missing=1, strangers=0, repeated=0
    )
    assert refusal.status == 422


def test_of_somebody_else_are_refused() -> None:
    recording(household(*EVERYBODY, lives(STRANGER))).refuses(
        "circumstances-incomplete", missing=0, strangers=1, repeated=0
    )


def test_of_a_member_twice_are_refused() -> None:
    recording(household(*EVERYBODY, lives(HUSBAND))).refuses(
        "circumstances-incomplete", missing=0, strangers=0, repeated=1
    )


def test_are_not_stated_for_tekun() -> None:
    tekun = opened(accepted_on=date(2021, 7, 1)).model_copy(
        update={
            "programme": Programme.TEKUN,
            "members": (Member(person_id=APPLICANT, relation=Relation.APPLICANT),),
        }
    )
    command = visit(household(lives(APPLICANT))).model_copy(
        update={
            "visited_on": date(2021, 7, 2),
            "income": (),
            "deductions": (),
            "tekun": TekunCircumstances(
                ground=TekunGround.AGE_SIXTY_OR_OVER, obligors=ObligorStanding.NONE
            ),
        }
    )
    refusal = (
        spec(CHECK, on=date(2021, 7, 2))
        .given(tekun)
        .when(command, record_home_visit)
        .refuses("circumstances-out-of-place", programme="tekun")
    )
    assert refusal.status == 422
