"""A changed standard goes through every case it touches, page by page, each exactly once."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

import pytest

from services.decision.model import redetermination_of
from services.decision.reactions import OWN
from services.decision.views.redeterminations import RedeterminationRow, fold
from shared.calendar import Month
from shared.contracts.decision import CaseConfirmed, CaseEnded, EndReason
from shared.contracts.fields import Programme
from shared.contracts.standards import (
    REDETERMINATION_PAGE_CASES,
    AmountRedetermined,
    CaseloadEntered,
    CaseloadLeft,
    CaseloadPartOpened,
    RedeterminationListed,
    RedeterminationPageApplied,
    RedeterminationPageListed,
    RedeterminationStarted,
    StandardForce,
    StandardKind,
    StandardReviewOpened,
)
from shared.kernel.decider import HOUSE
from tests.decision.changes import PHASE_OUT
from tests.decision.household import FOUR, OTHER, reported
from tests.decision.office import Office
from tests.decision.standards import COUNTY, JULY, PREFECTURE, PROVINCE

JUNE_30, JULY_1 = date(2020, 6, 30), date(2020, 7, 1)
ONE, TWO, ELSEWHERE = "350924100000", "350924101000", "350925100000"
"""Two townships of the county, and one of its neighbour in the same prefecture."""

OTHER_PREFECTURE = "350102001000"


def cases(number: int, name: str = "case") -> list[UUID]:
    return [uuid5(HOUSE, f"tests/{name}/{n}") for n in range(number)]


def office() -> Office:
    """On the last day of June, under a floor of 300 yuan."""
    made = Office(JUNE_30)
    made.set(PROVINCE, 300_00, JULY, force=StandardForce.FLOOR)
    return made


def through(made: Office) -> None:
    """July begins, and all that follows of it."""
    made.follow()
    made.today = JULY_1
    made.duties()
    made.follow()


class TestTheCaseload:
    def test_of_a_township_has_who_is_in_benefit_and_each_part_is_known_above(self) -> None:
        made = office()
        made.live(cases(2), ONE)
        made.live(cases(1, "other"), TWO)
        made.live(cases(1, "village"), "350924100206")
        made.follow()
        assert [e.division for e in made.events(CaseloadEntered)] == [ONE, ONE, TWO, ONE]
        opened = [e.part for e in made.events(CaseloadPartOpened)]
        assert opened == [ONE, COUNTY, PREFECTURE, TWO]

    def test_is_left_with_the_case(self) -> None:
        made = office()
        (case_id,) = cases(1)
        made.live([case_id], ONE)
        ended = CaseEnded(
            programme=Programme.DIBAO,
            division=ONE,
            members=FOUR,
            reason=EndReason.STOPPED,
            last_month=Month(2020, 6),
        )
        made.record(case_id, ended)
        made.follow()
        assert [e.case_id for e in made.events(CaseloadLeft)] == [case_id]
        made.set(COUNTY, 650_00, JULY)
        through(made)
        (listed,) = made.events(RedeterminationListed)
        assert (listed.cases, listed.pages) == (0, 0)
        assert made.events(RedeterminationPageListed, AmountRedetermined) == []

    def test_of_tekun_is_another(self) -> None:
        made = office()
        made.live(cases(1), ONE)
        made.live(cases(1, "tekun"), ONE, programme=Programme.TEKUN)
        made.set(COUNTY, 650_00, JULY)
        through(made)
        assert [e.programme for e in made.events(CaseloadEntered)] == ["dibao", "tekun"]
        assert [e.cases for e in made.events(RedeterminationPageListed)] == [tuple(cases(1))]


class TestACountysStandard:
    def test_begins_on_its_first_day_and_not_before(self) -> None:
        made = office()
        made.live(cases(3), ONE)
        made.set(COUNTY, 650_00, JULY)
        made.follow()
        made.duties()
        assert made.events(RedeterminationStarted) == []
        through(made)
        assert [e.amount_fen for e in made.events(AmountRedetermined)] == [400_00] * 3
        assert {d.effective_on for d in made.documents(AmountRedetermined)} == {JULY_1}

    @pytest.mark.parametrize(
        ("number", "pages"),
        [
            (REDETERMINATION_PAGE_CASES, [REDETERMINATION_PAGE_CASES]),
            (REDETERMINATION_PAGE_CASES + 1, [REDETERMINATION_PAGE_CASES, 1]),
        ],
    )
    def test_goes_through_a_township_in_pages(self, number: int, pages: list[int]) -> None:
        made = office()
        made.live(cases(number), ONE)
        made.set(COUNTY, 650_00, JULY)
        through(made)
        assert [len(e.cases) for e in made.events(RedeterminationPageListed)] == pages
        applied = made.events(RedeterminationPageApplied)
        assert [(e.redetermined, e.before_fen, e.after_fen) for e in applied] == [
            (n, n * 200_00, n * 400_00) for n in pages
        ]
        of_cases = [d.subject for d in made.documents(AmountRedetermined)]
        assert sorted(of_cases) == sorted(cases(number))

    def test_is_of_the_townships_not_of_the_county_that_set_it(self) -> None:
        made = office()
        made.live(cases(1), ONE)
        made.live(cases(1, "other"), TWO)
        made.set(COUNTY, 650_00, JULY)
        through(made)
        assert [d.region for d in made.documents(AmountRedetermined)] == [ONE, TWO]

    def test_does_not_touch_the_neighbours(self) -> None:
        made = office()
        made.live(cases(1), ONE)
        made.live(cases(1, "neighbour"), ELSEWHERE)
        made.set(COUNTY, 650_00, JULY)
        through(made)
        assert [d.subject for d in made.documents(AmountRedetermined)] == cases(1)

    def test_tells_what_came_of_a_page(self) -> None:
        """One follows, one waits with a change, one is in a phase-out, one comes to lie above."""
        made = office()
        follows, waiting, leaving = cases(3)
        rich = uuid5(HOUSE, "tests/rich")
        made.live([follows, waiting, leaving], ONE)
        made.live([rich], ONE, counted_income_fen=2_399_99)
        made.record(waiting, reported())
        made.record(leaving, reported(), PHASE_OUT)
        made.set(COUNTY, 599_99, JULY)
        through(made)
        (applied,) = made.events(RedeterminationPageApplied)
        assert (applied.redetermined, applied.referred, applied.unchanged) == (2, 1, 1)
        assert (applied.before_fen, applied.after_fen) == (400_00, 2 * 199_96)
        (review,) = made.documents(StandardReviewOpened)
        assert review.subject == rich
        assert made.case(leaving).amount_fen == 200_00
        assert made.case(waiting).change is not None

    def test_of_a_tier_of_care_lists_who_is_recognised_and_leaves_the_rest_to_care(self) -> None:
        made = office()
        kind = StandardKind.TEKUN_FULL_CARE
        made.set(PROVINCE, 100_00, JULY, kind, StandardForce.FLOOR)
        made.live(cases(1), ONE)
        made.live(cases(2, "tekun"), ONE, programme=Programme.TEKUN)
        made.set(COUNTY, 900_00, JULY, kind)
        through(made)
        (page,) = made.events(RedeterminationPageListed)
        assert (page.kind, page.amount_fen) == (kind, 900_00)
        assert set(page.cases) == set(cases(2, "tekun"))
        assert made.events(AmountRedetermined, RedeterminationPageApplied) == []

    def test_that_was_set_again_before_it_began_is_the_only_one_that_counts(self) -> None:
        made = office()
        made.live(cases(2), ONE)
        first = made.set(COUNTY, 640_00, JULY)
        second = made.set(COUNTY, 650_00, JULY)
        through(made)
        started = [e.standard_id for e in made.events(RedeterminationStarted)]
        assert (first in started, started) == (False, [second])
        assert [e.amount_fen for e in made.events(AmountRedetermined)] == [400_00] * 2


class TestAStandardOfMoreThanACounty:
    def test_goes_down_to_every_township(self) -> None:
        made = office()
        for n, township in enumerate((ONE, TWO, ELSEWHERE, OTHER_PREFECTURE)):
            made.live(cases(1, str(n)), township)
        made.set(PROVINCE, 650_00, JULY)
        through(made)
        assert len(made.events(RedeterminationStarted)) == 1 + 2 + 3
        assert len(made.events(AmountRedetermined)) == 4

    def test_leaves_alone_who_has_a_nearer_one(self) -> None:
        made = office()
        made.live(cases(1), ONE)
        made.live(cases(1, "neighbour"), ELSEWHERE)
        made.set(COUNTY, 600_00, JULY)
        made.set(PREFECTURE, 650_00, JULY)
        through(made)
        assert [d.subject for d in made.documents(AmountRedetermined)] == cases(1, "neighbour")
        counts = {e.division: e.cases for e in made.events(RedeterminationListed)}
        assert counts == {ONE: 0, ELSEWHERE: 1}


class TestExactlyOnce:
    def recorded(self, made: Office) -> list[tuple[UUID, int]]:
        return sorted((d.subject, d.data.amount_fen) for d in made.documents(AmountRedetermined))

    def lived(self) -> Office:
        made = office()
        made.live(cases(REDETERMINATION_PAGE_CASES + 5), ONE)
        made.live(cases(3, "other"), TWO)
        made.set(COUNTY, 650_00, JULY)
        made.follow()
        made.today = JULY_1
        return made

    def test_killed_after_every_turn_that_wrote_it_ends_as_if_never_killed(self) -> None:
        made = self.lived()
        made.duties()
        killed, head = 0, made.store.head()
        while made.turn() or not made.follower.idle:
            if made.store.head() > head:
                head = made.store.head()
                killed += 1
                made.restart()
        assert killed >= 2
        number = REDETERMINATION_PAGE_CASES + 5 + 3
        assert [fen for _case, fen in self.recorded(made)] == [400_00] * number
        assert len({case for case, _fen in self.recorded(made)}) == number

    def test_killed_before_the_turn_of_a_page_it_does_the_page_again(self) -> None:
        made = self.lived()
        made.duties()
        while not made.events(RedeterminationPageListed):
            made.turn()
        made.follower.step()  # handed to the writer, which never takes its turn
        made.restart()
        made.follow()
        assert len(self.recorded(made)) == REDETERMINATION_PAGE_CASES + 5 + 3

    def test_whatever_is_sent_again_changes_nothing(self) -> None:
        made = self.lived()
        due = made.due()
        made.duties()
        made.follow()
        before = made.store.head()
        again = [made.submit(submission) for submission in due]
        for document in made.documents():
            for react in OWN.get(type(document.data), ()):
                again += [made.submit(submission) for submission in react(document)]
        assert all(outcome.repeated for outcome in again)
        assert made.store.head() == before

    def test_a_page_under_another_command_finds_that_it_was_applied(self) -> None:
        made = self.lived()
        made.duties()
        made.follow()
        before = made.store.head()
        (page, *_rest) = made.documents(RedeterminationPageListed)
        (react,) = OWN[RedeterminationPageListed]
        (submission,) = react(page.model_copy(update={"id": OTHER}))
        assert made.submit(submission).or_raise().events == 0
        assert made.store.head() == before

    def test_who_is_confirmed_while_it_goes_on_is_in_the_caseload_of_the_next(self) -> None:
        made = self.lived()
        made.duties()
        made.live(cases(1, "late"), ONE)
        made.follow()
        entered = [e.case_id for e in made.events(CaseloadEntered)]
        assert cases(1, "late")[0] in entered
        assert len(entered) == len(made.events(CaseConfirmed))


def test_progress_is_told_page_by_page_and_township_by_township() -> None:
    made = office()
    made.live(cases(REDETERMINATION_PAGE_CASES + 1), ONE)
    standard_id = made.set(COUNTY, 650_00, JULY)
    through(made)
    of_run = redetermination_of(standard_id, ONE, 9).id("fj", "decision")
    row, rows = None, []
    for document in made.documents(RedeterminationListed, RedeterminationPageApplied):
        assert document.subject == of_run
        row = fold(str(of_run), row, document)
        assert row is not None
        rows.append(RedeterminationRow.model_validate({"_id": str(of_run), **row}))
    assert [(r.pages_applied, r.over, r.redetermined) for r in rows] == [
        (0, False, 0),
        (1, False, REDETERMINATION_PAGE_CASES),
        (2, True, REDETERMINATION_PAGE_CASES + 1),
    ]
    assert made.state(redetermination_of(standard_id, ONE, 9)).is_over
    assert rows[-1].division == ONE
