"""The sums of a determination, line by line, as somebody with a pencil would write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from uuid import UUID

from services.decision.printed.words import said, yuan
from services.decision.rules.entitlement import MONTHS_A_YEAR
from shared.contracts.decision import (
    AmountChanged,
    Assessed,
    AssessmentDrawnUp,
    BenefitProposed,
    BenefitStopped,
    ChangeReported,
    DeterminationOpened,
    PhaseOutStarted,
)
from shared.contracts.fields import DeductionLine, IncomeLine, ParameterUsed

Redetermined = AmountChanged | PhaseOutStarted | BenefitStopped


def members(account: DeterminationOpened) -> dict[UUID, str]:
    """What each member is called: no names are in the record, so by relation, numbered."""
    named: dict[UUID, str] = {}
    seen: dict[str, int] = {}
    several = {
        relation
        for relation in (member.relation for member in account.members)
        if sum(other.relation is relation for other in account.members) > 1
    }
    for member in account.members:
        seen[member.relation] = seen.get(member.relation, 0) + 1
        number = f" {seen[member.relation]}" if member.relation in several else ""
        named[member.person_id] = said("relation", member.relation) + number
    return named


def account_lines(
    account: DeterminationOpened | ChangeReported, who: Mapping[UUID, str]
) -> Iterator[str]:
    """Income and deductions line by line, and what counts."""
    yield "  收入 / Income"
    yield from (f"    {_income(line, who)}" for line in account.income)
    income_fen = sum(line.amount_fen for line in account.income)
    yield f"    合计 / together: {yuan(income_fen)}"
    yield "  扣减 / Deductions"
    yield from (f"    {_deduction(line)}" for line in account.deductions)
    deducted_fen = sum(line.amount_fen for line in account.deductions)
    yield f"    合计 / together: {yuan(deducted_fen)}"
    counted = yuan(account.counted_income_fen)
    yield f"  计入收入 / Counted: {yuan(income_fen)} − {yuan(deducted_fen)} = {counted}"
    if income_fen < deducted_fen:
        yield "    扣减多于收入的，按零计 / deductions above the income leave nothing"


def property_lines(
    account: DeterminationOpened, standard_fen: int, used: Mapping[str, int]
) -> Iterator[str]:
    """Property beside the place's limits, as far as the decision looked at them."""
    persons = len(account.members)
    if (factor := used.get("property_deposits_limit_annual_standards")) is not None:
        times = Fraction(factor, 10_000)
        limit_fen = int(times * standard_fen * MONTHS_A_YEAR * persons)
        sum_ = f"{times} × {MONTHS_A_YEAR} × {yuan(standard_fen)} × {persons} = {yuan(limit_fen)}"
        sign = "≤" if account.deposits_fen <= limit_fen else ">"
        yield f"  金融资产 / Deposits: {yuan(account.deposits_fen)} {sign} {sum_}"
    for name, zh, en, count in (
        ("property_houses_limit", "住房", "Houses", account.houses),
        ("property_vehicles_limit", "机动车辆", "Vehicles", account.vehicles),
    ):
        if (limit := used.get(name)) is not None:
            yield f"  {zh} / {en}: {count} {'≤' if count <= limit else '>'} {limit}"


def comparison(standard_fen: int, persons: int, counted_fen: int) -> str:
    """Counted income beside the standard of so many persons."""
    total_fen = standard_fen * persons
    sign = "<" if counted_fen < total_fen else "=" if counted_fen == total_fen else ">"
    return f"{yuan(counted_fen)} {sign} {yuan(standard_fen)} × {persons} = {yuan(total_fen)}"


def outcome_lines(drawn_up: AssessmentDrawnUp) -> Iterator[str]:
    """What the account comes to for each kind of assistance, with its reason."""
    yield from (f"  {_outcome(one)}" for one in drawn_up.outcomes)


def amount_lines(proposal: BenefitProposed, who: Mapping[UUID, str]) -> Iterator[str]:
    """How the monthly amount comes about."""
    if proposal.single_persons is None:
        gap_fen = proposal.amount_fen - sum(t.amount_fen for t in proposal.topups or ())
        total = f"{yuan(proposal.standard_fen)} × {proposal.persons}"
        short_fen = proposal.standard_fen * proposal.persons - proposal.counted_income_fen
        if gap_fen == short_fen:
            yield f"  差额 / Gap: {total} − {yuan(proposal.counted_income_fen)} = {yuan(gap_fen)}"
        else:
            yield f"  基本额 / Basic amount: {yuan(gap_fen)}"
    for person in proposal.single_persons or ():
        standard = yuan(proposal.standard_fen)
        sum_ = (
            f"{standard}（全额 / in full）"
            if person.amount_fen == proposal.standard_fen
            else f"{standard} − {yuan(person.own_income_fen)} = {yuan(person.amount_fen)}"
        )
        yield f"  {who[person.person_id]}，{said('ground', person.ground)}: {sum_}"
    for topup in proposal.topups or ():
        yield (
            f"  {who[topup.person_id]}，分类施保 / top-up, {said('topup', topup.kind)}: "
            f"+ {yuan(topup.amount_fen)}"
        )
    yield f"  每月 / A month: {yuan(proposal.amount_fen)} 元 / yuan"


def used_figures(parameters: tuple[ParameterUsed, ...]) -> dict[str, int]:
    """The figures that a decision read, by name."""
    return {parameter.name: parameter.value for parameter in parameters}


def _income(line: IncomeLine, who: Mapping[UUID, str]) -> str:
    source = said("source", line.source)
    return (
        f"{who[line.person_id]}，{said('income', line.kind)}（{source}）: {yuan(line.amount_fen)}"
    )


def _deduction(line: DeductionLine) -> str:
    return f"{said('deduction', line.kind)}: {yuan(line.amount_fen)}"


def _outcome(one: Assessed) -> str:
    assistance, outcome = said("assistance", one.assistance), said("outcome", one.outcome)
    return f"{assistance}: {outcome}（{said('reason', one.reason)}）"
