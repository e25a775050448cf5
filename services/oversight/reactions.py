"""What records make oversight do next."""

from __future__ import annotations

from typing import Final
from uuid import uuid5

from services.oversight.decisions import NoteContradiction, note_contradiction
from services.oversight.model import contradictions_of
from shared.contracts.oversight import OwningService
from shared.kernel.copies import Copy
from shared.kernel.submission import NATIONWIDE, SYSTEM_ACTOR, SYSTEM_ROLE, Submission

_NOTE: Final = "note-contradiction"


def on_contradiction(copy: Copy, earlier: bytes) -> Submission:
    """An event that comes again with another body is a finding, once for each body."""
    command = NoteContradiction(
        owner=OwningService(copy.service),
        event_id=copy.event_id,
        log_position=copy.log_position,
        digest=copy.body_digest.hex(),
        earlier_digest=earlier.hex(),
    )
    return Submission(
        command_id=uuid5(copy.event_id, f"{_NOTE}/{command.digest}"),
        command=command,
        reads=(contradictions_of(copy.event_id),),
        decide=note_contradiction,
        actor=SYSTEM_ACTOR,
        role=SYSTEM_ROLE,
        region=NATIONWIDE,
        causation_id=copy.event_id,
    )
