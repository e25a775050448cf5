"""What falls due and what is asked outside, on every engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from shared.kernel.duties import Duties, Gateway, NeighbourAway, OutsideAway
from shared.kernel.event import read
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.store import AgendaEntry, Store, Write
from shared.kernel.submission import Submission, WriterBusy, answer, duty
from shared.kernel.writer import Limits, Writer
from tests.kernel.conftest import Database, Pointer, setting
from tests.kernel.domain import (
    ENQUIRY,
    REVIEW,
    START,
    EnquiryAnswered,
    EnquiryOpened,
    ReviewHeld,
    ReviewSet,
    fail,
    purse,
    record,
    stream_id,
    submission,
)
from tests.kernel.rows import take_turn
from tests.kernel.running import outcome, run, types

MAY, JUNE, JULY = (date(2020, month, 1) for month in (5, 6, 7))
FAR = date(2099, 1, 1)


def review(entry: AgendaEntry) -> Submission:
    """Holds the review that is due."""
    return duty(entry, (_stream_of(entry),), record(ReviewHeld()), None)


def _stream_of(entry: AgendaEntry) -> Any:
    return next(purse(n) for n in "abcdefg" if stream_id(purse(n)) == entry.stream)


def set_reviews(writer: Writer, **due: date) -> None:
    run(
        writer,
        *(submission(name, decide=record(ReviewSet(due_on=on))) for name, on in due.items()),
    )


def carry_out(duties: Duties, writer: Writer, *, steps: int = 4) -> None:
    for _ in range(steps):
        duties.step()
        writer.step()
    duties.step()


def open_reviews(store: Store) -> list[date]:
    return [entry.due_on for entry in store.agenda(REVIEW, FAR, 100)]


def test_everything_due_on_or_before_today_is_done_once(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    set_reviews(writer, a=MAY, b=JUNE, c=JULY)
    duties = Duties(store, writer, {REVIEW: review}, lambda: JUNE)
    assert not duties.idle
    carry_out(duties, writer)
    assert duties.idle
    assert types(store).count("review-held") == 2
    assert open_reviews(store) == [JULY]
    held = [read(row) for row in store.read_log(3, 10)]
    assert [document.effective_on for document in held] == [MAY, JUNE]


def test_a_fact_that_arrives_late_is_not_skipped(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    duties = Duties(store, writer, {REVIEW: review}, lambda: JULY)
    set_reviews(writer, a=JUNE)
    carry_out(duties, writer)
    set_reviews(writer, b=MAY)
    carry_out(duties, writer)
    assert types(store).count("review-held") == 2


def test_two_instances_do_a_duty_once(database: Database) -> None:
    stores = [database.store() for _ in range(2)]
    writers = [database.writer(store) for store in stores]
    set_reviews(writers[0], a=MAY, b=MAY)
    both = [
        Duties(store, writer, {REVIEW: review}, lambda: MAY)
        for store, writer in zip(stores, writers, strict=True)
    ]
    for duties in both:
        duties.step()
    for writer in writers:
        writer.step()
    for duties, writer in zip(both, writers, strict=True):
        carry_out(duties, writer)
        assert duties.idle
    assert types(stores[0]).count("review-held") == 2


def test_a_refused_duty_is_done(database: Database) -> None:
    def refused(entry: AgendaEntry) -> Submission:
        return duty(entry, (_stream_of(entry),), submission().decide, 2_000_00)

    store = database.store()
    writer = database.writer(store)
    set_reviews(writer, a=MAY)
    duties = Duties(store, writer, {REVIEW: refused}, lambda: MAY)
    carry_out(duties, writer)
    assert duties.idle
    assert open_reviews(store) == []


@pytest.mark.parametrize("where", ["in the decision", "before it"])
def test_a_duty_that_fails_stays_open_and_hinders_no_other(database: Database, where: str) -> None:
    broken = {"a": True}

    def review_unless_broken(entry: AgendaEntry) -> Submission:
        if not (broken["a"] and entry.stream == stream_id(purse("a"))):
            return review(entry)
        if where == "before it":
            raise LookupError("a duty with a bug")
        return duty(entry, (purse("a"),), fail, None)

    store = database.store()
    writer = database.writer(store)
    set_reviews(writer, a=MAY, b=MAY)
    duties = Duties(store, writer, {REVIEW: review_unless_broken}, lambda: MAY)
    carry_out(duties, writer)
    assert types(store).count("review-held") == 1
    assert not duties.idle
    assert [duties.step(), writer.step() and 0, duties.step()] == [0, 0, 0]
    broken["a"] = False
    carry_out(duties, writer)
    assert types(store).count("review-held") == 2
    assert duties.idle


def test_any_number_of_failing_duties_leaves_room_for_the_one_behind_them() -> None:
    store = MemoryStore(MemoryDatabase())
    writer = Writer(store, setting(), Pointer())
    writer.open()
    run(
        writer,
        *(submission(f"bad{n}", decide=record(ReviewSet(due_on=MAY))) for n in range(450)),
    )
    set_reviews(writer, a=JUNE)

    def review_of_a(entry: AgendaEntry) -> Submission:
        if entry.due_on == JUNE:
            return review(entry)
        raise LookupError("a duty with a bug")

    duties = Duties(store, writer, {REVIEW: review_of_a}, lambda: JULY)
    carry_out(duties, writer)
    assert types(store).count("review-held") == 1
    assert open_reviews(store) == [MAY] * 100  # as many as the list shows; none of June


def test_a_duty_opened_again_while_it_is_done_stays_on_the_agenda(database: Database) -> None:
    def review_and_set_next(entry: AgendaEntry) -> Submission:
        events = record(ReviewHeld(), ReviewSet(due_on=JULY))
        return duty(entry, (_stream_of(entry),), events, None)

    store = database.store()
    writer = database.writer(store)
    set_reviews(writer, a=MAY)
    duties = Duties(store, writer, {REVIEW: review_and_set_next}, lambda: JUNE)
    carry_out(duties, writer)
    assert duties.idle
    assert open_reviews(store) == [JULY]


def test_a_duty_whose_answer_was_lost_is_not_done_twice(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    set_reviews(writer, a=MAY)
    first = Duties(store, writer, {REVIEW: review}, lambda: MAY)
    first.step()
    writer.step()  # and the process dies before it has taken the entry off
    take_turn(store, Write(agenda=[AgendaEntry(REVIEW, stream_id(purse("a")), MAY, *_rest(store))]))
    again = Duties(store, writer, {REVIEW: review}, lambda: MAY)
    carry_out(again, writer)
    assert again.idle
    assert types(store).count("review-held") == 1


def _rest(store: Store) -> tuple[Any, ...]:
    opened = read(store.read_log(0, 1)[0])
    return opened.subject, opened.stream, opened.id, opened.region


def test_a_full_queue_is_tried_again(database: Database) -> None:
    store = database.store()
    writer = database.writer(store, limits=Limits(queued=2))
    for name in "abcde":
        set_reviews(writer, **{name: MAY})
    duties = Duties(store, writer, {REVIEW: review}, lambda: MAY)
    for _ in range(2):
        with pytest.raises(WriterBusy):
            duties.step()
        writer.step()
    carry_out(duties, writer)
    assert types(store).count("review-held") == 5
    assert duties.idle


class Outside:
    """A department that answers, or does not."""

    def __init__(self) -> None:
        self.away: Exception | None = None
        self.asked: list[AgendaEntry] = []

    async def ask(self, entry: AgendaEntry) -> Submission:
        self.asked.append(entry)
        if self.away is not None:
            raise self.away
        return answer(entry, (_stream_of(entry),), record(EnquiryAnswered(number=1)), None)


class Gate:
    """A gateway with its writer, a department outside and a clock of its own."""

    def __init__(self, store: Store, writer: Writer) -> None:
        self.outside = Outside()
        self.now_s = 100.0
        self.store = store
        self.writer = writer
        self.gateway = Gateway(
            store,
            writer,
            {ENQUIRY: self.outside.ask},
            lambda: FAR,
            longest_wait_s=16.0,
            monotonic=lambda: self.now_s,
        )

    def open(self, *names: str, decide: Callable[..., Any] | None = None) -> None:
        decide = decide or record(EnquiryOpened(number=1))
        run(self.writer, *(submission(name, decide=decide) for name in names))

    async def step(self) -> int:
        """One step, while the writer answers."""
        stepping = asyncio.create_task(self.gateway.step())
        while not stepping.done():
            await asyncio.sleep(0.001)  # lets the gateway's own threads and tasks go on
            self.writer.step()
        return await stepping


@pytest.fixture
def gate(database: Database) -> Gate:
    store = database.store()
    return Gate(store, database.writer(store))


async def test_an_answer_is_recorded_under_the_event_that_asked(gate: Gate) -> None:
    gate.open("a", "b")
    assert not gate.gateway.idle
    assert await gate.step() == 2
    assert gate.gateway.idle
    assert types(gate.store).count("enquiry-answered") == 2
    assert await gate.step() == 0
    asked, answered = (read(gate.store.read_stream(stream_id(purse("a")))[n]) for n in (0, 1))
    assert answered.causation_id == asked.id


async def test_asking_twice_has_one_effect(database: Database) -> None:
    store = database.store()
    one, other = Gate(store, database.writer(store)), Gate(database.store(), database.writer())
    one.open("a")
    both = [asyncio.create_task(gate.step()) for gate in (one, other)]
    await asyncio.gather(*both)
    assert types(store).count("enquiry-answered") == 1
    assert one.gateway.idle


@pytest.mark.parametrize(
    ("error", "longest"), [(OutsideAway("no route"), 16.0), (NeighbourAway("a restart"), 8.0)]
)
async def test_who_is_away_is_asked_later_and_later_a_neighbour_within_seconds(
    gate: Gate, error: OutsideAway, longest: float
) -> None:
    gate.open("a")
    gate.outside.away = error
    asked_at = []
    for _ in range(200):
        before = len(gate.outside.asked)
        await gate.step()
        if len(gate.outside.asked) > before:
            asked_at.append(gate.now_s)
        gate.now_s += 0.25
    waits = [later - earlier for earlier, later in pairwise(asked_at)]
    assert waits[:5] == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert set(waits[5:]) == {longest}
    gate.outside.away = None
    gate.now_s += longest
    assert await gate.step() == 1
    assert gate.gateway.idle


async def test_what_waits_hinders_nothing_that_was_opened_since(gate: Gate) -> None:
    gate.open("a")
    gate.outside.away = OutsideAway("no route")
    await gate.step()
    gate.outside.away = None
    gate.open("b")
    assert await gate.step() == 1
    assert [entry.stream for entry in gate.outside.asked] == [
        stream_id(purse(name)) for name in "ab"
    ]


async def test_an_answer_that_our_own_writer_could_not_take_is_asked_for_soon_again(
    gate: Gate,
) -> None:
    gate.open("a")
    gate.writer.suspend("a restart")
    assert await gate.step() == 0
    gate.writer.open()
    gate.now_s += 0.5
    assert await gate.step() == 1


async def test_an_unexpected_exception_leaves_the_request_open(gate: Gate) -> None:
    gate.open("a")
    gate.outside.away = LookupError("an answer nobody understands")
    assert await gate.step() == 0
    gate.now_s += 15.9
    assert await gate.step() == 0
    assert len(gate.outside.asked) == 1
    gate.outside.away = None
    gate.now_s += 0.2
    assert await gate.step() == 1


async def test_a_request_opened_anew_by_the_answer_to_the_last_one_is_asked(gate: Gate) -> None:
    gate.open("a")
    again = record(EnquiryAnswered(number=1), EnquiryOpened(number=2))

    async def ask_once_more(entry: AgendaEntry) -> Submission:
        decide = again if not gate.outside.asked else record(EnquiryAnswered(number=2))
        gate.outside.asked.append(entry)
        return answer(entry, (purse("a"),), decide, None)

    gate.gateway = Gateway(gate.store, gate.writer, {ENQUIRY: ask_once_more}, lambda: FAR)
    assert await gate.step() == 1
    assert not gate.gateway.idle
    assert await gate.step() == 1
    assert gate.gateway.idle
    assert types(gate.store) == [
        "enquiry-opened",
        "enquiry-answered",
        "enquiry-opened",
        "enquiry-answered",
    ]


def test_an_agenda_entry_says_by_which_event_it_was_opened(database: Database) -> None:
    store = database.store()
    outcome(database.writer(store), submission("a", decide=record(EnquiryOpened(number=1))))
    (entry,) = store.agenda(ENQUIRY, FAR, 10)
    assert entry.source_event == read(store.read_log(0, 1)[0]).id


async def test_no_more_than_some_dozens_are_asked_at_once(database: Database) -> None:
    store = database.store()
    writer = database.writer(store)
    run(
        writer,
        *(submission(f"p{n}", decide=record(EnquiryOpened(number=n))) for n in range(100)),
    )
    under_way, most = 0, 0

    async def ask(_entry: AgendaEntry) -> Submission:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        raise OutsideAway("everybody is out")

    gateway = Gateway(store, writer, {ENQUIRY: ask}, START.date)
    assert await gateway.step() == 0
    assert 2 <= most <= 32
