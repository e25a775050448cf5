"""Benefit by tiers (分档): by how far income lies below the standard, so much for each person."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Final

from shared.contracts.assessments import BenefitTier, Tier
from shared.kernel.decider import Refusal
from shared.money import Rounding, share_of
from shared.policy import Parameters

WHOLE: Final = Fraction(1)


def tier_of(
    regime: Parameters, standard_fen: int, persons: int, counted_income_fen: int
) -> BenefitTier | None:
    """The tier that a household's counted income falls into, and its amount in fen a person and
    month; ``None`` at the standard or above it, where there is no tier.

    A tier reaches up to its bound, a share of the standard per head; who lies exactly at a bound
    is in the next. Multiplied, not divided. The amount of a tier is a share of the standard, so
    that it follows the standard, rounded as benefits are. Raises ``Refusal`` where the place's
    bounds do not rise to the standard or its amounts do not fall. Which tiers there are the
    document leaves to the place.
    Source: 民发〔2021〕57号, art. 23 (采取分档方式计算).
    """
    bounds = [
        regime.ratio(f"benefit_{tier}_tier_below_share") for tier in (Tier.FIRST, Tier.SECOND)
    ]
    shares = {tier: regime.ratio(f"benefit_{tier}_tier_share") for tier in Tier}
    limits = [*bounds, WHOLE]
    rising = all(low < high for low, high in pairwise([Fraction(0), *limits]))
    if not rising or any(more < less for more, less in pairwise(shares.values())):
        raise Refusal("benefit-tiers-astray", source=regime.value("benefit_method").source)
    for tier, bound in zip(Tier, limits, strict=True):
        if counted_income_fen < bound * standard_fen * persons:
            rounding = Rounding(regime.code("benefit_rounding"))
            return BenefitTier(
                tier=tier, per_person_fen=share_of(standard_fen, shares[tier], rounding)
            )
    return None
