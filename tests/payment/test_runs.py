"""The month's run: nobody skipped, nobody twice, and never by one hand alone."""

from __future__ import annotations

from datetime import date
from functools import reduce
from uuid import UUID

import pytest

from services.payment.decisions import (
    ApproveRun,
    OpenEntitlement,
    PrepareRun,
    approve_run,
    open_entitlement,
    prepare_run,
)
from services.payment.model import ENTITLEMENT, ROSTER, RUN, RunStage, roster_of
from shared.calendar import Month
from shared.contracts.fields import Programme
from shared.contracts.payment import (
    RUN_PAGE_LINES,
    EntitlementOpened,
    RosterMonthsListed,
    RunLine,
    RunPageReleased,
)
from shared.kernel.event import MAX_DOCUMENT_BYTES
from tests.payment.cases import (
    APPROVER,
    APRIL,
    IN_JUNE,
    IN_MAY,
    JUNE,
    MAY,
    PREPARER,
    TOWNSHIP,
    VILLAGE,
    approved,
    case,
    entry,
    line,
    listed,
    page,
    payee,
    prepared,
    roster,
    run,
    run_id,
)
from tests.specs import Spec


def entitle(division: str = TOWNSHIP) -> OpenEntitlement:
    return OpenEntitlement(
        case_id=case(1),
        programme=Programme.DIBAO,
        division=division,
        payee=payee(1),
        amount_fen=200_00,
        from_month=MAY,
    )


def opened(division: str = TOWNSHIP) -> EntitlementOpened:
    return EntitlementOpened(
        programme=Programme.DIBAO,
        division=division,
        payee=payee(1),
        amount_fen=200_00,
        from_month=MAY,
    )


def preparing(month: Month = MAY, division: str = TOWNSHIP, name: str = "run") -> PrepareRun:
    return PrepareRun(
        actor=PREPARER,
        run_id=run_id(name),
        programme=Programme.DIBAO,
        division=division,
        month=month,
    )


def approving(actor: UUID = APPROVER, name: str = "run") -> ApproveRun:
    return ApproveRun(actor=actor, run_id=run_id(name))


class TestAnEntitlement:
    @pytest.mark.parametrize("division", [TOWNSHIP, VILLAGE])
    def test_enters_its_townships_roster_whoever_took_the_application_in(
        self, division: str
    ) -> None:
        spec = Spec(ENTITLEMENT, (), IN_MAY, (roster(),))
        decided = spec.when(open_entitlement, entitle(division))
        decided.then(entry(1), opened(division))
        assert [fact.stream for fact in decided.facts] == [
            roster_of(Programme.DIBAO, TOWNSHIP),
            None,
        ]

    def test_is_opened_once(self) -> None:
        spec = Spec(ENTITLEMENT, (opened(),), IN_MAY, (roster(entry(1)),))
        spec.when(open_entitlement, entitle()).refused("entitlement-open")


class TestPreparing:
    def test_lists_everybody_on_the_roster_in_order(self) -> None:
        lines = (line(1), line(2, amount_fen=300_00))
        run(beside=roster(entry(2, amount_fen=300_00), entry(1))).when(
            prepare_run, preparing()
        ).then(prepared(*lines), page(*lines))

    def test_an_entitlement_that_came_late_gets_all_its_months(self) -> None:
        """Confirmed for April, known in June: April, May and June are on the run of June."""
        beside = roster(entry(1), entry(2, APRIL), listed(MAY, 1))
        lines = (line(1, JUNE), line(2, APRIL), line(2, MAY), line(2, JUNE))
        run(beside=beside, on=IN_JUNE).when(prepare_run, preparing(JUNE)).then(
            prepared(*lines, month=JUNE), page(*lines)
        )

    def test_what_starts_later_is_not_on_it(self) -> None:
        lines = (line(1),)
        run(beside=roster(entry(1), entry(2, JUNE))).when(prepare_run, preparing()).then(
            prepared(*lines), page(*lines)
        )

    def test_an_earlier_month_lists_nobody_whom_a_later_run_took_up(self) -> None:
        beside = roster(entry(1, APRIL), listed(JUNE, 1))
        run(beside=beside, on=IN_JUNE).when(prepare_run, preparing(MAY)).refused(
            "nothing-to-pay", month="2020-05"
        )

    def test_with_nobody_to_pay_is_refused(self) -> None:
        run(beside=roster()).when(prepare_run, preparing()).refused(
            "nothing-to-pay", month="2020-05"
        )

    def test_a_month_that_has_not_begun_is_refused(self) -> None:
        spec = run(beside=roster(entry(1)), on=date(2020, 4, 30))
        spec.when(prepare_run, preparing()).refused(
            "run-ahead-of-its-month", month="2020-05", latest="2020-04"
        )
        assert (
            run(beside=roster(entry(1)), on=date(2020, 5, 1)).when(prepare_run, preparing()).events
        )

    @pytest.mark.parametrize("division", [VILLAGE, "350924000000", "350000000000"])
    def test_is_done_for_townships(self, division: str) -> None:
        refusal = (
            run(beside=roster(entry(1)))
            .when(prepare_run, preparing(division=division))
            .refused("run-is-a-townships", allowed_level="township")
        )
        assert refusal.status == 422

    def test_again_replaces_what_nobody_approved(self) -> None:
        spec = run(prepared(line(1)), page(line(1)), beside=roster(entry(1), entry(2)))
        lines = (line(1), line(2))
        decided = spec.when(prepare_run, preparing(name="anew"))
        decided.then(
            prepared(*lines, run_id=run_id("anew"), replaces=run_id()), page(*lines, name="anew")
        )
        assert reduce(RUN.evolve, decided.events, spec.state).lines == lines

    def test_after_an_approved_run_another_takes_up_who_came_late(self) -> None:
        so_far = (prepared(line(1)), page(line(1)), approved(line(1)))
        beside = roster(entry(1), listed(MAY, 1), entry(2))
        run(*so_far, beside=beside).when(prepare_run, preparing(name="second")).then(
            prepared(line(2), run_id=run_id("second")), page(line(2), name="second")
        )

    def test_after_an_approved_run_with_nobody_new_is_refused(self) -> None:
        so_far = (prepared(line(1)), page(line(1)), approved(line(1)))
        beside = roster(entry(1), listed(MAY, 1))
        run(*so_far, beside=beside).when(prepare_run, preparing()).refused("nothing-to-pay")


