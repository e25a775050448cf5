"""Whom the county visits itself: by lot, repeatable by anybody, and whom always.

Source: 民发〔2012〕220号, art. 26 (按照不低于30%的比例入户抽查; kin, doubt, complaint: all);
民发〔2021〕57号, art. 20 (kin and complaints: all, no share);
民发〔2021〕43号, art. 16 (at least 30%, at random).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from hashlib import sha256
from math import ceil
from uuid import UUID

from shared.contracts.spot_checks import SpotCheckGround
from shared.kernel.decider import Refusal
from shared.policy import Parameters

_TEN_THOUSAND = 10_000

_MOST_DRAWN = 5_000
"""In one draw: with those named beside, what an event holds (256 KiB)."""


def share_of_spot_checks(parameters: Parameters) -> Fraction | None:
    """What share of the cases of a regime is visited by lot; ``None`` where it sets none."""
    return parameters.ratio_or_none("spot_check_minimum_share")


def drawn_of(seed: str, population: Iterable[UUID], share: Fraction) -> tuple[UUID, ...]:
    """The cases that a seed draws: at least the share, in the order in which they are drawn.

    Each case has its number, SHA-256 over the seed and the case's id as text; the lowest numbers
    are drawn. No order of the population and no other case has a part in a case's number.
    """
    ranked = sorted(population, key=lambda case: (sha256(f"{seed}{case}".encode()).digest(), case))
    return tuple(ranked[: ceil(share * len(ranked))])


def require_room(drawn: int) -> None:
    """One draw holds so many cases; a county with more draws up to an earlier day first."""
    if drawn > _MOST_DRAWN:
        facts: dict[str, int | str] = {"drawn": drawn, "allowed": _MOST_DRAWN}
        raise Refusal("spot-check-draw-too-large", facts=facts)


def digest_of_population(population: Iterable[UUID]) -> str:
    """SHA-256 over the ids in ascending order, a line each."""
    return sha256("".join(f"{case}\n" for case in sorted(population)).encode()).hexdigest()


def in_ten_thousandths(share: Fraction) -> int:
    """A share as events state it."""
    return int(share * _TEN_THOUSAND)


def require_ground(parameters: Parameters, ground: SpotCheckGround) -> None:
    """Beside the lot, a case is visited on the grounds that its regime knows.

    Raises ``Refusal`` for another one, and for the lot itself, which nobody names.
    """
    allowed = parameters.codes("spot_check_always_for")
    if ground not in allowed:
        raise Refusal(
            "spot-check-ground-unknown",
            facts={"ground": ground, "allowed": ", ".join(allowed)},
            source=parameters.value("spot_check_always_for").source,
        )
