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

if TYPE_CHECKING:
    from shared.runtime.service import Service

Ask = Callable[[AgendaEntry], Awaitable[Submission]]
"""Calls outside for an agenda entry and makes a submission of the answer."""


def _no_gateways(_service: Service) -> Mapping[str, Ask]:
    return {}


@dataclass(frozen=True)
class Definition:
    """One service.

    ``own`` and ``foreign`` are its reactions to its own log and to other services' topics,
    ``duties`` what it does when an agenda entry of a kind falls due, ``gateways`` whom it asks
    outside for an entry of a kind. ``routers`` are its HTTP routes. ``title`` is Chinese first,
    English beside.
    """

    domain: Domain
    title: str
    routers: Callable[[Service], Sequence[APIRouter]]
    projections: Sequence[Projection] = ()
    own: Mapping[type[Event], Iterable[React]] = field(default_factory=dict)
    foreign: Mapping[type[Event], Iterable[React]] = field(default_factory=dict)
    duties: Mapping[str, Callable[[AgendaEntry], Submission]] = field(default_factory=dict)
    gateways: Callable[[Service], Mapping[str, Ask]] = _no_gateways

    @property
    def name(self) -> str:
        """The service's name."""
        return self.domain.service
