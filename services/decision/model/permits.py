"""The residence permit that a household's claim rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.residence import PermitExpired, PermitNoted, PermitRenewed, PermitRunsOut
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


class PermitStanding(StrEnum):
    """How a permit stands; ``RUNS_OUT`` once officials were told."""

    VALID = "valid"
    RUNS_OUT = "runs_out"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Permit:
    """A residence permit, ``noted`` to its last day as known now; none of who claims at home."""

    noted: PermitNoted | None = None
    standing: PermitStanding = PermitStanding.VALID

    def known(self) -> PermitNoted:
        """The permit; ``Refusal`` (404) where the case rests on none."""
        if self.noted is None:
            raise Refusal("no-residence-permit", status=404)
        return self.noted


def evolve(state: Permit, event: Event) -> Permit:
    """Fold one event of a permit."""
    match event:
        case PermitNoted():
            return Permit(event)
        case PermitRunsOut():
            return replace(state, standing=PermitStanding.RUNS_OUT)
        case PermitRenewed():
            later = {"until_on": event.until_on, "tell_on": event.tell_on}
            return Permit(state.known().model_copy(update=later))
        case PermitExpired():
            return replace(state, standing=PermitStanding.EXPIRED)
    return state


PERMIT: Final = Aggregate("residence-permit", Permit(), evolve)


def permit_of(case_id: UUID) -> Stream:
    """The residence permit of a case."""
    return Stream.of_case(PERMIT.name, case_id)
