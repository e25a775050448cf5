"""Offers of work that members took up or refused, and what becomes of their own share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from uuid import UUID

from services.decision.decisions.amounts import entered_alone
from services.decision.decisions.command import Command
from services.decision.model import Determination, work_of
from services.decision.model.work import OpenConsequence, WorkRecord
from services.decision.rules import change, entitlement, hands, work
from shared.calendar import Month
from shared.contracts.changes import AmountChanged
from shared.contracts.circumstances import LabourAbility, Occupation
from shared.contracts.decision import BenefitProposed
from shared.contracts.fields import NoteRef, Programme
from shared.contracts.standards import AmountRedetermined
from shared.contracts.work import (
    WithheldShare,
    WorkConsequence,
    WorkConsequenceCause,
    WorkConsequenceDecided,
    WorkConsequenceDropped,
    WorkConsequenceHeard,
    WorkConsequenceOpened,
    WorkExcuse,
    WorkOfferAnswered,
    WorkOfferKind,
    WorkResponse,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


class RecordWorkOffer(Command):
    """Take down what a member was offered, and what came of it."""

    case_id: UUID
    offer_id: UUID
    consequence_id: UUID
    recorder: UUID
    person_id: UUID
    kind: WorkOfferKind
    offered_on: date
    answered_on: date
    labour: LabourAbility
    occupation: Occupation
    response: WorkResponse
    excuse: WorkExcuse | None = None
    findings: NoteRef


class HearAboutWork(Command):
    """Take down what the household says before a member's own share is cut."""

    case_id: UUID
    consequence_id: UUID
    statement: NoteRef


class DecideWorkConsequence(Command):
    """Decide about a member's own share, in a role; none under a *may* with an explanation."""

    case_id: UUID
    consequence_id: UUID
    actor: UUID
    role: str
    consequence: WorkConsequence
    explanation: NoteRef | None = None


class ReopenConsequence(Command):
    """What was decided about a member's own share fell, and is to be decided anew."""

    consequence_id: UUID


def record_work_offer(
    case: Determination, record: WorkRecord, command: RecordWorkOffer, at: Moment
) -> Decision:
    """Record an answered offer, and open what it leads to.

    Rows go by the day of the answer, so that an excuse that is recorded late still breaks one.
    """
    case.require_in_benefit(Month.of(at.date))
    account = case.known_account()
    if account.programme is not Programme.DIBAO:
        raise Refusal("programme-without-changes", facts={"programme": account.programme})
    if command.person_id not in case.people():
        raise Refusal("person-not-in-household", facts={"lines": 1}, status=422)
    if not command.offered_on <= command.answered_on <= at.date:
        facts: dict[str, int | str] = {
            "offered_on": command.offered_on.isoformat(),
            "answered_on": command.answered_on.isoformat(),
        }
        raise Refusal("work-offer-dates-astray", facts=facts, status=422)
    if (command.excuse is not None) != (command.response is WorkResponse.EXCUSED):
        raise Refusal("work-excuse-astray", facts={"response": command.response}, status=422)
    regime = entitlement.regime_on(account, at.date, at)
    limit = work.limit_of(command.kind, regime)
    work.require_bound_to_work(
        command.kind, command.labour, command.occupation, account.circumstances, regime
    )
    stated = command.model_dump(exclude={"case_id", "consequence_id"})
    unplaced = WorkOfferAnswered(division=account.division, refusals=0, **stated)
    row = WorkRecord((*record.offers, unplaced)).row(command.person_id, command.kind)
    refusals = work.refusals_in_a_row(offer.response for offer in row)
    answered = unplaced.model_copy(update={"refusals": refusals})
    following = _following(case, record, command, answered, limit, at.date)
    stream = work_of(command.case_id)
    return [Fact(event, stream, policy=regime.version) for event in (answered, *following)]


def _following(
    case: Determination,
    record: WorkRecord,
    command: RecordWorkOffer,
    answered: WorkOfferAnswered,
    limit: int,
    on: date,
) -> Iterator[Event]:
    """What an answer opens, and what it takes the ground from; one matter a row at a time."""
    part = _part_withheld(case, command.person_id, command.kind)
    cause = work.cause_to_decide(command.response, answered.refusals, limit, part)
    waiting = record.about(command.person_id, command.kind)
    if waiting is not None:
        at_limit = waiting.opened.cause is WorkConsequenceCause.LIMIT_REACHED
        if at_limit == (answered.refusals >= limit):
            return
        yield WorkConsequenceDropped(consequence_id=waiting.opened.consequence_id)
    if cause is not None:
        yield WorkConsequenceOpened(
            consequence_id=command.consequence_id,
            person_id=command.person_id,
            kind=command.kind,
            cause=cause,
            refusals=answered.refusals,
            opened_on=on,
            recorder=command.recorder,
        )


