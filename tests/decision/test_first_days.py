"""What follows a decision on the first day of its rules: notices, appeals, meetings, changes of
the household, permits, standards and special aid.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid5

import pytest

from services.decision.decisions import (
    Decide,
    OweNotice,
    ProposeStandard,
    RecordMeeting,
    SetStandard,
    confirm,
    file_appeal,
    owe_notice,
    propose,
    propose_standard,
    record_meeting,
    serve_notice,
    set_standard,
)
from services.decision.decisions.residence import NotePermit, note_permit
from services.decision.model import APPEAL, CASE_FILE, NOTICES, STANDARDS
from shared.calendar import Month
from shared.contracts.appeals import AppealKind
from shared.contracts.fields import Programme
from shared.contracts.meetings import Attendance, MeetingBody, MeetingForce, MeetingResolution
from shared.contracts.notices import NoticeSubject, ServiceManner
from shared.contracts.publicity import PublicityPosted, PublicityRound
from shared.contracts.special_aid import SpecialAid
from shared.contracts.standards import DivisionLevel, StandardForce, StandardKind
from shared.kernel.decider import HOUSE
from shared.kernel.spec import Decided, spec
from tests.decision.appeals import file
from tests.decision.assessments import PROPOSE
from tests.decision.children import OUTSIDE_FEN
from tests.decision.dayao import GRANDMOTHER
from tests.decision.household import (
    CONFIRMED,
    OTHER,
    PROPOSER,
    approved,
    given,
    opened,
    policy,
)
from tests.decision.standards import COUNTY, NOTICE, PROVINCE, STANDARD, standard_set
from tests.decision.test_household_changes import death, report, told
from tests.decision.test_meetings import COORDINATION, MEETING
from tests.decision.test_notices import ENTRY, owed, serve
from tests.decision.test_notices import NOTICE as OWED
from tests.decision.test_residence import given as permit
from tests.decision.test_special_aid import SICK, needs
from tests.verification.circumstances import household
from tests.verification.household import APPLICANT, CASE, FUJIAN, SHAANXI, note

FIRST_OF_220, LAST_OF_220 = date(2012, 12, 12), date(2021, 6, 30)
FIRST_OF_57 = date(2021, 7, 1)
LAST_BEFORE_83, FIRST_OF_83 = date(2022, 10, 19), date(2022, 10, 20)
DAY = timedelta(days=1)


class TestNotices:
    def served(self, **changed: Any) -> Any:
        case = given(*CONFIRMED, on=FIRST_OF_220)
        owing = case.beside(NOTICES, owed(decided_on=FIRST_OF_220, on=FIRST_OF_220 + 3 * DAY))
        (event,) = owing.when(serve(FIRST_OF_220, **changed), serve_notice).events
        return event

    def test_of_a_change_are_owed_within_three_working_days_on_the_first_day(self) -> None:
        command = OweNotice(case_id=CASE, notice_id=OWED, subject=NoticeSubject.STOP, entry=ENTRY)
        owing = given(*CONFIRMED, on=FIRST_OF_220).beside(NOTICES)
        (event,) = owing.when(command, owe_notice).events
        assert event.due.on == date(2012, 12, 17)

    def test_start_sixty_days_and_three_months_on_the_first_day(self) -> None:
        event = self.served()
        assert event.reconsideration_until == date(2013, 2, 10)
        assert event.court_until == date(2013, 3, 12)

    def test_that_are_public_count_after_thirty_days_on_the_first_day(self) -> None:
        event = self.served(manner=ServiceManner.PUBLIC_NOTICE, recipient=None)
        assert event.counts_on == date(2013, 1, 11)


@pytest.mark.parametrize(
    ("kind", "days"),
    [(AppealKind.RECONSIDERATION, 10), (AppealKind.COURT, 15), (AppealKind.PETITION, 60)],
)
def test_an_appeal_is_answered_in_its_days_on_the_first_day(kind: AppealKind, days: int) -> None:
    case = given(*CONFIRMED, on=FIRST_OF_220)
    case = case.beside(NOTICES, owed(decided_on=FIRST_OF_220, on=FIRST_OF_220 + 3 * DAY))
    command = file(kind=kind, filed_on=FIRST_OF_220)
    event, _taken_in = case.beside(APPEAL).beside(CASE_FILE).when(command, file_appeal).events
    assert event.reply_by == FIRST_OF_220 + days * DAY


class TestAMeeting:
    def met(self, agreed: int, *bodies: MeetingBody) -> Decided:
        """The county's coordination on the first day: so many of those who attend agree."""
        attendance = tuple(
            Attendance(body=body, person=uuid5(HOUSE, f"tests/attending/{n}"), agreed=n < agreed)
            for n, body in enumerate(bodies)
        )
        command = RecordMeeting(
            case_id=CASE,
            meeting_id=MEETING,
            recorder=PROPOSER,
            kind=COORDINATION,
            held_on=FIRST_OF_220,
            attendance=attendance,
            resolution=MeetingResolution.ENTITLED,
            minutes=note("minutes"),
        )
        case = given(*CONFIRMED, on=FIRST_OF_220).beside(CASE_FILE)
        return case.when(command, record_meeting)

    @pytest.mark.parametrize(
        ("agreed", "attending", "force"),
        [
            (2, 3, MeetingForce.BINDING),
            (3, 5, MeetingForce.ADVISORY),
            (4, 6, MeetingForce.BINDING),
        ],
    )
    def test_binds_by_two_thirds_of_who_attend(
        self, agreed: int, attending: int, force: MeetingForce
    ) -> None:
        bodies = (*MeetingBody, *MeetingBody)[:attending]
        (event,) = self.met(agreed, *bodies).events
        assert event.force is force

    def test_is_of_two_bodies(self) -> None:
        health, civil_affairs = MeetingBody.HEALTH, MeetingBody.CIVIL_AFFAIRS
        assert self.met(2, health, civil_affairs).events
        self.met(2, health, health).refuses("meeting-too-small", bodies=1)


