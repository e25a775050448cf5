"""Who of the members counts into the household, by what the survey found of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.verification.rules.account import Statement
from shared.contracts.circumstances import (
    Absence,
    AgeGroup,
    HouseholdCircumstances,
    LabourAbility,
    LeftOut,
    LeftOutReason,
    MemberCircumstances,
    Occupation,
)
from shared.contracts.departments import DepartmentAnswered
from shared.contracts.fields import Member, Relation
from shared.household import (
    DEFINED_FOR,
    DEPENDENT_ADULT_CHILDREN,
    GROUNDS,
    MINOR_CHILDREN,
    OTHER_SUPPORTED,
)
from shared.kernel.decider import Refusal
from shared.policy import Parameters

_MINOR: Final = (AgeGroup.UNDER_SIXTEEN, AgeGroup.SIXTEEN_OR_SEVENTEEN)


@dataclass(frozen=True, slots=True)
class Counted:
    """The members that the household counts, and who does not, with the reason."""

    members: tuple[Member, ...]
    left_out: tuple[LeftOut, ...] = ()

    def of(
        self, statement: Statement, answers: Sequence[DepartmentAnswered]
    ) -> tuple[Statement, tuple[DepartmentAnswered, ...]]:
        """What was stated and reported without the income and bills of who does not count.

        Deposits, houses and vehicles are known of the household, not of each: they stay.
        """
        if not self.left_out:
            return statement, tuple(answers)
        people = {member.person_id for member in self.members}
        circumstances = statement.circumstances
        if circumstances is not None:
            own = tuple(one for one in circumstances.members if one.person_id in people)
            circumstances = circumstances.model_copy(update={"members": own})
        stated = replace(
            statement,
            income=tuple(line for line in statement.income if line.person_id in people),
            bills=tuple(bill for bill in statement.bills if bill.person_id in people),
            circumstances=circumstances,
        )
        return stated, tuple(
            answer.model_copy(
                update={"income": tuple(line for line in answer.income if line.person_id in people)}
            )
            for answer in answers
        )


def counted(
    parameters: Parameters,
    members: Sequence[Member],
    circumstances: HouseholdCircumstances | None,
) -> Counted:
    """Who counts into the household (共同生活的家庭成员).

    Not who is excluded, whatever their relation, nor who belongs to it on no ground of
    ``household_members``. Spouses, minor and dependent grown children count wherever they live,
    under the measures of 2012 parents too; others while they live with the household for long.
    Everybody counts where the survey says nothing of them, and of any programme but dibao.
    Source: 民发〔2012〕220号, art. 5; 民发〔2021〕57号, art. 7.
    """
    if circumstances is None or parameters.programme != DEFINED_FOR:
        return Counted(tuple(members))
    found = {one.person_id: one for one in circumstances.members}
    alone = len(members) == 1
    stays: list[Member] = []
    left_out: list[LeftOut] = []
    for member in members:
        reason = _reason(parameters, member, found[member.person_id], alone=alone)
        if reason is None:
            stays.append(member)
        else:
            relation = member.relation
            left_out.append(LeftOut(person_id=member.person_id, relation=relation, reason=reason))
    return Counted(tuple(stays), tuple(left_out))


def require_applicant_counts(
    parameters: Parameters,
    members: Sequence[Member],
    circumstances: HouseholdCircumstances | None,
) -> None:
    """``Refusal`` where the applicant does not count: another member is to apply.

    Clergy who live apart apply for themselves, and alone. Source: 民发〔2012〕220号, art. 5;
    民发〔2021〕57号, arts. 7, 8.
    """
    for one in counted(parameters, members, circumstances).left_out:
        if one.relation is Relation.APPLICANT:
            raise Refusal(
                "applicant-left-out",
                facts={"reason": one.reason},
                source=parameters.value("household_excluded").source,
                status=422,
            )


def _reason(
    parameters: Parameters, member: Member, found: MemberCircumstances, *, alone: bool
) -> LeftOutReason | None:
    excluded = parameters.codes("household_excluded")
    for reason, holds in _EXCLUDED.items():
        apart = reason is LeftOutReason.CLERGY_THREE_YEARS and alone
        if reason.value in excluded and holds(found) and not apart:
            return reason
    if member.relation is Relation.APPLICANT:
        return None
    known = parameters.codes("household_members")
    if any(ground in known for ground in _grounds(member, found)):
        return None
    return LeftOutReason.NOT_LIVING_TOGETHER


def _grounds(member: Member, found: MemberCircumstances) -> Iterator[str]:
    """As what somebody belongs to the household, by relation, age, and where they live."""
    for ground in GROUNDS[member.relation]:
        if _HOLDS.get(ground, _always)(found):
            yield ground


def _cannot_live_independently(found: MemberCircumstances) -> bool:
    """Who has lost all ability to work, or is at school. Source: 民发〔2021〕57号, art. 7(3)."""
    return found.labour is LabourAbility.NONE or found.occupation is Occupation.SCHOOL


def _always(_found: MemberCircumstances) -> bool:
    return True


_HOLDS: Final[Mapping[str, Callable[[MemberCircumstances], bool]]] = {
    MINOR_CHILDREN: lambda one: one.age in _MINOR,
    DEPENDENT_ADULT_CHILDREN: lambda one: one.age not in _MINOR and _cannot_live_independently(one),
    OTHER_SUPPORTED: lambda one: not one.lives_apart,
}
"""What a ground asks beside the relation; a spouse's, and parents', ask nothing."""

_EXCLUDED: Final[Mapping[LeftOutReason, Callable[[MemberCircumstances], bool]]] = {
    LeftOutReason.CLERGY_THREE_YEARS: lambda one: one.clergy_apart,
    LeftOutReason.PRISONER: lambda one: one.absence is Absence.PRISONER,
    LeftOutReason.COMPULSORY_DETOX: lambda one: one.absence is Absence.COMPULSORY_DETOX,
    LeftOutReason.DECLARED_MISSING: lambda one: one.absence is Absence.DECLARED_MISSING,
}
"""When somebody is excluded, by the codes of ``household_excluded``."""
