"""Who is entitled, and to how much a month.

An application keeps the regime of its acceptance date to its end: every parameter here is looked
up for that date, whatever day it is.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from services.decision.rules.tiers import tier_of
from shared.calendar import Month
from shared.circumstances import is_minor, is_severely_disabled, is_severely_ill
from shared.contracts.aid import AidOpened
from shared.contracts.assessments import BenefitTier, TopUp, TopUpKind
from shared.contracts.circumstances import AgeGroup, MemberCircumstances, PovertyStanding
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import ParameterUsed, Programme
from shared.kernel.decider import Moment
from shared.money import Rounding, share_of
from shared.policy import Parameters

MONTHS_A_YEAR = 12


def regime_of(account: DeterminationOpened, at: Moment) -> Parameters:
    """The parameters of the case: its division's, as of the day the application was accepted."""
    return regime_on(account, account.accepted_on, at)


def regime_on(account: DeterminationOpened, day: date, at: Moment) -> Parameters:
    """The parameters of the case's programme in its division, as of a day.

    Of a later procedure that is the day on which it opens, of a month's amount the month's first.
    """
    return at.policy.at(account.division, account.programme, day)


def dibao_regime_of(opened: DeterminationOpened | AidOpened, at: Moment) -> Parameters:
    """The parameters of dibao for a case's division and day: other aid is measured by them too."""
    return at.policy.at(opened.division, Programme.DIBAO, opened.accepted_on)


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
        if account.deposits_fen > deposits * yearly_fen:
            return False
    if houses is not None and account.houses > houses:
        return False
    return vehicles is None or account.vehicles <= vehicles


class Benefit(NamedTuple):
    """What is due a month, in fen, with the top-ups within it and the tier it goes by, if any."""

    amount_fen: int
    topups: tuple[TopUp, ...]
    tier: BenefitTier | None


def benefit_by_method(
    regime: Parameters, standard_fen: int, persons: int, counted_income_fen: int
) -> tuple[int, BenefitTier | None]:
    """What so many persons are due by the place's method, in fen a month, and the tier, if any.

    The gap to the standard, or the amount of their tier for each of them.
    Source: 民发〔2021〕57号, art. 23.
    """
    if regime.code("benefit_method") == "gap":
        return monthly_gap_fen(standard_fen, persons, counted_income_fen), None
    tier = tier_of(regime, standard_fen, persons, counted_income_fen)
    return (0 if tier is None else tier.per_person_fen * persons), tier


def dibao_amount(account: DeterminationOpened, regime: Parameters, standard_fen: int) -> Benefit:
    """What an entitled household is proposed a month, in fen, and the top-ups within it.

    By the place's method, or up to the poverty line where a new entrant is brought up to it; and
    what its members' categories add.
    """
    return benefit_with_topups(
        account,
        regime,
        [member.person_id for member in account.members],
        standard_fen=standard_fen,
        counted_income_fen=account.counted_income_fen,
        at_least_fen=poverty_gap_fen(account, regime),
    )


def benefit_with_topups(
    account: DeterminationOpened,
    regime: Parameters,
    people: Collection[UUID],
    *,
    standard_fen: int,
    counted_income_fen: int,
    at_least_fen: int,
) -> Benefit:
    """What these members are due a month, in fen, and the top-ups within it.

    By the place's method, or what they are brought up by at least; and what their categories add.
    """
    due_fen, tier = benefit_by_method(regime, standard_fen, len(people), counted_income_fen)
    topups = category_topups(account, regime, standard_fen, people)
    added_fen = sum(topup.amount_fen for topup in topups)
    return Benefit(max(due_fen, at_least_fen) + added_fen, topups, tier)


