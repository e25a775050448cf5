"""Verification's own kinds of refusal, for its catalogue, by subject."""

from __future__ import annotations

from typing import Final

from services.verification.problems import (
    account,
    bills,
    check,
    circumstances,
    leads,
    review,
    spot_checks,
    standing,
    visit,
    waiver,
)
from shared.runtime.notes import NOTE_OWNER_UNKNOWN

PROBLEMS: Final = (
    NOTE_OWNER_UNKNOWN,
    *check.PROBLEMS,
    *standing.PROBLEMS,
    *visit.PROBLEMS,
    *review.PROBLEMS,
    *account.PROBLEMS,
    *bills.PROBLEMS,
    *circumstances.PROBLEMS,
    *waiver.PROBLEMS,
    *leads.PROBLEMS,
    *spot_checks.PROBLEMS,
)
