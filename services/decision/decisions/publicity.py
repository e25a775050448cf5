"""Publicity, and what is objected while it runs."""

from __future__ import annotations

from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import IN_BENEFIT, Determination, Stage
from services.decision.rules import hands
from services.decision.rules import publicity as rules
from services.decision.rules.entitlement import regime_of
from shared.contracts.decision import BenefitProposed
from shared.contracts.fields import NoteRef
from shared.contracts.publicity import (
    ObjectionRaised,
    ObjectionResolved,
    PublicityCompleted,
    PublicityPosted,
    PublicityRound,
    ResurveyOrdered,
)
from shared.deadlines import working_day_due
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class PostPublicity(Command):
    """Post a round of publicity today."""

    round: PublicityRound


class CompletePublicity(Command):
    """A round's days are over."""

    round: PublicityRound


class OrderResurvey(Command):
    """Have the household surveyed anew after an upheld objection."""

    actor: UUID


class RaiseObjection(Command):
    """Take an objection in."""

    objection_id: UUID
    grounds: NoteRef


class ResolveObjection(Command):
    """Say what became of an objection."""

    objection_id: UUID
    upheld: bool
    findings: NoteRef


def post_publicity(case: Determination, command: PostPublicity, at: Moment) -> Decision:
    """Post the publicity that the regime wants: the first of a proposal, the second after approval.

    Refuses a round that the regime does not know, and one that was posted.
    """
    case.require(Stage.PROPOSED if command.round is PublicityRound.FIRST else Stage.APPROVED)
    if not isinstance(case.proposal, BenefitProposed):
        raise Refusal("nothing-to-publicise")
    if case.publicity(command.round) is not None:
        raise Refusal("publicity-posted", facts={"round": command.round})
    regime = regime_of(case.known_account(), at)
    days = rules.publicity_days(command.round, regime)
    if days == 0:
        raise Refusal("no-such-publicity", facts={"round": command.round})
    until_on = rules.last_day_of_publicity(at.date, days)
    posted = PublicityPosted(round=command.round, from_on=at.date, until_on=until_on)
    return [Fact(posted, policy=regime.version)]


def complete_publicity(case: Determination, command: CompletePublicity, at: Moment) -> Decision:
    """Record that a publicity's last day has passed, once, unless the case was refused before."""
    case.require(Stage.PROPOSED, Stage.APPROVED, *IN_BENEFIT)
    publicity = case.publicity(command.round)
    if publicity is None:
        raise Refusal("publicity-missing", facts={"round": command.round})
    if publicity.completed:
        return []
    if not rules.is_over(publicity.posted.until_on, at.date):
        raise Refusal("publicity-not-over", facts={"round": command.round})
    completed = PublicityCompleted(round=command.round)
    return [Fact(completed, effective_on=publicity.posted.until_on)]


def raise_objection(case: Determination, command: RaiseObjection, at: Moment) -> Decision:
    """Take in an objection while a publicity runs."""
    case.require(Stage.PROPOSED, Stage.APPROVED)
    posted = (publicity.posted for publicity in case.publicities.values())
    running = {one.round for one in posted if not rules.is_over(one.until_on, at.date)}
    if not running:
        raise Refusal("no-publicity-running")
    regime = regime_of(case.known_account(), at)
    raised = ObjectionRaised(
        objection_id=command.objection_id,
        grounds=command.grounds,
        decision_due=rules.decision_due_after_objection(running, at.date, regime),
    )
    return [Fact(raised, policy=regime.version)]


def resolve_objection(case: Determination, command: ResolveObjection, _at: Moment) -> Decision:
    """Record what looking into an objection has shown."""
    if command.objection_id not in case.objections:
        raise Refusal("no-such-objection", status=404)
    return [
        ObjectionResolved(
            objection_id=command.objection_id, upheld=command.upheld, findings=command.findings
        )
    ]


def order_resurvey(case: Determination, command: OrderResurvey, at: Moment) -> Decision:
    """Have a household surveyed anew whose proposal an upheld objection took the ground from.

    What follows is a new account, by other surveyors, a new proposal and publicity anew, all by
    hands that had no part in what fell.
    Source: 民发〔2021〕57号, art. 19; 民发〔2021〕43号, art. 15.
    """
    case.require(Stage.PROPOSED, Stage.APPROVED)
    if case.objections:
        raise Refusal("objection-open", facts={"open": len(case.objections)})
    if not case.objection_upheld:
        raise Refusal("no-objection-upheld")
    hands.require_separate_hands(command.actor, case.hands("survey", "proposal", "approval"))
    regime = regime_of(case.known_account(), at)
    days = regime.whole_or_none("publicity_redo_within_working_days")
    due = None if days is None else working_day_due(regime, at.date, days)
    ordered = ResurveyOrdered(ordered_by=command.actor, proposal_due=due)
    return [Fact(ordered, policy=regime.version)]
