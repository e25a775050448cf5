"""Decisions on entitlements: opened, set part by part, ended; the roster follows at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from services.payment import rules
from services.payment.decisions.command import Command
from services.payment.model import (
    MONTHLY_PROGRAMMES,
    ByMonth,
    Entitlement,
    Roster,
    Stretch,
    evolve_entitlement,
    evolve_roster,
    roster_of,
)
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.payment import (
    EntitlementEnded,
    EntitlementOpened,
    EntitlementPart,
    EntitlementPartSet,
    EntitlementPayeeSet,
    PaidMonthsDiffer,
    RosterEntryAdded,
    RosterPartSet,
    RosterPayeeSet,
)
from shared.kernel.decider import Decision, Fact, Moment, Refusal
from shared.kernel.event import Event


class OpenEntitlement(Command):
    """Enter a confirmed case; ``division`` handles it, ``amount_fen`` is in fen a month."""

    case_id: UUID
    programme: Programme
    division: str
    payee: UUID
    amount_fen: int
    from_month: Month


class SetPart(Command):
    """A part of a case's amount is ``amount_fen`` a month, through ``last_month`` if known."""

    case_id: UUID
    part: EntitlementPart
    amount_fen: int
    from_month: Month
    last_month: Month | None = None


class SetMonths(Command):
    """A part of a case's amount is ``amount_fen`` a month in these months, both included; what is
    known of others stays.
    """

    case_id: UUID
    part: EntitlementPart
    amount_fen: int
    first_month: Month
    last_month: Month


class SetPayee(Command):
    """Somebody else of a case's household is paid from now on."""

    case_id: UUID
    payee: UUID


class EndEntitlement(Command):
    """The case is over; ``last_month`` is the last one that is paid."""

    case_id: UUID
    last_month: Month


def open_entitlement(
    entitlement: Entitlement, roster: Roster, command: OpenEntitlement, _at: Moment
) -> Decision:
    """Open a case's entitlement and enter it in the roster.

    A case confirmed anew while its entitlement is open is refused: amounts change by a decision
    on the change, never by a second entitlement. One that has ended opens again. What care
    assessed before counts from the first month on.
    """
    if entitlement.is_open:
        raise Refusal("entitlement-open")
    entry = RosterEntryAdded(
        case_id=command.case_id,
        payee=command.payee,
        amount_fen=command.amount_fen,
        from_month=command.from_month,
    )
    opened = EntitlementOpened(
        programme=command.programme,
        division=command.division,
        payee=command.payee,
        amount_fen=command.amount_fen,
        from_month=command.from_month,
    )
    stream = roster_of(command.programme, rules.paying_division(command.division))
    after = evolve_entitlement(entitlement, opened)
    entered = evolve_roster(roster, entry)
    following = _following(after, entered, command.case_id, command.from_month)
    return [Fact(entry, stream=stream), opened, *following]


def set_part(entitlement: Entitlement, *rest: Any) -> Decision:
    """Set a part of the amount from a month on, on the entitlement and on its roster.

    A change does not say under which programme the case is paid: every roster of the township
    is read, in the order of ``MONTHLY_PROGRAMMES``, before command and moment. What care assesses
    counts whenever it comes: decision's and care's words are in no order among each other.
    Refuses a benefit of a case that is not entitled.
    """
    *rosters, command, _at = rest
    if command.part is EntitlementPart.BENEFIT and not entitlement.is_open:
        raise Refusal("entitlement-not-open")
    part_set = EntitlementPartSet(
        part=command.part,
        amount_fen=command.amount_fen,
        from_month=command.from_month,
        last_month=command.last_month,
    )
    after = evolve_entitlement(entitlement, part_set)
    roster = _roster_of_case(entitlement, rosters)
    return [part_set, *_following(after, roster, command.case_id, command.from_month)]


