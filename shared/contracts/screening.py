"""Events of intake's screenings: rosters of people who may be entitled, and what came of each."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.circumstances import Disability, LabourAbility, PovertyStanding
from shared.contracts.fields import DivisionCode, Fields, NoteRef, Programme, Sha256Hex
from shared.kernel.event import Event

ROSTER_PAGE_ENTRIES = 200
"""How many persons one event of a roster lists."""

Year = Annotated[int, Field(ge=2000, le=2999)]


class RosterKind(StrEnum):
    """What a roster lists.

    The six key groups of Dayao's plan (六类重点人口), the poverty office's list of households to be
    lifted by social assistance, and the suspects that the nation and the province send down; of
    poor people, or people lifted out of poverty, those who lost all or part of their ability to
    work (完全或者部分丧失劳动能力).
    """

    UNLIFTED = "unlifted"
    NO_LABOUR_HOUSEHOLD = "no_labour_household"
    DISABLED_BY_MATCH = "disabled_by_match"
    LIFTED_BELOW_DIBAO = "lifted_below_dibao"
    RELAPSE_MONITORED = "relapse_monitored"
    POVERTY_EDGE = "poverty_edge"
    SUPPORT_LIST = "support_list"
    NATIONAL_SUSPECTS = "national_suspects"
    PROVINCIAL_SUSPECTS = "provincial_suspects"
    LABOUR_LOST = "labour_lost"


class LabourLost(Fields):
    """How far somebody lost the ability to work, and whether work supports them all the same.

    ``steady_income``: from industry or employment (通过产业就业获得稳定收入). ``poverty`` is how
    their household stands in the register of poor households.
    """

    poverty: PovertyStanding
    ability: LabourAbility
    steady_income: bool


class RosterEntry(Fields):
    """Somebody on a roster, the township that is to look, and the disability of a match.

    ``labour`` stands on the roster of people who lost the ability to work, and there only.
    """

    person_id: UUID
    division: DivisionCode
    disability: Disability | None = None
    labour: LabourLost | None = None


class SkipReason(StrEnum):
    """Why somebody on a roster is not looked into."""

    IN_DIBAO_CASE = "in_dibao_case"
    IN_TEKUN_CASE = "in_tekun_case"
    BEING_ERASED = "being_erased"


class ExclusionReason(StrEnum):
    """Why somebody cannot be included (不能纳入具体原因)."""

    INCOME_NOT_BELOW_STANDARD = "income_not_below_standard"
    PROPERTY_ABOVE_LIMIT = "property_above_limit"
    REGISTERED_ELSEWHERE = "registered_elsewhere"
    SUPPORTED_BY_OBLIGOR = "supported_by_obligor"
    SUPPORTED_BY_STATE = "supported_by_state"
    ABLE_TO_WORK = "able_to_work"
    STEADY_INCOME_FROM_WORK = "steady_income_from_work"
    NOT_FOUND = "not_found"
    DECEASED = "deceased"


class OtherHelp(StrEnum):
    """Who else can help (转介相关部门或公益慈善组织)."""

    POVERTY_OFFICE = "poverty_office"
    MEDICAL_INSURANCE = "medical_insurance"
    EDUCATION = "education"
    HOUSING = "housing"
    EMPLOYMENT = "employment"
    HEALTH = "health"
    DISABILITY_FEDERATION = "disability_federation"
    CHARITY = "charity"


class ApplicationOutcome(StrEnum):
    """What became of the application that a screening led to."""

    ENROLLED = "enrolled"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ScreeningOpened(Event, service="intake", name="screening-opened"):
    """A county began to screen its people; ``expected`` are the rosters that it is to receive.

    Each date is the last day of its step, where the campaign sets one.
    """

    division: DivisionCode
    year: Year
    expected: tuple[RosterKind, ...]
    rosters_due: date | None = None
    screening_due: date | None = None
    enrolment_due: date | None = None
    sign_off_due: date | None = None


class RosterImported(Event, service="intake", name="roster-imported"):
    """A signed roster was taken over; ``signer`` stands for it, and its paper has the digest."""

    roster_id: UUID
    kind: RosterKind
    importer: UUID
    signer: UUID
    signed_on: date
    document_digest: Sha256Hex
    persons: int = Field(ge=1)
    pages: int = Field(ge=1)
    late: bool = False


class RosterPageListed(Event, service="intake", name="roster-page-listed"):
    """One page of a roster, with what the tasks that follow from it are held to."""

    roster_id: UUID
    kind: RosterKind
    page: int = Field(ge=1)
    entries: Annotated[tuple[RosterEntry, ...], Field(max_length=ROSTER_PAGE_ENTRIES)]
    division: DivisionCode
    year: Year
    screening_due: date | None = None
    enrolment_due: date | None = None


class RostersMissed(Event, service="intake", name="rosters-missed"):
    """The day passed by which every roster was to be there; ``missing`` were not."""

    due_on: date
    missing: Annotated[tuple[RosterKind, ...], Field(min_length=1)]


class ScreeningSignedOff(Event, service="intake", name="screening-signed-off"):
    """The leading group confirmed the result that was put before it (研究审议确认)."""

    approver: UUID
    present: int = Field(ge=1)
    included: int = Field(ge=0)
    excluded: int = Field(ge=0)
    minutes: NoteRef


class SignOffMissed(Event, service="intake", name="sign-off-missed"):
    """The day passed by which the result was to be confirmed."""

    due_on: date


class _OfTask(Event):
    """What every event of a task says: whose ledger it belongs to."""

    task_id: UUID
    division: DivisionCode
    year: Year


class _TakenUp(_OfTask):
    person_id: UUID
    kind: RosterKind
    roster_id: UUID


class ScreeningTaskOpened(_TakenUp, service="intake", name="screening-task-opened"):
    """Somebody on a roster is to be visited and judged by their township.

    ``after_skip``: an earlier roster of the year found them in a case, and this one did not.
    """

    after_skip: bool = False
    screening_due: date | None = None
    enrolment_due: date | None = None


class ScreeningTaskTagged(_OfTask, service="intake", name="screening-task-tagged"):
    """The person is on a further roster: the same task."""

    kind: RosterKind
    roster_id: UUID


class ScreeningSkipped(_TakenUp, service="intake", name="screening-skipped"):
    """The person is in a case already, and left to its management (不再集中排查)."""

    reason: SkipReason


class ScreeningFindingsRecorded(_OfTask, service="intake", name="screening-findings-recorded"):
    """The person's household was visited."""

    surveyor: UUID
    visited_on: date
    findings: NoteRef


