"""An appeal: filed, answered, ruled upon, carried out; each has a history of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from services.decision.model.meetings import CaseFile, case_file_of
from shared.calendar import Month
from shared.contracts.appeals import (
    AppealFiled,
    AppealReplied,
    AppealReplyMissed,
    AppealRuled,
    AppealRulingCarriedOut,
    AppealSuspensionOrdered,
)
from shared.kernel.decider import Aggregate, Refusal, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal as it stands: what was filed, answered and ruled."""

    filed: AppealFiled | None = None
    replied: AppealReplied | None = None
    reply_missed: bool = False
    suspended: AppealSuspensionOrdered | None = None
    ruled: AppealRuled | None = None
    carried_out: bool = False

    def known(self) -> AppealFiled:
        """What was filed; ``Refusal`` if there is no such appeal."""
        if self.filed is None:
            raise Refusal("no-such-appeal", status=404)
        return self.filed

    def pending(self) -> AppealFiled:
        """What was filed, while nobody has ruled upon it."""
        filed = self.known()
        if self.ruled is not None:
            raise Refusal("appeal-ruled", facts={"ruling": self.ruled.ruling})
        return filed


def evolve(state: Appeal, event: Event) -> Appeal:
    """Fold one event of an appeal."""
    match event:
        case AppealFiled():
            return replace(state, filed=event)
        case AppealReplied():
            return replace(state, replied=event)
        case AppealReplyMissed():
            return replace(state, reply_missed=True)
        case AppealSuspensionOrdered():
            return replace(state, suspended=event)
        case AppealRuled():
            return replace(state, ruled=event)
        case AppealRulingCarriedOut():
            return replace(state, carried_out=True)
    return state


APPEAL: Final = Aggregate("appeal", Appeal(), evolve)


def appeals_of(case_id: UUID, state_of: Callable[[Stream], Any], _by: Month) -> Iterator[Stream]:
    """The streams of a case's appeals, as its file names them."""
    file: CaseFile = state_of(case_file_of(case_id))
    for appeal_id in file.appeals:
        yield appeal_of(case_id, appeal_id)


def appeal_of(case_id: UUID, appeal_id: UUID) -> Stream:
    """The stream of one appeal of a case; the same id in another case is another appeal."""
    return Stream(APPEAL.name, f"{case_id}/{appeal_id}", case_id)
