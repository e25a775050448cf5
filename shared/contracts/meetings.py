"""Events of decision about meetings on one case, and about slips of the pen."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import DivisionCode, Fields, NoteRef, ParameterName
from shared.kernel.event import Event


class MeetingKind(StrEnum):
    """What was held: the county's coordination (县级协调机制), or one case by itself (一事一议)."""

    COUNTY_COORDINATION = "county_coordination"
    CASE_BY_CASE = "case_by_case"


class MeetingForce(StrEnum):
    """Whether who decides is bound by what a meeting resolved, or weighs it."""

    BINDING = "binding"
    ADVISORY = "advisory"


class MeetingResolution(StrEnum):
    """What a meeting resolved about a case."""

    ENTITLED = "entitled"
    NOT_ENTITLED = "not_entitled"
    GRANT_AID = "grant_aid"
    REFER_TO_DEPARTMENT = "refer_to_department"
    CHECK_AGAIN = "check_again"


class MeetingBody(StrEnum):
    """Who takes part in a meeting on a case."""

    CIVIL_AFFAIRS = "civil_affairs"
    FINANCE = "finance"
    EDUCATION = "education"
    HUMAN_RESOURCES = "human_resources"
    HOUSING = "housing"
    HEALTH = "health"
    EMERGENCY_MANAGEMENT = "emergency_management"
    MEDICAL_INSURANCE = "medical_insurance"
    RURAL_REVITALISATION = "rural_revitalisation"
    DISABLED_PERSONS_FEDERATION = "disabled_persons_federation"
    TOWNSHIP = "township"
    VILLAGE = "village"
    SOCIAL_ORGANISATION = "social_organisation"


class Attendance(Fields):
    """Who came for a body, and whether they agreed to the resolution."""

    body: MeetingBody
    person: UUID
    agreed: bool


class CaseMeetingHeld(Event, service="decision", name="case-meeting-held"):
    """A meeting was held on a case: who attended, what it resolved, and with what force."""

    meeting_id: UUID
    kind: MeetingKind
    division: DivisionCode
    held_on: date
    recorder: UUID
    attendance: Annotated[tuple[Attendance, ...], Field(max_length=100)]
    resolution: MeetingResolution
    force: MeetingForce
    minutes: NoteRef


class CorrectedStream(StrEnum):
    """In which of a case's histories a slip stands."""

    DETERMINATION = "determination"
    WORK = "work"
    NOTICES = "notices"
    REVIEWS = "reviews"


class EntryCorrected(Event, service="decision", name="entry-corrected"):
    """A slip of the pen: an entry's field should read otherwise, and why.

    ``entry`` is the entry's id, ``position`` its number in the stream. The entry stays as it was
    written; nothing that was decided is changed by this.
    """

    correction_id: UUID
    corrector: UUID
    stream: CorrectedStream
    position: Annotated[int, Field(ge=1)]
    entry: UUID
    field: ParameterName
    reads_date: date | None = None
    reads_person: UUID | None = None
    reason: NoteRef
