"""Why a household leaves as it does, in print: the cause, what was at discretion, the amount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.decision.printed.sources import Sources
from services.decision.printed.words import said, yuan
from services.decision.rules import change as rules
from shared.contracts.changes import BenefitStopped, PhaseOutStarted, StopReason
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import IncomeKind, IncomeLine
from shared.policy import MissingValue, Parameters


def leaving_lines(
    event: PhaseOutStarted | BenefitStopped,
    account: DeterminationOpened,
    before: Iterable[IncomeLine],
    after: Iterable[IncomeLine],
    sources: Sources,
) -> Iterator[str]:
    """The rule of a phase-out on a day, what it left open, and what was made of it.

    ``before`` are the lines of income that aid rested on, ``after`` those reported. Of a stop,
    why there is no phase-out; nothing where it is not for income above the standard.
    """
    if isinstance(event, BenefitStopped) and event.reason is not StopReason.INCOME_ABOVE_STANDARD:
        return
    if sources.on is None:
        return
    regime = sources.policy.at(account.division, account.programme, sources.on)
    try:
        granting = rules.phase_out_regime(regime, account.circumstances)
        granted = granting.value("phase_out_granted")
    except MissingValue:
        return
    earned = (_wages_fen(before), _wages_fen(after))
    yield f"  工资性收入 / Wages: {yuan(earned[0])} → {yuan(earned[1])}"
    yield from _cause(granting, sources)
    how = granting.code("phase_out_granted")
    yield f"  渐退 / Phase-out: {said('granted', how)}（{sources.cited(granted)}）"
    if isinstance(event, PhaseOutStarted):
        yield from _length(event, granting, sources)
        amount = regime.value("phase_out_amount_rule")
        rule = regime.code("phase_out_amount_rule")
        note = f"；{amount.note}" if amount.note else ""
        cited = sources.cited(amount)
        yield f"  渐退期金额 / Its amount: {said('amount_rule', rule)}（{cited}{note}）"
    elif how == "may":
        yield "  未给予，由审批人员裁量 / not granted, at the approver's discretion"


def _cause(granting: Parameters, sources: Sources) -> Iterator[str]:
    if granting.sets("phase_out_cause"):
        cause = granting.value("phase_out_cause")
        told = said("leaving_cause", granting.code("phase_out_cause"))
        yield f"  适用原因 / Cause: {told}（{sources.cited(cause)}）"


def _length(event: PhaseOutStarted, granting: Parameters, sources: Sources) -> Iterator[str]:
    shortest = granting.whole_or_none("phase_out_minimum_months") or 1
    longest = granting.whole_or_none("phase_out_maximum_months")
    given = _months(event)
    source = sources.cited(granting.value("phase_out_maximum_months"))
    if shortest == longest:
        yield f"  期限由规定确定 / Its length is fixed: {given} 个月 / months（{source}）"
        return
    most = "不限 / no limit" if longest is None else str(longest)
    yield (
        f"  期限可裁量 / Its length is at discretion: {shortest} – {most} 个月 / months；"
        f"决定 / given: {given}（{source}）"
    )


def _months(event: PhaseOutStarted) -> int:
    month, count = event.first_month, 1
    while month < event.last_month:
        month, count = month.next(), count + 1
    return count


def _wages_fen(lines: Iterable[IncomeLine]) -> int:
    return sum(line.amount_fen for line in lines if line.kind is IncomeKind.WAGE)
