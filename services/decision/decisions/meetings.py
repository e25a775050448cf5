"""Meetings on a case and slips of the pen: recorded beside what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import CaseFile, Determination, case_file_of
from services.decision.rules import meetings as rules
from services.decision.rules.entitlement import regime_on
from shared.contracts.fields import NoteRef
from shared.contracts.meetings import (
    Attendance,
    CaseMeetingHeld,
    CorrectedStream,
    EntryCorrected,
    MeetingKind,
    MeetingResolution,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal

SLIPS: Final[Mapping[str, Mapping[str, type[date] | type[UUID]]]] = {
    "doudi.decision.work-offer-answered.v1": {"offered_on": date},
    "doudi.decision.notice-served.v1": {"recipient": UUID, "witness": UUID},
}
"""Fields of which a slip may be corrected, by type of entry: those on which nothing rests.

An amount, a day from which something runs, or who belongs to a household is never a slip: it is
changed by a decision of its own.
"""


class RecordMeeting(Command):
    """Take down a meeting on a case."""

    case_id: UUID
    meeting_id: UUID
    recorder: UUID
    kind: MeetingKind
    held_on: date
    attendance: tuple[Attendance, ...]
    resolution: MeetingResolution
    minutes: NoteRef


class CorrectEntry(Command):
    """Correct a slip in an entry of a case, which was found as ``entry`` of ``entry_type``."""

    case_id: UUID
    correction_id: UUID
    corrector: UUID
    stream: CorrectedStream
    position: int
    entry: UUID
    entry_type: str
    field: str
    reads_date: date | None = None
    reads_person: UUID | None = None
    reason: NoteRef


def record_meeting(
    case: Determination, _file: CaseFile, command: RecordMeeting, at: Moment
) -> Decision:
    """Record a meeting with its minutes, its attendance, what it resolved and how far it binds."""
    account = case.known_account()
    if command.held_on > at.date:
        raise Refusal("meeting-date-astray", status=422)
    regime = regime_on(account, command.held_on, at)
    rules.require_met(command.attendance, regime)
    held = CaseMeetingHeld(
        **command.model_dump(exclude={"case_id"}),
        division=account.division,
        force=rules.force_of(command.kind, command.attendance, regime),
    )
    return [Fact(held, case_file_of(command.case_id), policy=regime.version)]


def correct_entry(
    case: Determination, _file: CaseFile, command: CorrectEntry, _at: Moment
) -> Decision:
    """Say what an entry should read; the entry itself stays as it was written."""
    case.known_account()
    kind = SLIPS.get(command.entry_type, {}).get(command.field)
    if kind is None:
        raise Refusal("not-a-slip", facts={"entry": command.entry_type.split(".")[2]})
    reads = {date: command.reads_date, UUID: command.reads_person}
    stated = [known for known, value in reads.items() if value is not None]
    if stated != [kind]:
        raise Refusal("correction-astray", status=422)
    corrected = EntryCorrected(**command.model_dump(exclude={"case_id", "entry_type"}))
    return [Fact(corrected, case_file_of(command.case_id))]
