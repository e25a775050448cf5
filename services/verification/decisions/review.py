"""The democratic review of a survey's result."""

from __future__ import annotations

from datetime import date

from services.verification import rules
from services.verification.decisions.command import Command, parameters_of, require_open
from services.verification.model import Check, Status
from shared.contracts.fields import NoteRef
from shared.contracts.verification import DemocraticReviewHeld, ReviewDeadlineMissed
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event


class HoldReview(Command):
    """The village reviewed the survey's result, and the township drew its conclusion."""

    held_on: date
    present: int
    representatives: int
    agreed: int
    upheld: bool
    minutes: NoteRef


class NoteMissedReview(Command):
    """The review's last day is over; ``due`` is the date it was."""

    due_on: date


def hold_review(check: Check, command: HoldReview, at: Moment) -> Decision:
    """Record a democratic review of the visit's result; a late one with its lateness beside it."""
    opened = require_open(check)
    parameters = parameters_of(opened, at)
    rules.require_review_provided_for(parameters)
    if check.visit is None:
        raise Refusal("review-before-visit", source="民发〔2012〕220号 art. 21")
    rules.require_day_between(
        "review-day-impossible", command.held_on, check.visit.visited_on, at.date
    )
    if max(command.representatives, command.agreed) > command.present:
        raise Refusal("review-counts-contradict", facts={"present": command.present}, status=422)
    rules.require_representatives(parameters, command.present, command.representatives)
    held = DemocraticReviewHeld(
        held_on=command.held_on,
        present=command.present,
        representatives=command.representatives,
        agreed=command.agreed,
        upheld=command.upheld,
        minutes=command.minutes,
    )
    due = check.visit.review_due
    facts: list[Event | Fact] = []
    if due is not None and command.held_on > due.on and not check.review_missed:
        facts.append(ReviewDeadlineMissed(due=due))
    return [*facts, Fact(held, policy=parameters.version)]


def note_missed_review(check: Check, command: NoteMissedReview, _at: Moment) -> Decision:
    """No review was held in time: that is recorded, once, of the visit that it was due after."""
    if check.visit is None or check.review is not None or check.review_missed:
        return []
    due = check.visit.review_due
    if due is None or due.on != command.due_on or check.status is not Status.OPEN:
        return []
    return [ReviewDeadlineMissed(due=due)]
