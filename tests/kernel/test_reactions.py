"""What events make a service do next: reading records, and following its own log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.kernel import ParkReason
from shared.kernel.event import Document, Event, decode, read
from shared.kernel.follower import OWN_LOG, STREAMS_A_TURN, Follower
from shared.kernel.reactions import Reactions
from shared.kernel.store import Store
from shared.kernel.submission import SYSTEM_ACTOR, SYSTEM_ROLE, Submission, reaction
from shared.kernel.writer import Writer
from tests.kernel.conftest import Database
from tests.kernel.domain import (
    COUNTY,
    TALLY,
    AmountCounted,
    EnquiryOpened,
    ReviewSet,
    fail,
    purse,
    record,
    stream_id,
    submission,
)
from tests.kernel.running import amounts, assert_record_is_whole, outcome, place, run, types


def tally(document: Document[Any]) -> Iterable[Submission]:
    """Counts in the tally over all what was counted in a purse, and nothing else."""
    if document.stream != stream_id(TALLY):
        yield reaction(
            "tally",
            document,
            (TALLY,),
            record(AmountCounted(amount_fen=document.data.amount_fen)),
            None,
        )


REACTIONS = Reactions({AmountCounted: [tally]})
CASE = "0f9619ff-8b86-d011-b42d-00c04fc964ff"


@pytest.fixture
def event_bytes(database: Database) -> bytes:
    """The document of one counted amount."""
    store = database.store()
    outcome(database.writer(store), submission("a", 7))
    return store.read_log(0, 1)[0].document


def test_a_record_leads_to_the_commands_of_every_reaction(event_bytes: bytes) -> None:
    def twice(document: Document[Any]) -> Iterable[Submission]:
        for name in ("x", "y"):
            yield reaction("twice", document, (purse(name),), record(), None)

    reactions = Reactions({AmountCounted: [tally, twice]})
    found = reactions.arrival(CASE, AmountCounted.type, event_bytes, place(0))
    assert found is not None
    assert (found.key, found.body, found.unreadable) == (CASE, event_bytes, None)
    assert [s.reads[0].key for s in found.submissions] == ["all", "x", "y"]
    assert len({s.command_id for s in found.submissions}) == 3


def test_a_reaction_is_dated_and_caused_by_its_event(event_bytes: bytes) -> None:
    document = decode(AmountCounted.type, event_bytes)
    found = REACTIONS.arrival(CASE, None, event_bytes, place(0))
    assert found is not None
    (made,) = found.submissions
    assert (made.on, made.causation_id) == (document.effective_on, document.id)
    assert (made.actor, made.role, made.region) == (SYSTEM_ACTOR, SYSTEM_ROLE, COUNTY)
    again = REACTIONS.arrival(CASE, AmountCounted.type, event_bytes, place(9, partition=4))
    assert again is not None
    assert again.submissions[0].command_id == made.command_id


@pytest.mark.parametrize("header", [True, False])
def test_what_nothing_reacts_to_is_skipped(event_bytes: bytes, header: bool) -> None:
    reactions = Reactions({ReviewSet: [tally]})
    stated = AmountCounted.type if header else None
    assert reactions.arrival(CASE, stated, event_bytes, place(0)) is None
    assert REACTIONS.arrival(CASE, "com.example.else.v1", b"whatever", place(0)) is None


def test_a_reaction_that_asks_for_nothing_is_skipped(event_bytes: bytes) -> None:
    reactions = Reactions({AmountCounted: [lambda _document: ()]})
    assert reactions.arrival(CASE, AmountCounted.type, event_bytes, place(0)) is None


@pytest.mark.parametrize(
    ("stated", "body", "reason"),
    [
        (None, b"\xff\x00 garbage", ParkReason.NO_EVENT),
        (None, b'{"no": "type"}', ParkReason.NO_EVENT),
        (None, b'{"type": 7}', ParkReason.NO_EVENT),
        (None, b"[" * 200_000, ParkReason.NO_EVENT),
        (None, b'["a list"]', ParkReason.NO_EVENT),
        (AmountCounted.type, b"garbage", ParkReason.INVALID_EVENT),
        (AmountCounted.type, b"[" * 200_000, ParkReason.INVALID_EVENT),
        (AmountCounted.type, b'{"specversion": "1.0"}', ParkReason.INVALID_EVENT),
        ("doudi.tests.amount-counted.v2", b"{}", ParkReason.UNKNOWN_VERSION),
        (None, b'{"type": "doudi.tests.amount-counted.v2"}', ParkReason.UNKNOWN_VERSION),
    ],
)  # fmt: skip
def test_what_can_never_be_applied_says_why(
    stated: str | None, body: bytes, reason: ParkReason
) -> None:
    found = REACTIONS.arrival(CASE, stated, body, place(3))
    assert found is not None
    assert (found.key, found.unreadable, found.submissions) == (CASE, reason, ())


def test_a_document_filed_under_another_type_is_no_event_of_it(event_bytes: bytes) -> None:
    reactions = Reactions({EnquiryOpened: [tally]})
    found = reactions.arrival(CASE, EnquiryOpened.type, event_bytes, place(0))
    assert found is not None
    assert found.unreadable is ParkReason.INVALID_EVENT


def test_a_reaction_that_raises_parks_its_record(event_bytes: bytes) -> None:
    reactions = Reactions({AmountCounted: [tally, fail]})
    found = reactions.arrival(CASE, AmountCounted.type, event_bytes, place(0))
    assert found is not None
    assert (found.unreadable, found.submissions) == (ParkReason.REACTION_FAILED, ())


def test_a_record_without_a_key_is_filed_by_its_coordinates(event_bytes: bytes) -> None:
    places = [place(4), place(5)]
    found = [REACTIONS.arrival(None, None, b"garbage", p) for p in places]
    assert [a.key for a in found if a] == [f"{p.topic_id}/0/{p.offset}" for p in places]
    keyless = REACTIONS.arrival(None, AmountCounted.type, event_bytes, place(4))
    assert keyless is not None
    assert keyless.unreadable is ParkReason.NO_EVENT


def follow(follower: Follower, writer: Writer) -> None:
    """Step until the whole log has been got past."""
    for _ in range(100):
        follower.step()
        writer.step()
        if follower.idle:
            return
    pytest.fail("the follower does not come to an end")


def test_a_follower_applies_each_event_of_its_own_log_once(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(writer, *(submission("a", n) for n in (1, 2, 3)))
    follow(Follower(store, writer, REACTIONS, limit=2), writer)
    run(writer, submission("b", 4))
    follow(Follower(store, writer, REACTIONS), writer)
    assert amounts(store, TALLY) == [1, 2, 3, 4]
    assert_record_is_whole(store)


def test_two_followers_of_one_log_apply_each_event_once(database: Database) -> None:
    stores = [database.store() for _ in range(2)]
    writers = [database.writer(store) for store in stores]
    followers = [Follower(*pair, REACTIONS, limit=2) for pair in zip(stores, writers, strict=True)]
    for n in range(1, 7):
        outcome(writers[n % 2], submission("a", n))
        for follower in followers:
            follower.step()
        for writer in writers:
            writer.step()
    for follower, writer in zip(followers, writers, strict=True):
        follow(follower, writer)
    assert amounts(stores[0], TALLY) == [1, 2, 3, 4, 5, 6]
    assert_record_is_whole(stores[0])


def test_a_follower_passes_over_what_nothing_reacts_to(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(writer, *(submission("a", decide=record(EnquiryOpened(number=n))) for n in range(5)))
    follower = Follower(store, writer, REACTIONS, limit=2)
    assert not follower.idle
    assert [follower.step() for _ in range(4)] == [2, 2, 1, 0]
    assert follower.idle
    assert store.positions(OWN_LOG) == []
    run(writer, submission("a", 7))
    follow(follower, writer)
    assert amounts(store, TALLY) == [7]


def test_a_follower_parks_what_fails_and_goes_on_with_other_streams(database: Database) -> None:
    def fail_on_two(document: Document[Any]) -> Iterable[Submission]:
        decide = fail if document.data.amount_fen == 2 else record(EnquiryOpened(number=1))
        yield reaction("ask", document, (purse("asked"),), decide, None)

    store = database.store()
    writer = database.writer(store)
    run(writer, submission("a", 2), submission("a", 3), submission("b", 4))
    follow(Follower(store, writer, Reactions({AmountCounted: [fail_on_two]})), writer)
    assert types(store).count("enquiry-opened") == 1
    parked = [(p.consumer, p.reason) for p in store.parked(None, ("", "", 0), 10)]
    assert parked == [(OWN_LOG, "reaction-failed"), (OWN_LOG, "behind-parked")]


def test_a_follower_whose_batch_was_lost_reads_again(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    outcome(writer, submission("a", 1))
    follower = Follower(store, writer, REACTIONS)
    assert follower.step() == 0
    writer.suspend("a restart")
    with pytest.raises(Exception, match="a restart"):
        follower.step()
    writer.open()
    follow(follower, writer)
    assert amounts(store, TALLY) == [1]


def test_the_effects_of_an_event_carry_it_as_their_cause(database: Database) -> None:
    store: Store = database.store()
    writer = database.writer(store)
    outcome(writer, submission("a", 1))
    follow(Follower(store, writer, REACTIONS), writer)
    cause, effect = (read(row) for row in store.read_log(0, 2))
    assert effect.causation_id == cause.id
    assert effect.effective_on == cause.effective_on
    assert effect.command_id not in (cause.command_id, UUID(int=0), uuid4())


def test_reactions_name_the_services_they_listen_to() -> None:
    class Elsewhere(Event, service="elsewhere", name="thing-happened"):
        pass

    assert Reactions({AmountCounted: [tally], Elsewhere: [tally]}).services == {
        "tests",
        "elsewhere",
    }


def test_a_follower_gives_the_writer_no_more_than_a_turn_can_bear(database: Database) -> None:
    many = tuple(purse(f"p{n}") for n in range(STREAMS_A_TURN // 2))

    def heavy(document: Document[Any]) -> Iterable[Submission]:
        yield reaction("heavy", document, many, record(), None)

    store = database.store()
    writer = database.writer(store)
    run(writer, *(submission("a", n) for n in range(1, 6)))
    follower = Follower(store, writer, Reactions({AmountCounted: [heavy]}))
    got_past = []
    while not follower.idle:
        follower.step()
        writer.step()
        got_past.append(follower.step())
    assert [n for n in got_past if n] == [2, 2, 1]


def test_a_record_that_names_one_command_twice_has_its_effect_once(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(writer, submission("a", 5))
    reactions = Reactions({AmountCounted: [tally, tally]})
    follow(Follower(store, writer, reactions), writer)
    assert amounts(store, TALLY) == [5]
    assert "record-parked" not in types(store)
    assert_record_is_whole(store)
