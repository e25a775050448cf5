"""Notices: owed by a decision, served on a household, missed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Determination, notices_of
from services.decision.model.notices import Notice, Notices
from services.decision.rules import notices as rules
from services.decision.rules.entitlement import regime_on
from shared.contracts.fields import Due, NoteRef
from shared.contracts.notices import (
    GrantTold,
    NoticeDeadlineMissed,
    NoticeOwed,
    NoticeServed,
    NoticeSubject,
    ServiceManner,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


class OweNotice(Command):
    """A decision is to be told; ``due`` where the decision itself set it."""

    case_id: UUID
    notice_id: UUID
    subject: NoticeSubject
    entry: UUID
    due: Due | None = None
    change_id: UUID | None = None


class ServeNotice(Command):
    """Take down how, when, by whom and to whom a notice was served."""

    case_id: UUID
    notice_id: UUID
    server: UUID
    manner: ServiceManner
    served_on: date
    recipient: UUID | None = None
    witness: UUID | None = None
    proof: NoteRef


class TellGrant(Command):
    """Take down how, when, by whom and to whom a grant's certificate or notice was handed over."""

    case_id: UUID
    server: UUID
    manner: ServiceManner
    served_on: date
    recipient: UUID | None = None
    witness: UUID | None = None
    proof: NoteRef


class NoteMissedNotice(Command):
    """The last day for a notice is over."""

    notice_id: UUID


def owe_notice(case: Determination, notices: Notices, command: OweNotice, at: Moment) -> Decision:
    """What was decided is to be told in writing, once, however many its events; again where it fell
    and was made anew.

    To whoever is paid for the household now; to the applicant where nobody is.
    """
    if command.notice_id in notices.all:
        return []
    if command.change_id is not None:
        told = [notice.owed.change_id for notice in notices.all.values()]
        if told.count(command.change_id) > case.redone.count(command.change_id):
            return []
    account = case.known_account()
    regime = regime_on(account, at.date, at)
    owed = NoticeOwed(
        notice_id=command.notice_id,
        subject=command.subject,
        entry=command.entry,
        division=account.division,
        addressee=case.payee or account.applicant,
        decided_on=at.date,
        due=command.due or rules.change_notice_due(at.date, regime),
        change_id=command.change_id,
    )
    return [Fact(owed, notices_of(command.case_id), policy=regime.version)]


def serve_notice(
    case: Determination, notices: Notices, command: ServeNotice, at: Moment
) -> Decision:
    """Record the service of a notice; a late one is recorded all the same, with its lateness.

    To a member of the household, or who is paid for it; by public notice to nobody, and it counts
    some days later. The times for an appeal run from the day on which it counts.
    """
    notice = notices.unserved(command.notice_id)
    _require_in_order(command.served_on, notice.owed.decided_on, at)
    _require_handed_over(case, command)
    regime = regime_on(case.known_account(), command.served_on, at)
    served = NoticeServed(**command.model_dump(exclude={"case_id"}), **_times_from(command, regime))
    stream = notices_of(command.case_id)
    late = _missed(notice, command.served_on)
    return [Fact(event, stream, policy=regime.version) for event in (*late, served)]


def tell_grant(case: Determination, notices: Notices, command: TellGrant, at: Moment) -> Decision:
    """Record that a household was told in writing that it is granted; once of each confirmation.

    Source: 民发〔2012〕220号, art. 29 (发给低保证); 民发〔2021〕57号, art. 21 (低保证或确认通知书).
    """
    confirmed = case.confirmed
    if confirmed is None:
        raise Refusal("grant-not-confirmed")
    before = [one for one in notices.granted if one.pay_from == confirmed.pay_from]
    if before:
        raise Refusal("grant-told", facts={"served_on": before[0].served_on.isoformat()})
    account = case.known_account()
    _require_in_order(command.served_on, account.accepted_on, at)
    _require_handed_over(case, command)
    regime = regime_on(account, command.served_on, at)
    told = GrantTold(
        **command.model_dump(exclude={"case_id"}),
        pay_from=confirmed.pay_from,
        **_times_from(command, regime),
    )
    return [Fact(told, notices_of(command.case_id), policy=regime.version)]


def note_missed_notice(notices: Notices, command: NoteMissedNotice, at: Moment) -> Decision:
    """Nobody served a notice in time: that is recorded, once."""
    notice = notices.all.get(command.notice_id)
    if notice is None or notice.served is not None:
        return []
    return _missed(notice, at.date)


def _require_in_order(served_on: date, not_before: date, at: Moment) -> None:
    if not not_before <= served_on <= at.date:
        raise Refusal(
            "notice-date-astray",
            facts={"served_on": served_on.isoformat(), "allowed": f"{not_before} to {at.date}"},
            status=422,
        )


def _require_handed_over(case: Determination, command: ServeNotice | TellGrant) -> None:
    """To a member or who is paid; by public notice to nobody; what is left has a witness."""
    by_public_notice = command.manner is ServiceManner.PUBLIC_NOTICE
    if (command.recipient is None) != by_public_notice:
        raise Refusal("notice-recipient-astray", facts={"manner": command.manner}, status=422)
    if command.recipient not in (None, case.payee, *case.people()):
        raise Refusal("person-not-in-household", facts={"lines": 1}, status=422)
    left = command.manner is ServiceManner.LEFT
    if left and command.witness in (None, command.server):
        raise Refusal("notice-witness-missing", status=422)


def _times_from(command: ServeNotice | TellGrant, regime: Parameters) -> dict[str, date]:
    """When it counts as served, and the times for an appeal that run from there."""
    counted_on = rules.counts_on(command.manner, command.served_on, regime)
    return {
        "counts_on": counted_on,
        "reconsideration_until": rules.reconsideration_until(counted_on, regime),
        "court_until": rules.court_until(counted_on, regime),
    }


def _missed(notice: Notice, on: date) -> list[Event]:
    if notice.missed or on <= notice.owed.due.on:
        return []
    return [NoticeDeadlineMissed(notice_id=notice.owed.notice_id, due=notice.owed.due)]
