"""What aid may consist of, in stages or not, assessed or not: on the first and the last day."""

from __future__ import annotations

from datetime import date

import pytest

from services.decision.decisions import assess_needs, grant_aid, grant_small_aid
from services.decision.model import AID, SMALL_AIDS, STANDARDS
from shared.contracts.aid import AidInstalment
from shared.contracts.aid_needs import AidInKind, InKind
from shared.contracts.fields import AidKind
from shared.kernel.spec import spec
from tests.decision import test_small_aid
from tests.decision.household import policy
from tests.decision.test_aid import given, grant, opened
from tests.decision.test_aid_needs import FOOD, assessed, assessing, beside
from tests.verification.household import FUJIAN

FIRST_OF_AID, EVE_OF_GUIDANCE = date(2014, 10, 3), date(2021, 5, 9)
FIRST_OF_GUIDANCE = date(2021, 5, 10)
MATERIAL = {
    AidInKind.CLOTHING,
    AidInKind.FOOD,
    AidInKind.DRINKING_WATER,
    AidInKind.TEMPORARY_LODGING,
    AidInKind.REFERRAL,
}

pytestmark = pytest.mark.mechanism("S4-52")


@pytest.mark.parametrize(
    ("accepted_on", "given_in_kind"),
    [
        (FIRST_OF_AID, MATERIAL),
        (EVE_OF_GUIDANCE, MATERIAL),
        (FIRST_OF_GUIDANCE, set(AidInKind)),
    ],
)
def test_what_is_given_beside_money(accepted_on: date, given_in_kind: set[AidInKind]) -> None:
    """国发〔2014〕47号; services come with the guidance of May 2021."""
    made = beside(opened(accepted_on=accepted_on, division=FUJIAN), on=accepted_on)
    needed = {kind: assessing(assessed(0, (InKind(kind=kind, value_fen=0),))) for kind in AidInKind}
    taken = {kind for kind in AidInKind if not made.when(needed[kind], assess_needs).refusal}
    assert taken == given_in_kind


def test_goods_granted_unassessed_are_due_in_five_working_days_on_the_first_day() -> None:
    """Off until 7 October 2014; Saturday the 11th is worked."""
    made = given(opened(accepted_on=FIRST_OF_AID, division=FUJIAN), on=FIRST_OF_AID)
    (event,) = made.when(grant(0, in_kind=(FOOD,)), grant_aid).events
    assert event.delivery_due is not None
    assert event.delivery_due.on == date(2014, 10, 13)


@pytest.mark.parametrize(
    ("accepted_on", "staged"),
    [(FIRST_OF_AID, False), (EVE_OF_GUIDANCE, False), (FIRST_OF_GUIDANCE, True)],
)
def test_stages_come_with_the_guidance(accepted_on: date, *, staged: bool) -> None:
    later = (AidInstalment(amount_fen=1_00, due_on=accepted_on.replace(day=28)),)
    made = given(opened(accepted_on=accepted_on, division=FUJIAN), on=accepted_on)
    decided = made.when(grant(300_00, later=later), grant_aid)
    if staged:
        assert decided.events
    else:
        decided.refuses("stages-not-provided-for", kind="emergency")


def test_small_quick_aid_is_assessed_nowhere() -> None:
    own = test_small_aid.asked(division=FUJIAN)
    assert own.aid.kind is AidKind.SMALL_QUICK
    made = spec(AID, on=test_small_aid.ON, policy=policy()).given(own)
    made = made.beside(SMALL_AIDS).beside(SMALL_AIDS).beside(STANDARDS)
    assert made.when(test_small_aid.grant_small(1_00), grant_small_aid).events
