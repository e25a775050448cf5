"""What a home county was asked of members who are registered there, and what it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.contracts.residence import (
    HomeCountyAnswered,
    HomeCountyAnswerMissed,
    HomeCountyAsked,
)

HomeCountyEvent = HomeCountyAsked | HomeCountyAnswered | HomeCountyAnswerMissed


@dataclass(frozen=True, slots=True)
class HomeInquiry:
    """A question to a home county; ``answer`` is its last one, ``missed`` that it came too late."""

    asked: HomeCountyAsked
    answer: HomeCountyAnswered | None = None
    missed: bool = False


HomeInquiries = Mapping[str, HomeInquiry]
"""By the county's code, in the order in which they were asked."""


def evolve_home_counties(known: HomeInquiries, event: HomeCountyEvent) -> HomeInquiries:
    """One step of the fold of what home counties were asked."""
    match event:
        case HomeCountyAsked():
            inquiry = HomeInquiry(event)
        case HomeCountyAnswered():
            inquiry = replace(known[event.county], answer=event)
        case HomeCountyAnswerMissed():
            inquiry = replace(known[event.county], missed=True)
    return {**known, event.county: inquiry}
