"""Decisions on one person's screening task: from the visit to what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.intake.decisions.command import Command
from services.intake.decisions.taking_up import SCREENED_FOR
from services.intake.model import (
    UNFINISHED,
    Application,
    ScreeningTask,
    Status,
    TaskStage,
    application_stream,
)
from services.intake.rules import screening as rules
from shared.contracts.fields import NoteRef
from shared.contracts.screening import (
    ApplicationOfScreening,
    ApplicationOutcome,
    ContestDecided,
    EnrolmentDeadlineMissed,
    ExclusionConfirmed,
    ExclusionProposed,
    ExclusionReason,
    ExclusionRejected,
    OtherHelp,
    ScreeningApplicationEnded,
    ScreeningApplied,
    ScreeningContested,
    ScreeningDeadlineMissed,
    ScreeningDeclined,
    ScreeningFindingsRecorded,
    ScreeningReferred,
    ScreeningTaskOpened,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class RecordFindings(Command):
    """The household was visited."""

    actor: UUID
    visited_on: date
    findings: NoteRef


class ProposeExclusion(Command):
    """The township finds that the person cannot be included."""

    actor: UUID
    reason: ExclusionReason
    grounds: NoteRef


class CheckExclusion(Command):
    """The second check of a proposed exclusion."""

    actor: UUID
    confirmed: bool
    findings: NoteRef


class Contest(Command):
    """Hand a contested person over to the county."""

    actor: UUID
    grounds: NoteRef


class DecideContest(Command):
    """The county's word; without a reason the township goes on towards an application."""

    actor: UUID
    reason: ExclusionReason | None
    findings: NoteRef


class Decline(Command):
    """The person does not want to apply."""

    statement: NoteRef


class Refer(Command):
    """Somebody else can help."""

    referred_to: OtherHelp
    explanation: NoteRef


class LinkApplication(Command):
    """The person applied. Reads the task and the application."""

    case_id: UUID


class EndApplication(Command):
    """The application that the task led to has ended."""

    case_id: UUID
    outcome: ApplicationOutcome


class NoteMissedScreening(Command):
    """The day by which the person was to be judged is over."""

    due_on: date


class NoteMissedEnrolment(Command):
    """The day by which the application was to be decided is over."""

    due_on: date


def record_findings(task: ScreeningTask, command: RecordFindings, at: Moment) -> Decision:
    """A visit of today or before."""
    if command.visited_on > at.date:
        raise Refusal(
            "visit-ahead",
            facts={"visited_on": command.visited_on.isoformat(), "latest": at.date.isoformat()},
            status=422,
        )
    of_task = _require(task, *UNFINISHED)
    return [
        ScreeningFindingsRecorded(
            **of_task,
            surveyor=command.actor,
            visited_on=command.visited_on,
            findings=command.findings,
        )
    ]


def propose_exclusion(task: ScreeningTask, command: ProposeExclusion, _at: Moment) -> Decision:
    """Nobody is excluded unseen, or without a reason of those that there are."""
    of_task = _require(task, TaskStage.OPEN)
    rules.require_visited(task.surveyors)
    return [
        ExclusionProposed(
            **of_task, proposer=command.actor, reason=command.reason, grounds=command.grounds
        )
    ]


def check_exclusion(task: ScreeningTask, command: CheckExclusion, _at: Moment) -> Decision:
    """The second check is made by other hands than visited and proposed."""
    of_task = _require(task, TaskStage.EXCLUSION_PROPOSED)
    proposed = task.proposed
    if proposed is None:
        raise Refusal("screening-task-elsewhere", facts={"stage": task.stage})
    rules.require_second_hands(command.actor, proposed.proposer, *task.surveyors)
    if not command.confirmed:
        return [ExclusionRejected(**of_task, checker=command.actor, findings=command.findings)]
    return [
        ExclusionConfirmed(
            **of_task,
            checker=command.actor,
            reason=proposed.reason,
            findings=command.findings,
            referred_to=rules.told_of_exclusion(task.tags),
        )
    ]


def contest(task: ScreeningTask, command: Contest, _at: Moment) -> Decision:
    """A contested person goes to the county, also out of a proposed exclusion."""
    of_task = _require(task, TaskStage.OPEN, TaskStage.EXCLUSION_PROPOSED)
    rules.require_visited(task.surveyors)
    return [ScreeningContested(**of_task, contester=command.actor, grounds=command.grounds)]


