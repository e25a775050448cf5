"""A check is opened, and the departments are asked and answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from services.verification import rules
from services.verification.decisions.asking_obligors import consenting_asked
from services.verification.decisions.command import Command, parameters_of, require_open
from services.verification.decisions.home_counties import asked_of_home
from services.verification.decisions.leads import after_answer, after_failure
from services.verification.model import Check, Status
from shared.contracts.children import Minor
from shared.contracts.circumstances import CertifiedDisability
from shared.contracts.departments import (
    AnswerSetAside,
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
    DepartmentReceiptNoted,
    InstitutionDeposits,
    RegisterEntry,
    SetAsideReason,
)
from shared.contracts.fields import Due, IncomeLine, Member, NoteRef, Programme
from shared.contracts.residence import Residence
from shared.contracts.verification import CheckOpened, DataCheckStartMissed
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Parameters

_FAILURES: Final = {
    SetAsideReason.UNREADABLE: DepartmentFailure.MALFORMED_ANSWER,
    SetAsideReason.OUTDATED: DepartmentFailure.OUTDATED_ANSWER,
}


class OpenCheck(Command):
    """Open the check of an accepted application."""

    programme: Programme
    division: str
    applicant: UUID
    members: tuple[Member, ...]
    accepted_on: date
    survey_due: Due
    kin_filed: bool | None = None
    minor: Minor | None = None
    applied_on: date | None = None
    residences: tuple[Residence, ...] = ()


class RecordAnswer(Command):
    """A department gave the household's data; amounts of income in fen a month.

    ``received`` is its answer as it came, ``as_of`` the day whose state it gives.
    """

    department: Department
    income: tuple[IncomeLine, ...]
    deposits_fen: int
    houses: int
    vehicles: int
    entries: tuple[RegisterEntry, ...] = ()
    received: tuple[NoteRef, ...] = ()
    as_of: date | None = None
    certificates: tuple[CertifiedDisability, ...] = ()
    institutions: tuple[InstitutionDeposits, ...] = ()


class SetAnswerAside(Command):
    """A department's answer is none, as far as anybody can read."""

    department: Department
    received: tuple[NoteRef, ...]


class NoteReceipt(Command):
    """A department took a question and answers it later, under a receipt number."""

    department: Department
    receipt: UUID


class LoseReceipt(Command):
    """A department does not know the receipt number that it gave."""

    department: Department


class RecordFailure(Command):
    """A department gave no data and will not."""

    department: Department
    failure: DepartmentFailure


class NoteMissedStart(Command):
    """The last day by which departments were to be asked is over."""


class AskAgain(Command):
    """Ask a department anew that gave no data."""

    department: Department


def open_check(check: Check, command: OpenCheck, at: Moment) -> Decision:
    """Open the check; ask the departments that the regime names, and members' home counties.

    And about obligors whose word is there already.
    """
    if check.status is not Status.NONE:
        return []
    opened = CheckOpened(
        programme=command.programme,
        division=command.division,
        applicant=command.applicant,
        members=command.members,
        accepted_on=command.accepted_on,
        survey_due=command.survey_due,
        kin_filed=command.kin_filed,
        minor=command.minor,
        applied_on=command.applied_on,
    )
    parameters = parameters_of(opened, at)
    asked = rules.departments_of_check(parameters)
    if asked:
        due = rules.departments_due(parameters, command.accepted_on)
        opened = opened.model_copy(update={"departments_due": due})
    return [
        Fact(opened, policy=parameters.version),
        *(DepartmentAsked(department=department) for department in asked),
        *asked_of_home(opened, command.residences, parameters, at.date),
        *consenting_asked(check, opened, parameters, at.date),
    ]


