"""One approval, aid in stages: approved in total, each released on its day, the rest stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from services.decision.decisions import (
    NamePayee,
    ReleaseInstalments,
    StopRest,
    explain_aid,
    grant_aid,
    name_payee,
    release_instalments,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import DETERMINATION, aid_of, determination_of
from services.decision.views.aids import fold
from services.oversight.views.arithmetic import arithmetic_of
from shared.calendar import CALENDAR_VERSION
from shared.contracts.aid import (
    AidGranted,
    AidInstalment,
    AidInstalmentReleased,
    AidPayeeNamed,
    AidRestStopped,
    AidTier,
    RestStoppedReason,
)
from shared.contracts.fields import Due
from shared.kernel.event import Event
from shared.kernel.spec import Given
from shared.kernel.store import AgendaDone
from tests.decision.test_aid import (
    ASSESSED,
    COUNTY_APPROVER,
    ENDED,
    EXPLAINED,
    GRANTED_ON,
    GRANTER,
    LIMIT_FEN,
    TOWNSHIP,
    explain,
    given,
    grant,
    granted,
    opened,
    referred,
)
from tests.decision.test_aid_needs import partly
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, HUSBAND, SHAANXI, STRANGER, note

SECOND_ON, THIRD_ON = date(2023, 6, 15), date(2023, 7, 17)
LATER = (
    AidInstalment(amount_fen=300_00, due_on=SECOND_ON),
    AidInstalment(amount_fen=100_00, due_on=THIRD_ON),
)
LAST_EXPLANATION = Due(on=date(2023, 8, 14), calendar=CALENDAR_VERSION)
"""Twenty working days after the last stage."""


def staged(amount_fen: int = 800_00, later: Sequence[AidInstalment] = LATER) -> Any:
    return grant(amount_fen, later=later)


def in_stages(**changed: Any) -> AidGranted:
    """800 yuan: 400 at once, 300 in June, 100 in July."""
    return granted(**({"later": LATER, "explanation_due": LAST_EXPLANATION} | changed))


def released(number: int = 2, **changed: Any) -> AidInstalmentReleased:
    pay_by = {2: date(2023, 6, 25), 3: date(2023, 7, 24)}[number]
    stated: dict[str, Any] = {
        "number": number,
        "tier": AidTier.TOWNSHIP,
        "division": SHAANXI,
        "payee": APPLICANT,
        "amount_fen": LATER[number - 2].amount_fen,
        "pay_by": Due(on=pay_by, calendar=CALENDAR_VERSION),
    }
    return AidInstalmentReleased(**(stated | changed))


RELEASE = ReleaseInstalments(case_id=CASE)


STOPPED = AidRestStopped(
    stopped_by=GRANTER,
    reason=RestStoppedReason.HARDSHIP_OVER,
    amount_fen=400_00,
    instalments=(2, 3),
    in_kind=(),
    explanation=note("stop"),
)


def stopping(**changed: Any) -> StopRest:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "actor": GRANTER,
        "role": TOWNSHIP,
        "reason": STOPPED.reason,
        "explanation": STOPPED.explanation,
    }
    return StopRest(**(stated | changed))


def beside(*events: Event, on: date = SECOND_ON) -> Given:
    """A granted aid to which this has happened, beside its determination: it has none."""
    return given(opened(), ASSESSED, *events, on=on).beside(DETERMINATION)


class TestTheGrant:
    @pytest.mark.mechanism("S2-26")
    def test_is_made_once_in_total_and_explained_after_the_last_stage(self) -> None:
        (event,) = given(opened(), ASSESSED).when(staged(), grant_aid).events
        assert (event.amount_fen, event.first_fen, event.later) == (800_00, 400_00, LATER)
        assert event.explanation_due == LAST_EXPLANATION
        assert event.follow_up_on == granted().follow_up_on

    @pytest.mark.mechanism("S2-26")
    def test_is_the_countys_where_the_total_is_above_the_townships_limit(self) -> None:
        """However little is paid at once."""
        made = given(opened(), ASSESSED)
        most = (AidInstalment(amount_fen=LIMIT_FEN - 1, due_on=SECOND_ON),)
        assert isinstance(made.when(staged(LIMIT_FEN, most), grant_aid).events[0], AidGranted)
        made.when(staged(LIMIT_FEN + 1, most), grant_aid).then(referred(LIMIT_FEN + 1))

    @pytest.mark.mechanism("S2-26")
    @pytest.mark.parametrize(("on", "here"), [(date(2021, 5, 9), False), (date(2021, 5, 10), True)])
    def test_is_in_stages_since_the_guidance_of_may_2021(self, on: date, *, here: bool) -> None:
        later = (AidInstalment(amount_fen=1, due_on=on + timedelta(days=1)),)
        decided = given(opened(accepted_on=on), on=on).when(staged(2, later), grant_aid)
        if here:
            assert decided.events
        else:
            decided.refuses("stages-not-provided-for", kind="emergency", allowed="")

    @pytest.mark.parametrize(
        "days",
        [
            (GRANTED_ON,),
            (SECOND_ON, SECOND_ON),
            (THIRD_ON, SECOND_ON),
            (date(2023, 11, 16),),
        ],
        ids=["on the day of the grant", "twice", "backwards", "after six months"],
    )
    def test_has_its_days_after_the_grant_in_order_within_six_months(
        self, days: tuple[date, ...]
    ) -> None:
        later = tuple(AidInstalment(amount_fen=1, due_on=day) for day in days)
        given(opened(), ASSESSED).when(staged(800_00, later), grant_aid).refuses(
            "stages-astray", first_on="2023-05-16", last_on="2023-11-15"
        )

    def test_may_have_its_last_on_the_last_day_of_six_months(self) -> None:
        later = (AidInstalment(amount_fen=1, due_on=date(2023, 11, 15)),)
        assert given(opened(), ASSESSED).when(staged(2, later), grant_aid).events

    @pytest.mark.parametrize("amounts", [(800_00,), (500_00, 300_00), (1, 0)])
    def test_leaves_something_of_the_total_for_the_first_and_each(
        self, amounts: tuple[int, ...]
    ) -> None:
        days = (SECOND_ON, THIRD_ON)
        later = tuple(
            AidInstalment(amount_fen=fen, due_on=day)
            for fen, day in zip(amounts, days, strict=False)
        )
        given(opened(), ASSESSED).when(staged(800_00, later), grant_aid).refuses(
            "stages-outside-total", amount_fen=800_00, later_fen=sum(amounts)
        )


class TestAStage:
    @pytest.mark.mechanism("S2-26")
    @pytest.mark.parametrize(
        ("so_far", "on", "is_released"),
        [
            ((in_stages(),), SECOND_ON - timedelta(days=1), False),
            ((in_stages(),), SECOND_ON, True),
            ((in_stages(), released()), SECOND_ON, False),
            ((in_stages(), STOPPED), SECOND_ON, False),
            ((granted(),), SECOND_ON, False),
        ],
        ids=["before its day", "on it", "again", "stopped", "paid at once"],
    )
    def test_is_released_on_its_day_once_without_a_new_approval(
        self, so_far: tuple[Event, ...], on: date, *, is_released: bool
    ) -> None:
        made = beside(*so_far, on=on)
        made.when(RELEASE, release_instalments).then(*((released(),) if is_released else ()))

    def test_that_came_late_does_not_skip_the_one_before(self) -> None:
        """Nobody did the day's duties from June to July: both are released, each with its day."""
        made = beside(in_stages(), on=THIRD_ON)
        made.when(RELEASE, release_instalments).then(released(), released(3))

    def test_is_the_countys_where_the_county_granted(self) -> None:
        by_county = in_stages(tier=AidTier.COUNTY, granter=COUNTY_APPROVER)
        (event,) = beside(referred(), by_county).when(RELEASE, release_instalments).events
        assert event.tier is AidTier.COUNTY

    def test_goes_to_another_member_once_named(self) -> None:
        """Who was paid died between two stages."""
        command = NamePayee(actor=GRANTER, role=TOWNSHIP, payee=HUSBAND)
        named = AidPayeeNamed(named_by=GRANTER, payee=HUSBAND)
        given(opened(), in_stages(), released()).when(command, name_payee).then(named)
        made = beside(in_stages(), released(), named, on=THIRD_ON)
        made.when(RELEASE, release_instalments).then(released(3, payee=HUSBAND))

    @pytest.mark.parametrize(
        ("payee", "so_far"),
        [
            (APPLICANT, (in_stages(),)),
            (STRANGER, (in_stages(),)),
            (HUSBAND, (partly(),)),
        ],
        ids=["the same", "a stranger", "nothing to pay"],
    )
    def test_goes_to_nobody_else(self, payee: Any, so_far: tuple[Event, ...]) -> None:
        command = NamePayee(actor=GRANTER, role=TOWNSHIP, payee=payee)
        given(opened(), *so_far).when(command, name_payee).refuses("no-other-payee")