def decide_contest(task: ScreeningTask, command: DecideContest, _at: Moment) -> Decision:
    """The county decides what its township could not."""
    of_task = _require(task, TaskStage.CONTESTED)
    excluded = command.reason is not None
    return [
        ContestDecided(
            **of_task,
            decider=command.actor,
            reason=command.reason,
            findings=command.findings,
            referred_to=rules.told_of_exclusion(task.tags) if excluded else None,
        )
    ]


def decline(task: ScreeningTask, command: Decline, _at: Moment) -> Decision:
    """The person was visited, and does not want to apply."""
    of_task = _require(task, TaskStage.OPEN)
    rules.require_visited(task.surveyors)
    return [ScreeningDeclined(**of_task, statement=command.statement)]


def refer(task: ScreeningTask, command: Refer, _at: Moment) -> Decision:
    """The person was visited, and needs what others give (转介相关部门)."""
    of_task = _require(task, TaskStage.OPEN)
    rules.require_visited(task.surveyors)
    rules.require_not_of_the_group(task.tags)
    return [
        ScreeningReferred(
            **of_task, referred_to=command.referred_to, explanation=command.explanation
        )
    ]


def link_application(
    task: ScreeningTask, application: Application, command: LinkApplication, _at: Moment
) -> Decision:
    """The person's own application closes the task: it alone can lead to aid (申请).

    It is told to the application, which tells the task how it ends; one that has ended already
    tells it at once.
    """
    of_task = _require(task, TaskStage.OPEN, TaskStage.EXCLUSION_PROPOSED)
    submitted, taken_up = application.submitted, task.taken_up
    if submitted is None or submitted.programme not in SCREENED_FOR:
        raise Refusal("application-not-of-screening", status=422)
    persons = {member.person_id for member in submitted.members}
    if taken_up is None or taken_up.person_id not in persons:
        raise Refusal("application-of-others", status=422)
    due = taken_up.enrolment_due if isinstance(taken_up, ScreeningTaskOpened) else None
    facts: list[Any] = [
        ScreeningApplied(
            **of_task,
            case_id=command.case_id,
            programme=submitted.programme,
            enrolment_due=due,
        ),
        Fact(
            ApplicationOfScreening(task_id=of_task["task_id"]),
            application_stream(command.case_id),
        ),
    ]
    outcome = _outcome(application)
    if outcome is not None:
        facts.append(ScreeningApplicationEnded(**of_task, case_id=command.case_id, outcome=outcome))
    return facts


def _outcome(application: Application) -> ApplicationOutcome | None:
    if application.status is Status.WITHDRAWN:
        return ApplicationOutcome.WITHDRAWN
    if application.status is Status.CLOSED:
        refused = application.refused
        return ApplicationOutcome.REFUSED if refused else ApplicationOutcome.ENROLLED
    return None


def end_application(task: ScreeningTask, command: EndApplication, _at: Moment) -> Decision:
    """What became of the application that the task led to; of another it says nothing.

    One that was refused may be confirmed on appeal.
    """
    applied = task.applied
    stages = {TaskStage.APPLIED}
    if command.outcome is ApplicationOutcome.ENROLLED:
        stages.add(TaskStage.NOT_ENROLLED)
    if task.stage not in stages or applied is None or applied.case_id != command.case_id:
        return []
    of_task = _require(task, *stages)
    return [ScreeningApplicationEnded(**of_task, case_id=command.case_id, outcome=command.outcome)]


def note_missed_screening(
    task: ScreeningTask, command: NoteMissedScreening, _at: Moment
) -> Decision:
    """Nobody had judged by the last day; nothing where somebody had."""
    if task.stage not in UNFINISHED:
        return []
    return [ScreeningDeadlineMissed(**_require(task, *UNFINISHED), due_on=command.due_on)]


def note_missed_enrolment(
    task: ScreeningTask, command: NoteMissedEnrolment, _at: Moment
) -> Decision:
    """The application was not decided by the last day; nothing where it was."""
    if task.stage is not TaskStage.APPLIED:
        return []
    of_task = _require(task, TaskStage.APPLIED)
    return [EnrolmentDeadlineMissed(**of_task, due_on=command.due_on)]


def _require(task: ScreeningTask, *stages: TaskStage) -> dict[str, Any]:
    """What every event of a task says, while it is in one of the stages."""
    taken_up = task.taken_up
    if taken_up is None or task.stage not in stages:
        raise Refusal(
            "screening-task-elsewhere",
            facts={"stage": task.stage, "allowed": ", ".join(sorted(stages))},
        )
    return {
        "task_id": taken_up.task_id,
        "division": taken_up.division,
        "year": taken_up.year,
    }
