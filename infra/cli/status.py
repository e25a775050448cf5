"""``doudi status``: what every service does and what waits in it, on one screen.

It shows what ``/metrics`` tells Prometheus, asked of each service's API as an operator.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from prometheus_client.parser import text_string_to_metric_families
from rich.console import Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from infra.clockwork import now
from infra.operators import Away, Operator
from shared.clock import SHANGHAI

_KEPT_S: Final = 60.0
"""Over how much of what was watched a speed is told."""

_INSIDE: Final = {
    "own-log": "events of the own log that lead to something",
    "agenda": "agenda entries due by today",
}
"""What waits that only an operator asks for."""

Samples = Mapping[str, Mapping[tuple[str, ...], float]]
"""Values by metric, and by the values of its labels in the order of their names."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at one service: what ``/ops/status`` says, the clock there, and its metrics."""

    at: float
    state: Mapping[str, Any]
    clock: str
    samples: Samples

    def value(self, name: str) -> int | None:
        """A metric without labels, or ``None`` if it is not told now."""
        found = self.samples.get(name, {}).get(())
        return None if found is None else int(found)

    def labelled(self, name: str) -> Mapping[tuple[str, ...], float]:
        """A metric's values by its labels."""
        return self.samples.get(name, {})


Look = Mapping[str, Seen | Away]
"""A look at every service: what was seen, or why nothing was."""


async def look(operator: Operator, services: tuple[str, ...]) -> dict[str, Seen | Away]:
    """Look at the services, all at once. Raises ``OperatorError`` but for those that are away."""
    found = await asyncio.gather(*(_look_at(operator, service) for service in services))
    return dict(zip(services, found, strict=True))


async def _look_at(operator: Operator, service: str) -> Seen | Away:
    try:
        state: dict[str, Any] = await operator.get(service, "/ops/status")
        moment = (await now(operator, [service]))[service]
        text = await operator.text(service, "/metrics")
    except Away as error:
        return error
    clock = f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return Seen(time.monotonic(), state, clock, samples_of(text))


def samples_of(text: str) -> Samples:
    """The samples of Prometheus's text format."""
    found: defaultdict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(sample.labels[name] for name in sorted(sample.labels))
            found[sample.name][labels] = sample.value
    return found


def is_well(found: Look) -> bool:
    """Whether every service answers and can work."""
    return all(isinstance(one, Seen) and not one.state["trouble"] for one in found.values())


def screen(found: Look, before: Look | None = None) -> RenderableType:
    """The look as one screen; with one taken before it, how fast logs grew since."""
    known = {name: one for name, one in found.items() if isinstance(one, Seen)}
    parts: list[RenderableType] = []
    if known:
        parts += [_services(known, before or {}), _commands(known)]
        if behind := list(_behind(known)):
            parts.append(_table("What is behind", ("service", "what", "how much"), behind))
        engines = {
            tuple(one.state[part] for part in ("store", "bus", "views")) for one in known.values()
        }
        parts.append(Text("Engines: " + "; ".join(", ".join(three) for three in sorted(engines))))
    return Group(*parts)


def away(found: Look) -> Iterator[str]:
    """Why services could not be looked at: a line each reason."""
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for name, one in found.items():
        if isinstance(one, Away):
            reasons[str(one)].append(name)
    for sentence, names in reasons.items():
        yield f"{', '.join(names)}: {sentence}"


async def watch(operator: Operator, services: tuple[str, ...], live: Live, every_s: float) -> None:
    """Show one look after the other until somebody ends us."""
    looks: list[tuple[float, Look]] = []
    while True:
        found = await look(operator, services)
        at = time.monotonic()
        looks = [(then, one) for then, one in looks if at - then < _KEPT_S]
        lines = [Text(line, style="red") for line in away(found)]
        live.update(Group(screen(found, looks[0][1] if looks else None), *lines), refresh=True)
        looks.append((at, found))
        await asyncio.sleep(every_s)


def _services(known: Mapping[str, Seen], before: Look) -> Table:
    columns = ("service", "clock (Shanghai)", "commands", "position", "events/s", "queued")
    waits = ("relay", "consumer", "views", "overdue", "parked")
    rows = [
        (
            name,
            one.clock,
            _taking(one.state),
            one.state["position"],
            _speed(one, before.get(name)),
            one.state["queued"],
            *(_waits(one, what) for what in waits),
        )
        for name, one in known.items()
    ]
    return _table("Services", (*columns, *waits), rows)


def _taking(state: Mapping[str, Any]) -> str:
    """Whether a service takes commands, and what its ``/readyz`` complains of."""
    taken = "taken" if state["taking_commands"] else "REFUSED"
    return f"{taken} ({state['trouble']})" if state["trouble"] else taken


def _speed(one: Seen, before: Seen | Away | None) -> str:
    if not isinstance(before, Seen):
        return "-"
    return f"{(one.state['position'] - before.state['position']) / (one.at - before.at):.1f}"


def _waits(one: Seen, what: str) -> str:
    if not one.value("doudi_look_succeeded"):
        return "?"
    if what == "parked":
        records, keys = one.value("doudi_parked_records"), one.value("doudi_parked_keys")
        return f"{records} of {keys} cases" if records else "-"
    if what == "relay":
        return str(one.value("doudi_relay_lag_events") or "-")
    name = {
        "consumer": "doudi_consumer_lag_records",
        "views": "doudi_view_lag_events",
        "overdue": "doudi_overdue_duties",
    }[what]
    return str(int(sum(one.labelled(name).values())) or "-")


def _commands(known: Mapping[str, Seen]) -> Table:
    outcomes = ("recorded", "empty", "refused", "repeated", "failed")
    rows = [
        (
            name,
            *(int(one.labelled("doudi_commands_total").get((o,), 0)) for o in outcomes),
            _mean(one, "doudi_turn_items", 1.0),
            _mean(one, "doudi_commit_seconds", 1000.0),
            _refusals(one),
        )
        for name, one in known.items()
    ]
    columns = ("service", *outcomes, "a turn", "commit ms", "refused most")
    return _table("Commands of these processes since their start", columns, rows)


def _mean(one: Seen, histogram: str, times: float) -> str:
    count = one.labelled(f"{histogram}_count").get((), 0.0)
    total = one.labelled(f"{histogram}_sum").get((), 0.0)
    return f"{total / count * times:.1f}" if count else "-"


def _refusals(one: Seen) -> str:
    found = one.labelled("doudi_refusals_total").items()
    most = sorted(found, key=lambda refusal: -refusal[1])[:2]
    return ", ".join(f"{code} {int(count)}" for (code,), count in most) or "-"


def _behind(known: Mapping[str, Seen]) -> Iterator[tuple[str, str, int]]:
    for name, one in known.items():
        # Labels come in the order of their names: partition before source.
        for (partition, source), lag in one.labelled("doudi_consumer_lag_records").items():
            if lag:
                yield name, f"records of {source}, partition {partition}", int(lag)
        for (view,), lag in one.labelled("doudi_view_lag_events").items():
            if lag:
                yield name, f"events for view {view}", int(lag)
        for (kind,), count in one.labelled("doudi_overdue_duties").items():
            if count:
                yield name, f"overdue: {kind}", int(count)
        for what, count in one.state["waiting"].items():
            if count and what in _INSIDE:
                yield name, _INSIDE[what], count


def _table(title: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for index, column in enumerate(columns):
        text = any(isinstance(row[index], str) and row[index][:1].isalpha() for row in rows)
        table.add_column(column, justify="left" if text else "right", overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    return table
