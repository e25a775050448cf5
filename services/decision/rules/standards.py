"""Who sets a standard, from when on and how low; and what a changed one comes to for a case."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from services.decision.rules import change, entitlement
from services.decision.rules.entitlement import MONTHS_A_YEAR
from shared.calendar import Month, same_day_after
from shared.contracts.standards import (
    DivisionLevel,
    StandardForce,
    StandardKind,
    StandardReviewReason,
    StandardSet,
)
from shared.kernel.decider import Moment, Refusal
from shared.money import Rounding, share_of
from shared.policy import MissingValue, Parameters
from shared.policy.standards import (
    PROGRAMME_OF_KIND,
    STANDARD_OF_PROGRAMME,
    division_at,
    level_of,
    parameter_of,
)

OF_CHILDREN: Final = (
    StandardKind.CHILD_IN_INSTITUTION,
    StandardKind.CHILD_OUTSIDE_INSTITUTION,
)

FLOOR_SOURCE: Final = (
    "巩固拓展脱贫攻坚兜底保障成果指导意见, 2(2) (最低指导标准); "
    "陕民发〔2022〕23号, 2(3).5 (不低于全省最低限定保障标准)"
)


def require_raise(
    kind: StandardKind, before_fen: int | None, amount_fen: int, regime: Parameters
) -> None:
    """What is paid to children is raised by so much at least, where the place's plan says so.

    Nothing is held against a first standard.
    Source: 闽民救〔2020〕21号, 2(3).3 (每人每月提高100元以上).
    """
    if kind not in OF_CHILDREN or before_fen is None:
        return
    least_fen = regime.fen_or_none("child_standard_minimum_raise_fen")
    if least_fen is not None and amount_fen < before_fen + least_fen:
        raise Refusal(
            "standard-raised-too-little",
            facts={
                "amount_fen": amount_fen,
                "before_fen": before_fen,
                "allowed_fen": before_fen + least_fen,
            },
            source=regime.value("child_standard_minimum_raise_fen").source,
        )


def level_that_sets(division: str, force: StandardForce) -> DivisionLevel:
    """The level of the division that sets something; ``Refusal`` for one that does not.

    Provinces, prefectures and counties set standards; the floor below which none may lie is the
    province's alone.
    """
    level = level_of(division)
    if level is None:
        allowed = ", ".join(DivisionLevel)
        raise Refusal("division-sets-no-standards", facts={"allowed_levels": allowed}, status=422)
    if force is StandardForce.FLOOR and level is not DivisionLevel.PROVINCE:
        raise Refusal(
            "floor-is-the-provinces",
            facts={"level": level, "allowed_level": DivisionLevel.PROVINCE},
            source=FLOOR_SOURCE,
            status=422,
        )
    return level


def province_of(division: str) -> str:
    """The province around a division, or itself."""
    return division_at(division, DivisionLevel.PROVINCE)


def require_month(
    kind: StandardKind, force: StandardForce, division: str, from_month: Month, at: Moment
) -> None:
    """Hold the month from which something is to count against the day it is decided on.

    What a programme pays by one standard may count from a month that has begun, so many months
    back at most. Everything else counts from a month that has not: a floor, which is paid to
    nobody, a tier of care, which care applies to its files, and a child's, which goes by where it
    lives. Our reading: no source says how far back a standard reaches.
    """
    this_month = Month.of(at.date)
    if kind in STANDARD_OF_PROGRAMME.values() and force is StandardForce.STANDARD:
        regime = at.policy.at(division, PROGRAMME_OF_KIND[kind], at.date)
        earliest = this_month.previous(regime.whole("standard_counts_back_months"))
        code = "standard-too-far-back"
    else:
        earliest, code = this_month.next(), "standard-not-ahead"
    if from_month < earliest:
        raise Refusal(code, facts={"from_month": str(from_month), "earliest": str(earliest)})


def require_not_lowered(
    kind: StandardKind, division: str, amount_fen: int, from_month: Month, at: Moment
) -> None:
    """No standard lies below what held in a month that has begun: what was due stays due.

    ``at`` knows the recorded standards around the division. Our reading: no source takes back by
    a standard what was paid in past months.
    """
    for month in from_month.through(Month.of(at.date)):
        held_fen = _held_fen(kind, division, month, at)
        if held_fen is not None and amount_fen < held_fen:
            facts: dict[str, int | str] = {
                "amount_fen": amount_fen,
                "allowed_fen": held_fen,
                "month": str(month),
            }
            raise Refusal("lowered-standard-not-ahead", facts=facts)


def _held_fen(kind: StandardKind, division: str, month: Month, at: Moment) -> int | None:
    regime = at.policy.at(division, PROGRAMME_OF_KIND[kind], month.first_day)
    try:
        return regime.fen_or_none(parameter_of(kind))
    except MissingValue:
        return None


def derived_fen(
    per_person_yearly_fen: int, share_per_mille: int, price_index_per_mille: int | None
) -> int:
    """What a share of a head's yearly spending or income comes to a month, in fen, half up.

    By today's prices where an index says what they have become (1000 is unchanged).
    Source: 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(2) (综合考虑居民人均消费支出或人均可支配收入).
    """
    share = Fraction(share_per_mille, 1000) * Fraction(price_index_per_mille or 1000, 1000)
    return share_of(per_person_yearly_fen, share / MONTHS_A_YEAR, Rounding.HALF_UP)


def examine_by(kind: StandardKind, division: str, at: Moment) -> date | None:
    """The last day to look at a standard again, which is set today; ``None`` where none is set.

    The sources want it adjusted with what people spend or have and name no interval.
    """
    regime = at.policy.at(division, PROGRAMME_OF_KIND[kind], at.date)
    months = regime.whole_or_none("standard_examined_every_months")
    return None if months is None else same_day_after(at.date, months)


def require_in_order(last: StandardSet | None, from_month: Month) -> None:
    """Nothing is set for a month before the last one that something was set for.

    A later word so never cuts into what was decided for later months. The same month may be set
    again, before it begins.
    """
    if last is not None and from_month < last.from_month:
        facts: dict[str, int | str] = {
            "from_month": str(from_month),
            "set_from": str(last.from_month),
        }
        raise Refusal("later-standard-set", facts=facts)


def require_floor_kept(
    kind: StandardKind, amount_fen: int, from_month: Month, floor: StandardSet | None
) -> StandardSet:
    """No standard lies below the province's floor; one exactly at it does. Gives the floor.

    Where the province has set none for the month nothing can be held against it, and nothing is
    set: a missing value is no value.
    Source: 巩固拓展脱贫攻坚兜底保障成果指导意见, 2(2); 陕民发〔2022〕23号, 2(3).5.
    """
    if floor is None:
        missing: dict[str, int | str] = {"standard": kind, "month": str(from_month)}
        raise Refusal("floor-not-set", facts=missing, source=FLOOR_SOURCE)
    if amount_fen < floor.amount_fen:
        facts: dict[str, int | str] = {
            "amount_fen": amount_fen,
            "allowed_fen": floor.amount_fen,
            "floor_from": str(floor.from_month),
        }
        raise Refusal("standard-below-floor", facts=facts, source=FLOOR_SOURCE)
    return floor


def reason_to_look_into(
    persons: int, standard_fen: int, counted_income_fen: int
) -> StandardReviewReason | None:
    """Why a household cannot simply be paid by a lowered standard: it would lose its standing.

    A raised standard never does that: nobody below it comes to lie at it or above. That nobody is
    stopped by a figure alone is our reading; no source speaks of a standard that falls.
    """
    if change.is_above_standard(standard_fen, persons, counted_income_fen):
        return StandardReviewReason.INCOME_ABOVE_STANDARD
    if not entitlement.is_below_standard(standard_fen, persons, counted_income_fen):
        return StandardReviewReason.INCOME_AT_STANDARD
    return None


def asks_for_hearing(regime: Parameters, before_fen: int, amount_fen: int) -> bool:
    """Whether the household is to be heard before its amount falls so.

    Source: 社会救助法, art. 48.
    """
    return amount_fen < before_fen and regime.flag("hearing_before_reduction_or_stop")
