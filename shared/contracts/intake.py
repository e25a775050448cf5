"""Events of intake: applications, from coming in to their end."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.calendar import Month
from shared.contracts.children import Minor
from shared.contracts.fields import (
    AidPlace,
    AidRequest,
    DivisionCode,
    Due,
    Fields,
    FirstProgramme,
    Member,
    NoteRef,
    Programme,
    Sha256Hex,
)
from shared.contracts.residence import Residence
from shared.kernel.event import Event


class Material(StrEnum):
    """Papers that an applicant brings, where no department can be asked for them."""

    IDENTITY = "identity"
    HOUSEHOLD_REGISTRATION = "household_registration"
    CHECK_AUTHORIZATION = "check_authorization"
    INCOME_STATEMENT = "income_statement"
    MEDICAL_RECORD = "medical_record"
    DISABILITY_CERTIFICATE = "disability_certificate"
    SCHOOLING_PROOF = "schooling_proof"


class WayIn(StrEnum):
    """How an application or a request came in; ``E_ASSISTANCE_CODE`` is the e救助 code."""

    WINDOW = "window"
    ONLINE = "online"
    E_ASSISTANCE_CODE = "e_assistance_code"
    HOTLINE_12345 = "hotline_12345"
    VILLAGE_VISIT = "village_visit"
    SOCIAL_ORGANISATION = "social_organisation"
    ALERT = "alert"
    TRANSFER = "transfer"


class ActingOffice(StrEnum):
    """An office that applies for somebody."""

    VILLAGE_COMMITTEE = "village_committee"
    SOCIAL_ORGANISATION = "social_organisation"
    WELFARE_INSTITUTION = "welfare_institution"
    RELIEF_STATION = "relief_station"


class ActingGround(StrEnum):
    """Why somebody does not apply by themselves."""

    MINOR = "minor"
    NO_FULL_CAPACITY = "no_full_capacity"
    DISABILITY_OR_ILLNESS = "disability_or_illness"
    OLD_AGE = "old_age"
    ENTRUSTED = "entrusted"


class ActingFor(Fields):
    """Who applies on the applicant's behalf: a registered person, or an office; and why."""

    ground: ActingGround
    person_id: UUID | None = None
    office: ActingOffice | None = None


