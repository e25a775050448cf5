"""What a change of income comes to: another amount, a phase-out, or a stop.

Every procedure of a confirmed case takes the regime of the day it opens: every parameter here is
looked up for the day on which the change was reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from services.decision.rules.entitlement import MONTHS_A_YEAR
from shared.calendar import Month
from shared.contracts.circumstances import HouseholdCircumstances, PovertyStanding
from shared.contracts.fields import IncomeKind, IncomeLine
from shared.kernel.decider import Refusal
from shared.money import Rounding, share_of
from shared.policy import Parameters

HALF = Fraction(1, 2)


def is_above_standard(standard_fen: int, persons: int, counted_income_fen: int) -> bool:
    """Whether income per head exceeds the standard (超过), in fen a month.

    Strictly above: a household exactly at the standard has not left the conditions by this.
    Source: 闽民救〔2020〕21号, 2(2).1; 大民联发(2020)2号, 2(3); 民发〔2021〕57号, art. 33.
    """
    return counted_income_fen > standard_fen * persons


def has_risen_by_employment(
    before: Iterable[IncomeLine],
    after: Iterable[IncomeLine],
    counted_income_fen: int,
    *,
    standard_fen: int,
    persons: int,
) -> bool:
    """Whether employment is what brought the household above the standard (就业后超过).

    It is if, without what its wages rose by, the household would not exceed the standard.
    Source: 民发〔2021〕57号, art. 33, which says no more than 就业.
    """
    rise_fen = max(0, _wages_fen(after) - _wages_fen(before))
    return not is_above_standard(standard_fen, persons, counted_income_fen - rise_fen)


def is_above_poverty_line(
    line_yearly_fen: int, persons: int, counted_income_monthly_fen: int
) -> bool:
    """Whether income per head exceeds the poverty line (超过扶贫标准), multiplied, not divided.

    A household above it and below the dibao standard goes on with its dibao (脱贫不脱保): this
    is no ground to stop it. Source: 大民联发(2020)2号, 2(3).
    """
    return counted_income_monthly_fen * MONTHS_A_YEAR > line_yearly_fen * persons


def phase_out_regime(
    regime: Parameters, circumstances: HouseholdCircumstances | None
) -> Parameters:
    """Whose rule of phase-out is the household's: the place's own, or that of the level above.

    Dayao's plan grants its phase-out to registered poor households; any other has what is granted
    where no such plan is. A household whose survey did not say is taken for one that the plan is
    about. Source: 大民联发(2020)2号, 2(3); 社会救助兜底脱贫行动方案 (2020).
    """
    if circumstances is None or circumstances.poverty is not PovertyStanding.NOT_REGISTERED:
        return regime
    if regime.code("phase_out_households") == "all":
        return regime
    scope = regime.value("phase_out_households").scope
    above = scope[:-2].ljust(len(regime.region), "0")
    return regime.policy.at(above, regime.programme, regime.on)


def phase_out_months(
    regime: Parameters, asked: int | None, *, by_employment: bool, explained: bool
) -> int:
    """How many months the household is paid on (渐退期); 0 where there is no phase-out.

    ``asked`` is what the approver gives. It may be left out only where the regime leaves no
    choice. Where a phase-out *may* be granted (可给予), none is lawful with a reason; where the
    regime has none for this cause, none may be given.
    Source: 闽民救〔2020〕21号, 2(2).1 (12 months); 大民联发(2020)2号, 2(3) (6 to 12); 民发〔2022〕
    83号, 1(3) (at most 6, in principle).
    """
    granted = regime.code("phase_out_granted")
    if granted == "no":
        return _none_asked(regime, "phase_out_granted", asked, "not_granted")
    if _asks_for_employment(regime) and not by_employment:
        return _none_asked(regime, "phase_out_cause", asked, "not_by_employment")
    shortest = regime.whole_or_none("phase_out_minimum_months") or 1
    longest = regime.whole_or_none("phase_out_maximum_months")
    if asked is None and shortest == longest and granted == "shall":
        return shortest
    source = regime.value("phase_out_granted").source
    allowed = f"{shortest} to {longest}" if longest is not None else f"at least {shortest}"
    if asked is None:
        raise Refusal("phase-out-months-missing", facts={"allowed": allowed}, source=source)
    if asked == 0 and granted == "may":
        if not explained:
            raise Refusal("phase-out-reason-missing", source=source)
        return 0
    if asked < shortest or (longest is not None and asked > longest):
        raise Refusal(
            "phase-out-months-outside",
            facts={"months": asked, "allowed": allowed},
            source=source if asked == 0 else regime.value("phase_out_maximum_months").source,
        )
    return asked


def phase_out_fen(regime: Parameters, amount_fen: int) -> int:
    """What is paid a month during a phase-out, in fen: as before, or half of it.

    Source: 法规未作规定 (the amount: it is a choice of the deployment).
    """
    if regime.code("phase_out_amount_rule") == "freeze":
        return amount_fen
    return share_of(amount_fen, HALF, Rounding(regime.code("benefit_rounding")))


def last_month_of(first_month: Month, months: int) -> Month:
    """The last month of so many, the first included."""
    return first_month.next(months - 1)


def last_month_before_stop(decided_on: date, regime: Parameters) -> Month:
    """The last month that is paid where aid is stopped on a day and no fact of the past counts.

    That of the decision, or where the place has it so the month before.
    Source: 民发〔2021〕43号, art. 26 (从下月起终止); 法规未作规定 (of other aid).
    """
    of_decision = Month.of(decided_on)
    counts_itself = regime.code("stop_counts_from") == "month_of_decision"
    return of_decision.previous() if counts_itself else of_decision


def require_hearing(regime: Parameters, *, heard: bool) -> None:
    """Where the regime wants it, the household is heard before aid is reduced or stopped.

    Source: 社会救助法, art. 48.
    """
    if regime.flag("hearing_before_reduction_or_stop") and not heard:
        source = regime.value("hearing_before_reduction_or_stop").source
        raise Refusal("hearing-missing", source=source)


def _asks_for_employment(regime: Parameters) -> bool:
    return regime.sets("phase_out_cause") and regime.code("phase_out_cause") == "employment"


def _none_asked(regime: Parameters, name: str, asked: int | None, why: str) -> int:
    if asked:
        facts: dict[str, int | str] = {"months": asked, "because": why}
        raise Refusal("no-phase-out", facts=facts, source=regime.value(name).source)
    return 0


def _wages_fen(lines: Iterable[IncomeLine]) -> int:
    return sum(line.amount_fen for line in lines if line.kind is IncomeKind.WAGE)
