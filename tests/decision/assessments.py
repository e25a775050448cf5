"""A household whose circumstances the survey tells, and what is proposed of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from services.decision.decisions import Propose, propose
from shared.contracts.assessments import Assessed, AssessmentDrawnUp, Assistance, SinglePersonGround
from shared.contracts.circumstances import MemberCircumstances, PovertyStanding
from shared.kernel.spec import Decided
from tests.decision.household import EXPLANATION, PROPOSER, given, opened
from tests.verification.circumstances import household

PROPOSE = Propose(actor=PROPOSER, explanation=EXPLANATION)
G = SinglePersonGround
NONE, UNLIFTED, LIFTED = PovertyStanding
BAOJI, JILIN_CITY = "610302000000", "220203000000"

MAY_2020 = date(2020, 5, 18)
AUGUST_2021 = date(2021, 8, 2)
AT_EDGE_FEN = 4 * 900_00
"""1.5 times the standard of 600 for four persons."""


def assessed(
    *members: MemberCircumstances,
    on: date = MAY_2020,
    poverty: PovertyStanding = NONE,
    folders: tuple[Path, ...] = (),
    **changed: Any,
) -> Decided:
    """What is proposed of four persons with 640 a head after deductions, unless said otherwise."""
    account = {"counted_income_fen": 2_560_00, "accepted_on": on} | changed
    begun = opened(circumstances=household(*members, poverty=poverty), **account)
    return given(begun, on=on, folders=folders).when(PROPOSE, propose)


def outcome(decided: Decided, assistance: Assistance) -> Assessed:
    drawn_up = decided.events[0]
    assert isinstance(drawn_up, AssessmentDrawnUp)
    (found,) = [one for one in drawn_up.outcomes if one.assistance is assistance]
    return found
