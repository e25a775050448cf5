"""A decision waits for its ruling, because the organ ordered it, and counts again if it stands."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.decisions.restored_amounts import restored
from services.decision.decisions.restoring import not_among, reopened, standing_of
from services.decision.model import Appeal, Determination, appeal_of, waits
from services.decision.rules import entitlement
from shared.calendar import Month
from shared.contracts.appeals import AppealFiled, AppealSuspensionOrdered, HouseholdReinstated
from shared.contracts.changes import AmountChanged, BenefitStopped, PhaseOutStarted
from shared.contracts.decision import CaseConfirmed
from shared.contracts.fields import NoteRef
from shared.contracts.notices import NoticeSubject
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event


class OrderSuspension(Command):
    """Take down the organ's order that a stop or a cut waits for its ruling."""

    case_id: UUID
    appeal_id: UUID
    recorder: UUID
    order: NoteRef


def order_suspension(
    case: Determination, appeal: Appeal, command: OrderSuspension, at: Moment
) -> Decision:
    """Have a stop or a cut wait for the ruling, because the organ ordered it: aid goes on.

    From the next month on, as it was before; what was not paid until then the ruling decides. A
    phase-out or stop that ran before has to reach that month. A decision waits for one ruling at a
    time: who rules next on one that stands orders it anew.
    """
    filed = appeal.pending()
    if appeal.suspended is not None:
        raise Refusal("appeal-suspended")
    if filed.subject not in (NoticeSubject.STOP, NoticeSubject.AMOUNT_CHANGED):
        raise Refusal("nothing-to-suspend", facts={"subject": filed.subject})
    standing = standing_of(case, filed)
    if waits(case):
        raise Refusal("appeal-suspended")
    since = max(standing.from_month, entitlement.first_month_paid(at.date))
    standing.state.require_in_benefit(since)
    ordered = AppealSuspensionOrdered(
        appeal_id=command.appeal_id,
        recorder=command.recorder,
        from_month=since,
        order=command.order,
    )
    goes_on = [
        event.model_copy(update={"first_month": max(event.first_month, since)})
        if isinstance(event, PhaseOutStarted)
        else event
        for event in restored(
            standing.state, since, at, change_id=filed.appeal_id, decider=command.recorder
        )
    ]
    stream = appeal_of(command.case_id, command.appeal_id)
    again = _reopened_unpaid(case, standing.state)
    household = _reinstated(case, standing.state, filed, since)
    return [Fact(ordered, stream), household, *again, *goes_on]


def _reinstated(
    case: Determination, was: Determination, filed: AppealFiled, from_month: Month
) -> HouseholdReinstated:
    """The household, and the account that counts of it, are from a month on as they were."""
    account = was.known_account()
    family = tuple(member.person_id for member in was.family)
    return HouseholdReinstated(
        appeal_id=filed.appeal_id,
        programme=account.programme,
        division=account.division,
        members=was.members,
        payee=was.payee,
        from_month=from_month,
        returned=not_among(case.people(), was.people()),
        left=not_among(was.people(), case.people()),
        family=family if was.alone else None,
    )


def counting_again(case: Determination, filed: AppealFiled, at: Moment) -> list[Event]:
    """A stop or a cut that was suspended, from the month after the ruling was recorded; and the
    household that it left, by the account that it rests on.

    Where what went on has ended meanwhile there is nothing to stop; a cut pays again.
    """
    outcome = standing_of(case, filed).outcome
    left = case.before[filed.appeal_id].state
    if isinstance(outcome, BenefitStopped):
        if case.ended is not None:
            return []
        last_month = max(outcome.last_month, Month.of(at.date))
        household = _reinstated(case, left, filed, last_month.next())
        return [household, outcome.model_copy(update={"last_month": last_month})]
    if not isinstance(outcome, AmountChanged):
        raise Refusal("nothing-to-suspend")
    from_month = max(outcome.from_month, entitlement.first_month_paid(at.date))
    household = _reinstated(case, left, filed, from_month)
    again = _reopened_unpaid(case, left)
    return [household, *again, outcome.model_copy(update={"from_month": from_month})]


def _reopened_unpaid(case: Determination, prior: Determination) -> Iterator[Event]:
    """Entitled again since the end, so that a revocation finds every month; paid only from a month
    that is set with it.
    """
    for event in reopened(case, prior):
        unpaid = isinstance(event, CaseConfirmed)
        yield event.model_copy(update={"amount_fen": 0}) if unpaid else event
