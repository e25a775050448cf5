"""The care file itself: opening, self-care and its level, where somebody is supported, the end."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.care import rules
from services.care.decisions import reports
from services.care.decisions.command import Command
from services.care.model import Agreement, CareFile
from shared.contracts.care import (
    AgreementEnd,
    AgreementEnded,
    CareEnded,
    CareIndicator,
    CareOpened,
    SelfCareAssessed,
    SupportModeChosen,
)
from shared.contracts.fields import NoteRef, SupportMode
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event


class OpenCare(Command):
    """Open the care of a tekun person who was recognised on a day."""

    division: str
    person_id: UUID
    confirmed_on: date


class Assess(Command):
    """Two assessors found which of the six indicators are not met."""

    assessed_on: date
    assessors: tuple[UUID, ...]
    failed: frozenset[CareIndicator]
    findings: NoteRef


class ChooseMode(Command):
    """The person chose where they are supported."""

    mode: SupportMode


class EndCare(Command):
    """The case is over."""


def open_care(file: CareFile, command: OpenCare, _at: Moment) -> Decision:
    """Open a case's care, once; again where the case is confirmed again after its end.

    An end of support that fell on appeal, or waits for the ruling: what was found of the person
    stays found, a new agreement is theirs to sign.
    """
    if file.opened is not None and not file.ended:
        return []
    return [
        CareOpened(
            division=command.division,
            person_id=command.person_id,
            confirmed_on=command.confirmed_on,
        )
    ]


def assess(file: CareFile, command: Assess, at: Moment) -> Decision:
    """Record an assessment; level, supplement and its first month follow from it.

    At any time, but not out of order: the last one is the one that counts. One that finds the
    same level is recorded like any other. It answers for the reported change that is open, if it
    is of the report's day or later. Source: 民发〔2021〕43号, arts. 20 to 23.
    """
    opened = file.require_open()
    earliest = file.assessments[-1].assessed_on if file.assessments else opened.confirmed_on
    rules.require_day_between("assessment-day-impossible", command.assessed_on, earliest, at.date)
    regime = rules.regime_on(opened.division, command.assessed_on, at)
    rules.require_assessors(regime, command.assessors)
    report = reports.answered_by(file, command.assessed_on)
    level = rules.level_of(command.failed, regime)
    from_month = rules.first_month_of_level(command.assessed_on)
    amounts = rules.regime_of(opened.division, from_month, at)
    assessed = SelfCareAssessed(
        assessed_on=command.assessed_on,
        assessors=tuple(dict.fromkeys(command.assessors)),
        failed=tuple(indicator for indicator in CareIndicator if indicator in command.failed),
        level=level,
        care_fen=rules.care_fen(level, amounts),
        from_month=from_month,
        parameters=rules.parameters_used(regime, amounts),
        findings=command.findings,
        report_id=report.reported.report_id if report is not None else None,
    )
    return [*reports.missed_by(report, at.date), Fact(assessed, policy=regime.version)]


def choose_mode(file: CareFile, command: ChooseMode, at: Moment) -> Decision:
    """Record where the person is supported; who moves to an institution leaves their agreement."""
    file.require_open()
    if command.mode is file.mode:
        raise Refusal("mode-chosen", facts={"mode": command.mode})
    facts: list[Event] = [SupportModeChosen(mode=command.mode)]
    if file.open_agreement is not None:
        facts.append(ended(file.open_agreement, AgreementEnd.MOVED_TO_INSTITUTION, at.date))
    return facts


def end_care(file: CareFile, _command: EndCare, at: Moment) -> Decision:
    """End care and with it the agreement, once; a case that care never had changes nothing."""
    if file.opened is None or file.ended:
        return []
    facts: list[Event] = []
    if file.open_agreement is not None:
        facts.append(ended(file.open_agreement, AgreementEnd.SUPPORT_ENDED, at.date))
    report = file.open_report
    return [*facts, CareEnded(report_id=report.reported.report_id if report else None)]


def ended(agreement: Agreement, reason: AgreementEnd, ended_on: date) -> AgreementEnded:
    """The end of an agreement; ``ended_on`` is the first day without it."""
    return AgreementEnded(
        agreement_id=agreement.signed.agreement_id, ended_on=ended_on, reason=reason
    )
