"""What a service is, told once by its ``service.py``: its rooms, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import APIRouter

from shared.bus.arrivals import ArrivalOf, copying, reacting
from shared.calendar import Month
from shared.kernel.decider import Domain, Stream
from shared.kernel.event import Event
from shared.kernel.reactions import React, Reactions
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Contradicted, Submission
from shared.settings import SERVICES
from shared.views.projector import Projection
from shared.web.problems import ProblemType
from shared.web.validation import Rules

if TYPE_CHECKING:
    from shared.runtime.service import Service

Ask = Callable[[AgendaEntry], Awaitable[Submission]]
"""Calls outside for an agenda entry and makes a submission of the answer."""


Chore = Callable[[], Awaitable[int]]
"""A step of a worker beside the common ones; returns how much it did."""


StateOf = Callable[[Stream], Any]
"""What a stream folds to now."""

CaseStreams = Callable[[UUID, StateOf, Month], Iterable[Stream]]
"""Streams that a case can have by a month, where another stream of the case tells which."""


def _no_gateways(_service: Service) -> Mapping[str, Ask]:
    return {}


def _no_chores(_service: Service) -> Mapping[str, Chore]:
    return {}


def _no_streams(_case_id: UUID, _state_of: StateOf, _by: Month) -> Iterable[Stream]:
    return ()


@dataclass(frozen=True)
class Definition:
    """One service.

    ``own`` and ``foreign`` are its reactions to its own log and to other services' topics,
    ``duties`` what it does when an agenda entry of a kind falls due, ``gateways`` whom it asks
    outside for an entry of a kind, ``chores`` further steps of its worker. With ``contradicted``
    it keeps a copy of everyone's events instead of reacting to some (``shared.kernel.copies``);
    it says what follows from one that contradicts its earlier copy. ``further_streams`` are the
    streams of a case beside the one that each aggregate may have for it. ``routers`` are its
    HTTP routes, ``problems`` its own kinds of refusal and ``rules`` the words for its own kinds
    of validation error. ``title`` is Chinese first, English beside.
    """

    domain: Domain
    title: str
    routers: Callable[[Service], Sequence[APIRouter]]
    projections: Sequence[Projection] = ()
    own: Mapping[type[Event], Iterable[React]] = field(default_factory=dict)
    foreign: Mapping[type[Event], Iterable[React]] = field(default_factory=dict)
    duties: Mapping[str, Callable[[AgendaEntry], Submission]] = field(default_factory=dict)
    gateways: Callable[[Service], Mapping[str, Ask]] = _no_gateways
    chores: Callable[[Service], Mapping[str, Chore]] = _no_chores
    contradicted: Contradicted | None = None
    further_streams: CaseStreams = _no_streams
    problems: Sequence[ProblemType] = ()
    rules: Rules | None = None

    @property
    def name(self) -> str:
        """The service's name."""
        return self.domain.service

    def case_streams(self, case_id: UUID, state_of: StateOf, by: Month) -> list[Stream]:
        """Every stream that a case can have here by a month."""
        ones = [Stream.of_case(name, case_id) for name in self.domain.aggregates]
        return [*ones, *self.further_streams(case_id, state_of, by)]

    @property
    def follows(self) -> tuple[str, ...]:
        """The services whose topics it reads, in order."""
        if self.contradicted is not None:
            return tuple(sorted(SERVICES))
        return tuple(sorted(Reactions(self.foreign).services))

    def arrival_of(self) -> ArrivalOf:
        """What its consumer makes of a record."""
        if self.contradicted is not None:
            return copying(self.contradicted)
        return reacting(Reactions(self.foreign))
