"""What holds whatever happens to a case and in whatever order: as if what fell had never been.

Random steps (changes of income, property and household, standards ahead and of past months,
suspensions, rulings). Beside each that fell lies the same history without the decision.
"""

from __future__ import annotations

from typing import Any

from hypothesis import Phase, example, settings
from hypothesis import given as over
from hypothesis import strategies as st

from services.decision.model import Determination, Stage
from services.payment.model import ByMonth
from shared.calendar import Month
from shared.contracts.appeals import AppealRuling
from shared.contracts.changes import AmountChanged, BenefitStopped, PhaseOutStarted
from shared.contracts.decision import CaseConfirmed, CaseEnded
from shared.contracts.standards import AmountRedetermined
from shared.kernel.event import Event
from tests.decision.histories import Step, lived

MONTHS = [Month(2020, 5).next(n) for n in range(48)]
WAGES = st.sampled_from([700_00, 1_500_00, 2_500_00, 2_900_00, 3_099_99, 3_300_00])
AGO = st.integers(0, 200)
REVOKED, REDO = AppealRuling.REVOKED, AppealRuling.REDO
CHANGES = st.one_of(
    st.tuples(st.just("income"), WAGES, st.one_of(st.none(), AGO)),
    st.tuples(st.just("property"), st.integers(0, 1)),
    st.tuples(st.just("death"), st.sampled_from([1, 1, 2, 9]), AGO),
    st.tuples(st.just("birth"), AGO),
    st.just(("same",)),
)
STEPS = st.one_of(
    CHANGES,
    CHANGES,
    st.tuples(st.just("standard"), st.sampled_from([10_00, 50_00, 110_00]), st.integers(-4, 2)),
    st.sampled_from([("waits",), ("stands",), ("falls", REVOKED), ("falls", REDO)]),
)
DAYS = st.one_of(st.integers(1, 60), st.integers(1, 60), st.integers(60, 400))
HISTORIES = st.lists(st.tuples(STEPS, DAYS), min_size=3, max_size=8)


def steps_of(drawn: list[Any]) -> list[Step]:
    """Numbered; each standard is so much higher than the one before. Time passes after the last."""
    steps, standard_fen = [], 600_00
    for number, ((what, *figures), days) in enumerate(drawn):
        if what == "standard":
            standard_fen += figures[0]
            steps.append(Step(number, days, what, (standard_fen, figures[1])))
        else:
            steps.append(Step(number, days, what, tuple(figures)))
    return [*steps, Step(len(steps), 70, "nothing")]


def paid(events: list[Event]) -> list[int]:
    """What payment pays a month by these events, in fen."""
    due, entitled = ByMonth(), ByMonth()
    for event in events:
        match event:
            case CaseConfirmed():
                entitled = entitled.since(event.pay_from, 1)
                due = due.since(event.pay_from, event.amount_fen)
            case AmountRedetermined() if event.last_month is not None:
                due = due.over(event.from_month, event.last_month, event.amount_fen)
            case AmountChanged() | AmountRedetermined():
                due = due.since(event.from_month, event.amount_fen)
            case PhaseOutStarted():
                due = due.since(event.first_month, event.amount_fen, event.last_month)
            case BenefitStopped():
                due = due.since(event.last_month.next(), 0)
            case CaseEnded() if event.last_month is not None:
                entitled = entitled.until(event.last_month)
    return [(due * entitled).at(month) for month in MONTHS]


def due_to(case: Determination) -> list[int]:
    return [case.amounts.at(month) for month in MONTHS]


def account_of(case: Determination) -> tuple[Any, ...]:
    """Who the household is, what counts of it, and how it stands."""
    last_month = None if case.leaving is None else case.leaving.last_month
    counted = case.income, case.held, case.counted_income_fen, case.withheld
    return case.stage, last_month, case.members, case.family, case.payee, counted


OF_THE_PAST = ("income", 1_500_00, 200)


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
@example(
    [
        (("income", 700_00, None), 10),
        (OF_THE_PAST, 70),
        (("falls", REVOKED), 20),
        (OF_THE_PAST, 20),
        (("falls", REVOKED), 20),
    ]
)
@example(
    [
        (("income", 700_00, None), 10),
        (OF_THE_PAST, 70),
        (("falls", REDO), 20),
        (("standard", 50_00, -2), 20),
    ]
)
@example([(("death", 9, 3), 10), (("waits",), 40), (("standard", 50_00, 1), 5), (("stands",), 60)])
@over(HISTORIES)
def test_what_falls_leaves_the_case_as_if_it_had_never_been_decided(drawn: list[Any]) -> None:
    steps = steps_of(drawn)
    history, taken = lived(steps)
    assert paid(history.events) == due_to(history.case)
    for number, decided in history.fell.items():
        about = {one for one in range(decided, number) if steps[one].what != "standard"}
        to_here = steps[: number + 1]
        fell, _ = lived([*to_here, steps[-1]])
        never, _ = lived([*to_here, steps[-1]], {number, *about})
        assert due_to(fell.case) == due_to(never.case)
        assert account_of(fell.case) == account_of(never.case)
        assert number in taken


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
@over(HISTORIES)
def test_what_is_decided_anew_with_nothing_changed_changes_nothing(drawn: list[Any]) -> None:
    """Once the standards that were set ahead have begun."""
    steps = steps_of(drawn)
    before, _ = lived(steps)
    stays = before.case.stage is Stage.CONFIRMED and before.case.change is None
    again = Step(len(steps), 1, "same"), Step(len(steps) + 1, 70, "nothing")
    anew, taken = lived([*steps, *again])
    later, _ = lived([*steps, *again], {len(steps)})
    assert (len(steps) in taken) >= (stays and before.ordered is None)
    if before.ordered is None:
        assert due_to(anew.case) == due_to(later.case)
        assert account_of(anew.case) == account_of(later.case)
