"""The days that a case has from its acceptance to its decision: owed, extended, missed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Determination, Term
from services.decision.rules import terms as rules
from shared.contracts.decision_terms import (
    DecisionMissed,
    DecisionOwed,
    DecisionTermExtended,
    ExtensionReason,
)
from shared.contracts.fields import Due, NoteRef, Programme
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class OweDecision(Command):
    """An application was accepted; its regime has it decided by a last day."""

    programme: Programme
    division: str
    applicant: UUID
    accepted_on: date
    due: Due


class ExtendForObjection(Command):
    """Somebody objected during publicity."""


class ExtendForSurvey(Command):
    """Somebody says that the household's means are hard to look into."""

    actor: UUID
    findings: NoteRef


class NoteMissedDecision(Command):
    """The day after the last one has come."""


def owe_decision(term: Term, case: Determination, command: OweDecision, _at: Moment) -> Decision:
    """Keep by when an accepted application is to be decided, unless it was by now."""
    if term.owed is not None or _is_decided(case):
        return []
    return [DecisionOwed(**dict(command))]


def extend_for_objection(
    term: Term, case: Determination, _command: ExtendForObjection, at: Moment
) -> Decision:
    """A case that somebody objected to has the days of a special one, once."""
    due = None if term.owed is None or _is_decided(case) else _later(term, at)
    if due is None:
        return []
    return [_extended(term, at, DecisionTermExtended(reason=ExtensionReason.OBJECTION, due=due))]


def extend_for_survey(
    term: Term, case: Determination, command: ExtendForSurvey, at: Moment
) -> Decision:
    """A case whose survey is hard has the days of a special one.

    Refused once it is decided, after its last day (nothing is made good by it), and where it is a
    special one already or its regime knows none.
    """
    owed, now = term.known(), term.due
    case_is_late = now is not None and at.date > now.on
    if _is_decided(case) or case_is_late:
        raise Refusal("decision-term-over", facts={"due_on": str(now and now.on)})
    due = _later(term, at)
    if due is None:
        regime = at.policy.at(owed.division, owed.programme, owed.accepted_on)
        source = regime.value("total_special_working_days").source
        facts: dict[str, int | str] = {"due_on": str(now and now.on)}
        raise Refusal("decision-term-not-longer", facts=facts, source=source)
    extended = DecisionTermExtended(
        reason=ExtensionReason.HARD_SURVEY,
        due=due,
        extended_by=command.actor,
        findings=command.findings,
    )
    return [_extended(term, at, extended)]


def note_missed_decision(
    term: Term, case: Determination, _command: NoteMissedDecision, at: Moment
) -> Decision:
    """The case is not decided, and its last day is over: that is recorded, once."""
    due = term.due
    if due is None or term.missed or at.date <= due.on or _is_decided(case):
        return []
    return [DecisionMissed(due_on=due.on)]


def _is_decided(case: Determination) -> bool:
    return case.confirmed is not None or case.refused is not None


def _later(term: Term, at: Moment) -> Due | None:
    """The last day of a special case, where that is later than the one it has."""
    owed, now = term.known(), term.due
    regime = at.policy.at(owed.division, owed.programme, owed.accepted_on)
    due = rules.special_due(regime, owed.accepted_on)
    return due if due is not None and now is not None and due.on > now.on else None


def _extended(term: Term, at: Moment, event: DecisionTermExtended) -> Fact:
    owed = term.known()
    regime = at.policy.at(owed.division, owed.programme, owed.accepted_on)
    return Fact(event, policy=regime.version)
