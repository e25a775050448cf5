"""Oversight's decisions: what is found out about what was received."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.oversight.model import Contradictions
from shared.contracts.oversight import ContradictionReceived, OwningService
from shared.kernel.decider import Decision, Moment


class NoteContradiction(BaseModel):
    """An event came again under its id with another body; digests are hexadecimal."""

    model_config = ConfigDict(frozen=True)

    owner: OwningService
    event_id: UUID
    log_position: int
    digest: str
    earlier_digest: str


def note_contradiction(_state: Contradictions, command: NoteContradiction, _at: Moment) -> Decision:
    """Record each body that contradicts the first; both stay in the copy."""
    return [
        ContradictionReceived(
            owner=command.owner,
            event_id=command.event_id,
            log_position=command.log_position,
            digest=command.digest,
            earlier_digest=command.earlier_digest,
        )
    ]
