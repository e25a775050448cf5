"""Decision's aggregates: one determination per case, or one aid."""

from typing import Any, Final

from services.decision.model.aid import AID, Aid, AidStage, aid_of
from services.decision.model.appeals import APPEAL, Appeal, appeal_of, appeals_of
from services.decision.model.determination import (
    DETERMINATION,
    IN_BENEFIT,
    Change,
    Determination,
    Stage,
    Standing,
    determination_of,
)
from services.decision.model.meetings import CASE_FILE, CaseFile, case_file_of
from services.decision.model.notices import NOTICES, Notice, Notices, notices_of
from services.decision.model.reviews import REVIEWS, OpenReview, Reviews, reviews_of
from services.decision.model.work import WORK, OpenConsequence, WorkRecord, work_of
from shared.kernel.decider import Aggregate

_ALL: Final[tuple[Aggregate[Any], ...]] = (
    DETERMINATION,
    AID,
    WORK,
    NOTICES,
    REVIEWS,
    APPEAL,
    CASE_FILE,
)
AGGREGATES: Final[dict[str, Aggregate[Any]]] = {a.name: a for a in _ALL}

__all__ = [
    "AGGREGATES",
    "AID",
    "APPEAL",
    "CASE_FILE",
    "DETERMINATION",
    "IN_BENEFIT",
    "NOTICES",
    "REVIEWS",
    "WORK",
    "Aid",
    "AidStage",
    "Appeal",
    "CaseFile",
    "Change",
    "Determination",
    "Notice",
    "Notices",
    "OpenConsequence",
    "OpenReview",
    "Reviews",
    "Stage",
    "Standing",
    "WorkRecord",
    "aid_of",
    "appeal_of",
    "appeals_of",
    "case_file_of",
    "determination_of",
    "notices_of",
    "reviews_of",
    "work_of",
]