def record_answer(check: Check, command: RecordAnswer, at: Moment) -> Decision:
    """Take in what a department answered; an answer that nobody waits for changes nothing.

    What it says against the household becomes a lead, or decides one that is checked again. Data
    older than the regime permits are set aside.
    """
    if check.opened is None or command.department not in check.unanswered:
        return []
    parameters = parameters_of(check.opened, at)
    if rules.is_outdated(parameters, command.as_of, at.date):
        aside = AnswerSetAside(
            department=command.department,
            reason=SetAsideReason.OUTDATED,
            received=command.received,
            as_of=command.as_of,
        )
        return _set_aside(check, aside, parameters, at.date)
    answer = DepartmentAnswered(
        department=command.department,
        income=command.income,
        deposits_fen=command.deposits_fen,
        houses=command.houses,
        vehicles=command.vehicles,
        entries=command.entries or None,
        received=command.received or None,
        as_of=command.as_of,
        certificates=command.certificates or None,
        institutions=command.institutions or None,
    )
    return [answer, *after_answer(check, answer, parameters, at.date)]


def set_answer_aside(check: Check, command: SetAnswerAside, at: Moment) -> Decision:
    """Keep an answer that cannot be read, and ask again."""
    if check.opened is None or command.department not in check.unanswered:
        return []
    aside = AnswerSetAside(
        department=command.department,
        reason=SetAsideReason.UNREADABLE,
        received=command.received,
    )
    return _set_aside(check, aside, parameters_of(check.opened, at), at.date)


def _set_aside(check: Check, aside: AnswerSetAside, parameters: Parameters, on: date) -> Decision:
    """Ask again the next day; after as many useless answers as the regime allows, do without.

    A department is not condemned by one bad answer, and does not hold a household for ever.
    """
    useless = check.set_aside.get(aside.department, 0) + 1
    recorded: list[Event | Fact] = [Fact(aside, policy=parameters.version)]
    if useless < parameters.whole("department_useless_answers_limit"):
        tomorrow = on + timedelta(days=1)
        return [*recorded, DepartmentAsked(department=aside.department, not_before=tomorrow)]
    failed = DepartmentFailed(department=aside.department, failure=failure_of(aside.reason))
    return [*recorded, failed, *after_failure(check, aside.department, failed.failure)]


def failure_of(reason: SetAsideReason) -> DepartmentFailure:
    """What a department has failed by whose answers were useless for this reason to the last."""
    return _FAILURES[reason]


def note_receipt(check: Check, command: NoteReceipt, _at: Moment) -> Decision:
    """Keep the number under which the answer is fetched, so that nobody asks a second time."""
    if command.department not in check.unanswered:
        return []
    return [DepartmentReceiptNoted(department=command.department, receipt=command.receipt)]


def lose_receipt(check: Check, command: LoseReceipt, at: Moment) -> Decision:
    """A receipt number that is not known any more: the department is asked again the next day."""
    if command.department not in check.unanswered:
        return []
    tomorrow = at.date + timedelta(days=1)
    return [DepartmentAsked(department=command.department, not_before=tomorrow)]


def record_failure(check: Check, command: RecordFailure, _at: Moment) -> Decision:
    """Note that a department gives no data; officials check by other means."""
    if command.department not in check.unanswered:
        return []
    failed = DepartmentFailed(department=command.department, failure=command.failure)
    return [failed, *after_failure(check, command.department, command.failure)]


def note_missed_start(check: Check, _command: NoteMissedStart, _at: Moment) -> Decision:
    """Departments that nobody has reached by the last day are recorded, once; asking goes on.

    Reached is who has answered, if only to refuse, or has given a receipt.
    """
    opened = check.opened
    due = None if opened is None else opened.departments_due
    if due is None or check.start_missed or not check.unreached:
        return []
    return [DataCheckStartMissed(due=due, departments=check.unreached)]


def ask_again(check: Check, command: AskAgain, _at: Moment) -> Decision:
    """A department that gave no data is asked anew, once what stood in the way is mended."""
    require_open(check)
    if command.department not in check.failed:
        facts: dict[str, int | str] = {"failed": ", ".join(check.failed) or "none"}
        raise Refusal("department-not-failed", facts=facts)
    return [DepartmentAsked(department=command.department)]