def set_months(entitlement: Entitlement, *rest: Any) -> Decision:
    """Set a part of the amount in some months, on the entitlement and on its roster.

    Reads the rosters as ``set_part`` does. One that has ended follows too, in the months in which
    it was entitled. Refuses for a case that never was.
    """
    *rosters, command, _at = rest
    if entitlement.opened is None:
        raise Refusal("entitlement-not-open")
    known = entitlement.parts[command.part]
    wanted = known.over(command.first_month, command.last_month, command.amount_fen)
    facts: list[Event] = [
        EntitlementPartSet(
            part=command.part, amount_fen=amount_fen, from_month=first, last_month=last
        )
        for first, last, amount_fen in _statements(known, wanted, command.first_month)
    ]
    for fact in facts:
        entitlement = evolve_entitlement(entitlement, fact)
    roster = _roster_of_case(entitlement, rosters)
    return [*facts, *_following(entitlement, roster, command.case_id, command.first_month)]


def set_payee(entitlement: Entitlement, *rest: Any) -> Decision:
    """Pay somebody else, on the entitlement and on its roster, every month no run took up yet.

    What is paid for a month goes to who is there to be paid, not to who was in that month: nobody
    pays the dead. Nothing changes where that is who is paid already. Reads the rosters as
    ``set_part`` does. Refuses for a case that is not entitled.
    """
    *_rosters, command, _at = rest
    opened = entitlement.opened
    if opened is None or not entitlement.is_open:
        raise Refusal("entitlement-not-open")
    if opened.payee == command.payee:
        return []
    stream = roster_of(opened.programme, rules.paying_division(opened.division))
    on_roster = RosterPayeeSet(case_id=command.case_id, payee=command.payee)
    return [EntitlementPayeeSet(payee=command.payee), Fact(on_roster, stream=stream)]


def end_entitlement(entitlement: Entitlement, *rest: Any) -> Decision:
    """End an entitlement: nothing after its last month is listed any more.

    Reads the rosters as ``set_part`` does. Refuses for a case that is not entitled.
    """
    *rosters, command, _at = rest
    if not entitlement.is_open:
        raise Refusal("entitlement-not-open")
    ended = EntitlementEnded(last_month=command.last_month)
    after = evolve_entitlement(entitlement, ended)
    roster = _roster_of_case(entitlement, rosters)
    return [ended, *_following(after, roster, command.case_id, command.last_month.next())]


def _roster_of_case(entitlement: Entitlement, rosters: Iterable[Roster]) -> Roster:
    if entitlement.opened is None:
        return Roster()
    return dict(zip(MONTHLY_PROGRAMMES, rosters, strict=True))[entitlement.opened.programme]


def _following(
    entitlement: Entitlement, roster: Roster, case_id: UUID, since: Month
) -> Iterator[Event | Fact]:
    """What follows from an entitlement as it now is, changed in no month before ``since``.

    The roster's copy of each part that it holds otherwise, and the months taken up already that
    now differ from what is due.
    """
    opened = entitlement.opened
    if opened is None:
        return
    stream = roster_of(opened.programme, rules.paying_division(opened.division))
    for part in EntitlementPart:
        due = entitlement.due(part)
        known = roster.entries[case_id].parts[part]
        if due != known:
            for first, last, amount_fen in _statements(known, due, since):
                part_set = RosterPartSet(
                    case_id=case_id,
                    part=part,
                    amount_fen=amount_fen,
                    from_month=first,
                    last_month=last,
                )
                roster = evolve_roster(roster, part_set)
                yield Fact(part_set, stream=stream)
    yield from _differing(entitlement, roster.entries[case_id].differences)


def _statements(known: ByMonth, due: ByMonth, since: Month) -> list[Stretch]:
    """What takes a part from ``known`` to ``due``, each statement cutting what was later known."""
    replaced = next(known.after(since.previous()).stretches(), None)
    stretches = list(due.after(since.previous()).stretches())
    if replaced and (not stretches or replaced.from_month < stretches[0].from_month):
        return [Stretch(since, None, 0), *stretches]
    return stretches


def _differing(entitlement: Entitlement, differences: ByMonth) -> Iterator[PaidMonthsDiffer]:
    for first, last, a_month_fen in entitlement.differences.changes_to(differences):
        if last is None:
            raise ValueError("months taken up are followed by months that are not")
        yield PaidMonthsDiffer(
            first_month=first,
            last_month=last,
            difference_fen=a_month_fen * (first.months_until(last) + 1),
        )