class KinRelation(StrEnum):
    """How somebody is near kin to an official (近亲属)."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    MATERNAL_GRANDPARENT = "maternal_grandparent"
    GRANDCHILD = "grandchild"
    MATERNAL_GRANDCHILD = "maternal_grandchild"


class KinCapacity(StrEnum):
    """Whose kin is filed: of those who handle dibao, and of members of the village committee."""

    HANDLER = "handler"
    COMMITTEE_MEMBER = "committee_member"


class NearKin(Fields):
    """A member of the household, and the official whose ``relation`` they are."""

    person_id: UUID
    relation: KinRelation
    official: UUID
    capacity: KinCapacity


class TransferReason(StrEnum):
    """Why another township is the one to be asked."""

    REGISTERED_ELSEWHERE = "registered_elsewhere"
    LIVES_ELSEWHERE = "lives_elsewhere"
    EMERGENCY_ELSEWHERE = "emergency_elsewhere"


class _Submission(Event):
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    materials: tuple[Material, ...]
    reason: NoteRef
    aid: AidRequest | None = None
    reopens: UUID | None = None
    way: WayIn | None = None
    acting: ActingFor | None = None
    query_code: Sha256Hex | None = None
    place: AidPlace | None = None
    acceptance_due: Due | None = None


class ApplicationSubmittedFirst(_Submission, service="intake", name="application-submitted"):
    """As ``ApplicationSubmitted``, of the first programmes."""

    programme: FirstProgramme


class ApplicationSubmitted(
    _Submission,
    service="intake",
    name="application-submitted",
    version=2,
    supersedes=ApplicationSubmittedFirst,
):
    """A household applied. ``division`` handles the case; ``reason`` is what they wrote.

    ``aid`` is given with temporary assistance. ``reopens`` is the refused case whose household was
    kept in mind and applies again. ``way`` is how it came in, ``acting`` who applies on the
    applicant's behalf, ``query_code`` the keyed digest of the code that tells how it stands,
    ``place`` why this township is asked, ``acceptance_due`` until when it answers. ``parents`` are
    those of a child's parents who are registered, given with the allowance of a child;
    ``applied_on`` is the day of the application.
    """

    programme: Programme
    parents: tuple[UUID, ...] | None = None
    applied_on: date | None = None


class SignatureKind(StrEnum):
    """What is signed before an application is accepted."""

    CHECK_AUTHORISATION = "check_authorisation"
    KIN_DECLARATION = "kin_declaration"
    TRUTHFULNESS = "truthfulness"


class MissingSignature(Fields):
    """What is not signed yet; whose word it is, where each signs for themselves."""

    kind: SignatureKind
    person_id: UUID | None = None


class MaterialsRequested(Event, service="intake", name="materials-requested"):
    """The one notice of everything that is missing (民发〔2021〕57号: once only).

    ``signatures`` are what is to be signed besides, where the place has each signature recorded.
    """

    materials: tuple[Material, ...]
    signatures: tuple[MissingSignature, ...] | None = None


class MaterialsSupplied(Event, service="intake", name="materials-supplied"):
    """The applicant brought papers; the last of those asked for sets ``acceptance_due`` anew."""

    materials: tuple[Material, ...]
    acceptance_due: Due | None = None


class ApplicationTransferred(Event, service="intake", name="application-transferred"):
    """Another township is the one to be asked: the application is there from now on (转办).

    ``acceptance_due`` counts from here, unless papers are still missing.
    """

    division: DivisionCode
    reason: TransferReason
    acceptance_due: Due | None = None


class KinFiled(Event, service="intake", name="kin-filed"):
    """Who of the household is near kin to an official; nobody, where ``kin`` is empty (备案).

    Said before the acceptance, or later: the last word counts.
    """

    kin: tuple[NearKin, ...]


class AcceptanceDeadlineMissed(Event, service="intake", name="acceptance-deadline-missed"):
    """The last day passed by which the township was to answer the application."""

    due_on: date


class _Acceptance(Event):
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    survey_due: Due
    kin: tuple[NearKin, ...] | None = None
    aid: AidRequest | None = None
    residences: tuple[Residence, ...] | None = None
    permit_until: date | None = None
    decide_by: Due | None = None


class ApplicationAcceptedFirst(_Acceptance, service="intake", name="application-accepted"):
    """As ``ApplicationAccepted``, of the first programmes."""

    programme: FirstProgramme


class ApplicationAccepted(
    _Acceptance,
    service="intake",
    name="application-accepted",
    version=2,
    supersedes=ApplicationAcceptedFirst,
):
    """The application is complete and accepted; its regime is that of its effective date.

    ``kin`` are the members filed as near kin of officials: always visited; ``None`` where nothing
    was filed; ``kin_owed`` that somebody has yet to say whether there are any. ``aid`` is what aid
    for expenses was asked for. ``minor`` says when an applicant who is not of age will be, and who
    is paid for them until then. ``residences`` are where the members are registered and live, where
    that was stated; ``permit_until`` is the last day of the residence permit that the claim rests
    on. ``decide_by`` is the last day for the decision, where the regime has one.
    """

    programme: Programme
    minor: Minor | None = None
    applied_on: date | None = None
    kin_owed: bool | None = None


class EmergencyAccepted(Event, service="intake", name="emergency-accepted"):
    """An emergency, or small quick aid, was accepted: decided without check and publicity.

    ``pay_by`` is the last day for the money to reach the household.
    """

    programme: Programme
    division: DivisionCode
    applicant: UUID
    members: tuple[Member, ...]
    aid: AidRequest
    pay_by: Due


class ApplicationWithdrawn(Event, service="intake", name="application-withdrawn"):
    """The applicant took the application back; ``screening_tasks`` are what it came of."""

    reason: NoteRef
    screening_tasks: tuple[UUID, ...] | None = None


class _Closing(Event):
    refused: bool
    members: tuple[Member, ...]
    screening_tasks: tuple[UUID, ...] | None = None
    first_month: Month | None = None


class ApplicationClosedFirst(_Closing, service="intake", name="application-closed"):
    """As ``ApplicationClosed``, of the first programmes."""

    programme: FirstProgramme


class ApplicationClosed(
    _Closing,
    service="intake",
    name="application-closed",
    version=2,
    supersedes=ApplicationClosedFirst,
):
    """The case was decided: its members may apply anew if it was refused.

    ``screening_tasks`` are what the application came of, ``first_month`` is the first that is
    paid.
    """

    programme: Programme


class OpenApplicationClaimed(Event, service="intake", name="open-application-claimed"):
    """A person's one open application for a programme is this case."""

    case_id: UUID


class OpenApplicationReleased(Event, service="intake", name="open-application-released"):
    """The person has no open application for the programme any more."""

    case_id: UUID
    released_on: date
