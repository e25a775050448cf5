"""Care agreements: signed, expired, and replaced where a caregiver refuses to mend their ways."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from services.care import rules
from services.care.decisions.care_file import ended
from services.care.decisions.command import Command
from services.care.model import CareFile, Standing
from shared.contracts.care import (
    AgreementEnd,
    AgreementSigned,
    RectificationDone,
    RectificationOrdered,
    RectificationRefused,
)
from shared.contracts.fields import NoteRef, SupportMode
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class Terms(Command):
    """What is agreed: with whom, until when. Ids are of persons, the visitor's of an official."""

    agreement_id: UUID
    until_on: date
    caregiver: UUID
    visitor: UUID
    guardian: UUID | None
    full_capacity: bool
    note: NoteRef


class Sign(Command):
    """An agreement was signed on a day."""

    signed_on: date
    terms: Terms


class ReplaceCaregiver(Command):
    """Another caregiver takes over today, by an agreement of their own."""

    terms: Terms


class Expire(Command):
    """An agreement's term is over."""

    agreement_id: UUID


class OrderRectification(Command):
    """The county orders the caregiver to mend their ways."""

    order_id: UUID
    grounds: NoteRef


class FinishRectification(Command):
    """What became of an order."""

    order_id: UUID
    done: bool
    findings: NoteRef


def sign(file: CareFile, command: Sign, at: Moment) -> Decision:
    """Record an agreement on care at home; there is one at a time.

    It may be recorded some days after it was signed, but holds from then on: not from before the
    first assessment, nor while another one held.
    """
    file.require_open()
    if not file.assessments:
        raise Refusal("assessment-missing", source="民发〔2021〕43号 art. 20")
    if file.mode is not SupportMode.DISPERSED:
        raise Refusal("not-supported-at-home", facts={"mode": file.mode or "none"})
    if file.open_agreement is not None:
        raise Refusal("agreement-open")
    free_from = [a.ended.ended_on for a in file.agreements if a.ended is not None]
    earliest = max([file.assessments[0].assessed_on, *free_from])
    rules.require_day_between("signing-day-impossible", command.signed_on, earliest, at.date)
    return [_signed(file, command.signed_on, command.terms, at)]


def replace_caregiver(file: CareFile, command: ReplaceCaregiver, at: Moment) -> Decision:
    """Close the agreement with a caregiver who refuses to mend their ways, and open another.

    Source: 陕民发〔2022〕23号, 2(2).3 (对拒不整改的予以更换并重新签订协议).
    """
    agreement = file.require_agreement()
    order = agreement.rectification
    if order is None or order.standing is not Standing.REFUSED:
        standing = "none" if order is None else order.standing
        facts: dict[str, int | str] = {"rectification": standing}
        raise Refusal("replaced-only-on-refusal", facts=facts, source=rules.VISITS_SOURCE)
    if command.terms.caregiver == agreement.signed.caregiver:
        raise Refusal("same-caregiver", source=rules.VISITS_SOURCE)
    return [
        ended(agreement, AgreementEnd.CAREGIVER_REPLACED, at.date),
        _signed(file, at.date, command.terms, at),
    ]


def _signed(file: CareFile, signed_on: date, terms: Terms, at: Moment) -> AgreementSigned:
    """The agreement, if parties and term are in order."""
    rules.require_parties(
        file.require_open().person_id,
        terms.caregiver,
        terms.visitor,
        has_full_capacity=terms.full_capacity,
    )
    rules.require_term(signed_on, terms.until_on, at.date)
    covered = any(a.holds_on(signed_on.replace(day=1)) for a in file.agreements)
    return AgreementSigned(
        agreement_id=terms.agreement_id,
        signed_on=signed_on,
        until_on=terms.until_on,
        caregiver=terms.caregiver,
        visitor=terms.visitor,
        guardian=terms.guardian,
        first_month=rules.first_month_owed(signed_on, covered_on_the_first=covered),
        terms=terms.note,
    )


def expire(file: CareFile, command: Expire, _at: Moment) -> Decision:
    """End an agreement whose term is over, unless it has ended before."""
    agreement = file.agreement(command.agreement_id)
    if agreement is None or agreement.ended is not None:
        return []
    ended_on = agreement.signed.until_on + timedelta(days=1)
    return [ended(agreement, AgreementEnd.EXPIRED, ended_on)]


def order_rectification(file: CareFile, command: OrderRectification, at: Moment) -> Decision:
    """Order the caregiver of the open agreement to mend their ways; one order at a time.

    Once they refused there is no second order: they are replaced.
    Source: 陕民发〔2022〕23号, 2(2).3 (县级民政部门要及时督促整改).
    """
    opened, agreement = file.require_open(), file.require_agreement()
    last = agreement.rectification
    if last is not None and last.standing is not Standing.DONE:
        facts: dict[str, int | str] = {"rectification": last.standing}
        raise Refusal("rectification-ordered", facts=facts, source=rules.VISITS_SOURCE)
    regime = rules.regime_on(opened.division, at.date, at)
    ordered = RectificationOrdered(
        order_id=command.order_id,
        agreement_id=agreement.signed.agreement_id,
        grounds=command.grounds,
        due=rules.rectification_due(at.date, regime),
    )
    return [Fact(ordered, policy=regime.version)]


def finish_rectification(file: CareFile, command: FinishRectification, _at: Moment) -> Decision:
    """Record that the open order was followed, or that the caregiver refuses to (拒不整改)."""
    last = file.require_agreement().rectification
    is_open = last is not None and last.standing is Standing.OPEN
    if last is None or not is_open or last.ordered.order_id != command.order_id:
        raise Refusal("no-such-order", status=404)
    event = RectificationDone if command.done else RectificationRefused
    return [event(order_id=command.order_id, findings=command.findings)]
