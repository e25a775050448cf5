"""Given, when, then: a decision as a sentence, over the built-in parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, reduce
from pathlib import Path
from typing import Any

import pytest

from shared.clock import instant_of
from shared.kernel.decider import Aggregate, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.policy import Policy

FIXTURE = Path(__file__).parents[1] / "infra" / "demo" / "policy"
"""Standards and property limits of the worked cases: inputs, not facts."""


@cache
def policy(*folders: Path) -> Policy:
    """The built-in parameters and those of the folders, read once."""
    return Policy.load(folders)


@dataclass(frozen=True)
class Decided:
    """What a decision came to."""

    facts: tuple[Fact, ...] = ()
    refusal: Refusal | None = None

    @property
    def events(self) -> tuple[Any, ...]:
        """The events, which there are only if it was not refused."""
        assert self.refusal is None, f"refused: {self.refusal.code} {self.refusal.facts}"
        return tuple(fact.event for fact in self.facts)

    def then(self, *events: Event) -> None:
        """These events and no other."""
        assert self.events == events

    def refused(self, code: str, **facts: int | str) -> Refusal:
        """Refused with this code and, where given, these facts."""
        if self.refusal is None:
            pytest.fail(f"not refused with {code}: {[type(e).__name__ for e in self.events]}")
        assert self.refusal.code == code
        assert not facts or self.refusal.facts == facts
        return self.refusal


@dataclass(frozen=True)
class Spec:
    """A stream to which ``events`` happened, on a day; ``beside`` are other streams' states.

    ``folders`` hold parameters beside the built-in ones.
    """

    aggregate: Aggregate[Any]
    events: Sequence[Event]
    on: date
    beside: tuple[Any, ...] = ()
    folders: tuple[Path, ...] = ()

    def and_given(self, *events: Event) -> Spec:
        """And this happened as well."""
        return replace(self, events=(*self.events, *events))

    @property
    def state(self) -> Any:
        """The fold of what happened."""
        return reduce(self.aggregate.evolve, self.events, self.aggregate.initial)

    def when(self, decide: Callable[..., Any], command: Any) -> Decided:
        """What the decision on a command comes to."""
        at = Moment(instant_of(self.on), self.on, policy(*self.folders))
        try:
            decision = decide(self.state, *self.beside, command, at)
        except Refusal as refusal:
            return Decided(refusal=refusal)
        return Decided(tuple(f if isinstance(f, Fact) else Fact(f) for f in decision))
