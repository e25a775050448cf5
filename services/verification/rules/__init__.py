"""The rules of the means check, pure functions over the parameters of the acceptance date."""

from services.verification.rules.account import (
    Account,
    Statement,
    account,
    counting_lines,
)
from services.verification.rules.children import (
    require_child_circumstances,
    require_established,
)
from services.verification.rules.departments import (
    departments_due,
    departments_of_check,
    is_outdated,
    is_overdue,
)
from services.verification.rules.home_counties import (
    ASSISTANCE_SOURCE,
    home_counties,
    is_late,
    require_answer_if_needed,
    require_asked_about,
)
from services.verification.rules.household import counted, require_applicant_counts
from services.verification.rules.leads import (
    PROPERTY,
    RECHECK_SOURCE,
    contradictions,
    disability_that_counts,
    is_superseded,
    without_superseded,
)
from services.verification.rules.necessities import require_necessities
from services.verification.rules.obligors import below_reported, may_look, require_consent
from services.verification.rules.review import (
    require_representatives,
    require_review_provided_for,
    review_due,
    review_required,
)
from services.verification.rules.spending import (
    deducted_of,
    first_day_of_window,
    monthly_deductions,
    require_bills,
    require_plain_statements_enough,
    require_spending_looked_at,
    window_of,
)
from services.verification.rules.spot_checks import (
    digest_of_population,
    drawn_of,
    in_ten_thousandths,
    require_ground,
    require_room,
    share_of_spot_checks,
)
from services.verification.rules.survey import (
    COMPLETENESS_SOURCE,
    TEKUN_SOURCE,
    require_circumstances,
    require_contactless_allowed,
    require_day_between,
    require_disability_circumstances,
    require_no_means,
    require_signatures,
    require_surveyors,
    require_tekun_circumstances,
)
from services.verification.rules.waivers import (
    concerns,
    contradictions_that_matter,
    looked_at,
    require_waiver_provided_for,
    waived_for,
)
from services.verification.rules.work import require_work_known

__all__ = [
    "ASSISTANCE_SOURCE",
    "COMPLETENESS_SOURCE",
    "PROPERTY",
    "RECHECK_SOURCE",
    "TEKUN_SOURCE",
    "Account",
    "Statement",
    "account",
    "below_reported",
    "concerns",
    "contradictions",
    "contradictions_that_matter",
    "counted",
    "counting_lines",
    "deducted_of",
    "departments_due",
    "departments_of_check",
    "digest_of_population",
    "disability_that_counts",
    "drawn_of",
    "first_day_of_window",
    "home_counties",
    "in_ten_thousandths",
    "is_late",
    "is_outdated",
    "is_overdue",
    "is_superseded",
    "looked_at",
    "may_look",
    "monthly_deductions",
    "require_answer_if_needed",
    "require_applicant_counts",
    "require_asked_about",
    "require_bills",
    "require_child_circumstances",
    "require_circumstances",
    "require_consent",
    "require_contactless_allowed",
    "require_day_between",
    "require_disability_circumstances",
    "require_established",
    "require_ground",
    "require_necessities",
    "require_no_means",
    "require_plain_statements_enough",
    "require_representatives",
    "require_review_provided_for",
    "require_room",
    "require_signatures",
    "require_spending_looked_at",
    "require_surveyors",
    "require_tekun_circumstances",
    "require_waiver_provided_for",
    "require_work_known",
    "review_due",
    "review_required",
    "share_of_spot_checks",
    "waived_for",
    "window_of",
    "without_superseded",
]
