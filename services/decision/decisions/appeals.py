"""Appeals: filed, answered, ruled upon; a decision that fell is taken back by new hands."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.decisions.restoring import is_latest_decision
from services.decision.decisions.suspending import counting_again
from services.decision.model import (
    Appeal,
    CaseFile,
    Determination,
    Notices,
    appeal_of,
    case_file_of,
)
from services.decision.rules import appeals as rules
from services.decision.rules.entitlement import regime_on
from shared.contracts.appeals import (
    AppealFiled,
    AppealKind,
    AppealOrgan,
    AppealReplied,
    AppealReplyMissed,
    AppealRuled,
    AppealRuling,
    AppealTakenIn,
)
from shared.contracts.fields import NoteRef
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


class RecordRuling(Command):
    """Take down what the organ ruled."""

    case_id: UUID
    appeal_id: UUID
    recorder: UUID
    ruling: AppealRuling
    ruled_on: date
    reasons: NoteRef


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
    regime = regime_on(account, at.date, at)
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

    A stop or a cut that was suspended and stands counts again, after the month of the record,
    unless something was decided since: that rests on the aid that went on.
    """
    filed = appeal.pending()
    case.known_account()
    if not filed.filed_on <= command.ruled_on <= at.date:
        raise Refusal("appeal-date-astray", status=422)
    ruled = AppealRuled(**command.model_dump(exclude={"case_id"}))
    facts = [Fact(ruled, appeal_of(command.case_id, command.appeal_id))]
    upheld = command.ruling is AppealRuling.UPHELD
    if appeal.suspended is not None and upheld and is_latest_decision(case, filed):
        facts += [Fact(event) for event in counting_again(case, filed, at)]
    return facts


def note_missed_reply(appeal: Appeal, _command: NoteMissedReply, at: Moment) -> Decision:
    """Nobody answered an appeal in time: that is recorded, once."""
    if appeal.filed is None or appeal.replied is not None or appeal.ruled is not None:
        return []
    return _missed(appeal, at)


def _missed(appeal: Appeal, at: Moment) -> list[Event]:
    filed = appeal.filed
    if filed is None or filed.reply_by is None or appeal.reply_missed:
        return []
    if at.date <= filed.reply_by:
        return []
    return [AppealReplyMissed(appeal_id=filed.appeal_id, reply_by=filed.reply_by)]
