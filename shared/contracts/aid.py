"""Events of decision about temporary assistance: granted, refused, explained, followed up."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.contracts.fields import (
    AidCause,
    AidRequest,
    DivisionCode,
    Due,
    Fields,
    Member,
    NoteRef,
    ParameterUsed,
    Programme,
)
from shared.contracts.intake import Material
from shared.contracts.recognition import HardshipGround
from shared.kernel.event import Event
from shared.money import Fen


class AidTier(StrEnum):
    """Who grants temporary assistance: the township up to its limit, above it the county."""

    TOWNSHIP = "township"
    COUNTY = "county"


class AidRefusalReason(StrEnum):
    """Why temporary assistance is refused, where there was no check.

    ``MORE_IS_NEEDED`` and ``HELPED_BEFORE`` are of small quick aid: the household is free to ask
    for emergency aid.
    """

    NO_EMERGENCY = "no_emergency"
    COVERED_OTHERWISE = "covered_otherwise"
    MORE_IS_NEEDED = "more_is_needed"
    HELPED_BEFORE = "helped_before"


class RecognisedAs(StrEnum):
    """What a household was recognised as before, so that only its spending is looked at."""

    DIBAO = "dibao"
    TEKUN = "tekun"
    EDGE_HOUSEHOLD = "edge_household"


class ExpenseAid(Fields):
    """How aid for expenses was worked out; once, but ``spending_fen``, which is a month's.

    Income is compared with ``local_income_yearly_fen`` a head and year, unless the household was
    ``recognised_as`` something in ``recognised_case``. ``cap_fen`` is the most that is granted.
    """

    requested_fen: Fen
    spending_fen: Fen
    cap_fen: Fen
    local_income_yearly_fen: Fen | None = None
    recognised_case: UUID | None = None
    recognised_as: RecognisedAs | None = None


class AidOpened(Event, service="decision", name="aid-opened"):
    """An accepted request for aid waits for its grant; for expenses, for its check before that.

    ``pay_by`` is set by the acceptance where there is no check.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    aid: AidRequest
    accepted_on: date
    pay_by: Due | None = None


class AidReferredToCounty(Event, service="decision", name="aid-referred-to-county"):
    """More than the township may grant is needed: the county decides."""

    referred_by: UUID
    amount_fen: Fen
    limit_fen: Fen


class AidGranted(Event, service="decision", name="aid-granted"):
    """Aid is to be paid at once.

    The township's comes out of its reserve fund; ``explanation_due`` is when papers and findings
    that were left out at first are to follow, ``None`` where they went before. ``follow_up_on`` is
    the day on which the household is looked after again.
    """

    granter: UUID
    tier: AidTier
    division: DivisionCode
    payee: UUID
    amount_fen: Fen
    pay_by: Due
    parameters: tuple[ParameterUsed, ...]
    explanation_due: Due | None = None
    follow_up_on: date | None = None


class AidRefused(Event, service="decision", name="aid-refused"):
    """There is no emergency to be relieved, or not in this way."""

    decider: UUID
    reason: AidRefusalReason
    explanation: NoteRef


class AidExplained(Event, service="decision", name="aid-explained"):
    """What the aid was for: papers and findings followed it, or went before it with a check."""

    explained_by: UUID
    materials: tuple[Material, ...]
    findings: NoteRef


class AidExplanationMissed(Event, service="decision", name="aid-explanation-missed"):
    """The date passed by which granted aid was to be explained."""

    due: Due


class AidFollowUpOpened(Event, service="decision", name="aid-follow-up-opened"):
    """The day came on which an aided household is looked after again (跟进救助)."""


class AidFollowedUp(Event, service="decision", name="aid-followed-up"):
    """An aided household was looked after: ``hardship`` is what still weighs on it, if anything."""

    followed_up_by: UUID
    hardship: tuple[HardshipGround, ...]
    findings: NoteRef


class SmallAidNoted(Event, service="decision", name="small-aid-noted"):
    """A person was helped by small quick aid, in which case and for what cause."""

    case_id: UUID
    cause: AidCause
    granted_on: date
