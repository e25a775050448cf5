"""By what power a step was decided: whose it is by the measures, and who delegated it to whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from services.decision.printed.sources import Sources, span
from services.decision.printed.words import said
from shared.contracts.aid import AidGranted, AidRefused, AidRestStopped
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ManualReviewOpened,
    PhaseOutStarted,
)
from shared.contracts.decision import CaseConfirmed, CaseRefused
from shared.contracts.reviews import ReviewExtended
from shared.contracts.work import WorkConsequenceDecided
from shared.policy import Value

_POWER: Final = "procedure_decided_by"
_OF_TIERS: Final = (AidGranted, AidRefused, AidRestStopped)
_DECIDED: Final = (
    CaseConfirmed,
    CaseRefused,
    AmountChanged,
    PhaseOutStarted,
    BenefitStopped,
    ManualReviewOpened,
    WorkConsequenceDecided,
    ReviewExtended,
    DecisionRevoked,
)


def power_lines(event: Any, role: str, sources: Sources) -> Iterator[str]:
    """Whose power a decision is: that level's own, or another's that was delegated to it.

    Nothing of a step that nobody decides, or that the system records. ``sources`` are of the day
    whose rules the decision goes by.
    Source: 国务院令第649号, art. 11; delegation: 闽民救〔2020〕21号, 2(2).1; 社会救助法, art. 44.
    """
    level, _, approver = role.partition("_")
    if approver != "approver" or not isinstance(event, (*_DECIDED, *_OF_TIERS)):
        return
    if isinstance(event, _OF_TIERS):
        yield f"  审批权限 / Power to decide: {said('power', level)}{_tiers(sources)}"
        return
    found = sources.values(_POWER)
    held = next((one for one in found if one.figure == level), None)
    if held is None:
        none = "现行参数未载明 / not stated now"
        yield f"  决定权限 / Power to decide: {said('power', level)}（{none}）"
        return
    above = next((one for one in found if one.scope != held.scope and one.figure != level), None)
    if above is None or level != "township":
        yield f"  决定权限 / Power to decide: {said('power', level)}（{_of(held, sources)}）"
        return
    power = f"  决定权限 / Power to decide: {said('power', 'delegated')}"
    step = sources.told_in(_POWER, held.source, above.source)
    if step is not None:
        yield f"{power}（委托依据同第 {step} 步 / by what: step {step}）"
        return
    yield power
    yield f"    委托依据 / Delegated by: {_of(held, sources)}；{held.note}"
    yield (
        f"    无委托时由 / Otherwise decided by: {said('power', str(above.figure))}"
        f"（{_of(above, sources)}）"
    )
    yield "    县级另行出具的委托书未载入本系统 / a county's own letter is not in this record"


def _tiers(sources: Sources) -> str:
    """Of aid in tiers: up to its limit the township, above it the county."""
    return sources.rule("township_aid_limit_fen", _POWER)


def _of(value: Value, sources: Sources) -> str:
    """Who issued the rule, where it stands in what words, and its days."""
    issuer = sources.issuer(value)
    quote = f"“{value.quote}”" if value.quote else ""
    told = (issuer, sources.cited(value), span(value.valid_from, value.valid_to), quote)
    return "；".join(part for part in told if part)
