"""What a household is recognised as beside dibao, and the end of that."""

from __future__ import annotations

from datetime import timedelta

from services.decision.decisions.command import Command
from services.decision.model import Determination
from services.decision.rules import rigid_expenditure as rules
from shared.contracts.assessments import Assistance
from shared.contracts.decision import DeterminationOpened
from shared.contracts.recognition import (
    HouseholdRecognised,
    HouseholdStatus,
    RecognitionEnded,
    RecognitionEndReason,
)
from shared.kernel.decider import Decision, Moment
from shared.kernel.event import Event
from shared.policy import Parameters


class EndRecognition(Command):
    """A recognition's last day is over, or what it went with."""

    reason: RecognitionEndReason


def recognition(
    case: Determination,
    account: DeterminationOpened,
    regime: Parameters,
    at: Moment,
    *,
    in_benefit: bool,
) -> list[Event]:
    """The household is recognised as what the assessment found it to be beside dibao, if anything.

    For a time; where members are on dibao alone (``in_benefit``) the recognition that they rest
    on lasts with that, and the household is reviewed as they are.
    """
    status = _status(case)
    if status is None:
        return []
    return [
        HouseholdRecognised(
            status=status,
            programme=account.programme,
            division=account.division,
            applicant=account.applicant,
            members=account.members,
            valid_until=None if in_benefit else rules.valid_until(status, at.date, regime),
        )
    ]


def end_recognition(case: Determination, command: EndRecognition, at: Moment) -> Decision:
    """End a recognition: once, and by its own time only when that is over.

    A household that is still in hardship applies anew; what it is then recognised as is recorded
    with that application.
    """
    recognised = case.recognised
    if recognised is None or case.recognition_ended is not None:
        return []
    since = at.date
    if command.reason is RecognitionEndReason.VALIDITY_OVER:
        if recognised.valid_until is None or at.date <= recognised.valid_until:
            return []
        since = recognised.valid_until + timedelta(days=1)
    return [
        RecognitionEnded(
            status=recognised.status,
            reason=command.reason,
            since=since,
            members=recognised.members,
        )
    ]


def _status(case: Determination) -> HouseholdStatus | None:
    if case.qualifies(Assistance.EDGE_HOUSEHOLD):
        return HouseholdStatus.EDGE_HOUSEHOLD
    if case.qualifies(Assistance.RIGID_EXPENDITURE_HOUSEHOLD):
        return HouseholdStatus.RIGID_EXPENDITURE_HOUSEHOLD
    return None
