"""Reactions that change nothing: it has to be so, by the log before them."""

from __future__ import annotations

from dataclasses import replace

from shared.kernel.decider import Refusal
from shared.kernel.states import fold
from shared.kernel.submission import Submission
from tests.simulation.house import CELL, moment_at
from tests.simulation.invariants.history import History


def nothing_at(history: History, submission: Submission) -> int | None:
    """Where in the log a reaction was recorded to change nothing; 0 before the first event.

    ``None`` if it was not, or wrongly.
    """
    site = history.site
    known = site.log.handled([submission.command_id]).get(submission.command_id)
    if known is None or known.events or known.refusal:
        return None
    states = []
    for stream in submission.reads:
        rows = site.log.read_stream(stream.id(CELL, site.name))
        before = [row for row in rows if row.position <= known.position]
        states.append(fold(site.definition.domain, stream.aggregate, before).state)
    now = moment_at(known.recorded_at)
    at = replace(now, date=submission.on or now.date)
    try:
        facts = submission.decide(*states, submission.command, at)
    except Refusal:
        return None
    return None if list(facts) else known.position
