"""What an account comes to, for each kind of assistance from the fullest to the least.

The applicant asks once and is told of each (一门受理、协同办理; 梯度化、多层次). All parameters are
those of the day of acceptance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from services.decision.rules.conditions import REASONS, not_met, tested
from services.decision.rules.entitlement import dibao_amount, property_is_within_limits
from services.decision.rules.rigid_expenditure import rigid_expenditure
from services.decision.rules.single_person import Household, single_persons, waived_persons
from shared.contracts.assessments import (
    Assessed,
    AssessmentReason,
    Assistance,
    BenefitTier,
    Condition,
    ConditionResult,
    Outcome,
    RigidExpenditure,
    SinglePerson,
    TopUp,
)
from shared.contracts.circumstances import Occupation, PovertyStanding
from shared.contracts.decision import DeterminationOpened, RefusalReason
from shared.contracts.recognition import HardshipGround
from shared.policy import Parameters

_NOT_REACHED: Final = {
    kind: Assessed(
        assistance=kind, outcome=Outcome.NOT_REACHED, reason=AssessmentReason.FULLER_ASSISTANCE
    )
    for kind in Assistance
}
"""What stands for each kind below the one that the household has."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """All outcomes, the ``tests`` of the whole household, and what follows from the fullest that
    it qualifies for.

    ``refusal`` is why there is no dibao, ``None`` where there is; ``amount_fen`` a month.
    """

    standard_fen: int
    outcomes: tuple[Assessed, ...]
    refusal: RefusalReason | None
    amount_fen: int = 0
    single_persons: tuple[SinglePerson, ...] = ()
    topups: tuple[TopUp, ...] = ()
    rigid: RigidExpenditure | None = None
    tier: BenefitTier | None = None
    tests: tuple[ConditionResult, ...] = ()


def is_below_factor(
    factor: Fraction | None, standard_fen: int, persons: int, counted_income_fen: int
) -> bool:
    """Whether income per head lies below so many standards, in fen a month; strictly.

    Without a factor nobody does: the regime knows no such limit.
    Source: 民发〔2021〕57号, art. 8 (1.5 times).
    """
    return factor is not None and counted_income_fen < factor * standard_fen * persons


def assess(account: DeterminationOpened, regime: Parameters) -> Assessment:
    """Assess an account for dibao, as a household and singly, and for what lies below it.

    Source: 国务院令第649号, art. 9; 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(5)
    (梯度化、多层次).
    """
    standard_fen = regime.fen("standard_monthly_fen")
    tests = tested(account, regime, standard_fen)
    missed = not_met(tests)
    if Condition.REGISTRATION in missed:
        found = _of_another_place(standard_fen)
    elif account.waiver is not None:
        entering = waived_persons(account, account.waiver, regime, standard_fen)
        found = _without_the_family(entering, standard_fen)
    elif missed:
        found = _less_than_whole(account, regime, standard_fen, REASONS[missed[0]])
    else:
        found = _whole_household(account, regime, standard_fen)
    return replace(found, tests=tests)


def hardship_of(
    account: DeterminationOpened, regime: Parameters, standard_fen: int
) -> tuple[HardshipGround, ...]:
    """Why a refused household is kept in mind (存在一定困难); empty where it is not.

    Its income is near the standard, below a factor that is a choice of the deployment; what else
    weighs on it stands beside. Source: 社会救助兜底脱贫行动方案 (2020); 闽民救〔2020〕21号, 2(1).3.
    """
    factor = regime.ratio_or_none("watch_list_income_factor")
    counted_fen = account.counted_income_fen
    if not is_below_factor(factor, standard_fen, len(account.members), counted_fen):
        return ()
    members = account.circumstances.members if account.circumstances else ()
    weighs = {
        HardshipGround.UNSTEADY_WORK: any(
            m.occupation is Occupation.UNSTEADY_WORK for m in members
        ),
        HardshipGround.ILLNESS: any(m.illness is not None for m in members),
        HardshipGround.DISABILITY: any(m.disability is not None for m in members),
        HardshipGround.SCHOOLING: any(m.occupation is Occupation.SCHOOL for m in members),
        HardshipGround.INCOME_NEAR_STANDARD: True,
    }
    return tuple(ground for ground, holds in weighs.items() if holds)


def _whole_household(
    account: DeterminationOpened, regime: Parameters, standard_fen: int
) -> Assessment:
    due = dibao_amount(account, regime, standard_fen)
    first = Assessed(
        assistance=Assistance.HOUSEHOLD_DIBAO,
        outcome=Outcome.QUALIFIES,
        reason=AssessmentReason.INCOME_BELOW_STANDARD,
        amount_fen=due.amount_fen,
    )
    _dibao, *rest = _NOT_REACHED.values()
    return Assessment(
        standard_fen, (first, *rest), None, due.amount_fen, topups=due.topups, tier=due.tier
    )


def _of_another_place(standard_fen: int) -> Assessment:
    """Who is registered elsewhere is that place's, for every kind of assistance."""
    outcomes = (
        Assessed(
            assistance=kind,
            outcome=Outcome.DOES_NOT_QUALIFY,
            reason=AssessmentReason.REGISTERED_ELSEWHERE,
        )
        for kind in Assistance
    )
    return Assessment(standard_fen, tuple(outcomes), RefusalReason.REGISTERED_ELSEWHERE)


