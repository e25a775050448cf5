"""What follows temporary assistance: the follow-up, and who had small quick aid."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.contracts.decision import HardshipGround
from shared.contracts.fields import AidCause, NoteRef
from shared.kernel.event import Event


class SmallAidNoted(Event, service="decision", name="small-aid-noted"):
    """A person was helped by small quick aid, in which case and for what cause."""

    case_id: UUID
    cause: AidCause
    granted_on: date


class AidFollowUpOpened(Event, service="decision", name="aid-follow-up-opened"):
    """The day came on which an aided household is looked after again (跟进救助)."""


class AidFollowedUp(Event, service="decision", name="aid-followed-up"):
    """An aided household was looked after: ``hardship`` is what still weighs on it, if anything."""

    followed_up_by: UUID
    hardship: tuple[HardshipGround, ...]
    findings: NoteRef
