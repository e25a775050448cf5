"""What verification decides: the check of a household, from its opening to its account."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.verification import rules
from services.verification.model import Check, Status
from shared.accounts import require_deductions_allowed, require_income_of_members
from shared.contracts.fields import (
    DeductionLine,
    Due,
    IncomeLine,
    LineSource,
    Member,
    NoteRef,
    Programme,
    TekunCircumstances,
)
from shared.contracts.verification import (
    CheckCompleted,
    CheckOpened,
    DemocraticReviewHeld,
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
    HomeVisitRecorded,
    ReviewDeadlineMissed,
    SurveyDeadlineMissed,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True)


class OpenCheck(_Command):
    """Open the check of an accepted application."""

    programme: Programme
    division: str
    applicant: UUID
    members: tuple[Member, ...]
    accepted_on: date
    survey_due: Due


class RecordAnswer(_Command):
    """A department gave the household's data; amounts of income in fen a month."""

    department: Department
    income: tuple[IncomeLine, ...]
    deposits_fen: int
    houses: int
    vehicles: int


class RecordFailure(_Command):
    """A department gave no data and will not."""

    department: Department
    failure: DepartmentFailure


class AskAgain(_Command):
    """Ask a department anew that gave no data."""

    department: Department


class RecordHomeVisit(_Command):
    """The surveyors visited and took down what the household states; fen a month.

    ``recorder`` records it, and is one of the surveyors where ``as_surveyor``. ``tekun`` is what
    its recognition asks beside means.
    """

    visited_on: date
    surveyors: tuple[UUID, ...]
    income: tuple[IncomeLine, ...]
    deductions: tuple[DeductionLine, ...]
    findings: NoteRef
    recorder: UUID
    as_surveyor: bool
    tekun: TekunCircumstances | None = None


class HoldReview(_Command):
    """The village reviewed the survey's result, and the township drew its conclusion."""

    held_on: date
    present: int
    representatives: int
    agreed: int
    upheld: bool
    minutes: NoteRef


class CompleteCheck(_Command):
    """Draw up the household's account."""


class NoteMissedSurvey(_Command):
    """The survey's last day is over."""


class NoteMissedReview(_Command):
    """The review's last day is over; ``due`` is the date it was."""

    due_on: date


def open_check(check: Check, command: OpenCheck, _at: Moment) -> Decision:
    """Open the check and ask every department."""
    if check.status is not Status.NONE:
        return []
    opened = CheckOpened(
        programme=command.programme,
        division=command.division,
        applicant=command.applicant,
        members=command.members,
        accepted_on=command.accepted_on,
        survey_due=command.survey_due,
    )
    return [opened, *(DepartmentAsked(department=department) for department in Department)]


def record_answer(check: Check, command: RecordAnswer, _at: Moment) -> Decision:
    """Take in what a department answered; an answer that nobody waits for changes nothing."""
    if command.department not in check.unanswered:
        return []
    return [
        DepartmentAnswered(
            department=command.department,
            income=command.income,
            deposits_fen=command.deposits_fen,
            houses=command.houses,
            vehicles=command.vehicles,
        )
    ]


def record_failure(check: Check, command: RecordFailure, _at: Moment) -> Decision:
    """Note that a department gives no data; officials check by other means."""
    if command.department not in check.unanswered:
        return []
    return [DepartmentFailed(department=command.department, failure=command.failure)]


def ask_again(check: Check, command: AskAgain, _at: Moment) -> Decision:
    """A department that gave no data is asked anew, once what stood in the way is mended."""
    _require_open(check)
    if command.department not in check.failed:
        facts: dict[str, int | str] = {"failed": ", ".join(check.failed) or "none"}
        raise Refusal("department-not-failed", facts=facts)
    return [DepartmentAsked(department=command.department)]


