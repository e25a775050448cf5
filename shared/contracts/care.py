"""Events of care: from the assessment of a tekun person to their agreement and its visits."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.fields import (
    CareLevel,
    DivisionCode,
    Due,
    NoteRef,
    ParameterUsed,
    SupportMode,
)
from shared.contracts.standards import DivisionLevel, StandardFen, StandardKind
from shared.kernel.event import Event
from shared.money import Fen


class CareIndicator(StrEnum):
    """The six things somebody must be able to do alone (民发〔2021〕43号, art. 20)."""

    EATING = "eating"
    DRESSING = "dressing"
    GETTING_IN_AND_OUT_OF_BED = "getting_in_and_out_of_bed"
    USING_THE_TOILET = "using_the_toilet"
    WALKING_INDOORS = "walking_indoors"
    BATHING = "bathing"


class ContactKind(StrEnum):
    """How somebody was contacted: at home, or by telephone."""

    VISIT = "visit"
    PHONE = "phone"


class AgreementEnd(StrEnum):
    """Why a care agreement ended."""

    CAREGIVER_REPLACED = "caregiver_replaced"
    EXPIRED = "expired"
    SUPPORT_ENDED = "support_ended"
    MOVED_TO_INSTITUTION = "moved_to_institution"


class AbilityReporter(StrEnum):
    """Who reports that somebody's self-care has changed (民发〔2021〕43号, art. 23).

    The person, their caregiver, the village or community, or the institution they live in.
    """

    PERSON = "person"
    CAREGIVER = "caregiver"
    VILLAGE = "village"
    INSTITUTION = "institution"


class CareOpened(Event, service="care", name="care-opened"):
    """A tekun person was recognised on ``confirmed_on`` and is to be assessed."""

    division: DivisionCode
    person_id: UUID
    confirmed_on: date


class SelfCareAssessed(Event, service="care", name="self-care-assessed"):
    """Two assessors found which of the six indicators are not met.

    ``care_fen`` a month follows from the level, from ``from_month`` on. ``report_id`` is the
    report of a change that it was owed by, if one was open.
    """

    assessed_on: date
    assessors: Annotated[tuple[UUID, ...], Field(min_length=2)]
    failed: tuple[CareIndicator, ...]
    level: CareLevel
    care_fen: Fen
    from_month: Month
    parameters: tuple[ParameterUsed, ...]
    findings: NoteRef
    report_id: UUID | None = None


class AbilityChangeReported(Event, service="care", name="ability-change-reported"):
    """Somebody reported on a day that the person's self-care has changed.

    Until ``due`` the person is to be assessed again.
    """

    report_id: UUID
    reported_on: date
    reporter: AbilityReporter
    account: NoteRef
    due: Due


class ReassessmentMissed(Event, service="care", name="reassessment-missed"):
    """The last day passed on which a reported change was to be assessed, and it was not."""

    report_id: UUID
    due: Due


class CareStandardNoted(Event, service="care", name="care-standard-noted"):
    """Care knows of a standard for a tier of care that a division has set, from a month on."""

    standard_id: UUID
    division: DivisionCode
    level: DivisionLevel
    kind: StandardKind
    amount_fen: StandardFen
    from_month: Month


class CareAmountRedetermined(Event, service="care", name="care-amount-redetermined"):
    """The care supplement follows a changed standard from a month on; the level is as it was."""

    standard_id: UUID
    level: CareLevel
    care_before_fen: Fen
    care_fen: Fen
    from_month: Month


class CareStandardReviewOpened(Event, service="care", name="care-standard-review-opened"):
    """A lowered standard would take from somebody who is to be heard first: officials see to it.

    ``care_fen`` is paid on.
    """

    standard_id: UUID
    level: CareLevel
    care_fen: Fen
    standard_fen: Fen
    from_month: Month


class SupportModeChosen(Event, service="care", name="support-mode-chosen"):
    """The person chose where they are supported."""

    mode: SupportMode


class AgreementSigned(Event, service="care", name="agreement-signed"):
    """Township, person (or guardian) and caregiver signed an agreement on care at home.

    ``caregiver`` is a registered person; ``visitor`` is the official responsible for visits
    (探视责任人), who is not the caregiver. ``first_month`` is the first in which contact is owed.
    """

    agreement_id: UUID
    signed_on: date
    until_on: date
    caregiver: UUID
    visitor: UUID
    first_month: Month
    terms: NoteRef
    guardian: UUID | None = None


class AgreementEnded(Event, service="care", name="agreement-ended"):
    """An agreement is over; it is never edited. ``ended_on`` is the first day without it."""

    agreement_id: UUID
    ended_on: date
    reason: AgreementEnd


class ContactRecorded(Event, service="care", name="contact-recorded"):
    """The person responsible for visits called on somebody, or rang them up.

    ``late`` where it was recorded only after the month of ``contact_on`` was over.
    """

    contact_on: date
    kind: ContactKind
    visitor: UUID
    late: bool
    findings: NoteRef


class MonthlyContactMissed(Event, service="care", name="monthly-contact-missed"):
    """A month passed without the contacts that it owed; ``visitor`` was responsible at its end."""

    month: Month
    visitor: UUID


class RectificationOrdered(Event, service="care", name="rectification-ordered"):
    """The county ordered a caregiver to mend their ways by a date."""

    order_id: UUID
    agreement_id: UUID
    grounds: NoteRef
    due: Due


class RectificationDone(Event, service="care", name="rectification-done"):
    """The caregiver has mended their ways."""

    order_id: UUID
    findings: NoteRef


class RectificationRefused(Event, service="care", name="rectification-refused"):
    """The caregiver refuses to mend their ways (拒不整改)."""

    order_id: UUID
    findings: NoteRef


class CareEnded(Event, service="care", name="care-ended"):
    """The person's support is over, and with it what care owed them.

    ``report_id`` is a reported change that nobody has assessed and nobody assesses any more.
    """

    report_id: UUID | None = None
