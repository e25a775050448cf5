"""What orphans are paid, as the county sets it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import ProposeStandard, propose_standard
from services.decision.model import STANDARDS
from shared.calendar import Month
from shared.contracts.standards import DivisionLevel, StandardForce, StandardKind
from shared.kernel.event import Event
from shared.kernel.spec import Decided, spec
from tests.decision.children import INSIDE_FEN, OUTSIDE_FEN
from tests.decision.household import PROPOSER, policy
from tests.decision.standards import COUNTY, JULY, JUNE, NOTICE, PROVINCE, STANDARD, standard_set

JULY_RAISE = date(2020, 6, 30)


def raising(
    amount_fen: int, *events: Event, on: date = JULY_RAISE, from_month: Month = JULY, **changed: Any
) -> Decided:
    """The county proposes what children outside institutions are paid; the province has a floor."""
    stated: dict[str, Any] = {
        "actor": PROPOSER,
        "standard_id": STANDARD,
        "division": COUNTY,
        "kind": StandardKind.CHILD_OUTSIDE_INSTITUTION,
        "force": StandardForce.STANDARD,
        "amount_fen": amount_fen,
        "from_month": from_month,
        "notice": NOTICE,
    } | changed
    floor = standard_set(
        1_000_00,
        JUNE,
        kind=stated["kind"],
        division=PROVINCE,
        level=DivisionLevel.PROVINCE,
        force=StandardForce.FLOOR,
    )
    of_county = spec(STANDARDS, on=on, policy=policy()).given(*events).beside(STANDARDS, floor)
    return of_county.when(ProposeStandard(**stated), propose_standard)


@pytest.mark.mechanism("S1-34")
class TestARaise:
    """闽民救〔2020〕21号: what orphans are paid is raised by 100 yuan or more, in 2020."""

    @pytest.mark.parametrize(
        ("kind", "before_fen"),
        [
            (StandardKind.CHILD_OUTSIDE_INSTITUTION, OUTSIDE_FEN),
            (StandardKind.CHILD_IN_INSTITUTION, INSIDE_FEN),
        ],
    )
    def test_is_of_a_hundred_yuan_at_least(self, kind: StandardKind, before_fen: int) -> None:
        refusal = raising(before_fen + 99_99, kind=kind).refuses(
            "standard-raised-too-little", before_fen=before_fen, allowed_fen=before_fen + 100_00
        )
        assert refusal.status == 409
        assert raising(before_fen + 100_00, kind=kind).events

    def test_counts_from_what_was_recorded_last(self) -> None:
        set_in_may = standard_set(
            1_500_00, Month(2020, 5), kind=StandardKind.CHILD_OUTSIDE_INSTITUTION
        )
        raising(1_599_99, set_in_may).refuses("standard-raised-too-little", before_fen=1_500_00)
        assert raising(1_600_00, set_in_may).events

    def test_is_of_the_plans_year_and_of_its_province(self) -> None:
        in_2021 = {"on": date(2021, 1, 4), "from_month": Month(2021, 2)}
        assert raising(OUTSIDE_FEN + 1, **in_2021).events
        assert raising(OUTSIDE_FEN + 1, division="610100000000").events

    def test_binds_nobody_but_children(self) -> None:
        assert raising(1_000_01, kind=StandardKind.DIBAO).events
