"""What the registry decides: who a number belongs to, and whether a reading is allowed.

Each reading is recorded before it is answered. A refused one is an outcome of its command.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from services.intake.registry import rules
from services.intake.registry.model import Amendments, Consultations, Identity
from shared.contracts.persons import (
    ConsultationPurpose,
    NotesRead,
    PersonAmended,
    PersonField,
    PersonLookedUp,
    PersonNameMismatched,
    PersonRecognised,
    PersonRegistered,
    PersonsConsulted,
)
from shared.kernel.decider import Fact, Moment, Refusal, Stream
from shared.kernel.event import Event


class Likeness(Enum):
    """How whoever is to be registered compares with who holds the number."""

    NOBODY = auto()
    """Nobody holds it."""
    SAME = auto()
    OTHER = auto()
    """Another name, or a row that nobody can open."""
    LOST = auto()
    """The holder's row is not in the vault any more."""
    ERASED = auto()


@dataclass(frozen=True, slots=True)
class Register:
    """Register somebody under ``person_id`` unless the number is known.

    ``stored`` says that the vault holds a row put for this command: of a new person, or of a
    known one whose row was lost. ``likeness`` was found at the identity's version that the
    submission expects. ``hour`` is the caller's stream of readings.
    """

    person_id: UUID
    region: str
    stored: bool
    likeness: Likeness
    hour: Stream
    allowance: rules.Allowance


@dataclass(frozen=True, slots=True)
class Amend:
    """Correct fields of a person."""

    person_id: UUID
    fields: tuple[PersonField, ...]


@dataclass(frozen=True, slots=True)
class LookUp:
    """Ask whether a number is known."""

    purpose: ConsultationPurpose
    allowance: rules.Allowance


@dataclass(frozen=True, slots=True)
class Consult:
    """Read fields of persons."""

    purpose: ConsultationPurpose
    fields: tuple[PersonField, ...]
    person_ids: tuple[UUID, ...]
    allowance: rules.Allowance


@dataclass(frozen=True, slots=True)
class ReadNotes:
    """Read notes."""

    purpose: ConsultationPurpose
    note_ids: tuple[UUID, ...]
    allowance: rules.Allowance


def register(
    identity: Identity,
    consultations: Consultations,
    command: Register,
    at: Moment,  # noqa: ARG001 - a decision's form
) -> list[Event | Fact]:
    """A number belongs to the person first registered with it, whoever races.

    To be told who holds a known number is a look-up, counted as one; and it is told only to
    whoever knows the holder's name, too.
    """
    holder = identity.person_id
    if holder is None:
        if not command.stored:
            raise Refusal("person-not-stored")
        return [PersonRegistered(person_id=command.person_id, region=command.region)]
    _within(consultations.look_ups + 1, command.allowance.look_ups, command.allowance)
    looked_up = Fact(
        PersonLookedUp(purpose=ConsultationPurpose.APPLICATION, person_id=holder),
        stream=command.hour,
    )
    match command.likeness:
        case Likeness.OTHER:
            mismatch = PersonNameMismatched(person_id=holder, region=command.region)
            return [mismatch, looked_up]
        case Likeness.ERASED:
            return [looked_up]
        case Likeness.LOST if not command.stored:
            raise Refusal("person-not-stored")
        case _:
            recognised = PersonRecognised(person_id=holder, region=command.region)
            return [recognised, looked_up]


def amend(amendments: Amendments, command: Amend, at: Moment) -> list[Event]:  # noqa: ARG001 - a decision's form
    """Say which fields are corrected; the values go into the vault under this event's version."""
    return [PersonAmended(person_id=command.person_id, fields=command.fields)]


def look_up(
    consultations: Consultations,
    identity: Identity,
    command: LookUp,
    at: Moment,  # noqa: ARG001 - a decision's form
) -> list[Event]:
    """Tell who holds a number, within the hour's allowance."""
    _within(consultations.look_ups + 1, command.allowance.look_ups, command.allowance)
    return [PersonLookedUp(purpose=command.purpose, person_id=identity.person_id)]


def consult(consultations: Consultations, command: Consult, at: Moment) -> list[Event]:  # noqa: ARG001 - a decision's form
    """Read what the purpose needs, within the hour's allowance."""
    if rules.fields_beyond(command.purpose, command.fields):
        allowed = sorted(rules.FIELDS_BY_PURPOSE[command.purpose])
        raise Refusal(
            "fields-beyond-purpose",
            facts={"purpose": command.purpose, "allowed": ", ".join(allowed)},
            source=rules.SOURCE,
            status=403,
        )
    count = len(command.person_ids)
    _within(consultations.persons + count, command.allowance.persons, command.allowance)
    return [
        PersonsConsulted(
            purpose=command.purpose,
            count=count,
            fields=command.fields,
            person_ids=command.person_ids,
        )
    ]


def read_notes(consultations: Consultations, command: ReadNotes, at: Moment) -> list[Event]:  # noqa: ARG001 - a decision's form
    """Read notes, within the hour's allowance."""
    count = len(command.note_ids)
    _within(consultations.notes + count, command.allowance.notes, command.allowance)
    return [NotesRead(purpose=command.purpose, count=count, note_ids=command.note_ids)]


def _within(wanted: int, allowed: int, allowance: rules.Allowance) -> None:
    if wanted > allowed:
        facts = {f"allowed_per_{allowance.per}": allowed}
        raise Refusal("too-much-read", facts=facts, status=429)
