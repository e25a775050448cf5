"""The residence permit that a household's claim rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
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
    """A residence permit; nothing is ``noted`` of a household that claims at home."""

    noted: PermitNoted | None = None
    until_on: date | None = None
    standing: PermitStanding = PermitStanding.VALID

    def known(self) -> date:
        """Its last day; ``Refusal`` (404) where the case rests on none."""
        if self.until_on is None:
            raise Refusal("no-residence-permit", status=404)
        return self.until_on


def evolve(state: Permit, event: Event) -> Permit:
    """Fold one event of a permit."""
    match event:
        case PermitNoted():
            return Permit(event, event.until_on)
        case PermitRunsOut():
            return replace(state, standing=PermitStanding.RUNS_OUT)
        case PermitRenewed():
            return replace(state, until_on=event.until_on, standing=PermitStanding.VALID)
        case PermitExpired():
            return replace(state, standing=PermitStanding.EXPIRED)
    return state


PERMIT: Final = Aggregate("residence-permit", Permit(), evolve)


def permit_of(case_id: UUID) -> Stream:
    """The residence permit of a case."""
    return Stream.of_case(PERMIT.name, case_id)
