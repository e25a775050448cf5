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
from services.verification.decisions.spot_checks import (
    DrawSpotChecks,
    ListCheck,
    NoteMissedSpotCheck,
    OweKinVisit,
    OweSpotCheck,
    RecordSpotVisit,
    draw_spot_checks,
    list_check,
    note_missed_spot_check,
    owe_kin_visit,
    owe_spot_check,
    record_spot_visit,
)
from services.verification.decisions.visit import (
    NoteMissedSurvey,
    RecordHomeVisit,
    note_missed_survey,
    record_home_visit,
)
from services.verification.decisions.waiver import WaiveFamilyCheck, waive_family_check

__all__ = [
    "AnswerLead",
    "AskAgain",
    "CompleteCheck",
    "DrawSpotChecks",
    "HoldReview",
    "ListCheck",
    "NoteMissedReview",
    "NoteMissedSpotCheck",
    "NoteMissedSurvey",
    "NoteUnansweredLeads",
    "OpenCheck",
    "OweKinVisit",
    "OweSpotCheck",
    "RecordAnswer",
    "RecordFailure",
    "RecordHomeVisit",
    "RecordSpotVisit",
    "SetAnswerAside",
    "WaiveFamilyCheck",
    "answer_lead",
    "ask_again",
    "complete",
    "draw_spot_checks",
    "hold_review",
    "list_check",
    "note_missed_review",
    "note_missed_spot_check",
    "note_missed_survey",
    "note_unanswered_leads",
    "open_check",
    "owe_kin_visit",
    "owe_spot_check",
    "record_answer",
    "record_failure",
    "record_home_visit",
    "record_spot_visit",
    "set_answer_aside",
    "waive_family_check",
]