class TestTheEnd:
    @pytest.mark.mechanism("S2-26")
    def test_waits_for_the_last_stage(self) -> None:
        made = given(opened(), in_stages(), released(), on=SECOND_ON)
        made.when(explain(), explain_aid).refuses("aid-outstanding", stages=1, in_kind=0)
        for last in (released(3), STOPPED):
            made.given(last).when(explain(), explain_aid).then(EXPLAINED, ENDED)

    def test_of_an_emergency_is_its_explanation_not_its_last_stage(self) -> None:
        made = beside(in_stages(), released(), on=THIRD_ON)
        made.when(RELEASE, release_instalments).then(released(3))


class TestTheRooms:
    def of(self, event: Event) -> list[Any]:
        return list(agenda(document(event, case_id=CASE, on=GRANTED_ON)))

    @pytest.mark.mechanism("S2-26")
    def test_each_stage_is_on_the_agenda_on_its_day(self) -> None:
        entries = [e for e in self.of(in_stages()) if e.kind == "aid-instalment-due"]
        assert [entry.due_on for entry in entries] == [SECOND_ON, THIRD_ON]
        assert len({entry.key for entry in entries}) == 2
        for number, entry in enumerate(entries, start=2):
            duty = DUTIES[entry.kind](entry)
            assert (duty.command, duty.on) == (RELEASE, entry.due_on)
            assert duty.reads == (aid_of(CASE), determination_of(CASE))
            assert AgendaDone(entry.kind, entry.key) in self.of(released(number))
        done = [AgendaDone(entry.kind, entry.key) for entry in entries]
        assert self.of(STOPPED)[:2] == done
        assert [one.kind for one in self.of(STOPPED)[2:]] == ["aid-delivery-missed"]

    def test_the_list_shows_the_stages_and_what_was_stopped(self) -> None:
        seen = None
        for version, event in enumerate((opened(), in_stages(), released()), start=1):
            seen = fold("", seen, document(event, case_id=CASE, on=SECOND_ON, version=version))
        assert seen is not None
        assert [stage["released"] for stage in seen["stages"]] == [True, False]
        assert (seen["amount_fen"], seen["outstanding"]) == (800_00, True)
        over = fold("", seen, document(released(3), case_id=CASE, on=THIRD_ON))
        assert over is not None
        assert over["outstanding"] is False
        stopped = fold("", seen, document(STOPPED, case_id=CASE, on=SECOND_ON))
        assert stopped is not None
        assert (stopped["outstanding"], stopped["rest_stopped_because"]) == (
            False,
            "hardship_over",
        )

    @pytest.mark.mechanism("S2-26")
    def test_the_timeline_adds_the_stages_and_the_goods_up(self) -> None:
        def told(event: AidGranted) -> str | None:
            return arithmetic_of(event.type, event.model_dump(mode="json"), "temporary_assistance")

        assert told(in_stages()) == "400.00 + 300.00 + 100.00 = 800.00"
        assert told(partly()) == "300.00 + 200.00 = 500.00"
        assert told(granted()) is None
