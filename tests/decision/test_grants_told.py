"""A grant is told by its certificate or notice: how, when, by whom, to whom, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.decision.decisions import TellGrant, tell_grant
from services.decision.model import NOTICES
from shared.calendar import Month
from shared.contracts.notices import GrantTold, ServiceManner
from shared.kernel.event import Event
from shared.kernel.spec import Given
from tests.decision.household import CASE, CONFIRMED, OTHER, PROPOSER, UP_TO_SECOND, given
from tests.verification.household import APPLICANT, STRANGER, note

ON = date(2020, 4, 24)


def tell(on: date = ON, **changed: Any) -> TellGrant:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "server": PROPOSER,
        "manner": ServiceManner.IN_PERSON,
        "served_on": on,
        "recipient": APPLICANT,
        "proof": note("receipt"),
    }
    return TellGrant(**(stated | changed))


def confirmed(*told: Event, on: date = date(2020, 5, 20)) -> Given:
    return given(*CONFIRMED, on=on).beside(NOTICES, *told)


TOLD = GrantTold(
    pay_from=Month(2020, 5),
    server=PROPOSER,
    manner=ServiceManner.IN_PERSON,
    served_on=ON,
    counts_on=ON,
    recipient=APPLICANT,
    reconsideration_until=date(2020, 6, 23),
    court_until=date(2020, 10, 24),
    proof=note("receipt"),
)


def test_it_starts_the_clock_of_an_appeal_against_the_amount() -> None:
    confirmed().when(tell(), tell_grant).then(TOLD)


def test_once_of_each_confirmation() -> None:
    confirmed(TOLD).when(tell(), tell_grant).refuses("grant-told", served_on="2020-04-24")
    earlier = TOLD.model_copy(update={"pay_from": Month(2019, 1)})
    assert confirmed(earlier).when(tell(), tell_grant).events


def test_not_of_what_is_not_confirmed() -> None:
    spec = given(*UP_TO_SECOND, on=ON).beside(NOTICES)
    spec.when(tell(), tell_grant).refuses("grant-not-confirmed")


@pytest.mark.parametrize("day", [date(2020, 3, 31), date(2020, 5, 21)])
def test_not_before_the_application_was_accepted_and_not_ahead(day: date) -> None:
    confirmed().when(tell(day), tell_grant).refuses("notice-date-astray")
    assert confirmed().when(tell(date(2020, 5, 20)), tell_grant).events


def test_to_somebody_of_the_household_with_a_witness_where_it_is_left() -> None:
    confirmed().when(tell(recipient=STRANGER), tell_grant).refuses("person-not-in-household")
    confirmed().when(tell(recipient=None), tell_grant).refuses("notice-recipient-astray")
    left = tell(manner=ServiceManner.LEFT)
    confirmed().when(left, tell_grant).refuses("notice-witness-missing")
    (event,) = confirmed().when(tell(manner=ServiceManner.LEFT, witness=OTHER), tell_grant).events
    assert isinstance(event, GrantTold)


def test_by_public_notice_it_counts_thirty_days_later() -> None:
    public = tell(manner=ServiceManner.PUBLIC_NOTICE, recipient=None)
    (event,) = confirmed().when(public, tell_grant).events
    assert (event.counts_on, event.reconsideration_until) == (date(2020, 5, 24), date(2020, 7, 23))
