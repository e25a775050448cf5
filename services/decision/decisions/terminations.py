"""The end of one person's support: proposed, objected to where public, heard about, decided.

Source: 民发〔2021〕43号, arts. 24–27 (tekun); 国发〔2015〕52号, 3(4) (the two subsidies).
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Determination, Terminations, terminations_of
from services.decision.rules import change as rules
from services.decision.rules import entitlement, hands
from services.decision.rules import terminations as ends
from services.decision.rules.publicity import is_over
from shared.calendar import Month
from shared.contracts.changes import BenefitStopped, StopReason
from shared.contracts.fields import NoteRef, Programme
from shared.contracts.recognition import HardshipGround, PotentialRecipientListed
from shared.contracts.terminations import (
    TerminationConcluded,
    TerminationGround,
    TerminationHeard,
    TerminationObjected,
    TerminationObjectionResolved,
    TerminationOutcome,
    TerminationProposed,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal

HANDS: Final = "termination"


class ProposeTermination(Command):
    """Propose the end of support and make it public today."""

    case_id: UUID
    termination_id: UUID
    proposer: UUID
    ground: TerminationGround
    explanation: NoteRef


class ObjectToTermination(Command):
    """Take an objection in."""

    case_id: UUID
    termination_id: UUID
    objection_id: UUID
    grounds: NoteRef


class ResolveTerminationObjection(Command):
    """Say what became of an objection."""

    case_id: UUID
    termination_id: UUID
    objection_id: UUID
    upheld: bool
    findings: NoteRef


class HearAboutTermination(Command):
    """Take down what the person says before support ends."""

    case_id: UUID
    termination_id: UUID
    statement: NoteRef


class DecideTermination(Command):
    """End support as proposed, in a role."""

    case_id: UUID
    termination_id: UUID
    actor: UUID
    role: str


def propose_termination(
    case: Determination, terminations: Terminations, command: ProposeTermination, at: Moment
) -> Decision:
    """Propose the end of one person's support; its regime is today's, to its end."""
    _require_ends_so(case, at)
    if terminations.open is not None:
        raise Refusal("termination-proposed-before")
    ends.require_ground_of(case.known_account().programme, command.ground)
    regime = entitlement.regime_on(case.known_account(), at.date, at)
    proposed = TerminationProposed(
        termination_id=command.termination_id,
        proposer=command.proposer,
        ground=command.ground,
        from_on=at.date,
        until_on=ends.public_until(at.date, regime),
        explanation=command.explanation,
    )
    return [Fact(proposed, terminations_of(command.case_id), policy=regime.version)]


def object_to_termination(
    case: Determination, terminations: Terminations, command: ObjectToTermination, at: Moment
) -> Decision:
    """Take in an objection while the proposal is public."""
    found = terminations.open_termination(command.termination_id)
    regime = entitlement.regime_on(case.known_account(), found.proposed.from_on, at)
    if not ends.is_made_public(regime) or is_over(found.until_on, at.date):
        raise Refusal("no-publicity-running")
    objected = TerminationObjected(
        termination_id=command.termination_id,
        objection_id=command.objection_id,
        grounds=command.grounds,
        due=ends.objection_due(at.date, regime),
    )
    return [Fact(objected, terminations_of(command.case_id), policy=regime.version)]


def resolve_termination_objection(
    case: Determination,
    terminations: Terminations,
    command: ResolveTerminationObjection,
    at: Moment,
) -> Decision:
    """An objection that held drops the proposal; after the last that did not it is public anew."""
    found = terminations.open_termination(command.termination_id)
    due = found.objections.get(command.objection_id)
    if due is None:
        raise Refusal("no-such-objection", status=404)
    regime = entitlement.regime_on(case.known_account(), found.proposed.from_on, at)
    anew = not command.upheld and len(found.objections) == 1
    resolved = TerminationObjectionResolved(
        termination_id=command.termination_id,
        objection_id=command.objection_id,
        upheld=command.upheld,
        late=at.date > due.on,
        findings=command.findings,
        until_on=ends.public_until(at.date, regime) if anew else None,
    )
    stream = terminations_of(command.case_id)
    facts = [Fact(resolved, stream, policy=regime.version)]
    if command.upheld:
        facts.append(Fact(_concluded(command.termination_id, TerminationOutcome.DROPPED), stream))
    return facts


def hear_about_termination(
    case: Determination, terminations: Terminations, command: HearAboutTermination, at: Moment
) -> Decision:
    """Record that the person was heard about a proposed end."""
    _require_ends_so(case, at)
    terminations.open_termination(command.termination_id)
    heard = TerminationHeard(termination_id=command.termination_id, statement=command.statement)
    return [Fact(heard, terminations_of(command.case_id))]


def decide_termination(
    case: Determination, terminations: Terminations, command: DecideTermination, at: Moment
) -> Decision:
    """End support from the next month on, by hands that neither surveyed nor proposed it.

    Who may fit another programme then is kept in mind for dibao, to be assessed without anything
    being typed again.
    """
    _require_ends_so(case, at)
    found = terminations.open_termination(command.termination_id)
    regime = entitlement.regime_on(case.known_account(), found.proposed.from_on, at)
    hands.require_deciding_role(command.role, regime)
    before = {**case.hands("survey"), HANDS: frozenset((found.proposed.proposer,))}
    hands.require_separate_hands(command.actor, before)
    if found.objections:
        raise Refusal("objection-open", facts={"open": len(found.objections)})
    if ends.is_made_public(regime) and not is_over(found.until_on, at.date):
        raise Refusal("publicity-not-over", facts={"round": HANDS})
    rules.require_hearing(regime, heard=found.heard)
    last_month = rules.last_month_before_stop(at.date, regime)
    stopped = BenefitStopped(
        change_id=command.termination_id,
        decider=command.actor,
        persons=len(case.members),
        standard_fen=0 if case.basis is None else case.basis.standard_fen,
        counted_income_fen=case.counted_income_fen,
        parameters=entitlement.parameters_used(regime),
        reason=StopReason(found.proposed.ground.value),
        last_month=last_month,
        opened_on=found.proposed.from_on,
    )
    concluded = _concluded(command.termination_id, TerminationOutcome.ENDED)
    return [
        Fact(stopped, policy=regime.version),
        *(Fact(event) for event in _kept_in_mind(case, found.proposed.ground)),
        Fact(concluded, terminations_of(command.case_id)),
    ]


def _kept_in_mind(case: Determination, ground: TerminationGround) -> list[PotentialRecipientListed]:
    account = case.known_account()
    if account.programme is not Programme.TEKUN or not ends.may_fit_another_programme(ground):
        return []
    return [
        PotentialRecipientListed(
            programme=Programme.DIBAO,
            division=account.division,
            applicant=account.applicant,
            members=case.members,
            hardship=(HardshipGround.TEKUN_ENDED,),
        )
    ]


def _concluded(termination_id: UUID, outcome: TerminationOutcome) -> TerminationConcluded:
    return TerminationConcluded(termination_id=termination_id, outcome=outcome)


def _require_ends_so(case: Determination, at: Moment) -> None:
    case.require_in_benefit(Month.of(at.date))
    case.require_not_leaving()
    programme = case.known_account().programme
    if programme not in ends.GROUNDS:
        raise Refusal("programme-without-termination", facts={"programme": programme})
