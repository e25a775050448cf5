"""Events of decision about appeals: filed, answered, ruled upon, and what a revocation restores."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, Member, NoteRef, Programme, Sha256Hex
from shared.contracts.notices import NoticeSubject
from shared.kernel.event import Event


class AppealKind(StrEnum):
    """Which way an appeal goes: 行政复议、行政诉讼、信访."""

    RECONSIDERATION = "reconsideration"
    COURT = "court"
    PETITION = "petition"


class AppealOrgan(StrEnum):
    """Who hears an appeal."""

    TOWNSHIP_GOVERNMENT = "township_government"
    COUNTY_CIVIL_AFFAIRS = "county_civil_affairs"
    COUNTY_GOVERNMENT = "county_government"
    CITY_CIVIL_AFFAIRS = "city_civil_affairs"
    CITY_GOVERNMENT = "city_government"
    PEOPLES_COURT = "peoples_court"
    PETITIONS_OFFICE = "petitions_office"


class AppealRuling(StrEnum):
    """What an organ rules: the decision stands, falls, or falls and is to be made anew."""

    UPHELD = "upheld"
    REVOKED = "revoked"
    REDO = "redo"


class AppealFiled(Event, service="decision", name="appeal-filed"):
    """Somebody appealed against what a notice told; that suspends nothing by itself.

    ``in_time`` counts from the notice's service: what was never served cannot be late.
    ``reply_by`` is by when the authority answers with its evidence, where the way has a time.
    """

    appeal_id: UUID
    kind: AppealKind
    organ: AppealOrgan
    division: DivisionCode
    notice_id: UUID
    subject: NoticeSubject
    change_id: UUID | None = None
    appellant: UUID
    filed_on: date
    in_time: bool
    recorder: UUID
    reply_by: date | None = None
    grounds: NoteRef


class AppealTakenIn(Event, service="decision", name="appeal-taken-in"):
    """The case's file names an appeal, whose own history tells the rest."""

    appeal_id: UUID
    kind: AppealKind


class AppealReplied(Event, service="decision", name="appeal-replied"):
    """The authority answered an appeal; ``evidence`` are the digests of the papers it gave."""

    appeal_id: UUID
    replier: UUID
    replied_on: date
    evidence: Annotated[tuple[Sha256Hex, ...], Field(max_length=200)]
    reply: NoteRef


class AppealReplyMissed(Event, service="decision", name="appeal-reply-missed"):
    """The last day passed by which the authority was to answer an appeal."""

    appeal_id: UUID
    reply_by: date


class AppealSuspensionOrdered(Event, service="decision", name="appeal-suspension-ordered"):
    """The organ ordered that a stop or a cut waits for its ruling: aid goes on from a month on."""

    appeal_id: UUID
    recorder: UUID
    from_month: Month
    order: NoteRef


class HouseholdReinstated(Event, service="decision", name="household-reinstated"):
    """A decision is suspended: the household, and the account that counts, are as they were.

    Or the decision stood, and they are again as it left them. ``payee`` is who is paid.
    ``returned`` are of the household again, ``left`` no more; ``family`` is all whose means count
    around members who entered alone.
    """

    appeal_id: UUID
    programme: Programme
    division: DivisionCode
    members: tuple[Member, ...]
    payee: UUID | None = None
    from_month: Month
    returned: tuple[UUID, ...] | None = None
    left: tuple[UUID, ...] | None = None
    family: tuple[UUID, ...] | None = None


class AppealRuled(Event, service="decision", name="appeal-ruled"):
    """The organ ruled on an appeal."""

    appeal_id: UUID
    recorder: UUID
    ruling: AppealRuling
    ruled_on: date
    reasons: NoteRef


class DecisionRevoked(Event, service="decision", name="decision-revoked"):
    """A decision fell on appeal: it counts as never made, and every month since is restored.

    ``restorer`` had no hand in it. With ``redo`` what it decided waits to be decided anew.
    ``payee`` is who is paid again, where a household stood before it, ``members`` who that is, or
    whose application is pending again; ``left`` had joined it by what fell.
    """

    appeal_id: UUID
    restorer: UUID
    programme: Programme
    division: DivisionCode
    subject: NoticeSubject
    change_id: UUID | None = None
    redo: bool
    from_month: Month | None = None
    payee: UUID | None = None
    members: tuple[Member, ...] | None = None
    left: tuple[UUID, ...] | None = None


class MembersReturned(Event, service="decision", name="members-returned"):
    """A decision fell by which somebody had left a household: they never did, nor did they die."""

    appeal_id: UUID
    programme: Programme
    division: DivisionCode
    persons: tuple[UUID, ...]
    from_month: Month


class AppealRulingCarriedOut(Event, service="decision", name="appeal-ruling-carried-out"):
    """What an organ ruled was done: the decision that fell was taken back."""

    appeal_id: UUID
    restorer: UUID
