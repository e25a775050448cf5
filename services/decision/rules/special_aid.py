"""Which special aid a household's difficulties ask for (按照困难类型给予专项救助、临时救助).

Source: 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(1), 2(5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from shared.circumstances import is_minor
from shared.contracts.assessments import Assistance
from shared.contracts.circumstances import (
    HouseholdCircumstances,
    LabourAbility,
    MemberCircumstances,
    Occupation,
)
from shared.contracts.special_aid import SpecialAid, SpecialNeed
from shared.policy import Parameters


def special_needs(
    circumstances: HouseholdCircumstances | None,
    found: Collection[Assistance],
    regime: Parameters,
) -> tuple[SpecialNeed, ...]:
    """What aid beside dibao the regime has a household referred to; ``found`` is what it is.

    Only of the low-income population (低收入人口): who qualifies for dibao, for a recognition, or
    to be kept in mind. Medical aid for who is ill, education for who is at school, employment for
    an adult who is able to work and has none, housing for a household without a safe home,
    temporary assistance where rigid spending makes the hardship.
    """
    if not found or circumstances is None:
        return ()
    kinds = regime.codes("special_aid_kinds")
    needs = (
        *(need for member in circumstances.members for need in _of_member(member)),
        *_of_household(circumstances, found),
    )
    return tuple(need for need in needs if need.aid in kinds)


def _of_member(member: MemberCircumstances) -> Iterator[SpecialNeed]:
    if member.illness is not None:
        yield SpecialNeed(aid=SpecialAid.MEDICAL, person_id=member.person_id)
    if member.occupation is Occupation.SCHOOL:
        yield SpecialNeed(aid=SpecialAid.EDUCATION, person_id=member.person_id)
    able = not is_minor(member) and member.labour is not LabourAbility.NONE
    if able and member.occupation is Occupation.NO_WORK:
        yield SpecialNeed(aid=SpecialAid.EMPLOYMENT, person_id=member.person_id)


def _of_household(
    circumstances: HouseholdCircumstances, found: Collection[Assistance]
) -> Iterator[SpecialNeed]:
    if circumstances.no_safe_home:
        yield SpecialNeed(aid=SpecialAid.HOUSING)
    if Assistance.RIGID_EXPENDITURE_HOUSEHOLD in found:
        yield SpecialNeed(aid=SpecialAid.TEMPORARY_ASSISTANCE)