class TestAChangeOfTheHousehold:
    @pytest.mark.parametrize(
        ("on", "adjust_by"),
        [
            (FIRST_OF_220, None),
            (LAST_OF_220, None),
            (FIRST_OF_57, None),
            (LAST_BEFORE_83, None),
            (FIRST_OF_83, date(2023, 1, 20)),
        ],
    )
    def test_by_death_is_followed_in_three_months_from_the_first_day_of_83(
        self, on: date, adjust_by: date | None
    ) -> None:
        assert told(report(death(GRANDMOTHER), happened_on=on), on).adjust_by == adjust_by

    @pytest.mark.parametrize(
        ("on", "happened_on", "may_be"),
        [
            (FIRST_OF_220, date(2012, 6, 1), None),
            (FIRST_OF_57, date(2021, 1, 4), None),
            (LAST_BEFORE_83, date(2022, 1, 4), None),
            (FIRST_OF_83, date(2022, 7, 20), False),
            (FIRST_OF_83, date(2022, 7, 19), True),
        ],
    )
    def test_that_was_kept_back_may_be_admonished_from_the_first_day_of_83(
        self, on: date, happened_on: date, may_be: bool | None
    ) -> None:
        event = told(report(death(GRANDMOTHER), happened_on=happened_on), on)
        assert event.admonishable is may_be


def test_a_permits_end_is_told_thirty_days_ahead_on_the_first_day() -> None:
    until_on = date(2013, 6, 30)
    command = NotePermit(
        programme=Programme.DIBAO, division=FUJIAN, applicant=APPLICANT, until_on=until_on
    )
    (event,) = permit(on=FIRST_OF_220).when(command, note_permit).events
    assert event.tell_on == date(2013, 5, 31)


class TestAStandard:
    def proposing(
        self, kind: StandardKind, on: date, from_month: Month, amount_fen: int = 650_00
    ) -> Decided:
        command = ProposeStandard(
            actor=PROPOSER,
            standard_id=STANDARD,
            division=COUNTY,
            kind=kind,
            force=StandardForce.STANDARD,
            amount_fen=amount_fen,
            from_month=from_month,
            notice=NOTICE,
        )
        floor = standard_set(
            100_00,
            Month(2010, 1),
            kind=kind,
            division=PROVINCE,
            level=DivisionLevel.PROVINCE,
            force=StandardForce.FLOOR,
        )
        before = standard_set(OUTSIDE_FEN, Month(2010, 1), kind=kind)
        known = (before,) if kind is StandardKind.CHILD_OUTSIDE_INSTITUTION else ()
        county = spec(STANDARDS, on=on, policy=policy()).given(*known).beside(STANDARDS, floor)
        return county.when(command, propose_standard)

    @pytest.mark.parametrize(
        ("month", "allowed"), [(Month(2011, 12), True), (Month(2011, 11), False)]
    )
    def test_reaches_a_year_back_on_the_first_day(self, month: Month, *, allowed: bool) -> None:
        decided = self.proposing(StandardKind.DIBAO, FIRST_OF_220, month)
        if allowed:
            assert decided.events
        else:
            decided.refuses("standard-too-far-back", earliest="2011-12")

    def test_is_looked_at_again_in_a_year_on_the_first_day(self) -> None:
        proposed = self.proposing(StandardKind.DIBAO, FIRST_OF_220, Month(2013, 1)).events
        floor = standard_set(100_00, Month(2010, 1), division=PROVINCE, force=StandardForce.FLOOR)
        county = spec(STANDARDS, on=FIRST_OF_220, policy=policy()).given(*proposed)
        command = SetStandard(actor=OTHER, standard_id=STANDARD)
        (event,) = county.beside(STANDARDS, floor).when(command, set_standard).events
        assert event.examine_by == date(2013, 12, 12)

    @pytest.mark.parametrize(
        ("on", "bound"),
        [
            (FIRST_OF_220, False),
            (date(2020, 3, 30), False),
            (date(2020, 3, 31), True),
            (date(2020, 12, 31), True),
            (date(2021, 1, 1), False),
        ],
    )
    def test_of_children_is_raised_by_a_hundred_yuan_while_fujians_plan_lasts(
        self, on: date, *, bound: bool
    ) -> None:
        kind = StandardKind.CHILD_OUTSIDE_INSTITUTION
        same = self.proposing(kind, on, Month.of(on).next(), OUTSIDE_FEN)
        if bound:
            same.refuses("standard-raised-too-little", allowed_fen=OUTSIDE_FEN + 100_00)
        else:
            assert same.events


@pytest.mark.parametrize(
    ("on", "aids"),
    [(FIRST_OF_220, []), (date(2021, 5, 9), []), (date(2021, 5, 10), [SpecialAid.MEDICAL])],
)
def test_who_is_on_dibao_is_referred_to_special_aid_from_the_guidances_first_day(
    on: date, aids: list[SpecialAid]
) -> None:
    until_on = on + 7 * DAY
    second = PublicityPosted(round=PublicityRound.SECOND, from_on=on, until_on=until_on)
    account = opened(
        division=SHAANXI,
        accepted_on=on,
        circumstances=household(SICK),
        counted_income_fen=1_800_00,
    )
    proposed_ = given(account, on=on).when(PROPOSE, propose).events
    approved_ = given(account, *proposed_, approved(), second, on=until_on + DAY)
    command = Decide(actor=OTHER, role="county_approver")
    assert [need.aid for need in needs(approved_.when(command, confirm).events)] == aids
