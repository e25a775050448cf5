"""What the steps of temporary assistance say in print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from services.decision.printed.household import called
from services.decision.printed.sources import Sources
from services.decision.printed.words import day_of, said, yuan
from shared.contracts.aid import (
    AidExplained,
    AidExplanationMissed,
    AidFollowedUp,
    AidGranted,
    AidInstalmentReleased,
    AidOpened,
    AidPayeeNamed,
    AidReferredToCounty,
    AidRefused,
    AidRestStopped,
)
from shared.contracts.aid_needs import (
    AidDeliveryMissed,
    AidInKindDelivered,
    AidNeedsAssessed,
    InKind,
)
from shared.contracts.fields import AidKind

_PAID_WITHIN: Final[Mapping[AidKind, str]] = {
    AidKind.EMERGENCY: "emergency_pay_within_working_days",
    AidKind.SMALL_QUICK: "small_aid_pay_within_days",
    AidKind.EXPENSE: "expense_aid_pay_within_working_days",
}
"""By which term aid of a kind is to be paid."""


def aid_lines(event: Any, who: Mapping[UUID, str], sources: Sources) -> Iterator[str]:
    """What a step of temporary assistance says."""
    yield from _decided(event, sources)
    yield from _of_the_rest(event, who, sources)


def _decided(event: Any, sources: Sources) -> Iterator[str]:
    match event:
        case AidOpened():
            asked = event.aid
            yield f"  {said('aid', asked.kind)}；{said('aid_cause', asked.cause)}"
            yield f"  {said('aid_place', asked.place)}"
            yield f"  申请金额，一次性 / Asked for, once: {yuan(asked.requested_fen)}"
            if event.pay_by is not None:
                term = _paid_within(sources, asked.kind)
                yield f"  发放期限 / To be paid by: {day_of(event.pay_by)}{term}"
        case AidReferredToCounty():
            most = f"乡镇限额 / the township's limit: {yuan(event.limit_fen)}"
            yield f"  {yuan(event.amount_fen)}；{most}{sources.rule('township_aid_limit_fen')}"
        case AidGranted():
            yield f"  {said('tier', event.tier)}，一次性 / once: {yuan(event.amount_fen)}"
            if event.first_fen:
                term = _paid_within(sources, sources.aid_kind)
                yield f"  发放期限 / To be paid by: {day_of(event.pay_by)}{term}"
            yield from _granted_beside(event, sources)
            if event.explanation_due is not None:
                term = sources.term("aid_explanation_within_working_days")
                yield f"  补齐手续期限 / To be explained by: {day_of(event.explanation_due)}{term}"
            if event.follow_up_on is not None:
                term = sources.term("aid_follow_up_after_days")
                yield f"  跟进日期 / To be followed up on: {event.follow_up_on}{term}"
        case AidRefused():
            yield f"  {said('aid_reason', event.reason)}"
        case AidExplained():
            yield f"  材料 / materials: {len(event.materials)}"
        case AidExplanationMissed():
            yield f"  期限 / Last day: {day_of(event.due)}"
        case AidFollowedUp():
            none = "生活已无困难 / no hardship any more"
            yield "  " + ("；".join(said("hardship", one) for one in event.hardship) or none)


def _paid_within(sources: Sources, kind: AidKind | None) -> str:
    return "" if kind is None else sources.term(_PAID_WITHIN[kind])


def _granted_beside(event: AidGranted, sources: Sources) -> Iterator[str]:
    """What is paid later, and what is given in kind."""
    if event.later:
        yield f"    首次 / at once: {yuan(event.first_fen)}"
    for number, one in enumerate(event.later or (), start=2):
        yield f"    第{number}次 / stage {number}, {one.due_on}: {yuan(one.amount_fen)}"
    yield from in_kind_lines(event.in_kind or ())
    if event.delivery_due is not None:
        term = sources.term("aid_delivery_within_working_days")
        yield f"  提供期限 / To be delivered by: {day_of(event.delivery_due)}{term}"


def in_kind_lines(in_kind: Iterable[InKind]) -> Iterator[str]:
    """Goods and services, each with its form and its worth."""
    for one in in_kind:
        kind, form = said("in_kind", one.kind), said("aid_form", one.kind.form)
        yield f"    {form}，{kind}: 折价 / worth {yuan(one.value_fen)}"


def _of_the_rest(event: Any, who: Mapping[UUID, str], sources: Sources) -> Iterator[str]:
    match event:
        case AidNeedsAssessed():
            yield f"  评估人 / assessors: {len(event.assessors)}"
            yield f"  {said('aid_form', 'money')}: {yuan(event.money_fen)}"
            yield from in_kind_lines(event.in_kind)
        case AidInstalmentReleased():
            yield f"  第{event.number}次 / stage {event.number}: {yuan(event.amount_fen)}"
            of_expenses = sources.aid_kind is AidKind.EXPENSE
            term = _paid_within(sources, AidKind.EXPENSE if of_expenses else AidKind.EMERGENCY)
            yield f"  发放期限 / To be paid by: {day_of(event.pay_by)}{term}"
        case AidInKindDelivered():
            yield f"  {said('in_kind', event.kind)}，{event.delivered_on}"
            yield f"  接收人 / received by: {called(who, event.received_by)}"
            if event.referred_to is not None:
                yield f"  转介至 / referred to: {said('other_help', event.referred_to)}"
        case AidDeliveryMissed():
            yield f"  期限 / Last day: {day_of(event.due)}"
            yield from in_kind_lines(event.outstanding)
        case AidRestStopped():
            yield f"  {said('rest_stopped', event.reason)}"
            stages = f"（{len(event.instalments)}）"
            yield f"  不再发放 / not paid any more{stages}: {yuan(event.amount_fen)}"
            yield from in_kind_lines(event.in_kind)
        case AidPayeeNamed():
            yield f"  领款人 / paid to: {called(who, event.payee)}"
