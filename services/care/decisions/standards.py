"""Standards of care supplements: noted as decision has set them, and applied to who is in care."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.care import rules
from services.care.decisions.command import Command
from services.care.model import CareFile, CareStandards, care_file_of
from shared.calendar import Month
from shared.contracts.care import (
    CareAmountRedetermined,
    CareStandardNoted,
    CareStandardReviewOpened,
)
from shared.contracts.fields import CareLevel
from shared.kernel.decider import Decide, Decision, Fact, Moment


class NoteStandard(Command):
    """A division has set a standard for a tier of care."""

    standard: CareStandardNoted


class ApplyCareStandard(Command):
    """A standard of a level counts from a month on for the cases of a page."""

    standard_id: UUID
    level: CareLevel
    amount_fen: int
    from_month: Month
    cases: tuple[UUID, ...]


def note_standard(_standards: CareStandards, command: NoteStandard, _at: Moment) -> Decision:
    """Note a division's standard, so that assessments know it in their turn."""
    return [command.standard]


def apply_care_standard(*rest: Any) -> Decision:
    """Bring those on a page who have the level to the standard of it, each once.

    Called with a care file per case, the command and the moment. Others on the page have another
    level, were never assessed, or left care.
    """
    *files, command, at = rest
    found = (
        (case_id, _applied(file, command, at))
        for case_id, file in zip(command.cases, files, strict=True)
    )
    return [Fact(event, stream=care_file_of(case_id)) for case_id, event in found if event]


def _applied(
    file: CareFile, command: ApplyCareStandard, at: Moment
) -> CareAmountRedetermined | CareStandardReviewOpened | None:
    if file.opened is None or file.ended or file.care_from is None:
        return None
    if file.assessments[-1].level is not command.level or command.standard_id in file.standards:
        return None
    if command.amount_fen == file.care_fen:
        return None
    from_month = max(command.from_month, file.care_from)
    regime = rules.regime_of(file.opened.division, from_month, at)
    lowered = command.amount_fen < file.care_fen
    if lowered and regime.flag("hearing_before_reduction_or_stop"):
        return CareStandardReviewOpened(
            standard_id=command.standard_id,
            level=command.level,
            care_fen=file.care_fen,
            standard_fen=command.amount_fen,
            from_month=from_month,
        )
    return CareAmountRedetermined(
        standard_id=command.standard_id,
        level=command.level,
        care_before_fen=file.care_fen,
        care_fen=command.amount_fen,
        from_month=from_month,
    )


def by_recorded_standards(decide: Decide) -> Decide:
    """A decision on a care file that goes by the recorded standards.

    Called with the file, the standards of the divisions around it (as ``care_standards_over``
    names them), the command and the moment.
    """

    def decided(file: CareFile, *rest: Any) -> Decision:
        *around, command, at = rest
        return decide(file, command, _with_standards(at, around))

    return decided


def _with_standards(at: Moment, around: Iterable[CareStandards]) -> Moment:
    values = [value for standards in around for value in standards.values()]
    return replace(at, policy=at.policy.with_recorded(values))
