"""Care files by case, agreements, and months without contact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID, uuid5

from pydantic import Field

from services.care.model import Stage, Standing
from shared.calendar import Month
from shared.contracts.care import (
    AgreementEnd,
    AgreementEnded,
    AgreementSigned,
    CareAmountRedetermined,
    CareEnded,
    CareOpened,
    ContactRecorded,
    MonthlyContactMissed,
    RectificationDone,
    RectificationOrdered,
    RectificationRefused,
    SelfCareAssessed,
    SupportModeChosen,
)
from shared.contracts.fields import CareLevel, DivisionCode, SupportMode
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document, ViewSpec
from shared.views.projector import Projection
from shared.views.rows import Row


class CareFileRow(Row):
    """A care file: how far it is, the level with its supplement in fen a month, and contacts.

    ``agreement_id``, ``visitor`` and ``until_on`` are of the open agreement, ``rectification`` and
    its last day of the last order to its caregiver; ``missed_months`` counts all there ever were.
    """

    case_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    stage: Stage
    opened_on: date
    missed_months: int
    assessed_on: date | None = None
    level: CareLevel | None = None
    care_fen: int | None = None
    care_from: Month | None = None
    mode: SupportMode | None = None
    agreement_id: UUID | None = None
    visitor: UUID | None = None
    until_on: date | None = None
    rectification: Standing | None = None
    rectification_due: date | None = None
    last_contact_on: date | None = None
    last_missed_month: Month | None = None
    ended_on: date | None = None


class AgreementRow(Row):
    """An agreement: its term, who visits, the first month in which that is owed, and its end.

    ``ended_on`` is the first day without it.
    """

    agreement_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    case_id: UUID
    visitor: UUID
    signed_on: date
    until_on: date
    first_month: Month
    standing: Literal["open", "ended"]
    ended_on: date | None = None
    reason: AgreementEnd | None = None


class MissedContactRow(Row):
    """A month that passed without the contacts it owed.

    ``recorded_late_on`` is when a contact of that month was recorded after all, if one was.
    """

    missed_id: UUID = Field(validation_alias="_id")
    division: DivisionCode
    case_id: UUID
    month: Month
    visitor: UUID
    missed_on: date
    recorded_late_on: date | None = None


_NO_AGREEMENT: Final[Document] = {
    "agreement_id": None,
    "visitor": None,
    "until_on": None,
    "rectification": None,
    "rectification_due": None,
}


def fold_file(_key: str, before: Document | None, document: EventDocument[Any]) -> Document | None:
    """A care file: stage, level and supplement in fen a month, mode, open agreement, contacts."""
    event = document.data
    day = document.effective_on.isoformat()
    if isinstance(event, CareOpened):
        return _opened(before, event, day)
    file = before or {}
    match event:
        case SelfCareAssessed():
            return {**file, **_assessed(file, event)}
        case CareAmountRedetermined():
            return {**file, "care_fen": event.care_fen, "care_from": str(event.from_month)}
        case SupportModeChosen():
            return {**file, "mode": event.mode.value}
        case AgreementSigned():
            return {
                **file,
                "stage": Stage.AGREED.value,
                "agreement_id": str(event.agreement_id),
                "visitor": str(event.visitor),
                "until_on": event.until_on.isoformat(),
            }
        case AgreementEnded():
            return {**file, **_NO_AGREEMENT, "stage": Stage.ASSESSED.value}
        case ContactRecorded():
            last = max(event.contact_on.isoformat(), file.get("last_contact_on") or "")
            return {**file, "last_contact_on": last}
        case MonthlyContactMissed():
            last = max(str(event.month), file.get("last_missed_month") or "")
            return {**file, "missed_months": file["missed_months"] + 1, "last_missed_month": last}
        case RectificationOrdered():
            due_on = event.due.on.isoformat()
            return {**file, "rectification": Standing.OPEN.value, "rectification_due": due_on}
        case RectificationDone():
            return {**file, "rectification": Standing.DONE.value}
        case RectificationRefused():
            return {**file, "rectification": Standing.REFUSED.value}
        case CareEnded():
            return {**file, "stage": Stage.ENDED.value, "ended_on": day}
    return before


def _opened(before: Document | None, event: CareOpened, day: str) -> Document:
    """A new file; or one whose care goes on after its end, with what was found of the person."""
    if before is None:
        opened = {"division": event.division, "stage": Stage.OPENED.value}
        return {**opened, "opened_on": day, "missed_months": 0}
    stage = Stage.ASSESSED if before.get("assessed_on") else Stage.OPENED
    return {**before, "division": event.division, "stage": stage.value, "ended_on": None}


def _assessed(file: Document, event: SelfCareAssessed) -> Document:
    stage = Stage.ASSESSED.value if file["stage"] == Stage.OPENED.value else file["stage"]
    return {
        "stage": stage,
        "assessed_on": event.assessed_on.isoformat(),
        "level": event.level.value,
        "care_fen": event.care_fen,
        "care_from": str(event.from_month),
    }


def fold_agreement(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """An agreement: its term, its visitor, and how it ended."""
    event = document.data
    match event:
        case AgreementSigned():
            return {
                "division": document.region,
                "case_id": str(document.subject),
                "visitor": str(event.visitor),
                "signed_on": event.signed_on.isoformat(),
                "until_on": event.until_on.isoformat(),
                "first_month": str(event.first_month),
                "standing": "open",
            }
        case AgreementEnded():
            ended_on = event.ended_on.isoformat()
            end = {"standing": "ended", "ended_on": ended_on, "reason": event.reason.value}
            return {**(before or {}), **end}
    return before


def fold_missed(
    _key: str, before: Document | None, document: EventDocument[Any]
) -> Document | None:
    """A month without its contacts; a contact of it that is recorded later is told beside."""
    event = document.data
    day = document.effective_on.isoformat()
    match event:
        case MonthlyContactMissed():
            return {
                "division": document.region,
                "case_id": str(document.subject),
                "month": str(event.month),
                "visitor": str(event.visitor),
                "missed_on": day,
            }
        case ContactRecorded() if before is not None:
            return {**before, "recorded_late_on": before.get("recorded_late_on", day)}
    return before


def _by_agreement(document: EventDocument[Any]) -> Iterable[str]:
    return (str(document.data.agreement_id),)


def _by_month(document: EventDocument[Any]) -> Iterable[str]:
    """The month that was missed, or that a late contact was of."""
    match document.data:
        case MonthlyContactMissed(month=month):
            return (str(uuid5(document.subject, str(month))),)
        case ContactRecorded(contact_on=day, late=True):
            return (str(uuid5(document.subject, str(Month.of(day)))),)
    return ()


CARE_FILES: Final = Projection(
    ViewSpec("care_files", indexes=(("division", "stage"), ("level", "mode"), ("visitor",))),
    (
        CareOpened,
        SelfCareAssessed,
        CareAmountRedetermined,
        SupportModeChosen,
        AgreementSigned,
        AgreementEnded,
        ContactRecorded,
        MonthlyContactMissed,
        RectificationOrdered,
        RectificationDone,
        RectificationRefused,
        CareEnded,
    ),
    fold_file,
)
AGREEMENTS: Final = Projection(
    ViewSpec("care_agreements", indexes=(("division", "standing"), ("until_on",), ("visitor",))),
    (AgreementSigned, AgreementEnded),
    fold_agreement,
    _by_agreement,
)
MISSED_CONTACTS: Final = Projection(
    ViewSpec("missed_contacts", indexes=(("division", "month"), ("visitor",))),
    (MonthlyContactMissed, ContactRecorded),
    fold_missed,
    _by_month,
)
