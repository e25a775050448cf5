"""The aid of one case: from what was asked for to what explains it, and the follow-up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.aid import (
    AidExplained,
    AidExplanationMissed,
    AidFollowedUp,
    AidFollowUpOpened,
    AidGranted,
    AidOpened,
    AidReferredToCounty,
    AidRefused,
    AidTier,
)
from shared.contracts.decision import CaseEnded
from shared.contracts.recognition import PotentialRecipientListed
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


class AidStage(StrEnum):
    """How far an aid is."""

    NONE = "none"
    OPENED = "opened"
    REFERRED = "referred"
    GRANTED = "granted"
    EXPLAINED = "explained"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Aid:
    """A case's aid: what was asked for, who decided, and what followed."""

    stage: AidStage = AidStage.NONE
    opened: AidOpened | None = None
    referred: AidReferredToCounty | None = None
    granted: AidGranted | None = None
    refused: AidRefused | None = None
    explained: AidExplained | None = None
    explanation_missed: bool = False
    follow_up_opened: bool = False
    followed_up: AidFollowedUp | None = None

    @property
    def tier(self) -> AidTier:
        """With whom the aid lies: the township, or the county it was referred to."""
        return AidTier.COUNTY if self.referred is not None else AidTier.TOWNSHIP

    def require(self, *stages: AidStage) -> None:
        """Raises ``Refusal`` unless the aid is at one of the stages."""
        if self.stage not in stages:
            allowed = ", ".join(stages)
            raise Refusal("wrong-stage", facts={"stage": self.stage, "allowed": allowed})

    def known(self) -> AidOpened:
        """What was accepted; ``Refusal`` before there is anything."""
        if self.opened is None:
            raise Refusal("wrong-stage", facts={"stage": self.stage, "allowed": AidStage.OPENED})
        return self.opened

    def hands(self) -> dict[str, frozenset[UUID]]:
        """Who granted or referred it."""
        granter = (self.granted.granter,) if self.granted else ()
        referrer = (self.referred.referred_by,) if self.referred else ()
        return {"grant": frozenset(granter), "referral": frozenset(referrer)}


def evolve(state: Aid, event: Event) -> Aid:
    """Fold one event of an aid."""
    match event:
        case AidOpened():
            return replace(state, stage=AidStage.OPENED, opened=event)
        case AidReferredToCounty():
            return replace(state, stage=AidStage.REFERRED, referred=event)
        case AidGranted():
            return replace(state, stage=AidStage.GRANTED, granted=event)
        case AidRefused():
            return replace(state, stage=AidStage.REFUSED, refused=event)
        case AidExplained():
            return replace(state, stage=AidStage.EXPLAINED, explained=event)
        case AidExplanationMissed():
            return replace(state, explanation_missed=True)
        case AidFollowUpOpened():
            return replace(state, follow_up_opened=True)
        case AidFollowedUp():
            return replace(state, followed_up=event)
        case CaseEnded() | PotentialRecipientListed():
            return state
        case _:
            raise TypeError(f"{event.type} is no event of an aid")


AID: Final = Aggregate("aid", Aid(), evolve)


def aid_of(case_id: UUID) -> Stream:
    """The aid's stream of a case."""
    return Stream.of_case(AID.name, case_id)
