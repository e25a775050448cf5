"""Who is to be offered a subsidy for disabled people (应补尽补): a document per person and kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Programme
from shared.contracts.subsidies import SubsidyLeadClosed, SubsidyLeadEnd, SubsidyLeadOpened
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class SubsidyLeadRow(Row):
    """A person who is entitled to a subsidy by what the house knows and does not receive it.

    ``case_id`` is the case by which it is known, ``since`` from which month on, ``open`` whether
    the person is still to be offered it, ``reason`` why not any more.
    """

    lead_id: UUID = Field(validation_alias="_id")
    person_id: UUID
    programme: Programme
    division: DivisionCode
    case_id: UUID
    since: Month
    open: bool
    reason: SubsidyLeadEnd | None = None


def _keys(document: EventDocument[Any]) -> Iterable[str]:
    event = document.data
    return (str(uuid5(event.person_id, event.programme.value)),)


def fold(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A person's lead to one subsidy; opened again it begins anew."""
    event = document.data
    match event:
        case SubsidyLeadOpened():
            return {
                "person_id": str(event.person_id),
                "programme": event.programme.value,
                "division": event.division,
                "case_id": str(event.case_id),
                "since": str(event.since),
                "open": True,
            }
        case SubsidyLeadClosed() if before is not None and before["open"]:
            return {**before, "open": False, "reason": event.reason.value}
    return before


SUBSIDY_LEADS: Final = Projection(
    ViewSpec("subsidy_leads", indexes=(("division", "open"), ("programme",), ("open",))),
    (SubsidyLeadOpened, SubsidyLeadClosed),
    fold,
    _keys,
)
