"""Aided households are looked after again: when, what follows, and once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.decision.decisions import (
    OpenFollowUp,
    RecordFollowUp,
    open_follow_up,
    record_follow_up,
)
from services.decision.duties import DUTIES, agenda
from services.decision.model import aid_of
from services.decision.views.aids import fold
from shared.contracts.aid import AidFollowedUp, AidFollowUpOpened
from shared.contracts.fields import Programme
from shared.contracts.recognition import HardshipGround, PotentialRecipientListed
from shared.kernel.event import Event
from shared.kernel.store import AgendaDone
from tests.decision.household import FOUR
from tests.decision.test_aid import (
    EXPLAINED,
    FOLLOW_UP_ON,
    GRANTED_ON,
    GRANTER,
    REFUSED,
    given,
    granted,
    opened,
)
from tests.documents import document
from tests.verification.household import APPLICANT, CASE, SHAANXI, note

OPENED = AidFollowUpOpened()
FINDINGS = note("follow-up")
OVER = AidFollowedUp(followed_up_by=GRANTER, hardship=(), findings=FINDINGS)
ILL = AidFollowedUp(
    followed_up_by=GRANTER,
    hardship=(HardshipGround.UNSTEADY_WORK, HardshipGround.ILLNESS),
    findings=FINDINGS,
)


def found(*hardship: HardshipGround) -> RecordFollowUp:
    return RecordFollowUp(actor=GRANTER, hardship=hardship, findings=FINDINGS)


@pytest.mark.mechanism("S2-25")
@pytest.mark.parametrize(
    ("so_far", "on", "opens"),
    [
        ((granted(),), FOLLOW_UP_ON - timedelta(days=1), False),
        ((granted(),), FOLLOW_UP_ON, True),
        ((granted(), EXPLAINED), FOLLOW_UP_ON, True),
        ((granted(), OPENED), FOLLOW_UP_ON, False),
        ((granted(), OVER), FOLLOW_UP_ON, False),
        ((granted(follow_up_on=None),), FOLLOW_UP_ON, False),
        ((REFUSED,), FOLLOW_UP_ON, False),
    ],
)
def test_falls_due_ninety_days_after_the_grant_once(
    so_far: tuple[Event, ...], on: date, *, opens: bool
) -> None:
    given(opened(), *so_far, on=on).when(OpenFollowUp(), open_follow_up).then(
        *((OPENED,) if opens else ())
    )


class TestWhatIsFound:
    @pytest.mark.mechanism("S2-25")
    @pytest.mark.parametrize("so_far", [(granted(),), (granted(), EXPLAINED), (granted(), OPENED)])
    def test_is_recorded_on_the_day_or_before_it(self, so_far: tuple[Event, ...]) -> None:
        given(opened(), *so_far).when(found(), record_follow_up).then(OVER)

    @pytest.mark.mechanism("S0-21", "S1-26")
    def test_puts_a_household_still_in_hardship_on_the_way_to_dibao(self) -> None:
        command = found(HardshipGround.ILLNESS, HardshipGround.UNSTEADY_WORK)
        given(opened(), granted()).when(command, record_follow_up).then(
            ILL,
            PotentialRecipientListed(
                programme=Programme.DIBAO,
                division=SHAANXI,
                applicant=APPLICANT,
                members=FOUR,
                hardship=ILL.hardship,
            ),
        )

    @pytest.mark.parametrize("before", [OVER, ILL])
    def test_is_recorded_once(self, before: Event) -> None:
        made = given(opened(), granted(), before)
        made.when(found(), record_follow_up).refuses("followed-up-before")

    @pytest.mark.parametrize("so_far", [(), (REFUSED,)])
    def test_is_nothing_where_nothing_was_granted(self, so_far: tuple[Event, ...]) -> None:
        made = given(opened(), *so_far)
        made.when(found(), record_follow_up).refuses("wrong-stage")


class TestTheRooms:
    def test_it_is_on_the_agenda_until_it_opens_or_is_held(self) -> None:
        (entry,) = (
            change
            for change in agenda(document(granted(), case_id=CASE, on=GRANTED_ON))
            if change.kind == "aid-follow-up-opens"
        )
        duty = DUTIES[entry.kind](entry)
        assert (duty.command, duty.reads) == (OpenFollowUp(), (aid_of(CASE),))
        for event in (OPENED, OVER, ILL):
            changes = list(agenda(document(event, case_id=CASE, on=FOLLOW_UP_ON)))
            assert changes == [AgendaDone(entry.kind, entry.key)]

    def test_the_list_shows_what_is_due_and_what_was_found(self) -> None:
        seen = None
        for version, event in enumerate((opened(), granted(), OPENED, ILL), start=1):
            said = document(event, case_id=CASE, on=FOLLOW_UP_ON, version=version)
            seen = fold("", seen, said)
        assert seen is not None
        assert (seen["follow_up_on"], seen["follow_up_opened"]) == ("2023-08-13", True)
        assert (seen["followed_up_on"], seen["still_in_hardship"]) == ("2023-08-13", True)
