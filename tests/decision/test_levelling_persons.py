"""Another standard for who is paid as a person: tekun, and members who entered alone."""

from __future__ import annotations

from datetime import date

from shared.calendar import Month
from shared.contracts.assessments import SinglePerson, SinglePersonGround
from shared.contracts.fields import Programme
from shared.contracts.standards import StandardKind, StandardReviewReason
from shared.kernel.event import Event
from tests.decision.household import confirmed, opened, proposed
from tests.decision.levelling import LAW, levels
from tests.decision.standards import standard_set
from tests.decision.work import cut, withheld
from tests.verification.household import APPLICANT, MOTHER


class TestTekun:
    ACCOUNT = opened(
        programme=Programme.TEKUN, members=opened().members[:1], counted_income_fen=0, income=()
    )
    TEKUN = (
        ACCOUNT,
        proposed(persons=1, counted_income_fen=0, amount_fen=780_00),
        confirmed(programme=Programme.TEKUN, members=ACCOUNT.members, amount_fen=780_00),
    )

    def test_is_paid_the_basic_standard_itself(self) -> None:
        basic = standard_set(845_00, kind=StandardKind.TEKUN_BASIC)
        (event,) = levels(*self.TEKUN, standards=(basic,))
        assert (event.amount_before_fen, event.amount_fen) == (780_00, 845_00)
        assert (event.standard_before_fen, event.standard_fen) == (780_00, 845_00)

    def test_is_paid_less_by_a_lowered_one_but_since_july_2026_not_unheard(self) -> None:
        """社会救助法 art. 48, in force from 1 July 2026."""
        lowered = standard_set(779_99, Month(2026, 6), kind=StandardKind.TEKUN_BASIC)
        (before,) = levels(*self.TEKUN, on=date(2026, 6, 30), standards=(lowered,))
        assert before.amount_fen == 779_99
        later = standard_set(779_99, Month(2026, 7), kind=StandardKind.TEKUN_BASIC)
        (since,) = levels(*self.TEKUN, on=LAW, standards=(later,))
        assert since.reason is StandardReviewReason.HEARING_OWED

    def test_is_not_paid_by_the_standard_of_dibao(self) -> None:
        assert levels(*self.TEKUN) == []


class TestMembersWhoEnteredAlone:
    PERSONS = tuple(
        SinglePerson(
            person_id=person,
            ground=SinglePersonGround.ILLNESS,
            own_income_fen=own_fen,
            amount_fen=600_00,
        )
        for person, own_fen in ((MOTHER, 100_00), (APPLICANT, 0))
    )

    def case(self, accepted_on: date) -> tuple[Event, ...]:
        return (
            opened(accepted_on=accepted_on),
            proposed(amount_fen=1_200_00, single_persons=self.PERSONS),
            confirmed(amount_fen=1_200_00),
        )

    def test_are_each_paid_the_full_standard_in_fujian_to_june_2021(self) -> None:
        (event,) = levels(*self.case(date(2020, 4, 1)))
        assert event.amount_fen == 2 * 650_00

    def test_are_each_paid_the_gap_elsewhere_and_later(self) -> None:
        (event,) = levels(*self.case(date(2021, 7, 1)), on=date(2021, 8, 1))
        assert event.amount_fen == (650_00 - 100_00) + 650_00

    def test_has_what_was_withheld_of_a_share_withheld_of_the_share_as_it_now_is(self) -> None:
        """The mother's 500 of 1,100 were stopped; by 650 her share is 550 of 1,200."""
        paid_fen = {MOTHER: 500_00, APPLICANT: 600_00}
        persons = tuple(
            person.model_copy(update={"amount_fen": paid_fen[person.person_id]})
            for person in self.PERSONS
        )
        stopped = cut(600_00, withheld(person_id=MOTHER)).model_copy(
            update={"withheld_fen": 500_00}
        )
        in_august = date(2021, 8, 1)
        (event,) = levels(
            opened(accepted_on=date(2021, 7, 1)),
            proposed(amount_fen=1_100_00, single_persons=persons),
            confirmed(amount_fen=1_100_00, pay_from=Month(2021, 7)),
            stopped.model_copy(update={"from_month": Month(2021, 7)}),
            on=in_august,
            standards=(standard_set(from_month=Month(2021, 8)),),
        )
        assert (event.amount_fen, event.withheld_fen) == (650_00, 550_00)
