"""Commands through a writer, on every engine: what is recorded, what is refused, what fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.kernel.decider import Fact, Refusal, Stream
from shared.kernel.event import MAX_DOCUMENT_BYTES, event_id, read
from shared.kernel.submission import Note, NoteExpired, VersionMismatch
from tests.kernel.conftest import Database
from tests.kernel.domain import (
    CLERK,
    COUNTY,
    START,
    TALLY,
    AmountCounted,
    EnquiryOpened,
    ReviewHeld,
    ReviewSet,
    WeightCarried,
    count_in_both,
    fail,
    purse,
    record,
    stream_id,
    submission,
)
from tests.kernel.running import (
    amounts,
    assert_record_is_whole,
    error_of,
    outcome,
    result,
    run,
    types,
)

FAR = date(2099, 1, 1)


def test_a_command_answers_with_position_version_and_number_of_events(database: Database) -> None:
    writer = database.writer()
    first = outcome(writer, submission("a"))
    assert (first.position, first.version, first.events) == (1, 1, 1)
    three = record(*[AmountCounted(amount_fen=n) for n in (1, 2, 3)])
    second = outcome(writer, submission("a", decide=three))
    assert (second.position, second.version, second.events) == (4, 4, 3)
    nothing = outcome(writer, submission("a", decide=record()))
    assert (nothing.position, nothing.version, nothing.events) == (4, 4, 0)
    assert not any(o.repeated or o.refusal for o in (first, second, nothing))


def test_an_event_says_who_where_when_and_why(database: Database) -> None:
    store = database.store()
    case_id, cause = uuid4(), uuid4()
    stream = Stream.of_case("purse", case_id)
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    fact = Fact(AmountCounted(amount_fen=5), effective_on=date(2020, 4, 1), policy="p-abcdefghijkl")
    sent = replace(submission(stream, decide=record(fact), traceparent=trace), causation_id=cause)
    outcome(database.writer(store), sent)
    (row,) = store.read_log(0, 10)
    document = read(row)
    target = stream_id(stream)
    assert document.id == event_id(target, 1)
    assert (document.source, document.subject, document.stream) == (
        "/doudi/fj/tests",
        case_id,
        target,
    )
    assert (document.actor, document.role, document.region) == (CLERK, "clerk", COUNTY)
    assert (document.recorded_at, document.effective_on) == (START, date(2020, 4, 1))
    assert (document.command_id, document.causation_id) == (sent.command_id, cause)
    assert (document.correlation_id, document.traceparent) == (case_id, trace)
    assert (document.policy, document.data) == ("p-abcdefghijkl", AmountCounted(amount_fen=5))


def test_an_event_counts_from_the_legal_date_unless_its_command_says_otherwise(
    database: Database,
) -> None:
    store = database.store()
    late_evening_utc = START.replace(hour=18)  # in Shanghai it is 02:00 of the next day
    writer = database.writer(store, now=lambda _seen: late_evening_utc)
    run(writer, submission("a"), submission("b", on=date(2020, 3, 1)))
    assert [read(row).effective_on for row in store.read_log(0, 9)] == [
        date(2020, 5, 19),
        date(2020, 3, 1),
    ]


def test_everything_queued_goes_into_one_turn(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    answers = run(writer, *(submission(name, n) for n, name in enumerate("abcab", 1)))
    assert [result(f).position for f in answers] == [1, 2, 3, 4, 5]
    assert [result(f).version for f in answers] == [1, 1, 1, 2, 2]
    assert amounts(store) == [1, 2, 3, 4, 5]
    assert_record_is_whole(store)


def test_a_decision_sees_what_was_decided_before_it_in_the_same_turn(database: Database) -> None:
    store = database.store()
    answers = run(database.writer(store), *(submission("a", 400_00) for _ in range(4)))
    refused = [result(f).refusal is not None for f in answers]
    assert refused == [False, False, True, True]
    assert amounts(store) == [400_00, 400_00]


def test_a_refusal_is_a_recorded_outcome_and_leaves_its_batch_mates_alone(
    database: Database,
) -> None:
    store = database.store()
    sent = [submission("a", 1), submission("a", 2_000_00), submission("a", 3)]
    answers = [result(f) for f in run(database.writer(store), *sent)]
    expected = Refusal(
        "limit-reached", facts={"counted_fen": 1, "allowed_fen": 1_000_00}, source="tests, art. 1"
    )
    assert [a.refusal for a in answers] == [None, expected, None]
    with pytest.raises(Refusal, match="limit-reached"):
        answers[1].or_raise()
    assert (answers[1].events, answers[1].version) == (0, 1)
    assert amounts(store) == [1, 3]
    assert set(store.handled([s.command_id for s in sent])) == {s.command_id for s in sent}


def test_an_exception_records_nothing_and_leaves_its_batch_mates_alone(database: Database) -> None:
    store = database.store()
    bad = submission("a", decide=fail)
    first, failed, last = run(database.writer(store), submission("a", 1), bad, submission("a", 3))
    assert isinstance(failed.exception(), LookupError)
    assert result(first).version == 1
    assert result(last).version == 2
    assert amounts(store) == [1, 3]
    assert store.handled([bad.command_id]) == {}
    assert_record_is_whole(store)


def test_an_event_that_is_too_large_is_refused_with_all_of_its_command(database: Database) -> None:
    store = database.store()
    small, large = WeightCarried(weight="w"), WeightCarried(weight="w" * MAX_DOCUMENT_BYTES)
    sent = submission("a", decide=record(small, EnquiryOpened(number=1), large))
    answers = run(database.writer(store), submission("a", 1), sent, submission("a", 3))
    refused = result(answers[1])
    assert refused.refusal is not None
    assert (refused.refusal.code, refused.refusal.status) == ("event-too-large", 413)
    assert refused.refusal.facts["allowed_bytes"] == MAX_DOCUMENT_BYTES
    assert refused.events == 0
    assert types(store) == ["amount-counted"] * 2
    assert store.agenda("enquiry", FAR, 10) == []
    assert_record_is_whole(store)


def test_an_event_just_within_the_limit_is_recorded(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    outcome(writer, submission("a", decide=record(WeightCarried(weight=""))))
    spare = MAX_DOCUMENT_BYTES - len(store.read_log(0, 1)[0].document)
    fits = outcome(writer, submission("a", decide=record(WeightCarried(weight="w" * spare))))
    assert fits.refusal is None
    assert len(store.read_log(1, 1)[0].document) == MAX_DOCUMENT_BYTES
    over = outcome(writer, submission("a", decide=record(WeightCarried(weight="w" * spare + "w"))))
    assert over.refusal is not None


def test_a_stale_version_records_nothing(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    outcome(writer, submission("a"))
    stale = submission("a", expected_version=0)
    error = error_of(writer, stale)
    assert isinstance(error, VersionMismatch)
    assert (error.expected, error.seen) == (0, 1)
    assert store.handled([stale.command_id]) == {}
    assert outcome(writer, submission("a", expected_version=1)).version == 2
    assert outcome(writer, submission("new", expected_version=0)).version == 1


def test_two_commands_of_one_turn_cannot_both_have_seen_the_last_version(
    database: Database,
) -> None:
    store = database.store()
    first, second = run(
        database.writer(store),
        submission("a", 1, expected_version=0),
        submission("a", 2, expected_version=0),
    )
    assert result(first).version == 1
    assert isinstance(second.exception(), VersionMismatch)
    assert amounts(store) == [1]


def test_a_note_that_expired_before_the_turn_voids_its_command(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    good, last = Note(uuid4(), START + timedelta(microseconds=1)), Note(uuid4(), START)
    sent = submission("a", notes=(good, last))
    assert isinstance(error_of(writer, sent), NoteExpired)
    assert amounts(store) == []
    assert store.handled([sent.command_id]) == {}
    assert outcome(writer, submission("a", notes=(good,))).events == 1


def test_a_command_over_two_streams_takes_effect_in_both_or_in_neither(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(
        writer,
        submission("a", 600_00, decide=count_in_both, also=(TALLY,)),
        submission("b", 700_00, decide=count_in_both, also=(TALLY,)),
        submission("a", 500_00, decide=count_in_both, also=(TALLY,)),
    )
    assert amounts(store, TALLY) == [600_00, 700_00]
    assert (amounts(store, purse("a")), amounts(store, purse("b"))) == ([600_00], [700_00])
    assert_record_is_whole(store)


def test_a_decision_reads_every_stream_that_its_command_names(database: Database) -> None:
    seen: list[tuple[Any, ...]] = []

    def look(*states: Any) -> list[AmountCounted]:
        seen.append(states[:-2])
        return []

    writer = database.writer()
    outcome(writer, submission("a", 5, decide=count_in_both, also=(TALLY,)))
    outcome(writer, submission("a", decide=look, also=(TALLY, purse("b"))))
    ((state, tally, empty),) = seen
    assert (state.amounts_fen, tally, empty.amounts_fen) == ((5,), 5, ())


def test_writing_to_a_stream_that_was_not_read_is_an_error(database: Database) -> None:
    store = database.store()
    unread = record(AmountCounted(amount_fen=1), Fact(AmountCounted(amount_fen=2), TALLY))
    error = error_of(database.writer(store), submission("a", decide=unread))
    assert isinstance(error, ValueError)
    assert "not read" in str(error)
    assert store.head() == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"role": "Clerk of the county"},
        {"region": "350121"},
        {"traceparent": "00-zz"},
        {"decide": record(Fact(AmountCounted(amount_fen=1), policy="2020"))},
    ],
    ids=["role", "region", "traceparent", "policy"],
)
def test_an_envelope_that_nobody_could_read_again_is_not_written(
    database: Database, changed: dict[str, Any]
) -> None:
    store = database.store()
    error = error_of(database.writer(store), replace(submission("a"), **changed))
    assert isinstance(error, ValueError)
    assert store.head() == 0


def test_the_agenda_changes_in_the_transaction_of_its_events(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    due = date(2020, 8, 18)
    outcome(writer, submission("a", decide=record(ReviewSet(due_on=due))))
    (entry,) = store.agenda("review", FAR, 10)
    assert (entry.key, entry.due_on, entry.region) == (stream_id(purse("a")), due, COUNTY)
    assert entry.source_event == event_id(entry.stream, 1)
    failing = submission("a", decide=lambda *_: [ReviewHeld(), 1 / 0])
    assert isinstance(error_of(writer, failing), ZeroDivisionError)
    assert store.agenda("review", FAR, 10) == [entry]
    outcome(writer, submission("a", decide=record(ReviewHeld())))
    assert store.agenda("review", FAR, 10) == []


def test_chains_go_on_over_turns_and_restarts(durable: Database) -> None:
    store = durable.store()
    for _ in range(3):
        run(durable.writer(), submission("a"), submission("b"), submission("a"))
    assert store.head() == 9
    assert_record_is_whole(store)
