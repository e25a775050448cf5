"""Standards of care supplements: noted in a stream of care's own, applied page by page.

The person of case 16: partial care, 350 yuan a month from January 2023 on; the county sets 380 from
July.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from services.care.decisions.care_file import assess
from services.care.decisions.standards import (
    ApplyCareStandard,
    apply_care_standard,
    by_recorded_standards,
)
from services.care.model import CARE_FILE, CARE_STANDARDS, care_file_of, care_standards_of
from services.care.reactions import FOREIGN
from services.care.views import fold_file
from services.payment.reactions import FOREIGN as HEARD_BY_PAYMENT
from shared.calendar import Month
from shared.contracts.care import (
    CareAmountRedetermined,
    CareEnded,
    CareStandardNoted,
    CareStandardReviewOpened,
)
from shared.contracts.fields import CareLevel, ParameterUsed, Programme
from shared.contracts.payment import EntitlementPart
from shared.contracts.standards import (
    DivisionLevel,
    RedeterminationPageListed,
    StandardForce,
    StandardKind,
    StandardSet,
)
from shared.kernel.decider import HOUSE
from shared.kernel.event import Event
from tests.care.person import CASE, SHAANXI, assessed, given, opened
from tests.care.test_assessing import assessing
from tests.decision.standards import standard_set
from tests.documents import document

COUNTY = "611022000000"
STANDARD = uuid5(HOUSE, "tests/care/standard")
JULY, JULY_1 = Month(2023, 7), date(2023, 7, 1)


def of_care(**changed: Any) -> StandardSet:
    stated: dict[str, Any] = {
        "amount_fen": 380_00,
        "from_month": JULY,
        "standard_id": STANDARD,
        "division": COUNTY,
        "kind": StandardKind.TEKUN_PARTIAL_CARE,
    }
    return standard_set(**(stated | changed))


def noted(**changed: Any) -> CareStandardNoted:
    stated: dict[str, Any] = {
        "standard_id": STANDARD,
        "division": COUNTY,
        "level": DivisionLevel.COUNTY,
        "kind": StandardKind.TEKUN_PARTIAL_CARE,
        "amount_fen": 380_00,
        "from_month": JULY,
    }
    return CareStandardNoted(**(stated | changed))


def page(kind: StandardKind = StandardKind.TEKUN_PARTIAL_CARE) -> RedeterminationPageListed:
    return RedeterminationPageListed(
        standard_id=STANDARD,
        kind=kind,
        programme=Programme.TEKUN,
        division=SHAANXI,
        amount_fen=380_00,
        from_month=JULY,
        page=1,
        cases=(CASE,),
    )


def redetermined(**changed: Any) -> CareAmountRedetermined:
    stated: dict[str, Any] = {
        "standard_id": STANDARD,
        "level": CareLevel.PARTIAL_CARE,
        "care_before_fen": 350_00,
        "care_fen": 380_00,
        "from_month": JULY,
    }
    return CareAmountRedetermined(**(stated | changed))


def applied(*events: Event, on: date = JULY_1, **changed: Any) -> tuple[Any, ...]:
    stated: dict[str, Any] = {
        "standard_id": STANDARD,
        "level": CareLevel.PARTIAL_CARE,
        "amount_fen": 380_00,
        "from_month": Month.of(on),
        "cases": (CASE,),
    }
    command = ApplyCareStandard(**(stated | changed))
    return given(*events, on=on).when(command, apply_care_standard).events


class TestNoting:
    def submissions(self, standard: StandardSet) -> list[Any]:
        (react,) = FOREIGN[StandardSet]
        heard = document(standard, case_id=uuid4(), on=date(2023, 6, 20), region=COUNTY)
        return list(react(heard))

    def test_a_standard_of_a_tier_goes_into_a_stream_of_its_division(self) -> None:
        (submission,) = self.submissions(of_care())
        assert submission.reads == (care_standards_of(COUNTY),)
        assert submission.command.standard == noted()

    @pytest.mark.parametrize(
        "other", [{"kind": StandardKind.DIBAO}, {"force": StandardForce.FLOOR}], ids=str
    )
    def test_nothing_else_is_noted(self, other: dict[str, Any]) -> None:
        assert self.submissions(of_care(**other)) == []


class TestAnAssessment:
    def pays(self, assessed_on: date, *standards: CareStandardNoted) -> Any:
        spec = given(opened(), on=assessed_on).beside(CARE_STANDARDS).beside(CARE_STANDARDS)
        spec = spec.beside(CARE_STANDARDS, *standards)
        command = assessing(assessed_on=assessed_on)
        (event,) = spec.when(command, by_recorded_standards(assess)).events
        return event

    def test_pays_by_the_standard_of_the_month_it_counts_from(self) -> None:
        assert self.pays(date(2023, 5, 31), noted()).care_fen == 350_00
        since = self.pays(date(2023, 6, 1), noted())
        assert (since.from_month, since.care_fen) == (JULY, 380_00)
        used = ParameterUsed(
            name="tekun_care_partial_care_monthly_fen", value=380_00, standard_id=STANDARD
        )
        assert used in since.parameters

    def test_goes_by_what_was_set_again_before_it_began(self) -> None:
        again = noted(standard_id=uuid5(STANDARD, "again"), amount_fen=390_00)
        assert self.pays(date(2023, 6, 1), noted(), again).care_fen == 390_00


class TestApplying:
    def test_pays_who_has_the_level_from_its_month_on(self) -> None:
        assert applied(opened(), assessed()) == (redetermined(),)

    def test_changes_nothing_twice(self) -> None:
        assert applied(opened(), assessed(), redetermined()) == ()

    def test_leaves_other_levels_the_unassessed_and_the_ended_alone(self) -> None:
        assert applied(opened(), assessed(), level=CareLevel.FULL_CARE) == ()
        assert applied(opened()) == ()
        assert applied() == ()
        assert applied(opened(), assessed(), CareEnded()) == ()

    def test_never_reaches_back_before_the_assessment_that_counts(self) -> None:
        later = assessed(assessed_on=date(2023, 7, 1), from_month=Month(2023, 8))
        (event,) = applied(opened(), assessed(), later)
        assert event.from_month == Month(2023, 8)

    def test_takes_from_nobody_who_was_not_heard_where_the_law_wants_it(self) -> None:
        """社会救助法 art. 48, in force from 1 July 2026."""
        (before,) = applied(opened(), assessed(), on=date(2026, 6, 1), amount_fen=349_99)
        assert isinstance(before, CareAmountRedetermined)
        (since,) = applied(opened(), assessed(), on=date(2026, 7, 1), amount_fen=349_99)
        assert isinstance(since, CareStandardReviewOpened)
        assert (since.care_fen, since.standard_fen) == (350_00, 349_99)
        assert applied(opened(), assessed(), since, on=date(2026, 7, 1), amount_fen=349_99) == ()

    def test_is_each_files_own_on_a_page_of_several(self) -> None:
        other: UUID = uuid5(CASE, "other")
        command = ApplyCareStandard(
            standard_id=STANDARD,
            level=CareLevel.PARTIAL_CARE,
            amount_fen=380_00,
            from_month=JULY,
            cases=(other, CASE),
        )
        spec = given(opened(), on=JULY_1).beside(CARE_FILE, opened(), assessed())
        (fact,) = spec.when(command, apply_care_standard).facts
        assert fact.stream == care_file_of(CASE)


def test_a_page_is_one_command_and_pages_of_other_kinds_are_none() -> None:
    (react,) = FOREIGN[RedeterminationPageListed]
    heard = document(page(), case_id=uuid4(), on=JULY_1, region=SHAANXI)
    (submission,) = react(heard)
    assert submission.reads == (care_file_of(CASE),)
    assert (submission.command.level, submission.command.amount_fen) == (
        CareLevel.PARTIAL_CARE,
        380_00,
    )
    of_basic = document(page(StandardKind.TEKUN_BASIC), case_id=uuid4(), on=JULY_1)
    assert list(react(of_basic)) == []


def test_payment_pays_the_care_part_from_its_month_on() -> None:
    (react,) = HEARD_BY_PAYMENT[CareAmountRedetermined]
    heard = document(redetermined(), case_id=CASE, on=JULY_1, region=SHAANXI)
    (submission,) = react(heard)
    command = submission.command
    assert (command.part, command.amount_fen, command.from_month) == (
        EntitlementPart.CARE,
        380_00,
        JULY,
    )


def test_the_list_shows_the_supplement_that_counts() -> None:
    row: dict[str, Any] | None = None
    for version, event in enumerate((opened(), assessed(), redetermined()), start=1):
        row = fold_file(str(CASE), row, document(event, case_id=CASE, on=JULY_1, version=version))
    assert row is not None
    assert (row["care_fen"], row["care_from"]) == (380_00, "2023-07")
