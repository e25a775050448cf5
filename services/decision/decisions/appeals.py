"""Appeals: filed, answered, ruled upon; a decision that fell is taken back by new hands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.decision.decisions.amounts import due_by_gap
from services.decision.decisions.command import Command
from services.decision.decisions.retroactive import amounts_since, months_beside
from services.decision.model import (
    Appeal,
    CaseFile,
    Determination,
    Notices,
    Stage,
    Standing,
    appeal_of,
    case_file_of,
)
from services.decision.rules import appeals as rules
from services.decision.rules import change, entitlement, hands
from shared.calendar import Month
from shared.contracts.appeals import (
    AppealFiled,
    AppealKind,
    AppealOrgan,
    AppealReplied,
    AppealReplyMissed,
    AppealRuled,
    AppealRuling,
    AppealRulingCarriedOut,
    AppealSuspensionOrdered,
    AppealTakenIn,
    DecisionRevoked,
)
from shared.contracts.decision import AmountChanged, BenefitStopped, CaseConfirmed
from shared.contracts.fields import NoteRef
from shared.contracts.notices import NoticeSubject
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event


class FileAppeal(Command):
    """Take down an appeal against what a notice told."""

    case_id: UUID
    appeal_id: UUID
    recorder: UUID
    kind: AppealKind
    organ: AppealOrgan
    notice_id: UUID
    appellant: UUID
    filed_on: date
    grounds: NoteRef


class ReplyToAppeal(Command):
    """Answer an appeal, with the digests of the papers that are given as evidence."""

    case_id: UUID
    appeal_id: UUID
    replier: UUID
    evidence: tuple[str, ...]
    reply: NoteRef


class OrderSuspension(Command):
    """Take down the organ's order that a stop or a cut waits for its ruling."""

    case_id: UUID
    appeal_id: UUID
    recorder: UUID
    order: NoteRef


class RecordRuling(Command):
    """Take down what the organ ruled."""

    case_id: UUID
    appeal_id: UUID
    recorder: UUID
    ruling: AppealRuling
    ruled_on: date
    reasons: NoteRef


class CarryOutRuling(Command):
    """Take a decision back that fell on appeal, in a role."""

    case_id: UUID
    appeal_id: UUID
    actor: UUID
    role: str


class NoteMissedReply(Command):
    """The last day for an answer is over."""

    appeal_id: UUID


def file_appeal(
    case: Determination,
    notices: Notices,
    appeal: Appeal,
    _file: CaseFile,
    command: FileAppeal,
    at: Moment,
) -> Decision:
    """File an appeal under the regime of this day; it suspends nothing.

    A late one is taken too, and that it is late stands in it: what becomes of it the organ says.
    """
    if appeal.filed is not None:
        return []
    notice = notices.all.get(command.notice_id)
    if notice is None:
        raise Refusal("no-such-notice", status=404)
    if not notice.owed.decided_on <= command.filed_on <= at.date:
        raise Refusal("appeal-date-astray", status=422)
    account = case.known_account()
    regime = change.regime_of_change(account.division, account.programme, at.date, at)
    filed = AppealFiled(
        **command.model_dump(exclude={"case_id"}),
        division=account.division,
        subject=notice.owed.subject,
        change_id=notice.owed.change_id,
        in_time=rules.is_in_time(command.kind, command.filed_on, notice.served),
        reply_by=rules.reply_by(command.kind, command.filed_on, regime),
    )
    taken_in = AppealTakenIn(appeal_id=command.appeal_id, kind=command.kind)
    return [
        Fact(filed, appeal_of(command.case_id, command.appeal_id), policy=regime.version),
        Fact(taken_in, case_file_of(command.case_id)),
    ]


def reply_to_appeal(
    case: Determination, appeal: Appeal, command: ReplyToAppeal, at: Moment
) -> Decision:
    """Answer an appeal with its evidence, once; a late answer is recorded with its lateness."""
    appeal.pending()
    if appeal.replied is not None:
        raise Refusal("appeal-replied")
    case.known_account()
    replied = AppealReplied(
        appeal_id=command.appeal_id,
        replier=command.replier,
        replied_on=at.date,
        evidence=command.evidence,
        reply=command.reply,
    )
    stream = appeal_of(command.case_id, command.appeal_id)
    return [Fact(event, stream) for event in (*_missed(appeal, at), replied)]


def record_ruling(
    case: Determination, appeal: Appeal, command: RecordRuling, at: Moment
) -> Decision:
    """Record what the organ ruled; a decision that fell is taken back by a command of its own.

    A stop or a cut that was suspended and stands counts again, after the month of the record.
    """
    filed = appeal.pending()
    case.known_account()
    if not filed.filed_on <= command.ruled_on <= at.date:
        raise Refusal("appeal-date-astray", status=422)
    ruled = AppealRuled(**command.model_dump(exclude={"case_id"}))
    facts = [Fact(ruled, appeal_of(command.case_id, command.appeal_id))]
    if appeal.suspended is not None and command.ruling is AppealRuling.UPHELD:
        facts.append(Fact(_counting_again(_standing_of(case, filed), at)))
    return facts


