"""What a household states of its income, as a survey or a report takes it down."""

from __future__ import annotations

from shared.contracts.fields import DeductionLine, IncomeKind, IncomeLine, LineSource
from tests.simulation.households import Household


def income_of(household: Household, wages_fen: int) -> tuple[IncomeLine, ...]:
    """The applicant's wages, in fen a month."""
    return (
        IncomeLine(
            person_id=household.applicant,
            kind=IncomeKind.WAGE,
            source=LineSource.DECLARED,
            amount_fen=wages_fen,
        ),
    )


def deductions_of(household: Household) -> tuple[DeductionLine, ...]:
    """What is deducted, in fen a month."""
    return tuple(
        DeductionLine(kind=kind, amount_fen=fen) for kind, fen in household.deductions_fen.items()
    )
