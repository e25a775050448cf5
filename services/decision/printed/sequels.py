"""What became of it: for each matter that was opened, owed or missed, the step that settled it.

A reader sees beside an overdue review whether and how late it was done, and at the page's end what
is not settled by its last step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.decision.printed.words import said
from shared.contracts.aid import (
    AidExplained,
    AidExplanationMissed,
    AidFollowedUp,
    AidFollowUpOpened,
)
from shared.contracts.appeals import AppealFiled, AppealReplied, AppealReplyMissed, AppealRuled
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    DeathAdjustmentMissed,
    HouseholdChanged,
    PhaseOutStarted,
)
from shared.contracts.decision import CaseEnded
from shared.contracts.notices import NoticeDeadlineMissed, NoticeOwed, NoticeServed
from shared.contracts.publicity import ObjectionRaised, ObjectionResolved
from shared.contracts.reviews import (
    ReviewConcluded,
    ReviewDeadlineMissed,
    ReviewOpened,
)
from shared.contracts.terminations import TerminationConcluded, TerminationProposed
from shared.contracts.work import (
    WorkConsequenceDecided,
    WorkConsequenceDropped,
    WorkConsequenceOpened,
)
from shared.kernel.event import Document

Matter = tuple[str, UUID | None]
"""What waits to be settled: its kind in words, and which; of aid a case has one."""

EXPLAINED: Final = "explanation"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the page: its number, its day, and what was recorded."""

    number: int
    on: date
    event: Any


def opened(event: Any) -> Matter | None:
    """What an event leaves to be settled."""
    match event:
        case ReviewOpened():
            return "review", event.review_id
        case NoticeOwed():
            return "notice", event.notice_id
        case ChangeReported():
            return "change", event.change_id
        case TerminationProposed():
            return "termination", event.termination_id
        case ObjectionRaised():
            return "objection", event.objection_id
        case WorkConsequenceOpened():
            return "consequence", event.consequence_id
        case AppealFiled():
            return "appeal", event.appeal_id
        case AidFollowUpOpened():
            return "follow_up", None
    return None


def missed(event: Any) -> Matter | None:
    """What an event says was not done by its last day."""
    match event:
        case ReviewDeadlineMissed():
            return "review", event.review_id
        case NoticeDeadlineMissed():
            return "notice", event.notice_id
        case DeathAdjustmentMissed():
            return "change", event.change_id
        case AppealReplyMissed():
            return "reply", event.appeal_id
        case AidExplanationMissed():
            return EXPLAINED, None
    return None


def settled(event: Any) -> tuple[Matter, ...]:
    """What an event settles."""
    match event:
        case ReviewConcluded():
            return (("review", event.review_id),)
        case NoticeServed():
            return (("notice", event.notice_id),)
        case AmountChanged() | PhaseOutStarted() | BenefitStopped() | HouseholdChanged():
            return (("change", event.change_id),)
        case TerminationConcluded():
            return (("termination", event.termination_id),)
        case ObjectionResolved():
            return (("objection", event.objection_id),)
        case WorkConsequenceDecided() | WorkConsequenceDropped():
            return (("consequence", event.consequence_id),)
        case AppealRuled():
            return ("appeal", event.appeal_id), ("reply", event.appeal_id)
        case AppealReplied():
            return (("reply", event.appeal_id),)
        case AidExplained():
            return ((EXPLAINED, None),)
        case AidFollowedUp():
            return (("follow_up", None),)
    return ()


