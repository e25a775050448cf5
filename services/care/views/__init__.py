"""Care's read models: care files, agreements, months without contact, reported changes."""

from __future__ import annotations

from typing import Final

from services.care.views.care_files import (
    AGREEMENTS,
    CARE_FILES,
    MISSED_CONTACTS,
    AgreementRow,
    CareFileRow,
    MissedContactRow,
    fold_file,
)
from services.care.views.reassessments import REASSESSMENTS, ReassessmentRow

__all__ = [
    "AGREEMENTS",
    "CARE_FILES",
    "MISSED_CONTACTS",
    "PROJECTIONS",
    "REASSESSMENTS",
    "AgreementRow",
    "CareFileRow",
    "MissedContactRow",
    "ReassessmentRow",
    "fold_file",
]

PROJECTIONS: Final = (CARE_FILES, AGREEMENTS, MISSED_CONTACTS, REASSESSMENTS)
