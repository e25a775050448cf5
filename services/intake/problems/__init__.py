"""Intake's own kinds of refusal, for its catalogue, by subject."""

from __future__ import annotations

from typing import Final

from services.intake.problems import (
    aid,
    applying,
    children,
    procedure,
    requests,
    residence,
    screenings,
    signatures,
)
from shared.runtime.notes import NOTE_OWNER_UNKNOWN

PROBLEMS: Final = (
    NOTE_OWNER_UNKNOWN,
    *applying.PROBLEMS,
    *aid.PROBLEMS,
    *children.PROBLEMS,
    *residence.PROBLEMS,
    *procedure.PROBLEMS,
    *signatures.PROBLEMS,
    *requests.PROBLEMS,
    *screenings.PROBLEMS,
)
