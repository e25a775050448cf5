"""How applications and requests stand, as their query codes show it: steps and days only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import Sha256Hex
from shared.contracts.intake import (
    ApplicationAccepted,
    ApplicationClosed,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    EmergencyAccepted,
)
from shared.contracts.requests import (
    PublicityNoted,
    RequestFedBack,
    RequestReceived,
    RequestRegistered,
    RequestTransferred,
)
from shared.kernel.event import Document as EventDocument
from shared.kernel.event import Event
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class ProgressRow(Row):
    """The steps of an application or a request, by the keyed digest of its query code."""

    about: UUID = Field(validation_alias="_id")
    query_code: Sha256Hex
    received_on: date
    registered_on: date | None = None
    transferred_on: date | None = None
    fed_back_on: date | None = None
    accepted_on: date | None = None
    publicity_until: date | None = None
    withdrawn_on: date | None = None
    decided_on: date | None = None
    confirmed: bool | None = None
    first_month: Month | None = None


def _by_code_holder(document: EventDocument[Any]) -> Iterable[str]:
    return (str(getattr(document.data, "request_id", document.subject)),)


_STEP: Final[dict[type[Event], str]] = {
    RequestRegistered: "registered_on",
    RequestTransferred: "transferred_on",
    RequestFedBack: "fed_back_on",
    ApplicationAccepted: "accepted_on",
    EmergencyAccepted: "accepted_on",
    ApplicationWithdrawn: "withdrawn_on",
}


def fold_progress(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """The steps of what has a code; what was made before there were codes has no document."""
    event = document.data
    day = document.effective_on.isoformat()
    match event:
        case ApplicationSubmitted() | RequestReceived():
            code = event.query_code
            return None if code is None else {"query_code": code, "received_on": day}
        case _ if before is None:
            return None
        case PublicityNoted(until_on=until_on):
            return {**before, "publicity_until": until_on.isoformat()}
        case ApplicationClosed():
            month = event.first_month
            paid = {} if month is None else {"first_month": str(month)}
            return {**before, "decided_on": day, "confirmed": not event.refused, **paid}
    return {**before, _STEP[type(event)]: day}


PROGRESS: Final = Projection(
    ViewSpec("progress", indexes=(("query_code",),)),
    (ApplicationSubmitted, RequestReceived, PublicityNoted, ApplicationClosed, *_STEP),
    fold_progress,
    _by_code_holder,
)
