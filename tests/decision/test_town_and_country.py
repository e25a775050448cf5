"""Town and country: one standard of recognition, one procedure; only the standards are each's."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import Propose, propose
from services.decision.rules.reviews import interval_months
from shared.contracts.decision import BenefitProposed
from shared.contracts.fields import Programme
from shared.contracts.reviews import HouseholdKind
from tests.decision import test_tekun
from tests.decision.household import EXPLANATION, PROPOSER, given, opened, policy
from tests.notices import notice
from tests.verification.household import FUJIAN

LAST_APART, FIRST_UNITED = date(2021, 6, 30), date(2021, 7, 1)


def place(folder: Path, area: str) -> Path:
    """The township, as a town or as the country."""
    made = folder / area
    made.mkdir()
    return notice(made, FUJIAN[:9], area_kind=area)


@pytest.mark.mechanism("S2-36")
@pytest.mark.parametrize("programme", [Programme.DIBAO, Programme.TEKUN])
@pytest.mark.parametrize("counted_fen", [2_399_99, 2_400_00, 3_000_00])
def test_the_same_household_is_recognised_alike_in_town_and_country(
    programme: Programme, counted_fen: int, tmp_path: Path
) -> None:
    """Standard 600 yuan for four: entitled a fen below it, in both; tekun likewise."""
    if programme is Programme.TEKUN:
        account = test_tekun.account(counted_income_fen=counted_fen // 4)
    else:
        account = opened(accepted_on=FIRST_UNITED, counted_income_fen=counted_fen)
    command = Propose(actor=PROPOSER, explanation=EXPLANATION)
    found = [
        given(account, on=FIRST_UNITED, folders=(place(tmp_path, area),)).when(command, propose)
        for area in ("urban", "rural")
    ]
    assert found[0].events == found[1].events
    entitled = isinstance(found[0].events[-1], BenefitProposed)
    assert entitled == (counted_fen < 2_400_00)


@pytest.mark.mechanism("S2-33")
@pytest.mark.parametrize(
    ("on", "months"),
    [(LAST_APART, {"urban": 1, "rural": 3}), (FIRST_UNITED, {"urban": 6, "rural": 6})],
)
def test_management_has_become_the_same_in_july_2021(
    on: date, months: dict[str, int], tmp_path: Path
) -> None:
    found: dict[str, Any] = {}
    for area in ("urban", "rural"):
        regime = policy(place(tmp_path, area)).at(FUJIAN, Programme.DIBAO, on)
        found[area] = interval_months(HouseholdKind.UNSTABLE, regime)
    assert found == months
