"""A division sets its standards: proposed by one hand, set by another, never edited."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Standards, Subject
from services.decision.rules import hands
from services.decision.rules import standards as rules
from shared.calendar import Month
from shared.contracts.fields import NoteRef, Programme
from shared.contracts.standards import (
    StandardForce,
    StandardKind,
    StandardProposed,
    StandardSet,
)
from shared.kernel.decider import Decision, Moment, Refusal
from shared.policy import MissingValue
from shared.policy.standards import parameter_of


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
    figure = _Figure(command.division, subject, command.amount_fen, command.from_month)
    _hold(standards, province, figure, at)
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
    figure = _Figure(proposal.division, subject, proposal.amount_fen, month)
    floor = _hold(standards, province, figure, at)
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


class _Figure(NamedTuple):
    """What a division is to have: of what, how much, from which month on."""

    division: str
    subject: Subject
    amount_fen: int
    from_month: Month


def _hold(
    standards: Standards, province: Standards, figure: _Figure, at: Moment
) -> StandardSet | None:
    """Hold a figure against what was set before and the province's floor, which it gives."""
    division, subject, amount_fen, from_month = figure
    rules.require_month_ahead(from_month, at.date)
    rules.require_in_order(standards.last(subject), from_month)
    if subject.force is StandardForce.FLOOR:
        return None
    if subject.kind in rules.OF_CHILDREN:
        regime = at.policy.at(division, Programme.CHILD_ALLOWANCE, at.date)
        before_fen = _before_fen(standards, figure, at)
        rules.require_raise(subject.kind, before_fen, amount_fen, regime)
    floor = province.on(Subject(subject.kind, StandardForce.FLOOR), from_month)
    return rules.require_floor_kept(subject.kind, amount_fen, from_month, floor)


def _before_fen(standards: Standards, figure: _Figure, at: Moment) -> int | None:
    """What is paid in the month before, as the division has recorded it, or a file states it."""
    month = figure.from_month.previous()
    recorded = standards.on(figure.subject, month)
    if recorded is not None:
        return recorded.amount_fen
    regime = at.policy.at(figure.division, Programme.CHILD_ALLOWANCE, month.first_day)
    try:
        return regime.fen(parameter_of(figure.subject.kind))
    except MissingValue:
        return None
