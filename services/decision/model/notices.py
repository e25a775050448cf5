"""A case's notices: what is owed, what was served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.contracts.notices import (
    GrantTold,
    NoticeDeadlineMissed,
    NoticeOwed,
    NoticeServed,
)
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: owed, perhaps served, perhaps not in time."""

    owed: NoticeOwed
    served: NoticeServed | None = None
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Notices:
    """A case's notices by their ids, in the order in which they came to be owed; grants told."""

    all: Mapping[UUID, Notice] = field(default_factory=lambda: MappingProxyType({}))
    granted: tuple[GrantTold, ...] = ()

    def unserved(self, notice_id: UUID) -> Notice:
        """A notice that is to be served; ``Refusal`` if there is none, or it was served."""
        found = self.all.get(notice_id)
        if found is None:
            raise Refusal("no-such-notice", status=404)
        if found.served is not None:
            served_on = found.served.served_on.isoformat()
            raise Refusal("notice-served", facts={"served_on": served_on})
        return found

    def about(self, entry: UUID) -> Notice | None:
        """The notice of a decision, by the decision's event."""
        return next((one for one in self.all.values() if one.owed.entry == entry), None)


def evolve(state: Notices, event: Event) -> Notices:
    """Fold one event of a case's notices."""
    match event:
        case NoticeOwed():
            return replace(state, all={**state.all, event.notice_id: Notice(event)})
        case NoticeServed():
            served = replace(state.all[event.notice_id], served=event)
            return replace(state, all={**state.all, event.notice_id: served})
        case NoticeDeadlineMissed():
            missed = replace(state.all[event.notice_id], missed=True)
            return replace(state, all={**state.all, event.notice_id: missed})
        case GrantTold():
            return replace(state, granted=(*state.granted, event))
    return state


NOTICES: Final = Aggregate("notices", Notices(), evolve)


def notices_of(case_id: UUID) -> Stream:
    """The notices of a case."""
    return Stream.of_case(NOTICES.name, case_id)
