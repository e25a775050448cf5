"""A decision that fell and is made anew: it is told again, and can be appealed against again."""

from __future__ import annotations

from datetime import date

import pytest

from services.decision.model import Stage
from shared.calendar import Month
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeOwed, NoticeSubject
from shared.kernel.event import Event
from tests.decision.appeals import APPEAL_ID, RESTORER
from tests.decision.changes import PHASE_OUT, STOP
from tests.decision.household import CHANGE, CONFIRMED, amount_changed, reported
from tests.decision.office import Office
from tests.verification.household import APPLICANT, CASE, FUJIAN

FELL = DecisionRevoked(
    appeal_id=APPEAL_ID,
    restorer=RESTORER,
    programme=Programme.DIBAO,
    division=FUJIAN,
    subject=NoticeSubject.PHASE_OUT,
    change_id=CHANGE,
    redo=True,
    from_month=Month(2020, 6),
    payee=APPLICANT,
)
RESTORED = amount_changed(2_200_00, 200_00, change_id=APPEAL_ID)
CUT = amount_changed(2_350_00, 50_00, from_month=Month(2020, 7))


def told(office: Office, *events: Event) -> list[NoticeSubject]:
    """What is to be told of the reported change, in order, once these events were recorded."""
    office.record(CASE, *events)
    office.follow()
    return [n.subject for n in office.events(NoticeOwed) if n.change_id == CHANGE]


@pytest.mark.parametrize(
    ("anew", "subject"), [(PHASE_OUT, NoticeSubject.PHASE_OUT), (STOP, NoticeSubject.STOP)]
)
def test_it_is_told_again_once_whatever_it_is_now(anew: Event, subject: NoticeSubject) -> None:
    office = Office(date(2020, 5, 20))
    assert told(office, *CONFIRMED, reported(), PHASE_OUT) == [NoticeSubject.PHASE_OUT]
    office.today = date(2020, 5, 28)
    assert told(office, FELL, RESTORED) == [NoticeSubject.PHASE_OUT]
    assert told(office, anew) == [NoticeSubject.PHASE_OUT, subject]
    assert office.case(CASE).stage is not Stage.CONFIRMED


def test_several_amounts_of_one_decision_are_told_once_each_time() -> None:
    of_may = CUT.model_copy(update={"from_month": Month(2020, 6), "amount_fen": 60_00})
    office = Office(date(2020, 6, 10))
    assert len(told(office, *CONFIRMED, reported(), of_may, CUT)) == 1
    assert len(told(office, FELL, RESTORED, of_may, CUT)) == 2
    assert len(told(office, CUT.model_copy(update={"from_month": Month(2020, 9)}))) == 2
