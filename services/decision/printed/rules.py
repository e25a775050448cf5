"""Under which rules a step was decided: the measures of the day, each value with its article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from services.decision.printed.sources import Sources, span
from services.decision.printed.words import said, yuan
from shared.calendar import Month
from shared.contracts.fields import ParameterUsed
from shared.contracts.standards import StandardSet
from shared.kernel.event import Document
from shared.policy import UnknownParameter
from shared.regions import Regions, UnknownDivision

Standards = Mapping[UUID, Document[StandardSet]]
"""The recorded decisions on standards, by id."""


def rule_lines(
    parameters: Iterable[ParameterUsed], sources: Sources, standards: Standards, regions: Regions
) -> Iterator[str]:
    """The parameters that a step used, looked up for the case's place on the regime's day.

    Without a place or a day they stand without their source; a value that the parameters no longer
    hold is marked so. Each says from when to when it holds; one that a division has set names who
    set it when, and under what its notice is filed.
    """
    yield f"  依据 / Rules{_under(sources)}"
    for parameter in parameters:
        set_by = _set_by(parameter, standards, regions)
        yield f"    {_rule(parameter, sources, set_by)}"


def set_by_lines(standard_id: UUID, standards: Standards, regions: Regions) -> Iterator[str]:
    """Who set a standard when, and under what its notice is filed."""
    if (found := standards.get(standard_id)) is not None:
        yield f"  标准文件 / Set by: {_decision_on(found, standards, regions)}"


def _set_by(used: ParameterUsed, standards: Standards, regions: Regions) -> str:
    known = standards.get(used.standard_id) if used.standard_id is not None else None
    if known is None:
        return "本地公布的标准 / a standard that the division has set"
    return _decision_on(known, standards, regions)


def _decision_on(document: Document[StandardSet], standards: Standards, regions: Regions) -> str:
    event, on = document.data, document.effective_on
    try:
        division = regions.division(event.division, on).name
    except UnknownDivision:
        division = event.division
    until = _until(event, standards)
    to = "" if until is None else f"至 {until} / until then，"
    return (
        f"{division} {on} 公布 / set on that day，自 {event.from_month} 起 / from then on；{to}"
        f"文件档号 / notice filed under: {event.notice.note_id}"
    )


def _until(event: StandardSet, standards: Standards) -> Month | None:
    """The last month of a standard: the one before the next that the same division has set."""
    of_kind = (event.division, event.kind, event.force)
    later = [
        one.data.from_month
        for one in standards.values()
        if (one.data.division, one.data.kind, one.data.force) == of_kind
        and one.data.from_month > event.from_month
    ]
    return min(later).previous() if later else None


def _under(sources: Sources) -> str:
    """Which measures a procedure of that day follows, where the parameters say so."""
    found = sources.value("procedure_regime")
    if found is None:
        return ""
    sources.cited(found)
    days = span(found.valid_from, found.valid_to)
    return f"（{said('regime', str(found.figure))}）{days}"


def _rule(used: ParameterUsed, sources: Sources, set_by: str) -> str:
    try:
        definition = sources.policy.definition(used.name)
    except UnknownParameter:
        return f"{used.name}: {used.value}"
    shown = _figure(definition.kind, used.value)
    head = f"{definition.zh} / {definition.en}: {shown}"
    if used.standard_id is not None:
        return f"{head}（{set_by}）"
    if not sources.is_placed:
        return head
    found = sources.taken_from(used.name, used.value)
    if found is None:
        return f"{head}（参数已变更 / no longer so）"
    note = f"；{found.note}" if found.note else ""
    days = span(found.valid_from, found.valid_to)
    return f"{head}（{sources.cited(found)}{note}；{days}）"


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
