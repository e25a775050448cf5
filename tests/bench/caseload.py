"""A county's live cases in a log of decision's own, and what a changed standard makes of them.

Each part runs in a process of its own: what the cases took to set up does not count as the memory
of what goes through them.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import psycopg

from infra.garbage import freeze
from services.decision.decisions import EnterCaseload, enter_caseload
from services.decision.decisions.redetermination import PARTS_OF
from services.decision.model import caseload_of, determination_of, parts_of
from shared.contracts.fields import Programme
from shared.contracts.publicity import PublicityCompleted, PublicityRound
from shared.contracts.standards import AmountRedetermined, CaseloadEntered, StandardForce
from shared.kernel.decider import HOUSE, Fact, Stream
from shared.kernel.postgres import LOG_LOCK, PostgresStore
from shared.kernel.submission import Submission
from tests.bench.domain import ACTOR
from tests.bench.table import profiled
from tests.bench.writing import multi_row_insert
from tests.decision.household import approved, confirmed, opened, posted, proposed
from tests.decision.office import Office
from tests.decision.standards import COUNTY, JULY, PROVINCE

CASES: Final = 100_000
A_TOWNSHIP: Final = 2_000
TOGETHER: Final = 400
BEFORE, FROM = date(2020, 6, 30), date(2020, 7, 1)
STANDARD_FEN, RAISED_FEN = 600_00, 650_00


@dataclass(frozen=True, slots=True)
class Lived:
    """How long all cases took, by the clock and of one core; what the process held at most; and
    how long the raw reads and writes take.
    """

    seconds: float
    core_seconds: float
    before_mib: float
    peak_mib: float
    raw_seconds: float


def live(url: str, cases: int = CASES, *, profiling: bool = False) -> Lived:
    """Set so many cases up, raise the standard, and go through them.

    Raises ``RuntimeError`` unless each case got its new amount once.
    """
    _in_a_process(_set_up, url, cases)
    seconds, core, before, peak = _in_a_process(_go_through, url, cases, profiling)
    return Lived(seconds, core, before, peak, _in_a_process(_raw, url))


def _in_a_process(work: Callable[..., Any], *given: Any) -> Any:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs, work, given))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    finally:
        process.join()


def _answer(pipe: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    pipe.send(work(*given))


def _set_up(url: str, cases: int) -> None:
    """Cases with their whole history, in townships of ``A_TOWNSHIP``; and the raised standard."""
    store = PostgresStore(url)
    store.create_table()
    office = Office(BEFORE, store)
    office.set(PROVINCE, 300_00, JULY, force=StandardForce.FLOOR)
    for first in range(0, cases, A_TOWNSHIP):
        township = f"{COUNTY[:6]}{100 + first // A_TOWNSHIP:03}000"
        ids = [uuid5(HOUSE, f"bench/{n}") for n in range(first, min(first + A_TOWNSHIP, cases))]
        for start in range(0, len(ids), TOGETHER):
            numbered = enumerate(ids[start : start + TOGETHER], start=first + start)
            _submit(office, [_case(case_id, township, n) for n, case_id in numbered])
        _submit(office, [_caseload(ids, township)])
    office.set(COUNTY, RAISED_FEN, JULY)
    store.close()


def _submit(office: Office, submissions: list[Submission]) -> None:
    futures = [office.writer.submit(submission) for submission in submissions]
    office.writer.step()
    for future in futures:
        future.result(0).or_raise()


def _case(case_id: UUID, township: str, number: int) -> Submission:
    """A household confirmed in April, like no other by its income."""
    counted_fen = 1_000_00 + number % 1_399_99
    amount_fen = 4 * STANDARD_FEN - counted_fen
    first, second = PublicityRound.FIRST, PublicityRound.SECOND
    events = (
        opened(division=township, counted_income_fen=counted_fen, members=_members(number)),
        proposed(counted_income_fen=counted_fen, amount_fen=amount_fen),
        posted(first),
        PublicityCompleted(round=first),
        approved(),
        posted(second),
        PublicityCompleted(round=second),
        confirmed(division=township, amount_fen=amount_fen),
    )
    return _given((determination_of(case_id),), [Fact(event) for event in events], township)


def _members(number: int) -> tuple[Any, ...]:
    return tuple(
        member.model_copy(update={"person_id": uuid5(HOUSE, f"bench/{number}/{n}")})
        for n, member in enumerate(opened().members)
    )


def _caseload(ids: list[UUID], township: str) -> Submission:
    """A whole township's caseload at once, as following each confirmation would have it."""
    parts = tuple(parts_of(Programme.DIBAO, township, level) for level in PARTS_OF)

    def decide(caseload: Any, *rest: Any) -> list[Fact]:
        *known, _command, at = rest
        first = EnterCaseload(programme=Programme.DIBAO, division=township, case_id=ids[0])
        facts = [*enter_caseload(caseload, *known, first, at)]
        entered = (
            CaseloadEntered(programme=Programme.DIBAO, division=township, case_id=case_id)
            for case_id in ids[1:]
        )
        return [*facts, *map(Fact, entered)]

    return _given((caseload_of(Programme.DIBAO, township), *parts), [], township, decide)