class Sequels:
    """Every step of a case, and which of them settled what."""

    def __init__(self, documents: Sequence[Document[Any]]) -> None:
        self._steps = [
            Step(number, document.effective_on, document.data)
            for number, document in enumerate(documents, 1)
        ]
        self._settled: dict[Matter, list[Step]] = {}
        for step in self._steps:
            for matter in settled(step.event):
                self._settled.setdefault(matter, []).append(step)

    def lines(self, number: int, event: Any) -> Iterator[str]:
        """Of what was opened or missed, the step that settled it, or that none did."""
        if (matter := missed(event)) is not None:
            yield from self._of_missed(matter, number, event)
        elif isinstance(event, ReviewOpened | NoticeOwed | ChangeReported | TerminationProposed):
            yield from self._of_opened(opened(event), number)

    def unsettled(self) -> Iterator[str]:
        """What was opened and not settled by the page's last step."""
        if not self._steps:
            return
        last = self._steps[-1]
        waiting = [
            (step, matter)
            for step in self._steps
            if (matter := opened(step.event)) is not None
            and self._after(matter, step.number) is None
            and self._replaced(matter, step.number) is None
        ]
        yield (
            f"截至第 {last.number} 步（{last.on}）尚未办结的事项"
            f" / Not settled as of step {last.number}"
        )
        if not waiting:
            yield "  无 / nothing"
        for step, (kind, _) in waiting:
            yield f"  第 {step.number} 步 / step {step.number}，{step.on}: {said('matter', kind)}"

    def told_of(self, decided: Document[Any]) -> str:
        """Whether the household was told of a decision in writing: owed and served in which steps.

        Of one that months of the past follow from there is one notice, of whichever came first.
        """
        change = getattr(decided.data, "change_id", None)
        for step in self._steps:
            owed = step.event
            if not isinstance(owed, NoticeOwed):
                continue
            if owed.entry != decided.id and (change is None or owed.change_id != change):
                continue
            served = self._after(("notice", owed.notice_id), step.number)
            if served is None:
                return f"告知书 / Notice: 第 {step.number} 步应送达，截至本页未送达 / not served"
            on = served.event.served_on
            return f"告知书 / Notice: 第 {served.number} 步，{on} 送达 / served in that step"
        return "告知书 / Notice: 无书面告知的记录 / no notice in writing is recorded"

    def _of_opened(self, matter: Matter | None, number: int) -> Iterator[str]:
        if matter is None:
            return
        found = self._after(matter, number)
        kind = said("settled", matter[0])
        if found is None and (replaced := self._replaced(matter, number)) is not None:
            yield (
                f"  {kind}: {said('replaced', matter[0])}，"
                f"第 {replaced.number} 步 / step {replaced.number}"
            )
        elif found is None:
            yield f"  {kind}: 截至本页未办结 / not by this page's last step"
        else:
            yield f"  {kind}: 第 {found.number} 步，{found.on} / in step {found.number}"

    def _of_missed(self, matter: Matter, number: int, event: Any) -> Iterator[str]:
        found = self._after(matter, number)
        if found is None:
            yield (
                "  后续 / What became of it: 截至本页末一步仍未办理"
                f"（{self._steps[-1].on}） / still not done by this page's last step"
            )
            if isinstance(event, ReviewDeadlineMissed):
                yield "  逾期期间照常发放 / aid is paid on meanwhile: a late review stops nothing"
            return
        late = (found.on - last_day(event)).days
        yield (
            f"  后续 / What became of it: 第 {found.number} 步办理，{found.on}，"
            f"逾期 {late} 日 / done in step {found.number}, {late} days late"
        )

    def _after(self, matter: Matter, number: int) -> Step | None:
        """The first step that settled a matter, not before a step."""
        return next((one for one in self._settled.get(matter, ()) if one.number > number), None)

    def _replaced(self, matter: Matter, number: int) -> Step | None:
        """After which step a matter need not be settled any more.

        A later report stands in the place of one that is not decided, unless that one is of the
        household; a case that is over is reviewed no more.
        """
        kind, _ = matter
        for step in self._steps[number:]:
            if kind == "change" and isinstance(step.event, ChangeReported):
                return None if self._is_of_household(number) else step
            if kind == "review" and isinstance(step.event, CaseEnded):
                return step
        return None

    def _is_of_household(self, number: int) -> bool:
        report = self._steps[number - 1].event
        return isinstance(report, ChangeReported) and report.household is not None


def last_day(event: Any) -> date:
    """The last day that passed."""
    match event:
        case ReviewDeadlineMissed() | DeathAdjustmentMissed():
            return event.due_on
        case AppealReplyMissed():
            return event.reply_by
        case _:
            due: date = event.due.on
            return due
