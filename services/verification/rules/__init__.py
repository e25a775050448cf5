"""The rules of the means check, pure functions over the parameters of the acceptance date."""

from services.verification.rules.account import (
    Account,
    account,
    counting_lines,
    higher_of_declared_and_reported,
    lines_of_one_kind,
)
from services.verification.rules.review import (
    require_representatives,
    require_review_provided_for,
    review_due,
    review_required,
)
from services.verification.rules.survey import (
    COMPLETENESS_SOURCE,
    TEKUN_SOURCE,
    require_circumstances,
    require_day_between,
    require_surveyors,
    require_tekun_circumstances,
)

__all__ = [
    "COMPLETENESS_SOURCE",
    "TEKUN_SOURCE",
    "Account",
    "account",
    "counting_lines",
    "higher_of_declared_and_reported",
    "lines_of_one_kind",
    "require_circumstances",
    "require_day_between",
    "require_representatives",
    "require_review_provided_for",
    "require_surveyors",
    "require_tekun_circumstances",
    "review_due",
    "review_required",
]
