"""A check is opened, and the departments are asked and answer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.verification.decisions.command import Command, parameters_of, require_open
from services.verification.decisions.leads import after_answer, after_failure
from services.verification.model import Check, Status
from shared.contracts.fields import Due, IncomeLine, Member, Programme
from shared.contracts.verification import (
    CheckOpened,
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
    RegisterEntry,
)
from shared.kernel.decider import Decision, Moment, Refusal


class OpenCheck(Command):
    """Open the check of an accepted application."""

    programme: Programme
    division: str
    applicant: UUID
    members: tuple[Member, ...]
    accepted_on: date
    survey_due: Due


class RecordAnswer(Command):
    """A department gave the household's data; amounts of income in fen a month."""

    department: Department
    income: tuple[IncomeLine, ...]
    deposits_fen: int
    houses: int
    vehicles: int
    entries: tuple[RegisterEntry, ...] = ()


class RecordFailure(Command):
    """A department gave no data and will not."""

    department: Department
    failure: DepartmentFailure


class AskAgain(Command):
    """Ask a department anew that gave no data."""

    department: Department


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


def record_answer(check: Check, command: RecordAnswer, at: Moment) -> Decision:
    """Take in what a department answered; an answer that nobody waits for changes nothing.

    What it says against the household becomes a lead, or decides one that is checked again.
    """
    if check.opened is None or command.department not in check.unanswered:
        return []
    answer = DepartmentAnswered(
        department=command.department,
        income=command.income,
        deposits_fen=command.deposits_fen,
        houses=command.houses,
        vehicles=command.vehicles,
        entries=command.entries or None,
    )
    parameters = parameters_of(check.opened, at)
    return [answer, *after_answer(check, answer, parameters, at.date)]


def record_failure(check: Check, command: RecordFailure, _at: Moment) -> Decision:
    """Note that a department gives no data; officials check by other means."""
    if command.department not in check.unanswered:
        return []
    failed = DepartmentFailed(department=command.department, failure=command.failure)
    return [failed, *after_failure(check, command.department)]


def ask_again(check: Check, command: AskAgain, _at: Moment) -> Decision:
    """A department that gave no data is asked anew, once what stood in the way is mended."""
    require_open(check)
    if command.department not in check.failed:
        facts: dict[str, int | str] = {"failed": ", ".join(check.failed) or "none"}
        raise Refusal("department-not-failed", facts=facts)
    return [DepartmentAsked(department=command.department)]
