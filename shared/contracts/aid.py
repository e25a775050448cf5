"""Events of decision about temporary assistance: granted, refused, explained, followed up."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.aid_needs import InKind, value_of
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
    ``recognised_as`` something in ``recognised_case``, by the county around ``recognised_in``.
    ``cap_fen`` is the most that is granted, the
    value of what is given ``in_kind`` included; ``assessed_fen`` is what was assessed as needed in
    money, where needs were assessed.
    """

    requested_fen: Fen
    spending_fen: Fen
    cap_fen: Fen
    local_income_yearly_fen: Fen | None = None
    recognised_case: UUID | None = None
    recognised_as: RecognisedAs | None = None
    recognised_in: DivisionCode | None = None
    assessed_fen: Fen | None = None
    in_kind: tuple[InKind, ...] | None = None


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
    """More than the township may grant is needed, what is given in kind included: the county
    decides.
    """

    referred_by: UUID
    amount_fen: Fen
    limit_fen: Fen


class _Grant(Event):
    granter: UUID
    tier: AidTier
    division: DivisionCode
    payee: UUID
    amount_fen: Fen
    pay_by: Due
    parameters: tuple[ParameterUsed, ...]
    explanation_due: Due | None = None
    follow_up_on: date | None = None


class AidGrantedFirst(_Grant, service="decision", name="aid-granted"):
    """As ``AidGranted``, of money alone, and all of it at once."""


MOST_INSTALMENTS = 12
"""The most instalments of one aid, the first included; how long they may run is a parameter."""


class AidInstalment(Fields):
    """A part of the money that was granted, to be paid on a later day."""

    amount_fen: Fen
    due_on: date


class AidGranted(
    _Grant,
    service="decision",
    name="aid-granted",
    version=2,
    supersedes=AidGrantedFirst,
):
    """Aid was granted, once and in total: ``amount_fen`` of money, and what is given ``in_kind``.

    Of the money the ``later`` instalments are paid on their days (分阶段救助), numbered from 2 on;
    what is left is the first, and is paid at once. An aid may be wholly in kind: then there is no
    money, and nothing is to be paid. What is given in kind is to be with the household by
    ``delivery_due``.

    The township's comes out of its reserve fund; ``explanation_due`` is when papers and findings
    that were left out at first are to follow, ``None`` where they went before. ``follow_up_on`` is
    the day on which the household is looked after again.
    """

    in_kind: tuple[InKind, ...] | None = None
    delivery_due: Due | None = None
    later: Annotated[tuple[AidInstalment, ...], Field(max_length=MOST_INSTALMENTS - 1)] | None = (
        None
    )

    @property
    def first_fen(self) -> int:
        """The money that is paid at once, in fen."""
        return self.amount_fen - sum(one.amount_fen for one in self.later or ())

    @property
    def value_fen(self) -> int:
        """The worth of all of it, in fen: the money and what is given in kind."""
        return value_of(self.amount_fen, self.in_kind or ())


class AidInstalmentReleased(Event, service="decision", name="aid-instalment-released"):
    """The day of a later instalment came: it is to be paid, by the approval that there was."""

    number: int = Field(ge=2, le=MOST_INSTALMENTS)
    tier: AidTier
    division: DivisionCode
    payee: UUID
    amount_fen: Fen
    pay_by: Due


class RestStoppedReason(StrEnum):
    """Why nothing more is given of a granted aid.

    ``HELPED_ELSEWHERE``: the household lives in another place now, or is helped there.
    """

    HARDSHIP_OVER = "hardship_over"
    DIED = "died"
    HELPED_ELSEWHERE = "helped_elsewhere"


class AidRestStopped(Event, service="decision", name="aid-rest-stopped"):
    """What was still to come of a granted aid will not: ``amount_fen`` of it in money.

    ``instalments`` are the numbers of those that are not paid, ``in_kind`` what is not delivered.
    """

    stopped_by: UUID
    reason: RestStoppedReason
    amount_fen: Fen
    instalments: tuple[Annotated[int, Field(ge=2, le=MOST_INSTALMENTS)], ...]
    in_kind: tuple[InKind, ...]
    explanation: NoteRef


class AidHouseholdHeard(Event, service="decision", name="aid-household-heard"):
    """What the household said before the rest of its aid is stopped was taken down."""

    statement: NoteRef


class AidPayeeNamed(Event, service="decision", name="aid-payee-named"):
    """Somebody else of the household is paid the instalments that are still to come."""

    named_by: UUID
    payee: UUID


class AidUnderWay(Event, service="decision", name="aid-under-way"):
    """A determination's aid was granted and is not over: something of it is still to come."""

    granter: UUID


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
