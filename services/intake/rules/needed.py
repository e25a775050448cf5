"""Which parameters the way of a case asks for, so that none is accepted that cannot be ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from shared.contracts.fields import AidKind, AidRequest, Programme

_NEEDED_BY_CHECKS: Final = (
    "materials_asked_once",
    "survey_complete_within_working_days",
    "survey_minimum_surveyors",
    "democratic_review_when",
    "democratic_review_within_working_days",
    "democratic_review_representative_share",
)
_NEEDED_BY_MEANS_TESTS: Final = (*_NEEDED_BY_CHECKS, "income_deductions")
_NEEDED_BY_CHILDREN: Final = (
    *_NEEDED_BY_CHECKS,
    "child_parent_situations",
    "child_parent_evidence",
    "publicity_days",
    "decision_within_working_days",
    "refusal_notice_within_days",
    "coming_of_age_announced_days_before",
    "coming_of_age_schools",
)
_NEEDED_BY_SUBSIDIES: Final = (
    *_NEEDED_BY_CHECKS,
    "subsidy_not_beside",
    "pay_first_month",
    "publicity_days",
    "decision_within_working_days",
    "refusal_notice_within_days",
    "review_unchanging_interval_months",
)
_NEEDED_BY_AID: Final = (
    "materials_asked_once",
    "aid_kinds",
    "aid_places",
    "township_aid_limit_fen",
    "aid_follow_up_after_days",
)
_NEEDED_WITHOUT_CHECK: Final = (*_NEEDED_BY_AID, "aid_explanation_within_working_days")
_NEEDED_BY_SMALL_AID: Final = (
    "small_aid_cap_standards",
    "small_aid_pay_within_days",
    "small_aid_counted_in",
    "small_aid_same_hardship_months",
)
NEEDED_OF_AID: Final[Mapping[AidKind, Sequence[str]]] = {
    AidKind.EMERGENCY: (*_NEEDED_WITHOUT_CHECK, "emergency_pay_within_working_days"),
    AidKind.SMALL_QUICK: (*_NEEDED_WITHOUT_CHECK, *_NEEDED_BY_SMALL_AID),
    AidKind.EXPENSE: (
        *_NEEDED_BY_AID,
        *_NEEDED_BY_MEANS_TESTS,
        "local_disposable_income_yearly_fen",
        "expense_aid_households",
        "property_deposits_limit_annual_standards",
        "property_houses_limit",
        "property_vehicles_limit",
        "publicity_days",
        "decision_within_working_days",
        "refusal_notice_within_days",
        "procedure_decided_by",
        "expense_aid_cap_standards",
        "expense_aid_pay_within_working_days",
    ),
}
"""What the way of an aid asks for, by its kind: to its grant, or to its account and its grant."""


def needed_parameters(programme: Programme, aid: AidRequest | None) -> Sequence[str]:
    """What the way of a case asks for: to its account, or to the grant of an aid or allowance."""
    if aid is not None:
        return NEEDED_OF_AID[aid.kind]
    if programme is Programme.CHILD_ALLOWANCE:
        return _NEEDED_BY_CHILDREN
    if programme.is_disability_subsidy:
        return _NEEDED_BY_SUBSIDIES
    return _NEEDED_BY_MEANS_TESTS if programme.tests_means else _NEEDED_BY_CHECKS
