"""What holds of every case whatever is decided about it: a decision that falls was never made.

Stories of changes, by random wages and dates of the fact, of which the latest is suspended, stands
or falls. After each step payment would pay what decision knows to be due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import Phase, example, settings
from hypothesis import given as over
from hypothesis import strategies as st

from services.decision.decisions import (
    DecideChange,
    EndCase,
    OrderSuspension,
    RecordRuling,
    carry_out_ruling,
    decide_change,
    end_case,
    order_suspension,
    record_ruling,
)
from services.decision.model import APPEAL, Determination
from services.payment.model import ByMonth
from shared.calendar import Month
from shared.contracts.appeals import AppealRuling
from shared.contracts.changes import AmountChanged, BenefitStopped, PhaseOutStarted
from shared.contracts.decision import CaseConfirmed, CaseEnded
from shared.contracts.notices import NoticeSubject
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.appeals import carry_out, filed, ruled
from tests.decision.household import CONFIRMED, REPORTER, given, reported
from tests.verification.household import CASE, note

MONTHS = [Month(2020, 5).next(n) for n in range(40)]
SUBJECTS = {
    AmountChanged: NoticeSubject.AMOUNT_CHANGED,
    PhaseOutStarted: NoticeSubject.PHASE_OUT,
    BenefitStopped: NoticeSubject.STOP,
}
WAGES = st.sampled_from([700_00, 1_500_00, 2_500_00, 2_900_00, 3_099_99, 3_300_00])
AGO = st.one_of(st.none(), st.integers(0, 200))
CHANGE = st.tuples(st.just("change"), WAGES, AGO)
STEPS = st.one_of(CHANGE, CHANGE, st.sampled_from([("suspend",), ("stands",), ("falls",)]))


def paid(events: list[Event]) -> list[int]:
    """What payment pays a month by these events, in fen."""
    due, entitled = ByMonth(), ByMonth()
    for event in events:
        match event:
            case CaseConfirmed():
                entitled = entitled.since(event.pay_from, 1)
                due = due.since(event.pay_from, event.amount_fen)
            case AmountChanged():
                due = due.since(event.from_month, event.amount_fen)
            case PhaseOutStarted():
                due = due.since(event.first_month, event.amount_fen, event.last_month)
            case BenefitStopped():
                due = due.since(event.last_month.next(), 0)
            case CaseEnded() if event.last_month is not None:
                entitled = entitled.until(event.last_month)
    return [(due * entitled).at(month) for month in MONTHS]


def account_of(case: Determination) -> tuple[Any, ...]:
    """What counts of a household, and what it is due."""
    last_month = None if case.leaving is None else case.leaving.last_month
    due = [case.amounts.at(month) for month in MONTHS]
    return (case.stage, last_month, case.members, case.payee, case.income, case.held, due)


@dataclass
class Story:
    """A case as it goes on, and how it stood before each decision that did not fall."""

    on: date = date(2020, 5, 20)
    events: list[Event] = field(default_factory=lambda: list(CONFIRMED))
    decided: list[tuple[UUID, NoticeSubject, tuple[Any, ...]]] = field(default_factory=list)
    waiting: tuple[UUID, Event] | None = None
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1_000)))

    def id(self) -> UUID:
        return uuid5(HOUSE, f"tests/story/{next(self.numbers)}")

    @property
    def case(self) -> Determination:
        state: Determination = given(*self.events, on=self.on).state
        return state

    def take(self, came: Decided) -> bool:
        """Whether it was decided: then it has happened."""
        if came.refusal is not None:
            return False
        self.events += [f.event for f in came.facts if f.stream is None]
        return True

    def change(self, wages_fen: int, days_ago: int | None) -> None:
        change_id, before = self.id(), account_of(self.case)
        fact = {} if days_ago is None else {"happened_on": self.on - timedelta(days=days_ago)}
        report = reported(wages_fen, self.on, change_id=change_id, **fact)
        spec = given(*self.events, report, on=self.on)
        command = DecideChange(actor=self.id(), role="township_approver", change_id=change_id)
        came = spec.when(command, decide_change)
        if came.refusal is not None:
            return
        self.events.append(report)
        self.take(came)
        outcome = [e for e in came.events if type(e) in SUBJECTS][-1]
        self.decided.append((change_id, SUBJECTS[type(outcome)], before))
        self.waiting = None

    def suspend(self) -> None:
        if not self.decided or self.waiting is not None:
            return
        change_id, subject, before = self.decided[-1]
        appeal_id = self.id()
        appeal = filed(subject, change_id=change_id, appeal_id=appeal_id, filed_on=self.on)
        command = OrderSuspension(
            case_id=CASE, appeal_id=appeal_id, recorder=REPORTER, order=note("order")
        )
        spec = given(*self.events, on=self.on).beside(APPEAL, appeal)
        came = spec.when(command, order_suspension)
        if self.take(came):
            self.waiting = appeal_id, came.events[0]
            assert account_of(self.case)[:-1] == before[:-1]

    def stands(self) -> None:
        if self.waiting is None:
            return
        (appeal_id, ordered), (change_id, subject, _before) = self.waiting, self.decided[-1]
        appeal = filed(subject, change_id=change_id, appeal_id=appeal_id, filed_on=self.on)
        upheld = ruled(AppealRuling.UPHELD).model_copy(
            update={"appeal_id": appeal_id, "ruled_on": self.on}
        )
        command = RecordRuling(**{**upheld.model_dump(), "case_id": CASE})
        spec = given(*self.events, on=self.on).beside(APPEAL, appeal, ordered)
        assert self.take(spec.when(command, record_ruling))
        self.waiting = None

    def falls(self) -> None:
        if not self.decided:
            return
        change_id, subject, before = self.decided.pop()
        appeal_id = self.id()
        appeal = filed(subject, change_id=change_id, appeal_id=appeal_id, filed_on=self.on)
        ruling = ruled().model_copy(update={"appeal_id": appeal_id})
        spec = given(*self.events, on=self.on).beside(APPEAL, appeal, ruling)
        assert self.take(spec.when(carry_out(appeal_id=appeal_id), carry_out_ruling))
        assert account_of(self.case) == before
        self.waiting = None


RISE = ("change", 3_000_00, None)
OF_THE_PAST = ("change", 1_500_00, 100)


@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
@example([(RISE, 20), (OF_THE_PAST, 70), (("falls",), 30)])
@example(
    [
        (RISE, 10),
        (("suspend",), 40),
        (("stands",), 60),
        (OF_THE_PAST, 60),
        (("falls",), 30),
        (("falls",), 30),
    ]
)
@over(st.lists(st.tuples(STEPS, st.integers(3, 70)), min_size=2, max_size=7))
def test_a_decision_that_falls_leaves_every_month_as_it_was(steps: list[Any]) -> None:
    story = Story()
    for (step, *figures), days in steps:
        story.on += timedelta(days=days)
        story.take(given(*story.events, on=story.on).when(EndCase(), end_case))
        getattr(story, step)(*figures)
        assert paid(story.events) == [story.case.amounts.at(month) for month in MONTHS]
