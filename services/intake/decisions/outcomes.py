"""What became of an application: decided, in publicity, its members free to apply anew."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.intake.decisions.command import Command
from services.intake.model import (
    Application,
    OpenApplication,
    Status,
    open_application_stream,
)
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.intake import (
    ApplicationClosed,
    OpenApplicationClaimed,
    OpenApplicationReleased,
)
from shared.contracts.recognition import HouseholdStatus
from shared.contracts.requests import PublicityNoted
from shared.contracts.watch_list import HouseholdRecognitionNoted
from shared.kernel.decider import Decision, Fact, Moment, Refusal


class CloseApplication(Command):
    """The case was decided."""

    refused: bool
    first_month: Month | None = None


class NoteRecognition(Command):
    """The household was recognised as something less than it applied for."""

    status: HouseholdStatus


class NotePublicity(Command):
    """The case is in publicity."""

    until_on: date


class ReleaseOpenApplication(Command):
    """The person may apply anew: the case was refused, or is over."""

    case_id: UUID


class ClaimMembers(Command):
    """Persons are in a case of a programme. Reads each one's open application, in their order."""

    case_id: UUID
    programme: Programme
    persons: tuple[UUID, ...]


def close(application: Application, command: CloseApplication, _at: Moment) -> Decision:
    """The case was decided: the application is closed with it; anew where a refusal fell."""
    accepted = application.accepted
    anew = application.status is Status.CLOSED and application.refused
    if accepted is None or not (application.status is Status.ACCEPTED or anew):
        raise Refusal("application-not-accepted", facts={"status": application.status})
    return [
        ApplicationClosed(
            refused=command.refused,
            programme=accepted.programme,
            members=accepted.members,
            screening_tasks=application.screening_tasks or None,
            first_month=command.first_month,
        )
    ]


def note_recognition(application: Application, command: NoteRecognition, _at: Moment) -> Decision:
    """A refused household is something all the same; said once, and again if it is another."""
    if application.status not in (Status.ACCEPTED, Status.CLOSED):
        raise Refusal("application-not-accepted", facts={"status": application.status})
    if application.recognised is command.status:
        return []
    return [HouseholdRecognitionNoted(status=command.status)]


def note_publicity(application: Application, command: NotePublicity, _at: Moment) -> Decision:
    """The household can ask until when its case is in publicity."""
    if application.status is not Status.ACCEPTED:
        raise Refusal("application-not-accepted", facts={"status": application.status})
    return [PublicityNoted(until_on=command.until_on)]


def release_open_application(
    state: OpenApplication, command: ReleaseOpenApplication, at: Moment
) -> Decision:
    """Who was refused, or whose case is over, may apply anew; what another case holds stays."""
    return released(state, command.case_id, at)


def released(state: OpenApplication, case_id: UUID, at: Moment) -> list[OpenApplicationReleased]:
    """The release of a person from a case; nothing where another case holds them."""
    if state.case_id != case_id:
        return []
    return [OpenApplicationReleased(case_id=case_id, released_on=at.date)]


def claim_members(*rest: Any) -> Decision:
    """Whoever is in the case is in no other of its programme from now on, nor erased meanwhile.

    Who joins a household, returns to it, or whose refusal fell, stands in the case without having
    applied since. Whom another case holds, it holds: nobody is in two, and which of them is right
    is found by comparing both; whose case has ended since, it has. See docs/decisions/0067.
    """
    *states, command, at = rest
    held = zip(command.persons, states, strict=True)
    return [
        Fact(
            OpenApplicationClaimed(case_id=command.case_id),
            open_application_stream(command.programme, person),
        )
        for person, state in held
        if state.case_id is None and (state.ended_on is None or state.ended_on <= at.date)
    ]
