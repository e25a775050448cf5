"""Decision's aggregates: one determination per case, or one aid."""

from typing import Any, Final

from services.decision.model.aid import AID, Aid, AidStage, aid_of, evolve_aid
from services.decision.model.appeals import APPEAL, Appeal, appeal_of, appeals_of
from services.decision.model.coming_of_age import (
    COMING_OF_AGE,
    ComingOfAge,
    coming_of_age_of,
)
from services.decision.model.determination import (
    IN_BENEFIT,
    Change,
    Determination,
    Stage,
    Standing,
)
from services.decision.model.determination_fold import DETERMINATION, determination_of
from services.decision.model.meetings import CASE_FILE, CaseFile, case_file_of
from services.decision.model.notices import NOTICES, Notice, Notices, notices_of
from services.decision.model.permits import PERMIT, Permit, PermitStanding, permit_of
from services.decision.model.redetermination import (
    CASELOAD,
    CASELOAD_PARTS,
    REDETERMINATION,
    Caseload,
    CaseloadParts,
    Redetermination,
    caseload_of,
    parts_of,
    redetermination_of,
    township_of,
)
from services.decision.model.reviews import REVIEWS, OpenReview, Reviews, reviews_of
from services.decision.model.small_aid import SMALL_AIDS, SmallAids, small_aids_of
from services.decision.model.standards import (
    STANDARDS,
    Standards,
    Subject,
    nearest,
    standards_of,
    standards_over,
)
from services.decision.model.standing import account_in, is_stop_suspended_or_fell, stood_before
from services.decision.model.supports import SUPPORTS, Supports, supports_of
from services.decision.model.terminations import (
    TERMINATIONS,
    OpenTermination,
    Terminations,
    terminations_of,
)
from services.decision.model.terms import TERM, Term, term_of
from services.decision.model.work import WORK, OpenConsequence, WorkRecord, work_of
from shared.kernel.decider import Aggregate

_ALL: Final[tuple[Aggregate[Any], ...]] = (
    DETERMINATION,
    AID,
    SMALL_AIDS,
    SUPPORTS,
    WORK,
    NOTICES,
    REVIEWS,
    TERMINATIONS,
    COMING_OF_AGE,
    APPEAL,
    CASE_FILE,
    STANDARDS,
    CASELOAD,
    CASELOAD_PARTS,
    REDETERMINATION,
    PERMIT,
    TERM,
)
AGGREGATES: Final[dict[str, Aggregate[Any]]] = {a.name: a for a in _ALL}

__all__ = [
    "AGGREGATES",
    "AID",
    "APPEAL",
    "CASELOAD",
    "CASELOAD_PARTS",
    "CASE_FILE",
    "COMING_OF_AGE",
    "DETERMINATION",
    "IN_BENEFIT",
    "NOTICES",
    "PERMIT",
    "REDETERMINATION",
    "REVIEWS",
    "SMALL_AIDS",
    "STANDARDS",
    "SUPPORTS",
    "TERM",
    "TERMINATIONS",
    "WORK",
    "Aid",
    "AidStage",
    "Appeal",
    "CaseFile",
    "Caseload",
    "CaseloadParts",
    "Change",
    "ComingOfAge",
    "Determination",
    "Notice",
    "Notices",
    "OpenConsequence",
    "OpenReview",
    "OpenTermination",
    "Permit",
    "PermitStanding",
    "Redetermination",
    "Reviews",
    "SmallAids",
    "Stage",
    "Standards",
    "Standing",
    "Subject",
    "Supports",
    "Term",
    "Terminations",
    "WorkRecord",
    "account_in",
    "aid_of",
    "appeal_of",
    "appeals_of",
    "case_file_of",
    "caseload_of",
    "coming_of_age_of",
    "determination_of",
    "evolve_aid",
    "is_stop_suspended_or_fell",
    "nearest",
    "notices_of",
    "parts_of",
    "permit_of",
    "redetermination_of",
    "reviews_of",
    "small_aids_of",
    "standards_of",
    "standards_over",
    "stood_before",
    "supports_of",
    "term_of",
    "terminations_of",
    "township_of",
    "work_of",
]
