"""What a household needs, and what it is given beside money: goods and services (物质+服务)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import Due, Fields, NoteRef
from shared.contracts.screening import OtherHelp
from shared.kernel.event import Event
from shared.money import Fen


class AidForm(StrEnum):
    """The forms of aid: money, goods, or a service that is rendered or referred to."""

    MONEY = "money"
    GOODS = "goods"
    SERVICE = "service"


class AidInKind(StrEnum):
    """Goods and services that temporary assistance may consist of; which a place gives is dated.

    Goods: 衣物、食品、饮用水、临时住所. Services: 转介服务 (国发〔2014〕47号); 访视、照料,
    心理疏导、资源链接、能力提升、社会融入 (巩固拓展脱贫攻坚兜底保障成果指导意见, 2(7)).
    """

    CLOTHING = "clothing"
    FOOD = "food"
    DRINKING_WATER = "drinking_water"
    TEMPORARY_LODGING = "temporary_lodging"
    REFERRAL = "referral"
    HOME_VISITS = "home_visits"
    CARE = "care"
    COUNSELLING = "counselling"
    RESOURCE_LINKING = "resource_linking"
    ABILITY_BUILDING = "ability_building"
    SOCIAL_INCLUSION = "social_inclusion"

    @property
    def form(self) -> AidForm:
        """Whether it is handed over, or rendered."""
        return AidForm.GOODS if self in _GOODS else AidForm.SERVICE


_GOODS: Final = frozenset(
    {
        AidInKind.CLOTHING,
        AidInKind.FOOD,
        AidInKind.DRINKING_WATER,
        AidInKind.TEMPORARY_LODGING,
    }
)


class InKind(Fields):
    """Goods or a service of one kind, and what it is worth; nothing where nothing is spent."""

    kind: AidInKind
    value_fen: Fen


InKinds = Annotated[tuple[InKind, ...], Field(max_length=len(AidInKind))]


def value_of(money_fen: int, in_kind: Iterable[InKind]) -> int:
    """What an aid is worth, in fen: its money and its goods and services."""
    return money_fen + sum(one.value_fen for one in in_kind)


class AidNeedsAssessed(Event, service="decision", name="aid-needs-assessed"):
    """What the household needs was assessed: how much of it as money, what else in kind.

    A later assessment takes the place of an earlier one, until the grant.
    """

    assessors: Annotated[tuple[UUID, ...], Field(min_length=1)]
    money_fen: Fen
    in_kind: InKinds
    findings: NoteRef


class AidInKindDelivered(Event, service="decision", name="aid-in-kind-delivered"):
    """Goods were handed over, or a service rendered: by whom, to whom of the household, and when.

    ``referred_to`` is who took a referral on.
    """

    kind: AidInKind
    delivered_by: UUID
    received_by: UUID
    delivered_on: date
    referred_to: OtherHelp | None = None


class AidDeliveryMissed(Event, service="decision", name="aid-delivery-missed"):
    """The day passed by which this was to be with the household."""

    due: Due
    outstanding: InKinds
