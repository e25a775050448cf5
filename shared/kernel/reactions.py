"""What events make a service do next, from its own log and from other services' topics.

``Reactions`` turns a record into an arrival: the commands it leads to, or why it can have no
effect. The kernel's follower reads the service's own log, the bus's consumer the others'.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shared.contracts.kernel import ParkReason
from shared.kernel.event import Document, Event, InvalidEvent, decode, read_as
from shared.kernel.submission import Arrival, Place, Submission
from shared.kernel.traced import traced

log = logging.getLogger(__name__)

React = Callable[[Document[Any]], Iterable[Submission]]

_SUBJECT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Reactions:
    """A service's reactions, by the class of the event they react to.

    A reaction is a pure function from an event's document to submissions, made with
    ``shared.kernel.submission.reaction``. Several may react to one event, in their order.
    """

    def __init__(self, reacting: Mapping[type[Event], Iterable[React]]) -> None:
        self._by_type = {
            event_type: tuple(reacts)
            for event, reacts in reacting.items()
            for event_type in read_as(event)
        }
        self._names = {_unversioned(event_type) for event_type in self._by_type}

    def __contains__(self, event_type: str) -> bool:
        """Whether anything reacts to events of the type."""
        return event_type in self._by_type

    @property
    def services(self) -> set[str]:
        """The services whose events are reacted to, by name."""
        return {event_type.split(".")[1] for event_type in self._by_type}

    def arrival(
        self, key: str | None, event_type: str | None, body: bytes, place: Place
    ) -> Arrival | None:
        """What a record leads to; ``None`` where nothing reacts to it.

        ``event_type`` is the record's header, which spares parsing; without one the document is
        asked. A key that is no subject (a UUID as the house writes it) counts as none: it may be
        anything, too long for a database's index or a number that nobody may list. Only what
        can never be applied comes back unreadable: no event at all, a version of a known event
        that this code does not know, a document that breaks its contract, a reaction that fails.
        """
        if key is not None and _SUBJECT.fullmatch(key) is None:
            key = None
        name = key or f"{place.topic_id}/{place.partition}/{place.offset}"
        stated = event_type or _stated_type(body)
        if stated is None:
            return Arrival(name, place, body, unreadable=ParkReason.NO_EVENT)
        if stated not in self._by_type:
            if _unversioned(stated) in self._names:
                return Arrival(name, place, body, unreadable=ParkReason.UNKNOWN_VERSION)
            return None
        if key is None:
            return Arrival(name, place, body, unreadable=ParkReason.NO_EVENT)
        try:
            document = decode(stated, body)
        except InvalidEvent:
            return Arrival(name, place, body, unreadable=ParkReason.INVALID_EVENT)
        try:
            submissions = tuple(s for react in self._by_type[stated] for s in react(document))
        except Exception:
            log.exception(
                "a reaction to %s failed; its record is parked",
                stated,
                extra=traced(document.id, document.traceparent),
            )
            return Arrival(name, place, body, unreadable=ParkReason.REACTION_FAILED)
        return Arrival(name, place, body, submissions) if submissions else None


def _unversioned(event_type: str) -> str:
    return event_type.rpartition(".v")[0]


def _stated_type(body: bytes) -> str | None:
    """The type that a document without headers states, if it is one."""
    try:
        stated = json.loads(body)
    except (ValueError, RecursionError):  # the latter for garbage that nests without end
        return None
    found = stated.get("type") if isinstance(stated, dict) else None
    return found if isinstance(found, str) else None
