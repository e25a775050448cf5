"""What an official may add in words."""

from __future__ import annotations

from services.decision.api.access import Determinations
from services.decision.model import Determination
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import NoteRef
from shared.kernel.submission import Note
from shared.runtime.cases import Case
from shared.web.idempotency import CommandKey


async def put_if_written(
    cases: Determinations,
    case: Case[Determination, DeterminationOpened],
    key: CommandKey,
    text: str | None,
) -> tuple[NoteRef | None, list[Note]]:
    """Put what somebody wrote into the vault under the case's key, if they wrote anything."""
    if text is None:
        return None, []
    reference, note = await cases.put_note(case, key, text)
    return reference, [note]
