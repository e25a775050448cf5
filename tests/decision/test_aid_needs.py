"""What is needed is assessed before the grant, which follows it; goods and services delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from services.decision.decisions import (
    AssessNeeds,
    NoteMissedDelivery,
    RecordDelivery,
    assess_needs,
    explain_aid,
    grant_aid,
    note_missed_delivery,
    record_delivery,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import DETERMINATION, aid_of
from services.decision.views import AidRow
from services.decision.views.aids import fold
from shared.calendar import CALENDAR_VERSION
from shared.contracts.aid import AidGranted
from shared.contracts.aid_needs import (
    AidDeliveryMissed,
    AidForm,
    AidInKind,
    AidInKindDelivered,
    AidNeedsAssessed,
    InKind,
)
from shared.contracts.fields import Due
from shared.contracts.screening import OtherHelp
from shared.kernel.event import Event
from shared.kernel.spec import Given
from shared.kernel.store import AgendaDone
from tests.decision.household import opened as determined
from tests.decision.household import proposed
from tests.decision.test_aid import (
    CLERK,
    ENDED,
    EXPLAINED,
    GRANTED_ON,
    GRANTER,
    LIMIT_FEN,
    explain,
    given,
    grant,
    granted,
    opened,
    referred,
)
from tests.documents import document
from tests.verification.household import CASE, FUJIAN, HUSBAND, STRANGER, note

FOOD = InKind(kind=AidInKind.FOOD, value_fen=200_00)
REFERRAL = InKind(kind=AidInKind.REFERRAL, value_fen=0)
DELIVERY_DUE = Due(on=date(2023, 5, 22), calendar=CALENDAR_VERSION)
"""Five working days after Monday 15 May 2023."""
TOO_LATE = date(2023, 5, 23)


def assessed(money_fen: int = 300_00, in_kind: Sequence[InKind] = (FOOD,)) -> AidNeedsAssessed:
    """What a household needs: 300 yuan, and food worth 200."""
    return AidNeedsAssessed(
        assessors=(CLERK,), money_fen=money_fen, in_kind=tuple(in_kind), findings=note("needs")
    )


def assessing(event: AidNeedsAssessed) -> AssessNeeds:
    return AssessNeeds(**dict(event))


def granting(money_fen: int, *in_kind: InKind) -> Any:
    return grant(money_fen, in_kind=in_kind)


def partly(money_fen: int = 300_00, *in_kind: InKind) -> AidGranted:
    """A grant of money and of things in kind, as it is recorded."""
    return granted(money_fen, in_kind=in_kind or (FOOD,), delivery_due=DELIVERY_DUE)


def delivering(**changed: Any) -> RecordDelivery:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "kind": AidInKind.FOOD,
        "delivered_by": CLERK,
        "received_by": HUSBAND,
        "delivered_on": GRANTED_ON,
    }
    return RecordDelivery(**(stated | changed))


DELIVERED = AidInKindDelivered(
    kind=AidInKind.FOOD, delivered_by=CLERK, received_by=HUSBAND, delivered_on=GRANTED_ON
)
MISSED = AidDeliveryMissed(due=DELIVERY_DUE, outstanding=(FOOD,))


def beside(*events: Event, on: date = GRANTED_ON, case: Sequence[Event] = ()) -> Given:
    """An aid to which this has happened, beside its determination."""
    return given(*events, on=on).beside(DETERMINATION, *case)


class TestTheAssessment:
    @pytest.mark.mechanism("S4-52")
    def test_records_who_assessed_what_is_needed_in_which_form(self) -> None:
        event = assessed(300_00, (FOOD, REFERRAL))
        beside(opened()).when(assessing(event), assess_needs).then(event)
        assert [one.kind.form for one in event.in_kind] == [AidForm.GOODS, AidForm.SERVICE]

    def test_may_be_made_anew_until_the_grant(self) -> None:
        again = assessed(0, (REFERRAL,))
        made = beside(opened(), assessed(), referred(), again)
        made.when(assessing(assessed()), assess_needs).then(assessed())
        beside(opened(), assessed(), partly()).when(assessing(again), assess_needs).refuses(
            "wrong-stage", stage="granted"
        )

    def test_is_not_made_anew_once_expenses_were_proposed_by_it(self) -> None:
        so_far = (determined(), proposed())
        beside(opened(), case=so_far).when(assessing(assessed()), assess_needs).refuses(
            "wrong-stage", stage="proposed"
        )

    def test_is_of_something_and_each_thing_once(self) -> None:
        made = beside(opened())
        made.when(assessing(assessed(0, ())), assess_needs).refuses("aid-of-nothing")
        twice = assessing(assessed(0, (FOOD, FOOD)))
        made.when(twice, assess_needs).refuses("in-kind-listed-twice")

    @pytest.mark.parametrize(("on", "here"), [(date(2021, 5, 9), False), (date(2021, 5, 10), True)])
    def test_names_what_the_place_gives_on_the_day_of_acceptance(
        self, on: date, *, here: bool
    ) -> None:
        """Visits and care, counselling and the like come with the guidance of May 2021."""
        visits = assessing(assessed(0, (InKind(kind=AidInKind.HOME_VISITS, value_fen=0),)))
        decided = beside(opened(accepted_on=on), on=on).when(visits, assess_needs)
        if here:
            assert decided.events
        else:
            decided.refuses("in-kind-not-provided-for", kind="home_visits")


class TestTheGrant:
    @pytest.mark.mechanism("S4-52")
    def test_gives_money_for_money_and_goods_for_goods(self) -> None:
        made = given(opened(), assessed())
        (event,) = made.when(granting(300_00, FOOD), grant_aid).events
        assert (event.amount_fen, event.in_kind, event.value_fen) == (300_00, (FOOD,), 500_00)
        assert event.delivery_due == DELIVERY_DUE

    @pytest.mark.mechanism("S4-52")
    @pytest.mark.parametrize(
        ("stated", "said"),
        [
            (granting(500_00), "money"),
            (granting(0, FOOD), "food"),
            (granting(300_00, FOOD, REFERRAL), "money, food, referral"),
            (granting(300_00, InKind(kind=AidInKind.CLOTHING, value_fen=1)), "money, clothing"),
        ],
        ids=["money for goods", "no money", "more", "other goods"],
    )
    def test_is_of_the_forms_that_were_assessed_all_of_them_and_no_other(
        self, stated: Any, said: str
    ) -> None:
        refusal = (
            given(opened(), assessed())
            .when(stated, grant_aid)
            .refuses("not-as-assessed", granted=said, assessed="money, food")
        )
        assert "陕民发〔2022〕23号" in refusal.source

    def test_gives_of_each_what_was_assessed_or_less(self) -> None:
        made = given(opened(), assessed())
        assert made.when(granting(1, FOOD), grant_aid).events
        made.when(granting(300_01, FOOD), grant_aid).refuses(
            "above-assessed-need", form="money", amount_fen=300_01, assessed_fen=300_00
        )
        more = FOOD.model_copy(update={"value_fen": 200_01})
        made.when(granting(300_00, more), grant_aid).refuses("above-assessed-need", form="food")

    def test_follows_the_last_assessment(self) -> None:
        made = given(opened(), assessed(), assessed(0, (REFERRAL,)))
        made.when(granting(300_00, FOOD), grant_aid).refuses("not-as-assessed")
        (event,) = made.when(granting(0, REFERRAL), grant_aid).events
        assert (event.amount_fen, event.first_fen, event.value_fen) == (0, 0, 0)

    @pytest.mark.mechanism("S4-52")
    @pytest.mark.parametrize(
        ("changed", "asked"),
        [
            ({"accepted_on": date(2022, 4, 1)}, True),
            ({"accepted_on": date(2022, 3, 31)}, False),
            ({"division": FUJIAN}, False),
        ],
        ids=["in Shaanxi", "the day before its plan", "in Fujian"],
    )
    def test_is_not_made_before_it_where_the_place_asks_for_it(
        self, changed: dict[str, Any], *, asked: bool
    ) -> None:
        decided = given(opened(**changed)).when(granting(300_00), grant_aid)
        if asked:
            decided.refuses("needs-not-assessed", kind="emergency")
        else:
            assert decided.events

    def test_names_the_forms_by_itself_where_nothing_was_assessed(self) -> None:
        made = given(opened(division=FUJIAN))
        (event,) = made.when(granting(0, FOOD), grant_aid).events
        assert event.in_kind == (FOOD,)
        made.when(granting(0), grant_aid).refuses("aid-of-nothing")
        lodging = InKind(kind=AidInKind.CARE, value_fen=1)
        early = given(opened(division=FUJIAN, accepted_on=date(2020, 4, 1)))
        early.when(granting(0, lodging), grant_aid).refuses("in-kind-not-provided-for")

    def test_is_by_other_hands_than_assessed(self) -> None:
        command = grant(300_00, in_kind=(FOOD,), actor=CLERK)
        given(opened(), assessed()).when(command, grant_aid).refuses(
            "same-hands", before="assessment"
        )

    @pytest.mark.mechanism("S4-52")
    def test_counts_goods_towards_the_townships_limit(self) -> None:
        made = given(opened(), assessed(LIMIT_FEN))
        within = granting(LIMIT_FEN - FOOD.value_fen, FOOD)
        assert isinstance(made.when(within, grant_aid).events[0], AidGranted)
        above = granting(LIMIT_FEN - FOOD.value_fen + 1, FOOD)
        made.when(above, grant_aid).then(referred(LIMIT_FEN + 1))


class TestTheDelivery:
    @pytest.mark.mechanism("S4-52")
    def test_says_who_handed_it_to_whom_and_when(self) -> None:
        made = beside(opened(), assessed(), partly())
        made.when(delivering(), record_delivery).then(DELIVERED)

    def test_is_recorded_once_and_of_what_was_granted(self) -> None:
        made = beside(opened(), assessed(), partly(), DELIVERED)
        made.when(delivering(), record_delivery).refuses("nothing-to-deliver", kind="food")
        other = delivering(kind=AidInKind.CLOTHING)
        beside(opened(), partly()).when(other, record_delivery).refuses(
            "nothing-to-deliver", allowed="food"
        )

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"delivered_by": GRANTER}, "same-hands"),
            ({"received_by": STRANGER}, "person-not-in-household"),
            ({"delivered_on": GRANTED_ON + timedelta(days=1)}, "delivery-date-astray"),
            ({"delivered_on": GRANTED_ON - timedelta(days=1)}, "delivery-date-astray"),
            ({"referred_to": OtherHelp.CHARITY}, "referral-astray"),
        ],
        ids=str,
    )
    def test_is_by_other_hands_to_the_household_since_the_acceptance(
        self, changed: dict[str, Any], code: str
    ) -> None:
        beside(opened(), partly()).when(delivering(**changed), record_delivery).refuses(code)

    def test_of_a_referral_says_who_took_it_on(self) -> None:
        made = beside(opened(), partly(0, REFERRAL))
        stated = {"kind": AidInKind.REFERRAL}
        made.when(delivering(**stated), record_delivery).refuses("referral-astray")
        command = delivering(**stated, referred_to=OtherHelp.CHARITY)
        (event,) = made.when(command, record_delivery).events
        assert event.referred_to is OtherHelp.CHARITY

    @pytest.mark.mechanism("S4-52")
    @pytest.mark.parametrize(
        ("so_far", "on", "missed"),
        [
            ((partly(),), DELIVERY_DUE.on, False),
            ((partly(),), TOO_LATE, True),
            ((partly(), MISSED), TOO_LATE, False),
            ((partly(), DELIVERED), TOO_LATE, False),
            ((granted(),), TOO_LATE, False),
        ],
    )
    def test_is_missed_on_the_day_after_its_last_once(
        self, so_far: tuple[Event, ...], on: date, *, missed: bool
    ) -> None:
        made = given(opened(), *so_far, on=on)
        made.when(NoteMissedDelivery(), note_missed_delivery).then(*((MISSED,) if missed else ()))

    def test_that_is_late_is_taken_and_its_lateness_beside_it(self) -> None:
        made = beside(opened(), partly(), on=TOO_LATE)
        made.when(delivering(), record_delivery).then(MISSED, DELIVERED)

    def test_goes_before_the_explanation(self) -> None:
        given(opened(), partly()).when(explain(), explain_aid).refuses(
            "aid-outstanding", stages=0, in_kind=1
        )
        made = given(opened(), partly(), DELIVERED)
        made.when(explain(), explain_aid).then(EXPLAINED, ENDED)


class TestTheRooms:
    def test_it_is_on_the_agenda_until_it_is_noted(self) -> None:
        (entry,) = (
            change
            for change in agenda(document(partly(), case_id=CASE, on=GRANTED_ON))
            if change.kind == "aid-delivery-missed"
        )
        duty = DUTIES[entry.kind](entry)
        assert (duty.command, duty.reads) == (NoteMissedDelivery(), (aid_of(CASE),))
        assert duty.on == TOO_LATE
        changes = list(agenda(document(MISSED, case_id=CASE, on=TOO_LATE)))
        assert changes == [AgendaDone(entry.kind, entry.key)]

    @pytest.mark.mechanism("S4-52")
    def test_the_list_shows_what_is_outstanding_and_what_was_missed(self) -> None:
        def row(*events: Event) -> AidRow:
            seen = None
            for version, event in enumerate(events, start=1):
                said = document(event, case_id=CASE, on=GRANTED_ON, version=version)
                seen = fold("", seen, said)
            return AidRow.model_validate({"_id": str(CASE), **(seen or {})})

        so_far = (opened(), assessed(), partly())
        seen = row(*so_far, MISSED)
        assert (seen.assessed_on, seen.delivery_due) == (GRANTED_ON, DELIVERY_DUE.on)
        assert (seen.outstanding, seen.undelivered, seen.delivery_missed) == (True, True, True)
        (food,) = seen.in_kind
        assert (food.form, food.value_fen, food.delivered_on) == (AidForm.GOODS, 200_00, None)
        seen = row(*so_far, DELIVERED)
        assert (seen.outstanding, seen.undelivered) == (False, False)
        assert seen.in_kind[0].delivered_on == GRANTED_ON
