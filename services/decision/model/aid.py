"""The aid of one case: from what was asked for to what explains it, and the follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.contracts.aid import (
    AidExplained,
    AidExplanationMissed,
    AidFollowedUp,
    AidFollowUpOpened,
    AidGranted,
    AidHouseholdHeard,
    AidInstalment,
    AidInstalmentReleased,
    AidOpened,
    AidPayeeNamed,
    AidReferredToCounty,
    AidRefused,
    AidRestStopped,
    AidTier,
)
from shared.contracts.aid_needs import (
    AidDeliveryMissed,
    AidInKind,
    AidInKindDelivered,
    AidNeedsAssessed,
    InKind,
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
    """A case's aid: what was asked for, what is needed, who decided, and what followed.

    ``released`` are the later instalments that were, by number, ``delivered`` what was given in
    kind so far; ``rest_stopped`` is why nothing more of either comes, ``heard`` that the household
    was before. ``payee`` is who is paid.
    """

    stage: AidStage = AidStage.NONE
    opened: AidOpened | None = None
    assessed: AidNeedsAssessed | None = None
    referred: AidReferredToCounty | None = None
    granted: AidGranted | None = None
    refused: AidRefused | None = None
    explained: AidExplained | None = None
    explanation_missed: bool = False
    follow_up_opened: bool = False
    followed_up: AidFollowedUp | None = None
    payee: UUID | None = None
    released: Mapping[int, AidInstalmentReleased] = field(
        default_factory=lambda: MappingProxyType({})
    )
    delivered: Mapping[AidInKind, AidInKindDelivered] = field(
        default_factory=lambda: MappingProxyType({})
    )
    delivery_missed: bool = False
    heard: bool = False
    rest_stopped: AidRestStopped | None = None

    @property
    def instalments_to_come(self) -> dict[int, AidInstalment]:
        """The granted instalments that are still to be released, by number."""
        if self.granted is None or self.rest_stopped is not None:
            return {}
        later = enumerate(self.granted.later or (), start=2)
        return {number: one for number, one in later if number not in self.released}

    @property
    def in_kind_to_come(self) -> tuple[InKind, ...]:
        """The granted goods and services that are still to be delivered."""
        if self.granted is None or self.rest_stopped is not None:
            return ()
        return tuple(one for one in self.granted.in_kind or () if one.kind not in self.delivered)

    @property
    def is_outstanding(self) -> bool:
        """Whether something that was granted is still to come."""
        return bool(self.instalments_to_come or self.in_kind_to_come)

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

    def hands(self, *steps: str) -> dict[str, frozenset[UUID]]:
        """Who had a hand in the steps ``assessment``, ``referral``, ``grant``, by step."""
        known = {
            "assessment": self.assessed.assessors if self.assessed else (),
            "referral": (self.referred.referred_by,) if self.referred else (),
            "grant": (self.granted.granter,) if self.granted else (),
        }
        return {step: frozenset(known[step]) for step in steps}


def evolve_aid(state: Aid, event: Event) -> Aid:
    """Fold one event of an aid."""
    match event:
        case AidOpened():
            return replace(state, stage=AidStage.OPENED, opened=event)
        case AidReferredToCounty():
            return replace(state, stage=AidStage.REFERRED, referred=event)
        case AidNeedsAssessed():
            return replace(state, assessed=event)
        case AidGranted():
            return replace(state, stage=AidStage.GRANTED, granted=event, payee=event.payee)
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
            return _evolve_rest(state, event)


def _evolve_rest(state: Aid, event: Event) -> Aid:
    """Fold what becomes of the instalments and of what is given in kind."""
    match event:
        case AidInstalmentReleased():
            return replace(state, released={**state.released, event.number: event})
        case AidPayeeNamed():
            return replace(state, payee=event.payee)
        case AidInKindDelivered():
            return replace(state, delivered={**state.delivered, event.kind: event})
        case AidHouseholdHeard():
            return replace(state, heard=True)
        case AidDeliveryMissed():
            return replace(state, delivery_missed=True)
        case AidRestStopped():
            return replace(state, rest_stopped=event)
        case _:
            raise TypeError(f"{event.type} is no event of an aid")


AID: Final = Aggregate("aid", Aid(), evolve_aid)


def aid_of(case_id: UUID) -> Stream:
    """The aid's stream of a case."""
    return Stream.of_case(AID.name, case_id)
