"""A share that was withheld for refused work, and an appeal by which that falls."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import ReopenConsequence, reopen_consequence
from services.decision.model import DETERMINATION, WORK, WorkRecord, work_of
from shared.calendar import Month
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.changes import HouseholdChangeCause, HouseholdChanged
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeSubject
from shared.contracts.standards import AmountRedetermined
from shared.kernel.event import Event
from shared.kernel.spec import spec
from tests.decision.appeals import APPEAL_ID, restored
from tests.decision.dayao import JULY, SON, THREE, in_benefit, policy
from tests.decision.household import CHANGE, OTHER, given
from tests.decision.levelling import levels
from tests.decision.office import Office
from tests.decision.standards import standard_set
from tests.decision.work import CONSEQUENCE, STOP, THRICE, answered, decided, waiting
from tests.verification.household import APPLICANT, CASE, DAYAO

WITHHELD = decided(STOP).events
"""What the consequence was, and the amount of 400: a third of 600 is the son's."""

REVOKED = DecisionRevoked(
    appeal_id=APPEAL_ID,
    restorer=OTHER,
    programme=Programme.DIBAO,
    division=DAYAO,
    subject=NoticeSubject.AMOUNT_CHANGED,
    change_id=CONSEQUENCE,
    redo=True,
    from_month=Month(2020, 8),
    payee=APPLICANT,
)
REOPEN = ReopenConsequence(consequence_id=CONSEQUENCE)
DECIDED_ONCE: tuple[Event, ...] = (*THRICE, WITHHELD[0])


def reopening(*record: Event, case: tuple[Event, ...] = ()) -> Any:
    household = (*in_benefit(), WITHHELD[1], REVOKED, *case)
    beside = spec(WORK, on=JULY, policy=policy()).given(*record)
    return beside.beside(DETERMINATION, *household).when(REOPEN, reopen_consequence)


class TestToBeDecidedAnew:
    @pytest.mark.parametrize(("redo", "waits"), [(True, [CONSEQUENCE]), (False, [])])
    def test_it_waits_again_for_new_hands(self, redo: bool, waits: list[Any]) -> None:
        office = Office(date(2020, 8, 5))
        office.record(CASE, *in_benefit(), region=DAYAO)

        def recorded(*_rest: Any) -> Any:
            return list(DECIDED_ONCE)

        office.command((work_of(CASE),), recorded, None, DAYAO)
        office.record(CASE, WITHHELD[1], REVOKED.model_copy(update={"redo": redo}), region=DAYAO)
        office.follow()
        record: WorkRecord = office.state(work_of(CASE))
        assert list(record.waiting) == waits
        assert office.case(CASE).hands("survey")["revoked_decision"] == {OTHER}

    def test_under_the_regime_of_the_day_it_first_opened(self) -> None:
        reopening(*DECIDED_ONCE).then(waiting())

    def test_not_where_a_later_refusal_waits_already(self) -> None:
        later = answered(4, 4), waiting(refusals=4, consequence_id=CHANGE)
        reopening(*DECIDED_ONCE, *later).then()

    def test_not_of_who_has_left_the_household_nor_what_was_a_report(self) -> None:
        left = HouseholdChanged(
            change_id=CHANGE,
            programme=Programme.DIBAO,
            division=DAYAO,
            cause=HouseholdChangeCause.MOVED_OUT,
            happened_on=JULY,
            members=tuple(m for m in THREE if m.person_id != SON),
            left=(SON,),
            joined=(),
            payee=APPLICANT,
            from_month=Month(2020, 8),
        )
        reopening(*DECIDED_ONCE, case=(left,)).then()
        reopening().then()


def test_with_a_standard_that_rose_meanwhile_every_month_has_its_whole_gap_again() -> None:
    """375 to 400 from September on: 3 × 400 − 525 is 675, of which a third was withheld."""
    raised = standard_set(400_00, Month(2020, 9), division="532326000000")
    case = (*in_benefit(), WITHHELD[1])
    (event,) = levels(*case, on=date(2020, 9, 1), standards=(raised,))
    assert isinstance(event, AmountRedetermined)
    assert (event.amount_fen, event.withheld_fen) == (450_00, 225_00)
    months = [Month(2020, n) for n in (7, 8, 9, 10)]
    fell = restored(
        given(*case, event, on=date(2020, 10, 6)),
        raised,
        subject=NoticeSubject.AMOUNT_CHANGED,
        change_id=CONSEQUENCE,
        filed_on=date(2020, 9, 10),
    )
    assert [fell.amounts.at(month) // 100 for month in months] == [600, 600, 675, 675]
    assert (fell.withheld, fell.withheld_fen) == ((), 0)
