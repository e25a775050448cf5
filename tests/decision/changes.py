"""A change of the story's wages: reported, and decided by other hands."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.decision.decisions import DecideChange, ReportChange, decide_change
from shared.kernel.event import Event
from shared.kernel.spec import Decided, Given
from tests.decision.household import CHANGE, CHANGED_ON, CONFIRMED, OTHER, REPORTER, given, reported
from tests.verification.household import DEDUCTIONS, HUSBAND, note, wage

TOWNSHIP, COUNTY = "township_approver", "county_approver"
REASON = note("reason")
AT_STANDARD_FEN = 4 * 600_00 + 700_00
"""Wages with which four persons' counted income is exactly at the standard."""


def report(wages_fen: int = 3_300_00, **changed: Any) -> ReportChange:
    stated: dict[str, Any] = {
        "change_id": CHANGE,
        "reporter": REPORTER,
        "income": (wage(HUSBAND, wages_fen),),
        "deductions": DEDUCTIONS,
        "explanation": note("change"),
    }
    return ReportChange(**(stated | changed))


def decide(**changed: Any) -> DecideChange:
    stated: dict[str, Any] = {"actor": OTHER, "role": TOWNSHIP, "change_id": CHANGE}
    return DecideChange(**(stated | changed))


def change_of(wages_fen: int, on: date = CHANGED_ON, *more: Event, **changed: Any) -> Given:
    """A household of the story whose wages are reported to have changed."""
    return given(*CONFIRMED, reported(wages_fen, on, **changed), *more, on=on)


def decided(wages_fen: int, on: date = CHANGED_ON, **changed: Any) -> Decided:
    """What comes of a change of the story's household, confirmed in 2020."""
    by_county = {"role": COUNTY} if on.year > 2022 else {}
    return change_of(wages_fen, on).when(decide(**(by_county | changed)), decide_change)