def hear_about_work(
    case: Determination, record: WorkRecord, command: HearAboutWork, at: Moment
) -> Decision:
    """Record that the household was heard about a consequence that is not decided."""
    case.require_in_benefit(Month.of(at.date))
    record.open_consequence(command.consequence_id)
    heard = WorkConsequenceHeard(consequence_id=command.consequence_id, statement=command.statement)
    return [Fact(heard, work_of(command.case_id))]


def decide_work_consequence(
    case: Determination, record: WorkRecord, command: DecideWorkConsequence, at: Moment
) -> Decision:
    """Decide about a member's own share: by the deciding level, not by who recorded the refusals.

    The household's amount follows from the next month on, as with any other change of it: the
    member's share is taken off, or comes back; the others' stay.
    """
    case.require_in_benefit(Month.of(at.date))
    waiting = record.open_consequence(command.consequence_id)
    opened = waiting.opened
    regime = entitlement.regime_on(case.known_account(), opened.opened_on, at)
    hands.require_deciding_role(command.role, regime)
    recorders = {o.recorder for o in record.row(opened.person_id, opened.kind)}
    before = {**case.hands("survey"), "record": frozenset(recorders)}
    hands.require_separate_hands(command.actor, before)
    case.require_not_leaving()
    work.require_allowed(
        opened.cause,
        opened.kind,
        command.consequence,
        regime,
        explained=command.explanation is not None,
    )
    return list(_decided(case, waiting, command, regime, at))


def reopen_consequence(
    record: WorkRecord, case: Determination, command: ReopenConsequence, _at: Moment
) -> Decision:
    """Have a consequence wait again, under the regime of the day it first opened.

    Not of who is of the household no longer, nor where another about the same row waits by now.
    """
    opened = record.opened.get(command.consequence_id)
    if opened is None or opened.person_id not in case.people():
        return []
    return [] if record.about(opened.person_id, opened.kind) is not None else [opened]


def _decided(
    case: Determination,
    waiting: OpenConsequence,
    command: DecideWorkConsequence,
    regime: Parameters,
    at: Moment,
) -> Iterator[Fact]:
    opened, basis = waiting.opened, _basis(case)
    alone = entered_alone(case, regime, basis.standard_fen, at)
    shares = work.own_shares(case.gap_fen, case.people(), alone)
    if opened.person_id not in shares:
        raise Refusal("no-own-share")
    withheld = _withheld(case, command.consequence, opened, regime)
    withheld_fen = work.withheld_fen(shares, withheld, regime)
    if withheld_fen > case.withheld_fen:
        change.require_hearing(regime, heard=waiting.heard)
    own_share_fen = work.in_fen(shares[opened.person_id], regime)
    parameters = entitlement.parameters_used(regime)
    decided = WorkConsequenceDecided(
        consequence_id=opened.consequence_id,
        decider=command.actor,
        person_id=opened.person_id,
        kind=opened.kind,
        consequence=command.consequence,
        own_share_fen=own_share_fen,
        parameters=parameters,
        explanation=command.explanation,
    )
    yield Fact(decided, work_of(command.case_id), policy=regime.version)
    if command.consequence is not WorkConsequence.NONE:
        changed = AmountChanged(
            change_id=opened.consequence_id,
            decider=command.actor,
            persons=basis.persons,
            standard_fen=basis.standard_fen,
            counted_income_fen=basis.counted_income_fen,
            parameters=parameters,
            explanation=command.explanation,
            amount_fen=case.gap_fen - withheld_fen,
            from_month=entitlement.first_month_paid(at.date),
            withheld=withheld or None,
            withheld_fen=withheld_fen or None,
            topups=basis.topups,
            tier=basis.tier,
            single_persons=alone or None,
        )
        yield Fact(changed, policy=regime.version)


def _withheld(
    case: Determination,
    consequence: WorkConsequence,
    opened: WorkConsequenceOpened,
    regime: Parameters,
) -> tuple[WithheldShare, ...]:
    """What is withheld of whom once a consequence is decided."""
    if consequence is WorkConsequence.NONE:
        return case.withheld
    row = opened.person_id, opened.kind
    others = tuple(w for w in case.withheld if (w.person_id, w.kind) != row)
    part = work.share_withheld(consequence, regime)
    if not part:
        return others
    own = WithheldShare(
        person_id=opened.person_id,
        kind=opened.kind,
        numerator=part.numerator,
        denominator=part.denominator,
    )
    return (*others, own)


def _part_withheld(case: Determination, person_id: UUID, kind: WorkOfferKind) -> Fraction:
    of_kind = [w for w in case.withheld if w.kind is kind]
    return work.withheld_part(of_kind, person_id)


def _basis(case: Determination) -> BenefitProposed | AmountChanged | AmountRedetermined:
    """The figures that the amount rests on; a confirmed case has them."""
    if case.basis is None:
        raise Refusal("wrong-stage", facts={"stage": case.stage, "allowed": "confirmed"})
    return case.basis
