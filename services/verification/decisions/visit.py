"""The home visit: what the household states and the surveyors find."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.verification import rules
from services.verification.decisions.command import Command, parameters_of, require_open
from services.verification.model import Check
from shared.accounts import require_deductions_allowed, require_income_of_members
from shared.contracts.fields import (
    DeductionLine,
    HouseholdCircumstances,
    IncomeLine,
    LineSource,
    NoteRef,
    TekunCircumstances,
)
from shared.contracts.verification import HomeVisitRecorded, SurveyDeadlineMissed
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event


class RecordHomeVisit(Command):
    """The surveyors visited and took down what the household states; fen a month.

    ``recorder`` records it, and is one of the surveyors where ``as_surveyor``. ``tekun`` is what
    its recognition asks beside means, ``circumstances`` what was found of every member.
    """

    visited_on: date
    surveyors: tuple[UUID, ...]
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    findings: NoteRef
    recorder: UUID
    as_surveyor: bool
    tekun: TekunCircumstances | None = None
    circumstances: HouseholdCircumstances | None = None


class NoteMissedSurvey(Command):
    """The survey's last day is over."""


def record_home_visit(check: Check, command: RecordHomeVisit, at: Moment) -> Decision:
    """Record a visit; a later one stands in the place of the earlier, and of its review.

    A visit after the survey's last day is recorded all the same, and that it was late beside it:
    the household does not lose its claim by the office's delay.
    """
    opened = require_open(check)
    parameters = parameters_of(opened, at)
    rules.require_day_between(
        "visit-day-impossible", command.visited_on, opened.accepted_on, at.date
    )
    rules.require_surveyors(parameters, command.surveyors)
    rules.require_tekun_circumstances(opened.programme, command.tekun)
    rules.require_circumstances(opened.programme, opened.members, command.circumstances)
    own = command.recorder in command.surveyors
    if command.as_surveyor and not own:
        raise Refusal("recorder-no-surveyor", source="民发〔2012〕220号 art. 18")
    declared = tuple(
        line.model_copy(update={"source": LineSource.DECLARED}) for line in command.income
    )
    require_income_of_members(declared, opened.members)
    require_deductions_allowed(parameters, command.deductions)
    visit = HomeVisitRecorded(
        visited_on=command.visited_on,
        surveyors=tuple(dict.fromkeys(command.surveyors)),
        income=declared,
        deductions=command.deductions,
        findings=command.findings,
        review_due=rules.review_due(parameters, command.visited_on),
        recorded_by=None if own else command.recorder,
        tekun=command.tekun,
        circumstances=command.circumstances,
    )
    late = command.visited_on > opened.survey_due.on and check.visit is None
    facts: list[Event | Fact] = []
    if late and not check.survey_missed:
        facts.append(SurveyDeadlineMissed(due=opened.survey_due))
    return [*facts, Fact(visit, policy=parameters.version)]


def note_missed_survey(check: Check, _command: NoteMissedSurvey, _at: Moment) -> Decision:
    """Nobody visited in time: that is recorded, once."""
    if check.opened is None or check.visit is not None or check.survey_missed:
        return []
    return [SurveyDeadlineMissed(due=check.opened.survey_due)]
