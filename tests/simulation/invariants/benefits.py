"""What households are due month by month: by their own figures, and by what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from shared.calendar import Month
from shared.contracts.care import SelfCareAssessed
from shared.contracts.changes import AmountChanged, BenefitStopped, PhaseOutStarted
from shared.contracts.decision import BenefitProposed, CaseConfirmed, CaseEnded
from tests.simulation.findings import Invariant, require
from tests.simulation.invariants.history import History
from tests.simulation.scenes import Scene

if TYPE_CHECKING:
    from tests.simulation.households import Household
    from tests.simulation.world import World

PHASE_OUT_MONTHS: Final = 12

Due = dict[tuple[UUID, Month], tuple[UUID, int]]
"""Payee and amount in fen, by case and month; nothing for a month without money."""


@dataclass
class Months:
    """Amounts in fen by month: each from its month on, until the next one."""

    steps: list[tuple[Month, int]] = field(default_factory=list)

    def set(self, first: Month, fen: int) -> None:
        """Another amount from a month on, whatever was set for later ones."""
        self.steps = [*(step for step in self.steps if step[0] < first), (first, fen)]

    def at(self, month: Month) -> int:
        """The amount of a month."""
        return next((fen for first, fen in reversed(self.steps) if first <= month), 0)


@dataclass
class Entitled:
    """What a case is due: the benefit, and the care supplement, once it is confirmed."""

    payee: UUID
    since: Month | None = None
    benefit: Months = field(default_factory=Months)
    care: Months = field(default_factory=Months)

    def at(self, month: Month) -> int:
        """What is due for a month, in fen."""
        if self.since is None or month < self.since:
            return 0
        benefit_fen = self.benefit.at(month)
        return benefit_fen + self.care.at(month) if benefit_fen else 0


def what_is_due(
    households: Mapping[UUID, Household], histories: Mapping[str, History], last_month: Month
) -> Due:
    """What the confirmed are due, by the households' own figures; they are also what was said."""
    entitled: dict[UUID, Entitled] = {}
    kinds = BenefitProposed, CaseConfirmed, AmountChanged, PhaseOutStarted, BenefitStopped
    for document in histories["decision"].events(*kinds):
        household = households[document.subject]
        known = entitled.setdefault(document.subject, Entitled(household.applicant))
        _decided(household, known, document)
    for document in histories["care"].events(SelfCareAssessed):
        known, scene = entitled[document.subject], households[document.subject].scene
        _assessed(known, scene, document.data)
    return {
        (case_id, month): (known.payee, fen)
        for case_id, known in entitled.items()
        if known.since is not None
        for month in known.since.through(last_month)
        if (fen := known.at(month))
    }


def _decided(household: Household, known: Entitled, document: Any) -> None:
    """Follow one decision; raises ``Finding`` where it says another thing than is due."""
    event, next_month = document.data, Month.of(document.effective_on).next()
    match event:
        case BenefitProposed():
            said, due = (event.amount_fen,), (household.due_fen,)
        case CaseConfirmed():
            said, due = (event.amount_fen, event.pay_from), (household.due_fen, next_month)
            known.since = next_month
            known.benefit.set(next_month, household.due_fen)
        case AmountChanged():
            fen = household.change(event.change_id).due_fen
            said, due = (event.amount_fen, event.from_month), (fen, next_month)
            known.benefit.set(next_month, fen)
        case PhaseOutStarted():
            fen, last = known.benefit.at(next_month), next_month.next(PHASE_OUT_MONTHS - 1)
            said = event.amount_fen, event.first_month, event.last_month
            due = fen, next_month, last
            known.benefit.set(next_month, fen)
            known.benefit.set(last.next(), 0)
        case BenefitStopped():
            said, due = (event.last_month,), (next_month.previous(),)
            known.benefit.set(next_month, 0)
    text = f"{document.subject}: {type(event).__name__} says {said}, due is {due}"
    require(said == due, Invariant.CLIENTS_UNTROUBLED, text)


def _assessed(known: Entitled, scene: Scene, event: SelfCareAssessed) -> None:
    fen = scene.care_fen[event.level] if scene.care_fen else 0
    said, due = (event.care_fen, event.from_month), (fen, Month.of(event.assessed_on).next())
    text = f"assessed on {event.assessed_on} as {event.level}: {said}, due is {due}"
    require(said == due, Invariant.CLIENTS_UNTROUBLED, text)
    known.care.set(due[1], fen)


def cases_ended(world: World, history: History) -> None:
    """A household that left is over the day after its last month, once, unless it came back."""
    leaving: dict[UUID, Month] = {}
    for document in history.events(AmountChanged, PhaseOutStarted, BenefitStopped):
        if isinstance(document.data, AmountChanged):
            leaving.pop(document.subject, None)
        else:
            leaving[document.subject] = document.data.last_month
    over = {
        (case_id, last.next().first_day, last)
        for case_id, last in leaving.items()
        if last.next().first_day <= world.today
    }
    ended = Counter(
        (d.subject, d.effective_on, d.data.last_month)
        for d in history.events(CaseEnded)
        if d.data.last_month is not None
    )
    text = f"over are {over}, ended {ended}"
    require(ended == Counter(over), Invariant.COMMANDS_ONCE, text)
