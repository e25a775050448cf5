"""The household of rigid-expenditure hardship (刚性支出困难家庭): whose spending eats its income.

All parameters are those of the day of acceptance. What a place has not stated is not provided for
there: shares and incomes of other places are no answer.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from services.decision.rules.entitlement import MONTHS_A_YEAR
from shared.calendar import same_day_after
from shared.contracts.assessments import (
    Assessed,
    AssessmentReason,
    Assistance,
    Outcome,
    RigidExpenditure,
)
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import DeductionKind
from shared.contracts.recognition import HouseholdStatus
from shared.money import Rounding, share_of
from shared.policy import Parameters


def is_below_disposable_income(income_fen: int, persons: int, yearly_fen: int) -> bool:
    """Whether income per head lies below the disposable income per head of the year before.

    ``income_fen`` a month of the household, ``yearly_fen`` a year per head; strictly (低于), and
    multiplied rather than divided. Source: 刚性支出困难家庭认定办法, art. 4.
    """
    return income_fen * MONTHS_A_YEAR < yearly_fen * persons


def is_above_share(spending_fen: int, income_fen: int, share: Fraction) -> bool:
    """Whether rigid spending is more than so large a share of income; strictly (超出).

    Both of the same months. Who has no income and any such spending is above every share.
    Source: 刚性支出困难家庭认定办法, art. 4.
    """
    return spending_fen > share * income_fen


def rigid_expenditure_of(
    account: DeterminationOpened, regime: Parameters, standard_fen: int
) -> RigidExpenditure:
    """What a household takes in and what it cannot help spending, in fen a month.

    Of income the cost of working is taken off, but no rigid spending: that stands on the other
    side of the comparison and would count twice. Spending is what the survey found of the kinds
    that count, after reimbursement; living counts at a share of the standard where the place has
    one. Source: 刚性支出困难家庭认定办法, art. 5.
    """
    kinds = regime.codes("rigid_spending_kinds")
    lines = account.deductions if account.rigid_spending is None else account.rigid_spending
    working_fen = sum(
        line.amount_fen for line in account.deductions if line.kind is DeductionKind.EMPLOYMENT
    )
    living_fen = _living_fen(len(account.members), standard_fen, regime)
    spent_fen = sum(line.amount_fen for line in lines if line.kind in kinds)
    income_fen = sum(line.amount_fen for line in account.income)
    return RigidExpenditure(
        income_fen=max(0, income_fen - working_fen),
        spending_fen=spent_fen + living_fen,
        living_fen=living_fen,
    )


def rigid_expenditure(
    account: DeterminationOpened, regime: Parameters, standard_fen: int, *, has_property: bool
) -> tuple[Assessed, RigidExpenditure | None]:
    """What an account that is neither dibao nor edge comes to, and the figures it was tested by.

    ``has_property``: its property lies above the limits, which are those of the edge household.
    Source: 刚性支出困难家庭认定办法, art. 4; 陕民发〔2022〕23号, 2(1).4 (探索).
    """
    share = regime.ratio_or_none("rigid_spending_income_share")
    if share is None:
        return _assessed(Outcome.NOT_PROVIDED_FOR, AssessmentReason.REGIME_HAS_NONE), None
    yearly_fen = regime.fen_or_none("disposable_income_previous_year_fen")
    if yearly_fen is None:
        return _assessed(Outcome.NOT_PROVIDED_FOR, AssessmentReason.FIGURE_NOT_SET), None
    found = rigid_expenditure_of(account, regime, standard_fen)
    outcome = Outcome.DOES_NOT_QUALIFY
    if has_property:
        reason = AssessmentReason.PROPERTY_ABOVE_LIMIT
    elif not is_below_disposable_income(found.income_fen, len(account.members), yearly_fen):
        reason = AssessmentReason.INCOME_NOT_BELOW_DISPOSABLE
    elif not is_above_share(found.spending_fen, found.income_fen, share):
        reason = AssessmentReason.RIGID_SPENDING_NOT_ABOVE_SHARE
    else:
        outcome, reason = Outcome.QUALIFIES, AssessmentReason.RIGID_SPENDING_ABOVE_SHARE
    return _assessed(outcome, reason), found


VALID_MONTHS = {
    HouseholdStatus.EDGE_HOUSEHOLD: "edge_recognition_valid_months",
    HouseholdStatus.RIGID_EXPENDITURE_HOUSEHOLD: "rigid_recognition_valid_months",
}
"""For how many months a household is recognised: the parameter of each standing."""


def valid_until(status: HouseholdStatus, recognised_on: date, regime: Parameters) -> date:
    """The last day of a recognition: the day before the same day so many months later.

    Source: 刚性支出困难家庭认定办法, art. 10 (at most twelve months).
    """
    months = regime.whole(VALID_MONTHS[status])
    return same_day_after(recognised_on, months) - timedelta(days=1)


def _living_fen(persons: int, standard_fen: int, regime: Parameters) -> int:
    share = regime.ratio_or_none("rigid_living_spending_share")
    if share is None:
        return 0
    return share_of(standard_fen * persons, share, Rounding(regime.code("benefit_rounding")))


def _assessed(outcome: Outcome, reason: AssessmentReason) -> Assessed:
    kind = Assistance.RIGID_EXPENDITURE_HOUSEHOLD
    return Assessed(assistance=kind, outcome=outcome, reason=reason)
