"""Decision's aggregate: the determination of one case, from its account to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.contracts.decision import (
    BenefitProposed,
    CaseConfirmed,
    CaseRefused,
    ConfirmationDeferred,
    DeferralReason,
    DeterminationOpened,
    ObjectionRaised,
    ObjectionResolved,
    PublicityCompleted,
    PublicityPosted,
    PublicityRound,
    RefusalProposed,
    TownshipApproved,
)
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


class Stage(StrEnum):
    """How far a determination is."""

    NONE = "none"
    OPENED = "opened"
    PROPOSED = "proposed"
    APPROVED = "approved"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Publicity:
    """One round of publicity."""

    posted: PublicityPosted
    completed: bool = False


@dataclass(frozen=True, slots=True)
class Determination:
    """A case's determination: what it rests on, what is proposed, who had a hand in it.

    ``objections`` are those still open; ``deferred`` is why the last confirmation had to wait.
    """

    stage: Stage = Stage.NONE
    account: DeterminationOpened | None = None
    proposal: BenefitProposed | RefusalProposed | None = None
    publicities: Mapping[PublicityRound, Publicity] = field(
        default_factory=lambda: MappingProxyType({})
    )
    objections: frozenset[UUID] = frozenset()
    objection_upheld: bool = False
    approver: UUID | None = None
    deferred: DeferralReason | None = None
    confirmed: CaseConfirmed | None = None
    refused: CaseRefused | None = None

    def require(self, *stages: Stage) -> None:
        """Raises ``Refusal`` unless the determination is at one of the stages."""
        if self.stage not in stages:
            allowed = ", ".join(stages)
            raise Refusal("wrong-stage", facts={"stage": self.stage, "allowed": allowed})

    def known_account(self) -> DeterminationOpened:
        """The account that the determination rests on; ``Refusal`` before there is one."""
        if self.account is None:
            raise Refusal("wrong-stage", facts={"stage": self.stage, "allowed": Stage.OPENED})
        return self.account

    def hands(self, *steps: str) -> dict[str, frozenset[UUID]]:
        """Who had a hand in the steps ``survey``, ``proposal``, ``approval``, by step."""
        known = {
            "survey": self.account.surveyors if self.account else (),
            "proposal": (self.proposal.proposer,) if self.proposal else (),
            "approval": (self.approver,) if self.approver else (),
        }
        return {step: frozenset(known[step]) for step in steps}

    def publicity(self, round_: PublicityRound) -> Publicity | None:
        """A round of publicity, if it was posted."""
        return self.publicities.get(round_)


def evolve(state: Determination, event: Event) -> Determination:
    """Fold one event of a determination."""
    match event:
        case DeterminationOpened():
            return replace(state, stage=Stage.OPENED, account=event)
        case BenefitProposed() | RefusalProposed():
            return replace(state, stage=Stage.PROPOSED, proposal=event)
        case PublicityPosted():
            posted = {**state.publicities, event.round: Publicity(event)}
            return replace(state, publicities=posted)
        case PublicityCompleted():
            done = replace(state.publicities[event.round], completed=True)
            return replace(state, publicities={**state.publicities, event.round: done})
        case ObjectionRaised():
            return replace(state, objections=state.objections | {event.objection_id})
        case ObjectionResolved():
            return replace(
                state,
                objections=state.objections - {event.objection_id},
                objection_upheld=state.objection_upheld or event.upheld,
            )
        case TownshipApproved():
            return replace(state, stage=Stage.APPROVED, approver=event.approver)
        case ConfirmationDeferred():
            return replace(state, deferred=event.reason)
        case CaseConfirmed():
            return replace(state, stage=Stage.CONFIRMED, deferred=None, confirmed=event)
        case CaseRefused():
            return replace(state, stage=Stage.REFUSED, refused=event)
    return state


DETERMINATION: Final = Aggregate("determination", Determination(), evolve)
AGGREGATES: Final = {DETERMINATION.name: DETERMINATION}


def determination_of(case_id: UUID) -> Stream:
    """The determination's stream of a case."""
    return Stream.of_case(DETERMINATION.name, case_id)