def poverty_gap_fen(account: DeterminationOpened, regime: Parameters) -> int:
    """What brings a registered poor household that enters up to the poverty line, in fen a month.

    0 where the place does not do so, or the household is not registered. A yearly line divided
    by twelve is rounded as benefits are.
    Source: 大民联发(2020)2号, 2(2) (根据脱贫标准对新纳入对象补足保障金).
    """
    circumstances = account.circumstances
    if circumstances is None or circumstances.poverty is PovertyStanding.NOT_REGISTERED:
        return 0
    if not regime.flag("new_entrants_brought_to_poverty_line"):
        return 0
    line_fen = regime.fen("poverty_line_yearly_fen")
    rounding = Rounding(regime.code("benefit_rounding"))
    monthly_fen = share_of(line_fen * len(account.members), Fraction(1, MONTHS_A_YEAR), rounding)
    return max(0, monthly_fen - account.counted_income_fen)


def category_topups(
    account: DeterminationOpened, regime: Parameters, standard_fen: int, people: Collection[UUID]
) -> tuple[TopUp, ...]:
    """What the categories of these members add to their benefit (分类施保), in fen a month.

    A share of the standard by category, as the place has it; who is of several gets the highest
    only; the shares are local practice.
    Source: 国务院令第649号, art. 12; 民发〔2012〕220号, art. 28; 闽民救〔2020〕21号, 2(2).1;
    民发〔2021〕57号, art. 27.
    """
    if account.circumstances is None:
        return ()
    shares = {kind: regime.ratio_or_none(f"topup_{kind}_share") for kind in TopUpKind}
    known = {kind: share for kind, share in shares.items() if share}
    if not known:
        return ()
    rounding = Rounding(regime.code("benefit_rounding"))
    found = []
    for member in account.circumstances.members:
        if member.person_id not in people:
            continue
        of_member = {k: s for k, s in known.items() if _is_of_category(member, k, regime)}
        if of_member:
            kind = max(of_member, key=lambda k: of_member[k])
            amount_fen = share_of(standard_fen, of_member[kind], rounding)
            found.append(TopUp(person_id=member.person_id, kind=kind, amount_fen=amount_fen))
    return tuple(found)


def _is_of_category(member: MemberCircumstances, kind: TopUpKind, regime: Parameters) -> bool:
    match kind:
        case TopUpKind.SEVENTY_OR_OVER:
            return member.age is AgeGroup.SEVENTY_OR_OVER
        case TopUpKind.MINOR:
            return is_minor(member)
        case TopUpKind.SEVERE_DISABILITY:
            return is_severely_disabled(member, regime)
        case TopUpKind.SEVERE_ILLNESS:
            return is_severely_ill(member)


def parameters_used(*regimes: Parameters) -> tuple[ParameterUsed, ...]:
    """The figures that a decision has read so far, by name, for its event."""
    values = {v.name: v for regime in regimes for v in regime.used}
    return tuple(
        ParameterUsed(name=name, value=figure, standard_id=values[name].standard_id)
        for name, figure in sorted((n, v.whole_figure()) for n, v in values.items())
        if figure is not None
    )


def pay_from(account: DeterminationOpened, regime: Parameters, confirmed_on: date) -> Month:
    """The first month that is paid: after the decision, or that of the application.

    Which of the two, the programme, the place and the day of acceptance say. Source:
    民发〔2012〕220号, art. 29; 民发〔2021〕57号, art. 21; 民发〔2021〕43号, art. 17;
    民发〔2019〕62号, 2(3); 国发〔2015〕52号, 3(3).
    """
    if is_paid_from_application(regime):
        return month_of_application(account)
    return first_month_paid(confirmed_on)


def is_paid_from_application(regime: Parameters) -> bool:
    """Whether pay begins with the month of the application, not after the decision."""
    return regime.code("pay_first_month") == "month_of_application"


def month_of_application(account: DeterminationOpened) -> Month:
    """The month of the application; of the acceptance, where nothing is known of it.

    Source: 国发〔2015〕52号, 3(3) (自递交申请当月计发补贴).
    """
    return Month.of(account.applied_on or account.accepted_on)


def first_month_paid(confirmed_on: date) -> Month:
    """The month after the decision.

    Source: 民发〔2012〕220号, art. 29; 民发〔2021〕57号, art. 21; 民发〔2021〕43号, art. 17.
    """
    return Month.of(confirmed_on).next()
