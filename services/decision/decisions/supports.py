"""What a person's cases mean for their subsidies: which is over, and which is to be offered.

Source: 国发〔2015〕52号, 2(4), 3(4) (应补尽补、应退则退的动态管理).
"""

from __future__ import annotations

from uuid import UUID

from services.decision.decisions.command import Command
from services.decision.model import SUPPORTS, Determination, Supports
from services.decision.model.supports import Held
from services.decision.rules import subsidies as rules
from shared.calendar import Month
from shared.contracts.changes import StopReason
from shared.contracts.circumstances import Disability
from shared.contracts.decision import BenefitProposed
from shared.contracts.fields import Programme
from shared.contracts.subsidies import (
    SubsidyEndOwed,
    SubsidyLeadClosed,
    SubsidyLeadEnd,
    SubsidyLeadOpened,
    Support,
    SupportBegun,
    SupportOver,
    SupportRestored,
)
from shared.kernel.decider import Decision, Moment
from shared.kernel.event import Event
from shared.policy import Parameters


class NoteSupport(Command):
    """A person has support by a case from a month on."""

    person_id: UUID
    case_id: UUID
    division: str
    support: Support
    since: Month


class NoteSupportOver(Command):
    """A person's support by a case is over with a month; ``died_in`` where they died."""

    person_id: UUID
    case_id: UUID
    support: Support
    last_month: Month
    died_in: Month | None = None


class RestoreSupport(Command):
    """What said that a person's support by a case was over, or that they died, fell."""

    person_id: UUID
    case_id: UUID
    support: Support


class NoteSubsidyRefused(Command):
    """A person was refused a subsidy."""

    person_id: UUID
    programme: Programme


def note_support(
    supports: Supports, case: Determination, command: NoteSupport, at: Moment
) -> Decision:
    """Note what somebody has by a case, and what follows from it for their subsidies.

    An allowance that only tops a child up to the standard keeps them from nothing.
    """
    if command.support is Support.CHILD_ALLOWANCE and not _is_paid_whole(case):
        return []
    begun = SupportBegun(
        person_id=command.person_id,
        case_id=command.case_id,
        division=command.division,
        support=command.support,
        since=command.since,
        disability=_disability_of(case, command.person_id),
    )
    return [begun, *_following(SUPPORTS.evolve(supports, begun), command.person_id, at)]


def note_support_over(supports: Supports, command: NoteSupportOver, at: Moment) -> Decision:
    """Note that a support is over, and what follows from it for the person's subsidies.

    Once; again where a fact that came later brings its last month forward, or is a death.
    """
    held = supports.held.get((command.case_id, command.support))
    if held is None or _is_known(supports, held, command):
        return []
    over = SupportOver(**command.model_dump())
    after = SUPPORTS.evolve(supports, over)
    programme = _subsidy(command.support)
    if programme is None:
        return [over, *_following(after, command.person_id, at)]
    # Who gives a subsidy up, or loses it for what is their own, is not offered it again.
    if _ended_by_what_is_known(supports, held, command):
        return [over, *_following(after, command.person_id, at)]
    closed = SubsidyLeadClosed(
        person_id=command.person_id, programme=programme, reason=SubsidyLeadEnd.GIVEN_UP
    )
    after = SUPPORTS.evolve(after, closed)
    return [over, closed, *_following(after, command.person_id, at)]


def restore_support(supports: Supports, command: RestoreSupport, at: Moment) -> Decision:
    """Take back that a support is over, and what follows from it for the person's subsidies.

    So too of a death by which it was over, where it went on while that was appealed against. A
    subsidy that was stopped stays so, and is offered to them.
    """
    held = supports.held.get((command.case_id, command.support))
    if held is None or (held.last_month is None and supports.died_in is None):
        return []
    restored = SupportRestored(**command.model_dump())
    return [restored, *_following(SUPPORTS.evolve(supports, restored), command.person_id, at)]


