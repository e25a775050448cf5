"""How aid ends, in print: by whose decision, on what rule, and whether the household was told.

The end itself is recorded by the calendar, when the last month is over. What it rests on is a step
before it, whose official, notice and rule stand beside it here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from services.decision.printed.hands import Hands
from services.decision.printed.sequels import Sequels
from services.decision.printed.sources import Sources
from services.decision.printed.titles import step_name
from services.decision.rules.rigid_expenditure import VALID_MONTHS
from shared.contracts.aid import AidGranted
from shared.contracts.changes import BenefitStopped, PhaseOutStarted, StopReason
from shared.contracts.decision import CaseEnded
from shared.contracts.recognition import RecognitionEnded, RecognitionEndReason
from shared.kernel.event import Document
from shared.kernel.submission import SYSTEM_ROLE

_GROUNDS: Final[Mapping[StopReason, tuple[str, ...]]] = {
    StopReason.LABOUR_REGAINED: ("tekun_unable_ages", "tekun_disability_grade_physical"),
    StopReason.OBLIGOR_ABLE: ("tekun_obligors_unable",),
    StopReason.PARENT_NOT_COVERED: ("child_parent_situations",),
    StopReason.OF_AGE: ("coming_of_age_schools",),
    StopReason.GRADE_NOT_COVERED: (
        "care_subsidy_least_grade",
        "care_subsidy_intellectual_or_mental_least_grade",
    ),
    StopReason.NO_LONG_TERM_CARE: ("care_subsidy_months_of_care",),
    StopReason.WORK_INJURY_CARE: ("subsidy_not_beside",),
    StopReason.SUPPORTED_AS_TEKUN: ("subsidy_not_beside",),
    StopReason.PAID_AS_CHILD: ("subsidy_not_beside",),
    StopReason.HOUSEHOLD_NO_LONGER_COUNTS: ("living_subsidy_households",),
    StopReason.INCOME_AT_STANDARD: ("eligibility_recipient_at_standard",),
    StopReason.NO_SINGLE_PERSON_GROUND: ("single_person_grounds",),
}
"""Which rules the ground of a stop stands in, besides those whose figures the step lists."""


class _Ground(NamedTuple):
    """A step that aid ends by."""

    number: int
    document: Document[Any]


class Endings:
    """The decisions by which aid ends, as far as the page has come."""

    def __init__(self, hands: Hands, sequels: Sequels) -> None:
        self._hands = hands
        self._sequels = sequels
        self._ground: _Ground | None = None

    def keep(self, number: int, document: Document[Any]) -> None:
        """Remember what aid would end by: a phase-out, a stop, a grant that is given once."""
        if isinstance(document.data, PhaseOutStarted | BenefitStopped | AidGranted):
            self._ground = _Ground(number, document)

    def stop_lines(self, event: BenefitStopped, role: str, sources: Sources) -> Iterator[str]:
        """From which month a stop counts and by which rule, the rule of its ground, who decided."""
        first = event.last_month.next()
        counted = sources.chosen("stop_counts_from")
        yield f"  自 {first} 起停发 / not paid from then on{counted}"
        if told := sources.rule(*_GROUNDS.get(event.reason, ())):
            yield f"  停发情形的依据 / The ground's rule{told}"
        if role == SYSTEM_ROLE:
            yield (
                "  无人另作决定，由已登记的事实当然引起；认为事实有误的，可依告知书申请救济"
                " / nobody decided it: it follows from what was recorded; see the remedies"
            )

    def ended_lines(self, event: CaseEnded, regime: str) -> Iterator[str]:
        """By whose decision a case ended, and whether and when the household was told."""
        if self._ground is None:
            return
        number, document = self._ground
        name = step_name(document.type, regime)
        yield f"  终止所据 / Ended by: 第 {number} 步，{document.effective_on}，{name}"
        yield f"    {self._hands.whose(document)}"
        yield f"    {self._sequels.told_of(document)}"
        yield "    终止日由历法登记，不是新的决定 / its day came: no decision of its own"

    @staticmethod
    def recognition_lines(event: RecognitionEnded, sources: Sources) -> Iterator[str]:
        """By which rule a recognition is over, and that no decision was needed."""
        if event.reason is RecognitionEndReason.VALIDITY_OVER:
            rule = sources.term(VALID_MONTHS[event.status])
            yield f"  有效期届满即止，无须另行决定 / over with its last day, undecided{rule}"
