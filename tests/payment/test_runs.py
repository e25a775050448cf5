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
from shared.kernel.spec import spec
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
        given = spec(ENTITLEMENT, on=IN_MAY).beside(ROSTER)
        decided = given.when(entitle(division), open_entitlement)
        decided.then(entry(1), opened(division))
        assert [fact.stream for fact in decided.facts] == [
            roster_of(Programme.DIBAO, TOWNSHIP),
            None,
        ]

    def test_is_opened_once(self) -> None:
        given = spec(ENTITLEMENT, on=IN_MAY).given(opened()).beside(ROSTER, entry(1))
        given.when(entitle(), open_entitlement).refuses("entitlement-open")


class TestPreparing:
    def test_lists_everybody_on_the_roster_in_order(self) -> None:
        lines = (line(1), line(2, amount_fen=300_00))
        run(roster=roster(entry(2, amount_fen=300_00), entry(1))).when(
            preparing(), prepare_run
        ).then(prepared(*lines), page(*lines))

    def test_an_entitlement_that_came_late_gets_all_its_months(self) -> None:
        """Confirmed for April, known in June: April, May and June are on the run of June."""
        beside = roster(entry(1), entry(2, APRIL), listed(MAY, 1))
        lines = (line(1, JUNE), line(2, APRIL), line(2, MAY), line(2, JUNE))
        run(roster=beside, on=IN_JUNE).when(preparing(JUNE), prepare_run).then(
            prepared(*lines, month=JUNE), page(*lines)
        )

    def test_what_starts_later_is_not_on_it(self) -> None:
        lines = (line(1),)
        run(roster=roster(entry(1), entry(2, JUNE))).when(preparing(), prepare_run).then(
            prepared(*lines), page(*lines)
        )

    def test_an_earlier_month_lists_nobody_whom_a_later_run_took_up(self) -> None:
        beside = roster(entry(1, APRIL), listed(JUNE, 1))
        run(roster=beside, on=IN_JUNE).when(preparing(MAY), prepare_run).refuses(
            "nothing-to-pay", month="2020-05"
        )

    def test_with_nobody_to_pay_is_refused(self) -> None:
        run(roster=roster()).when(preparing(), prepare_run).refuses(
            "nothing-to-pay", month="2020-05"
        )

    def test_a_month_that_has_not_begun_is_refused(self) -> None:
        given = run(roster=roster(entry(1)), on=date(2020, 4, 30))
        given.when(preparing(), prepare_run).refuses(
            "run-ahead-of-its-month", month="2020-05", latest="2020-04"
        )
        assert (
            run(roster=roster(entry(1)), on=date(2020, 5, 1)).when(preparing(), prepare_run).events
        )

    @pytest.mark.parametrize("division", [VILLAGE, "350924000000", "350000000000"])
    def test_is_done_for_townships(self, division: str) -> None:
        refusal = (
            run(roster=roster(entry(1)))
            .when(preparing(division=division), prepare_run)
            .refuses("run-is-a-townships", allowed_level="township")
        )
        assert refusal.status == 422

    def test_again_replaces_what_nobody_approved(self) -> None:
        given = run(prepared(line(1)), page(line(1)), roster=roster(entry(1), entry(2)))
        lines = (line(1), line(2))
        decided = given.when(preparing(name="anew"), prepare_run)
        decided.then(
            prepared(*lines, run_id=run_id("anew"), replaces=run_id()), page(*lines, name="anew")
        )
        assert reduce(RUN.evolve, decided.events, given.state).lines == lines

    def test_after_an_approved_run_another_takes_up_who_came_late(self) -> None:
        so_far = (prepared(line(1)), page(line(1)), approved(line(1)))
        beside = roster(entry(1), listed(MAY, 1), entry(2))
        run(*so_far, roster=beside).when(preparing(name="second"), prepare_run).then(
            prepared(line(2), run_id=run_id("second")), page(line(2), name="second")
        )

    def test_after_an_approved_run_with_nobody_new_is_refused(self) -> None:
        so_far = (prepared(line(1)), page(line(1)), approved(line(1)))
        beside = roster(entry(1), listed(MAY, 1))
        run(*so_far, roster=beside).when(preparing(), prepare_run).refuses("nothing-to-pay")


