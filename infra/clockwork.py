"""Moving the hand clock of a running system from outside: from one day to the next that matters.

A day is over when nothing is on its way any more: then no log can hold an event that the next
day would come before. Days on which nothing falls due anywhere are passed over, since a drained
system does nothing on them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from infra.operators import Away, Operator, OperatorError
from shared.clock import instant_of, legal_date
from shared.settings import ClockKind

WITHIN_S = 60.0
"""How long one day may take to drain."""

_FIRST_REST_S, _LONGEST_REST_S = 0.01, 0.25


class StillWaiting(OperatorError):
    """Something was still on its way at the deadline; ``waiting`` says what, by service."""

    def __init__(self, waiting: Mapping[str, Mapping[str, int]], seconds: float) -> None:
        super().__init__(
            f"after {seconds:.0f} s still on the way: {told(waiting) or 'events keep coming'}. "
            "Nothing is lost: see `doudi status` and the services' logs for what holds it up, "
            "then go on"
        )
        self.waiting = waiting


@dataclass(frozen=True, slots=True)
class _State:
    """One service at one look: its log's head, and what waits in it."""

    position: int
    waiting: Mapping[str, int]
    next_due: date | None = None


Report = Callable[[Mapping[str, Mapping[str, int]]], None]


async def drained(
    operator: Operator, *, within_s: float = WITHIN_S, report: Report | None = None
) -> date | None:
    """Return once nothing is on its way in any service: the next date on which something is due.

    Two looks at all services, one after the other, must find nothing and the same log positions:
    then no log grew between them, every relay had sent its whole log, and every consumer had
    read what was sent, so nothing was under way at the moment between the looks. A single look
    proves nothing, since work may move to a service that was already asked.

    ``report`` is told what waits, by service. Raises ``StillWaiting`` at the deadline; a service
    that does not answer is waited for like the rest.
    """
    deadline = time.monotonic() + within_s
    before: dict[str, _State] | None = None
    rest_s = _FIRST_REST_S
    while True:
        states = await _look(operator)
        waiting = {name: state.waiting for name, state in states.items() if state.waiting}
        if not waiting and states == before:
            due = [state.next_due for state in states.values() if state.next_due is not None]
            return min(due, default=None)
        if waiting and report is not None:
            report(waiting)
        if time.monotonic() > deadline:
            raise StillWaiting(waiting, within_s)
        before = None if waiting else states
        if waiting:
            await asyncio.sleep(rest_s)
            rest_s = min(rest_s * 1.5, _LONGEST_REST_S)


async def _look(operator: Operator) -> dict[str, _State]:
    states = await asyncio.gather(*(_state(operator, name) for name in operator.services))
    return dict(zip(operator.services, states, strict=True))


async def _state(operator: Operator, service: str) -> _State:
    try:
        found = await operator.get(service, "/ops/backlog")
    except Away:
        return _State(-1, {"no-answer": 1})
    waiting = {what: count for what, count in found["waiting"].items() if count}
    next_due = found["next_due"]
    return _State(found["position"], waiting, next_due and date.fromisoformat(next_due))


async def now(operator: Operator, services: Sequence[str] | None = None) -> dict[str, datetime]:
    """The moment (UTC) of these services, of all without them."""
    clocks = await _clocks(operator, operator.services if services is None else services)
    return _moments(clocks)


def _moments(clocks: Mapping[str, Mapping[str, Any]]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(clock["now"]) for name, clock in clocks.items()}


async def _clocks(operator: Operator, services: Sequence[str]) -> dict[str, dict[str, Any]]:
    answers = await asyncio.gather(*(operator.get(name, "/ops/clock") for name in services))
    return dict(zip(services, answers, strict=True))


def _require_hand_clocks(clocks: Mapping[str, Mapping[str, Any]]) -> None:
    others = [name for name, clock in clocks.items() if clock["kind"] != ClockKind.HAND]
    if others:
        raise OperatorError(
            f"{', '.join(others)}: started with the wall clock, which nobody moves; start it with "
            "`doudi serve --hand-clock` and a fresh DOUDI_DATA_DIR, or with "
            "`doudi stack --hand-clock` and a fresh --folder"
        )


async def advance(
    operator: Operator,
    to: date,
    *,
    within_s: float = WITHIN_S,
    begin: Callable[[date, date], None] | None = None,
    day_done: Callable[[date], None] | None = None,
    report: Report | None = None,
) -> None:
    """Move every service's hand clock to 09:00 in Shanghai of ``to``.

    It stands at each day on the way on which something falls due, and before the first and after
    each of them it waits until everything is drained (``within_s`` seconds a day). An advance
    that was broken off is taken up where it ended: services that stand behind the others are
    moved first, day by day. ``begin`` is told the date it starts from and the last, ``day_done``
    each day that it stood at.

    Raises ``OperatorError`` for a date in the past or a run on the wall clock, ``StillWaiting``.
    """
    clocks = await _clocks(operator, operator.services)
    _require_hand_clocks(clocks)
    moments = _moments(clocks)
    days = [legal_date(moment) for moment in moments.values()]
    first, last = min(days), max(days)
    if to < last:
        raise OperatorError(f"the hand clock stands at {last} and only moves forward: {to} is past")
    if begin is not None:
        begin(first, to)
    due = await drained(operator, within_s=within_s, report=report)
    day = first
    while day < to:
        # A service that stands ahead of others tells only what is due after its own day.
        day = day + timedelta(days=1) if day < last else min(due or to, to)
        moment = instant_of(day)
        behind = [name for name in operator.services if moments[name] < moment]
        body = {"to": moment.isoformat()}
        await asyncio.gather(*(operator.post(name, "/ops/clock", body) for name in behind))
        due = await drained(operator, within_s=within_s, report=report)
        if day_done is not None:
            day_done(day)


def told(waiting: Mapping[str, Mapping[str, int]]) -> str:
    """What waits, in one line: ``decision (relay 3, view-cases 2), payment (agenda 1)``."""
    return ", ".join(
        f"{service} ({', '.join(f'{what} {count}' for what, count in sorted(things.items()))})"
        for service, things in waiting.items()
    )
