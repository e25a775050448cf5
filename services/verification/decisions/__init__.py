"""What verification decides: the check of a household, from its opening to its account."""

from services.verification.decisions.completion import (
    CompleteCheck,
    complete,
)
from services.verification.decisions.departments import (
    AskAgain,
    OpenCheck,
    RecordAnswer,
    RecordFailure,
    ask_again,
    open_check,
    record_answer,
    record_failure,
)
from services.verification.decisions.review import (
    HoldReview,
    NoteMissedReview,
    hold_review,
    note_missed_review,
)
from services.verification.decisions.visit import (
    NoteMissedSurvey,
    RecordHomeVisit,
    note_missed_survey,
    record_home_visit,
)

__all__ = [
    "AskAgain",
    "CompleteCheck",
    "HoldReview",
    "NoteMissedReview",
    "NoteMissedSurvey",
    "OpenCheck",
    "RecordAnswer",
    "RecordFailure",
    "RecordHomeVisit",
    "ask_again",
    "complete",
    "hold_review",
    "note_missed_review",
    "note_missed_survey",
    "open_check",
    "record_answer",
    "record_failure",
    "record_home_visit",
]
