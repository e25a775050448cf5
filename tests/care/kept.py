"""A care file in a running system, for tests that look at every route."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from services.care.model import care_file_of
from shared.calendar import Month
from shared.kernel.event import Event
from shared.kernel.submission import Submission
from shared.runtime.service import Service
from tests.care.person import (
    AGREED,
    AGREEMENT,
    REPORT,
    SIGNED_ON,
    VISITOR,
    contacted,
    missed,
    opened,
    reported,
)

SHOWN: Final = (str(AGREEMENT), str(VISITOR), str(REPORT))
"""What is shown of such a file, beside its case."""


async def keep(care: Service, case_id: UUID, division: str) -> None:
    """Record the care of case 16 up to a missed month and a reported change, for a division.

    Recorded as it was and not decided anew: the story is lived in 2020, and by the rules of that
    year, which are not known, nobody can be assessed.
    """
    seen = (contacted(SIGNED_ON), missed(Month(2023, 3)), reported())
    events = (opened(division), *AGREED[1:], *seen)

    def as_it_was(_file: Any, _command: Any, _at: Any) -> Sequence[Event]:
        return events

    await care.writer.execute(
        Submission(
            command_id=uuid4(),
            command=None,
            reads=(care_file_of(case_id),),
            decide=as_it_was,
            actor=uuid4(),
            role="service",
            region=division,
            causation_id=uuid4(),
        )
    )
