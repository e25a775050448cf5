"""Decisions on paydays: the days by which what a township has due is to be on an approved run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import reduce
from typing import Any
from uuid import UUID

from services.payment import rules
from services.payment.decisions.command import Command
from services.payment.model import (
    MONTHLY_PROGRAMMES,
    Payday,
    Roster,
    RosterEntry,
    evolve_roster,
    roster_of,
)
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.paydays import PaydayMet, PaydayMissed, PaydaySet
from shared.kernel.decider import Decision, Fact, Moment, Stream
from shared.kernel.event import Event


class SetPaydays(Command):
    """A month has begun, or something became due in it, in a township."""

    division: str


class NotePaydays(Command):
    """A payday of a township has passed."""

    division: str


def set_paydays(*rest: Any) -> Decision:
    """Set the next payday of each roster that has something due by it, once.

    Called with the township's rosters in the order of ``MONTHLY_PROGRAMMES``, the command and the
    moment. What becomes known after its payday is due by the next one.
    """
    *rosters, command, at = rest
    found = (
        _next(roster, programme, command.division, at)
        for programme, roster in zip(MONTHLY_PROGRAMMES, rosters, strict=True)
    )
    return [fact for fact in found if fact is not None]


def note_paydays(*rest: Any) -> Decision:
    """Note of each payday that has passed what no approved run had taken up, once.

    Called as ``set_paydays`` is. Where nothing is due any more, there was nothing to be paid.
    """
    *rosters, command, at = rest
    facts: list[Fact] = []
    for programme, roster in zip(MONTHLY_PROGRAMMES, rosters, strict=True):
        stream = roster_of(programme, command.division)
        for payday in roster.paydays.values():
            if payday.missed or at.date <= payday.payday.due_on:
                continue
            missed = _missed(payday, roster.entries.values())
            event = missed if missed is not None else _met(payday, None)
            facts.append(Fact(event, stream=stream))
    return facts


def paydays_met(
    roster: Roster, listed: Iterable[Event], run_id: UUID, stream: Stream, today: date
) -> Iterator[Fact]:
    """What an approved run means for the paydays that are to be met: nothing is left through them.

    One that is met after its day was missed; the run may be approved before that day's duty is
    done.
    """
    after: Roster = reduce(evolve_roster, listed, roster)
    for payday in after.paydays.values():
        if _missed(payday, after.entries.values()) is not None:
            continue
        if today > payday.payday.due_on and not payday.missed:
            missed = _missed(payday, roster.entries.values())
            if missed is not None:
                on = rules.day_after(payday.payday.due_on)
                yield Fact(missed, stream=stream, effective_on=on)
        yield Fact(_met(payday, run_id), stream=stream)


def _next(roster: Roster, programme: Programme, division: str, at: Moment) -> Fact | None:
    if not roster.entries:
        return None
    regimes = regimes_of(division, programme, at)
    first, last, due_on = rules.next_payday(at.date, regimes)
    known = roster.paydays_through is not None and roster.paydays_through >= first
    if known or not _unlisted(roster.entries.values(), last):
        return None
    payday = PaydaySet(
        programme=programme,
        division=division,
        month=first,
        due_on=due_on,
        last_month=last if last != first else None,
    )
    return Fact(payday, stream=roster_of(programme, division), policy=at.policy.version)


def regimes_of(division: str, programme: Programme, at: Moment) -> rules.Regimes:
    """The parameters of a township and programme, by the day."""
    return lambda day: at.policy.at(division, programme, day)


def _unlisted(entries: Iterable[RosterEntry], through: Month) -> Sequence[int]:
    """What no approved run took up, month by month and case by case, in fen."""
    return [fen for entry in entries for _month, fen in entry.unlisted.months(through)]


def _missed(payday: Payday, entries: Iterable[RosterEntry]) -> PaydayMissed | None:
    """What is still to be paid by a payday, as it is told once the day has passed."""
    unlisted = _unlisted(entries, payday.last_month)
    if not unlisted:
        return None
    return PaydayMissed(
        programme=payday.payday.programme,
        division=payday.payday.division,
        month=payday.payday.month,
        due_on=payday.payday.due_on,
        payments=len(unlisted),
        total_fen=sum(unlisted),
    )


def _met(payday: Payday, run_id: UUID | None) -> PaydayMet:
    return PaydayMet(
        programme=payday.payday.programme,
        division=payday.payday.division,
        month=payday.payday.month,
        run_id=run_id,
    )
