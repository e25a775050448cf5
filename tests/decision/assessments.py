"""A household whose circumstances the survey tells, and what is proposed of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from services.decision.decisions import Propose, propose
from shared.contracts.assessments import Assessed, AssessmentDrawnUp, Assistance, SinglePersonGround
from shared.contracts.fields import (
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
from shared.kernel.spec import Decided
from tests.decision.household import EXPLANATION, PROPOSER, given, opened
from tests.verification.household import APPLICANT, DAUGHTER, HUSBAND, MOTHER

PROPOSE = Propose(actor=PROPOSER, explanation=EXPLANATION)
G = SinglePersonGround
NONE, UNLIFTED, LIFTED = PovertyStanding
BAOJI, JILIN_CITY = "610302000000", "220203000000"

MAY_2020 = date(2020, 5, 18)
AUGUST_2021 = date(2021, 8, 2)
AT_EDGE_FEN = 4 * 900_00
"""1.5 times the standard of 600 for four persons."""


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
    *members: MemberCircumstances, poverty: PovertyStanding = NONE
) -> HouseholdCircumstances:
    """The four of the story, the others healthy and at steady work."""
    told = {member.person_id: member for member in members}
    ids = (APPLICANT, HUSBAND, DAUGHTER, MOTHER)
    return HouseholdCircumstances(
        poverty=poverty, members=tuple(told.get(id_, lives(id_)) for id_ in ids)
    )


def assessed(
    *members: MemberCircumstances,
    on: date = MAY_2020,
    poverty: PovertyStanding = NONE,
    folders: tuple[Path, ...] = (),
    **changed: Any,
) -> Decided:
    """What is proposed of four persons with 640 a head after deductions, unless said otherwise."""
    account = {"counted_income_fen": 2_560_00, "accepted_on": on} | changed
    begun = opened(circumstances=household(*members, poverty=poverty), **account)
    return given(begun, on=on, folders=folders).when(PROPOSE, propose)


def outcome(decided: Decided, assistance: Assistance) -> Assessed:
    drawn_up = decided.events[0]
    assert isinstance(drawn_up, AssessmentDrawnUp)
    (found,) = [one for one in drawn_up.outcomes if one.assistance is assistance]
    return found