def _without_the_family(found: Sequence[SinglePerson], standard_fen: int) -> Assessment:
    """The family's check was waived: only those who enter alone are assessed."""
    outcomes = (
        _singly(found, grounded=True, known=True)
        if kind is Assistance.SINGLE_PERSON_DIBAO
        else Assessed(
            assistance=kind,
            outcome=Outcome.NOT_REACHED,
            reason=AssessmentReason.FAMILY_CHECK_WAIVED,
        )
        for kind in Assistance
    )
    return Assessment(
        standard_fen,
        tuple(outcomes),
        None if found else RefusalReason.INCOME_NOT_BELOW_STANDARD,
        amount_fen=sum(person.amount_fen for person in found),
        single_persons=tuple(found),
    )


def _less_than_whole(
    account: DeterminationOpened, regime: Parameters, standard_fen: int, refusal: RefusalReason
) -> Assessment:
    household_dibao = Assessed(
        assistance=Assistance.HOUSEHOLD_DIBAO,
        outcome=Outcome.DOES_NOT_QUALIFY,
        reason=AssessmentReason(refusal.value),
    )
    # Where the standard is not what was missed, property is.
    has_property = not property_is_within_limits(account, regime, standard_fen)
    edge, household = family_around(account, regime, standard_fen, has_property=has_property)
    found, grounded = single_persons(account, household, regime, standard_fen)
    singly = _singly(found, grounded=grounded, known=account.circumstances is not None)
    above = (household_dibao, singly, edge)
    if found or household.is_edge:
        hardship = _NOT_REACHED[Assistance.RIGID_EXPENDITURE_HOUSEHOLD]
        return Assessment(
            standard_fen,
            (*above, hardship, _NOT_REACHED[Assistance.WATCH_LIST]),
            None if found else refusal,
            amount_fen=sum(person.amount_fen for person in found),
            single_persons=tuple(found),
        )
    hardship, spent = rigid_expenditure(account, regime, standard_fen, has_property=has_property)
    if hardship.outcome is Outcome.QUALIFIES:
        watch = _NOT_REACHED[Assistance.WATCH_LIST]
    else:
        watch = _watch(account, regime, standard_fen, has_property=has_property)
    return Assessment(standard_fen, (*above, hardship, watch), refusal, rigid=spent)


def family_around(
    account: DeterminationOpened, regime: Parameters, standard_fen: int, *, has_property: bool
) -> tuple[Assessed, Household]:
    """What the family is found to be, as far as single entry asks for it, and whether it is an
    edge household.
    """
    persons, counted_fen = len(account.members), account.counted_income_fen
    edge_factor = regime.ratio_or_none("edge_income_factor")
    edge = _edge(
        edge_factor,
        below=is_below_factor(edge_factor, standard_fen, persons, counted_fen),
        has_property=has_property,
    )
    low_factor = regime.ratio_or_none("single_person_household_factor")
    circumstances = account.circumstances
    household = Household(
        poverty=circumstances.poverty if circumstances else PovertyStanding.NOT_REGISTERED,
        is_edge=edge.outcome is Outcome.QUALIFIES,
        is_low_income=not has_property
        and is_below_factor(low_factor, standard_fen, persons, counted_fen),
    )
    return edge, household


def _singly(found: Sequence[SinglePerson], *, grounded: bool, known: bool) -> Assessed:
    if found:
        return Assessed(
            assistance=Assistance.SINGLE_PERSON_DIBAO,
            outcome=Outcome.QUALIFIES,
            reason=AssessmentReason.SINGLE_PERSON_GROUND,
            amount_fen=sum(person.amount_fen for person in found),
            persons=tuple(found),
        )
    reason = AssessmentReason.NO_SINGLE_PERSON_GROUND
    if grounded:
        reason = AssessmentReason.OWN_INCOME_NOT_BELOW_STANDARD
    elif not known:
        reason = AssessmentReason.CIRCUMSTANCES_UNKNOWN
    return Assessed(
        assistance=Assistance.SINGLE_PERSON_DIBAO, outcome=Outcome.DOES_NOT_QUALIFY, reason=reason
    )


def _edge(factor: Fraction | None, *, below: bool, has_property: bool) -> Assessed:
    """The dibao-edge household: income below the limit, property within the limits.

    Source: 民发〔2021〕57号, art. 8; 社会救助法, art. 21 (the province sets the limit).
    """
    outcome, reason = Outcome.DOES_NOT_QUALIFY, AssessmentReason.INCOME_NOT_BELOW_EDGE
    if factor is None:
        outcome, reason = Outcome.NOT_PROVIDED_FOR, AssessmentReason.REGIME_HAS_NONE
    elif has_property:
        reason = AssessmentReason.PROPERTY_ABOVE_LIMIT
    elif below:
        outcome, reason = Outcome.QUALIFIES, AssessmentReason.INCOME_BELOW_EDGE
    return Assessed(assistance=Assistance.EDGE_HOUSEHOLD, outcome=outcome, reason=reason)


def _watch(
    account: DeterminationOpened, regime: Parameters, standard_fen: int, *, has_property: bool
) -> Assessed:
    outcome, reason = Outcome.DOES_NOT_QUALIFY, AssessmentReason.NOT_IN_HARDSHIP
    if not regime.flag("watch_list_for_refused_in_hardship"):
        outcome, reason = Outcome.NOT_PROVIDED_FOR, AssessmentReason.REGIME_HAS_NONE
    elif has_property:
        reason = AssessmentReason.PROPERTY_ABOVE_LIMIT
    elif hardship_of(account, regime, standard_fen):
        outcome, reason = Outcome.QUALIFIES, AssessmentReason.IN_HARDSHIP
    return Assessed(assistance=Assistance.WATCH_LIST, outcome=outcome, reason=reason)
