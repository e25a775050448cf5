"""A decision office in memory: the real writer, follower and duties over a store of its own.

It can be restarted after any turn, as a process that was killed is: what it knew is gone, what was
recorded is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from services.decision.decisions import (
    ProposeStandard,
    SetStandard,
    propose_standard,
    set_standard,
)
from services.decision.duties import DUTIES
from services.decision.model import Determination, determination_of, standards_of
from services.decision.reactions import OWN
from services.decision.rules.standards import province_of
from services.decision.service import definition
from shared.calendar import Month
from shared.clock import instant_of
from shared.contracts.fields import Programme
from shared.contracts.standards import StandardForce, StandardKind
from shared.kernel.decider import HOUSE, Fact, Stream
from shared.kernel.deciding import Setting
from shared.kernel.event import Document, Event, read
from shared.kernel.follower import OWN_LOG, OWN_LOG_ID, Follower
from shared.kernel.memory import MemoryDatabase, MemoryStore
from shared.kernel.reactions import Reactions
from shared.kernel.states import fold
from shared.kernel.store import Move, Store
from shared.kernel.submission import Outcome, Submission
from shared.kernel.writer import Writer
from tests.decision.household import OTHER, PROPOSER, confirmed, opened, policy, proposed
from tests.decision.standards import NOTICE
from tests.verification.household import FUJIAN

CELL = "fj"


class Office:
    """Decision's office; ``today`` is the legal date, moved by hand."""

    def __init__(self, today: date, store: Store | None = None) -> None:
        self.today = today
        self.store: Store = store or MemoryStore(MemoryDatabase())
        self.domain = definition().domain
        self.restart()

    def restart(self) -> None:
        """A new process over the same store."""
        setting = Setting(CELL, self.domain, policy(), lambda body, _aad: body)
        self.writer = Writer(self.store, setting, lambda _seen: self._now())
        self.writer.open()
        self.follower = Follower(self.store, self.writer, Reactions(OWN))

    def _now(self) -> datetime:
        return instant_of(self.today)

    def submit(self, submission: Submission) -> Outcome:
        """One command in a turn of its own."""
        future = self.writer.submit(submission)
        self.writer.step()
        outcome: Outcome = future.result(0)
        return outcome

    def command(self, reads: tuple[Stream, ...], decide: Any, command: Any, region: str) -> Outcome:
        """One command of an official. Raises its refusal."""
        command_id = uuid4()
        return self.submit(
            Submission(command_id, command, reads, decide, OTHER, "official", region, command_id)
        ).or_raise()

    def turn(self) -> bool:
        """One turn of following the own log; whether there was anything to follow."""
        passed = self.follower.step()
        self.writer.step()
        return bool(self.follower.step() or passed)

    def follow(self) -> None:
        """React to everything that was recorded."""
        while self.turn() or not self.follower.idle:
            pass

    def skip_to(self, position: int) -> None:
        """Take everything before a position of the own log as followed."""
        self.store.move(Move(OWN_LOG, OWN_LOG_ID, 0, 0, position, position))

    def live(self, cases: Iterable[UUID], division: str = FUJIAN, **account: Any) -> None:
        """Cases of the story's household, confirmed in April 2020, 200 yuan a month."""
        programme = account.get("programme", Programme.DIBAO)
        events = (
            opened(division=division, **account),
            proposed(counted_income_fen=account.get("counted_income_fen", 2_200_00)),
            confirmed(division=division, programme=programme),
        )
        for case_id in cases:
            self.record(case_id, *events, region=division)

    def record(self, case_id: UUID, *events: Event, region: str = FUJIAN) -> None:
        """This happened in a case."""
        stream = determination_of(case_id)

        def decide(*_rest: Any) -> list[Fact]:
            return [Fact(event) for event in events]

        self.command((stream,), decide, None, region)

    def set(
        self,
        division: str,
        amount_fen: int,
        from_month: Month,
        kind: StandardKind = StandardKind.DIBAO,
        force: StandardForce = StandardForce.STANDARD,
    ) -> UUID:
        """A division sets something; its id."""
        standard_id = uuid5(HOUSE, f"tests/{division}/{kind}/{force}/{amount_fen}/{from_month}")
        reads = (standards_of(division), standards_of(province_of(division)))
        propose = ProposeStandard(
            actor=PROPOSER,
            standard_id=standard_id,
            division=division,
            kind=kind,
            force=force,
            amount_fen=amount_fen,
            from_month=from_month,
            notice=NOTICE,
        )
        self.command(reads, propose_standard, propose, division)
        self.command(
            reads, set_standard, SetStandard(actor=OTHER, standard_id=standard_id), division
        )
        return standard_id

    def due(self) -> list[Submission]:
        """What is due and not done, as duties would submit it."""
        return [
            submission_of(entry)
            for kind, submission_of in DUTIES.items()
            for entry in self.store.agenda(kind, self.today, 100)
        ]

    def duties(self) -> None:
        """Do what is due."""
        for kind, submission_of in DUTIES.items():
            for entry in self.store.agenda(kind, self.today, 100):
                self.submit(submission_of(entry)).or_raise()
                self.store.agenda_done([entry])

    def documents(self, *of: type[Any]) -> list[Document[Any]]:
        """What was recorded, of these kinds, in order."""
        found = [read(row) for row in self.store.read_log(0, 1_000_000)]
        return [d for d in found if not of or isinstance(d.data, of)]

    def events(self, *of: type[Any]) -> list[Any]:
        """The events of it."""
        return [document.data for document in self.documents(*of)]

    def state(self, stream: Stream) -> Any:
        """What a stream folds to."""
        rows = self.store.read_stream(stream.id(CELL, self.domain.service))
        return fold(self.domain, stream.aggregate, rows).state

    def case(self, case_id: UUID) -> Determination:
        """A case's determination."""
        found: Determination = self.state(determination_of(case_id))
        return found