class TestPages:
    COUNT = 2 * RUN_PAGE_LINES + 1

    def test_hold_at_most_four_hundred_lines_and_stay_below_an_events_limit(self) -> None:
        beside = roster(*(entry(number) for number in range(1, self.COUNT + 1)))
        first, *pages = run(beside=beside).when(prepare_run, preparing()).events
        assert (first.payments, first.pages, first.total_fen) == (
            self.COUNT,
            3,
            self.COUNT * 200_00,
        )
        assert [len(one.lines) for one in pages] == [RUN_PAGE_LINES, RUN_PAGE_LINES, 1]
        assert [one.page for one in pages] == [1, 2, 3]
        assert max(len(one.model_dump_json()) for one in pages) < MAX_DOCUMENT_BYTES / 2

    def test_are_all_released_and_every_case_taken_off_the_roster(self) -> None:
        entries = [entry(number) for number in range(1, self.COUNT + 1)]
        spec = run(beside=roster(*entries))
        so_far = spec.when(prepare_run, preparing()).events
        decided = run(*so_far, beside=roster(*entries)).when(approve_run, approving())
        released = [e for e in decided.events if isinstance(e, RunPageReleased)]
        assert sum(len(one.lines) for one in released) == self.COUNT
        off = [e for e in decided.events if isinstance(e, RosterMonthsListed)]
        after = reduce(ROSTER.evolve, off, roster(*entries))
        assert {one.listed_through for one in after.entries.values()} == {MAY}


class TestApproving:
    LINES = (line(1), line(2))
    SO_FAR = (prepared(*LINES), page(*LINES))
    ROSTER_THEN = roster(entry(1), entry(2))

    def test_by_other_hands_releases_the_run(self) -> None:
        decided = run(*self.SO_FAR, beside=self.ROSTER_THEN).when(approve_run, approving())
        decided.then(
            RunPageReleased(run_id=run_id(), page=1, lines=self.LINES),
            approved(*self.LINES),
            listed(MAY, 1, 2),
        )
        assert decided.facts[-1].stream == roster_of(Programme.DIBAO, TOWNSHIP)

    def test_takes_every_month_of_a_case_off_the_roster_once(self) -> None:
        lines = (line(1, APRIL), line(1, MAY))
        beside = roster(entry(1, APRIL))
        decided = run(prepared(*lines), page(*lines), beside=beside).when(approve_run, approving())
        assert decided.events[-1].cases == (case(1),)

    def test_by_the_preparers_own_hand_is_refused(self) -> None:
        refusal = (
            run(*self.SO_FAR, beside=self.ROSTER_THEN)
            .when(approve_run, approving(PREPARER))
            .refused("same-hands")
        )
        assert (refusal.status, bool(refusal.source)) == (403, True)

    def test_of_a_preparation_that_was_replaced_is_refused(self) -> None:
        so_far = (*self.SO_FAR, prepared(*self.LINES, run_id=run_id("anew")))
        run(*so_far, beside=self.ROSTER_THEN).when(approve_run, approving()).refused("run-replaced")

    @pytest.mark.parametrize(
        "meanwhile",
        [
            (entry(3),),
            (listed(MAY, 1),),
            (entry(1, amount_fen=100_00),),
        ],
        ids=["somebody-new", "paid-by-another-run", "another-amount"],
    )
    def test_of_lines_that_the_roster_no_longer_has_open_is_refused(
        self, meanwhile: tuple[RosterMonthsListed, ...]
    ) -> None:
        beside = roster(entry(1), entry(2), *meanwhile)
        run(*self.SO_FAR, beside=beside).when(approve_run, approving()).refused("run-outdated")

    def test_of_nothing_is_refused(self) -> None:
        run(beside=self.ROSTER_THEN).when(approve_run, approving()).refused(
            "run-not-prepared", stage="none"
        )

    def test_twice_is_refused(self) -> None:
        so_far = (*self.SO_FAR, approved(*self.LINES))
        spec = run(*so_far, beside=roster(entry(1), entry(2), listed(MAY, 1, 2)))
        assert spec.state.stage is RunStage.APPROVED
        spec.when(approve_run, approving()).refused("run-not-prepared", stage="approved")


def test_two_runs_prepared_side_by_side_pay_a_month_once() -> None:
    """May's and June's runs both list May; whichever is approved second is outdated."""
    entries = (entry(1), entry(2))
    may = run(beside=roster(*entries), on=IN_JUNE).when(prepare_run, preparing(MAY)).events
    june = run(beside=roster(*entries), on=IN_JUNE).when(prepare_run, preparing(JUNE)).events
    off = run(*may, beside=roster(*entries)).when(approve_run, approving()).events[-1]
    run(*june, beside=roster(*entries, off)).when(approve_run, approving()).refused("run-outdated")
    again = run(*june, beside=roster(*entries, off), on=IN_JUNE).when(
        prepare_run, preparing(JUNE, name="anew")
    )
    lines: tuple[RunLine, ...] = again.events[1].lines
    assert {one.month for one in lines} == {JUNE}
