"""Aided households looked after again (跟进救助): when it falls due, and what was found."""

from __future__ import annotations

from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Aid, AidStage
from shared.contracts.aid import AidFollowedUp, AidFollowUpOpened
from shared.contracts.fields import NoteRef, Programme
from shared.contracts.recognition import HardshipGround, PotentialRecipientListed
from shared.kernel.decider import Decision, Moment, Refusal
from shared.kernel.event import Event


class OpenFollowUp(Command):
    """The day has come on which an aided household is looked after."""


class RecordFollowUp(Command):
    """Take down what still weighs on an aided household; nothing, where it is over."""

    actor: UUID
    hardship: tuple[HardshipGround, ...]
    findings: NoteRef


def open_follow_up(aid: Aid, _command: OpenFollowUp, at: Moment) -> Decision:
    """An aided household is to be looked after, unless it was already; once."""
    granted = aid.granted
    if granted is None or granted.follow_up_on is None or at.date < granted.follow_up_on:
        return []
    if aid.follow_up_opened or aid.followed_up is not None:
        return []
    return [AidFollowUpOpened()]


def record_follow_up(aid: Aid, command: RecordFollowUp, _at: Moment) -> Decision:
    """What was found, once; a household still in hardship is kept in mind for dibao.

    Nobody need wait for the day to look after somebody.
    Source: 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(6) (跟进救助); 闽民救〔2020〕21号, 2(2).3;
    社会救助兜底脱贫行动方案 (一段时间后生活仍然困难的，按规定纳入).
    """
    aid.require(AidStage.GRANTED, AidStage.EXPLAINED)
    if aid.followed_up is not None:
        raise Refusal("followed-up-before")
    hardship = tuple(ground for ground in HardshipGround if ground in command.hardship)
    followed_up: list[Event] = [
        AidFollowedUp(followed_up_by=command.actor, hardship=hardship, findings=command.findings)
    ]
    if not hardship:
        return followed_up
    opened = aid.known()
    listed = PotentialRecipientListed(
        programme=Programme.DIBAO,
        division=opened.division,
        applicant=opened.applicant,
        members=opened.members,
        hardship=hardship,
    )
    return [*followed_up, listed]
