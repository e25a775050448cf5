"""Reports that somebody's self-care has changed, and the new assessment that is owed by them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from services.care import rules
from services.care.decisions.command import Command
from services.care.model import CareFile, Report
from shared.contracts.care import AbilityChangeReported, AbilityReporter, ReassessmentMissed
from shared.contracts.fields import NoteRef
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class ReportChange(Command):
    """Somebody reported on a day that the person's self-care has changed."""

    report_id: UUID
    reported_on: date
    reporter: AbilityReporter
    account: NoteRef


class NoteMissedReassessment(Command):
    """The last day of a report's new assessment has passed."""

    report_id: UUID


def report_change(file: CareFile, command: ReportChange, at: Moment) -> Decision:
    """Record a reported change; by when the person is assessed again follows from its day.

    Refuses before the first assessment, which is owed anyway, and while a report is open: the
    assessment that it waits for will find the later change too. Source: 民发〔2021〕43号, art. 23.
    """
    opened = file.require_open()
    if not file.assessments:
        raise Refusal("assessment-missing", source="民发〔2021〕43号 art. 20")
    rules.require_none_owed(file.open_report.reported.due if file.open_report else None)
    last = file.assessments[-1].assessed_on
    rules.require_day_between("report-day-impossible", command.reported_on, last, at.date)
    regime = rules.regime_on(opened.division, command.reported_on, at)
    reported = AbilityChangeReported(
        report_id=command.report_id,
        reported_on=command.reported_on,
        reporter=command.reporter,
        account=command.account,
        due=rules.reassessment_due(command.reported_on, regime),
    )
    return [Fact(reported, policy=regime.version)]


def note_missed_reassessment(
    file: CareFile, command: NoteMissedReassessment, at: Moment
) -> Decision:
    """Note, once, that a reported change was not assessed by its last day."""
    report = file.open_report
    if report is None or report.reported.report_id != command.report_id:
        return []
    return missed_by(report, at.date)


def answered_by(file: CareFile, assessed_on: date) -> Report | None:
    """The open report that an assessment of a day answers for: no change is found before it."""
    report = file.open_report
    return report if report is not None and report.reported.reported_on <= assessed_on else None


def missed_by(report: Report | None, today: date) -> list[Fact]:
    """That a report's last day has passed, unless it has not or is known.

    An assessment may be recorded before that day's duty is done: then it says so itself.
    """
    if report is None or report.missed or today <= report.reported.due.on:
        return []
    due = report.reported.due
    missed = ReassessmentMissed(report_id=report.reported.report_id, due=due)
    return [Fact(missed, effective_on=due.on + timedelta(days=1))]
