"""What a service is, told once by its ``service.py``: its rooms, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import APIRouter

from shared.kernel.decider import Domain
from shared.kernel.event import Event
from shared.kernel.reactions import React
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Submission
from shared.views.projector import Projection
from shared.web.problems import ProblemType
from shared.web.validation import Rules

if TYPE_CHECKING:
    from shared.runtime.service import Service

Ask = Callable[[AgendaEntry], Awaitable[Submission]]
"""Calls outside for an agenda entry and makes a submission of the answer."""


Chore = Callable[[], Awaitable[int]]
"""A step of a worker beside the common ones; returns how much it did."""


def _no_gateways(_service: Service) -> Mapping[str, Ask]:
    return {}


def _no_chores(_service: Service) -> Mapping[str, Chore]:
    return {}


@dataclass(frozen=True)
class Definition:
    """One service.

    ``own`` and ``foreign`` are its reactions to its own log and to other services' topics,
    ``duties`` what it does when an agenda entry of a kind falls due, ``gateways`` whom it asks
    outside for an entry of a kind, ``chores`` further steps of its worker. ``routers`` are its
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
    problems: Sequence[ProblemType] = ()
    rules: Rules | None = None

    @property
    def name(self) -> str:
        """The service's name."""
        return self.domain.service
