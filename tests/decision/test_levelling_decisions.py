"""Decisions on a case go by the recorded standards: each month's amount by that month's."""

from __future__ import annotations

from datetime import date

from services.decision.decisions import (
    Decide,
    DecideChange,
    Propose,
    by_recorded_standards,
    confirm,
    decide_change,
    propose,
)
from shared.calendar import Month
from shared.contracts.decision import CaseConfirmed
from shared.contracts.standards import StandardKind, StandardSet
from shared.kernel.spec import Decided
from tests.decision.household import (
    CHANGE,
    CONFIRMED,
    OTHER,
    PROPOSER,
    UP_TO_SECOND,
    confirmed,
    given,
    opened,
    proposed,
    reported,
)
from tests.decision.levelling import IN_JULY, IN_JUNE, around, levels, redetermined
from tests.decision.standards import JULY, STANDARD, floor_set, standard_set
from tests.verification.household import note


class TestADecision:
    """Reads the standards in the turn in which it is taken."""

    def proposes(self, on: date, accepted_on: date, *of_county: StandardSet) -> Decided:
        case = around(given(opened(accepted_on=accepted_on), on=on), *of_county)
        command = Propose(actor=PROPOSER, explanation=note("explanation"))
        return case.when(command, by_recorded_standards(propose))

    def test_on_an_application_keeps_the_standard_of_the_day_it_was_accepted(self) -> None:
        last, first = date(2020, 6, 30), date(2020, 7, 1)
        (_, before) = self.proposes(date(2020, 7, 7), last, standard_set()).events
        assert (before.standard_fen, before.amount_fen) == (600_00, 200_00)
        (_, since) = self.proposes(date(2020, 7, 7), first, standard_set()).events
        assert (since.standard_fen, since.amount_fen) == (650_00, 400_00)
        used = {p.name: p for p in since.parameters}["standard_monthly_fen"]
        assert (used.value, used.standard_id) == (650_00, STANDARD)

    def confirms(self, on: date, *of_county: StandardSet) -> Decided:
        case = around(given(*UP_TO_SECOND, on=on), *of_county)
        command = Decide(actor=OTHER, role="township_approver")
        return case.when(command, by_recorded_standards(confirm))

    def test_to_confirm_pays_by_the_standard_of_the_first_month(self) -> None:
        kept, raised = self.confirms(IN_JUNE, standard_set()).events
        assert isinstance(kept, CaseConfirmed)
        assert (kept.amount_fen, kept.pay_from) == (200_00, JULY)
        assert raised == redetermined()
        (alone,) = self.confirms(date(2020, 5, 31), standard_set()).events
        assert alone.pay_from == Month(2020, 6)

    def decides(self, reported_on: date, on: date, wages_fen: int = 2_800_00) -> Decided:
        case = given(*CONFIRMED, reported(wages_fen, reported_on), on=on)
        command = {"actor": OTHER, "role": "township_approver", "change_id": CHANGE}
        return around(case, standard_set()).when(
            DecideChange(**command), by_recorded_standards(decide_change)
        )

    def test_on_a_change_opened_before_pays_by_the_standard_of_the_month_it_counts_from(
        self,
    ) -> None:
        """Wages of 2,800 less 700: 300 yuan a month by 600, of the day on which the change was
        opened, and 500 by 650, of the month.
        """
        changed, raised = self.decides(IN_JUNE, IN_JUNE).events
        assert (changed.standard_fen, changed.amount_fen) == (600_00, 300_00)
        assert (raised.from_month, raised.amount_fen) == (JULY, 500_00)

    def test_taken_late_first_brings_the_months_before_up(self) -> None:
        """Decided in July before July's cases were gone through: July is still paid by the
        account that counted then, August by the one that was decided.
        """
        july, changed, august = self.decides(IN_JUNE, date(2020, 7, 2)).events
        assert july == redetermined()
        assert (changed.from_month, changed.amount_fen) == (Month(2020, 8), 300_00)
        assert (august.from_month, august.amount_fen) == (Month(2020, 8), 500_00)

    def test_of_what_opened_after_needs_nothing_more(self) -> None:
        july, changed = self.decides(IN_JULY, IN_JULY).events
        assert july == redetermined()
        assert (changed.standard_fen, changed.amount_fen) == (650_00, 500_00)

    def test_to_phase_out_freezes_what_is_paid_by_then(self) -> None:
        july, leaving = self.decides(IN_JULY, IN_JULY, wages_fen=3_300_01).events
        assert july == redetermined()
        assert (leaving.first_month, leaving.amount_fen) == (Month(2020, 8), 400_00)

    def test_without_recorded_standards_is_what_it_was(self) -> None:
        assert self.confirms(IN_JUNE).events == (confirmed(pay_from=JULY),)

    def test_asks_no_file_for_a_month_whose_standard_is_recorded_elsewhere(self) -> None:
        """A floor, or a standard of what the case is not paid by, is no reason to look."""
        nowhere = confirmed(division="440100001000")
        of_tekun = standard_set(kind=StandardKind.TEKUN_BASIC, division="440100000000")
        case = (opened(division="440100001000"), proposed(), nowhere)
        assert levels(*case, standards=(floor_set(), of_tekun)) == []
