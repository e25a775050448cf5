"""Dated parameters: which value holds where and when, and what a bad file is told."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from shared.contracts.fields import DeductionKind, ParameterUsed, Programme
from shared.policy import MissingValue, Policy, PolicyError, UnknownParameter, Value
from tests.shared.test_policy_files import HEATING, folder

DEMO = Path(__file__).parents[2] / "infra" / "demo" / "policy"
FUJIAN, SHAANXI, DAYAO = "350924100000", "611022000000", "532326101000"
STORY = date(2020, 4, 1)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load([DEMO])


@pytest.mark.parametrize(
    ("on", "regime", "second_days", "review", "decision", "total"),
    [
        (date(2012, 12, 12), "mca_two_twenty", 7, "always", 5, None),
        (date(2021, 6, 30), "mca_two_twenty", 7, "always", 5, None),
        (date(2021, 7, 1), "mca_fifty_seven", 0, "on_objection", 10, 30),
        (date(2022, 10, 19), "mca_fifty_seven", 0, "on_objection", 10, 30),
        (date(2022, 10, 20), "mca_eighty_three", 0, "on_objection", 10, 30),
        (date(2026, 7, 1), "social_assistance_law", 0, "on_objection", 10, 30),
    ],
)
def test_each_regime_of_dibao_has_its_procedure(
    policy: Policy, on, regime, second_days, review, decision, total
):
    at = policy.at(SHAANXI, "dibao", on)
    assert at.code("procedure_regime") == regime
    assert at.whole("second_publicity_days") == second_days
    assert at.code("democratic_review_when") == review
    assert at.whole("decision_within_working_days") == decision
    assert at.whole_or_none("total_working_days") == total
    assert at.whole("publicity_days") == 7
    assert at.whole("survey_minimum_surveyors") == 2
    assert at.flag("hearing_before_reduction_or_stop") == (on >= date(2026, 7, 1))


def test_the_storys_procedure_in_fujian_in_spring_2020(policy: Policy):
    at = policy.at(FUJIAN, "dibao", STORY)
    assert at.code("procedure_decided_by") == "township"
    assert at.whole("survey_complete_within_working_days") == 10
    assert at.whole("democratic_review_within_working_days") == 5
    assert at.ratio("democratic_review_representative_share") == Fraction(2, 3)
    assert at.fen("standard_monthly_fen") == 600_00
    assert at.whole("pay_by_day_of_month") == 10


def test_the_most_specific_division_wins(policy: Policy):
    def deductions(region: str) -> tuple[str, ...]:
        return policy.at(region, "dibao", STORY).codes("income_deductions")

    assert deductions(FUJIAN) == ("illness", "disability", "schooling", "epidemic", "employment")
    assert deductions(DAYAO) == ("illness", "disability", "schooling", "employment")
    assert deductions(SHAANXI) == ("employment",)
    decided = policy.at("530000000000", "dibao", STORY).code("procedure_decided_by")
    assert decided == "county"


def test_a_divisions_value_ends_and_the_wider_one_holds_again(policy: Policy):
    def longest(on: date) -> int | None:
        return policy.at(FUJIAN, "dibao", on).whole_or_none("phase_out_maximum_months")

    assert longest(date(2020, 3, 30)) is None
    assert longest(date(2020, 5, 18)) == 12
    assert longest(date(2022, 10, 20)) == 6


def test_case_9_dayaos_bounds_of_a_phase_out(policy: Policy):
    at = policy.at(DAYAO, "dibao", date(2020, 5, 1))
    assert (at.whole("phase_out_minimum_months"), at.whole("phase_out_maximum_months")) == (6, 12)
    assert at.code("phase_out_granted") == "may"


def test_case_4_fujians_five_days_for_emergency_aid(policy: Policy):
    aid = policy.at(FUJIAN, "temporary_assistance", date(2020, 3, 31))
    assert aid.whole("emergency_pay_within_working_days") == 5


def test_case_21_the_edge_factor_comes_with_july_2021(policy: Policy):
    assert policy.at(FUJIAN, "dibao", date(2020, 5, 1)).ratio_or_none("edge_income_factor") is None
    assert policy.at(FUJIAN, "dibao", date(2021, 8, 1)).ratio("edge_income_factor") == Fraction(
        3, 2
    )


@pytest.mark.parametrize(
    ("on", "treatment"),
    [
        (date(2020, 12, 31), "counted"),
        (date(2021, 1, 1), "excluded"),
        (date(2025, 12, 31), "excluded"),
        (date(2026, 1, 1), "unsettled"),
    ],
)
def test_the_basic_pension_by_month(policy: Policy, on: date, treatment: str):
    assert policy.at(FUJIAN, "dibao", on).code("income_basic_pension") == treatment


def test_case_13_dayaos_last_days_end_with_its_campaign(policy: Policy):
    def due(region: str, on: date) -> list[date | None]:
        at = policy.at(region, "all", on)
        names = ("rosters_due", "screening_due", "screening_enrolment_due")
        return [at.date_or_none(name) for name in names]

    days = [date(2020, 3, 15), date(2020, 4, 15), date(2020, 5, 5)]
    assert due(DAYAO, date(2020, 3, 2)) == due(DAYAO, date(2020, 12, 30)) == days
    assert due(DAYAO, date(2020, 12, 31)) == [None, None, None]
    assert due(FUJIAN, STORY) == [None, date(2020, 4, 30), date(2020, 6, 30)]
    assert due(SHAANXI, STORY) == [None, None, None]
    assert policy.value("screening_due", DAYAO, "all", STORY).whole_figure() is None


def test_a_programme_has_its_own_values_and_those_for_all(policy: Policy):
    tekun = policy.at(SHAANXI, "tekun", date(2023, 1, 1))
    assert tekun.whole("decision_within_working_days") == 15
    assert tekun.whole("fraud_fine_maximum_multiple") == 3
    assert policy.at(SHAANXI, "tekun", date(2026, 7, 1)).whole("fraud_fine_maximum_multiple") == 2


def test_a_value_names_its_document_article_and_version(policy: Policy):
    value = policy.value("survey_complete_within_working_days", FUJIAN, "dibao", STORY)
    assert (value.reference, value.article) == ("民发〔2012〕220号", "18")
    assert (value.document, value.scope, value.unit) == ("mca-2012-220", "", "working day")
    assert value.version == policy.version


def test_the_values_a_decision_read_are_remembered_once_each(policy: Policy):
    at = policy.at(FUJIAN, "dibao", STORY)
    at.fen("standard_monthly_fen")
    at.whole("publicity_days")
    at.whole("publicity_days")
    assert [value.name for value in at.used] == ["publicity_days", "standard_monthly_fen"]
    assert at.version == policy.version
    assert policy.at(FUJIAN, "dibao", STORY).used == ()


def test_a_used_value_fits_an_event(policy: Policy):
    def figure(name: str) -> int | None:
        return policy.value(name, FUJIAN, "dibao", STORY).whole_figure()

    assert figure("standard_monthly_fen") == 600_00
    assert figure("kin_filing_required") == 1
    assert figure("democratic_review_representative_share") == 6666
    assert figure("procedure_decided_by") is None
    for definition in policy.definitions():
        ParameterUsed(name=definition.name, value=0)


def test_what_an_event_states_is_the_value_again_but_for_a_third(policy: Policy):
    """Two thirds are 6,666 ten-thousandths in an event."""
    for definition in policy.definitions():
        for entry in policy.entries(definition.name):
            region = entry.scope.ljust(12, "0")
            value = policy.value(entry.name, region, entry.programme, entry.valid_from)
            number = value.whole_figure()
            if number is None or (value.figure, number) == (Fraction(2, 3), 6666):
                continue
            assert definition.of_whole(number) == value.figure, entry


def test_a_stated_figure_is_found_where_it_was_taken_from(policy: Policy):
    def source(name: str, number: int, programme: str) -> str | None:
        found = policy.taken_from(name, number, FUJIAN, programme, STORY)
        return found and found.source

    cited = "演示用地方标准（虚构） Invented local standards of the demo"
    assert source("standard_monthly_fen", 600_00, "dibao") == cited
    assert source("standard_monthly_fen", 600_00, "temporary_assistance") == cited
    assert source("standard_monthly_fen", 599_99, "temporary_assistance") is None
    assert source("hearing_before_reduction_or_stop", 1, "dibao") is None
    with pytest.raises(UnknownParameter):
        source("standard", 600_00, "dibao")


def test_what_is_missing_is_named_with_what_is_known(policy: Policy):
    with pytest.raises(MissingValue) as caught:
        policy.value("standard_monthly_fen", "110101000000", "dibao", STORY)
    said = str(caught.value)
    for part in ("standard_monthly_fen", "110101000000", "2020-04-01", "35 from 2012-12-12 on"):
        assert part in said


def test_what_is_missing_on_a_date_is_told_the_nearest_dates(policy: Policy):
    def nearest(on: date) -> list[tuple[date, date | None]]:
        with pytest.raises(MissingValue, match=f"on {on}") as caught:
            policy.value("benefit_method", FUJIAN, "dibao", on)
        return [(near.valid_from, near.valid_to) for near in caught.value.nearest]

    assert nearest(date(2012, 12, 11)) == [(date(2012, 12, 12), date(2021, 6, 30))]
    with pytest.raises(MissingValue) as caught:
        policy.value("job_refusals_limit", DAYAO, "dibao", date(2014, 4, 30))
    (first,) = caught.value.nearest
    assert (first.scope, first.valid_from) == ("", date(2014, 5, 1))
    assert "nearest: everywhere from 2014-05-01 to 2021-06-30 (国务院令第649号)" in str(
        caught.value
    )


def test_between_two_times_both_are_nearest(tmp_path: Path):
    text = (
        """
    heating_fen = [{ value = 1, scope = "15", document = "d", valid_to = 2020-03-31 }]
    [values.all]
    heating_fen = [{ value = 2, scope = "15", document = "d", valid_from = 2020-10-01 }]
    """
        + HEATING
    )
    with pytest.raises(MissingValue) as caught:
        Policy.load(folder(tmp_path, text)).value("heating_fen", "150102000000", "dibao", STORY)
    assert [near.valid_from.month for near in caught.value.nearest] == [1, 10]


def test_what_is_missing_in_a_place_is_told_the_nearest_places(policy: Policy):
    def nearest(region: str) -> list[str]:
        with pytest.raises(MissingValue) as caught:
            policy.value("standard_monthly_fen", region, "dibao", STORY)
        return [near.scope for near in caught.value.nearest]

    assert nearest("532301000000")[0] == "532326"
    assert nearest("360000000000")[0] == "35"
    assert len(nearest("110101000000")) == 3


def test_a_programme_without_the_parameter_is_told_which_have_it(policy: Policy):
    with pytest.raises(MissingValue, match="known only of dibao"):
        policy.value("edge_income_factor", FUJIAN, "temporary_assistance", STORY)


def test_the_built_in_parameters_hold_no_county_standard():
    with pytest.raises(MissingValue, match="known: none; the place has to state it"):
        Policy.load().value("standard_monthly_fen", FUJIAN, "dibao", STORY)


def test_an_open_choice_says_so_and_why(policy: Policy):
    value = policy.value("phase_out_amount_rule", FUJIAN, "dibao", STORY)
    assert value.open
    assert "no source" in value.note.lower()
    assert "法规未作规定" in value.source
    assert not policy.value("phase_out_maximum_months", FUJIAN, "dibao", STORY).open


def test_a_value_carries_the_words_that_set_it(policy: Policy):
    value = policy.value("phase_out_maximum_months", FUJIAN, "dibao", date(2020, 5, 18))
    assert value.quote == "给予12个月渐退期"


def test_the_more_general_values_that_it_goes_before(policy: Policy):
    found = policy.values("phase_out_maximum_months", FUJIAN, "dibao", date(2020, 5, 18))
    assert [(value.scope, value.figure) for value in found] == [("35", 12), ("", None)]
    assert policy.values("standard_monthly_fen", "110101000000", "dibao", STORY) == ()


def test_an_unknown_parameter_is_told_the_nearest(policy: Policy):
    with pytest.raises(UnknownParameter, match="is 'publicity_days' meant"):
        policy.at(FUJIAN, "dibao", STORY).whole("publicty_days")


def test_a_parameter_is_read_as_what_it_is(policy: Policy):
    at = policy.at(FUJIAN, "dibao", STORY)
    with pytest.raises(PolicyError, match="publicity_days is read as fen, but is whole"):
        at.fen("publicity_days")
    with pytest.raises(PolicyError, match="the regime on 2020-04-01 sets none"):
        at.whole("total_working_days")
    assert not at.sets("total_working_days")


DEPLOYMENTS_OWN = {
    "minimum_wage_monthly_fen",
    "benefit_first_tier_below_share",
    "benefit_second_tier_below_share",
    "benefit_first_tier_share",
    "benefit_second_tier_share",
    "benefit_third_tier_share",
}
"""What no source states for any place: a deployment whose rules need it sets it."""


def test_every_parameter_has_a_value_somewhere_and_every_choice_a_name(policy: Policy):
    for definition in policy.definitions():
        known = policy.entries(definition.name) or definition.name in DEPLOYMENTS_OWN
        assert known, f"{definition.name} has no value anywhere"
        assert set(definition.labels) == set(definition.choices), definition.name
    assert set(policy.programmes) == {"all", *Programme}


def test_what_was_read_without_articles_is_known():
    without = {document.id for document in Policy.load().documents() if not document.by_article}
    assert without == {
        "anhui-practice",
        "baoji-practice",
        "chuxiong-practice",
        "jilin-city-practice",
        "mca-2018-23",
        "mca-2020-125",
        "mca-2020-action",
        "mca-2026-temporary-assistance",
        "open-choices",
        "putian-practice",
        "state-council-2014-47",
    }


def test_deductions_are_the_kinds_that_the_contracts_know(policy: Policy):
    choices = policy.definition("income_deductions").choices
    assert set(choices) == {kind.value for kind in DeductionKind}


def test_no_day_since_2013_lacks_a_value_that_dibao_needs(policy: Policy):
    """The joints of all series, read through: the day of each change and the day before it."""
    since = date(2014, 5, 1)
    days = {since, date(2030, 1, 1)}
    for definition in policy.definitions():
        days |= {e.valid_from for e in policy.entries(definition.name)}
    days |= {day - timedelta(days=1) for day in days}
    others = (
        "aid_",
        # Needed only where a place pays by tiers.
        "benefit_first_tier_",
        "benefit_second_tier_",
        "benefit_third_tier_",
        "care_",
        "child_",
        "coming_of_age_",
        "disability_subsidy_",
        "emergency_",
        "expense_aid_",
        "living_subsidy_",
        "local_disposable_income_",
        "small_aid_",
        "subsidy_",
        # Needed only where a place computes the cost of working or assumes wages.
        "employment_cost_disabled_",
        "employment_cost_wage_share",
        "minimum_wage_",
        "self_care_",
        "tekun_",
        "termination_",
        "township_aid_",
    )
    for day in sorted(day for day in days if day >= since):
        for definition in policy.definitions():
            if not definition.name.startswith(others):
                assert isinstance(policy.value(definition.name, FUJIAN, "dibao", day), Value)


def test_the_version_is_a_digest_in_letters_and_follows_the_values(policy: Policy, tmp_path: Path):
    assert re.fullmatch(r"p-[a-p]{12}", policy.version)
    assert Policy.load([DEMO]).version == policy.version
    assert Policy.load().version != policy.version
    text = (DEMO / "standards.toml").read_text("utf-8")
    (tmp_path / "standards.toml").write_text(text.replace("60000", "60001"), "utf-8")
    assert Policy.load([tmp_path]).version != policy.version
    (tmp_path / "standards.toml").write_text(text.replace("a year.", "yearly."), "utf-8")
    assert Policy.load([tmp_path]).version == policy.version
