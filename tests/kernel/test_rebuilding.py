"""What operators may want of a view, one after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import reduce
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.kernel import (
    ViewRebuildAbandoned,
    ViewRebuildAccepted,
    ViewRebuildOrdered,
    ViewRebuilt,
)
from shared.kernel.decider import Moment, Refusal
from shared.kernel.event import Event
from shared.kernel.rebuilding import AGGREGATE, Rebuilding, abandon, accept, finish, order
from shared.policy import Policy

FIRST, SECOND = uuid4(), uuid4()
DIGEST = "0a" * 32
AT = Moment(
    datetime(2020, 4, 1, tzinfo=UTC), date(2020, 4, 1), Policy.load((Path("infra/demo/policy"),))
)


def of(rebuild_id: UUID) -> dict[str, Any]:
    return {"view": "cases", "view_version": 1, "rebuild_id": rebuild_id}


def ordered(rebuild_id: UUID = FIRST) -> ViewRebuildOrdered:
    return ViewRebuildOrdered(**of(rebuild_id))


def accepted(rebuild_id: UUID = FIRST) -> ViewRebuildAccepted:
    return ViewRebuildAccepted(**of(rebuild_id), differing=3, digest=DIGEST)


def abandoned(rebuild_id: UUID = FIRST) -> ViewRebuildAbandoned:
    return ViewRebuildAbandoned(**of(rebuild_id))


def rebuilt(rebuild_id: UUID = FIRST) -> ViewRebuilt:
    return ViewRebuilt(**of(rebuild_id), position=9, differing=3, digest=DIGEST)


def after(*events: Event) -> Rebuilding:
    state: Rebuilding = reduce(AGGREGATE.evolve, events, AGGREGATE.initial)
    return state


def test_an_order_stands_until_it_is_done_or_given_up() -> None:
    assert order(after(), ordered(), AT) == [ordered()]
    with pytest.raises(Refusal, match="view-rebuild-under-way"):
        order(after(ordered()), ordered(SECOND), AT)
    for end in (rebuilt(), abandoned()):
        assert order(after(ordered(), end), ordered(SECOND), AT) == [ordered(SECOND)]


def test_what_is_accepted_or_given_up_is_the_rebuild_under_way() -> None:
    assert accept(after(ordered()), accepted(), AT) == [accepted()]
    assert abandon(after(ordered()), abandoned(), AT) == [abandoned()]
    for state in (after(), after(ordered(SECOND)), after(ordered(), rebuilt())):
        with pytest.raises(Refusal, match="view-not-rebuilding"):
            accept(state, accepted(), AT)
        with pytest.raises(Refusal, match="view-not-rebuilding"):
            abandon(state, abandoned(), AT)


def test_an_acceptance_goes_with_its_order() -> None:
    assert after(ordered(), accepted()).accepted == DIGEST
    assert after(ordered(), accepted(), rebuilt(), ordered(SECOND)).accepted is None


def test_a_switch_is_told_also_where_it_was_given_up_at_that_moment() -> None:
    """And ends nothing that was ordered since."""
    assert finish(after(ordered(), abandoned()), rebuilt(), AT) == [rebuilt()]
    state = after(ordered(), abandoned(), ordered(SECOND), rebuilt())
    assert state.rebuild_id == SECOND
