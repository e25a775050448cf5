"""Logs and the commands in them: sound, once, and as the decisions must have been."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared.clock import instant_of
from shared.kernel.decider import Fact, Moment, Refusal
from shared.kernel.event import NO_DIGEST, is_sealed
from shared.kernel.states import evolve
from shared.kernel.submission import Submission
from tests.simulation.findings import Invariant, require
from tests.simulation.house import CELL, moment_at
from tests.simulation.invariants.history import History

if TYPE_CHECKING:
    from tests.simulation.clients import Answer


def logs_are_sound(history: History) -> None:
    """Positions without gaps, versions dense, chains sealed, time never running backwards."""
    name, streams = history.site.name, dict[UUID, tuple[int, bytes]]()
    latest = None
    for expected, (row, document) in enumerate(
        zip(history.rows, history.documents, strict=True), start=1
    ):
        at = f"{name} log {expected}: "
        version, digest = streams.get(row.stream, (0, NO_DIGEST))
        require(row.position == expected, Invariant.LOGS_SOUND, f"{at}is {row.position}")
        require(row.version == version + 1, Invariant.LOGS_SOUND, f"{at}version {row.version}")
        chained = row.previous_digest == digest and is_sealed(row)
        require(chained, Invariant.LOGS_SOUND, f"{at}the chain is broken")
        later = latest is None or document.recorded_at >= latest
        require(later, Invariant.LOGS_SOUND, f"{at}recorded before {latest}")
        streams[row.stream] = row.version, row.digest
        latest = document.recorded_at


def commands_took_effect_once(history: History, answers: Iterable[Answer]) -> None:
    """Each command's events lie together, written at once; as many as were acknowledged."""
    name, places = history.site.name, defaultdict[UUID, list[int]](list)
    for row, document in zip(history.rows, history.documents, strict=True):
        places[document.command_id].append(row.position)
    for command_id, at in places.items():
        together = at[-1] - at[0] == len(at) - 1
        text = f"{name}: command {command_id} wrote events at {at}"
        require(together, Invariant.COMMANDS_ONCE, text)
    for answer in answers:
        at = places.get(answer.item.command_id, [])
        outcome = answer.outcome
        expected = list(range(outcome.position - outcome.events + 1, outcome.position + 1))
        text = f"{name} acknowledged {outcome}; its events are at {at}"
        require(at == expected, Invariant.COMMANDS_ONCE, text)


def answers_are_true(history: History, answers: Iterable[Answer]) -> None:
    """Every client's command, decided anew on the log before it, gives the same again."""
    site = history.site
    domain = site.definition.domain
    pending: dict[int, list[tuple[Submission, Answer]]] = defaultdict(list)
    aggregates: dict[UUID, str] = {}
    for answer in answers:
        item = answer.item
        if isinstance(item, Submission):
            pending[answer.outcome.position - answer.outcome.events].append((item, answer))
            aggregates |= {s.id(CELL, site.name): s.aggregate for s in item.reads}
    states: dict[UUID, Any] = {i: domain.aggregates[a].initial for i, a in aggregates.items()}
    for position in range(len(history.rows) + 1):
        for item, answer in pending.pop(position, ()):
            _decide_anew(history, item, answer, states)
        if position < len(history.rows):
            stream, event = history.rows[position].stream, history.documents[position].data
            if stream in states:
                states[stream] = evolve(domain, aggregates[stream], states[stream], event)
    require(not pending, Invariant.COMMANDS_ONCE, f"{site.name}: answers past the log's end")


def _decide_anew(
    history: History, item: Submission, answer: Answer, states: dict[UUID, Any]
) -> None:
    outcome, site = answer.outcome, history.site
    folded = [states[stream.id(CELL, site.name)] for stream in item.reads]
    first = outcome.position - outcome.events
    written = history.documents[first : outcome.position]
    if written:
        moments = [moment_at(written[0].recorded_at)]
    else:
        days = (answer.answered_on - answer.sent_on).days
        possible = [answer.sent_on + timedelta(days=n) for n in range(days + 1)]
        moments = [moment_at(instant_of(day)) for day in possible]
    decided = [_decision(item, folded, at) for at in moments]
    told = outcome.refusal or [document.data for document in written]
    text = f"{site.name} told {told}; {item.command!r} gives {decided[0]} at {first}"
    require(any(told == d for d in decided), Invariant.COMMANDS_ONCE, text)


def _decision(item: Submission, folded: list[Any], at: Moment) -> Any:
    try:
        facts = item.decide(*folded, item.command, at)
    except Refusal as refusal:
        return Refusal(
            refusal.code,
            facts={k: v if isinstance(v, int) else str(v) for k, v in refusal.facts.items()},
            source=refusal.source,
            status=refusal.status,
        )
    return [fact.event if isinstance(fact, Fact) else fact for fact in facts]