def note_subsidy_refused(supports: Supports, command: NoteSubsidyRefused, at: Moment) -> Decision:
    """Who was refused a subsidy is not offered it, until something else begins."""
    closed = SubsidyLeadClosed(
        person_id=command.person_id, programme=command.programme, reason=SubsidyLeadEnd.REFUSED
    )
    return [closed, *_following(SUPPORTS.evolve(supports, closed), command.person_id, at)]


def _is_known(supports: Supports, held: Held, command: NoteSupportOver) -> bool:
    if held.last_month is None or command.last_month < held.last_month:
        return False
    return command.died_in is None or supports.died_in is not None


def _following(supports: Supports, person_id: UUID, at: Moment) -> list[Event]:
    ends: list[Event] = []
    for programme, held in supports.subsidies():
        found = _end(programme, held, supports, _regime(programme, held.division, at))
        owed = supports.ends_owed.get(held.case_id)
        if found is None or (owed is not None and owed <= found[1]):
            continue
        reason, last_month = found
        ends.append(
            SubsidyEndOwed(
                person_id=person_id,
                case_id=held.case_id,
                division=held.division,
                programme=programme,
                reason=reason,
                last_month=last_month,
            )
        )
    return [*ends, *_leads(supports, person_id, at)]


def _end(
    programme: Programme, held: Held, supports: Supports, regime: Parameters
) -> tuple[StopReason, Month] | None:
    """Why and with which month a subsidy ends by what is known now; ``None`` if it goes on."""
    months = rules.months_entitled(programme, supports, regime, held.since)
    if not isinstance(months, rules.Months):
        return rules.end_for(months), held.since.previous()
    if months.last is None or months.ends is None:
        return None
    return months.ends, months.last


def _leads(supports: Supports, person_id: UUID, at: Moment) -> list[Event]:
    """The subsidies that somebody is to be offered from now on, and those no longer."""
    now, found = Month.of(at.date), list[Event]()
    for programme in rules.SUBSIDIES:
        behind = _behind(supports)
        offered = (
            behind is not None
            and programme not in supports.settled
            and not supports.receives(programme)
            and rules.is_to_be_offered(
                programme,
                supports.disability,
                supports,
                _regime(programme, behind.division, at),
                now,
            )
        )
        if offered and behind is not None and programme not in supports.leads:
            found.append(
                SubsidyLeadOpened(
                    person_id=person_id,
                    case_id=behind.case_id,
                    division=behind.division,
                    programme=programme,
                    since=now,
                )
            )
        elif not offered and programme in supports.leads:
            receives = supports.receives(programme)
            reason = SubsidyLeadEnd.RECEIVES_IT if receives else SubsidyLeadEnd.NO_LONGER_ENTITLED
            closed = SubsidyLeadClosed(person_id=person_id, programme=programme, reason=reason)
            found.append(closed)
    return found


def _behind(supports: Supports) -> Held | None:
    """The latest of the supports that go on: its case and division know the person best."""
    going_on = [held for held in supports.held.values() if held.last_month is None]
    return max(going_on, key=lambda held: (held.since, held.case_id), default=None)


def _ended_by_what_is_known(supports: Supports, held: Held, command: NoteSupportOver) -> bool:
    owed = supports.ends_owed.get(held.case_id)
    return owed is not None and owed <= command.last_month


def _subsidy(support: Support) -> Programme | None:
    return next((one for one in rules.SUBSIDIES if one.value == support.value), None)


def _regime(programme: Programme, division: str, at: Moment) -> Parameters:
    return at.policy.at(division, programme, at.date)


def _disability_of(case: Determination, person_id: UUID) -> Disability | None:
    """What a case's account knows of somebody's disability."""
    account = case.account
    if account is None:
        return None
    if account.disability is not None:
        return account.disability.disability
    members = account.circumstances.members if account.circumstances else ()
    return next((one.disability for one in members if one.person_id == person_id), None)


def _is_paid_whole(case: Determination) -> bool:
    proposal = case.proposal
    return isinstance(proposal, BenefitProposed) and proposal.amount_fen >= proposal.standard_fen
