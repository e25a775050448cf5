"""What is decided about erasing a person.

Every decision that might erase reads the person's open applications of every programme, so that
it is true in its turn. The approval is the last one that anything can stop: it bars applications
in its own turn, and from then on holds are refused. What follows it is outside the turn, the
destruction of the key, and may be repeated but not taken back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.intake.model import OpenApplication, open_application_stream
from services.intake.registry.erasure import rules
from services.intake.registry.erasure.model import THE_LIST, Erasure, ErasureList, Stage
from shared.contracts.erasure import (
    ApplicationsBarred,
    ErasureApproved,
    ErasureGround,
    ErasureListed,
    ErasureRejected,
    ErasureRequested,
    HoldGround,
    HoldLifted,
    HoldPlaced,
    PersonErased,
)
from shared.contracts.fields import NoteRef, Programme
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RequestErasure(_Command):
    """Ask for a person's erasure. Reads the erasure and the person's open applications."""

    erasure_id: UUID
    person_id: UUID
    actor: UUID
    ground: ErasureGround
    division: str
    reason: NoteRef


class ApproveErasure(_Command):
    """Say yes. Reads as ``RequestErasure`` does; ``identity`` is the person's in the registry."""

    person_id: UUID
    actor: UUID
    identity: UUID | None


class RejectErasure(_Command):
    """Say no."""

    actor: UUID
    reason: NoteRef


class PlaceHold(_Command):
    """Forbid the erasure for now."""

    hold_id: UUID
    person_id: UUID
    role: str
    ground: HoldGround
    division: str
    explanation: NoteRef


class LiftHold(_Command):
    """End a hold."""

    hold_id: UUID
    role: str
    explanation: NoteRef


class RecordErasure(_Command):
    """The key is destroyed. Reads the erasure and the erasure list."""

    destroyed_at: datetime
    cases: tuple[UUID, ...]


def request(erasure: Erasure, *rest: Any) -> Decision:
    """A request records who asks and why; one at a time, and none that could not be approved."""
    *cases, command, at = rest
    if erasure.stage in (Stage.REQUESTED, Stage.APPROVED):
        raise Refusal("erasure-pending", facts={"stage": erasure.stage})
    _require_erasable(erasure, cases, command.division, at)
    return [
        ErasureRequested(
            erasure_id=command.erasure_id,
            person_id=command.person_id,
            requester=command.actor,
            ground=command.ground,
            division=command.division,
            reason=command.reason,
        )
    ]


def approve(erasure: Erasure, *rest: Any) -> Decision:
    """Other hands approve; everything that might forbid it is looked at again, in this turn."""
    *cases, command, at = rest
    requested = _require_requested(erasure)
    rules.require_other_hands(requested.requester, command.actor)
    _require_erasable(erasure, cases, requested.division, at)
    barred = [
        Fact(
            ApplicationsBarred(erasure_id=requested.erasure_id),
            open_application_stream(programme, command.person_id),
        )
        for programme in Programme
    ]
    approved = ErasureApproved(
        erasure_id=requested.erasure_id,
        person_id=command.person_id,
        approver=command.actor,
        identity=command.identity,
    )
    return [*barred, Fact(approved, policy=at.policy.version)]


def reject(erasure: Erasure, command: RejectErasure, _at: Moment) -> Decision:
    """Other hands say no."""
    requested = _require_requested(erasure)
    rules.require_other_hands(requested.requester, command.actor)
    return [
        ErasureRejected(
            erasure_id=requested.erasure_id, approver=command.actor, reason=command.reason
        )
    ]


def place_hold(erasure: Erasure, command: PlaceHold, _at: Moment) -> Decision:
    """A hold forbids every erasure that is not approved yet; after the approval it is too late."""
    _require_not_erased(erasure)
    if erasure.stage is Stage.APPROVED:
        raise Refusal("erasure-approved")
    rules.require_holding_office(command.ground, command.role)
    return [
        HoldPlaced(
            hold_id=command.hold_id,
            person_id=command.person_id,
            ground=command.ground,
            division=command.division,
            explanation=command.explanation,
        )
    ]


def lift_hold(erasure: Erasure, command: LiftHold, _at: Moment) -> Decision:
    """A hold is lifted by its own office."""
    hold = erasure.holds.get(command.hold_id)
    if hold is None:
        raise Refusal("no-such-hold", status=404)
    rules.require_holding_office(hold.ground, command.role)
    return [HoldLifted(hold_id=command.hold_id, explanation=command.explanation)]


def record(erasure: Erasure, _listed: ErasureList, command: RecordErasure, _at: Moment) -> Decision:
    """The key is destroyed: the person is erased, and stands in the list."""
    approved = erasure.approved
    if erasure.stage is not Stage.APPROVED or approved is None:
        raise Refusal("erasure-not-approved", facts={"stage": erasure.stage})
    listed = ErasureListed(
        person_id=approved.person_id,
        destroyed_at=command.destroyed_at,
        cases=command.cases,
        identity=approved.identity,
    )
    erased = PersonErased(
        erasure_id=approved.erasure_id,
        person_id=approved.person_id,
        destroyed_at=command.destroyed_at,
        cases=command.cases,
    )
    return [Fact(listed, stream=THE_LIST), erased]


def _require_requested(erasure: Erasure) -> ErasureRequested:
    _require_not_erased(erasure)
    if erasure.stage is not Stage.REQUESTED or erasure.requested is None:
        raise Refusal("no-erasure-requested", facts={"stage": erasure.stage})
    return erasure.requested


def _require_not_erased(erasure: Erasure) -> None:
    if erasure.stage is Stage.ERASED:
        raise Refusal("person-erased", status=410)


def _require_erasable(
    erasure: Erasure, cases: list[OpenApplication], division: str, at: Moment
) -> None:
    _require_not_erased(erasure)
    rules.require_no_hold([hold.ground for hold in erasure.holds.values()])
    rules.require_no_case(cases)
    rules.require_retention_over(cases, division, at)