class ExclusionProposed(_OfTask, service="intake", name="exclusion-proposed"):
    """The township finds that the person cannot be included, and why."""

    proposer: UUID
    reason: ExclusionReason
    grounds: NoteRef


class ExclusionConfirmed(_OfTask, service="intake", name="exclusion-confirmed"):
    """The second, strict check (严格复核) by other hands comes to the same.

    ``referred_to`` is told of it, where it listed the person.
    """

    checker: UUID
    reason: ExclusionReason
    findings: NoteRef
    referred_to: OtherHelp | None = None


class ExclusionRejected(_OfTask, service="intake", name="exclusion-rejected"):
    """The second check does not come to the same: the task is open again."""

    checker: UUID
    findings: NoteRef


class ScreeningContested(_OfTask, service="intake", name="screening-contested"):
    """Whether the person qualifies is contested: the county decides (有争议的对象)."""

    contester: UUID
    grounds: NoteRef


class ContestDecided(_OfTask, service="intake", name="contest-decided"):
    """The county decided: the township goes on, or the person is excluded for a reason."""

    decider: UUID
    reason: ExclusionReason | None = None
    findings: NoteRef
    referred_to: OtherHelp | None = None


class ScreeningDeclined(_OfTask, service="intake", name="screening-declined"):
    """The person does not want to apply."""

    statement: NoteRef


class ScreeningReferred(_OfTask, service="intake", name="screening-referred"):
    """The person's need is another's to meet."""

    referred_to: OtherHelp
    explanation: NoteRef


class ScreeningApplied(_OfTask, service="intake", name="screening-applied"):
    """The person applied: the case goes its way, and is looked for until ``enrolment_due``."""

    case_id: UUID
    programme: Programme
    enrolment_due: date | None = None


class ScreeningApplicationEnded(_OfTask, service="intake", name="screening-application-ended"):
    """What became of the application."""

    case_id: UUID
    outcome: ApplicationOutcome


class ScreeningDeadlineMissed(_OfTask, service="intake", name="screening-deadline-missed"):
    """The day passed by which the person was to be judged."""

    due_on: date


class EnrolmentDeadlineMissed(_OfTask, service="intake", name="enrolment-deadline-missed"):
    """The day passed by which the application was to be decided."""

    due_on: date


class ApplicationOfScreening(Event, service="intake", name="application-of-screening"):
    """The application came of a screening task, which is told how it ends."""

    task_id: UUID
