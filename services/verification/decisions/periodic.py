"""Periodic checks of households on the books: opened when due, asked, answered, done without."""

from __future__ import annotations

from datetime import date, timedelta

from services.verification import rules
from services.verification.decisions.books import may_be_asked
from services.verification.decisions.calling_reviews import after_failure
from services.verification.decisions.command import Command
from services.verification.decisions.departments import (
    LoseReceipt,
    NoteReceipt,
    RecordAnswer,
    RecordFailure,
    SetAnswerAside,
    failure_of,
)
from services.verification.decisions.standing_leads import after_answer
from services.verification.model import Check, StandingHousehold
from services.verification.rules import standing as standing_rules
from shared.clock import legal_date
from shared.contracts.departments import (
    Department,
    DepartmentAnswered,
    DepartmentFailure,
    SetAsideReason,
)
from shared.contracts.standing_households import (
    HouseholdEnteredBooks,
    Information,
    NotAskedReason,
    PeriodicAnswerReceived,
    PeriodicAnswerSetAside,
    PeriodicCheckOpened,
    PeriodicCheckScheduled,
    PeriodicQueryAsked,
    PeriodicQueryFailed,
    PeriodicReceiptNoted,
)
from shared.kernel.decider import Decision, Fact, Moment
from shared.kernel.event import Event
from shared.policy import Parameters


class OpenPeriodicCheck(Command):
    """The day of a household's periodic check has come, of one kind of information."""

    information: Information
    due_on: date


def open_periodic_check(
    state: StandingHousehold, check: Check, command: OpenPeriodicCheck, at: Moment
) -> Decision:
    """Ask the departments about a household, under the rules of today; and schedule the next.

    Nobody is asked without everybody's authorisation, whose standing place and day do not have
    checked, or who is being asked already; the next day stays in its place all the same.
    Source: 陕民发〔2022〕23号, 2(4).2; 国务院令第649号, art. 58.
    """
    entered = state.entered
    if entered is None or not state.standings:
        return []
    if state.scheduled.get(command.information) != command.due_on:
        return []
    today = max(legal_date(at.now), at.date)
    regime = at.policy.at(entered.division, entered.programme, today)
    asked = tuple(
        department
        for department in standing_rules.departments_of(command.information, regime)
        if department not in state.under_way
    )
    reason = _not_asked(state, check, regime, today)
    if reason is None and not asked:
        reason = NotAskedReason.UNDER_WAY
    months = standing_rules.interval_months(state.standings, command.information, regime)
    following = PeriodicCheckScheduled(
        information=command.information,
        due_on=standing_rules.next_due(command.due_on, months, today),
        not_asked=reason,
    )
    decided: list[Event | Fact] = [
        Fact(following, effective_on=today, policy=regime.version),
    ]
    if reason is None:
        opened = PeriodicCheckOpened(information=command.information, departments=asked)
        decided.append(Fact(opened, effective_on=today, policy=regime.version))
    return decided


def _not_asked(
    state: StandingHousehold, check: Check, regime: Parameters, today: date
) -> NotAskedReason | None:
    """Why nobody may be asked about a household today."""
    if not standing_rules.provided_for(state.standings, regime):
        return NotAskedReason.NOT_PROVIDED_FOR
    if not may_be_asked(state, check, state.people, today):
        return NotAskedReason.NOT_AUTHORISED
    if check.waiver is not None and today <= check.waiver.until_on:
        return NotAskedReason.FAMILY_CHECK_WAIVED
    return None


def record_periodic_answer(
    state: StandingHousehold, check: Check, command: RecordAnswer, at: Moment
) -> Decision:
    """Take in what a department answered; what differs from what is known becomes a lead.

    An answer that nobody waits for any more changes nothing. Data older than the rules of today
    permit are set aside and asked for again.
    """
    regime = _regime(state, command.department, at)
    if regime is None:
        return []
    if rules.is_outdated(regime, command.as_of, at.date):
        aside = PeriodicAnswerSetAside(
            department=command.department,
            reason=SetAsideReason.OUTDATED,
            received=command.received,
            as_of=command.as_of,
        )
        return _set_aside(state, aside, regime, at.date)
    answer = PeriodicAnswerReceived(
        **{name: value for name, value in dict(command).items() if value != ()}
        | {"income": command.income}
    )
    before = check.departments.get(command.department)
    heard = before if isinstance(before, DepartmentAnswered) else None
    by_check = (one.department for one in check.answers)
    return [
        Fact(answer, policy=regime.version),
        *after_answer(state, heard, {*state.answers, *by_check}, answer, regime, at.date),
    ]


def set_periodic_answer_aside(
    state: StandingHousehold, _check: Check, command: SetAnswerAside, at: Moment
) -> Decision:
    """Keep an answer that cannot be read, and ask again."""
    regime = _regime(state, command.department, at)
    if regime is None:
        return []
    aside = PeriodicAnswerSetAside(
        department=command.department,
        reason=SetAsideReason.UNREADABLE,
        received=command.received,
    )
    return _set_aside(state, aside, regime, at.date)


def record_periodic_failure(
    state: StandingHousehold, _check: Check, command: RecordFailure, _at: Moment
) -> Decision:
    """Note that a department gives no data: nothing is concluded from that."""
    if command.department not in state.under_way:
        return []
    failed = PeriodicQueryFailed(department=command.department, failure=command.failure)
    return [failed, *after_failure(state, command.department, command.failure)]


def note_periodic_receipt(
    state: StandingHousehold, _check: Check, command: NoteReceipt, _at: Moment
) -> Decision:
    """Keep the number under which the answer is fetched, so that nobody asks a second time."""
    if command.department not in state.under_way:
        return []
    return [PeriodicReceiptNoted(department=command.department, receipt=command.receipt)]


def lose_periodic_receipt(
    state: StandingHousehold, _check: Check, command: LoseReceipt, at: Moment
) -> Decision:
    """A receipt number that is not known any more: the department is asked again the next day."""
    if command.department not in state.under_way:
        return []
    tomorrow = at.date + timedelta(days=1)
    return [PeriodicQueryAsked(department=command.department, not_before=tomorrow)]


def _regime(state: StandingHousehold, department: Department, at: Moment) -> Parameters | None:
    """The rules of today, where the household is on the books and the department being asked."""
    entered: HouseholdEnteredBooks | None = state.entered
    if entered is None or department not in state.under_way:
        return None
    return at.policy.at(entered.division, entered.programme, at.date)


def _set_aside(
    state: StandingHousehold, aside: PeriodicAnswerSetAside, regime: Parameters, on: date
) -> Decision:
    """Ask again the next day; after as many useless answers as the regime allows, wait for the next
    check.
    """
    useless = state.set_aside.get(aside.department, 0) + 1
    recorded = Fact(aside, policy=regime.version)
    if useless < regime.whole("department_useless_answers_limit"):
        tomorrow = on + timedelta(days=1)
        return [recorded, PeriodicQueryAsked(department=aside.department, not_before=tomorrow)]
    failure: DepartmentFailure = failure_of(aside.reason)
    failed = PeriodicQueryFailed(department=aside.department, failure=failure)
    return [recorded, failed, *after_failure(state, aside.department, failure)]
