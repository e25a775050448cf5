"""The form of aid: money, goods or a service, as what is needed was assessed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from services.decision.rules.aid import pay_by_of
from shared.contracts.aid import AidOpened
from shared.contracts.aid_needs import AidForm, AidInKind, AidNeedsAssessed, InKind
from shared.contracts.fields import AidKind, Due
from shared.contracts.screening import OtherHelp
from shared.deadlines import working_day_due
from shared.kernel.decider import Refusal
from shared.policy import Parameters

ASSESSED_SOURCE: Final = "陕民发〔2022〕23号, 2(3).2 (合理确定救助方式)"


def require_stated_once(money_fen: int, in_kind: Collection[InKind]) -> None:
    """An aid, or a need, is of something, and each kind of goods and services stands in it once."""
    if money_fen == 0 and not in_kind:
        raise Refusal("aid-of-nothing", status=422)
    if len({one.kind for one in in_kind}) < len(in_kind):
        raise Refusal("in-kind-listed-twice", status=422)


def require_given_here(in_kind: Collection[InKind], regime: Parameters) -> None:
    """The goods and services are among those that aid may consist of there and then.

    Source: 国发〔2014〕47号 (发放实物、提供转介服务); 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(7)
    (物质+服务).
    """
    allowed = regime.codes("aid_in_kind")
    for one in in_kind:
        if one.kind not in allowed:
            raise Refusal(
                "in-kind-not-provided-for",
                facts={"kind": one.kind, "allowed": ", ".join(allowed)},
                source=regime.value("aid_in_kind").source,
            )


def require_assessed(kind: AidKind, assessed: AidNeedsAssessed | None, regime: Parameters) -> None:
    """What is needed was assessed before anything is granted, where the place asks for it.

    Source: 陕民发〔2022〕23号, 2(3).2 (科学评估困难群众实际需求).
    """
    if assessed is None and kind in regime.codes("aid_needs_assessed"):
        raise Refusal(
            "needs-not-assessed",
            facts={"kind": kind},
            source=regime.value("aid_needs_assessed").source,
        )


def require_as_assessed(
    assessed: AidNeedsAssessed | None, money_fen: int, in_kind: Collection[InKind]
) -> None:
    """The grant follows the assessment: the same forms, all of them, none worth more than needed.

    Where nothing was assessed the grant names the forms by itself.
    Source: 陕民发〔2022〕23号, 2(3).2 (合理确定救助方式).
    """
    if assessed is None:
        return
    needed = _by_form(assessed.money_fen, assessed.in_kind)
    granted = _by_form(money_fen, in_kind)
    if needed.keys() != granted.keys():
        raise Refusal(
            "not-as-assessed",
            facts={"granted": ", ".join(granted), "assessed": ", ".join(needed)},
            source=ASSESSED_SOURCE,
        )
    for form, value_fen in granted.items():
        if value_fen > needed[form]:
            raise Refusal(
                "above-assessed-need",
                facts={"form": form, "amount_fen": value_fen, "assessed_fen": needed[form]},
                source=ASSESSED_SOURCE,
            )


def _by_form(money_fen: int, in_kind: Collection[InKind]) -> dict[str, int]:
    """What is needed or granted, in fen: money, if there is any, and each goods and service."""
    stated = {one.kind.value: one.value_fen for one in in_kind}
    money = {AidForm.MONEY.value: money_fen} if money_fen else {}
    return money | {kind.value: stated[kind] for kind in AidInKind if kind in stated}


def delivery_due(
    opened: AidOpened, in_kind: Collection[InKind], granted_on: date, regime: Parameters
) -> Due | None:
    """By when goods and services are to be with the household; ``None`` where there are none.

    Small quick aid is, in whatever form, due within its own few days.
    Source: 法规未作规定; 临时救助意见（2026年） (小额快救).
    """
    if not in_kind:
        return None
    if opened.aid.kind is AidKind.SMALL_QUICK:
        return pay_by_of(opened)
    days = regime.whole("aid_delivery_within_working_days")
    return working_day_due(regime, granted_on, days)


def require_referral_named(kind: AidInKind, referred_to: OtherHelp | None) -> None:
    """A referral says who took it on, and nothing else does (转介服务)."""
    if (kind is AidInKind.REFERRAL) is not (referred_to is not None):
        raise Refusal("referral-astray", facts={"kind": kind}, status=422)
