"""What the registry's streams fold to.

``identity``: one stream per ID number, under a random name that the key store has for the number's
keyed hash, so that the same person is found again in any county without anybody storing the number
beside the log, and is found no more once the name is forgotten.
``consultations``: one stream per reader and hour, so that a limit holds across instances; of a
service one per minute, so that no stream grows with what a province's services read in an hour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.contracts.persons import (
    NotesRead,
    PersonAmended,
    PersonLookedUp,
    PersonNameMismatched,
    PersonRecognised,
    PersonRegistered,
    PersonsConsulted,
)
from shared.kernel.decider import Aggregate, Stream
from shared.kernel.event import Event


@dataclass(frozen=True, slots=True)
class Identity:
    """Who holds an ID number: nobody yet, or the person first registered with it."""

    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Consultations:
    """How much one reader has read in one hour, or a service in one minute."""

    look_ups: int = 0
    persons: int = 0
    notes: int = 0


def evolve_identity(identity: Identity, event: Event) -> Identity:
    """One step of an identity's fold."""
    match event:
        case PersonRegistered(person_id=person_id):
            return Identity(person_id)
        case PersonRecognised() | PersonNameMismatched():
            return identity
        case _:
            raise TypeError(f"{event.type} is no event of an identity")


def evolve_consultations(consultations: Consultations, event: Event) -> Consultations:
    """One step of the fold of a reader's hour."""
    match event:
        case PersonLookedUp():
            return replace(consultations, look_ups=consultations.look_ups + 1)
        case PersonsConsulted(count=count):
            return replace(consultations, persons=consultations.persons + count)
        case NotesRead(count=count):
            return replace(consultations, notes=consultations.notes + count)
        case _:
            raise TypeError(f"{event.type} is no event of a reader's hour")


@dataclass(frozen=True, slots=True)
class Amendments:
    """How often a person's data was amended; what was amended is in the vault."""

    count: int = 0


def evolve_amendments(amendments: Amendments, event: Event) -> Amendments:
    """One step of the fold of a person's amendments."""
    match event:
        case PersonAmended():
            return Amendments(amendments.count + 1)
        case _:
            raise TypeError(f"{event.type} is no event of a person's amendments")


def amendments_of(person_id: UUID) -> Stream:
    """The stream of a person's amendments."""
    return Stream(AMENDMENTS.name, str(person_id))


def hour_of(caller_id: UUID, now: datetime) -> Stream:
    """The stream that counts what one reader reads in the hour of a moment."""
    return Stream(CONSULTATIONS.name, f"{caller_id}/{now.astimezone(UTC):%Y-%m-%dT%H}")


def minute_of(caller_id: UUID, now: datetime) -> Stream:
    """The stream that counts what one reader reads in the minute of a moment."""
    return Stream(CONSULTATIONS.name, f"{caller_id}/{now.astimezone(UTC):%Y-%m-%dT%H:%M}")


IDENTITY = Aggregate("identity", Identity(), evolve_identity)
CONSULTATIONS = Aggregate("consultations", Consultations(), evolve_consultations)
AMENDMENTS = Aggregate("amendments", Amendments(), evolve_amendments)

AGGREGATES: dict[str, Aggregate[Any]] = {a.name: a for a in (IDENTITY, CONSULTATIONS, AMENDMENTS)}
"""What intake's domain takes in from the registry."""
