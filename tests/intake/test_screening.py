"""A county's screening, as the plans' sentences: what it expects, hands, last days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.intake.decisions.screening import (
    NoteMissedRosters,
    NoteMissedSignOff,
    OpenScreening,
    SignOff,
    note_missed_rosters,
    note_missed_sign_off,
    sign_off,
)
from services.intake.duties import DUTIES, agenda
from shared.contracts.screening import (
    RosterKind,
    RostersMissed,
    ScreeningOpened,
    ScreeningSignedOff,
    SignOffMissed,
)
from shared.kernel.store import AgendaEntry
from tests.documents import document
from tests.intake.screening import (
    DAYAO,
    FUJIAN_COUNTY,
    JINBI,
    OFFICER,
    OPENED,
    SIX_AND_THE_SUPPORT_LIST,
    TODAY,
    county,
    entries_of,
    imported,
    open_screening,
)
from tests.intake.test_decisions import CASE, REASON


class TestOpening:
    def test_takes_its_last_days_from_dayaos_plan(self) -> None:
        command = OpenScreening(division=DAYAO, year=2020)
        decided = county().when(command, open_screening).then(OPENED)
        assert decided.facts[0].policy is not None

    @pytest.mark.mechanism("S1-4", "S1-5")
    def test_in_fujian_expects_the_suspects_and_a_ledger_by_the_end_of_april(self) -> None:
        command = OpenScreening(division=FUJIAN_COUNTY, year=2020)
        county(on=date(2020, 4, 1)).when(command, open_screening).then(
            ScreeningOpened(
                division=FUJIAN_COUNTY,
                year=2020,
                expected=(RosterKind.NATIONAL_SUSPECTS, RosterKind.PROVINCIAL_SUSPECTS),
                screening_due=date(2020, 4, 30),
                enrolment_due=date(2020, 6, 30),
            )
        )

    def test_outside_a_campaign_has_no_last_days(self) -> None:
        command = OpenScreening(division=DAYAO, year=2023)
        county(on=date(2023, 3, 10)).when(command, open_screening).then(
            ScreeningOpened(division=DAYAO, year=2023, expected=())
        )

    def test_is_of_the_present_year_and_happens_once(self) -> None:
        county().when(OpenScreening(division=DAYAO, year=2021), open_screening).refuses(
            "screening-of-another-year", allowed=2020
        )
        county(OPENED).when(OpenScreening(division=DAYAO, year=2020), open_screening).refuses(
            "screening-opened-before"
        )

    def test_is_a_countys(self) -> None:
        county().when(OpenScreening(division=JINBI, year=2020), open_screening).refuses(
            "screening-is-of-a-county", level="township"
        )


class TestLastDays:
    minutes = SignOff(actor=OFFICER, present=5, included=3, excluded=1, minutes=REASON)
    signed_off = ScreeningSignedOff(
        approver=OFFICER, present=5, included=3, excluded=1, minutes=REASON
    )

    def test_are_missed_on_the_day_after(self) -> None:
        assert entries_of(OPENED) == {
            ("rosters-missed", CASE): date(2020, 3, 16),
            ("sign-off-missed", CASE): date(2020, 5, 26),
        }
        assert entries_of(OPENED, self.signed_off).keys() == {("rosters-missed", CASE)}

    def test_of_the_rosters_name_those_that_are_missing(self) -> None:
        command = NoteMissedRosters(due_on=date(2020, 3, 15))
        missing = tuple(
            k for k in SIX_AND_THE_SUPPORT_LIST if k is not RosterKind.NO_LABOUR_HOUSEHOLD
        )
        county(OPENED, imported()).when(command, note_missed_rosters).then(
            RostersMissed(due_on=date(2020, 3, 15), missing=missing)
        )
        every = [imported(kind) for kind in SIX_AND_THE_SUPPORT_LIST]
        county(OPENED, *every).when(command, note_missed_rosters).then()

    @pytest.mark.mechanism("S3-11")
    def test_of_the_sign_off_are_kept_by_the_leading_groups_word(self) -> None:
        missed = NoteMissedSignOff(due_on=date(2020, 5, 25))
        county(OPENED).when(missed, note_missed_sign_off).then(
            SignOffMissed(due_on=date(2020, 5, 25))
        )
        county(OPENED).when(self.minutes, sign_off).then(self.signed_off)
        county(OPENED, self.signed_off).when(missed, note_missed_sign_off).then()
        county(OPENED, self.signed_off).when(self.minutes, sign_off).refuses(
            "screening-signed-off-before"
        )

    def test_are_looked_at_in_the_countys_own_stream(self) -> None:
        rosters, sign_off_ = agenda(document(OPENED, case_id=CASE, on=TODAY, region=DAYAO))
        for entry in (rosters, sign_off_):
            assert isinstance(entry, AgendaEntry)
            submission = DUTIES[entry.kind](entry)
            assert [stream.key for stream in submission.reads] == [f"{DAYAO}/2020"]
            assert submission.command.due_on == entry.due_on - timedelta(days=1)
