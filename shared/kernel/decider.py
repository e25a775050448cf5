"""Deciders: state, ``evolve`` and ``decide`` as plain functions.

Domain code is pure. A decision gets the states it reads, the command and the moment, and
returns facts or raises a refusal. It knows no store, no clock and no bus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID, uuid5

from shared.kernel.event import Document, Event
from shared.kernel.store import AgendaChange

if TYPE_CHECKING:
    from shared.policy import Policy

S = TypeVar("S")

HOUSE = UUID("6f1a1a2e-5a0e-5c0b-9f0e-d0d1d0d1d0d1")
"""The namespace of every stream id."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a decision is made and under which rules.

    ``now`` is the instant of recording (UTC). ``date`` is the legal date in Asia/Shanghai from
    which the decision counts: today for an official's command, the source event's date for what
    follows from an event, the due date for a duty. ``policy`` holds the dated parameters.
    """

    now: datetime
    date: date
    policy: Policy


@dataclass(frozen=True, slots=True)
class Stream:
    """The name of one aggregate's stream.

    ``case_id`` is the case it belongs to; a stream without a case is its own subject.
    """

    aggregate: str
    key: str
    case_id: UUID | None = None

    @classmethod
    def of_case(cls, aggregate: str, case_id: UUID) -> Stream:
        """The one stream that an aggregate has per case."""
        return cls(aggregate, str(case_id), case_id)

    def id(self, cell: str, service: str) -> UUID:
        """The stream's id: uuid5 of cell, service, aggregate and key."""
        return _stream_id(cell, service, self.aggregate, self.key)


@lru_cache(maxsize=8192)
def _stream_id(cell: str, service: str, aggregate: str, key: str) -> UUID:
    # A turn asks for each of its streams' ids twice or more: when it looks, and when it decides.
    return uuid5(HOUSE, f"{cell}/{service}/{aggregate}/{key}")


@dataclass(frozen=True, slots=True)
class Fact:
    """An event together with where and from when it counts, where that is not the default.

    ``stream`` defaults to the command's first stream, ``effective_on`` to the moment's date.
    ``policy`` is the version of the parameters that a rule used, if one did.
    """

    event: Event
    stream: Stream | None = None
    effective_on: date | None = None
    policy: str | None = None


Decision = Sequence[Event | Fact]
Decide = Callable[..., Decision]
"""``decide(*states, command, at)``: one state per stream that the command reads, in its order."""


@dataclass(frozen=True)
class Aggregate(Generic[S]):
    """The fold of one kind of stream: its name, the state before any event, and ``evolve``."""

    name: str
    initial: S
    evolve: Callable[[S, Any], S]


class Refusal(Exception):
    """A command that the rules, or the state of the case, do not allow.

    ``code`` is stable and becomes the problem's type. ``facts`` say what was seen and what is
    allowed (codes, dates, numbers; never personal). ``source`` is document and article of the
    rule, where a regulation stands behind it. ``status`` is the HTTP status it answers with.
    """

    def __init__(
        self,
        code: str,
        *,
        facts: Mapping[str, int | str] | None = None,
        source: str = "",
        status: int = 409,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, int | str] = dict(facts or {})
        self.source = source
        self.status = status

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refusal) and vars(self) == vars(other)

    __hash__ = Exception.__hash__


def _nothing(_document: Document[Any]) -> Iterable[AgendaChange]:
    return ()


@dataclass(frozen=True)
class Domain:
    """What a service tells the kernel of itself: its name, its aggregates, and its agenda.

    ``agenda`` says, purely, what an event puts on the service's agenda or takes off it.
    """

    service: str
    aggregates: Mapping[str, Aggregate[Any]]
    agenda: Callable[[Document[Any]], Iterable[AgendaChange]] = _nothing
