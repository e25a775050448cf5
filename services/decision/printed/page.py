"""The page: one section for each event of the case, in the order of the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from services.decision.printed.course import Course
from services.decision.printed.endings import Endings
from services.decision.printed.hands import Hands
from services.decision.printed.hearings import hearing_lines, results
from services.decision.printed.notices import Notices
from services.decision.printed.powers import power_lines
from services.decision.printed.rules import Standards
from services.decision.printed.sequels import Sequels
from services.decision.printed.sources import Sources
from services.decision.printed.steps import step_lines
from services.decision.printed.titles import regime_of, step_name, title
from services.decision.rules.postings import PostingKind, posting_number
from shared.contracts.aid import AidGranted
from shared.contracts.assessments import AssessmentDrawnUp
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    ChangeReported,
    PhaseOutStarted,
)
from shared.contracts.decision import (
    BenefitProposed,
    CaseEnded,
    DeterminationOpened,
    RefusalProposed,
)
from shared.contracts.notices import NoticeOwed, NoticeServed
from shared.contracts.publicity import PublicityPosted
from shared.contracts.recognition import RecognitionEnded
from shared.contracts.reviews import ReviewScheduled
from shared.contracts.standards import AmountRedetermined, StandardReviewOpened
from shared.contracts.work import WorkConsequenceDecided
from shared.kernel.event import Document
from shared.policy import Policy
from shared.regions import Regions

RULE: Final = "─" * 72
NO_STANDARDS: Final[Standards] = MappingProxyType({})


def page(
    case_id: UUID,
    documents: Sequence[Document[Any]],
    policy: Policy,
    regions: Regions,
    standards: Standards = NO_STANDARDS,
) -> str:
    """The determination of a case in print, from its events; plain text, Chinese and English.

    Nobody's name is in it: the record has none, and officials are numbered. Figures are those of
    the events; documents and articles are looked up for division and date, and a figure that the
    parameters no longer hold is marked so. ``standards`` are the recorded decisions on standards
    that the case may rest on.
    """
    told = _Page(case_id, documents, policy, regions, standards)
    return "\n".join(told.lines(documents)) + "\n"


class _Page:
    """The sections of a case, and what they need of one another."""

    def __init__(
        self,
        case_id: UUID,
        documents: Sequence[Document[Any]],
        policy: Policy,
        regions: Regions,
        standards: Standards,
    ) -> None:
        self._case_id = case_id
        self._sources = Sources(policy)
        self._course = Course(self._sources, regions, standards)
        self._hands = Hands(regions)
        self._notices = Notices(self._sources)
        self._sequels = Sequels(documents)
        self._endings = Endings(self._hands, self._sequels)
        self._decided_in = results(documents)
        self._steps: dict[UUID, tuple[int, str]] = {}

    def lines(self, documents: Sequence[Document[Any]]) -> Iterator[str]:
        found = (one.data for one in documents if isinstance(one.data, DeterminationOpened))
        regime = regime_of(next(found, None), self._sources.policy)
        yield title(regime)
        yield f"个案 / Case: {self._case_id}"
        for number, document in enumerate(documents, 1):
            yield RULE
            yield f"{number}. {document.effective_on}  {step_name(document.type, regime)}"
            yield self._hands.by(number, document)
            self._course.at_step(number)
            yield from self._section(number, document)
            yield from power_lines(document.data, document.role, self._sources)
            yield from self._sequels.lines(number, document.data)
            yield from self._ending(number, document, regime)
            self._steps[document.id] = (number, document.role)
        yield RULE
        yield from self._sequels.unsettled()
        yield RULE
        yield from self._sources.documents()
        yield RULE
        yield from self._hands.signatures()

    def _section(self, number: int, document: Document[Any]) -> Iterator[str]:
        event, course = document.data, self._course
        match event:
            case DeterminationOpened():
                surveyed_by = self._hands.surveyed_by(number, event.surveyors, document)
                yield from course.opened(event, surveyed_by)
            case AssessmentDrawnUp():
                yield from course.assessed(event)
            case BenefitProposed() | RefusalProposed():
                yield from course.proposed(event)
            case ChangeReported():
                yield from course.reported(event)
            case AmountChanged() | PhaseOutStarted() | BenefitStopped():
                yield from course.redetermined(event, document.effective_on)
            case AmountRedetermined() | StandardReviewOpened():
                yield from course.standard_changed(event, document.effective_on)
            case NoticeOwed():
                step, role = self._steps.get(event.entry, (None, None))
                yield from self._notices.owed(event, course.programme, step, role)
            case NoticeServed():
                yield from self._notices.served(event, course.who)
            case _:
                course.keep_in_mind(event, document.effective_on)
                yield from step_lines(event, course.who, self._sources)
                yield from hearing_lines(event, self._decided_in)
                if isinstance(event, PublicityPosted):
                    kind = PostingKind(event.round.value)
                    number_ = posting_number(self._case_id, kind, event.from_on)
                    yield f"  公示编号 / Posted under: {number_}"
                if isinstance(event, AidGranted | WorkConsequenceDecided | ReviewScheduled):
                    yield from course.rules(event.parameters)

    def _ending(self, number: int, document: Document[Any], regime: str) -> Iterator[str]:
        """Of a stop and of an end, by what rule and by whose decision."""
        event = document.data
        match event:
            case BenefitStopped():
                yield from self._endings.stop_lines(event, document.role, self._sources)
            case RecognitionEnded():
                yield from self._endings.recognition_lines(event, self._sources)
            case CaseEnded():
                if (began := self._course.phasing_out) is not None:
                    yield f"  渐退始于第 {began} 步 / the phase-out began in that step"
                yield from self._endings.ended_lines(event, regime)
        self._endings.keep(number, document)
