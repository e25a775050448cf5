"""What a household needs, assessed before the grant; and what is given in kind, delivered after."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.decision.decisions.aid_rest import ended_with
from services.decision.decisions.command import Command
from services.decision.model import Aid, AidStage, Determination, Stage
from services.decision.rules import aid as rules
from services.decision.rules import aid_forms
from services.decision.rules.hands import require_separate_hands
from shared.contracts.aid_needs import (
    AidDeliveryMissed,
    AidInKind,
    AidInKindDelivered,
    AidNeedsAssessed,
    InKind,
)
from shared.contracts.fields import NoteRef
from shared.contracts.screening import OtherHelp
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class AssessNeeds(Command):
    """Take down what a household needs: so much money in fen, these goods and services."""

    assessors: tuple[UUID, ...]
    money_fen: int
    in_kind: tuple[InKind, ...]
    findings: NoteRef


class RecordDelivery(Command):
    """Goods were handed over, or a service rendered, to a member of the household."""

    case_id: UUID
    kind: AidInKind
    delivered_by: UUID
    received_by: UUID
    delivered_on: date
    referred_to: OtherHelp | None = None


class NoteMissedDelivery(Command):
    """The last day for goods and services is over."""


def assess_needs(aid: Aid, case: Determination, command: AssessNeeds, at: Moment) -> Decision:
    """Record what a household needs, and in what form, until anything is proposed or granted.

    Of aid for expenses the proposal rests on it, so there the determination is read as well.
    Source: 陕民发〔2022〕23号, 2(3).2.
    """
    aid.require(AidStage.OPENED, AidStage.REFERRED)
    case.require(Stage.NONE, Stage.OPENED, Stage.RESURVEY)
    regime = rules.regime_of_aid(aid.known(), at)
    aid_forms.require_stated_once(command.money_fen, command.in_kind)
    aid_forms.require_given_here(command.in_kind, regime)
    assessed = AidNeedsAssessed(
        assessors=command.assessors,
        money_fen=command.money_fen,
        in_kind=command.in_kind,
        findings=command.findings,
    )
    return [Fact(assessed, policy=regime.version)]


def record_delivery(aid: Aid, case: Determination, command: RecordDelivery, at: Moment) -> Decision:
    """Record that goods or a service reached the household, by other hands than granted them.

    A late delivery is recorded all the same, and that it was late beside it; of aid for expenses
    the last one ends the case where no stage is to come. It may have gone ahead of the grant
    (先行救助), never of the acceptance.
    """
    aid.require(AidStage.GRANTED)
    opened = aid.known()
    to_come = [one.kind for one in aid.in_kind_to_come]
    if command.kind not in to_come:
        facts = {"kind": command.kind, "allowed": ", ".join(to_come)}
        raise Refusal("nothing-to-deliver", facts=facts)
    require_separate_hands(command.delivered_by, aid.hands("grant"))
    if command.received_by not in {member.person_id for member in opened.members}:
        raise Refusal("person-not-in-household", status=422)
    if not opened.accepted_on <= command.delivered_on <= at.date:
        raise Refusal(
            "delivery-date-astray",
            facts={
                "first_on": opened.accepted_on.isoformat(),
                "last_on": at.date.isoformat(),
            },
            status=422,
        )
    aid_forms.require_referral_named(command.kind, command.referred_to)
    delivered = AidInKindDelivered(
        kind=command.kind,
        delivered_by=command.delivered_by,
        received_by=command.received_by,
        delivered_on=command.delivered_on,
        referred_to=command.referred_to,
    )
    return ended_with(aid, case, command.case_id, [*_missed(aid, at.date), delivered])


def note_missed_delivery(aid: Aid, _command: NoteMissedDelivery, at: Moment) -> Decision:
    """Something did not reach the household in time: that is recorded, once."""
    return _missed(aid, at.date)


def _missed(aid: Aid, on: date) -> list[AidDeliveryMissed]:
    due = aid.granted.delivery_due if aid.granted is not None else None
    outstanding = aid.in_kind_to_come
    if due is None or not outstanding or aid.delivery_missed or on <= due.on:
        return []
    return [AidDeliveryMissed(due=due, outstanding=outstanding)]
