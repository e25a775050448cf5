"""Who comes to be in a case without having applied since: nobody is in two cases of a programme."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.intake import decisions
from services.intake.decisions import CloseApplication
from services.intake.model import OPEN_APPLICATION
from services.intake.reactions import FOREIGN
from shared.calendar import Month
from shared.contracts.appeals import DecisionRevoked, HouseholdReinstated, MembersReturned
from shared.contracts.changes import HouseholdChangeCause, HouseholdChanged
from shared.contracts.decision import CaseConfirmed
from shared.contracts.fields import Programme
from shared.contracts.intake import (
    ApplicationClosed,
    OpenApplicationClaimed,
    OpenApplicationReleased,
)
from shared.contracts.notices import NoticeSubject
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import spec
from tests.documents import document
from tests.intake.test_decisions import (
    CASE,
    FREE,
    HUSBAND,
    MEMBERS,
    OTHER_CASE,
    TOWNSHIP,
    WIFE,
    accepted,
    applying,
    claimed_by,
    given,
    submit,
    submitted,
)

ON = date(2020, 8, 5)
OF_DIBAO: dict[str, Any] = {"programme": Programme.DIBAO, "division": TOWNSHIP}
APPEAL: dict[str, Any] = {"appeal_id": uuid5(HOUSE, "tests/appeal"), **OF_DIBAO}
RESTORER = uuid5(HOUSE, "tests/restorer")
NEXT = Month(2020, 9)

CONFIRMED = CaseConfirmed(
    **OF_DIBAO,
    payee=WIFE,
    members=MEMBERS,
    amount_fen=200_00,
    pay_from=NEXT,
)
JOINED = HouseholdChanged(
    **OF_DIBAO,
    change_id=uuid5(HOUSE, "tests/change"),
    cause=HouseholdChangeCause.MARRIAGE,
    happened_on=ON,
    members=MEMBERS,
    left=(),
    joined=(HUSBAND,),
    from_month=NEXT,
)
RETURNED = MembersReturned(**APPEAL, persons=(HUSBAND,), from_month=NEXT)
REINSTATED = HouseholdReinstated(**APPEAL, members=MEMBERS, from_month=NEXT, returned=(HUSBAND,))
REFUSAL_FELL = DecisionRevoked(
    **APPEAL,
    restorer=RESTORER,
    subject=NoticeSubject.REFUSAL,
    redo=True,
    members=MEMBERS,
)
FREED = OpenApplicationReleased(case_id=CASE, released_on=date(2020, 4, 23))
ELSEWHERE = claimed_by(OTHER_CASE)


def came_of(event: Event, *theirs: Event) -> list[Event]:
    """What becomes of the husband's place in an application, which this has happened to."""
    recorded: list[Event] = []
    for react in FOREIGN[type(event)]:
        for submission in react(document(event, case_id=CASE, on=ON)):
            places = [stream.key for stream in submission.reads]
            his = f"{Programme.DIBAO}/{HUSBAND}"
            if his not in places:
                continue
            first, *others = [theirs if place == his else ELSEWHERE for place in places]
            made = spec(OPEN_APPLICATION, on=ON).given(*first)
            for other in others:
                made = made.beside(OPEN_APPLICATION, *other)
            facts = made.when(submission.command, submission.decide).facts
            recorded += [f.event for f in facts if f.stream is None or f.stream.key == his]
    return recorded


@pytest.mark.parametrize("event", [CONFIRMED, JOINED, RETURNED, REINSTATED, REFUSAL_FELL])
class TestWhoIsInACase:
    def test_is_in_no_other_of_the_programme_from_then_on(self, event: Event) -> None:
        claim = OpenApplicationClaimed(case_id=CASE)
        assert came_of(event) == [claim]
        assert came_of(event, *claimed_by(CASE), FREED) == [claim]
        anew = given(beside=(FREE, (claim,))).when(applying(case_id=OTHER_CASE), submit)
        anew.refuses("open-application-exists")

    def test_stays_in_that_case_or_in_the_one_that_holds_them(self, event: Event) -> None:
        assert came_of(event, *claimed_by(CASE)) == []
        assert came_of(event, *ELSEWHERE) == []

    def test_has_it_behind_them_where_the_case_ended_later(self, event: Event) -> None:
        """Whoever reads an old topic again finds it over, and nobody is held for ever."""
        later = FREED.model_copy(update={"released_on": date(2020, 8, 6)})
        assert came_of(event, *claimed_by(CASE), later) == []
        same_day = FREED.model_copy(update={"released_on": ON})
        assert came_of(event, *claimed_by(CASE), same_day) != []


@pytest.mark.parametrize(
    "event",
    [
        REINSTATED.model_copy(update={"joined": None, "left": (HUSBAND,)}),
        REFUSAL_FELL.model_copy(update={"members": None, "left": (HUSBAND,)}),
    ],
)
def test_who_joined_by_what_fell_may_apply_elsewhere(event: Event) -> None:
    assert came_of(event, *claimed_by(CASE)) == [
        OpenApplicationReleased(case_id=CASE, released_on=ON)
    ]


class TestAnApplicationWhoseRefusalFell:
    REFUSED = ApplicationClosed(refused=True, programme=Programme.DIBAO, members=MEMBERS)

    @pytest.mark.parametrize("refused", [True, False])
    def test_is_closed_anew_by_the_new_decision(self, *, refused: bool) -> None:
        """Its household sees how it was decided, and is free again if it was refused again."""
        closed = self.REFUSED.model_copy(update={"refused": refused})
        application = given(submitted(), accepted(), self.REFUSED)
        application.when(CloseApplication(refused=refused), decisions.close).then(closed)

    def test_that_was_confirmed_stays_so(self) -> None:
        confirmed = self.REFUSED.model_copy(update={"refused": False})
        application = given(submitted(), accepted(), confirmed)
        application.when(CloseApplication(refused=False), decisions.close).refuses(
            "application-not-accepted", status="closed"
        )
