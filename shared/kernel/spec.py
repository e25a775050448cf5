"""Given, when, then: a decision's specification, to be read as the regulation's sentence.

::

    spec(determination, region=FUJIAN, on="2020-05-18")
        .given(case_confirmed(persons=4, amount_fen=200_00))
        .when(ReportChange(wages_fen=3_300_00))
        .then(PhaseOutStarted(first_month="2020-06", last_month="2021-05", amount_fen=200_00))

It holds what it is given to what the kernel does with it later: every event survives being
written and read, is folded by ``evolve``, and goes to a stream that the decision reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import ndiff
from functools import cache, reduce
from typing import TYPE_CHECKING, Any, NoReturn

from shared.clock import instant_of
from shared.kernel.decider import Aggregate, Decide, Fact, Moment, Refusal
from shared.kernel.event import Event

if TYPE_CHECKING:
    from shared.policy import Policy

Build = Callable[[str], Event]
"""Makes an event for the spec's region."""


@dataclass(frozen=True)
class Decider:
    """An aggregate with the functions that decide, by the class of their command."""

    aggregate: Aggregate[Any]
    decides: Mapping[type[Any], Decide] = field(default_factory=dict)


def spec(
    subject: Decider | Aggregate[Any],
    *,
    on: date | str,
    region: str = "",
    policy: Policy | None = None,
) -> Given:
    """Begin a specification of what is decided about one stream of an aggregate.

    ``on`` is the legal date of the decision (ISO 8601 if text), at nine o'clock in Shanghai.
    ``region`` is handed to event builders in ``given``. ``policy`` are the dated parameters,
    those built in unless given.
    """
    decider = subject if isinstance(subject, Decider) else Decider(subject)
    day = date.fromisoformat(on) if isinstance(on, str) else on
    moment = Moment(instant_of(day), day, policy or _built_in())
    return Given(decider, moment, region, (_History(decider.aggregate),))


@dataclass(frozen=True)
class _History:
    """A stream as the decision will read it."""

    aggregate: Aggregate[Any]
    events: tuple[Event, ...] = ()

    @property
    def state(self) -> Any:
        return reduce(self.aggregate.evolve, self.events, self.aggregate.initial)

    def and_then(self, *events: Event) -> _History:
        return replace(self, events=(*self.events, *map(_written_and_read, events)))


@dataclass(frozen=True)
class Given:
    """What happened before. Every method gives a new one, so that a beginning can be shared."""

    decider: Decider
    moment: Moment
    region: str
    histories: tuple[_History, ...]

    def given(self, *events: Event | Build) -> Given:
        """This happened in the stream, in this order, after what was given already."""
        own = self.histories[0].and_then(*self._built(events))
        return replace(self, histories=(own, *self.histories[1:]))

    def beside(self, aggregate: Aggregate[Any], *events: Event | Build) -> Given:
        """This happened in the next of the other streams that the decision reads."""
        other = _History(aggregate).and_then(*self._built(events))
        return replace(self, histories=(*self.histories, other))

    def when(self, command: Any, by: Decide | None = None) -> Decided:
        """The command arrives. ``by`` decides; it may be left out if the decider knows it."""
        decide = by or self.decider.decides.get(type(command))
        if decide is None:
            raise LookupError(f"nothing decides {type(command).__name__}: name it with by=")
        states = [history.state for history in self.histories]
        try:
            facts = list(decide(*states, command, self.moment))
        except Refusal as refusal:
            return Decided(refusal=refusal)
        decided = tuple(f if isinstance(f, Fact) else Fact(f) for f in facts)
        self._hold_to_the_kernel(decided)
        return Decided(decided)

    @property
    def state(self) -> Any:
        """The stream's state after what was given."""
        return self.histories[0].state

    def _built(self, events: tuple[Event | Build, ...]) -> list[Event]:
        return [e if isinstance(e, Event) else e(self.region) for e in events]

    def _hold_to_the_kernel(self, facts: tuple[Fact, ...]) -> None:
        histories = {h.aggregate.name: h for h in reversed(self.histories)}
        for fact in facts:
            name = self.decider.aggregate.name if fact.stream is None else fact.stream.aggregate
            if name not in histories:
                _fail(f"{type(fact.event).__name__} goes to {name}, which the decision never read")
            histories[name] = histories[name].and_then(fact.event)
        for history in histories.values():
            _ = history.state


@dataclass(frozen=True)
class Decided:
    """What came of a command: facts, or a refusal."""

    facts: tuple[Fact, ...] = ()
    refusal: Refusal | None = None

    @property
    def events(self) -> tuple[Any, ...]:
        """The events; fails where the command was refused."""
        if self.refusal is not None:
            _fail(f"the command was refused: {_told(self.refusal)}")
        return tuple(fact.event for fact in self.facts)

    def then(self, *expected: Event | Fact) -> Decided:
        """These events and no others, in this order.

        Where a ``Fact`` is expected, what it states of stream, date and policy counts too.
        """
        wanted = [e if isinstance(e, Fact) else Fact(e) for e in expected]
        # What an expectation leaves open is not compared.
        seen = [
            _stating(fact, like=wanted[n] if n < len(wanted) else fact)
            for n, fact in enumerate(self.facts)
        ]
        if self.refusal is not None or seen != wanted:
            came = [_told(self.refusal)] if self.refusal is not None else _lines(seen)
            difference = "\n".join(line.rstrip() for line in ndiff(_lines(wanted), came))
            _fail(f"expected (-) and decided (+) differ:\n{difference}")
        return self

    def refuses(self, code: str, **facts: int | str) -> Refusal:
        """Refused with this code and, as far as they are named, these facts."""
        if self.refusal is None:
            came = "\n".join(_lines(self.facts)) or "no events"
            _fail(f"expected the refusal {code}, but it was decided:\n{came}")
        seen = {name: self.refusal.facts.get(name) for name in facts}
        if self.refusal.code != code or seen != facts:
            wanted = Refusal(code, facts=facts)
            _fail(f"expected the refusal {_told(wanted)}\nbut it was {_told(self.refusal)}")
        return self.refusal


def _stating(fact: Fact, *, like: Fact) -> Fact:
    return Fact(
        fact.event,
        fact.stream if like.stream is not None else None,
        fact.effective_on if like.effective_on is not None else None,
        fact.policy if like.policy is not None else None,
    )


def _lines(facts: list[Fact] | tuple[Fact, ...]) -> list[str]:
    lines = []
    for fact in facts:
        lines.append(type(fact.event).__name__)
        lines += [f"    {name} = {value!r}" for name, value in fact.event]
        for name in ("stream", "effective_on", "policy"):
            if getattr(fact, name) is not None:
                lines.append(f"  {name}: {getattr(fact, name)}")
    return lines


def _told(refusal: Refusal) -> str:
    facts = ", ".join(f"{name}={value!r}" for name, value in refusal.facts.items())
    return f"{refusal.code}({facts})"


def _written_and_read(event: Event) -> Event:
    again = type(event).model_validate_json(event.model_dump_json(exclude_none=True))
    if again != event:
        _fail(f"{event!r}\nis read back as\n{again!r}")
    return again


def _fail(message: str) -> NoReturn:
    raise AssertionError(message)


@cache
def _built_in() -> Policy:
    from shared.policy import Policy

    return Policy.load()
