"""Departments asked about obligors, by the obligors' own word, and what they say."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from services.verification import rules
from services.verification.decisions.asking_obligors import obligor_asked
from services.verification.decisions.command import Command, require_open
from services.verification.decisions.departments import (
    RecordAnswer,
    RecordFailure,
    SetAnswerAside,
    failure_of,
)
from services.verification.model import Check
from shared.contracts.departments import Department, SetAsideReason
from shared.contracts.obligors import (
    ObligorAnswered,
    ObligorAnswerSetAside,
    ObligorAsked,
    ObligorQueryFailed,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.policy import Parameters


class AskAboutObligor(Command):
    """Have the departments asked about somebody bound to support the household."""

    person_id: UUID


def ask_about_obligor(check: Check, command: AskAboutObligor, at: Moment) -> Decision:
    """Ask the departments that the rules of today name, who have not been asked, or gave no data.

    By the obligor's own consent; before the law of 2026 the household's authorisation stands for
    it. Source: 社会救助法, art. 41; 民发〔2021〕43号, art. 10.
    """
    opened = require_open(check)
    if command.person_id in {member.person_id for member in opened.members}:
        raise Refusal("obligor-of-the-household", status=422)
    parameters = at.policy.at(opened.division, opened.programme, at.date)
    rules.require_consent(parameters, check.consents.get(command.person_id), at.date)
    asked = obligor_asked(check, opened, command.person_id, parameters)
    if not asked:
        raise Refusal("obligor-asked-about")
    return asked


def record_obligor_answer(
    person_id: UUID, check: Check, command: RecordAnswer, at: Moment
) -> Decision:
    """Take in what a department said of an obligor; older than permitted it is asked for again."""
    parameters = _waited_for(person_id, check, command.department, at)
    if parameters is None:
        return []
    if rules.is_outdated(parameters, command.as_of, at.date):
        aside = ObligorAnswerSetAside(
            person_id=person_id,
            department=command.department,
            reason=SetAsideReason.OUTDATED,
            received=command.received,
            as_of=command.as_of,
        )
        return _again(check, aside, parameters, at.date)
    answered = ObligorAnswered(
        person_id=person_id,
        department=command.department,
        income=command.income,
        deposits_fen=command.deposits_fen,
        houses=command.houses,
        vehicles=command.vehicles,
        entries=command.entries or None,
        received=command.received or None,
        as_of=command.as_of,
    )
    return [Fact(answered, policy=parameters.version)]


def set_obligor_answer_aside(
    person_id: UUID, check: Check, command: SetAnswerAside, at: Moment
) -> Decision:
    """Keep an answer that cannot be read, and ask again."""
    parameters = _waited_for(person_id, check, command.department, at)
    if parameters is None:
        return []
    aside = ObligorAnswerSetAside(
        person_id=person_id,
        department=command.department,
        reason=SetAsideReason.UNREADABLE,
        received=command.received,
    )
    return _again(check, aside, parameters, at.date)


def record_obligor_failure(
    person_id: UUID, check: Check, command: RecordFailure, at: Moment
) -> Decision:
    """Note that a department gives no data about an obligor."""
    if _waited_for(person_id, check, command.department, at) is None:
        return []
    return [
        ObligorQueryFailed(
            person_id=person_id, department=command.department, failure=command.failure
        )
    ]


def _waited_for(
    person_id: UUID, check: Check, department: Department, at: Moment
) -> Parameters | None:
    """The rules of today, where the department's answer about an obligor is waited for."""
    inquiry = check.inquiries.get(person_id)
    if check.opened is None or inquiry is None or department not in inquiry.asked:
        return None
    return at.policy.at(check.opened.division, check.opened.programme, at.date)


def _again(
    check: Check, aside: ObligorAnswerSetAside, parameters: Parameters, on: date
) -> Decision:
    inquiry = check.inquiries[aside.person_id]
    useless = inquiry.set_aside.get(aside.department, 0) + 1
    recorded = Fact(aside, policy=parameters.version)
    if useless < parameters.whole("department_useless_answers_limit"):
        asked = ObligorAsked(
            person_id=aside.person_id,
            departments=(aside.department,),
            not_before=on + timedelta(days=1),
        )
        return [recorded, asked]
    failed = ObligorQueryFailed(
        person_id=aside.person_id,
        department=aside.department,
        failure=failure_of(aside.reason),
    )
    return [recorded, failed]


def require_obligors_heard(check: Check) -> None:
    """No check is completed while a department is being asked about an obligor."""
    waiting = {d for inquiry in check.inquiries.values() for d in inquiry.asked}
    if waiting:
        names = ", ".join(d for d in Department if d in waiting)
        raise Refusal("departments-outstanding", facts={"departments": names})