def order_suspension(
    case: Determination, appeal: Appeal, command: OrderSuspension, at: Moment
) -> Decision:
    """Have a stop or a cut wait for the ruling, because the organ ordered it: aid goes on.

    From the next month on, as it was before; what was not paid until then the ruling decides.
    """
    filed = appeal.pending()
    if appeal.suspended is not None:
        raise Refusal("appeal-suspended")
    if filed.subject not in (NoticeSubject.STOP, NoticeSubject.AMOUNT_CHANGED):
        raise Refusal("nothing-to-suspend", facts={"subject": filed.subject})
    standing = _standing_of(case, filed)
    since = max(standing.from_month, entitlement.first_month_paid(at.date))
    ordered = AppealSuspensionOrdered(
        appeal_id=command.appeal_id,
        recorder=command.recorder,
        from_month=since,
        order=command.order,
    )
    restored = _restored(standing.state, since, command.recorder, filed, at)
    stream = appeal_of(command.case_id, command.appeal_id)
    return [Fact(ordered, stream), *_reopened(case), *restored]


def _counting_again(standing: Standing, at: Moment) -> Event:
    """A stop or a cut that was suspended, from the month after the ruling was recorded."""
    outcome = standing.outcome
    if isinstance(outcome, BenefitStopped):
        last_month = max(outcome.last_month, Month.of(at.date))
        return outcome.model_copy(update={"last_month": last_month})
    if not isinstance(outcome, AmountChanged):
        raise Refusal("nothing-to-suspend")
    from_month = max(outcome.from_month, entitlement.first_month_paid(at.date))
    return outcome.model_copy(update={"from_month": from_month})


def _standing_of(case: Determination, filed: AppealFiled) -> Standing:
    """How the case stood before the decision that is appealed against, if that is the latest."""
    standing = case.before.get(filed.change_id) if filed.change_id is not None else None
    if standing is None:
        raise Refusal("nothing-to-carry-out")
    decisions = [change_id for change_id in case.before if change_id != filed.appeal_id]
    if decisions[-1] != filed.change_id:
        raise Refusal("later-decision-stands")
    return standing


def note_missed_reply(appeal: Appeal, _command: NoteMissedReply, at: Moment) -> Decision:
    """Nobody answered an appeal in time: that is recorded, once."""
    if appeal.filed is None or appeal.replied is not None or appeal.ruled is not None:
        return []
    return _missed(appeal, at)


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
    regime = change.regime_of_change(account.division, account.programme, filed.filed_on, at)
    hands.require_deciding_role(command.role, regime)
    hands.require_separate_hands(command.actor, case.hands("survey", "proposal", "approval"))
    redo = ruled.ruling is AppealRuling.REDO
    if filed.subject is NoticeSubject.REFUSAL:
        events = _refusal_taken_back(case, command, filed, redo=redo)
    else:
        events = _change_taken_back(case, command, filed, at, redo=redo)
    done = AppealRulingCarriedOut(appeal_id=command.appeal_id, restorer=command.actor)
    facts = [Fact(event, policy=regime.version) for event in events]
    return [*facts, Fact(done, appeal_of(command.case_id, command.appeal_id))]


def _refusal_taken_back(
    case: Determination, command: CarryOutRuling, filed: AppealFiled, *, redo: bool
) -> Sequence[Event]:
    """The case is proposed anew; a refusal cannot be replaced by an amount nobody worked out."""
    case.require(Stage.REFUSED)
    return [_revoked(case, command, filed, redo=redo)]


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
    standing = _standing_of(case, filed)
    hands.require_separate_hands(command.actor, standing.hands())
    since = standing.from_month
    revoked = _revoked(case, command, filed, redo=redo, from_month=since)
    restored = _restored(standing.state, since, command.actor, filed, at)
    events = [revoked, *_reopened(case), *restored]
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


def _reopened(case: Determination) -> Iterator[CaseConfirmed]:
    """A case that has ended is confirmed again from the month after its last."""
    ended = case.ended
    if ended is None or ended.last_month is None or case.confirmed is None:
        return
    anew = {"pay_from": ended.last_month.next(), "members": case.members}
    payee = {} if case.payee is None else {"payee": case.payee}
    yield case.confirmed.model_copy(update={**anew, **payee})


def _restored(
    prior: Determination, since: Month, decider: UUID, filed: AppealFiled, at: Moment
) -> Iterator[Event]:
    """What ran before the decision goes on: a phase-out as it was, else the gap of each month."""
    own = {"change_id": filed.appeal_id, "decider": decider}
    if prior.leaving is not None:
        yield prior.leaving.model_copy(update=own)
        return
    account, basis = prior.known_account(), prior.basis
    if basis is None:
        raise Refusal("nothing-to-carry-out")
    regime = change.regime_of_change(account.division, account.programme, at.date, at)
    standard_fen = regime.fen("standard_monthly_fen")
    due = due_by_gap(
        prior,
        prior.people(),
        prior.withheld,
        regime,
        standard_fen=standard_fen,
        counted_income_fen=basis.counted_income_fen,
    )
    current = AmountChanged(
        **own,
        **due,
        persons=basis.persons,
        standard_fen=standard_fen,
        counted_income_fen=basis.counted_income_fen,
        parameters=entitlement.parameters_used(regime),
        from_month=max(since, entitlement.first_month_paid(at.date)),
    )
    yield from amounts_since(prior, current, prior.members, since, at)


def _missed(appeal: Appeal, at: Moment) -> list[Event]:
    filed = appeal.filed
    if filed is None or filed.reply_by is None or appeal.reply_missed:
        return []
    if at.date <= filed.reply_by:
        return []
    return [AppealReplyMissed(appeal_id=filed.appeal_id, reply_by=filed.reply_by)]
