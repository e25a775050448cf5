"""Households on the books: when each is checked next, and what is said of it and waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.leads import LeadResponse
from shared.contracts.standing_households import (
    HouseholdEnteredBooks,
    HouseholdLeftBooks,
    Information,
    NotAskedReason,
    PeriodicCheckOpened,
    PeriodicCheckScheduled,
    ReviewCalledFor,
    Standing,
    StandingLeadAnswered,
    StandingLeadCleared,
    StandingLeadLeftUnanswered,
    StandingLeadRaised,
    StandingLeadUpheld,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class StandingHouseholdRow(Row):
    """A household that is, or was, on the books.

    ``next_on`` is the day of its next check by kind of information, ``last_on`` that of the last
    on which anybody was asked; ``not_asked`` is why nobody was, the last time. ``waiting_leads``
    are the numbers of leads that wait for an answer or a recheck, ``reviews_called`` those by
    which a review was called for.
    """

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    programme: Programme
    standings: tuple[Standing, ...]
    on_books: bool
    next_on: Mapping[Information, date]
    last_on: date | None = None
    not_asked: NotAskedReason | None = None
    waiting: bool
    waiting_leads: tuple[int, ...] = ()
    reviews_called: tuple[int, ...] = ()


def fold_standing(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A household on the books after one more event of its stream."""
    event = document.data
    if isinstance(event, HouseholdEnteredBooks):
        known = before or {"next_on": {}, "waiting": False, "waiting_leads": []}
        standings = sorted({*known.get("standings", ()), event.standing.value})
        return {
            **known,
            "division": event.division,
            "programme": event.programme.value,
            "standings": standings,
            "on_books": True,
        }
    return before if before is None else _after(before, event, document)


def _after(known: Document, event: Any, document: EventDocument[Any]) -> Document:
    match event:
        case HouseholdLeftBooks():
            standings = [s for s in known["standings"] if s != event.standing.value]
            over = {} if standings else {"next_on": {}, "waiting": False, "waiting_leads": []}
            return {**known, **over, "standings": standings, "on_books": bool(standings)}
        case PeriodicCheckScheduled():
            next_on = {**known["next_on"], event.information.value: event.due_on.isoformat()}
            why = None if event.not_asked is None else event.not_asked.value
            return {**known, "next_on": next_on, "not_asked": why}
        case PeriodicCheckOpened():
            return {**known, "last_on": document.effective_on.isoformat()}
        case StandingLeadRaised():
            return _leads(known, with_lead=event.lead)
        case StandingLeadAnswered():
            objected = event.response is LeadResponse.OBJECTED
            return _leads(
                known, **({"with_lead": event.lead} if objected else {"without": event.lead})
            )
        case StandingLeadUpheld() | StandingLeadCleared() | StandingLeadLeftUnanswered():
            return _leads(known, without=event.lead)
        case ReviewCalledFor():
            called = sorted({*known.get("reviews_called", ()), event.lead})
            return {**known, "reviews_called": called}
    return known


def _leads(known: Document, *, with_lead: int = 0, without: int = 0) -> Document:
    """The leads that wait for an answer or a recheck, by number."""
    waiting = sorted({*known["waiting_leads"], with_lead} - {without, 0})
    return {**known, "waiting_leads": waiting, "waiting": bool(waiting)}


STANDING_HOUSEHOLDS: Final = Projection(
    ViewSpec("standing_households", indexes=(("division", "on_books"), ("division", "waiting"))),
    (
        HouseholdEnteredBooks,
        HouseholdLeftBooks,
        PeriodicCheckScheduled,
        PeriodicCheckOpened,
        StandingLeadRaised,
        StandingLeadAnswered,
        StandingLeadUpheld,
        StandingLeadCleared,
        StandingLeadLeftUnanswered,
        ReviewCalledFor,
    ),
    fold_standing,
)