def _given(
    reads: tuple[Stream, ...], facts: list[Fact], region: str, decide: Any = None
) -> Submission:
    command_id = uuid4()
    return Submission(
        command_id=command_id,
        command=None,
        reads=reads,
        decide=decide or (lambda *_rest: facts),
        actor=ACTOR,
        role="service",
        region=region,
        causation_id=command_id,
    )


def _go_through(url: str, cases: int, profiling: bool) -> tuple[float, float, float, float]:
    """The standard begins: seconds until every case is done, by the clock and of this core, and
    MiB held before and at most.
    """
    store = PostgresStore(url)
    office = Office(FROM, store)
    # What was confirmed is in the caseloads already; following those events again is no part.
    office.skip_to(store.head())
    before, head = _held_mib(), store.head()
    freeze()  # as every process of ours does once it has started

    def work() -> None:
        office.duties()
        office.follow()

    started, used = time.perf_counter(), time.process_time()
    if profiling:
        profiled("redetermination", work)
    else:
        work()
    seconds, core_seconds = time.perf_counter() - started, time.process_time() - used
    done = _redetermined(store, head)
    store.close()
    if done != cases:
        raise RuntimeError(f"{done} of {cases} cases were re-determined")
    return seconds, core_seconds, before, _held_mib()


def _held_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _redetermined(store: PostgresStore, after: int) -> int:
    streams = []
    while rows := store.read_log(after, 10_000):
        streams += [row.stream for row in rows if row.type == AmountRedetermined.type]
        after = rows[-1].position
    if len(set(streams)) != len(streams):
        raise RuntimeError("a case was re-determined twice")
    return len(streams)


def _raw(url: str) -> float:
    """The same streams read and the same events inserted, as many a turn, by psycopg alone."""
    store = PostgresStore(url)
    rows = [
        row
        for start in range(0, store.head(), 10_000)
        for row in store.read_log(start, 10_000)
        if row.type == AmountRedetermined.type
    ]
    store.close()
    read = "SELECT * FROM stored_events WHERE originator_id = ANY(%s) ORDER BY notification_id"
    with psycopg.connect(url) as connection:
        cursor = connection.cursor(binary=True)
        started = time.perf_counter()
        for start in range(0, len(rows), TOGETHER):
            page = rows[start : start + TOGETHER]
            cursor.execute(f"SELECT pg_advisory_xact_lock({LOG_LOCK})")
            cursor.execute(read, ([row.stream for row in page],)).fetchall()
            params: list[Any] = []
            for n, row in enumerate(page, start=10_000_000 + start):
                params += (n, uuid4(), 1, row.type, row.document)
                params += (row.previous_digest, row.digest)
            cursor.execute(multi_row_insert(len(page)), params, prepare=True)
            connection.commit()
        return time.perf_counter() - started
