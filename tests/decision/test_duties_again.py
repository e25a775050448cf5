"""What falls due again on a day on which it fell due before, by another event, is done again."""

from __future__ import annotations

from datetime import date

from services.decision.decisions.residence import NotePermit, note_permit
from services.decision.model import PermitStanding, Stage, permit_of
from shared.calendar import Month
from shared.contracts.appeals import DecisionRevoked
from shared.contracts.decision import CaseEnded
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeSubject
from tests.decision.appeals import APPEAL_ID, RESTORER
from tests.decision.changes import STOP
from tests.decision.household import (
    CONFIRMED,
    amount_changed,
    confirmed,
    opened,
    refusal_proposed,
    reported,
)
from tests.decision.office import Office
from tests.decision.test_residence import REFUSED, REVOKED
from tests.verification.household import APPLICANT, CASE, FUJIAN


def test_a_case_that_is_stopped_anew_with_the_same_month_ends_again() -> None:
    """The stop of May fell for its procedure and is made anew in September, with the same month:
    else its members could never apply again.
    """
    office = Office(date(2020, 5, 20))
    office.record(CASE, *CONFIRMED, reported(), STOP)
    office.today = date(2020, 6, 1)
    office.duties()
    (ended,) = office.events(CaseEnded)
    fell = DecisionRevoked(
        appeal_id=APPEAL_ID,
        restorer=RESTORER,
        programme=Programme.DIBAO,
        division=FUJIAN,
        subject=NoticeSubject.STOP,
        change_id=STOP.change_id,
        redo=True,
        from_month=Month(2020, 6),
        payee=APPLICANT,
    )
    restored = amount_changed(2_200_00, 200_00, change_id=APPEAL_ID)
    office.today = date(2020, 8, 5)
    office.record(CASE, fell, confirmed(pay_from=Month(2020, 6)), restored)
    office.duties()
    assert office.case(CASE).stage is Stage.CONFIRMED
    office.today = date(2020, 9, 8)
    office.record(CASE, STOP.model_copy(update={"decider": RESTORER}))
    office.duties()
    assert office.events(CaseEnded) == [ended, ended]
    assert office.case(CASE).stage is Stage.ENDED


def test_a_permit_that_was_over_before_a_refusal_is_over_again_once_that_falls() -> None:
    """Else it would count as valid, and nobody would review the household that is confirmed."""
    office = Office(date(2020, 4, 7))
    office.record(CASE, opened())
    note = NotePermit(
        programme=Programme.DIBAO,
        division=FUJIAN,
        applicant=APPLICANT,
        until_on=date(2020, 4, 10),
    )
    office.command((permit_of(CASE),), note_permit, note, FUJIAN)
    office.today = date(2020, 4, 11)
    office.duties()
    assert office.state(permit_of(CASE)).standing is PermitStanding.EXPIRED
    office.record(CASE, refusal_proposed(), REFUSED, REVOKED)
    office.follow()
    office.duties()
    assert office.case(CASE).stage is Stage.OPENED
    assert office.state(permit_of(CASE)).standing is PermitStanding.EXPIRED
