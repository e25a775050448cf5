"""Who enters dibao alone, out of a household that does not as a whole (参照“单人户”).

Which grounds count is a dated parameter of the place; what each asks for is here. Nobody enters
alone from a household that qualifies as a whole (民发〔2022〕83号, 1(1)).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.decision.rules.entitlement import benefit_by_method
from shared.circumstances import is_minor, is_severely_disabled, is_severely_ill
from shared.contracts.assessments import SinglePerson, SinglePersonGround
from shared.contracts.circumstances import (
    DisabilityKind,
    Illness,
    LabourAbility,
    MemberCircumstances,
    Occupation,
    PovertyStanding,
)
from shared.contracts.decision import DeterminationOpened
from shared.contracts.waivers import FamilyWaiver
from shared.policy import Parameters

_INTELLECTUAL_OR_MENTAL: Final = (DisabilityKind.INTELLECTUAL, DisabilityKind.MENTAL)


@dataclass(frozen=True, slots=True)
class Household:
    """What a ground asks of the family: its register of poverty, and how its means were found.

    ``is_edge``: below the edge limit, property within the limits. ``is_low_income``: likewise
    below what the place calls low income for single entry.
    """

    poverty: PovertyStanding
    is_edge: bool
    is_low_income: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member with the family, under the regime that the ground belongs to."""

    member: MemberCircumstances
    household: Household
    regime: Parameters

    @property
    def is_adult(self) -> bool:
        """Eighteen or over."""
        return not is_minor(self.member)

    @property
    def is_severely_disabled(self) -> bool:
        """Of a grade that counts as severe, whatever the kind (重度残疾)."""
        return is_severely_disabled(self.member, self.regime)

    @property
    def is_intellectually_or_mentally_disabled(self) -> bool:
        """Of a grade that counts with these two kinds only."""
        found = self.member.disability
        if found is None or found.kind not in _INTELLECTUAL_OR_MENTAL:
            return False
        least = self.regime.whole_or_none("single_person_intellectual_or_mental_least_grade")
        return least is not None and found.grade <= least

    @property
    def is_severely_ill(self) -> bool:
        """重病, recognised as a major illness or not."""
        return is_severely_ill(self.member)

    @property
    def is_dependent_poor(self) -> bool:
        """Registered as poor, depending on the family, without all ability to work."""
        return (
            self.household.poverty is not PovertyStanding.NOT_REGISTERED
            and self.member.cannot_register_apart
            and self.member.labour is not LabourAbility.FULL
        )

    @property
    def is_unlifted(self) -> bool:
        """Of a registered household that is not lifted out of poverty."""
        return self.household.poverty is PovertyStanding.UNLIFTED


_Holds = Callable[[Candidate], bool]

GROUNDS: Final[Mapping[SinglePersonGround, _Holds]] = {
    SinglePersonGround.ADULT_SEVERE_DISABILITY_OWN_HOUSEHOLD: lambda c: (
        c.is_adult
        and c.is_severely_disabled
        and c.member.labour is LabourAbility.NONE
        and c.member.own_registration
    ),
    SinglePersonGround.CLERGY_THREE_YEARS: lambda c: c.member.clergy_apart,
    SinglePersonGround.UNLIFTED_SEVERE_DISABILITY: lambda c: (
        c.is_unlifted and c.is_severely_disabled
    ),
    SinglePersonGround.UNLIFTED_SEVERE_ILLNESS: lambda c: c.is_unlifted and c.is_severely_ill,
    SinglePersonGround.LOW_INCOME_SEVERE_DISABILITY: lambda c: (
        c.household.is_low_income and c.is_severely_disabled
    ),
    SinglePersonGround.LOW_INCOME_SEVERE_ILLNESS: lambda c: (
        c.household.is_low_income and c.is_severely_ill
    ),
    SinglePersonGround.ILLNESS: lambda c: (
        c.household.is_low_income and c.member.illness is not None
    ),
    SinglePersonGround.DISABILITY: lambda c: (
        c.household.is_low_income and c.member.disability is not None
    ),
    SinglePersonGround.SCHOOLING: lambda c: (
        c.household.is_low_income and c.member.occupation is Occupation.SCHOOL
    ),
    SinglePersonGround.POOR_DEPENDENT_DISABILITY: lambda c: (
        c.is_dependent_poor and (c.is_severely_disabled or c.is_intellectually_or_mentally_disabled)
    ),
    SinglePersonGround.POOR_DEPENDENT_MAJOR_ILLNESS: lambda c: (
        c.is_dependent_poor and c.member.illness is Illness.MAJOR
    ),
    SinglePersonGround.EDGE_SEVERE_DISABILITY: lambda c: (
        c.household.is_edge and c.is_severely_disabled
    ),
    SinglePersonGround.EDGE_GRADE_THREE_INTELLECTUAL_OR_MENTAL: lambda c: (
        c.household.is_edge and c.is_intellectually_or_mentally_disabled
    ),
    SinglePersonGround.EDGE_SEVERE_ILLNESS: lambda c: c.household.is_edge and c.is_severely_ill,
    SinglePersonGround.EDGE_MAJOR_ILLNESS: lambda c: (
        c.household.is_edge and c.member.illness is Illness.MAJOR
    ),
    SinglePersonGround.EDGE_SPECIAL_DIFFICULTY: lambda c: (
        c.household.is_edge and c.member.special_difficulty
    ),
    SinglePersonGround.ADULT_JOBLESS_SEVERE_DISABILITY: lambda c: (
        c.is_adult and c.member.occupation is Occupation.NO_WORK and c.is_severely_disabled
    ),
}
"""What each ground asks of a member and the family.

Sources: 民发〔2012〕220号, art. 10; 社会救助兜底脱贫行动方案 (2020); 闽民救〔2020〕21号, 2(2).1;
大民联发(2020)2号, 2(3); 民发〔2021〕57号, art. 8; 民发〔2022〕83号, 1(1); 社会救助法, art. 21.
"""


