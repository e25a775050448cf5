"""What is still to come of a granted aid: released on its day, stopped, paid to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Aid, AidStage, Determination, determination_of, evolve_aid
from services.decision.rules import aid as rules
from services.decision.rules import instalments
from services.decision.rules.change import require_hearing
from shared.contracts.aid import (
    AidExplained,
    AidHouseholdHeard,
    AidInstalmentReleased,
    AidPayeeNamed,
    AidRestStopped,
    RestStoppedReason,
)
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import AidKind, NoteRef
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event


class ReleaseInstalments(Command):
    """The day of a later instalment has come."""

    case_id: UUID


class HearAboutRest(Command):
    """Take down what the household says before the rest of its aid is stopped."""

    statement: NoteRef


class StopRest(Command):
    """Give nothing more of a granted aid, in a role."""

    case_id: UUID
    actor: UUID
    role: str
    reason: RestStoppedReason
    explanation: NoteRef


class NamePayee(Command):
    """Pay what is still to come to another member of the household, in a role."""

    actor: UUID
    role: str
    payee: UUID


def release_instalments(
    aid: Aid, case: Determination, command: ReleaseInstalments, at: Moment
) -> Decision:
    """Release each instalment whose day has come, once, by the approval that there was; no new one.

    Nothing where it was released or stopped before.
    Source: 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(6) (一次审批、分阶段救助).
    """
    released = _due(aid, at)
    return ended_with(aid, case, command.case_id, released) if released else []


def _due(aid: Aid, at: Moment) -> list[AidInstalmentReleased]:
    """The release of each instalment whose day has come."""
    granted = aid.granted
    due = {n: one for n, one in aid.instalments_to_come.items() if one.due_on <= at.date}
    if granted is None or not due:
        return []
    opened = aid.known()
    regime = rules.regime_of_aid(opened, at)
    return [
        AidInstalmentReleased(
            number=number,
            tier=granted.tier,
            division=granted.division,
            payee=aid.payee or granted.payee,
            amount_fen=one.amount_fen,
            pay_by=instalments.pay_by(opened.aid.kind, one.due_on, regime),
        )
        for number, one in due.items()
    ]


def hear_about_rest(aid: Aid, command: HearAboutRest, _at: Moment) -> Decision:
    """Hear the household, while something is still to come."""
    aid.require(AidStage.GRANTED)
    if not aid.is_outstanding:
        raise Refusal("nothing-to-come")
    return [AidHouseholdHeard(statement=command.statement)]


def stop_rest(aid: Aid, case: Determination, command: StopRest, at: Moment) -> Decision:
    """Stop what is still to come, by the tier that granted it: its stages and its deliveries.

    Where the rules of the day want it, the household is heard before, unless the person died. What
    was released before stays released, and so does a stage whose day has come, though nobody has
    released it yet: what is owed does not hang on when the day's duties are done. Of aid for
    expenses that ends the case.
    """
    released = _due(aid, at)
    granted, aid = aid, reduce(evolve_aid, released, aid)
    _require_to_come(aid, command.role)
    opened = aid.known()
    today = at.policy.at(opened.division, opened.programme, at.date)
    died = command.reason is RestStoppedReason.DIED
    require_hearing(today, heard=aid.heard or died)
    to_come = aid.instalments_to_come
    stopped = AidRestStopped(
        stopped_by=command.actor,
        reason=command.reason,
        amount_fen=sum(one.amount_fen for one in to_come.values()),
        instalments=tuple(to_come),
        in_kind=aid.in_kind_to_come,
        explanation=command.explanation,
    )
    return ended_with(granted, case, command.case_id, [*released, stopped])


def name_payee(aid: Aid, command: NamePayee, _at: Moment) -> Decision:
    """Have the instalments to come paid to another member: who was paid died, or has left.

    By the tier that granted it.
    """
    _require_to_come(aid, command.role)
    others = {member.person_id for member in aid.known().members} - {aid.payee}
    if command.payee not in others or not aid.instalments_to_come:
        raise Refusal("no-other-payee", facts={"stages": len(aid.instalments_to_come)})
    return [AidPayeeNamed(named_by=command.actor, payee=command.payee)]


def _require_to_come(aid: Aid, role: str) -> None:
    """Something is still to come of an aid that this tier granted."""
    aid.require(AidStage.GRANTED)
    rules.require_tier(role, aid.tier)
    if not aid.is_outstanding:
        raise Refusal("nothing-to-come")


def ended_with(
    aid: Aid, case: Determination, case_id: UUID, events: Sequence[Event]
) -> list[Event | Fact]:
    """The events, and the end of an aid for expenses if nothing is to come after them.

    Its papers and findings went before the grant; any other aid is explained by somebody.
    """
    after: Aid = reduce(evolve_aid, events, aid)
    if aid.known().aid.kind is not AidKind.EXPENSE or after.is_outstanding:
        return list(events)
    explained, ended = end_of_expense_aid(case)
    # The aid's own event comes last: the position that the command answers with is its own.
    return [*events, Fact(ended, determination_of(case_id)), explained]


def end_of_expense_aid(case: Determination) -> tuple[AidExplained, CaseEnded]:
    """What explains an aid for expenses, its proposal's findings; and the end of its case."""
    proposal, account = case.proposal, case.known_account()
    if proposal is None:
        raise ValueError("an aid for expenses was granted without a proposal")
    explained = AidExplained(
        explained_by=proposal.proposer, materials=(), findings=proposal.explanation
    )
    ended = CaseEnded(
        programme=account.programme,
        division=account.division,
        members=account.members,
        reason=EndReason.AID_GRANTED,
    )
    return explained, ended
