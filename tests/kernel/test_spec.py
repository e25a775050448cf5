"""The given/when/then helper: it passes what is right and explains what is not."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest

from shared.kernel.decider import Fact, Moment
from shared.kernel.event import Event
from shared.kernel.spec import Decider, spec
from shared.policy import Policy
from tests.kernel.domain import (
    DOMAIN,
    TALLY,
    AmountCounted,
    Purse,
    ReviewSet,
    count,
    count_in_both,
    purse,
    record,
)

PURSE, TALLY_OF_ALL = DOMAIN.aggregates["purse"], DOMAIN.aggregates["tally"]


class Count:
    """A command: count an amount."""

    def __init__(self, amount_fen: int) -> None:
        self.amount_fen = amount_fen


def count_command(state: Purse, command: Count, at: Moment) -> list[Event]:
    return count(state, command.amount_fen, at)


counting = Decider(PURSE, {Count: count_command})


def counted(amount_fen: int) -> AmountCounted:
    return AmountCounted(amount_fen=amount_fen)


def test_a_specification_reads_as_a_sentence() -> None:
    (
        spec(counting, region="350121000000", on="2020-05-18")
        .given(counted(100_00), counted(200_00))
        .when(Count(700_00))
        .then(counted(700_00))
    )


def test_a_refusal_is_specified_with_its_facts() -> None:
    refused = spec(counting, on="2020-05-18").given(counted(900_00)).when(Count(200_00))
    refused.refuses("limit-reached")
    refused.refuses("limit-reached", counted_fen=900_00)
    assert refused.refuses("limit-reached").source == "tests, art. 1"


def test_a_beginning_can_be_shared() -> None:
    beginning = spec(counting, on=date(2020, 5, 18)).given(counted(600_00))
    beginning.when(Count(400_00)).then(counted(400_00))
    beginning.given(counted(1)).when(Count(400_00)).refuses("limit-reached")
    assert beginning.state == Purse((600_00,))


def test_a_decision_over_several_streams_reads_them_in_order() -> None:
    def count_up_to_tally(state: Purse, tally: int, _: Any, __: Moment) -> list[Event]:
        return [counted(tally - state.total_fen)]

    (
        spec(PURSE, on="2020-05-18")
        .given(counted(1))
        .beside(TALLY_OF_ALL, counted(3), counted(4))
        .when(None, by=count_up_to_tally)
        .then(counted(6))
    )


def test_the_same_command_may_be_decided_in_several_ways() -> None:
    beginning = spec(counting, on="2020-05-18")
    beginning.when(Count(1), by=record(counted(2))).then(counted(2))


def test_a_decision_of_nothing_is_nothing() -> None:
    spec(counting, on="2020-05-18").when(None, by=record()).then()


def test_what_a_fact_states_is_compared_only_if_it_is_expected() -> None:
    stated = Fact(counted(1), effective_on=date(2020, 4, 1), policy="p-abcdefghijkl")
    decided = spec(PURSE, on="2020-05-18").when(None, by=record(stated))
    decided.then(counted(1))
    decided.then(Fact(counted(1), effective_on=date(2020, 4, 1)))
    with pytest.raises(AssertionError, match=r"(?s)- +effective_on: 2020-05-01.*\+ +effective_on"):
        decided.then(Fact(counted(1), effective_on=date(2020, 5, 1)))


def test_the_region_reaches_what_builds_events() -> None:
    seen: list[str] = []

    def confirmed(region: str) -> Event:
        seen.append(region)
        return counted(5)

    beginning = spec(counting, region="350121000000", on="2020-05-18").given(confirmed)
    assert (beginning.state, seen) == (Purse((5,)), ["350121000000"])


def test_a_decision_knows_its_moment_and_its_parameters() -> None:
    class NoParameters:
        pass

    policy = cast("Policy", NoParameters())
    moments: list[Moment] = []

    def look(_state: Purse, _command: None, at: Moment) -> list[Event]:
        moments.append(at)
        return []

    spec(PURSE, on="2020-05-18", policy=policy).when(None, by=look).then()
    spec(PURSE, on="2020-05-18").when(None, by=look).then()
    assert moments[0].policy is policy
    assert (moments[0].date, moments[0].now.isoformat()) == (
        date(2020, 5, 18),
        "2020-05-18T01:00:00+00:00",
    )
    assert isinstance(moments[1].policy, Policy)


def failing(call: Any) -> str:
    """What a specification that does not hold says."""
    with pytest.raises(AssertionError) as caught:
        call()
    return str(caught.value)


def test_a_difference_shows_the_field() -> None:
    decided = spec(counting, on="2020-05-18").when(Count(700))
    message = failing(lambda: decided.then(counted(701)))
    assert "-     amount_fen = 701" in message
    assert "+     amount_fen = 700" in message


def test_missing_and_unexpected_events_are_shown() -> None:
    decided = spec(counting, on="2020-05-18").when(Count(1))
    assert "- ReviewSet" in failing(
        lambda: decided.then(counted(1), ReviewSet(due_on=date(2020, 6, 1)))
    )
    assert "+ AmountCounted" in failing(decided.then)


def test_events_in_another_order_are_another_decision() -> None:
    decided = spec(PURSE, on="2020-05-18").when(None, by=record(counted(1), counted(2)))
    decided.then(counted(1), counted(2))
    failing(lambda: decided.then(counted(2), counted(1)))


def test_an_unexpected_refusal_is_shown_with_its_facts() -> None:
    decided = spec(counting, on="2020-05-18").when(Count(2_000_00))
    message = failing(lambda: decided.then(counted(2_000_00)))
    assert "limit-reached(counted_fen=0, allowed_fen=100000)" in message
    assert "limit-reached" in failing(lambda: decided.events)
    failing(decided.then)


def test_a_refusal_that_did_not_come_shows_what_came() -> None:
    decided = spec(counting, on="2020-05-18").when(Count(1))
    assert "amount_fen = 1" in failing(lambda: decided.refuses("limit-reached"))


def test_another_refusal_or_another_fact_is_shown() -> None:
    decided = spec(counting, on="2020-05-18").when(Count(2_000_00))
    assert "but it was limit-reached" in failing(lambda: decided.refuses("other"))
    message = failing(lambda: decided.refuses("limit-reached", counted_fen=7))
    assert "counted_fen=7" in message
    assert "counted_fen=0" in message


def test_an_event_for_a_stream_that_is_not_read_fails_as_it_would_in_the_kernel() -> None:
    beginning = spec(PURSE, on="2020-05-18")
    message = failing(lambda: beginning.when(5, by=record(Fact(counted(1), TALLY))))
    assert "goes to tally, which the decision never read" in message
    beginning.beside(TALLY_OF_ALL).when(5, by=count_in_both).then(
        counted(5), Fact(counted(5), TALLY)
    )


def test_an_event_that_evolve_cannot_take_fails() -> None:
    class Strict(Event, service="tests", name="strict-set"):
        pass

    def evolve(state: int, event: Event) -> int:
        if isinstance(event, Strict):
            raise TypeError("evolve does not know it")
        return state

    strict = type(PURSE)("strict", 0, evolve)
    with pytest.raises(TypeError, match="does not know it"):
        spec(strict, on="2020-05-18").when(None, by=record(Strict()))


def test_an_event_that_does_not_survive_being_written_fails() -> None:
    class Forgetful(Event, service="tests", name="forgetful-set"):
        amount_fen: int | None = 7

    forgetful = Forgetful(amount_fen=None)
    assert "is read back as" in failing(
        lambda: spec(PURSE, on="2020-05-18").when(None, by=record(forgetful))
    )


def test_a_command_that_nothing_decides_is_named() -> None:
    with pytest.raises(LookupError, match="nothing decides str"):
        spec(counting, on="2020-05-18").when("count")


def test_a_stream_beside_may_be_of_the_same_aggregate() -> None:
    def move_over(one: Purse, other: Purse, _command: None, _at: Moment) -> list[Event | Fact]:
        return [counted(other.total_fen - one.total_fen), Fact(counted(1), purse("b"))]

    (
        spec(PURSE, on="2020-05-18")
        .given(counted(2))
        .beside(PURSE, counted(9))
        .when(None, by=move_over)
        .then(counted(7), Fact(counted(1), purse("b")))
    )