def ground_of(candidate: Candidate) -> SinglePersonGround | None:
    """The first ground, in the regime's order, that a member has; ``None`` without one."""
    for code in candidate.regime.codes("single_person_grounds"):
        ground = SinglePersonGround(code)
        if GROUNDS[ground](candidate):
            return ground
    return None


def may_enter_alone(account: DeterminationOpened, person_id: UUID, regime: Parameters) -> bool:
    """Whether the application covers the member's own entry.

    Where the regime asks for their own application (经个人申请), they are who applied; elsewhere
    the household asks once for everybody. Source: 大民联发(2020)2号, 2(3).
    """
    return not regime.flag("single_person_by_own_application") or person_id == account.applicant


def own_income_fen(account: DeterminationOpened, person_id: UUID) -> int:
    """What the member has of their own, in fen a month: the family's is not theirs here."""
    return sum(line.amount_fen for line in account.income if line.person_id == person_id)


def single_persons(
    account: DeterminationOpened, household: Household, regime: Parameters, standard_fen: int
) -> tuple[list[SinglePerson], bool]:
    """Who enters alone with how much a month, and whether anybody has a ground at all.

    One with a ground whose own income is not below the standard does not enter.
    """
    grounded: dict[UUID, SinglePersonGround] = {}
    circumstances = account.circumstances
    for member in circumstances.members if circumstances else ():
        if not may_enter_alone(account, member.person_id, regime):
            continue
        ground = ground_of(Candidate(member, household, regime))
        if ground is not None:
            grounded[member.person_id] = ground
    return _below_standard(account, grounded, regime, standard_fen), bool(grounded)


def waived_persons(
    account: DeterminationOpened, waiver: FamilyWaiver, regime: Parameters, standard_fen: int
) -> list[SinglePerson]:
    """Who enters alone where the family's check was waived: on the grounds of the waiver.

    One whose own income is not below the standard does not enter. Source: 社会救助兜底脱贫行动方案;
    闽民救〔2020〕21号, 2(2).1.
    """
    grounded = {person.person_id: person.ground for person in waiver.persons}
    return _below_standard(account, grounded, regime, standard_fen)


def whose_means(account: DeterminationOpened) -> tuple[int, int]:
    """How many persons the account is of, and what they have in fen a month.

    The household with its counted income, or those whose family's check was waived with their own.
    """
    if account.waiver is None:
        return len(account.members), account.counted_income_fen
    people = [person.person_id for person in account.waiver.persons]
    return len(people), sum(own_income_fen(account, person_id) for person_id in people)


def _below_standard(
    account: DeterminationOpened,
    grounded: Mapping[UUID, SinglePersonGround],
    regime: Parameters,
    standard_fen: int,
) -> list[SinglePerson]:
    """Those with a ground whose own income lies below the standard, with their amounts."""
    found = []
    for person_id, ground in grounded.items():
        income_fen = own_income_fen(account, person_id)
        if income_fen >= standard_fen:
            continue
        in_full = regime.codes("single_person_full_standard_grounds")
        found.append(_due_alone(person_id, ground, income_fen, regime, standard_fen, in_full))
    return found


def still_grounded(
    account: DeterminationOpened,
    household: Household,
    people: Collection[UUID],
    regime: Parameters,
    standard_fen: int,
) -> tuple[SinglePerson, ...]:
    """Which of those who entered alone have a ground by the account anew, with what they get.

    Whether their own income is still below the standard is not looked at here. What they are, such
    as disabled, is as it was surveyed; nobody applies a second time.
    """
    in_full = regime.codes("single_person_full_standard_grounds")
    circumstances = account.circumstances
    found = []
    for member in circumstances.members if circumstances else ():
        if member.person_id not in people:
            continue
        ground = ground_of(Candidate(member, household, regime))
        if ground is not None:
            income_fen = own_income_fen(account, member.person_id)
            found.append(
                _due_alone(member.person_id, ground, income_fen, regime, standard_fen, in_full)
            )
    return tuple(found)


def singly_by(
    persons: Iterable[SinglePerson],
    regime: Parameters,
    standard_fen: int,
    in_full: Collection[str],
) -> tuple[SinglePerson, ...]:
    """What members who entered alone get by a standard, in fen a month.

    ``in_full`` are the grounds on which the full standard is paid.
    """
    return tuple(
        _due_alone(p.person_id, p.ground, p.own_income_fen, regime, standard_fen, in_full)
        for p in persons
    )


def _due_alone(
    person_id: UUID,
    ground: SinglePersonGround,
    own_income_fen: int,
    regime: Parameters,
    standard_fen: int,
    in_full: Collection[str],
) -> SinglePerson:
    """What who enters alone gets, in fen a month: on some grounds the full standard, on others
    what the place's method gives one person.

    In full: 按低保标准全额发放. That the method of a household is theirs is a choice of the
    deployment. Source: 闽民救〔2020〕21号, 2(2).1; 民发〔2021〕57号, art. 23.
    """
    due_fen, tier = standard_fen, None
    if ground not in in_full:
        due_fen, tier = benefit_by_method(regime, standard_fen, 1, own_income_fen)
    return SinglePerson(
        person_id=person_id,
        ground=ground,
        own_income_fen=own_income_fen,
        amount_fen=due_fen,
        tier=tier,
    )
