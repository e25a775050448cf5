"""Under which rules a step was decided: the measures of the day, each value with its article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from services.decision.printed.words import said, yuan
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import ParameterUsed
from shared.contracts.standards import StandardSet
from shared.kernel.event import Document
from shared.policy import MissingValue, Policy, UnknownParameter
from shared.regions import Regions, UnknownDivision

Standards = Mapping[UUID, Document[StandardSet]]
"""The recorded decisions on standards, by id."""


def rule_lines(
    parameters: Iterable[ParameterUsed],
    policy: Policy,
    account: DeterminationOpened | None,
    on: date | None,
    standards: Standards,
    regions: Regions,
) -> Iterator[str]:
    """The parameters that a step used, looked up for the account's place on the regime's day.

    Without an account or a day they stand without their source; a value that the parameters no
    longer hold is marked so. One that a division has set names who set it when, and under what
    its notice is filed.
    """
    yield f"  依据 / Rules{_under(policy, account, on)}"
    for parameter in parameters:
        set_by = _set_by(parameter, standards, regions)
        yield f"    {_rule(parameter, policy, account, on, set_by)}"


def set_by_lines(standard_id: UUID, standards: Standards, regions: Regions) -> Iterator[str]:
    """Who set a standard when, and under what its notice is filed."""
    if (found := standards.get(standard_id)) is not None:
        yield f"  标准文件 / Set by: {_decision_on(found, regions)}"


def _set_by(used: ParameterUsed, standards: Standards, regions: Regions) -> str:
    known = standards.get(used.standard_id) if used.standard_id is not None else None
    if known is None:
        return "本地公布的标准 / a standard that the division has set"
    return _decision_on(known, regions)


def _decision_on(document: Document[StandardSet], regions: Regions) -> str:
    event, on = document.data, document.effective_on
    try:
        division = regions.division(event.division, on).name
    except UnknownDivision:
        division = event.division
    return (
        f"{division} {on} 公布 / set on that day，自 {event.from_month} 起 / from then on；"
        f"文件档号 / notice filed under: {event.notice.note_id}"
    )


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
    used: ParameterUsed,
    policy: Policy,
    account: DeterminationOpened | None,
    on: date | None,
    set_by: str,
) -> str:
    try:
        definition = policy.definition(used.name)
    except UnknownParameter:
        return f"{used.name}: {used.value}"
    shown = _figure(definition.kind, used.value)
    head = f"{definition.zh} / {definition.en}: {shown}"
    if used.standard_id is not None:
        return f"{head}（{set_by}）"
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
