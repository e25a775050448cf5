"""What was assessed of an aid, and what is still to come of it, as the list of aids shows it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from shared.contracts.aid import AidGranted, AidInstalmentReleased, AidRestStopped
from shared.contracts.aid_needs import (
    AidDeliveryMissed,
    AidForm,
    AidInKind,
    AidInKindDelivered,
    AidNeedsAssessed,
)
from shared.kernel.event import Document as EventDocument
from shared.views.port import Document
from shared.views.rows import Row


class InKindRow(Row):
    """Goods or a service that was granted, its form and worth in fen, and when it was delivered."""

    kind: AidInKind
    form: AidForm
    value_fen: int
    delivered_on: date | None = None


class StageRow(Row):
    """A later stage of the money, in fen: when it falls due, and whether it was released."""

    number: int
    amount_fen: int
    due_on: date
    released: bool = False


OF_THE_REST: Final = (
    AidNeedsAssessed,
    AidInstalmentReleased,
    AidInKindDelivered,
    AidDeliveryMissed,
    AidRestStopped,
)


def fold_grant(event: AidGranted) -> Document:
    """What a grant says of later stages, and of goods and services."""
    in_kind = [
        {
            "kind": one.kind.value,
            "form": one.kind.form.value,
            "value_fen": one.value_fen,
            "delivered_on": None,
        }
        for one in event.in_kind or ()
    ]
    stages = [
        {
            "number": number,
            "amount_fen": one.amount_fen,
            "due_on": one.due_on.isoformat(),
            "released": False,
        }
        for number, one in enumerate(event.later or (), start=2)
    ]
    return {
        "in_kind": in_kind,
        "delivery_due": event.delivery_due.on.isoformat() if event.delivery_due else None,
        "stages": stages,
        "outstanding": bool(in_kind or stages),
        "undelivered": bool(in_kind),
    }


def fold_rest(before: Document | None, document: EventDocument[Any]) -> Document | None:
    """What became of it since; of a document that says nothing of it, it stays as it is."""
    event, day = document.data, document.effective_on.isoformat()
    aid = dict(before or {})
    match event:
        case AidNeedsAssessed():
            return {**aid, "assessed_on": day}
        case AidInstalmentReleased():
            released = {"number": event.number}, {"released": True}
            return _still_open({**aid, "stages": _changed(aid["stages"], *released)})
        case AidInKindDelivered():
            delivered = {"kind": event.kind.value}, {"delivered_on": event.delivered_on.isoformat()}
            return _still_open({**aid, "in_kind": _changed(aid["in_kind"], *delivered)})
        case AidDeliveryMissed():
            return {**aid, "delivery_missed": True}
        case AidRestStopped():
            reason = event.reason.value
            stopped = {"rest_stopped_on": day, "rest_stopped_because": reason}
            return {**aid, **stopped, "outstanding": False, "undelivered": False}
    return before


def _changed(rows: list[Document], which: Document, how: Document) -> list[Document]:
    """The rows, with the one that is meant changed."""
    return [{**row, **how} if which.items() <= row.items() else row for row in rows]


def _still_open(aid: Document) -> Document:
    to_come = not all(stage["released"] for stage in aid["stages"])
    undelivered = not all(one["delivered_on"] for one in aid["in_kind"])
    return {**aid, "outstanding": to_come or undelivered, "undelivered": undelivered}