def record_home_visit(check: Check, command: RecordHomeVisit, at: Moment) -> Decision:
    """Record a visit; a later one stands in the place of the earlier, and of its review.

    A visit after the survey's last day is recorded all the same, and that it was late beside it:
    the household does not lose its claim by the office's delay.
    """
    opened = _require_open(check)
    parameters = _parameters(opened, at)
    rules.require_day_between(
        "visit-day-impossible", command.visited_on, opened.accepted_on, at.date
    )
    rules.require_surveyors(parameters, command.surveyors)
    rules.require_tekun_circumstances(opened.programme, command.tekun)
    own = command.recorder in command.surveyors
    if command.as_surveyor and not own:
        raise Refusal("recorder-no-surveyor", source="民发〔2012〕220号 art. 18")
    declared = tuple(
        line.model_copy(update={"source": LineSource.DECLARED}) for line in command.income
    )
    require_income_of_members(declared, opened.members)
    require_deductions_allowed(parameters, command.deductions)
    visit = HomeVisitRecorded(
        visited_on=command.visited_on,
        surveyors=tuple(dict.fromkeys(command.surveyors)),
        income=declared,
        deductions=command.deductions,
        findings=command.findings,
        review_due=rules.review_due(parameters, command.visited_on),
        recorded_by=None if own else command.recorder,
        tekun=command.tekun,
    )
    late = command.visited_on > opened.survey_due.on and check.visit is None
    facts: list[Event | Fact] = []
    if late and not check.survey_missed:
        facts.append(SurveyDeadlineMissed(due=opened.survey_due))
    return [*facts, Fact(visit, policy=parameters.version)]


def hold_review(check: Check, command: HoldReview, at: Moment) -> Decision:
    """Record a democratic review of the visit's result; a late one with its lateness beside it."""
    opened = _require_open(check)
    parameters = _parameters(opened, at)
    rules.require_review_provided_for(parameters)
    if check.visit is None:
        raise Refusal("review-before-visit", source="民发〔2012〕220号 art. 21")
    rules.require_day_between(
        "review-day-impossible", command.held_on, check.visit.visited_on, at.date
    )
    if max(command.representatives, command.agreed) > command.present:
        raise Refusal("review-counts-contradict", facts={"present": command.present}, status=422)
    rules.require_representatives(parameters, command.present, command.representatives)
    held = DemocraticReviewHeld(
        held_on=command.held_on,
        present=command.present,
        representatives=command.representatives,
        agreed=command.agreed,
        upheld=command.upheld,
        minutes=command.minutes,
    )
    due = check.visit.review_due
    facts: list[Event | Fact] = []
    if due is not None and command.held_on > due.on and not check.review_missed:
        facts.append(ReviewDeadlineMissed(due=due))
    return [*facts, Fact(held, policy=parameters.version)]


def complete(check: Check, _command: CompleteCheck, at: Moment) -> Decision:
    """Draw up the account once departments, visit and, where required, review are there."""
    opened = _require_open(check)
    parameters = _parameters(opened, at)
    if check.unanswered:
        raise Refusal("departments-outstanding", facts={"departments": ", ".join(check.unanswered)})
    if check.visit is None:
        raise Refusal("visit-missing", source=rules.COMPLETENESS_SOURCE)
    if check.review is None and rules.review_required(parameters):
        raise Refusal("review-missing", source=parameters.value("democratic_review_when").source)
    if check.review is not None and not check.review.upheld:
        raise Refusal("review-contested", source="民发〔2012〕220号 art. 24")
    account = rules.account(check.visit.income, check.visit.deductions, check.answers)
    completed = CheckCompleted(
        programme=opened.programme,
        division=opened.division,
        applicant=opened.applicant,
        members=opened.members,
        accepted_on=opened.accepted_on,
        surveyors=check.surveyors,
        income=account.income,
        deductions=account.deductions,
        income_fen=account.income_fen,
        deducted_fen=account.deducted_fen,
        counted_income_fen=account.counted_income_fen,
        deposits_fen=account.deposits_fen,
        houses=account.houses,
        vehicles=account.vehicles,
        missing=check.failed,
        review_agreed=check.review.upheld if check.review else None,
        tekun=check.visit.tekun,
    )
    return [Fact(completed, policy=parameters.version)]


def note_missed_survey(check: Check, _command: NoteMissedSurvey, _at: Moment) -> Decision:
    """Nobody visited in time: that is recorded, once."""
    if check.opened is None or check.visit is not None or check.survey_missed:
        return []
    return [SurveyDeadlineMissed(due=check.opened.survey_due)]


def note_missed_review(check: Check, command: NoteMissedReview, _at: Moment) -> Decision:
    """No review was held in time: that is recorded, once, of the visit that it was due after."""
    if check.visit is None or check.review is not None or check.review_missed:
        return []
    due = check.visit.review_due
    if due is None or due.on != command.due_on or check.status is not Status.OPEN:
        return []
    return [ReviewDeadlineMissed(due=due)]


def _require_open(check: Check) -> CheckOpened:
    if check.opened is None or check.status is not Status.OPEN:
        raise Refusal("check-not-open", facts={"status": check.status})
    return check.opened


def _parameters(opened: CheckOpened, at: Moment) -> Parameters:
    """The parameters of the day of acceptance: an application keeps its regime to its end."""
    return at.policy.at(opened.division, opened.programme, opened.accepted_on)
