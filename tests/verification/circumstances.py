"""What a survey finds of the story's household beside its means."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.contracts.circumstances import (
    AgeGroup,
    Disability,
    DisabilityKind,
    HouseholdCircumstances,
    Illness,
    LabourAbility,
    MemberCircumstances,
    Occupation,
    PovertyStanding,
)
from tests.verification.household import APPLICANT, DAUGHTER, HUSBAND, MOTHER


def lives(person_id: UUID, **changed: Any) -> MemberCircumstances:
    """A healthy adult with steady work, but for what is said."""
    stated: dict[str, Any] = {
        "person_id": person_id,
        "age": AgeGroup.EIGHTEEN_TO_FIFTY_NINE,
        "labour": LabourAbility.FULL,
        "occupation": Occupation.STEADY_WORK,
    }
    return MemberCircumstances(**(stated | changed))


def disabled(kind: DisabilityKind, grade: int) -> dict[str, Disability]:
    return {"disability": Disability(kind=kind, grade=grade)}


PHYSICAL_2 = disabled(DisabilityKind.PHYSICAL, 2)
PHYSICAL_3 = disabled(DisabilityKind.PHYSICAL, 3)
MENTAL_3 = disabled(DisabilityKind.MENTAL, 3)
MENTAL_4 = disabled(DisabilityKind.MENTAL, 4)
SEVERE, MAJOR, ILL = (
    {"illness": illness} for illness in (Illness.SEVERE, Illness.MAJOR, Illness.ILL)
)
UNABLE: dict[str, Any] = {"labour": LabourAbility.NONE, "occupation": Occupation.NO_WORK}
DEPENDENT: dict[str, Any] = {"labour": LabourAbility.PARTIAL, "cannot_register_apart": True}


def household(
    *members: MemberCircumstances, poverty: PovertyStanding = PovertyStanding.NOT_REGISTERED
) -> HouseholdCircumstances:
    """The four of the story, the others healthy and at steady work."""
    told = {member.person_id: member for member in members}
    ids = (APPLICANT, HUSBAND, DAUGHTER, MOTHER)
    return HouseholdCircumstances(
        poverty=poverty, members=tuple(told.get(id_, lives(id_)) for id_ in ids)
    )
