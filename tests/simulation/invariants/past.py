"""What was shown at a moment is what is said of that moment for ever after."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from shared.clock import instant_of
from shared.kernel.decider import Stream
from shared.kernel.event import read
from shared.runtime.history import Past, StreamAnswer
from tests.simulation.findings import Invariant, require
from tests.simulation.house import CELL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.simulation.house import Site


class Shown(NamedTuple):
    """A case in one service as it was shown at the end of a day; ``head`` is the log's then."""

    site: Site
    case_id: UUID
    at: datetime
    head: int
    streams: list[StreamAnswer]


def past_of(site: Site) -> Past:
    """The past of a service's cases."""
    ids = partial(Stream.id, cell=CELL, service=site.name)
    return Past(site.definition, site.log, ids, site.clock.today)


def shown(site: Site, cases: Iterable[UUID], day: date) -> list[Shown]:
    """The cases as they are shown now, at the end of the day."""
    at, head, past = instant_of(day), site.log.head(), past_of(site)
    return [Shown(site, one, at, head, past.case_at(one, None, None)[1]) for one in cases]


def moments_are_remembered(seen: Iterable[Shown]) -> None:
    """What was shown is answered of that moment, unless a turn was under way that it then closed.

    Such a turn is stamped with the day that was about to end and committed after it.
    """
    for one in seen:
        later = one.site.log.read_log(one.head, 1)
        if later and read(later[0]).recorded_at <= one.at:
            continue
        _division, streams = past_of(one.site).case_at(one.case_id, one.at, None)
        text = f"{one.site.name}: {one.case_id} at {one.at}: {streams}, was shown as {one.streams}"
        require(streams == one.streams, Invariant.MOMENTS_REMEMBERED, text)


def dates_are_answered(site: Site, cases: Iterable[UUID], days: Iterable[date]) -> None:
    """A case can be put together as in effect on any date, whatever was recorded when."""
    past, days = past_of(site), list(days)
    for case_id in cases:
        whole = {(s.aggregate, s.key): s for s in past.case_at(case_id, None, date.max)[1]}
        for day in days:
            for stream in past.case_at(case_id, None, day)[1]:
                text = f"{site.name}: {stream.key} has more events on {day} than in all"
                fewer = stream.events <= whole[stream.aggregate, stream.key].events
                require(fewer, Invariant.MOMENTS_REMEMBERED, text)
