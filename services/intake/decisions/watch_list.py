"""Decisions on who is kept in mind: listed with a refusal, reopened on an alert, or removed."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from services.intake.decisions.applications import SubmitApplication, submit
from services.intake.decisions.command import Command
from services.intake.model import Application, WatchListEntry, WatchStage
from services.intake.rules import watch_list as rules
from shared.contracts.fields import AidRequest, Member, NoteRef, Programme, Sha256Hex
from shared.contracts.intake import WayIn
from shared.contracts.recognition import HardshipGround
from shared.contracts.watch_list import (
    PotentialRecipientRemoved,
    PotentialRecipientReopened,
    PotentialRecipientWatched,
    RemovalReason,
    ReopeningOccasion,
)
from shared.kernel.decider import Decide, Decision, Moment, Refusal
from shared.regions import Regions

_WAY: Final = {
    ReopeningOccasion.PROVINCIAL_ALERT: WayIn.ALERT,
    ReopeningOccasion.DEPARTMENT_MATCH: WayIn.ALERT,
    ReopeningOccasion.VILLAGE_VISIT: WayIn.VILLAGE_VISIT,
    ReopeningOccasion.HOTLINE: WayIn.HOTLINE_12345,
    ReopeningOccasion.REPORT: WayIn.ALERT,
}


class WatchHousehold(Command):
    """Keep a refused household in mind."""

    programme: Programme
    division: str
    applicant: UUID
    members: tuple[Member, ...]
    hardship: tuple[HardshipGround, ...]


class ReopenCase(Command):
    """Have a watched household apply again, as ``case_id``.

    Reads the entry, the refused application, the one that is made, and every member's open
    application.
    """

    refused_case: UUID
    case_id: UUID
    occasion: ReopeningOccasion
    reason: NoteRef
    query_code: Sha256Hex | None = None


class RemoveEntry(Command):
    """Take a household off the list."""

    reason: RemovalReason
    explanation: NoteRef


def watch(entry: WatchListEntry, command: WatchHousehold, at: Moment) -> Decision:
    """A refused household in hardship enters the list, once."""
    if entry.stage is WatchStage.WATCHED:
        return []
    return [
        PotentialRecipientWatched(
            listed_on=at.date,
            programme=command.programme,
            division=command.division,
            applicant=command.applicant,
            members=command.members,
            hardship=command.hardship,
        )
    ]


def reopening(regions: Regions) -> Decide:
    """The decision that reopens a case; it knows the divisions."""

    def reopen(
        entry: WatchListEntry, refused: Application, application: Application, *rest: Any
    ) -> Decision:
        *open_applications, command, at = rest
        watched = _require_watched(entry)
        parameters = at.policy.at(watched.division, watched.programme, at.date)
        applying = SubmitApplication(
            case_id=command.case_id,
            programme=watched.programme,
            division=watched.division,
            applicant=watched.applicant,
            members=watched.members,
            materials=rules.usable_papers(
                parameters,
                refused.supplied,
                watched.listed_on,
                at.date,
                authorised_apart=refused.authorised_apart,
            ),
            reason=command.reason,
            aid=_aid_of(refused, watched.programme),
            reopens=command.refused_case,
            way=_WAY[command.occasion],
            query_code=command.query_code,
            **_where(refused),
        )
        applied = submit(regions, application, open_applications, applying, at)
        reopened = PotentialRecipientReopened(
            reopened_as=command.case_id, occasion=command.occasion
        )
        return [*applied, reopened]

    return reopen


def _where(refused: Application) -> dict[str, Any]:
    """Where the household was registered and lived, stated again as it was."""
    where = refused.where
    if where is None:
        return {}
    return {
        "place": where.place,
        "residences": where.residences,
        "permit_until": where.permit_until,
    }


def _aid_of(application: Application, programme: Programme) -> AidRequest | None:
    """What is asked for again; nothing of it where the household was aided and asks for dibao."""
    if programme is not Programme.TEMPORARY_ASSISTANCE or application.submitted is None:
        return None
    return application.submitted.aid


def remove(entry: WatchListEntry, command: RemoveEntry, _at: Moment) -> Decision:
    """A household leaves the list, for a reason of those that there are."""
    _require_watched(entry)
    return [PotentialRecipientRemoved(reason=command.reason, explanation=command.explanation)]


def _require_watched(entry: WatchListEntry) -> PotentialRecipientWatched:
    """Only what stands on the list can be reopened or taken off it."""
    if entry.stage is not WatchStage.WATCHED or entry.watched is None:
        raise Refusal("not-on-watch-list", facts={"stage": entry.stage})
    return entry.watched
