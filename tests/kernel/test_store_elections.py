"""Elected tasks where several processes may stand for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.kernel.store import Election, Store
from tests.kernel.breaking import end_backends_holding_locks
from tests.kernel.conftest import Database, open_database
from tests.waiting import eventually


@pytest.fixture(params=["memory", "postgres"])
def shared_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    opened = open_database(request.param, request)
    yield opened
    opened.close()


@pytest.fixture
def candidates(shared_database: Database) -> Iterator[tuple[Election, Election]]:
    elections = tuple(shared_database.store().election("relay") for _ in range(2))
    yield elections  # type: ignore[misc] # two of them
    for election in elections:
        election.release()


def test_one_of_two_instances_holds_a_task(candidates: tuple[Election, Election]) -> None:
    one, other = candidates
    assert one.held()
    assert not other.held()
    assert one.held()


def test_a_task_given_up_goes_to_who_asks_next(candidates: tuple[Election, Election]) -> None:
    one, other = candidates
    one.held()
    one.release()
    assert eventually(other.held)
    assert not one.held()


def test_giving_up_what_one_never_held_takes_it_from_nobody(
    candidates: tuple[Election, Election],
) -> None:
    one, other = candidates
    one.held()
    assert not other.held()
    other.release()
    assert not other.held()
    assert one.held()


def test_tasks_are_elected_apart(shared_database: Database) -> None:
    relay = shared_database.store().election("relay")
    view = shared_database.store().election("view:cases")
    assert relay.held()
    assert view.held()
    relay.release()
    view.release()


@pytest.fixture
def stores(postgres: Database) -> tuple[Store, Store]:
    return postgres.store(), postgres.store()


def test_a_lock_that_died_with_its_connection_is_not_claimed_any_more(
    stores: tuple[Store, Store], postgres_url: str
) -> None:
    first, second = (store.election("relay") for store in stores)
    assert first.held()
    end_backends_holding_locks(postgres_url)
    assert second.held()
    assert not first.held()
    assert not first.held()
    second.release()
    assert eventually(first.held)
    first.release()


def test_a_lost_lock_that_nobody_took_is_won_again(
    stores: tuple[Store, Store], postgres_url: str
) -> None:
    first, second = (store.election("relay") for store in stores)
    assert first.held()
    end_backends_holding_locks(postgres_url)
    first.held()
    assert first.held()
    assert not second.held()
    first.release()
    second.release()
