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
    SetAnswerAside,
    ask_again,
    open_check,
    record_answer,
    record_failure,
    set_answer_aside,
)
from services.verification.decisions.leads import (
    AnswerLead,
    NoteUnansweredLeads,
    answer_lead,
    note_unanswered_leads,
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
    "AnswerLead",
    "AskAgain",
    "CompleteCheck",
    "HoldReview",
    "NoteMissedReview",
    "NoteMissedSurvey",
    "NoteUnansweredLeads",
    "OpenCheck",
    "RecordAnswer",
    "RecordFailure",
    "RecordHomeVisit",
    "SetAnswerAside",
    "answer_lead",
    "ask_again",
    "complete",
    "hold_review",
    "note_missed_review",
    "note_missed_survey",
    "note_unanswered_leads",
    "open_check",
    "record_answer",
    "record_failure",
    "record_home_visit",
    "set_answer_aside",
]
