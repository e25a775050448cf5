"""What notices, reviews, terminations, appeals and meetings say in print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.decision.printed.household import family_lines
from services.decision.printed.sources import Sources
from services.decision.printed.words import day_of, said
from shared.contracts.appeals import (
    AppealFiled,
    AppealReplied,
    AppealReplyMissed,
    AppealRuled,
    AppealSuspensionOrdered,
    AppealTakenIn,
)
from shared.contracts.meetings import CaseMeetingHeld, EntryCorrected
from shared.contracts.notices import NoticeDeadlineMissed
from shared.contracts.reviews import (
    ReviewConcluded,
    ReviewDeadlineMissed,
    ReviewExtended,
    ReviewOpened,
    ReviewScheduled,
)
from shared.contracts.terminations import (
    TerminationConcluded,
    TerminationObjected,
    TerminationObjectionResolved,
    TerminationProposed,
)


def procedure_lines(event: Any, sources: Sources) -> Iterator[str]:
    """The lines of a step of them; none where its name says all."""
    yield from _told_and_reviewed(event)
    yield from _terminated(event, sources)
    yield from _appealed(event, sources)


def _told_and_reviewed(event: Any) -> Iterator[str]:
    match event:
        case NoticeDeadlineMissed():
            yield f"  期限 / Last day: {day_of(event.due)}"
        case ReviewScheduled():
            yield f"  {said('household', event.household)}"
            every = f"每 {event.interval_months} 个月 / months"
            yield f"  {every}: {event.opens_on} – {event.due_on}"
            yield from _without_waiver(event)
        case ReviewOpened():
            if event.occasion is not None:
                yield f"  {said('occasion', event.occasion)}"
            yield f"  期限 / Last day: {event.due_on}"
            yield from _without_waiver(event)
        case ReviewExtended() | ReviewDeadlineMissed():
            yield f"  期限 / Last day: {event.due_on}"
        case ReviewConcluded():
            yield f"  {said('review_manner', event.manner)}: {said('review', event.outcome)}"
            yield from family_lines(event)


def _without_waiver(event: ReviewScheduled | ReviewOpened) -> Iterator[str]:
    if event.without_waiver:
        yield "  免予核对已到期，核对家庭经济状况 / the waiver is over: the family is checked"


def _terminated(event: Any, sources: Sources) -> Iterator[str]:
    match event:
        case TerminationProposed():
            yield f"  {said('reason', event.ground)}；自 {event.from_on} 起 / from then on"
            if event.until_on > event.from_on:
                term = sources.term("termination_publicity_days", event.from_on)
                yield f"  公示至 / Public until: {event.until_on}{term}"
        case TerminationObjected():
            term = sources.term("termination_objection_within_working_days")
            yield f"  核查期限 / To be looked into by: {day_of(event.due)}{term}"
        case TerminationObjectionResolved():
            yield f"  {said('objection', 'upheld' if event.upheld else 'not_upheld')}"
            if event.late:
                yield "  逾期核查 / looked into late"
            if event.until_on is not None:
                term = sources.term("termination_publicity_days")
                yield f"  重新公示至 / Public anew until: {event.until_on}{term}"
        case TerminationConcluded():
            yield f"  {said('termination', event.outcome)}"


def _appealed(event: Any, sources: Sources) -> Iterator[str]:
    match event:
        case AppealTakenIn():
            yield f"  {said('appeal', event.kind)}"
        case AppealFiled():
            yield f"  {said('appeal', event.kind)}，{said('organ', event.organ)}，{event.filed_on}"
            in_time = "期限内 / in time" if event.in_time else "逾期 / late"
            yield f"  {said('subject', event.subject)}；{in_time}"
            if event.reply_by is not None:
                term = sources.term(f"{event.kind}_reply_within_days", event.filed_on)
                yield f"  答复期限 / To be answered by: {event.reply_by}{term}"
        case AppealReplied():
            yield f"  {event.replied_on}，证据 / evidence: {len(event.evidence)}"
        case AppealReplyMissed():
            yield f"  期限 / Last day: {event.reply_by}"
        case AppealSuspensionOrdered():
            yield f"  自 {event.from_month} 起继续发放 / paid on from then on"
        case AppealRuled():
            yield f"  {said('ruling', event.ruling)}，{event.ruled_on}"
        case CaseMeetingHeld():
            yield f"  {said('meeting', event.kind)}，{event.held_on}"
            for one in event.attendance:
                agreed = "同意 / agreed" if one.agreed else "不同意 / did not agree"
                yield f"    {said('body', one.body)}: {agreed}"
            yield f"  {said('resolution', event.resolution)}（{said('force', event.force)}）"
        case EntryCorrected():
            entry = f"第 {event.position} 条 / entry {event.position}"
            yield f"  {said('history', event.stream)}，{entry}"
            if event.reads_date is not None:
                yield f"  日期应为 / the date should read: {event.reads_date}"
            if event.reads_person is not None:
                yield "  人员有误，应为另一人 / it was another person"
