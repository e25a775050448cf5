"""Self-care, its level and its money, and where somebody is supported: given, when, then."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.care.decisions.care_file import (
    Assess,
    ChooseMode,
    EndCare,
    OpenCare,
    assess,
    choose_mode,
    end_care,
    open_care,
)
from services.care.model import Stage
from shared.calendar import Month
from shared.contracts.care import AgreementEnd, CareEnded, CareIndicator
from shared.contracts.fields import CareLevel, ParameterUsed, SupportMode
from shared.kernel.spec import Decided
from shared.policy import MissingValue
from tests.care.person import (
    AGREED,
    ASSESSED_ON,
    ASSESSORS,
    AT_HOME,
    CONFIRMED_ON,
    DAYAO,
    PERSON,
    SHAANXI,
    TWO_FAILED,
    assessed,
    chosen,
    ended,
    given,
    note,
    opened,
)
from tests.notices import notice

INDICATORS = tuple(CareIndicator)


def assessing(**changed: Any) -> Assess:
    """The command of the first assessment."""
    stated: dict[str, Any] = {
        "assessed_on": ASSESSED_ON,
        "assessors": ASSESSORS,
        "failed": frozenset(TWO_FAILED),
        "findings": note("assessment"),
    }
    return Assess(**(stated | changed))


def on_the_day(**changed: Any) -> Decided:
    return given(opened(), on=ASSESSED_ON).when(assessing(**changed), assess)


def test_a_recognised_person_has_one_care_file() -> None:
    command = OpenCare(division=SHAANXI, person_id=PERSON, confirmed_on=CONFIRMED_ON)
    given(on=CONFIRMED_ON).when(command, open_care).then(opened())
    given(opened(), on=CONFIRMED_ON).when(command, open_care).then()


def test_who_is_confirmed_again_after_the_end_is_cared_for_again() -> None:
    """The stop fell: the person can be assessed, and an agreement signed, as before."""
    on = date(2023, 5, 4)
    command = OpenCare(division=SHAANXI, person_id=PERSON, confirmed_on=on)
    ended = (opened(), assessed(), CareEnded())
    (again,) = given(*ended, on=on).when(command, open_care).events
    file = given(*ended, again, on=on).state
    assert (file.stage, file.care_fen) == (Stage.ASSESSED, 350_00)
    given(*ended, again, on=on).when(command, open_care).then()
    given(*ended, again, on=on).when(EndCare(), end_care).then(CareEnded())


class TestTheLevel:
    def test_two_of_six_failed_is_partial_care_paid_from_the_next_month(self) -> None:
        on_the_day().then(assessed())

    @pytest.mark.mechanism("S1-15")
    @pytest.mark.parametrize(
        ("failed", "level", "care_fen"),
        [
            (0, CareLevel.SELF_CARE, 50_00),
            (1, CareLevel.PARTIAL_CARE, 350_00),
            (3, CareLevel.PARTIAL_CARE, 350_00),
            (4, CareLevel.FULL_CARE, 700_00),
            (6, CareLevel.FULL_CARE, 700_00),
        ],
    )
    def test_the_number_of_failed_indicators_gives_level_and_supplement(
        self, failed: int, level: CareLevel, care_fen: int
    ) -> None:
        (event,) = on_the_day(failed=frozenset(INDICATORS[:failed])).events
        assert (event.level, event.care_fen) == (level, care_fen)
        assert event.failed == INDICATORS[:failed]

    def test_two_different_people_assess(self) -> None:
        on_the_day(assessors=ASSESSORS[:1] * 2).refuses("too-few-assessors", different=1, needed=2)

    def test_who_is_named_twice_is_recorded_once(self) -> None:
        on_the_day(assessors=(*ASSESSORS, ASSESSORS[0])).then(assessed())

    @pytest.mark.parametrize("day", [date(2022, 11, 30), date(2022, 12, 21)])
    def test_it_lies_between_the_recognition_and_today(self, day: date) -> None:
        on_the_day(assessed_on=day).refuses(
            "assessment-day-impossible",
            day=day.isoformat(),
            earliest="2022-12-01",
            latest="2022-12-20",
        )

    def test_one_of_december_recorded_in_february_counts_from_january(self) -> None:
        given(opened(), on=date(2023, 2, 3)).when(assessing(), assess).then(assessed())

    def test_the_supplement_is_that_of_the_month_it_begins_in(self, tmp_path: Path) -> None:
        raised = {date(2021, 7, 1): 300_00, date(2023, 1, 1): 360_00}
        name = "tekun_care_partial_care_monthly_fen"
        place = notice(tmp_path, "611022", "tekun", since=date(2021, 7, 1), **{name: raised})
        (event,) = (
            given(opened(), on=ASSESSED_ON, folders=(place,)).when(assessing(), assess).events
        )
        assert (event.from_month, event.care_fen) == (Month(2023, 1), 360_00)
        assert (
            ParameterUsed(name="tekun_care_partial_care_monthly_fen", value=360_00)
            in event.parameters
        )

    def test_a_place_that_states_no_supplement_is_told_which(self) -> None:
        with pytest.raises(MissingValue, match="tekun_care_partial_care_monthly_fen"):
            given(opened(DAYAO), on=ASSESSED_ON).when(assessing(), assess)

    def test_before_july_2021_no_criteria_are_known(self) -> None:
        early = opened().model_copy(update={"confirmed_on": date(2021, 6, 1)})
        command = assessing(assessed_on=date(2021, 6, 30))
        with pytest.raises(MissingValue, match="self_care_minimum_assessors"):
            given(early, on=date(2021, 7, 1)).when(command, assess)


class TestAssessedAgain:
    @pytest.mark.mechanism("S4-9")
    def test_another_level_is_paid_from_the_month_after(self) -> None:
        command = assessing(assessed_on=date(2023, 5, 31), failed=frozenset(INDICATORS[:4]))
        (event,) = given(*AGREED, on=date(2023, 5, 31)).when(command, assess).events
        assert (event.level, event.care_fen, event.from_month) == (
            CareLevel.FULL_CARE,
            700_00,
            Month(2023, 6),
        )

    def test_the_same_level_is_recorded_and_is_the_same_money(self) -> None:
        command = assessing(assessed_on=date(2023, 5, 31), failed=frozenset(INDICATORS[:3]))
        (event,) = given(*AGREED, on=date(2023, 5, 31)).when(command, assess).events
        assert (event.level, event.care_fen) == (CareLevel.PARTIAL_CARE, 350_00)

    def test_it_is_not_recorded_behind_a_later_one(self) -> None:
        command = assessing(assessed_on=date(2022, 12, 19))
        given(*AT_HOME, on=date(2023, 1, 5)).when(command, assess).refuses(
            "assessment-day-impossible", earliest="2022-12-20"
        )


class TestTheMode:
    def test_home_or_institution_is_chosen_and_can_be_chosen_anew(self) -> None:
        home, institution = SupportMode.DISPERSED, SupportMode.CENTRALIZED
        on = date(2023, 1, 5)
        given(opened(), on=on).when(ChooseMode(mode=home), choose_mode).then(chosen(home))
        given(opened(), chosen(institution), on=on).when(ChooseMode(mode=home), choose_mode).then(
            chosen(home)
        )

    def test_what_is_chosen_already_is_no_choice(self) -> None:
        command = ChooseMode(mode=SupportMode.DISPERSED)
        given(*AT_HOME, on=date(2023, 1, 5)).when(command, choose_mode).refuses(
            "mode-chosen", mode="dispersed"
        )

    def test_who_moves_to_an_institution_leaves_the_agreement(self) -> None:
        command = ChooseMode(mode=SupportMode.CENTRALIZED)
        moved = ended(AgreementEnd.MOVED_TO_INSTITUTION, date(2023, 5, 4))
        given(*AGREED, on=date(2023, 5, 4)).when(command, choose_mode).then(
            chosen(SupportMode.CENTRALIZED), moved
        )


class TestTheEnd:
    def test_with_the_case_care_ends_and_the_open_agreement(self) -> None:
        given(*AGREED, on=date(2023, 7, 1)).when(EndCare(), end_care).then(
            ended(AgreementEnd.SUPPORT_ENDED, date(2023, 7, 1)), CareEnded()
        )

    def test_an_agreement_that_is_over_does_not_end_again(self) -> None:
        expired = ended(AgreementEnd.EXPIRED, date(2023, 6, 1))
        given(*AGREED, expired, on=date(2023, 7, 1)).when(EndCare(), end_care).then(CareEnded())

    def test_once_and_never_for_a_case_without_care(self) -> None:
        given(opened(), CareEnded(), on=date(2023, 7, 1)).when(EndCare(), end_care).then()
        given(on=date(2023, 7, 1)).when(EndCare(), end_care).then()

    def test_nothing_is_assessed_or_chosen_afterwards(self) -> None:
        over = given(*AT_HOME, CareEnded(), on=date(2023, 7, 1))
        over.when(assessing(), assess).refuses("care-not-open", stage="ended")
        command = ChooseMode(mode=SupportMode.CENTRALIZED)
        over.when(command, choose_mode).refuses("care-not-open", stage="ended")
