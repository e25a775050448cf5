"""The reserve fund: advanced in order, never below zero, and true whatever comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payment.decisions import (
    AdvanceAid,
    Replenish,
    ReturnAdvance,
    SettleAdvances,
    advance_aid,
    replenish,
    return_advance,
    settle_advances,
)
from services.payment.model import FUND, AdvanceStage, Fund, aid_payment_id_of
from services.payment.views import FundRow, fold_fund
from shared.contracts.payment import (
    FundAdvanced,
    FundAdvanceReturned,
    FundAdvanceSettled,
    FundReplenished,
    FundShort,
)
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.money import MAX_FEN
from shared.regions import Level
from shared.views.port import Document
from tests.documents import document
from tests.payment.cases import APPROVER, IN_MAY, TOWNSHIP, VILLAGE, case, payee


def asked(number: int, amount_fen: int) -> dict[str, Any]:
    return {
        "case_id": case(number),
        "payment_id": aid_payment_id_of(case(number)),
        "payee": payee(number),
        "amount_fen": amount_fen,
    }


def advanced(number: int, amount_fen: int, balance_fen: int) -> FundAdvanced:
    return FundAdvanced(**asked(number, amount_fen), balance_fen=balance_fen)


def short(number: int, amount_fen: int, balance_fen: int) -> FundShort:
    return FundShort(**asked(number, amount_fen), balance_fen=balance_fen)


def advancing(number: int, amount_fen: int) -> AdvanceAid:
    return AdvanceAid(**asked(number, amount_fen))


def replenished(amount_fen: int, balance_fen: int) -> FundReplenished:
    return FundReplenished(
        division=TOWNSHIP,
        replenished_by=APPROVER,
        amount_fen=amount_fen,
        balance_fen=balance_fen,
    )


def replenishing(
    amount_fen: int, division: str = TOWNSHIP, level: Level = Level.COUNTY
) -> Replenish:
    return Replenish(actor=APPROVER, level=level, division=division, amount_fen=amount_fen)


def settled(number: int, amount_fen: int) -> FundAdvanceSettled:
    return FundAdvanceSettled(
        case_id=case(number), payment_id=aid_payment_id_of(case(number)), amount_fen=amount_fen
    )


def returned(number: int, amount_fen: int, balance_fen: int) -> FundAdvanceReturned:
    return FundAdvanceReturned(
        case_id=case(number),
        payment_id=aid_payment_id_of(case(number)),
        amount_fen=amount_fen,
        balance_fen=balance_fen,
    )


def of(number: int) -> UUID:
    return aid_payment_id_of(case(number))


def fund(*events: Event) -> Given:
    return spec(FUND, on=IN_MAY).given(*events)


class TestAdvancing:
    @pytest.mark.mechanism("S0-19", "S2-23")
    def test_worked_case_18_leaves_9_200_of_10_000(self) -> None:
        fund(replenished(10_000_00, 10_000_00)).when(advancing(1, 800_00), advance_aid).then(
            advanced(1, 800_00, 9_200_00)
        )

    @pytest.mark.parametrize(
        ("balance_fen", "event"),
        [(800_00, advanced(1, 800_00, 0)), (799_99, short(1, 800_00, 799_99))],
        ids=["exactly-enough", "one-fen-short"],
    )
    def test_goes_as_far_as_the_balance(self, balance_fen: int, event: Event) -> None:
        given = fund(replenished(balance_fen, balance_fen))
        given.when(advancing(1, 800_00), advance_aid).then(event)

    def test_out_of_a_fund_that_nobody_filled_waits(self) -> None:
        fund().when(advancing(1, 800_00), advance_aid).then(short(1, 800_00, 0))

    def test_waits_behind_whoever_waits_however_small_it_is(self) -> None:
        so_far = (replenished(500_00, 500_00), short(1, 800_00, 500_00))
        fund(*so_far).when(advancing(2, 100_00), advance_aid).then(short(2, 100_00, 500_00))

    @pytest.mark.parametrize(
        "before",
        [
            (short(1, 800_00, 0),),
            (replenished(900_00, 900_00), advanced(1, 800_00, 100_00)),
            (
                replenished(900_00, 900_00),
                advanced(1, 800_00, 100_00),
                returned(1, 800_00, 900_00),
            ),
        ],
        ids=["waiting", "advanced", "returned"],
    )
    def test_is_asked_for_once(self, before: tuple[Event, ...]) -> None:
        fund(*before).when(advancing(1, 800_00), advance_aid).then()


class TestReplenishing:
    @pytest.mark.mechanism("S4-7")
    def test_advances_those_who_wait_in_order_as_far_as_it_goes(self) -> None:
        so_far = (short(1, 800_00, 0), short(2, 300_00, 0), short(3, 500_00, 0))
        fund(*so_far).when(replenishing(1_200_00), replenish).then(
            replenished(1_200_00, 1_200_00),
            advanced(1, 800_00, 400_00),
            advanced(2, 300_00, 100_00),
        )

    def test_that_is_too_small_for_the_first_lets_no_smaller_one_pass(self) -> None:
        fund(short(1, 800_00, 0), short(2, 100_00, 0)).when(replenishing(799_99), replenish).then(
            replenished(799_99, 799_99)
        )

    @pytest.mark.mechanism("S4-7")
    def test_by_a_township_is_refused(self) -> None:
        refusal = (
            fund()
            .when(replenishing(100_00, level=Level.TOWNSHIP), replenish)
            .refuses("fund-replenished-by-county", level="township", allowed_level="county")
        )
        assert refusal.status == 403

    @pytest.mark.parametrize("level", [Level.COUNTY, Level.PREFECTURE, Level.PROVINCE])
    def test_by_a_county_or_whoever_is_above_it_is_done(self, level: Level) -> None:
        fund().when(replenishing(1, level=level), replenish).then(replenished(1, 1))

    @pytest.mark.parametrize("division", [VILLAGE, "350924000000", "350000000000"])
    def test_of_what_is_no_township_is_refused(self, division: str) -> None:
        refusal = (
            fund()
            .when(replenishing(100_00, division=division), replenish)
            .refuses("fund-is-a-townships", allowed_level="township")
        )
        assert refusal.status == 422

    def test_beyond_what_an_amount_can_say_is_refused(self) -> None:
        """What is out may come back: the fund must be able to hold that too."""
        so_far = (replenished(1_000, 1_000), advanced(1, 400, 600))
        fund(*so_far).when(replenishing(MAX_FEN - 1_000), replenish).then(
            replenished(MAX_FEN - 1_000, MAX_FEN - 400)
        )
        fund(*so_far).when(replenishing(MAX_FEN - 999), replenish).refuses(
            "fund-full", allowed_fen=MAX_FEN - 1_000
        )


class TestExplaining:
    OUT = (replenished(900_00, 900_00), advanced(1, 800_00, 100_00))

    def test_writes_an_advance_off(self) -> None:
        given = fund(*self.OUT)
        assert [one.case_id for one in given.state.open_advances] == [case(1)]
        decided = given.when(SettleAdvances(case_id=case(1)), settle_advances)
        decided.then(settled(1, 800_00))
        after = fund(*self.OUT, *decided.events).state
        assert (after.open_advances, after.balance_fen) == ((), 100_00)

    def test_is_recorded_once(self) -> None:
        given = fund(*self.OUT, settled(1, 800_00))
        given.when(SettleAdvances(case_id=case(1)), settle_advances).then()

    def test_of_what_the_county_paid_is_nothing_to_the_fund(self) -> None:
        fund(*self.OUT).when(SettleAdvances(case_id=case(2)), settle_advances).then()

    def test_while_the_aid_still_waits_counts_once_it_is_advanced(self) -> None:
        decided = fund(short(1, 800_00, 0)).when(SettleAdvances(case_id=case(1)), settle_advances)
        decided.then(settled(1, 800_00))
        out = replenished(800_00, 800_00), advanced(1, 800_00, 0)
        after = fund(short(1, 800_00, 0), *decided.events, *out).state
        assert (after.open_advances, after.waiting) == ((), ())


class TestMoneyThatComesBack:
    OUT = (replenished(900_00, 900_00), advanced(1, 800_00, 100_00))

    def test_is_in_the_fund_again(self) -> None:
        decided = fund(*self.OUT).when(ReturnAdvance(payment_id=of(1)), return_advance)
        decided.then(returned(1, 800_00, 900_00))
        after = fund(*self.OUT, *decided.events).state
        assert (after.balance_fen, after.open_advances) == (900_00, ())

    def test_is_advanced_to_whoever_waits_in_front(self) -> None:
        so_far = (*self.OUT, short(2, 850_00, 100_00), short(3, 100_00, 100_00))
        fund(*so_far).when(ReturnAdvance(payment_id=of(1)), return_advance).then(
            returned(1, 800_00, 900_00), advanced(2, 850_00, 50_00)
        )

    def test_comes_back_once(self) -> None:
        given = fund(*self.OUT, returned(1, 800_00, 900_00))
        given.when(ReturnAdvance(payment_id=of(1)), return_advance).refuses(
            "advance-not-out", stage="returned"
        )

    def test_of_the_countys_aid_is_nothing_to_the_fund(self) -> None:
        fund(*self.OUT).when(ReturnAdvance(payment_id=of(2)), return_advance).then()


FEN = st.integers(1, 9).map(lambda n: n * 100_00)
DONE = st.one_of(
    st.tuples(st.just("ask"), FEN),
    st.tuples(st.just("fill"), FEN),
    st.tuples(st.just("explain"), st.integers(1, 6)),
    st.tuples(st.just("return"), st.integers(1, 6)),
)


def done(state: Fund, what: str, value: int, number: int) -> list[Any]:
    """What comes of one thing done to a fund."""
    given = spec(FUND, on=IN_MAY)
    at = given.moment
    if what == "ask":
        return list(advance_aid(state, advancing(number, value), at))
    if what == "fill":
        return list(replenish(state, replenishing(value), at))
    if what == "explain":
        return list(settle_advances(state, SettleAdvances(case_id=case(value)), at))
    known = state.advances.get(of(value))
    if known is None or known.stage is not AdvanceStage.ADVANCED:
        return []
    return list(return_advance(state, ReturnAdvance(payment_id=of(value)), at))


@given(st.lists(DONE, max_size=14))
def test_the_balance_is_what_came_less_what_is_out_and_the_first_in_line_is_never_passed(
    things: list[tuple[str, int]],
) -> None:
    state, view = Fund(), None
    filled_fen, number = 0, 0
    order: list[UUID] = []
    for what, value in things:
        number += what == "ask"
        events = done(state, what, value, number)
        for event in events:
            state = FUND.evolve(state, event)
            view = fold_fund("", view, document(event, case_id=uuid5(case(1), "fund"), on=IN_MAY))
            filled_fen += event.amount_fen if isinstance(event, FundReplenished) else 0
            order += [event.payment_id] if isinstance(event, FundAdvanced) else []
            assert getattr(event, "balance_fen", state.balance_fen) == state.balance_fen
        waiting = state.waiting
        assert not waiting or waiting[0].amount_fen > state.balance_fen
        assert_shown(view, state)
    out = [a for a in state.advances.values() if a.stage is AdvanceStage.ADVANCED]
    assert state.balance_fen == filled_fen - sum(a.amount_fen for a in out) >= 0
    assert order == [of(n) for n in range(1, len(order) + 1)]


def assert_shown(view: Document | None, state: Fund) -> None:
    """The list shows the fund as the log has it."""
    if view is None:
        assert state == Fund()
        return
    row = FundRow.model_validate({"_id": str(case(1)), **view})
    assert row.division == TOWNSHIP
    assert row.balance_fen == state.balance_fen
    assert row.waiting_fen == sum(one.amount_fen for one in state.waiting)
    assert row.open_fen == sum(one.amount_fen for one in state.open_advances)
    shown = {one.payment_id for one in row.advances}
    assert shown == {one.payment_id for one in (*state.waiting, *state.open_advances)}
