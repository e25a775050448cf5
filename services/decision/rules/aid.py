"""Temporary assistance: who grants it, and what follows a grant.

An aid keeps the regime of the day its application was accepted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from shared.calendar import same_day_after
from shared.contracts.aid import AidOpened, AidTier, SmallAidNoted
from shared.contracts.fields import AidCause, AidKind, Due
from shared.deadlines import working_day_due
from shared.kernel.decider import Moment, Refusal
from shared.money import Rounding, share_of
from shared.policy import Parameters

TIERS_SOURCE = "民发〔2018〕23号 (分级审批: tiered approval)"


def regime_of_aid(opened: AidOpened, at: Moment) -> Parameters:
    """The parameters of an aid: its division's, as of the day it was accepted."""
    return at.policy.at(opened.division, opened.programme, opened.accepted_on)


def is_within_township_limit(amount_fen: int, limit_fen: int) -> bool:
    """Whether a township may grant the amount by itself; the limit itself is within it.

    Source: 民发〔2018〕23号 (乡镇审批额度: the amount is the county's).
    """
    return amount_fen <= limit_fen


def require_kind(opened: AidOpened, kind: AidKind) -> None:
    """Each kind of aid has its own way."""
    if opened.aid.kind is not kind:
        raise Refusal("aid-of-another-kind", facts={"kind": opened.aid.kind, "allowed": kind})


def require_no_check(opened: AidOpened) -> None:
    """Aid for expenses is decided with its determination."""
    if opened.aid.kind is AidKind.EXPENSE:
        without = ", ".join(kind for kind in AidKind if kind is not AidKind.EXPENSE)
        facts = {"kind": opened.aid.kind, "allowed": without}
        raise Refusal("aid-of-another-kind", facts=facts)


def pay_by_of(opened: AidOpened) -> Due:
    """By when an aid without a check is to be paid, as its acceptance has set it."""
    if opened.pay_by is None:
        raise ValueError("an aid without a check was accepted without the day for its money")
    return opened.pay_by


def most_of_small_aid_fen(standard_fen: int, regime: Parameters) -> int:
    """The most that is granted as small quick aid, in fen, once.

    Source: 临时救助意见（2026年） (不超过一个月低保标准); 社会救助法, art. 50.
    """
    rounding = Rounding(regime.code("benefit_rounding"))
    return share_of(standard_fen, regime.ratio("small_aid_cap_standards"), rounding)


def require_small(amount_fen: int, limit_fen: int, regime: Parameters) -> None:
    """Small quick aid goes up to its limit, that included; more is an emergency's.

    Source: 临时救助意见（2026年）.
    """
    if amount_fen > limit_fen:
        raise Refusal(
            "small-aid-above-limit",
            facts={
                "amount_fen": amount_fen,
                "limit_fen": limit_fen,
                "instead": AidKind.EMERGENCY,
            },
            source=regime.value("small_aid_cap_standards").source,
        )


def require_another_hardship(
    before: Iterable[SmallAidNoted], cause: AidCause, on: date, regime: Parameters
) -> None:
    """Small quick aid is given once in a hardship: to nobody for the same cause again so soon.

    The months count from the last grant; on the same day of the last of them it is another
    hardship. See docs/decisions/0036. Source: 临时救助意见（2026年）; 法规未作规定 (the months).
    """
    months = regime.whole("small_aid_same_hardship_months")
    for noted in before:
        again_from = same_day_after(noted.granted_on, months)
        if noted.cause is cause and on < again_from:
            raise Refusal(
                "small-aid-had-before",
                facts={
                    "cause": cause,
                    "granted_on": noted.granted_on.isoformat(),
                    "again_from": again_from.isoformat(),
                    "instead": AidKind.EMERGENCY,
                },
                source=regime.value("small_aid_same_hardship_months").source,
            )


def follow_up_on(granted_on: date, regime: Parameters) -> date:
    """The day on which an aided household is looked after again.

    Source: 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(6) (跟进救助); 法规未作规定 (the days).
    """
    return granted_on + timedelta(days=regime.whole("aid_follow_up_after_days"))


def require_tier(role: str, tier: AidTier) -> None:
    """Only the tier that an aid lies with decides on it."""
    if role != f"{tier}_approver":
        raise Refusal(
            "not-the-granting-tier", facts={"tier": tier}, source=TIERS_SOURCE, status=403
        )


def explanation_due(granted_on: date, regime: Parameters) -> Due:
    """By when papers and findings are to follow aid that was given first (先行救助, 事后补充说明).

    Source: 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(6) (事后补充说明情况); 法规未作规定 (the days).
    """
    days = regime.whole("aid_explanation_within_working_days")
    return working_day_due(regime, granted_on, days)
