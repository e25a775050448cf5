"""Temporary assistance: who grants it, and what follows a grant.

An aid keeps the regime of the day its application was accepted.
"""

from __future__ import annotations

from datetime import date

from shared.contracts.decision import AidOpened, AidTier
from shared.contracts.fields import Due
from shared.deadlines import working_day_due
from shared.kernel.decider import Moment, Refusal
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
