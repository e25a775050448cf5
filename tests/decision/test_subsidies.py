"""The two subsidies for disabled people: who gets them, from which month on, and how much."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.decision.decisions import confirm_subsidy
from shared.calendar import Month
from shared.contracts.circumstances import DisabilityCircumstances, DisabilityKind
from shared.contracts.decision import BenefitProposed, RefusalReason
from shared.contracts.fields import Programme
from shared.contracts.subsidies import Support
from shared.kernel.event import Event
from shared.kernel.spec import Decided
from tests.decision.household import approved
from tests.decision.subsidies import (
    APRIL,
    BY_COUNTY,
    CARE,
    CARE_FEN,
    LIVING,
    LIVING_FEN,
    MARCH,
    ON_DIBAO,
    Reason,
    account,
    begun,
    disability,
    given,
    over,
    proposal,
    proposing,
)
from tests.notices import notice
from tests.verification.household import CASE


def reason(decided: Decided) -> RefusalReason | None:
    """Why it was refused; ``None`` where the standard was proposed."""
    (event,) = decided.events
    if isinstance(event, BenefitProposed):
        assert event.amount_fen == event.standard_fen > 0
        return None
    found: RefusalReason = event.reason
    return found


@pytest.mark.mechanism("S0-26")
@pytest.mark.parametrize(("programme", "fen"), [(LIVING, LIVING_FEN), (CARE, CARE_FEN)])
def test_each_is_proposed_at_its_own_standard_and_asks_nothing_of_means(
    programme: Programme, fen: int
) -> None:
    (proposed,) = proposing(programme).events
    assert (proposed.amount_fen, proposed.standard_fen) == (fen, fen)
    assert (proposed.persons, proposed.counted_income_fen) == (1, 0)
    names = {one.name for one in proposed.parameters}
    assert "disability_subsidy_monthly_fen" in names
    assert not any(name.startswith(("property_", "standard_monthly")) for name in names)


class TestTheLivingSubsidy:
    @pytest.mark.parametrize("grade", [1, 4])
    def test_is_for_any_grade_in_a_household_on_dibao(self, grade: int) -> None:
        assert reason(proposing(LIVING, disability(grade))) is None

    @pytest.mark.parametrize(
        ("supports", "refused"),
        [
            pytest.param((), Reason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED, id="not on dibao"),
            pytest.param(ON_DIBAO, None, id="on dibao"),
            pytest.param(
                (begun(), over(Month(2023, 2))),
                Reason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED,
                id="no longer, when it was applied for",
            ),
            pytest.param((begun(), over(MARCH)), None, id="to the end of that month"),
            pytest.param(
                (begun(Support.EDGE_HOUSEHOLD),),
                Reason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED,
                id="at its edge",
            ),
            pytest.param(
                (begun(Support.RIGID_EXPENDITURE_HOUSEHOLD),),
                Reason.NOT_AMONG_HOUSEHOLDS_SUBSIDISED,
                id="of rigid spending",
            ),
        ],
    )
    def test_rests_on_the_households_standing(
        self, supports: tuple[Event, ...], refused: RefusalReason | None
    ) -> None:
        assert reason(proposing(LIVING, supports=supports)) is refused

    def test_is_extended_by_a_place(self, tmp_path: Path) -> None:
        since = date(2016, 1, 1)
        extended = notice(tmp_path, "3509", LIVING, since=since)
        text = (tmp_path / "notice.toml").read_text("utf-8")
        value = '["dibao", "edge_household"]'
        line = f'living_subsidy_households = [{{ document = "notice", value = {value} }}]\n'
        (tmp_path / "notice.toml").write_text(text + line, "utf-8")
        at_the_edge = (begun(Support.EDGE_HOUSEHOLD),)
        assert reason(proposing(LIVING, supports=at_the_edge, folders=(extended,))) is None


class TestTheCareSubsidy:
    @pytest.mark.parametrize(
        ("kind", "grade", "refused"),
        [
            (DisabilityKind.PHYSICAL, 1, None),
            (DisabilityKind.PHYSICAL, 2, None),
            (DisabilityKind.PHYSICAL, 3, Reason.GRADE_NOT_COVERED),
            (DisabilityKind.MENTAL, 2, None),
            (DisabilityKind.MENTAL, 3, Reason.GRADE_NOT_COVERED),
        ],
    )
    def test_is_for_grades_one_and_two_of_any_kind(
        self, kind: DisabilityKind, grade: int, refused: RefusalReason | None
    ) -> None:
        assert reason(proposing(CARE, disability(grade, kind))) is refused

    @pytest.mark.parametrize(
        ("kind", "grade", "refused"),
        [
            (DisabilityKind.INTELLECTUAL, 3, None),
            (DisabilityKind.INTELLECTUAL, 4, Reason.GRADE_NOT_COVERED),
            (DisabilityKind.PHYSICAL, 3, Reason.GRADE_NOT_COVERED),
        ],
    )
    def test_is_extended_by_a_place_to_lighter_disability_of_the_mind(
        self, tmp_path: Path, kind: DisabilityKind, grade: int, refused: RefusalReason | None
    ) -> None:
        since = date(2016, 1, 1)
        extended = notice(
            tmp_path,
            "35",
            CARE,
            since=since,
            care_subsidy_intellectual_or_mental_least_grade=3,
        )
        found = proposing(CARE, disability(grade, kind), folders=(extended,))
        assert reason(found) is refused

    def test_is_extended_by_a_place_to_grade_three(self, tmp_path: Path) -> None:
        wider = notice(tmp_path, "35", CARE, since=date(2016, 1, 1), care_subsidy_least_grade=3)
        assert reason(proposing(CARE, disability(3), folders=(wider,))) is None
        refused = reason(proposing(CARE, disability(4), folders=(wider,)))
        assert refused is Reason.GRADE_NOT_COVERED

    @pytest.mark.parametrize(
        ("months", "refused"),
        [(5, Reason.NO_LONG_TERM_CARE), (6, None), (0, Reason.NO_LONG_TERM_CARE)],
    )
    def test_is_for_care_of_six_months_or_more(
        self, months: int, refused: RefusalReason | None
    ) -> None:
        assert reason(proposing(CARE, disability(care_months=months))) is refused

    def test_rests_on_nothing_of_the_household(self) -> None:
        assert reason(proposing(CARE, supports=())) is None


class TestWhatTheyAreNotPaidBeside:
    @pytest.mark.parametrize("programme", [LIVING, CARE])
    def test_tekun_gets_neither(self, programme: Programme) -> None:
        of_tekun = begun(Support.TEKUN, MARCH, CASE)
        refused = reason(proposing(programme, supports=(*ON_DIBAO, of_tekun)))
        assert refused is Reason.SUPPORTED_AS_TEKUN

    @pytest.mark.parametrize(
        ("programme", "refused"), [(LIVING, Reason.PAID_AS_CHILD), (CARE, None)]
    )
    def test_a_child_paid_whole_may_get_the_care_subsidy_only(
        self, programme: Programme, refused: RefusalReason | None
    ) -> None:
        of_child = begun(Support.CHILD_ALLOWANCE, MARCH, CASE)
        assert reason(proposing(programme, supports=(*ON_DIBAO, of_child))) is refused

    @pytest.mark.parametrize("programme", [LIVING, CARE])
    def test_nor_care_that_work_injury_insurance_pays(self, programme: Programme) -> None:
        found = disability(work_injury_care=True)
        assert reason(proposing(programme, found)) is Reason.WORK_INJURY_CARE

    @pytest.mark.parametrize("programme", [LIVING, CARE])
    def test_nobody_gets_either_without_a_valid_certificate(self, programme: Programme) -> None:
        nothing = DisabilityCircumstances(disability=None, care_months=12)
        assert reason(proposing(programme, nothing)) is Reason.NO_DISABILITY_CERTIFICATE

    def test_who_was_tekun_before_is_paid_from_the_month_after(self) -> None:
        was = (begun(Support.TEKUN, Month(2022, 1), CASE), over(MARCH, Support.TEKUN, CASE))
        (event,) = confirming(LIVING, (begun(since=Month(2022, 1)), *was)).events
        assert event.pay_from == APRIL


def confirming(
    programme: Programme,
    supports: tuple[Event, ...] = ON_DIBAO,
    folders: tuple[Path, ...] = (),
    **changed: Any,
) -> Decided:
    so_far = (account(programme, **changed), proposal(programme), approved())
    spec = given(*so_far, supports=supports, folders=folders)
    return spec.when(BY_COUNTY, confirm_subsidy)


class TestTheFirstMonth:
    @pytest.mark.parametrize(
        ("applied_on", "first"),
        [(date(2023, 3, 31), MARCH), (date(2023, 4, 1), APRIL), (None, APRIL)],
    )
    def test_is_that_of_the_application_not_of_the_decision(
        self, applied_on: date | None, first: Month
    ) -> None:
        (event,) = confirming(CARE, applied_on=applied_on).events
        assert (event.pay_from, event.amount_fen) == (first, CARE_FEN)

    @pytest.mark.parametrize(
        ("since", "first"), [(Month(2023, 2), MARCH), (MARCH, MARCH), (APRIL, APRIL)]
    )
    def test_is_none_before_the_household_was_on_dibao(self, since: Month, first: Month) -> None:
        (event,) = confirming(LIVING, (begun(since=since),)).events
        assert event.pay_from == first

    def test_is_another_where_a_place_pays_from_the_month_after(self, tmp_path: Path) -> None:
        later = notice(
            tmp_path, "35", CARE, since=date(2016, 1, 1), pay_first_month="month_after_decision"
        )
        (event,) = confirming(CARE, folders=(later,)).events
        assert event.pay_from == Month(2023, 5)
