"""Wages that a place's rule assumes, and what working costs by it: dated local practice."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.accounts import within_bounds
from shared.contracts.circumstances import (
    HouseholdCircumstances,
    LabourAbility,
    MemberCircumstances,
    Occupation,
)
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    IncomeKind,
    IncomeLine,
    LineSource,
)
from shared.contracts.verification import EmploymentCost, ImputedWage
from shared.kernel.decider import Refusal
from shared.money import Rounding, share_of
from shared.policy import Parameters


def require_work_known(
    parameters: Parameters,
    stated: Sequence[DeductionLine],
    circumstances: HouseholdCircumstances | None,
) -> None:
    """Where the place computes the cost of working, nobody types it, and what members do is known.

    Likewise where it assumes wages of unsteady work.
    """
    computed = cost_is_computed(parameters)
    typed = any(line.kind is DeductionKind.EMPLOYMENT for line in stated)
    if computed and typed:
        source = parameters.value("employment_cost_method").source
        raise Refusal("employment-cost-computed", source=source)
    if circumstances is None and (computed or wages_are_imputed(parameters)):
        name = "employment_cost_method" if computed else "wage_imputation"
        raise Refusal("circumstances-missing", source=parameters.value(name).source, status=422)


def cost_is_computed(parameters: Parameters) -> bool:
    """Whether the cost of working is a share of the wage, not what the survey states."""
    if DeductionKind.EMPLOYMENT not in parameters.codes("income_deductions"):
        return False
    return parameters.code("employment_cost_method") == "wage_share"


def wages_are_imputed(parameters: Parameters) -> bool:
    """Whether unsteady work is taken to bring the minimum wage."""
    return parameters.code("wage_imputation") == "minimum_wage"


def imputed_wages(
    parameters: Parameters,
    circumstances: HouseholdCircumstances | None,
    lines: Sequence[IncomeLine],
) -> tuple[ImputedWage, ...]:
    """Whose wage is taken to be the minimum wage, in fen a month, since less was stated.

    Members who live by unsteady work and are able to. As Putian has it: 无固定职业的按最低工资标准
    核算. What was stated counts where it is at the minimum wage or above.
    """
    if circumstances is None or not wages_are_imputed(parameters):
        return ()
    minimum_fen = parameters.fen("minimum_wage_monthly_fen")
    stated = _wages_fen(lines)
    return tuple(
        ImputedWage(
            person_id=member.person_id,
            stated_fen=stated.get(member.person_id, 0),
            imputed_fen=minimum_fen,
        )
        for member in circumstances.members
        if _lives_by_unsteady_work(member) and stated.get(member.person_id, 0) < minimum_fen
    )


def with_imputed(
    lines: Sequence[IncomeLine], imputed: Sequence[ImputedWage]
) -> tuple[IncomeLine, ...]:
    """The lines with assumed wages in the place of what was stated of them."""
    persons = {wage.person_id for wage in imputed}
    kept = [
        line for line in lines if line.kind is not IncomeKind.WAGE or line.person_id not in persons
    ]
    assumed = [
        IncomeLine(
            person_id=wage.person_id,
            kind=IncomeKind.WAGE,
            source=LineSource.DECLARED,
            amount_fen=wage.imputed_fen,
        )
        for wage in imputed
    ]
    return (*kept, *assumed)


def employment_costs(
    parameters: Parameters,
    circumstances: HouseholdCircumstances | None,
    lines: Sequence[IncomeLine],
) -> tuple[EmploymentCost, ...]:
    """What working costs each member who has a wage, in fen a month, by the place's shares.

    A share of the wage; of a disabled member the higher of a share of the wage and a share of the
    minimum wage, and never more than the wage itself. See docs/decisions/0027.
    """
    if circumstances is None or not cost_is_computed(parameters):
        return ()
    disabled = {m.person_id for m in circumstances.members if m.disability is not None}
    return tuple(
        EmploymentCost(
            person_id=person_id,
            wage_fen=wage_fen,
            amount_fen=_cost_fen(parameters, wage_fen, disabled=person_id in disabled),
        )
        for person_id, wage_fen in _wages_fen(lines).items()
        if wage_fen > 0
    )


def deduction_of(costs: Sequence[EmploymentCost]) -> tuple[DeductionLine, ...]:
    """The members' costs of working as one line of the account; none, where there are none."""
    if not costs:
        return ()
    total_fen = within_bounds(sum(cost.amount_fen for cost in costs))
    return (DeductionLine(kind=DeductionKind.EMPLOYMENT, amount_fen=total_fen),)


def _wages_fen(lines: Sequence[IncomeLine]) -> dict[UUID, int]:
    """Each person's wage, in fen a month, whatever parts of it a register names as items."""
    wages: dict[UUID, int] = {}
    for line in lines:
        if line.kind is IncomeKind.WAGE:
            whole_fen = wages.get(line.person_id, 0) + line.amount_fen
            wages[line.person_id] = within_bounds(whole_fen)
    return wages


def _cost_fen(parameters: Parameters, wage_fen: int, *, disabled: bool) -> int:
    rounding = Rounding(parameters.code("benefit_rounding"))
    if not disabled:
        return share_of(wage_fen, parameters.ratio("employment_cost_wage_share"), rounding)
    of_wage = parameters.ratio("employment_cost_disabled_wage_share")
    of_minimum = parameters.ratio("employment_cost_disabled_minimum_wage_share")
    minimum_fen = parameters.fen("minimum_wage_monthly_fen")
    costs = share_of(wage_fen, of_wage, rounding), share_of(minimum_fen, of_minimum, rounding)
    return min(wage_fen, max(costs))


def _lives_by_unsteady_work(member: MemberCircumstances) -> bool:
    able = member.labour is not LabourAbility.NONE
    return able and member.occupation is Occupation.UNSTEADY_WORK
