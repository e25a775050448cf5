"""Whether a household is still what it was recognised as, by what it has now."""

from __future__ import annotations

from services.decision.rules.assessment import is_below_factor
from services.decision.rules.entitlement import property_is_within_limits
from services.decision.rules.rigid_expenditure import rigid_expenditure
from shared.contracts.assessments import Outcome
from shared.contracts.decision import DeterminationOpened
from shared.contracts.fields import IncomeKind, IncomeLine, LineSource
from shared.contracts.recognition import HouseholdStatus
from shared.contracts.reviews import FamilyMeans
from shared.policy import Parameters


def still_recognised(
    account: DeterminationOpened, status: HouseholdStatus, means: FamilyMeans, regime: Parameters
) -> bool:
    """Whether a recognised household still lies within its limits, under the rules of a day.

    As at the recognition: property within the limits, and of an edge household income below the
    limit. One of rigid-expenditure hardship is measured against the spending that was shown then.
    Source: 民发〔2021〕57号, art. 8; 刚性支出困难家庭认定办法, art. 4.
    """
    standard_fen = regime.fen("standard_monthly_fen")
    found = account.model_copy(update=dict(means))
    has_property = not property_is_within_limits(found, regime, standard_fen)
    if status is HouseholdStatus.EDGE_HOUSEHOLD:
        factor = regime.ratio_or_none("edge_income_factor")
        persons, counted_fen = len(account.members), means.counted_income_fen
        return not has_property and is_below_factor(factor, standard_fen, persons, counted_fen)
    line = IncomeLine(
        person_id=account.applicant,
        kind=IncomeKind.OTHER,
        source=LineSource.DECLARED,
        amount_fen=means.counted_income_fen,
    )
    spending = account.rigid_spending or account.deductions
    found = found.model_copy(
        update={"income": (line,), "deductions": (), "rigid_spending": spending}
    )
    assessed, _spent = rigid_expenditure(found, regime, standard_fen, has_property=has_property)
    return assessed.outcome is Outcome.QUALIFIES
