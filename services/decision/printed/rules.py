"""Under which rules a step was decided: the measures of the day, each value with its article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from services.decision.printed.words import said, yuan
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import ParameterUsed
from shared.policy import MissingValue, Policy, UnknownParameter


def rule_lines(
    parameters: Iterable[ParameterUsed],
    policy: Policy,
    account: DeterminationOpened | None,
    on: date | None,
) -> Iterator[str]:
    """The parameters that a step used, looked up for the account's place on the regime's day.

    Without an account or a day they stand without their source; a value that the parameters no
    longer hold is marked so.
    """
    yield f"  依据 / Rules{_under(policy, account, on)}"
    for parameter in parameters:
        yield f"    {_rule(parameter, policy, account, on)}"


def _under(policy: Policy, account: DeterminationOpened | None, on: date | None) -> str:
    """Which measures a procedure of that day follows, where the parameters say so."""
    if account is None or on is None:
        return ""
    try:
        found = policy.value("procedure_regime", account.division, account.programme, on)
    except MissingValue:
        return ""
    return f"（{said('regime', str(found.figure))}）"


def _rule(
    used: ParameterUsed, policy: Policy, account: DeterminationOpened | None, on: date | None
) -> str:
    try:
        definition = policy.definition(used.name)
    except UnknownParameter:
        return f"{used.name}: {used.value}"
    shown = _figure(definition.kind, used.value)
    head = f"{definition.zh} / {definition.en}: {shown}"
    if used.standard_id is not None:
        return f"{head}（本地公布的标准 / a standard that the division has set）"
    if account is None or on is None:
        return head
    found = policy.taken_from(used.name, used.value, account.division, account.programme, on)
    if found is None:
        return f"{head}（参数已变更 / no longer so）"
    note = f"；{found.note}" if found.note else ""
    return f"{head}（{found.source}{note}）"


def _figure(kind: str, value: int) -> str:
    match kind:
        case "fen":
            return yuan(value)
        case "ratio":
            return f"{value / 10_000:g}"
        case "flag":
            return "是 / yes" if value else "否 / no"
        case _:
            return str(value)
