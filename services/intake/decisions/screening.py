"""Decisions on a county's screening: opened, its rosters taken over, its result confirmed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.intake.decisions.command import Command
from services.intake.model import Screening
from services.intake.rules import screening as rules
from shared.contracts.fields import NoteRef, Sha256Hex
from shared.contracts.screening import (
    RosterEntry,
    RosterImported,
    RosterKind,
    RosterPageListed,
    RostersMissed,
    ScreeningOpened,
    ScreeningSignedOff,
    SignOffMissed,
)
from shared.kernel.decider import Decide, Decision, Fact, Moment, Refusal
from shared.policy import ALL
from shared.regions import Regions


class OpenScreening(Command):
    """Begin a county's screening of a year."""

    division: str
    year: int


class ImportRoster(Command):
    """Take over a signed roster; ``roster_id`` names this taking over."""

    actor: UUID
    roster_id: UUID
    kind: RosterKind
    signer: UUID
    signed_on: date
    document_digest: Sha256Hex
    entries: tuple[RosterEntry, ...]


class SignOff(Command):
    """The leading group confirms the result."""

    actor: UUID
    present: int
    included: int
    excluded: int
    minutes: NoteRef


class NoteMissedRosters(Command):
    """The rosters' day is over."""

    due_on: date


class NoteMissedSignOff(Command):
    """The sign-off's day is over."""

    due_on: date


def opening(regions: Regions) -> Decide:
    """The decision that opens a screening; it knows the divisions."""

    def open_screening(screening: Screening, command: OpenScreening, at: Moment) -> Decision:
        """The year is the present one, and its dates those that its campaign sets."""
        if screening.opened is not None:
            raise Refusal("screening-opened-before", facts={"year": command.year})
        if command.year != at.date.year:
            raise Refusal(
                "screening-of-another-year",
                facts={"year": command.year, "allowed": at.date.year},
                status=422,
            )
        rules.require_county(regions, command.division, at.date)
        parameters = at.policy.at(command.division, ALL, at.date)
        expected = parameters.codes("rosters_expected")
        opened = ScreeningOpened(
            division=command.division,
            year=command.year,
            expected=tuple(RosterKind(kind) for kind in expected),
            rosters_due=parameters.date_or_none("rosters_due"),
            screening_due=parameters.date_or_none("screening_due"),
            enrolment_due=parameters.date_or_none("screening_enrolment_due"),
            sign_off_due=parameters.date_or_none("screening_sign_off_due"),
        )
        return [Fact(opened, policy=parameters.version)]

    return open_screening


def importing(regions: Regions) -> Decide:
    """The decision that takes a roster over; it knows the divisions."""

    def import_roster(screening: Screening, command: ImportRoster, at: Moment) -> Decision:
        """A roster is taken over page by page; one that comes late is taken over as well.

        What follows for each person is decided one by one, as the pages are read back: a roster
        of any length so leaves short turns and small events.
        """
        opened = _require_opened(screening)
        rules.require_signed(command.signed_on, at.date)
        if command.document_digest in screening.papers:
            raise Refusal("roster-imported-before")
        rules.require_entries(regions, opened.division, command.entries, at.date)
        parameters = at.policy.at(opened.division, ALL, at.date)
        rules.require_matched_disabilities(parameters, command.kind, command.entries)
        rules.require_labour_lost(parameters, command.kind, command.entries)
        pages = rules.pages_of(command.entries)
        imported = RosterImported(
            roster_id=command.roster_id,
            kind=command.kind,
            importer=command.actor,
            signer=command.signer,
            signed_on=command.signed_on,
            document_digest=command.document_digest,
            persons=len(command.entries),
            pages=len(pages),
            late=opened.rosters_due is not None and at.date > opened.rosters_due,
        )
        listed = [
            RosterPageListed(
                roster_id=command.roster_id,
                kind=command.kind,
                page=number,
                entries=page,
                division=opened.division,
                year=opened.year,
                screening_due=opened.screening_due,
                enrolment_due=opened.enrolment_due,
            )
            for number, page in enumerate(pages, start=1)
        ]
        return [imported, *listed]

    return import_roster


def sign_off(screening: Screening, command: SignOff, _at: Moment) -> Decision:
    """The leading group confirms what was put before it, once."""
    _require_opened(screening)
    if screening.signed_off is not None:
        raise Refusal("screening-signed-off-before")
    return [
        ScreeningSignedOff(
            approver=command.actor,
            present=command.present,
            included=command.included,
            excluded=command.excluded,
            minutes=command.minutes,
        )
    ]


def note_missed_rosters(screening: Screening, command: NoteMissedRosters, _at: Moment) -> Decision:
    """Which rosters were not there on the last day; nothing where all were."""
    opened = _require_opened(screening)
    missing = tuple(kind for kind in opened.expected if kind not in screening.kinds)
    return [RostersMissed(due_on=command.due_on, missing=missing)] if missing else []


def note_missed_sign_off(screening: Screening, command: NoteMissedSignOff, _at: Moment) -> Decision:
    """The result was not confirmed by the last day; nothing where it was."""
    _require_opened(screening)
    return [SignOffMissed(due_on=command.due_on)] if screening.signed_off is None else []


def _require_opened(screening: Screening) -> ScreeningOpened:
    if screening.opened is None:
        raise Refusal("screening-not-opened")
    return screening.opened
