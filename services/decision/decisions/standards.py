"""A division sets its standards: proposed by one hand, set by another, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.decisions.levelling import with_standards
from services.decision.model import Standards, Subject
from services.decision.rules import hands
from services.decision.rules import standards as rules
from shared.calendar import Month
from shared.contracts.fields import NoteRef, Programme
from shared.contracts.standards import (
    StandardDerivation,
    StandardForce,
    StandardKind,
    StandardProposed,
    StandardSet,
    StandardUnexamined,
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
    derivation: StandardDerivation | None = None


class SetStandard(Command):
    """Set what was proposed."""

    actor: UUID
    standard_id: UUID


class NoteUnexamined(Command):
    """The last day to look at a standard again is over."""

    standard_id: UUID


def propose_standard(standards: Standards, *rest: Any) -> Decision:
    """Propose what a division is to have; it takes the place of what waits for the same.

    Called with what the division has set, the standards around it from the province's, the
    command and the moment.
    """
    *around, command, at = rest
    level = rules.level_that_sets(command.division, command.force)
    subject = Subject(command.kind, command.force)
    _hold(standards, around, command, at)
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
        derivation=command.derivation,
        replaces=waiting.standard_id if waiting else None,
    )
    return [proposed]


def set_standard(standards: Standards, *rest: Any) -> Decision:
    """Set a proposal, by another hand; everything is held against the day it is set on.

    Called as ``propose_standard`` is.
    """
    *around, command, at = rest
    proposal = standards.proposal(command.standard_id)
    if proposal is None:
        raise Refusal("no-such-standard", status=404)
    hands.require_separate_hands(command.actor, {"proposal": (proposal.proposer,)})
    subject = Subject(proposal.kind, proposal.force)
    month = proposal.from_month
    floor = _hold(standards, around, proposal, at)
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
        derivation=proposal.derivation,
        before_fen=before.amount_fen if before else None,
        floor_fen=floor.amount_fen if floor else None,
        examine_by=None
        if proposal.force is StandardForce.FLOOR
        else rules.examine_by(proposal.kind, proposal.division, at),
    )
    return [was_set]


def note_unexamined(standards: Standards, command: NoteUnexamined, _at: Moment) -> Decision:
    """Nobody set a standard anew since it was to be looked at: the division is told, once."""
    standing = standards.set_as(command.standard_id)
    if standing is None or standing.examine_by is None:
        return []
    if command.standard_id in standards.unexamined:
        return []
    if standards.last(Subject(standing.kind, standing.force)) is not standing:
        return []
    return [
        StandardUnexamined(
            standard_id=standing.standard_id,
            division=standing.division,
            kind=standing.kind,
            due_on=standing.examine_by,
        )
    ]


def _hold(
    standards: Standards,
    around: Sequence[Standards],
    proposal: ProposeStandard | StandardProposed,
    at: Moment,
) -> StandardSet | None:
    """Hold a figure against what was set before and the province's floor, which it gives.

    One that counts from a month that has begun, against what held and the floor in each since.
    """
    subject, from_month = Subject(proposal.kind, proposal.force), proposal.from_month
    rules.require_month(*subject, proposal.division, from_month, at)
    rules.require_in_order(standards.last(subject), from_month)
    if subject.force is StandardForce.FLOOR:
        return None
    if subject.kind in rules.OF_CHILDREN:
        regime = at.policy.at(proposal.division, Programme.CHILD_ALLOWANCE, at.date)
        before_fen = _before_fen(standards, proposal, at)
        rules.require_raise(subject.kind, before_fen, proposal.amount_fen, regime)
    province = around[0]
    of_floor = Subject(subject.kind, StandardForce.FLOOR)
    months = [from_month, *from_month.next().through(Month.of(at.date))]
    floors = [
        rules.require_floor_kept(
            subject.kind, proposal.amount_fen, month, province.on(of_floor, month)
        )
        for month in months
    ]
    if from_month <= Month.of(at.date):
        known = with_standards(at, (standards, *around))
        rules.require_not_lowered(
            subject.kind, proposal.division, proposal.amount_fen, from_month, known
        )
    return floors[0]


def _before_fen(
    standards: Standards, figure: ProposeStandard | StandardProposed, at: Moment
) -> int | None:
    """What is paid in the month before, as the division has recorded it, or a file states it."""
    month = figure.from_month.previous()
    recorded = standards.on(Subject(figure.kind, figure.force), month)
    if recorded is not None:
        return recorded.amount_fen
    regime = at.policy.at(figure.division, Programme.CHILD_ALLOWANCE, month.first_day)
    try:
        return regime.fen(parameter_of(figure.kind))
    except MissingValue:
        return None
