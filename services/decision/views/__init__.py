"""Decision's read models."""

from typing import Final

from services.decision.views.aids import AIDS, AidRow
from services.decision.views.coming_of_age import COMING_OF_AGE, ComingOfAgeRow
from services.decision.views.determinations import DETERMINATIONS, DeterminationRow
from services.decision.views.obligations import (
    APPEAL_LIST,
    NOTICE_LIST,
    REVIEW_LIST,
    AppealRow,
    NoticeRow,
    ReviewRow,
    ReviewStage,
)
from services.decision.views.postings import POSTINGS, PostingRow
from services.decision.views.recognised_households import (
    RECOGNISED_HOUSEHOLDS,
    RecognisedHouseholdRow,
)
from services.decision.views.redeterminations import REDETERMINATIONS, RedeterminationRow
from services.decision.views.residence_permits import RESIDENCE_PERMITS, PermitRow
from services.decision.views.subsidy_leads import SUBSIDY_LEADS, SubsidyLeadRow
from services.decision.views.terms import DECISION_TERMS, DecisionTermRow

PROJECTIONS: Final = (
    DETERMINATIONS,
    AIDS,
    REDETERMINATIONS,
    RECOGNISED_HOUSEHOLDS,
    COMING_OF_AGE,
    SUBSIDY_LEADS,
    NOTICE_LIST,
    REVIEW_LIST,
    APPEAL_LIST,
    RESIDENCE_PERMITS,
    POSTINGS,
    DECISION_TERMS,
)

__all__ = [
    "AIDS",
    "APPEAL_LIST",
    "COMING_OF_AGE",
    "DECISION_TERMS",
    "DETERMINATIONS",
    "NOTICE_LIST",
    "POSTINGS",
    "PROJECTIONS",
    "RECOGNISED_HOUSEHOLDS",
    "REDETERMINATIONS",
    "RESIDENCE_PERMITS",
    "REVIEW_LIST",
    "SUBSIDY_LEADS",
    "AidRow",
    "AppealRow",
    "ComingOfAgeRow",
    "DecisionTermRow",
    "DeterminationRow",
    "NoticeRow",
    "PermitRow",
    "PostingRow",
    "RecognisedHouseholdRow",
    "RedeterminationRow",
    "ReviewRow",
    "ReviewStage",
    "SubsidyLeadRow",
]
