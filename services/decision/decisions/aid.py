"""Aid without a check: granted at once by its tier, explained afterwards, or refused."""

from __future__ import annotations

from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import Aid, AidStage
from services.decision.rules import aid as rules
from services.decision.rules import aid_forms, instalments
from services.decision.rules.entitlement import parameters_used
from services.decision.rules.hands import require_separate_hands
from shared.contracts.aid import (
    AidExplained,
    AidExplanationMissed,
    AidGranted,
    AidInstalment,
    AidOpened,
    AidReferredToCounty,
    AidRefusalReason,
    AidRefused,
    AidTier,
)
from shared.contracts.aid_needs import InKind, value_of
from shared.contracts.decision import CaseEnded, EndReason
from shared.contracts.fields import AidKind, NoteRef
from shared.contracts.intake import Material
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


class OpenAid(Command):
    """Take over what was accepted."""

    opened: AidOpened


class GrantAid(Command):
    """Grant money in fen, goods and services, once and in total, in a role.

    The ``later`` instalments are parts of the money; none where all of it is paid at once.
    """

    actor: UUID
    role: str
    amount_fen: int
    in_kind: tuple[InKind, ...] = ()
    later: tuple[AidInstalment, ...] = ()

    @property
    def value_fen(self) -> int:
        """The worth of all of it, which limits and caps count."""
        return value_of(self.amount_fen, self.in_kind)


class RefuseAid(Command):
    """Refuse an aid, in a role."""

    actor: UUID
    role: str
    reason: AidRefusalReason
    explanation: NoteRef


class ExplainAid(Command):
    """Add the papers and findings that were left out at first."""

    actor: UUID
    materials: tuple[Material, ...]
    findings: NoteRef


class NoteMissedExplanation(Command):
    """The last day for the explanation is over."""


def open_aid(aid: Aid, command: OpenAid, _at: Moment) -> Decision:
    """Open the aid of an accepted application; one per application."""
    aid.require(AidStage.NONE)
    return [command.opened]


def grant_aid(aid: Aid, command: GrantAid, at: Moment) -> Decision:
    """Grant emergency aid, by the tier that it lies with.

    What a township needs beyond its limit is referred to the county: that is recorded, and
    nobody at the township can grant it any more.
    """
    require_grantable(aid, AidKind.EMERGENCY, command)
    return grant(aid, command, at)


def require_grantable(aid: Aid, kind: AidKind, command: GrantAid) -> None:
    """It is of something, and an aid of the kind waits for it by this tier and by other hands."""
    aid_forms.require_stated_once(command.amount_fen, command.in_kind)
    aid.require(AidStage.OPENED, AidStage.REFERRED)
    rules.require_kind(aid.known(), kind)
    rules.require_tier(command.role, aid.tier)
    require_separate_hands(command.actor, aid.hands("assessment", "referral"))


def grant(aid: Aid, command: GrantAid, at: Moment, *beside: Parameters) -> list[Fact]:
    """Grant aid that needs no check; ``beside`` are other parameters that were read.

    In the forms that were assessed, where they were; its explanation waits for its last stage.
    """
    opened = aid.known()
    regime = rules.regime_of_aid(opened, at)
    aid_forms.require_given_here(command.in_kind, regime)
    aid_forms.require_assessed(opened.aid.kind, aid.assessed, regime)
    aid_forms.require_as_assessed(aid.assessed, command.amount_fen, command.in_kind)
    instalments.require_instalments(
        opened.aid.kind, command.later, command.amount_fen, at.date, regime
    )
    if aid.tier is AidTier.TOWNSHIP:
        limit_fen = regime.fen("township_aid_limit_fen")
        if not rules.is_within_township_limit(command.value_fen, limit_fen):
            referred = AidReferredToCounty(
                referred_by=command.actor, amount_fen=command.value_fen, limit_fen=limit_fen
            )
            return [Fact(referred, policy=regime.version)]
    due = rules.explanation_due(instalments.last_day(at.date, command.later), regime)
    delivery_due = aid_forms.delivery_due(opened, command.in_kind, at.date, regime)
    follow_up_on = rules.follow_up_on(at.date, regime)
    granted = AidGranted(
        granter=command.actor,
        tier=aid.tier,
        division=opened.division,
        payee=opened.applicant,
        amount_fen=command.amount_fen,
        pay_by=rules.pay_by_of(opened),
        explanation_due=due,
        parameters=parameters_used(regime, *beside),
        follow_up_on=follow_up_on,
        in_kind=command.in_kind or None,
        delivery_due=delivery_due,
        later=command.later or None,
    )
    return [Fact(granted, policy=regime.version)]


def refuse_aid(aid: Aid, command: RefuseAid, _at: Moment) -> Decision:
    """Refuse an aid that needs no check, by the tier that it lies with."""
    aid.require(AidStage.OPENED, AidStage.REFERRED)
    rules.require_no_check(aid.known())
    rules.require_tier(command.role, aid.tier)
    return [
        AidRefused(decider=command.actor, reason=command.reason, explanation=command.explanation)
    ]


def explain_aid(aid: Aid, command: ExplainAid, at: Moment) -> Decision:
    """Explain a granted aid, by other hands than granted it; that ends the case.

    It waits for the last stage and the last delivery. A late explanation is recorded all the
    same, and that it was late beside it.
    """
    aid.require(AidStage.GRANTED)
    require_separate_hands(command.actor, aid.hands("grant", "referral"))
    if aid.is_outstanding:
        facts = {"stages": len(aid.instalments_to_come), "in_kind": len(aid.in_kind_to_come)}
        raise Refusal("aid-outstanding", facts=facts)
    opened = aid.known()
    ended = CaseEnded(
        programme=opened.programme,
        division=opened.division,
        members=opened.members,
        reason=EndReason.AID_EXPLAINED,
    )
    explained = AidExplained(
        explained_by=command.actor, materials=command.materials, findings=command.findings
    )
    return [*_missed(aid, at), explained, ended]


def note_missed_explanation(aid: Aid, _command: NoteMissedExplanation, at: Moment) -> Decision:
    """Nobody explained the aid in time: that is recorded, once."""
    return _missed(aid, at) if aid.stage is AidStage.GRANTED else []


def _missed(aid: Aid, at: Moment) -> list[Event]:
    granted = aid.granted
    due = granted.explanation_due if granted is not None else None
    if due is None or aid.explanation_missed or at.date <= due.on:
        return []
    return [AidExplanationMissed(due=due)]
