"""The referral to other aid that goes with a decision on dibao."""

from __future__ import annotations

from services.decision.model import Determination
from services.decision.rules.special_aid import special_needs
from shared.contracts.assessments import Outcome
from shared.contracts.decision import DeterminationOpened
from shared.contracts.special_aid import SpecialAidReferred
from shared.policy import Parameters


def referral(
    case: Determination, account: DeterminationOpened, regime: Parameters
) -> list[SpecialAidReferred]:
    """The household is referred once, with what the decision on its application finds it to be.

    Nothing where it was referred before, or is nobody whom the regime has referred.
    """
    if case.special_aid is not None or case.assessment is None:
        return []
    qualifies = Outcome.QUALIFIES
    found = {one.assistance for one in case.assessment.outcomes if one.outcome is qualifies}
    needs = special_needs(account.circumstances, found, regime)
    if not needs:
        return []
    return [
        SpecialAidReferred(
            programme=account.programme,
            division=account.division,
            applicant=account.applicant,
            needs=needs,
        )
    ]
