"""A tekun person in Shaanxi in 2023 and what is recorded about them: case 16 of the worked cases.

Recognised on 1 December 2022, assessed on the 20th (failing two of six indicators), supported at
home under an agreement signed on 1 January 2023, for a year.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from infra.demo.running import STANDARDS
from services.care.model import CARE_FILE
from shared.calendar import CALENDAR_VERSION, Month
from shared.contracts.care import (
    AbilityChangeReported,
    AbilityReporter,
    AgreementEnd,
    AgreementEnded,
    AgreementSigned,
    CareIndicator,
    CareOpened,
    ContactKind,
    ContactRecorded,
    MonthlyContactMissed,
    ReassessmentMissed,
    RectificationDone,
    RectificationOrdered,
    RectificationRefused,
    SelfCareAssessed,
    SupportModeChosen,
)
from shared.contracts.fields import CareLevel, Due, ParameterUsed, SupportMode
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from shared.policy import Policy
from tests.verification.household import DAYAO, SHAANXI, note

__all__ = ["DAYAO", "SHAANXI", "note"]

CASE, PERSON, CAREGIVER, NEIGHBOUR, GUARDIAN, VISITOR, OTHER_VISITOR = (
    uuid5(HOUSE, f"tests/care/{name}")
    for name in ("case", "person", "caregiver", "neighbour", "guardian", "visitor", "other")
)
ASSESSORS = tuple(uuid5(HOUSE, f"tests/care/assessor/{n}") for n in range(2))
AGREEMENT, SECOND_AGREEMENT, ORDER, REPORT = (
    uuid5(HOUSE, f"tests/care/{name}") for name in ("agreement", "second", "order", "report")
)
CONFIRMED_ON = date(2022, 12, 1)
ASSESSED_ON = date(2022, 12, 20)
SIGNED_ON = date(2023, 1, 1)
UNTIL_ON = date(2023, 12, 31)
REPORTED_ON = date(2023, 4, 11)
TWO_FAILED = (CareIndicator.WALKING_INDOORS, CareIndicator.BATHING)
USED = (
    ParameterUsed(name="self_care_full_from_failed", value=4),
    ParameterUsed(name="self_care_minimum_assessors", value=2),
    ParameterUsed(name="self_care_partial_from_failed", value=1),
    ParameterUsed(name="tekun_care_partial_care_monthly_fen", value=350_00),
)


@cache
def policy(*folders: Path) -> Policy:
    """The built-in parameters, the worked cases' standards, and those of the folders."""
    return Policy.load((STANDARDS, *folders))


def given(*events: Event, on: date, folders: tuple[Path, ...] = ()) -> Given:
    """A care file to which this has happened, on a day, under the fixture's standards."""
    return spec(CARE_FILE, on=on, policy=policy(*folders)).given(*events)


def opened(division: str = SHAANXI) -> CareOpened:
    """The recognition."""
    return CareOpened(division=division, person_id=PERSON, confirmed_on=CONFIRMED_ON)


def assessed(**changed: Any) -> SelfCareAssessed:
    """The first assessment: partial care, 350 yuan a month from January on."""
    stated: dict[str, Any] = {
        "assessed_on": ASSESSED_ON,
        "assessors": ASSESSORS,
        "failed": TWO_FAILED,
        "level": CareLevel.PARTIAL_CARE,
        "care_fen": 350_00,
        "from_month": Month(2023, 1),
        "parameters": USED,
        "findings": note("assessment"),
    }
    return SelfCareAssessed(**(stated | changed))


def chosen(mode: SupportMode = SupportMode.DISPERSED) -> SupportModeChosen:
    """Where the person chose to be supported."""
    return SupportModeChosen(mode=mode)


def signed(**changed: Any) -> AgreementSigned:
    """The agreement of the year 2023."""
    stated: dict[str, Any] = {
        "agreement_id": AGREEMENT,
        "signed_on": SIGNED_ON,
        "until_on": UNTIL_ON,
        "caregiver": CAREGIVER,
        "visitor": VISITOR,
        "guardian": None,
        "first_month": Month(2023, 1),
        "terms": note("terms"),
    }
    return AgreementSigned(**(stated | changed))


def ended(reason: AgreementEnd, ended_on: date, agreement_id: UUID = AGREEMENT) -> AgreementEnded:
    """The end of an agreement."""
    return AgreementEnded(agreement_id=agreement_id, ended_on=ended_on, reason=reason)


def contacted(
    contact_on: date, kind: ContactKind = ContactKind.VISIT, *, late: bool = False
) -> ContactRecorded:
    """A contact by the agreement's visitor."""
    return ContactRecorded(
        contact_on=contact_on,
        kind=kind,
        visitor=VISITOR,
        late=late,
        findings=note(f"contact {contact_on}"),
    )


def missed(month: Month, visitor: UUID = VISITOR) -> MonthlyContactMissed:
    """A month without contact."""
    return MonthlyContactMissed(month=month, visitor=visitor)


def ordered(due_on: date = date(2023, 4, 24)) -> RectificationOrdered:
    """The county's order to the caregiver, of 11 April 2023: ten working days, with the 23rd."""
    return RectificationOrdered(
        order_id=ORDER,
        agreement_id=AGREEMENT,
        grounds=note("grounds"),
        due=Due(on=due_on, calendar=CALENDAR_VERSION),
    )


def reported(due_on: date = date(2023, 4, 24), **changed: Any) -> AbilityChangeReported:
    """The village's report of 11 April 2023: ten working days, with Sunday the 23rd."""
    stated: dict[str, Any] = {
        "report_id": REPORT,
        "reported_on": REPORTED_ON,
        "reporter": AbilityReporter.VILLAGE,
        "account": note("what they saw"),
        "due": Due(on=due_on, calendar=CALENDAR_VERSION),
    }
    return AbilityChangeReported(**(stated | changed))


TOO_LATE = ReassessmentMissed(
    report_id=REPORT, due=Due(on=date(2023, 4, 24), calendar=CALENDAR_VERSION)
)
DONE = RectificationDone(order_id=ORDER, findings=note("what was mended"))
REFUSED = RectificationRefused(order_id=ORDER, findings=note("why not"))

AT_HOME: tuple[Event, ...] = (opened(), assessed(), chosen())
AGREED: tuple[Event, ...] = (*AT_HOME, signed())
TO_BE_REPLACED: tuple[Event, ...] = (*AGREED, ordered(), REFUSED)
