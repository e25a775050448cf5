"""The three conditions of dibao, each tested by itself (家庭户籍状况、家庭收入和家庭财产).

Source: 民发〔2012〕220号, art. 4; 大民联发(2020)2号, 2(2); 国务院令第649号, art. 9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from services.decision.rules.entitlement import is_below_standard, property_is_within_limits
from shared.contracts.assessments import Condition, ConditionOutcome, ConditionResult
from shared.contracts.circumstances import HouseholdRegistration
from shared.contracts.decision import DeterminationOpened, RefusalReason
from shared.contracts.fields import AidPlace
from shared.policy import Parameters

REASONS: Final[Mapping[Condition, RefusalReason]] = {
    Condition.REGISTRATION: RefusalReason.REGISTERED_ELSEWHERE,
    Condition.INCOME: RefusalReason.INCOME_NOT_BELOW_STANDARD,
    Condition.PROPERTY: RefusalReason.PROPERTY_ABOVE_LIMIT,
}
"""Why a household is refused that does not meet a condition; the first of them counts."""

_PLACES: Final = {
    HouseholdRegistration.HERE: AidPlace.HOUSEHOLD_REGISTRATION,
    HouseholdRegistration.SPLIT: AidPlace.HOUSEHOLD_REGISTRATION,
    HouseholdRegistration.RESIDENCE_PERMIT: AidPlace.RESIDENCE_PERMIT,
}


def tested(
    account: DeterminationOpened, regime: Parameters, standard_fen: int
) -> tuple[ConditionResult, ...]:
    """What each of the three tests comes to, whatever the others do; fen a month.

    Of a household whose family's check was waived means are not looked into.
    """
    income = property_ = ConditionOutcome.NOT_LOOKED_INTO
    if account.waiver is None:
        persons = len(account.members)
        income = _met(is_below_standard(standard_fen, persons, account.counted_income_fen))
        property_ = _met(property_is_within_limits(account, regime, standard_fen))
    return (
        ConditionResult(condition=Condition.REGISTRATION, outcome=registration(account, regime)),
        ConditionResult(condition=Condition.INCOME, outcome=income),
        ConditionResult(condition=Condition.PROPERTY, outcome=property_),
    )


def registration(account: DeterminationOpened, regime: Parameters) -> ConditionOutcome:
    """Whether the household is registered where it may be asked for dibao.

    With a residence permit only where the place takes such applications; split households apply
    where a member is registered. What the survey did not look into keeps nobody out: the window
    has judged the place (see the parameter of where to apply).
    Source: 民发〔2012〕220号, arts. 4, 11; 巩固拓展脱贫攻坚兜底保障成果
    指导意见, 2(9).
    """
    stated = account.circumstances.registration if account.circumstances else None
    if stated is None:
        return ConditionOutcome.NOT_LOOKED_INTO
    return _met(_PLACES.get(stated) in regime.codes("application_places"))


def not_met(tests: Sequence[ConditionResult]) -> tuple[Condition, ...]:
    """The conditions that are not met, in their order."""
    return tuple(one.condition for one in tests if one.outcome is ConditionOutcome.NOT_MET)


def _met(holds: bool) -> ConditionOutcome:
    return ConditionOutcome.MET if holds else ConditionOutcome.NOT_MET
