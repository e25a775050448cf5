"""What the streams of erasure fold to.

``erasure``: one stream per person, with the requests to erase them and the holds that forbid it.
``erasure-list``: one stream, with an entry for everybody who was erased, in order. It is short
beside the log, so that a key store restored from an older copy is soon told what it must destroy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from shared.contracts.erasure import (
    ErasureApproved,
    ErasureListed,
    ErasureRejected,
    ErasureRequested,
    HoldLifted,
    HoldPlaced,
    PersonErased,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Document, Event
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry

KEY_DESTRUCTION: Final = "key-destruction"
"""On the agenda from the approval until the key is destroyed."""


class Stage(StrEnum):
    """How far a person's erasure is; ``NONE`` also after one was rejected."""

    NONE = "none"
    REQUESTED = "requested"
    APPROVED = "approved"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Erasure:
    """The latest request to erase a person, and the holds that stand."""

    stage: Stage = Stage.NONE
    requested: ErasureRequested | None = None
    approved: ErasureApproved | None = None
    erased_at: datetime | None = None
    holds: Mapping[UUID, HoldPlaced] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErasureList:
    """How many were erased."""

    count: int = 0


def evolve_erasure(erasure: Erasure, event: Event) -> Erasure:
    """One step of the fold of a person's erasure."""
    match event:
        case ErasureRequested():
            return replace(erasure, stage=Stage.REQUESTED, requested=event)
        case ErasureRejected():
            return replace(erasure, stage=Stage.NONE)
        case ErasureApproved():
            return replace(erasure, stage=Stage.APPROVED, approved=event)
        case PersonErased(destroyed_at=destroyed_at):
            return replace(erasure, stage=Stage.ERASED, erased_at=destroyed_at)
        case HoldPlaced(hold_id=hold_id):
            return replace(erasure, holds={**erasure.holds, hold_id: event})
        case HoldLifted(hold_id=hold_id):
            left = {i: hold for i, hold in erasure.holds.items() if i != hold_id}
            return replace(erasure, holds=left)
        case _:
            raise TypeError(f"{event.type} is no event of an erasure")


def evolve_list(erased: ErasureList, event: Event) -> ErasureList:
    """One step of the fold of the erasure list."""
    match event:
        case ErasureListed():
            return ErasureList(erased.count + 1)
        case _:
            raise TypeError(f"{event.type} is no entry of the erasure list")


ERASURE: Final = Aggregate("erasure", Erasure(), evolve_erasure)
ERASURE_LIST: Final = Aggregate("erasure-list", ErasureList(), evolve_list)

AGGREGATES: dict[str, Aggregate[Any]] = {a.name: a for a in (ERASURE, ERASURE_LIST)}
"""What intake's domain takes in from here."""

THE_LIST: Final = Stream(ERASURE_LIST.name, "all")
"""The erasure list's one stream."""


def erasure_of(person_id: UUID) -> Stream:
    """The stream of a person's erasure."""
    return Stream(ERASURE.name, str(person_id))


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    """From the approval on the person's key is to be destroyed, until that is recorded."""
    event = document.data
    match event:
        case ErasureApproved(person_id=person_id):
            yield AgendaEntry(
                KEY_DESTRUCTION,
                person_id,
                document.effective_on,
                document.subject,
                document.stream,
                document.id,
                document.region,
            )
        case PersonErased(person_id=person_id):
            yield AgendaDone(KEY_DESTRUCTION, person_id)
