"""How often a household is reviewed (定期核查), and what an emergency allows."""

from __future__ import annotations

from datetime import date, timedelta

from services.decision.rules.entitlement import is_below_standard, property_is_within_limits
from shared.contracts.circumstances import HouseholdCircumstances, LabourAbility, Occupation
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import Member
from shared.contracts.reviews import FamilyMeans, HouseholdKind, ReviewManner
from shared.kernel.decider import Refusal
from shared.policy import Parameters

WORK_THAT_CHANGES = (Occupation.UNSTEADY_WORK, Occupation.NO_WORK)


def household_kind(circumstances: HouseholdCircumstances | None) -> HouseholdKind:
    """How much a household's means can change, by who is able to work and at what.

    Unstable: somebody who is able to work, in whole or part, whose work comes and goes or who has
    none (收入来源不固定、家庭成员有劳动能力). Unchanging: nobody is able to (基本无变化).
    Source: 民发〔2012〕220号, art. 33; 民发〔2021〕57号, art. 31.
    """
    if circumstances is None:
        return HouseholdKind.UNKNOWN
    able = [m for m in circumstances.members if m.labour is not LabourAbility.NONE]
    if not able:
        return HouseholdKind.UNCHANGING
    if any(member.occupation in WORK_THAT_CHANGES for member in able):
        return HouseholdKind.UNSTABLE
    return HouseholdKind.STABLE


def interval_months(household: HouseholdKind, regime: Parameters) -> int:
    """How many months may lie between two reviews.

    Of a household with unstable income the regime may have one interval for the towns and another
    for the country; where the place is not said to be either, and for a household of which too
    little is known, the shorter.
    Source: 民发〔2012〕220号, art. 33; 民发〔2021〕57号, art. 31.
    """
    if household in (HouseholdKind.UNCHANGING, HouseholdKind.STABLE):
        return regime.whole(f"review_{household}_interval_months")
    area = regime.code("area_kind") if regime.sets("area_kind") else None
    kinds = ("urban", "rural") if area is None else (area,)
    return min(regime.whole(f"review_unstable_{kind}_interval_months") for kind in kinds)


def opens_on(since_on: date, due: date, regime: Parameters) -> date:
    """When a review is opened, so that it can be done in time; not before the next day.

    No source says how long beforehand.
    """
    ahead = timedelta(days=regime.whole("review_opens_days_before"))
    return max(due - ahead, since_on + timedelta(days=1))


def days_after_waiver(waived_until: date, since_on: date, regime: Parameters) -> tuple[date, date]:
    """When the review opens that a family is owed whose check was waived, and its last day.

    It opens as soon as the waiver is over (打赢脱贫攻坚战后，按低保政策进行动态管理), after
    ``since_on`` in any case, and may take as long as any other.
    Source: 社会救助兜底脱贫行动方案; 闽民救〔2020〕21号, 2(2).1.
    """
    opens = max(waived_until, since_on) + timedelta(days=1)
    return opens, opens + timedelta(days=regime.whole("review_opens_days_before"))


def require_family_means(family: FamilyMeans | None, *, owed: bool) -> None:
    """The family's means are stated where a waiver left them unknown, and only there."""
    if owed and family is None:
        source = "社会救助兜底脱贫行动方案"
        raise Refusal("family-means-missing", source=source, status=422)
    if family is not None and not owed:
        raise Refusal("family-means-out-of-place", status=422)


def household_entitled(
    account: DeterminationOpened,
    members: tuple[Member, ...],
    family: FamilyMeans | None,
    regime: Parameters,
) -> bool | None:
    """Whether the whole household is entitled by what a review found, under the review's regime.

    ``members`` are the family as it is now. ``None`` where nothing was to be found.
    """
    if family is None:
        return None
    standard_fen = regime.fen("standard_monthly_fen")
    found = account.model_copy(update={**dict(family), "members": members})
    below = is_below_standard(standard_fen, len(members), family.counted_income_fen)
    return below and property_is_within_limits(found, regime, standard_fen)


def require_extension_allowed(regime: Parameters) -> None:
    """Whether a major emergency may move a review's last day. Source: 民发〔2021〕57号, art. 31."""
    if not regime.flag("review_extension_in_emergency"):
        source = regime.value("review_extension_in_emergency").source
        raise Refusal("review-extension-not-provided-for", source=source)


def require_manner_allowed(manner: ReviewManner, regime: Parameters, *, emergency: bool) -> None:
    """A review is a visit; by telephone or video only in a major emergency.

    Source: 民发〔2021〕57号, art. 31.
    """
    if manner is not ReviewManner.HOME_VISIT and not emergency:
        source = regime.value("review_extension_in_emergency").source
        raise Refusal("review-manner-not-allowed", facts={"manner": manner}, source=source)
