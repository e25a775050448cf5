"""Whatever happens and in whatever order it is recorded: each month of care is owed once, and
then had its contact or is missed once.

A year and a half of a person's care is played: agreements of any term signed on any day and
recorded late, caregivers replaced, moves to an institution and back, contacts recorded late or
twice, duties that run days late and in any order. What is owed is told apart from the code under
test: a month is owed if somebody had an agreement on its first day and somebody on its last.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from services.care.decisions.agreements import (
    FinishRectification,
    OrderRectification,
    ReplaceCaregiver,
    Sign,
    Terms,
    finish_rectification,
    order_rectification,
    replace_caregiver,
    sign,
)
from services.care.decisions.care_file import ChooseMode, EndCare, choose_mode, end_care
from services.care.decisions.contacts import RecordContact, record_contact
from services.care.duties import DUTIES, agenda
from services.care.model import CARE_FILE, CareFile
from shared.calendar import Month
from shared.clock import instant_of
from shared.contracts.care import (
    AgreementEnded,
    AgreementSigned,
    ContactKind,
    ContactRecorded,
    MonthlyContactMissed,
)
from shared.contracts.fields import SupportMode
from shared.kernel.decider import Decide, Fact, Moment, Refusal
from shared.kernel.event import Event
from shared.kernel.store import AgendaDone, AgendaEntry
from tests.care.person import AT_HOME, CASE, SHAANXI, note, policy
from tests.documents import document

BEGIN: Final = date(2022, 12, 25)
MONTHS: Final = tuple(Month(2022, 12).through(Month(2024, 8)))
STEPS: Final = ("wait",) * 8 + ("sign",) * 4 + ("contact",) * 3 + ("replace", "move", "duties")


@dataclass
class Life:
    """A care file with its agenda, day by day; ``log`` holds each event with its day."""

    today: date = BEGIN
    log: list[tuple[date, Event]] = field(default_factory=list)
    file: CareFile = CARE_FILE.initial
    open_entries: dict[tuple[str, UUID], AgendaEntry] = field(default_factory=dict)
    handled: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        for event in AT_HOME:
            self.record(event, self.today)

    def record(self, event: Event, on: date) -> None:
        """Fold the event and bring the agenda to it, as the writer does."""
        self.log.append((on, event))
        self.file = CARE_FILE.evolve(self.file, event)
        happened = document(event, case_id=CASE, on=on, version=len(self.log), region=SHAANXI)
        for change in agenda(happened):
            if isinstance(change, AgendaDone):
                self.open_entries.pop((change.kind, change.key), None)
            else:
                self.open_entries[change.kind, change.key] = change

    def decide(self, decide: Decide, command: Any, on: date | None = None) -> None:
        """Decide a command now, counting from a day."""
        day = on or self.today
        for fact in decide(self.file, command, Moment(instant_of(self.today), day, policy())):
            self.record(fact.event if isinstance(fact, Fact) else fact, day)

    def run_duties(self, order: Random) -> None:
        """Everything that is due, in any order; once each, as ``handled`` has it."""
        while due := [e for e in self.open_entries.values() if e.due_on <= self.today]:
            entry = order.choice(due)
            submission = DUTIES[entry.kind](entry)
            if submission.command_id not in self.handled:
                self.handled.add(submission.command_id)
                self.decide(submission.decide, submission.command, submission.on)
            self.open_entries.pop((entry.kind, entry.key), None)

    def step(self, name: str, order: Random) -> None:
        """One thing that somebody does; what the rules refuse does not happen."""
        with suppress(Refusal):
            match name:
                case "wait":
                    self.today += timedelta(days=order.choice((1, 2, 9, 20, 31)))
                case "sign":
                    signed_on = self.today - timedelta(days=order.choice((0, 0, 3, 30)))
                    days = order.choice((10, 45, 200, 365))
                    self.decide(sign, Sign(signed_on=signed_on, terms=self.terms(days)))
                case "contact":
                    contact_on = self.today - timedelta(days=order.choice((0, 0, 1, 5, 40)))
                    command = RecordContact(
                        visitor=self.file.require_agreement().signed.visitor,
                        contact_on=contact_on,
                        kind=order.choice(tuple(ContactKind)),
                        findings=note("contact"),
                    )
                    self.decide(record_contact, command)
                case "replace":
                    self.replace()
                case "move":
                    at_home = self.file.mode is SupportMode.DISPERSED
                    to = SupportMode.CENTRALIZED if at_home else SupportMode.DISPERSED
                    self.decide(choose_mode, ChooseMode(mode=to))
                case "duties":
                    self.run_duties(order)

    def terms(self, days: int) -> Terms:
        """Terms with parties of their own."""
        return Terms(
            agreement_id=uuid4(),
            until_on=self.today + timedelta(days=days),
            caregiver=uuid4(),
            visitor=uuid4(),
            guardian=None,
            full_capacity=True,
            note=note("terms"),
        )

    def replace(self) -> None:
        """An order, its refusal, and a new agreement."""
        order_id = uuid5(CASE, f"order/{len(self.log)}")
        ordering = OrderRectification(order_id=order_id, grounds=note("grounds"))
        self.decide(order_rectification, ordering)
        refusing = FinishRectification(order_id=order_id, done=False, findings=note("why"))
        self.decide(finish_rectification, refusing)
        self.decide(replace_caregiver, ReplaceCaregiver(terms=self.terms(365)))

    def spans(self) -> Iterator[tuple[date, date]]:
        """Each agreement's first day, and the first day without it."""
        events = [event for _, event in self.log]
        ends = {e.agreement_id: e.ended_on for e in events if isinstance(e, AgreementEnded)}
        for event in events:
            if isinstance(event, AgreementSigned):
                after_term = event.until_on + timedelta(days=1)
                yield event.signed_on, min(ends.get(event.agreement_id, after_term), after_term)

    def owed(self, month: Month) -> bool:
        """Whether somebody was responsible on the month's first day and somebody on its last."""
        spans = list(self.spans())
        return all(
            any(first <= day < after for first, after in spans)
            for day in (month.first_day, month.last_day)
        )


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_each_month_that_is_owed_is_contacted_or_missed_exactly_once(seed: int) -> None:
    order = Random(seed)  # noqa: S311 - samples
    life = Life()
    while life.today < MONTHS[-1].first_day:
        life.step(order.choice(STEPS), order)
    if order.random() < 0.5:
        life.decide(end_care, EndCare())
    last_run_on = life.today
    life.run_duties(order)

    contacted: set[Month] = set()
    missed: list[Month] = []
    for on, event in life.log:
        if isinstance(event, ContactRecorded):
            contacted.add(Month.of(event.contact_on))
        elif isinstance(event, MonthlyContactMissed):
            assert on > event.month.last_day, "missed before its end"
            assert event.month not in contacted, "missed although it was contacted"
            missed.append(event.month)
    assert len(missed) == len(set(missed)), "missed twice"
    for month in MONTHS:
        is_over = month.last_day < last_run_on
        if life.owed(month) and is_over:
            assert (month in missed) or (month in contacted), f"{month} is nobody's"
        else:
            assert month not in missed, f"{month} was not owed"
