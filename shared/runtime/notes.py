"""What somebody wrote goes into the vault before the command whose event names it."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

from shared.access.persons import NewNote
from shared.access.registry import RegistryRefused
from shared.contracts.fields import NoteRef
from shared.kernel.store import Handled, LogReader
from shared.kernel.submission import Note
from shared.runtime.service import Service
from shared.web.idempotency import CommandKey
from shared.web.problems import Problem, ProblemType

NOTE_OWNER_UNKNOWN: Final = ProblemType(
    "note-owner-unknown",
    422,
    "此人未登记或信息已删除，请先登记",
    "The person is not registered, or was erased: register them first",
)

_NO_OWNER: Final = frozenset({"person-unknown", "person-erased"})


async def put_note(service: Service, key: CommandKey, note: NewNote) -> tuple[NoteRef, Note]:
    """The reference for the command's event, and the receipt that its submission carries.

    Putting it again under the same key is the same note. Raises a 422 problem for a person whom
    the registry does not know, ``RegistryAway`` and ``RegistryRefused`` otherwise.
    """
    try:
        receipts = await service.registry.put_notes(key.command_id, [note])
    except RegistryRefused as refused:
        if refused.code in _NO_OWNER:
            raise Problem(NOTE_OWNER_UNKNOWN) from None
        raise
    receipt = receipts[0]
    return NoteRef(note_id=receipt.note_id, digest=receipt.digest), receipt.as_note()


def notes_named(log: LogReader, handled: Handled) -> frozenset[UUID]:
    """The notes that the events of a handled command name, whatever field names them."""
    rows = log.read_log(handled.position - handled.events, handled.events) if handled.events else []
    documents = [json.loads(row.document) for row in rows]
    ours = [d["data"] for d in documents if d["commandid"] == str(handled.command_id)]
    return frozenset(_note_ids(ours))


def _note_ids(value: Any) -> set[UUID]:
    match value:
        case dict():
            own = {UUID(value["note_id"])} if isinstance(value.get("note_id"), str) else set()
            return own.union(*(_note_ids(part) for part in value.values()))
        case list():
            return set().union(*(_note_ids(part) for part in value))
        case _:
            return set()
