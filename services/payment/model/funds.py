"""Reserve funds (备用金): a township's money for aid that cannot wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.contracts.payment import (
    FundAdvanced,
    FundAdvanceReturned,
    FundAdvanceSettled,
    FundReplenished,
    FundShort,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


class AdvanceStage(StrEnum):
    """Where an advance's money is: still to come, with the payee, or back in the fund."""

    WAITING = "waiting"
    ADVANCED = "advanced"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Advance:
    """One case's aid out of a fund; ``explained`` once papers and findings have followed."""

    case_id: UUID
    payment_id: UUID
    payee: UUID
    amount_fen: int
    stage: AdvanceStage
    explained: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the money is out and still to be explained."""
        return self.stage is AdvanceStage.ADVANCED and not self.explained


@dataclass(frozen=True, slots=True)
class Fund:
    """A township's reserve fund: what it holds, and every aid asked of it in order of arrival."""

    balance_fen: int = 0
    advances: Mapping[UUID, Advance] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def waiting(self) -> tuple[Advance, ...]:
        """Those for which the fund was too short, the one that came first in front."""
        return tuple(a for a in self.advances.values() if a.stage is AdvanceStage.WAITING)

    @property
    def open_advances(self) -> tuple[Advance, ...]:
        """Those advanced and still to be explained."""
        return tuple(a for a in self.advances.values() if a.is_open)


def evolve_fund(state: Fund, event: Event) -> Fund:
    """Fold one event of a reserve fund."""
    match event:
        case FundReplenished():
            return replace(state, balance_fen=event.balance_fen)
        case FundShort():
            return _asked(state, event, AdvanceStage.WAITING)
        case FundAdvanced():
            advanced = _asked(state, event, AdvanceStage.ADVANCED)
            return replace(advanced, balance_fen=event.balance_fen)
        case FundAdvanceReturned():
            back = replace(state.advances[event.payment_id], stage=AdvanceStage.RETURNED)
            return replace(_with(state, back), balance_fen=event.balance_fen)
        case FundAdvanceSettled():
            return _with(state, replace(state.advances[event.payment_id], explained=True))
    return state


def _asked(state: Fund, event: FundShort | FundAdvanced, stage: AdvanceStage) -> Fund:
    known = state.advances.get(event.payment_id)
    if known is not None:
        return _with(state, replace(known, stage=stage))
    return _with(
        state, Advance(event.case_id, event.payment_id, event.payee, event.amount_fen, stage)
    )


def _with(state: Fund, advance: Advance) -> Fund:
    # An advance that is known keeps its place in the order.
    return replace(state, advances={**state.advances, advance.payment_id: advance})


FUND: Final = Aggregate("reserve-fund", Fund(), evolve_fund)


def fund_of(division: str) -> Stream:
    """The reserve fund's stream of a township."""
    return Stream(FUND.name, division)
