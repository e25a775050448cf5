"""A division sets its standards: proposed by one hand, set by another, never edited."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Standards, Subject
from services.decision.rules import hands
from services.decision.rules import standards as rules
from shared.calendar import Month
from shared.contracts.fields import NoteRef
from shared.contracts.standards import (
    StandardForce,
    StandardKind,
    StandardProposed,
    StandardSet,
)
from shared.kernel.decider import Decision, Moment, Refusal


class ProposeStandard(Command):
    """Propose a standard, or a province's floor, in fen a person and month from a month on."""

    actor: UUID
    standard_id: UUID
    division: str
    kind: StandardKind
    force: StandardForce
    amount_fen: int
    from_month: Month
    notice: NoteRef


class SetStandard(Command):
    """Set what was proposed."""

    actor: UUID
    standard_id: UUID


def propose_standard(
    standards: Standards, province: Standards, command: ProposeStandard, at: Moment
) -> Decision:
    """Propose what a division is to have; it takes the place of what waits for the same."""
    level = rules.level_that_sets(command.division, command.force)
    subject = Subject(command.kind, command.force)
    _hold(standards, province, subject, command.amount_fen, command.from_month, at.date)
    waiting = standards.proposed.get(subject)
    proposed = StandardProposed(
        standard_id=command.standard_id,
        proposer=command.actor,
        division=command.division,
        level=level,
        kind=command.kind,
        force=command.force,
        amount_fen=command.amount_fen,
        from_month=command.from_month,
        notice=command.notice,
        replaces=waiting.standard_id if waiting else None,
    )
    return [proposed]


def set_standard(
    standards: Standards, province: Standards, command: SetStandard, at: Moment
) -> Decision:
    """Set a proposal, by another hand; everything is held against the day it is set on."""
    proposal = standards.proposal(command.standard_id)
    if proposal is None:
        raise Refusal("no-such-standard", status=404)
    hands.require_separate_hands(command.actor, {"proposal": (proposal.proposer,)})
    subject = Subject(proposal.kind, proposal.force)
    month = proposal.from_month
    floor = _hold(standards, province, subject, proposal.amount_fen, month, at.date)
    before = standards.on(subject, month)
    was_set = StandardSet(
        standard_id=proposal.standard_id,
        proposer=proposal.proposer,
        approver=command.actor,
        division=proposal.division,
        level=proposal.level,
        kind=proposal.kind,
        force=proposal.force,
        amount_fen=proposal.amount_fen,
        from_month=month,
        notice=proposal.notice,
        before_fen=before.amount_fen if before else None,
        floor_fen=floor.amount_fen if floor else None,
    )
    return [was_set]


def _hold(
    standards: Standards,
    province: Standards,
    subject: Subject,
    amount_fen: int,
    from_month: Month,
    today: date,
) -> StandardSet | None:
    """Hold a figure against what was set before and the province's floor, which it gives."""
    rules.require_month_ahead(from_month, today)
    rules.require_in_order(standards.last(subject), from_month)
    if subject.force is StandardForce.FLOOR:
        return None
    floor = province.on(Subject(subject.kind, StandardForce.FLOOR), from_month)
    return rules.require_floor_kept(subject.kind, amount_fen, from_month, floor)
