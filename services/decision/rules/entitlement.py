"""Who is entitled, and to how much a month.

An application keeps the regime of its acceptance date to its end: every parameter here is looked
up for that date, whatever day it is.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from shared.calendar import Month
from shared.contracts.decision import DeterminationOpened, RefusalReason
from shared.contracts.fields import ParameterUsed
from shared.kernel.decider import Moment
from shared.policy import Parameters

MONTHS_A_YEAR = 12


def regime_of(account: DeterminationOpened, at: Moment) -> Parameters:
    """The parameters of the case: its division's, as of the day the application was accepted."""
    return at.policy.at(account.division, account.programme, account.accepted_on)


def is_below_standard(standard_fen: int, persons: int, counted_income_fen: int) -> bool:
    """Whether income per head lies below the standard, in fen a month.

    Strictly below, and multiplied rather than divided: an applicant exactly at the standard is
    refused. Source: 国务院令第649号, art. 9.
    """
    return counted_income_fen < standard_fen * persons


def monthly_gap_fen(standard_fen: int, persons: int, counted_income_fen: int) -> int:
    """Household benefit by the gap method, in fen a month.

    standard × persons − counted income, never below zero. Multiplied before subtracting:
    dividing to a per-capita figure first loses fen (632 × 3 − 1,894 is 2 yuan, not 3).
    Source: 民发〔2021〕57号, art. 23.
    """
    return max(0, standard_fen * persons - counted_income_fen)


def property_is_within_limits(
    account: DeterminationOpened, regime: Parameters, standard_fen: int
) -> bool:
    """Whether the household's property lies within the limits that the place has set.

    ``standard_fen`` is the dibao standard a month. Deposits per head against a multiple of the
    yearly standard; houses and vehicles by number. A place may state that it sets no limit; one
    that states nothing raises ``MissingValue``.
    Source: 民发〔2021〕57号, art. 14; 民发〔2021〕43号, art. 7.
    """
    deposits = regime.ratio_or_none("property_deposits_limit_annual_standards")
    houses = regime.whole_or_none("property_houses_limit")
    vehicles = regime.whole_or_none("property_vehicles_limit")
    if deposits is not None:
        yearly_fen = standard_fen * MONTHS_A_YEAR * len(account.members)
        if Fraction(account.deposits_fen) > deposits * yearly_fen:
            return False
    if houses is not None and account.houses > houses:
        return False
    return vehicles is None or account.vehicles <= vehicles


def reason_to_refuse(account: DeterminationOpened, regime: Parameters) -> RefusalReason | None:
    """Why the household is not entitled, or ``None`` if it is.

    Source: 国务院令第649号, art. 9: income below the standard, and property within the limits.
    """
    standard_fen = regime.fen("standard_monthly_fen")
    if not is_below_standard(standard_fen, len(account.members), account.counted_income_fen):
        return RefusalReason.INCOME_NOT_BELOW_STANDARD
    if not property_is_within_limits(account, regime, standard_fen):
        return RefusalReason.PROPERTY_ABOVE_LIMIT
    return None


def parameters_used(*regimes: Parameters) -> tuple[ParameterUsed, ...]:
    """The figures that a decision has read so far, by name, for its event."""
    figures = {v.name: v.whole_figure() for regime in regimes for v in regime.used}
    return tuple(
        ParameterUsed(name=n, value=f) for n, f in sorted(figures.items()) if f is not None
    )


def first_month_paid(confirmed_on: date) -> Month:
    """The month after the decision. Source: 民发〔2012〕220号; 民发〔2021〕57号."""
    return Month.of(confirmed_on).next()
