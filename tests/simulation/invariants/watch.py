"""When which guarantee is looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from shared.bus.witness import verify
from shared.calendar import Month
from shared.kernel.event import read
from tests.simulation.findings import Invariant, require
from tests.simulation.invariants.aids import (
    aids_were_explained,
    aids_were_paid_once,
    funds_are_in_order,
    overdue_was_noted,
)
from tests.simulation.invariants.benefits import cases_ended, what_is_due
from tests.simulation.invariants.care import months_were_contacted_or_missed
from tests.simulation.invariants.cases import applications_stayed_single, publicities_ended
from tests.simulation.invariants.copies import copies_are_sound, copies_are_whole
from tests.simulation.invariants.history import PAGE, History
from tests.simulation.invariants.logs import (
    answers_are_true,
    commands_took_effect_once,
    logs_are_sound,
)
from tests.simulation.invariants.money import (
    money_was_paid_once,
    months_were_listed_as_known,
)
from tests.simulation.invariants.past import (
    Shown,
    dates_are_answered,
    moments_are_remembered,
    shown,
)
from tests.simulation.invariants.topics import (
    effects_came_once,
    foreign_events_took_effect,
    keys_stayed_in_order,
    positions_tell_the_truth,
    topic_is_complete,
)
from tests.simulation.invariants.views import views_are_never_behind, views_are_true

if TYPE_CHECKING:
    from tests.simulation.clients import Answer
    from tests.simulation.households import Household
    from tests.simulation.world import World


class Watch:
    """Looks on while the seed runs, and at everything when it has come to rest."""

    def __init__(self, world: World, households: Mapping[UUID, Household]) -> None:
        self._world = world
        self._households = households
        self._read: list[int] = []
        self._known: dict[str, History] = {}
        self._shown: list[Shown] = []

    def acknowledged(self, answer: Answer) -> None:
        """An answer is true the moment that it is given: its events are in the log, for good."""
        site, outcome = self._world.sites[answer.service], answer.outcome
        first = outcome.position - outcome.events
        rows = site.log.read_log(first, outcome.events)
        complete = len(rows) == outcome.events
        text = f"{site.name} acknowledged {outcome} without its events"
        require(complete, Invariant.COMMANDS_ONCE, text)
        own = all(read(row).command_id == outcome.command_id for row in rows)
        text = f"{site.name} acknowledged {outcome} for another's events"
        require(own, Invariant.COMMANDS_ONCE, text)

    def day_ends(self) -> None:
        """What every service shows of every case, to be asked for again when all is over."""
        for site in self._world.sites.values():
            self._shown += shown(site, self._households, self._world.today)

    def glance(self) -> None:
        """What a reader relies on at every moment, whoever is in the middle of something."""
        histories = self._histories()
        for name, history in histories.items():
            found = verify(history.site.log, self._world.bus, history.site.topic)
            require(not found, Invariant.LOGS_SOUND, f"{name}: log verify finds {found}")
            views_are_never_behind(history)
            positions_tell_the_truth(self._world, history, histories)

    def at_any_time(self, answers: Iterable[Answer]) -> None:
        """What must hold at every moment. Raises ``Finding`` for the first that does not."""
        histories = self._histories()
        by_service: dict[str, list[Answer]] = defaultdict(list)
        for answer in answers:
            by_service[answer.service].append(answer)
        for name, history in histories.items():
            logs_are_sound(history)
            commands_took_effect_once(history, by_service[name])
            answers_are_true(history, by_service[name])
            effects_came_once(history)
            keys_stayed_in_order(self._world, history, histories)
        copies_are_sound(self._world.sites["oversight"])
        applications_stayed_single(histories["intake"])
        what_is_due(self._households, histories, Month.of(self._world.today))
        funds_are_in_order(histories["payment"])
        months_were_listed_as_known(histories["payment"])

    def at_rest(self) -> None:
        """What must hold when nothing is under way any more. Raises ``Finding`` likewise."""
        world, histories = self._world, self._histories()
        for name, history in histories.items():
            topic_is_complete(world, history)
            views_are_true(history)
            foreign_events_took_effect(history, histories)
            parked = history.site.log.parked(None, ("", "", 0), PAGE)
            require(not parked, Invariant.KEYS_IN_ORDER, f"{name}: still parked: {parked}")
        copies_are_whole(world.sites["oversight"], histories)
        moments_are_remembered(self._shown)
        days = sorted({one.at.date() for one in self._shown})
        for site in world.sites.values():
            dates_are_answered(site, self._households, days[:: max(1, len(days) // 5)])
        self._lives_came_out(histories)

    def _lives_came_out(self, histories: dict[str, History]) -> None:
        """What became of people: dates that were kept, and money."""
        world, households = self._world, self._households
        if world.paid_through is None:
            return  # the world got stuck on the way, and is looked at for the reason
        publicities_ended(world, histories["decision"])
        cases_ended(world, histories["decision"])
        months_were_contacted_or_missed(world, histories["care"])
        due = what_is_due(households, histories, world.paid_through)
        money_was_paid_once(world, histories["payment"], due)
        aids_were_paid_once(households, histories)
        aids_were_explained(world, histories)
        overdue_was_noted(world, histories)

    def _histories(self) -> dict[str, History]:
        if self._read != self._heads():
            self._read = self._heads()
            self._known = {name: History.of(site) for name, site in self._world.sites.items()}
        return self._known

    def _heads(self) -> list[int]:
        return [site.log.head() for site in self._world.sites.values()]
