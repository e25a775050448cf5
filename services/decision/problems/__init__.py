"""Decision's own kinds of refusal, for its catalogue, by subject."""

from __future__ import annotations

from typing import Final

from services.decision.problems import (
    account,
    aid,
    appeals,
    board,
    change,
    children,
    household,
    meetings,
    notices,
    procedure,
    residence,
    reviews,
    standards,
    subsidies,
    terminations,
    terms,
    work,
)
from shared.runtime.notes import NOTE_OWNER_UNKNOWN

PROBLEMS: Final = (
    NOTE_OWNER_UNKNOWN,
    *procedure.PROBLEMS,
    *terms.PROBLEMS,
    *account.PROBLEMS,
    *residence.PROBLEMS,
    *terminations.PROBLEMS,
    *subsidies.PROBLEMS,
    *children.PROBLEMS,
    *change.PROBLEMS,
    *household.PROBLEMS,
    *aid.PROBLEMS,
    *work.PROBLEMS,
    *notices.PROBLEMS,
    *reviews.PROBLEMS,
    *appeals.PROBLEMS,
    *meetings.PROBLEMS,
    *standards.PROBLEMS,
    *board.PROBLEMS,
)
