"""Aid for expenses: for whom, on what grounds refused, and how much.

An aid keeps the regime of the day its application was accepted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from services.decision.rules.entitlement import MONTHS_A_YEAR, property_is_within_limits
from shared.contracts.aid import ExpenseAid
from shared.contracts.aid_needs import value_of
from shared.contracts.circumstances import PovertyStanding
from shared.contracts.decision import DeterminationOpened, RefusalReason
from shared.contracts.fields import DeductionKind, Due
from shared.deadlines import working_day_due
from shared.kernel.decider import Refusal
from shared.money import Rounding, share_of
from shared.policy import Parameters
from shared.regions import Level


def is_below_local_average(
    local_income_yearly_fen: int, persons: int, counted_income_fen: int
) -> bool:
    """Whether disposable income per head lies below the place's average of the year before.

    ``counted_income_fen`` is the household's a month, after its rigid spending; the average is a
    head's a year. Strictly below, and multiplied rather than divided.
    Source: 民发〔2018〕23号 (支出型救助对象: 人均可支配收入低于当地上年度人均可支配收入).
    """
    return counted_income_fen * MONTHS_A_YEAR < local_income_yearly_fen * persons


def require_recognised_here(recognised_in: str, division: str, regime: Parameters) -> None:
    """Of what other counties recognised a household as, only what the rules of the day take over.

    Both are divisions of twelve digits, of the case that recognises and of the one that names it.
    Raises ``Refusal``.
    Source: 社会救助法, art. 42 (认定结果互认).
    """
    elsewhere = Level.COUNTY.around(recognised_in) != Level.COUNTY.around(division)
    if elsewhere and not regime.flag("expense_aid_recognised_elsewhere"):
        facts = {"recognised_in": Level.COUNTY.around(recognised_in)}
        raise Refusal("recognised-elsewhere", facts=facts, source="社会救助法, art. 42")


def rigid_spending_fen(account: DeterminationOpened) -> int:
    """What the household has to spend a month, in fen: all that is deducted but the cost of work.

    Source: 民发〔2018〕23号 (生活必需支出).
    """
    return sum(
        line.amount_fen for line in account.deductions if line.kind is not DeductionKind.EMPLOYMENT
    )


def most_for_expenses_fen(standard_fen: int, regime: Parameters) -> int:
    """The most that is granted for expenses, in fen, once: so many monthly dibao standards.

    Which, places set for themselves. Source: 民发〔2018〕23号.
    """
    rounding = Rounding(regime.code("benefit_rounding"))
    return share_of(standard_fen, regime.ratio("expense_aid_cap_standards"), rounding)


def proposed_fen(expenses: ExpenseAid) -> int:
    """The money that is proposed, in fen: what was asked for, no more than was assessed as needed
    in money, and no more than the cap leaves beside what is given in kind.

    Refuses what in kind alone is worth more than the cap.
    Source: 民发〔2018〕23号; 陕民发〔2022〕23号, 2(3).2 (合理确定救助方式和标准).
    """
    in_kind_fen = value_of(0, expenses.in_kind or ())
    if in_kind_fen > expenses.cap_fen:
        facts = {"amount_fen": in_kind_fen, "allowed_fen": expenses.cap_fen}
        raise Refusal("in-kind-above-cap", facts=facts)
    wanted_fen = expenses.requested_fen
    if expenses.assessed_fen is not None:
        wanted_fen = min(wanted_fen, expenses.assessed_fen)
    return min(wanted_fen, expenses.cap_fen - in_kind_fen)


def reason_to_refuse(
    account: DeterminationOpened, expenses: ExpenseAid, regime: Parameters, standard_fen: int
) -> RefusalReason | None:
    """Why there is no aid for expenses; ``None`` where there is.

    In order: the household is none of those whom the place aids; it has no rigid spending; and,
    unless it was recognised before, its income is not below the local average, or its property
    lies above the limits.
    Source: 民发〔2018〕23号; 大民联发(2020)2号, 2(5); 临时救助意见（2026年） (只核实支出).
    """
    if not _is_aided(account, expenses, regime.codes("expense_aid_households")):
        return RefusalReason.NOT_AMONG_HOUSEHOLDS_AIDED
    if expenses.spending_fen == 0:
        return RefusalReason.NO_RIGID_SPENDING
    average_fen = expenses.local_income_yearly_fen
    if average_fen is None:
        return None
    persons = len(account.members)
    if not is_below_local_average(average_fen, persons, account.counted_income_fen):
        return RefusalReason.INCOME_NOT_BELOW_LOCAL_AVERAGE
    if not property_is_within_limits(account, regime, standard_fen):
        return RefusalReason.PROPERTY_ABOVE_LIMIT
    return None


def _is_aided(
    account: DeterminationOpened, expenses: ExpenseAid, households: Collection[str]
) -> bool:
    circumstances = account.circumstances
    poverty = circumstances.poverty if circumstances else PovertyStanding.NOT_REGISTERED
    registered = poverty is not PovertyStanding.NOT_REGISTERED
    return (
        "any" in households
        or ("registered_poor" in households and registered)
        or expenses.recognised_as in households
    )


def pay_by(granted_on: date, regime: Parameters) -> Due:
    """The last day for aid for expenses to be paid, in working days from its grant.

    Source: 法规未作规定.
    """
    days = regime.whole("expense_aid_pay_within_working_days")
    return working_day_due(regime, granted_on, days)
