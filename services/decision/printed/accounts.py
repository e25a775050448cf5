"""A household's account in print: income member by member, deductions with what stands behind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from services.decision.printed.household import called
from services.decision.printed.sources import Sources
from services.decision.printed.words import said, yuan
from shared.contracts.changes import ChangeReported
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import DeductionKind, DeductionLine, IncomeKind, IncomeLine

Account = DeterminationOpened | ChangeReported


def account_lines(
    account: Account, who: Mapping[UUID, str], asked: Collection[UUID], sources: Sources
) -> Iterator[str]:
    """Income and deductions line by line, and what counts.

    ``asked`` are the members whose income was looked into: of each of them without a line it is
    said that there is none.
    """
    yield "  收入 / Income"
    for line in account.income:
        yield f"    {_income(line, who)}"
        yield from _assumed(line, account, sources)
    yield from _without(account, who, asked)
    income_fen = sum(line.amount_fen for line in account.income)
    yield f"    合计 / together: {yuan(income_fen)}"
    yield from _silent(account)
    if account.excluded:
        yield "  不计入的收入 / Income that does not count"
        for left_out in account.excluded:
            rule = sources.rule(left_out.parameter)
            yield f"    {_income(left_out.line, who)}{rule}"
    if account.basic_pension is not None:
        treatment = said("treatment", account.basic_pension.treatment)
        yield f"  基础养老金，由经办人定 / basic pension, as was decided: {treatment}"
    yield f"  扣减 / Deductions{sources.rule('income_deductions')}"
    if not account.deductions:
        yield "    未申报可扣减的支出 / none stated"
    for one in account.deductions:
        yield f"    {said('deduction', one.kind)}: {yuan(one.amount_fen)}"
        yield from _behind(one, account, who, sources)
    deducted_fen = sum(line.amount_fen for line in account.deductions)
    yield f"    合计 / together: {yuan(deducted_fen)}"
    counted = yuan(account.counted_income_fen)
    yield f"  计入收入 / Counted: {yuan(income_fen)} − {yuan(deducted_fen)} = {counted}"
    if income_fen < deducted_fen:
        yield "    扣减多于收入的，按零计 / deductions above the income leave nothing"


def _without(account: Account, who: Mapping[UUID, str], asked: Collection[UUID]) -> Iterator[str]:
    """Who has no line: they declared nothing, and of an application no department knew of any."""
    stated = {line.person_id for line in account.income}
    stated |= {one.line.person_id for one in account.excluded or ()}
    none = "未申报收入 / no income declared"
    if isinstance(account, DeterminationOpened):
        none = "未申报收入，已反馈的部门亦未查到 / none declared, none found by those who answered"
    yield from (f"    {called(who, one)}: {none}" for one in asked if one not in stated)


def _assumed(line: IncomeLine, account: Account, sources: Sources) -> Iterator[str]:
    """Of a wage that the place's rule assumes: what was stated in its place."""
    if not isinstance(account, DeterminationOpened) or line.kind is not IncomeKind.WAGE:
        return
    for one in account.imputed or ():
        if one.person_id == line.person_id:
            stated = (
                f"申报 / stated {yuan(one.stated_fen)}，按 / counted as {yuan(one.imputed_fen)}"
            )
            by = sources.rule("wage_imputation")
            yield f"      推定工资 / a wage that is assumed: {stated}{by}"


def _silent(account: Account) -> Iterator[str]:
    """Departments that gave no data, as far as it was recorded."""
    if isinstance(account, DeterminationOpened) and account.missing:
        named = "；".join(said("department", one) for one in account.missing)
        yield f"    未反馈数据的部门 / gave no data: {named}"


def _behind(
    line: DeductionLine, account: Account, who: Mapping[UUID, str], sources: Sources
) -> Iterator[str]:
    """What a deduction rests on and whose it is: bills, a computed cost, or what was stated."""
    if isinstance(account, DeterminationOpened):
        costs = [one for one in account.employment_costs or () if _is_cost(line)]
        for cost in costs:
            yield (
                f"      {called(who, cost.person_id)}: 工资 / of a wage of {yuan(cost.wage_fen)}，"
                f"{yuan(cost.amount_fen)}{sources.rule('employment_cost_method')}"
            )
        bills = [bill for bill in account.bills or () if bill.kind is line.kind]
        for bill in bills:
            net = yuan(bill.amount_fen - bill.reimbursed_fen)
            yield (
                f"      {called(who, bill.person_id)}，票据 / bill {bill.issued_on}"
                f"（号码摘要 / number's digest {bill.number_digest[:12]}）: "
                f"{yuan(bill.amount_fen)} − 报销 / reimbursed {yuan(bill.reimbursed_fen)} = {net}"
            )
        if bills and account.window_months is not None:
            net_fen = sum(bill.amount_fen - bill.reimbursed_fen for bill in bills)
            yield (
                f"      {yuan(net_fen)} ÷ {account.window_months} 个月 / months = "
                f"{yuan(line.amount_fen)}{sources.rule('rigid_spending_window_months')}"
            )
        if costs or bills:
            return
    plain = "rigid_spending_plain_statements"
    rule = "" if _is_cost(line) else sources.rule(plain)
    yield (
        "      家庭申报的户内合计，未记载票据和所属成员"
        f" / as the household stated it for all its members: no bill is recorded{rule}"
    )


def _is_cost(line: DeductionLine) -> bool:
    return line.kind is DeductionKind.EMPLOYMENT


def _income(line: IncomeLine, who: Mapping[UUID, str]) -> str:
    kind = said("income", line.kind)
    if line.item is not None:
        kind += f"，{said('item', line.item)}"
    if line.paid_by is not None:
        kind += f"，{said('supporter', line.paid_by)}"
    source = said("source", line.source)
    return f"{called(who, line.person_id)}，{kind}（{source}）: {yuan(line.amount_fen)}"
