"""A payment office in memory: the real writer, reactions and duties over a store that dies with it.

What other services say is heard from their contracts' events, in whatever order and however
often; what payment says itself is followed as its own follower would.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4, uuid5

from services.payment.decisions import (
    ApproveRun,
    PrepareRun,
    Replenish,
    Return,
    Settle,
    approve_run,
    prepare_run,
    replenish,
    send_back,
    settle,
)
from services.payment.duties import DUTIES
from services.payment.model import (
    AGGREGATES,
    BANK_INSTRUCTION,
    Entitlement,
    Fund,
    Payment,
    entitlement_of,
    fund_of,
    payment_of,
    payment_of_aid,
    roster_of,
    run_of,
)
from services.payment.reactions import FOREIGN, OWN
from services.payment.service import definition
from shared.calendar import Month
from shared.clock import instant_of
from shared.contracts.fields import Programme
from shared.contracts.payment import PaymentIntended
from shared.kernel.decider import Stream
from shared.kernel.deciding import Setting
from shared.kernel.event import Document, Event, read
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.reactions import React
from shared.kernel.states import fold
from shared.kernel.submission import Outcome, Submission
from shared.kernel.writer import Writer
from shared.policy import Policy
from shared.regions import Level
from tests.documents import document
from tests.payment.cases import APPROVER, PREPARER, TOWNSHIP

CELL = "fj"


@cache
def policy() -> Policy:
    """The parameters as built in."""
    return Policy.load()


class Office:
    """One township's payment office; ``today`` is the legal date, moved by hand.

    The parameters are those built in, unless others are given.
    """

    def __init__(self, today: date, parameters: Policy | None = None) -> None:
        self.today = today
        self.store = MemoryStore(MemoryDatabase())
        self.domain = definition().domain
        setting = Setting(CELL, self.domain, parameters or policy(), lambda body, _aad: body)
        self.writer = Writer(self.store, setting, self._now)
        self.writer.open()
        self._followed = 0

    def _now(self, _seen: object) -> datetime:
        return instant_of(self.today)

    def hear(self, *documents: Document[Any]) -> None:
        """What others say, in this order, and everything that follows of it."""
        for heard in documents:
            self._react(FOREIGN, heard)
            self.follow()

    def follow(self) -> None:
        """React to everything that payment itself has recorded since."""
        while rows := self.store.read_log(self._followed, 1_000):
            for row in rows:
                self._react(OWN, read(row))
                self._followed = row.position

    def _react(self, reacting: Mapping[type[Event], Iterable[React]], heard: Document[Any]) -> None:
        for react in reacting.get(type(heard.data), ()):
            for submission in react(heard):
                self.submit(submission)

    def submit(self, submission: Submission) -> Outcome:
        """One command in a turn of its own."""
        future = self.writer.submit(submission)
        self.writer.step()
        outcome: Outcome = future.result(0)
        return outcome

    def command(self, reads: tuple[Stream, ...], decide: Any, command: Any) -> Outcome:
        """One command of an official. Raises its refusal."""
        command_id = uuid4()
        submission = Submission(
            command_id, command, reads, decide, APPROVER, "official", TOWNSHIP, command_id
        )
        outcome = self.submit(submission).or_raise()
        self.follow()
        return outcome

    def pay(self, month: Month, programme: Programme = Programme.DIBAO) -> Outcome:
        """Prepare a month's run and have it approved. Raises where there is nothing to pay."""
        run_id = uuid4()
        reads = (run_of(programme, TOWNSHIP, month), roster_of(programme, TOWNSHIP))
        prepare = PrepareRun(
            actor=PREPARER, run_id=run_id, programme=programme, division=TOWNSHIP, month=month
        )
        self.command(reads, prepare_run, prepare)
        return self.command(reads, approve_run, ApproveRun(actor=APPROVER, run_id=run_id))

    def replenish(self, amount_fen: int) -> Outcome:
        """The county puts money into the township's fund."""
        command = Replenish(
            actor=APPROVER, level=Level.COUNTY, division=TOWNSHIP, amount_fen=amount_fen
        )
        return self.command((fund_of(TOWNSHIP),), replenish, command)

    def bank(self, case_id: UUID, word: Settle | Return, payment_id: UUID | None = None) -> Outcome:
        """The bank's word on a case's aid, or on a later stage of it."""
        decide = settle if isinstance(word, Settle) else send_back
        return self.command((payment_of_aid(case_id, payment_id),), decide, word)

    def pay_out(self, case_id: UUID, month: Month) -> Outcome:
        """The bank credits a month of a case."""
        return self.command((payment_of(case_id, month),), settle, Settle(bank_reference=uuid4()))

    def duties(self) -> int:
        """Do what is due; how many duties there were."""
        done = 0
        for kind, submission_of in DUTIES.items():
            for entry in self.store.agenda(kind, self.today, 100):
                self.submit(submission_of(entry))
                self.store.agenda_done([entry])
                done += 1
        return done

    def day(self, today: date) -> None:
        """A day begins, and what is due on it is done."""
        self.today = today
        while self.duties():
            pass

    @property
    def instructions(self) -> set[UUID]:
        """The payments that wait for the bank."""
        return {entry.key for entry in self.store.agenda(BANK_INSTRUCTION, self.today, 1_000)}

    def events(self, *of: type[Any]) -> list[Any]:
        """What was recorded, of these kinds, in order."""
        found = [read(row).data for row in self.store.read_log(0, 100_000)]
        return [event for event in found if not of or isinstance(event, of)]

    def paid(self, case_id: UUID) -> dict[Month, int]:
        """What is to reach a case's payee, by month."""
        intended = [e for e in self.events(PaymentIntended) if e.case_id == case_id]
        assert len({e.month for e in intended}) == len(intended), "a month was paid twice"
        return {e.month: e.amount_fen for e in intended}

    def entitlement(self, case_id: UUID) -> Entitlement:
        """A case's entitlement."""
        found: Entitlement = self.state(entitlement_of(case_id))
        return found

    def fund(self) -> Fund:
        """The township's fund."""
        found: Fund = self.state(fund_of(TOWNSHIP))
        return found

    def aid(self, case_id: UUID) -> Payment:
        """The payment of a case's aid."""
        found: Payment = self.state(payment_of_aid(case_id))
        return found

    def state(self, stream: Stream) -> Any:
        """What a stream comes to."""
        assert stream.aggregate in AGGREGATES
        rows = self.store.read_stream(stream.id(CELL, self.domain.service))
        return fold(self.domain, stream.aggregate, rows).state


def said(event: Event, case_id: UUID, on: date, number: int = 1) -> Document[Any]:
    """What a service says of a case: its ``number``-th word; heard again, it is the same."""
    stream = uuid5(case_id, event.type.split(".")[1])
    return document(event, case_id=case_id, on=on, version=number, stream=stream, region=TOWNSHIP)
