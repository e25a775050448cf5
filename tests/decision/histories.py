"""Histories of a case by steps that can be gone through again with one of them left out.

The story's household from May 2020 on: changes of income and of the household, standards its county
sets, and appeals against the latest decision. What does not fit a day is refused and not taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from services.decision.decisions import (
    ApplyStandard,
    DecideChange,
    EndCase,
    OrderSuspension,
    RecordRuling,
    ReportChange,
    apply_standard,
    by_recorded_standards,
    carry_out_ruling,
    decide_change,
    end_case,
    order_suspension,
    record_ruling,
    report_change,
)
from services.decision.decisions.levelling import after
from services.decision.model import APPEAL, DETERMINATION, STANDARDS, Determination, Redetermination
from services.decision.rules import entitlement
from shared.calendar import Month
from shared.clock import instant_of
from shared.contracts.appeals import AppealFiled, AppealRuling
from shared.contracts.changes import (
    AmountChanged,
    BenefitStopped,
    HouseholdChange,
    HouseholdChangeCause,
    PhaseOutStarted,
    PropertyHeld,
)
from shared.contracts.fields import Member, Relation
from shared.contracts.notices import NoticeSubject
from shared.contracts.standards import StandardSet
from shared.kernel.decider import HOUSE, Decide, Fact, Moment, Refusal
from shared.kernel.event import Event
from tests.decision.appeals import carry_out, filed, ruled
from tests.decision.household import CONFIRMED, REPORTER, policy
from tests.decision.standards import standard_set
from tests.verification.household import CASE, DEDUCTIONS, HUSBAND, note, wage

SUBJECTS = {
    AmountChanged: NoticeSubject.AMOUNT_CHANGED,
    PhaseOutStarted: NoticeSubject.PHASE_OUT,
    BenefitStopped: NoticeSubject.STOP,
}


class Step(NamedTuple):
    """What is done some days after the step before; ``number`` names its ids."""

    number: int
    days: int
    what: str
    figures: tuple[Any, ...] = ()


class Appealable(NamedTuple):
    """A decision, by the step that took it."""

    step: int
    change_id: UUID
    subject: NoticeSubject


@dataclass
class History:
    """A case as steps have made it; ``decided`` are the decisions that stand, ``refused`` steps."""

    on: date = date(2020, 5, 20)
    events: list[Event] = field(default_factory=lambda: list(CONFIRMED))
    case: Determination = field(
        default_factory=lambda: reduce(DETERMINATION.evolve, CONFIRMED, DETERMINATION.initial)
    )
    county: Any = STANDARDS.initial
    ahead: list[StandardSet] = field(default_factory=list)
    decided: list[Appealable] = field(default_factory=list)
    fell: dict[int, int] = field(default_factory=dict)
    ordered: tuple[AppealFiled, Event] | None = None

    def go(self, step: Step) -> bool:
        """Whether a step was taken, once its days are over."""
        for _ in range(step.days):
            self.on += timedelta(days=1)
            self.begin()
        try:
            getattr(self, step.what)(step.number, *step.figures)
        except Refusal:
            return False
        self.begin()
        return True

    def begin(self) -> None:
        """What falls due on a day."""
        self.take(end_case(self.case, EndCase(), self.at))
        for standard in [one for one in self.ahead if one.from_month.first_day <= self.on]:
            self.ahead.remove(standard)
            self.apply(standard)

    @property
    def at(self) -> Moment:
        return Moment(instant_of(self.on), self.on, policy())

    @property
    def role(self) -> str:
        """Who decides here on a day."""
        regime = entitlement.regime_on(self.case.known_account(), self.on, self.at)
        return f"{regime.code('procedure_decided_by')}_approver"

    @property
    def around(self) -> tuple[Any, ...]:
        return STANDARDS.initial, STANDARDS.initial, self.county

    def take(self, facts: Iterable[Event | Fact]) -> None:
        """This was recorded, as far as it is the case's own."""
        for fact in facts:
            event, stream = (fact.event, fact.stream) if isinstance(fact, Fact) else (fact, None)
            if stream is None or stream.aggregate == DETERMINATION.name:
                self.events.append(event)
                self.case = DETERMINATION.evolve(self.case, event)

    def by_standards(self, decide: Decide, command: Any, *beside: Any) -> list[Any]:
        decided = by_recorded_standards(decide, len(beside))
        return list(decided(self.case, *beside, *self.around, command, self.at))

    def nothing(self, _number: int) -> None:
        """A step that is left out."""

    def income(self, number: int, wages_fen: int, days_ago: int | None) -> None:
        self._change(number, wages_fen, days_ago)

    def same(self, number: int) -> None:
        """Reported and decided anew with everything as it is."""
        self._change(number, None, None)

    def property(self, number: int, vehicles: int) -> None:
        self._change(
            number,
            None,
            None,
            property=PropertyHeld(deposits_fen=0, houses=1, vehicles=vehicles),
        )

    def death(self, number: int, how_many: int, days_ago: int) -> None:
        """The last of the household, so many, or all."""
        people = self.case.people()
        left = people[-how_many:] if how_many < len(people) else people
        stay = [one for one in people if one not in left]
        named = stay[0] if stay and self.case.payee in left else None
        cause = HouseholdChangeCause.DEATH
        died = HouseholdChange(cause=cause, left=left, certificate="0" * 64, payee=named)
        self._change(number, None, days_ago, household=died, without=left)

    def birth(self, number: int, days_ago: int) -> None:
        child = Member(person_id=_id("child", number), relation=Relation.CHILD)
        born = HouseholdChange(cause=HouseholdChangeCause.BIRTH, joined=(child,))
        self._change(number, None, days_ago, household=born)

    def _change(
        self,
        number: int,
        wages_fen: int | None,
        days_ago: int | None,
        without: Sequence[UUID] = (),
        **more: Any,
    ) -> None:
        if not self.case.members:
            raise Refusal("nobody-left")
        change_id = _id("change", number)
        known = {line.person_id: line.amount_fen for line in self.case.income}
        if wages_fen is not None and HUSBAND in self.case.people():
            known[HUSBAND] = wages_fen
        report = ReportChange(
            change_id=change_id,
            reporter=REPORTER,
            income=tuple(wage(who, fen) for who, fen in known.items() if who not in without),
            deductions=DEDUCTIONS,
            explanation=note("change"),
            happened_on=None if days_ago is None else self.on - timedelta(days=days_ago),
            **more,
        )
        reported = list(report_change(self.case, report, self.at))
        decide = by_recorded_standards(decide_change)
        command = DecideChange(actor=_id("decider", number), role=self.role, change_id=change_id)
        facts = list(decide(after(self.case, reported), *self.around, command, self.at))
        outcomes = [
            type(fact.event)
            for fact in facts
            if type(fact.event) in SUBJECTS and fact.event.change_id == change_id
        ]
        self.take([*reported, *facts])
        if outcomes:
            self.decided.append(Appealable(number, change_id, SUBJECTS[outcomes[-1]]))
        self.ordered = None

    def standard(self, number: int, fen: int, ahead: int) -> None:
        """The county sets one, no lower than any before, for a month so many from this one."""
        this = Month.of(self.on)
        month = this.next(ahead) if ahead >= 0 else this.previous(-ahead)
        last = [one.from_month for one in self.county.all_set()]
        if month < max(last, default=Month(2020, 5)):
            raise Refusal("later-standard-set")
        was_set = standard_set(fen, month, standard_id=_id("standard", number))
        self.county = STANDARDS.evolve(self.county, was_set)
        if month > this:
            self.ahead.append(was_set)
        else:
            self.apply(was_set)

    def apply(self, standard: StandardSet) -> None:
        """A page of the standard's re-determination; not of who had left before its month."""
        ended = self.case.ended
        over = None if ended is None else ended.last_month
        if over is not None and over < standard.from_month:
            return
        command = ApplyStandard(
            standard_id=standard.standard_id,
            from_month=standard.from_month,
            page=1,
            cases=(CASE,),
        )
        facts = apply_standard(Redetermination(), *self.around, self.case, command, self.at)
        self.take(fact for fact in facts if isinstance(fact, Fact) and fact.stream is not None)

    def waits(self, number: int) -> None:
        """The latest decision is suspended."""
        if not self.decided or self.ordered is not None:
            raise Refusal("nothing-to-suspend")
        appeal = self._filed(number)
        command = OrderSuspension(
            case_id=CASE,
            appeal_id=appeal.appeal_id,
            recorder=REPORTER,
            order=note("order"),
        )
        facts = self.by_standards(order_suspension, command, APPEAL.evolve(APPEAL.initial, appeal))
        told = (fact for fact in facts if isinstance(fact, Fact) and fact.stream is not None)
        (order,) = (fact.event for fact in told)
        self.take(facts)
        self.ordered = appeal, order

    def stands(self, _number: int) -> None:
        """It was suspended, and stands."""
        if self.ordered is None:
            raise Refusal("nothing-suspended")
        appeal = reduce(APPEAL.evolve, self.ordered, APPEAL.initial)
        upheld = ruled(AppealRuling.UPHELD).model_copy(
            update={"appeal_id": self.ordered[0].appeal_id, "ruled_on": self.on}
        )
        command = RecordRuling(**{**upheld.model_dump(), "case_id": CASE})
        self.take(self.by_standards(record_ruling, command, appeal))
        self.ordered = None

    def falls(self, number: int, ruling: AppealRuling) -> None:
        """The latest decision is taken back."""
        if not self.decided:
            raise Refusal("nothing-to-carry-out")
        appeal = self._filed(number)
        fell = ruled(ruling).model_copy(update={"appeal_id": appeal.appeal_id})
        state = reduce(APPEAL.evolve, (appeal, fell), APPEAL.initial)
        command = carry_out(appeal_id=appeal.appeal_id, role=self.role)
        self.take(self.by_standards(carry_out_ruling, command, state))
        self.fell[number] = self.decided.pop().step
        self.ordered = None

    def _filed(self, number: int) -> AppealFiled:
        latest = self.decided[-1]
        return filed(
            latest.subject,
            change_id=latest.change_id,
            appeal_id=_id("appeal", number),
            filed_on=self.on,
        )


def lived(steps: Iterable[Step], without: Collection[int] = ()) -> tuple[History, set[int]]:
    """A history by its steps, but for some, whose days pass all the same; and which were taken."""
    history, taken = History(), set[int]()
    for step in steps:
        if step.number in without:
            history.go(step._replace(what="nothing", figures=()))
        elif history.go(step):
            taken.add(step.number)
    return history, taken


def _id(name: str, number: int) -> UUID:
    return uuid5(HOUSE, f"tests/histories/{name}/{number}")
