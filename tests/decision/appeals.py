"""An appeal against a decision on the story's household, to the order or ruling that follows."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

from services.decision.decisions import CarryOutRuling, FileAppeal, carry_out_ruling
from services.decision.decisions.levelling import after, with_standards
from services.decision.model import APPEAL, Determination
from shared.calendar import Month
from shared.contracts.appeals import AppealFiled, AppealKind, AppealOrgan, AppealRuled, AppealRuling
from shared.contracts.changes import HouseholdChangeCause, HouseholdChanged
from shared.contracts.fields import Programme
from shared.contracts.notices import NoticeSubject
from shared.contracts.standards import StandardSet
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given
from tests.decision.household import CHANGE, CONFIRMED, FOUR, REPORTER, given
from tests.decision.levelling import around
from tests.decision.test_notices import NOTICE
from tests.verification.household import APPLICANT, CASE, FUJIAN, note

APPEAL_ID = uuid5(HOUSE, "tests/appeal")
RESTORER = uuid5(HOUSE, "tests/restorer")
FILED_ON = date(2020, 6, 30)
IN_AUGUST_2021 = date(2021, 8, 10)
RECONSIDERATION = AppealKind.RECONSIDERATION


def file(**changed: Any) -> FileAppeal:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "appeal_id": APPEAL_ID,
        "recorder": REPORTER,
        "kind": RECONSIDERATION,
        "organ": AppealOrgan.COUNTY_GOVERNMENT,
        "notice_id": NOTICE,
        "appellant": APPLICANT,
        "filed_on": FILED_ON,
        "grounds": note("grounds"),
    }
    return FileAppeal(**(stated | changed))


def filed(subject: NoticeSubject = NoticeSubject.PHASE_OUT, **changed: Any) -> AppealFiled:
    refusal = subject is NoticeSubject.REFUSAL
    stated = {
        **file().model_dump(exclude={"case_id"}),
        "division": FUJIAN,
        "subject": subject,
        "change_id": None if refusal else CHANGE,
        "in_time": True,
        "reply_by": date(2020, 7, 10),
    }
    return AppealFiled(**(stated | changed))


def ruled(ruling: AppealRuling = AppealRuling.REVOKED) -> AppealRuled:
    return AppealRuled(
        appeal_id=APPEAL_ID,
        recorder=REPORTER,
        ruling=ruling,
        ruled_on=date(2020, 8, 3),
        reasons=note("reasons"),
    )


def appealed(*history: Event, on: date, case: tuple[Event, ...] = CONFIRMED) -> Given:
    return given(*case, on=on).beside(APPEAL, *history)


def carry_out(**changed: Any) -> CarryOutRuling:
    stated: dict[str, Any] = {
        "case_id": CASE,
        "appeal_id": APPEAL_ID,
        "actor": RESTORER,
        "role": "township_approver",
    }
    return CarryOutRuling(**(stated | changed))


def restored(
    spec: Given, *standards: StandardSet, subject: NoticeSubject, **changed: Any
) -> Determination:
    """The case once a decision about it fell, where its county has set these standards.

    ``changed`` is of the appeal that was filed.
    """
    role = "county_approver" if spec.state.account.division != FUJIAN else "township_approver"
    beside = around(spec.beside(APPEAL, filed(subject, **changed), ruled()), *standards)
    appeal, *states = (history.state for history in beside.histories[1:])
    at = with_standards(beside.moment, states)
    facts = carry_out_ruling(beside.state, appeal, carry_out(role=role), at)
    return after(beside.state, facts)


NOBODY_LEFT = HouseholdChanged(
    change_id=CHANGE,
    programme=Programme.DIBAO,
    division=FUJIAN,
    cause=HouseholdChangeCause.DEATH,
    happened_on=date(2020, 5, 3),
    members=(),
    left=tuple(member.person_id for member in FOUR),
    joined=(),
    from_month=Month(2020, 6),
)
