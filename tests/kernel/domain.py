"""A small service to test the kernel with: purses that count amounts, and reviews that fall due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from shared.kernel.decider import Aggregate, Domain, Fact, Moment, Refusal, Stream
from shared.kernel.event import Document, Event
from shared.kernel.store import AgendaChange, AgendaDone, AgendaEntry
from shared.kernel.submission import Submission

COUNTY = "350121000000"
CLERK = UUID("c1e2a000-0000-4000-8000-000000000001")
START = datetime(2020, 5, 18, 1, 0, tzinfo=UTC)
LIMIT_FEN = 1_000_00
REVIEW, ENQUIRY = "review", "enquiry"


class AmountCounted(Event, service="tests", name="amount-counted"):
    amount_fen: int


class ReviewSet(Event, service="tests", name="review-set"):
    due_on: date


class ReviewHeld(Event, service="tests", name="review-held"):
    pass


class EnquiryOpened(Event, service="tests", name="enquiry-opened"):
    number: int


class EnquiryAnswered(Event, service="tests", name="enquiry-answered"):
    number: int


class WeightCarried(Event, service="tests", name="weight-carried"):
    weight: str


class Purse(NamedTuple):
    """What was counted, in order."""

    amounts_fen: tuple[int, ...] = ()

    @property
    def total_fen(self) -> int:
        return sum(self.amounts_fen)


def evolve_purse(purse: Purse, event: Event) -> Purse:
    if isinstance(event, AmountCounted):
        return Purse((*purse.amounts_fen, event.amount_fen))
    return purse


def evolve_tally(tally: int, event: Event) -> int:
    return tally + event.amount_fen if isinstance(event, AmountCounted) else tally


def agenda(document: Document[Any]) -> Iterable[AgendaChange]:
    event = document.data
    opened: tuple[str, date] | None = None
    if isinstance(event, ReviewSet):
        opened = REVIEW, event.due_on
    elif isinstance(event, EnquiryOpened):
        opened = ENQUIRY, document.effective_on
    elif isinstance(event, ReviewHeld):
        yield AgendaDone(REVIEW, document.stream)
    if opened is not None:
        kind, due_on = opened
        yield AgendaEntry(
            kind, document.stream, due_on, document.subject, document.stream, document.id, COUNTY
        )


DOMAIN = Domain(
    "tests",
    {
        "purse": Aggregate("purse", Purse(), evolve_purse),
        "tally": Aggregate("tally", 0, evolve_tally),
    },
    agenda,
)
CELL = "fj"
TALLY = Stream("tally", "all")


def purse(name: str) -> Stream:
    return Stream("purse", name)


def stream_id(stream: Stream) -> UUID:
    return stream.id(CELL, DOMAIN.service)


def count(state: Purse, amount_fen: int, _at: Moment) -> list[Event]:
    """Counts an amount; refuses what would exceed the limit, going by what it sees."""
    if state.total_fen + amount_fen > LIMIT_FEN:
        raise Refusal(
            "limit-reached",
            facts={"counted_fen": state.total_fen, "allowed_fen": LIMIT_FEN},
            source="tests, art. 1",
        )
    return [AmountCounted(amount_fen=amount_fen)]


def count_in_both(state: Purse, _tally: int, amount_fen: int, at: Moment) -> list[Event | Fact]:
    """Counts in the purse and in the tally over all purses, or in neither."""
    return [*count(state, amount_fen, at), Fact(AmountCounted(amount_fen=amount_fen), TALLY)]


def record(*events: Event | Fact) -> Callable[..., list[Event | Fact]]:
    """A decision that records just these, whatever it sees."""
    return lambda *_states_command_and_moment: list(events)


def fail(*_states_command_and_moment: Any) -> list[Any]:
    raise LookupError("a decision with a bug")


def submission(
    stream: Stream | str = "a",
    amount_fen: int = 1_00,
    *,
    command_id: UUID | None = None,
    decide: Callable[..., Any] = count,
    also: tuple[Stream, ...] = (),
    **more: Any,
) -> Submission:
    """A command that counts an amount in a purse, unless told to decide otherwise."""
    command_id = command_id or uuid4()
    return Submission(
        command_id=command_id,
        command=amount_fen,
        reads=(purse(stream) if isinstance(stream, str) else stream, *also),
        decide=decide,
        actor=CLERK,
        role="clerk",
        region=COUNTY,
        causation_id=command_id,
        **more,
    )
