"""What a ruling does to a case: a decision that fell is taken back, one that waits is suspended."""

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
from shared.calendar import Month
from shared.contracts.appeals import (
    AppealFiled,
    AppealRuling,
    AppealRulingCarriedOut,
    AppealSuspensionOrdered,
    DecisionRevoked,
    HouseholdReinstated,
    MembersReturned,
)
from shared.contracts.changes import AmountChanged, BenefitStopped, PhaseOutStarted
from shared.contracts.decision import CaseConfirmed
from shared.contracts.fields import NoteRef
from shared.contracts.notices import NoticeSubject
from shared.contracts.recognition import RecognitionEndReason, RecognitionWithdrawn
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event


class OrderSuspension(Command):
    """Take down the organ's order that a stop or a cut waits for its ruling."""

    case_id: UUID
    appeal_id: UUID
    recorder: UUID
    order: NoteRef


class CarryOutRuling(Command):
    """Take a decision back that fell on appeal, in a role."""

    case_id: UUID
    appeal_id: UUID
    actor: UUID
    role: str


def order_suspension(
    case: Determination, appeal: Appeal, command: OrderSuspension, at: Moment
) -> Decision:
    """Have a stop or a cut wait for the ruling, because the organ ordered it: aid goes on.

    From the next month on, as it was before; what was not paid until then the ruling decides. A
    phase-out or stop that ran before has to reach that month.
    """
    filed = appeal.pending()
    if appeal.suspended is not None:
        raise Refusal("appeal-suspended")
    if filed.subject not in (NoticeSubject.STOP, NoticeSubject.AMOUNT_CHANGED):
        raise Refusal("nothing-to-suspend", facts={"subject": filed.subject})
    standing = standing_of(case, filed)
    since = max(standing.from_month, entitlement.first_month_paid(at.date))
    standing.state.require_in_benefit(since)
    ordered = AppealSuspensionOrdered(
        appeal_id=command.appeal_id,
        recorder=command.recorder,
        from_month=since,
        order=command.order,
    )
    goes_on = [
        event.model_copy(update={"first_month": max(event.first_month, since)})
        if isinstance(event, PhaseOutStarted)
        else event
        for event in restored(
            standing.state, since, at, change_id=filed.appeal_id, decider=command.recorder
        )
    ]
    stream = appeal_of(command.case_id, command.appeal_id)
    again = _reopened_unpaid(case, standing.state)
    household = _reinstated(case, standing.state, filed, since)
    return [Fact(ordered, stream), household, *again, *goes_on]


def _reinstated(
    case: Determination, was: Determination, filed: AppealFiled, from_month: Month
) -> HouseholdReinstated:
    """The household, and the account that counts of it, are from a month on as they were."""
    account = was.known_account()
    family = tuple(member.person_id for member in was.family)
    return HouseholdReinstated(
        appeal_id=filed.appeal_id,
        programme=account.programme,
        division=account.division,
        members=was.members,
        payee=was.payee,
        from_month=from_month,
        returned=_not_among(case.people(), was.people()),
        left=_not_among(was.people(), case.people()),
        family=family if was.alone else None,
    )


def _not_among(known: tuple[UUID, ...], people: tuple[UUID, ...]) -> tuple[UUID, ...] | None:
    return tuple(one for one in people if one not in known) or None


def counting_again(case: Determination, filed: AppealFiled, at: Moment) -> list[Event]:
    """A stop or a cut that was suspended, from the month after the ruling was recorded; and the
    household that it left, by the account that it rests on.

    Where what went on has ended meanwhile there is nothing to stop; a cut pays again.
    """
    outcome = standing_of(case, filed).outcome
    left = case.before[filed.appeal_id].state
    if isinstance(outcome, BenefitStopped):
        if case.ended is not None:
            return []
        last_month = max(outcome.last_month, Month.of(at.date))
        household = _reinstated(case, left, filed, last_month.next())
        return [household, outcome.model_copy(update={"last_month": last_month})]
    if not isinstance(outcome, AmountChanged):
        raise Refusal("nothing-to-suspend")
    from_month = max(outcome.from_month, entitlement.first_month_paid(at.date))
    household = _reinstated(case, left, filed, from_month)
    again = _reopened_unpaid(case, left)
    return [household, *again, outcome.model_copy(update={"from_month": from_month})]


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
        left=_not_among(standing.state.people(), case.people()),
    )
    amounts = restored(standing.state, since, at, change_id=filed.appeal_id, decider=command.actor)
    back = _returned(case, filed, standing)
    events = [revoked, *back, *_reopened(case, standing.state), *amounts]
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
    persons = _not_among(case.people(), standing.state.people())
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


def _reopened_unpaid(case: Determination, prior: Determination) -> Iterator[Event]:
    """Entitled again since the end, so that a revocation finds every month; paid only from a month
    that is set with it.
    """
    for event in _reopened(case, prior):
        unpaid = isinstance(event, CaseConfirmed)
        yield event.model_copy(update={"amount_fen": 0}) if unpaid else event


def _reopened(case: Determination, prior: Determination) -> Iterator[Event]:
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
