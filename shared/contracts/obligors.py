"""Events of verification about those bound to support somebody: their consent, their means."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.departments import (
    Department,
    DepartmentFailure,
    ReceivedAnswer,
    UselessAnswer,
)
from shared.contracts.fields import NoteRef
from shared.contracts.leads import LeadKind
from shared.kernel.event import Event
from shared.money import Fen


class ObligorConsentNoted(Event, service="verification", name="obligor-consent-noted"):
    """Somebody bound to support the household may have their means checked, says who signed it.

    Until ``until_on``, that day included; for as long as the case is checked where there is none.
    """

    person_id: UUID
    signed_by: UUID
    until_on: date | None = None


class ObligorConsentWithdrawn(Event, service="verification", name="obligor-consent-withdrawn"):
    """Somebody bound to support the household took the word back."""

    person_id: UUID


class ObligorChecked(Event, service="verification", name="obligor-checked"):
    """What an obligor's means were found to be: income in fen a month, property as it is counted.

    ``consent_by`` is who had signed that they may be checked; nobody where the household's own
    authorisation stood for it. ``departments`` had answered by then; in ``below_reported`` what was
    found lies below what they say, which ``findings`` explain.
    """

    person_id: UUID
    checker: UUID
    income_fen: Fen
    deposits_fen: Fen
    houses: Annotated[int, Field(ge=0, le=1000)]
    vehicles: Annotated[int, Field(ge=0, le=1000)]
    findings: NoteRef
    consent_by: UUID | None = None
    departments: tuple[Department, ...] | None = None
    below_reported: tuple[LeadKind, ...] | None = None


class ObligorAsked(Event, service="verification", name="obligor-asked"):
    """Departments are asked about somebody bound to support the household, by that one's word.

    From ``not_before`` on, where an answer was of no use.
    """

    person_id: UUID
    departments: Annotated[tuple[Department, ...], Field(min_length=1)]
    not_before: date | None = None


class ObligorAnswered(ReceivedAnswer, service="verification", name="obligor-answered"):
    """What was read from a department's answer about an obligor."""

    person_id: UUID


class ObligorAnswerSetAside(UselessAnswer, service="verification", name="obligor-answer-set-aside"):
    """An answer about an obligor is kept as it came and not used."""

    person_id: UUID


class ObligorQueryFailed(Event, service="verification", name="obligor-query-failed"):
    """A department gave no data about an obligor and will not."""

    person_id: UUID
    department: Department
    failure: DepartmentFailure
