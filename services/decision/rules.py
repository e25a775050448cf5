"""The regulation of a determination as pure functions over dated parameters.

An application keeps the regime of its acceptance date to its end: every parameter here is looked
up for that date, whatever day it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from uuid import UUID

from shared.calendar import CALENDAR_VERSION, Month, add_calendar_days
from shared.contracts.decision import DeterminationOpened, PublicityRound, RefusalReason
from shared.contracts.fields import Due, ParameterUsed
from shared.deadlines import working_day_due
from shared.kernel.decider import Moment, Refusal
from shared.policy import Parameters

HANDS_SOURCE = "民发〔2021〕57号; 调查、审核、确认分离 (survey, review and confirmation apart)"
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


def property_is_within_limits(account: DeterminationOpened, regime: Parameters) -> bool:
    """Whether the household's property lies within the limits that the place has set.

    Deposits per head against a multiple of the yearly standard; houses and vehicles by number. A
    place may state that it sets no limit; one that states nothing raises ``MissingValue``.
    Source: 民发〔2021〕57号, art. 14.
    """
    deposits = regime.ratio_or_none("property_deposits_limit_annual_standards")
    houses = regime.whole_or_none("property_houses_limit")
    vehicles = regime.whole_or_none("property_vehicles_limit")
    if deposits is not None:
        yearly_fen = regime.fen("standard_monthly_fen") * MONTHS_A_YEAR * len(account.members)
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
    if not property_is_within_limits(account, regime):
        return RefusalReason.PROPERTY_ABOVE_LIMIT
    return None


def parameters_used(regime: Parameters) -> tuple[ParameterUsed, ...]:
    """The figures that a decision has read so far, for its event."""
    figures = ((value.name, value.whole_figure()) for value in regime.used)
    return tuple(ParameterUsed(name=n, value=f) for n, f in figures if f is not None)


def publicity_days(round_: PublicityRound, regime: Parameters) -> int:
    """How many calendar days a round of publicity lasts; 0 where the regime has none.

    Source: 民发〔2012〕220号 (7 days and 7 days); 民发〔2021〕57号 (7 days once).
    """
    if round_ is PublicityRound.FIRST:
        return regime.whole("publicity_days")
    return regime.whole("second_publicity_days")


def last_day_of_publicity(from_on: date, days: int) -> date:
    """The last day of a publicity of so many days, counted from the day after it is posted."""
    return add_calendar_days(from_on, days)


def is_over(until_on: date, on: date) -> bool:
    """Whether a publicity's last day lies before the date."""
    return on > until_on


def decision_due(approved_on: date, regime: Parameters) -> Due:
    """By when the case is to be decided after the township's approval.

    Where there is a second publicity, so many working days after its end, if it is posted on the
    day of the approval; otherwise so many after the report. Source: 民发〔2012〕220号 art. 26,
    29; 民发〔2021〕57号 art. 20.
    """
    days = regime.whole_or_none("second_publicity_decide_within_working_days")
    second = regime.whole("second_publicity_days")
    if second and days is not None:
        return working_day_due(regime, last_day_of_publicity(approved_on, second), days)
    return working_day_due(regime, approved_on, regime.whole("decision_within_working_days"))


def notice_due(refused_on: date, regime: Parameters) -> Due:
    """By when the written notice of a refusal is owed.

    Source: 民发〔2012〕220号 art. 26 (3 days); 民发〔2021〕57号 art. 21 (3 working days, in
    writing, with the reason).
    """
    days = regime.whole("refusal_notice_within_days")
    if regime.code("refusal_notice_counted_in") == "working_day":
        return working_day_due(regime, refused_on, days)
    return Due(on=add_calendar_days(refused_on, days), calendar=CALENDAR_VERSION)


def first_month_paid(confirmed_on: date) -> Month:
    """The month after the decision. Source: 民发〔2012〕220号; 民发〔2021〕57号."""
    return Month.of(confirmed_on).next()


def require_deciding_role(role: str, regime: Parameters) -> None:
    """Who confirms or refuses: the county, or the township where approval is delegated.

    Source: 国务院令第649号, art. 11; delegation: 闽民救〔2020〕21号, 2(2).1.
    """
    level = regime.code("procedure_decided_by")
    if role != f"{level}_approver":
        raise Refusal(
            "not-the-deciding-level",
            facts={"decided_by": level},
            source=regime.value("procedure_decided_by").source,
            status=403,
        )


def require_separate_hands(actor: UUID, before: Mapping[str, Collection[UUID]]) -> None:
    """Who had a hand in an earlier step (``before``, by its name) cannot do this one."""
    for step, hands in before.items():
        if actor in hands:
            raise Refusal("same-hands", facts={"before": step}, source=HANDS_SOURCE, status=403)