class TestPages:
    COUNT = 2 * RUN_PAGE_LINES + 1

    def test_hold_at_most_four_hundred_lines_and_stay_below_an_events_limit(self) -> None:
        beside = roster(*(entry(number) for number in range(1, self.COUNT + 1)))
        first, *pages = run(roster=beside).when(preparing(), prepare_run).events
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
        given = run(roster=roster(*entries))
        so_far = given.when(preparing(), prepare_run).events
        decided = run(*so_far, roster=roster(*entries)).when(approving(), approve_run)
        released = [e for e in decided.events if isinstance(e, RunPageReleased)]
        assert sum(len(one.lines) for one in released) == self.COUNT
        off = [e for e in decided.events if isinstance(e, RosterMonthsListed)]
        after = spec(ROSTER, on=IN_MAY).given(*entries, *off).state
        assert {one.listed_through for one in after.entries.values()} == {MAY}


class TestApproving:
    LINES = (line(1), line(2))
    SO_FAR = (prepared(*LINES), page(*LINES))
    ROSTER_THEN = roster(entry(1), entry(2))

    def test_by_other_hands_releases_the_run(self) -> None:
        decided = run(*self.SO_FAR, roster=self.ROSTER_THEN).when(approving(), approve_run)
        decided.then(
            RunPageReleased(run_id=run_id(), page=1, lines=self.LINES),
            approved(*self.LINES),
            listed(MAY, 1, 2),
        )
        assert decided.facts[-1].stream == roster_of(Programme.DIBAO, TOWNSHIP)

    def test_takes_every_month_of_a_case_off_the_roster_once(self) -> None:
        lines = (line(1, APRIL), line(1, MAY))
        beside = roster(entry(1, APRIL))
        decided = run(prepared(*lines), page(*lines), roster=beside).when(approving(), approve_run)
        assert decided.events[-1].cases == (case(1),)

    def test_by_the_preparers_own_hand_is_refused(self) -> None:
        refusal = (
            run(*self.SO_FAR, roster=self.ROSTER_THEN)
            .when(approving(PREPARER), approve_run)
            .refuses("same-hands")
        )
        assert (refusal.status, bool(refusal.source)) == (403, True)

    def test_of_a_preparation_that_was_replaced_is_refused(self) -> None:
        so_far = (*self.SO_FAR, prepared(*self.LINES, run_id=run_id("anew")))
        run(*so_far, roster=self.ROSTER_THEN).when(approving(), approve_run).refuses("run-replaced")

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
        run(*self.SO_FAR, roster=beside).when(approving(), approve_run).refuses("run-outdated")

    def test_of_nothing_is_refused(self) -> None:
        run(roster=self.ROSTER_THEN).when(approving(), approve_run).refuses(
            "run-not-prepared", stage="none"
        )

    def test_twice_is_refused(self) -> None:
        so_far = (*self.SO_FAR, approved(*self.LINES))
        given = run(*so_far, roster=roster(entry(1), entry(2), listed(MAY, 1, 2)))
        assert given.state.stage is RunStage.APPROVED
        given.when(approving(), approve_run).refuses("run-not-prepared", stage="approved")


def test_two_runs_prepared_side_by_side_pay_a_month_once() -> None:
    """May's and June's runs both list May; whichever is approved second is outdated."""
    entries = (entry(1), entry(2))
    may = run(roster=roster(*entries), on=IN_JUNE).when(preparing(MAY), prepare_run).events
    june = run(roster=roster(*entries), on=IN_JUNE).when(preparing(JUNE), prepare_run).events
    off = run(*may, roster=roster(*entries)).when(approving(), approve_run).events[-1]
    run(*june, roster=roster(*entries, off)).when(approving(), approve_run).refuses("run-outdated")
    again = run(*june, roster=roster(*entries, off), on=IN_JUNE).when(
        preparing(JUNE, name="anew"), prepare_run
    )
    lines: tuple[RunLine, ...] = again.events[1].lines
    assert {one.month for one in lines} == {JUNE}
