"""What was said, in print: where it is filed, and which step came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.decision.printed.words import filed
from shared.contracts.changes import AmountChanged, BenefitStopped, HearingHeld, PhaseOutStarted
from shared.contracts.publicity import ObjectionRaised, ObjectionResolved
from shared.contracts.terminations import TerminationConcluded, TerminationHeard
from shared.contracts.work import WorkConsequenceDecided, WorkConsequenceHeard
from shared.kernel.event import Document


def results(documents: Sequence[Document[Any]]) -> dict[UUID, int]:
    """In which step each change, end, consequence and objection was decided; the last, if anew."""
    found: dict[UUID, int] = {}
    for number, document in enumerate(documents, 1):
        match document.data:
            case AmountChanged() | PhaseOutStarted() | BenefitStopped() as event:
                found[event.change_id] = number
            case TerminationConcluded(termination_id=matter):
                found[matter] = number
            case WorkConsequenceDecided(consequence_id=matter):
                found[matter] = number
            case ObjectionResolved(objection_id=matter):
                found[matter] = number
    return found


def hearing_lines(event: Any, decided_in: Mapping[UUID, int]) -> Iterator[str]:
    """Where what somebody said is filed, and the step that says what came of it."""
    match event:
        case HearingHeld():
            matter, note = event.change_id, event.statement
        case TerminationHeard():
            matter, note = event.termination_id, event.statement
        case WorkConsequenceHeard():
            matter, note = event.consequence_id, event.statement
        case ObjectionRaised():
            matter, note = event.objection_id, event.grounds
        case _:
            return
    yield filed(note)
    step = decided_in.get(matter)
    yield (
        "  尚未作出决定 / nothing decided yet"
        if step is None
        else f"  结果见第 {step} 步 / what came of it: step {step}"
    )
