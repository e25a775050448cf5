"""What a ruling does to a case: a decision that fell is taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.decisions.determination import HANDS
from services.decision.decisions.restored_amounts import restored
from services.decision.decisions.retroactive import months_beside
from services.decision.model import (
    Appeal,
    Determination,
    Stage,
    Standing,
    appeal_of,
    stood_before,
)
from services.decision.rules import entitlement, hands
from shared.contracts.appeals import (
    AppealFiled,
    AppealRuling,
    AppealRulingCarriedOut,
    DecisionRevoked,
    MembersReturned,
)
from shared.contracts.notices import NoticeSubject
from shared.contracts.recognition import RecognitionEndReason, RecognitionWithdrawn
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event


class CarryOutRuling(Command):
    """Take a decision back that fell on appeal, in a role."""

    case_id: UUID
    appeal_id: UUID
    actor: UUID
    role: str


def not_among(known: tuple[UUID, ...], people: tuple[UUID, ...]) -> tuple[UUID, ...] | None:
    """Who of some people is not known; ``None`` for nobody."""
    return tuple(one for one in people if one not in known) or None


def standing_of(case: Determination, filed: AppealFiled) -> Standing:
    """How the case stood before the decision that is appealed against, if that is the latest."""
    if filed.change_id is None or filed.change_id not in case.before:
        raise Refusal("nothing-to-carry-out")
    if not is_latest_decision(case, filed):
        raise Refusal("later-decision-stands")
    return replace(case.before[filed.change_id], state=stood_before(case, filed.change_id))


def is_latest_decision(case: Determination, filed: AppealFiled) -> bool:
    """Whether nothing was decided since what is appealed against, but what the appeal brought.

    What was itself taken back, and what took it back or suspended it, is no later decision.
    """
    brought = case.restorations | {filed.appeal_id}
    decisions = [change_id for change_id in case.before if change_id not in brought]
    return decisions[-1:] == [filed.change_id]


def carry_out_ruling(
    case: Determination, appeal: Appeal, command: CarryOutRuling, at: Moment
) -> Decision:
    """Take back a decision that fell: by the deciding level, with no hand in what was decided.

    It counts as never made: every month since is due what it would have been, each by its own
    standard, even where the phase-out is over and the case has ended.
    """
    filed = appeal.known()
    ruled = appeal.ruled
    if ruled is None or ruled.ruling is AppealRuling.UPHELD or appeal.carried_out:
        raise Refusal("nothing-to-carry-out")
    account = case.known_account()
    regime = entitlement.regime_on(account, filed.filed_on, at)
    hands.require_deciding_role(command.role, regime)
    hands.require_separate_hands(command.actor, case.hands(*HANDS))
    redo = ruled.ruling is AppealRuling.REDO
    if filed.subject is NoticeSubject.REFUSAL:
        events = _refusal_taken_back(case, command, filed, at, redo=redo)
    else:
        events = _change_taken_back(case, command, filed, at, redo=redo)
    done = AppealRulingCarriedOut(appeal_id=command.appeal_id, restorer=command.actor)
    facts = [Fact(event, policy=regime.version) for event in events]
    return [*facts, Fact(done, appeal_of(command.case_id, command.appeal_id))]


def _refusal_taken_back(
    case: Determination, command: CarryOutRuling, filed: AppealFiled, at: Moment, *, redo: bool
) -> Sequence[Event]:
    """The case is proposed anew; a refusal cannot be replaced by an amount nobody worked out.

    What the household was recognised as beside it is for the new proposal to say.
    """
    case.require(Stage.REFUSED)
    revoked = _revoked(case, command, filed, redo=redo, members=case.members or None)
    known = case.recognised
    if known is None or case.recognition_ended is not None:
        return [revoked]
    withdrawn = RecognitionWithdrawn(status=known.status, members=known.members, since=at.date)
    return [withdrawn, revoked]


def _change_taken_back(
    case: Determination,
    command: CarryOutRuling,
    filed: AppealFiled,
    at: Moment,
    *,
    redo: bool,
) -> Sequence[Event]:
    """Everything as it stood before the decision, and each month since as it would have been.

    Only the latest decision can be taken back: a later one rests on it, and is appealed against
    first or reported anew.
    """
    standing = standing_of(case, filed)
    hands.require_separate_hands(command.actor, standing.hands())
    since = standing.from_month
    revoked = _revoked(
        case,
        command,
        filed,
        redo=redo,
        from_month=since,
        payee=standing.state.payee,
        members=standing.state.members,
        left=not_among(standing.state.people(), case.people()),
    )
    amounts = restored(standing.state, since, at, change_id=filed.appeal_id, decider=command.actor)
    back = _returned(case, filed, standing)
    events = [revoked, *back, *reopened(case, standing.state), *amounts]
    figures = standing.state.basis
    counted_fen = 0 if figures is None else figures.counted_income_fen
    beside = months_beside(
        case,
        events,
        since,
        at,
        change_id=filed.appeal_id,
        happened_on=since.first_day,
        persons=len(standing.state.members),
        counted_income_fen=counted_fen,
    )
    return [*events, *beside]


def _returned(
    case: Determination, filed: AppealFiled, standing: Standing
) -> Iterator[MembersReturned]:
    """Who is of the household again that the decision let leave it."""
    persons = not_among(case.people(), standing.state.people())
    if persons is not None:
        account = case.known_account()
        yield MembersReturned(
            appeal_id=filed.appeal_id,
            programme=account.programme,
            division=account.division,
            persons=persons,
            from_month=standing.from_month,
        )


def _revoked(
    case: Determination, command: CarryOutRuling, filed: AppealFiled, **more: Any
) -> DecisionRevoked:
    account = case.known_account()
    return DecisionRevoked(
        appeal_id=command.appeal_id,
        restorer=command.actor,
        programme=account.programme,
        division=account.division,
        subject=filed.subject,
        change_id=filed.change_id,
        **more,
    )


def reopened(case: Determination, prior: Determination) -> Iterator[Event]:
    """A case that has ended is confirmed again from the month after its last, as the household
    that it was before; what it was recognised as beside that it is again.
    """
    ended, over = case.ended, case.recognition_ended
    if ended is None or ended.last_month is None or case.confirmed is None:
        return
    anew = {"pay_from": ended.last_month.next(), "members": prior.members}
    payee = {} if prior.payee is None else {"payee": prior.payee}
    yield case.confirmed.model_copy(update={**anew, **payee})
    with_the_case = over is not None and over.reason is RecognitionEndReason.CASE_ENDED
    if case.recognised is not None and with_the_case:
        yield case.recognised
