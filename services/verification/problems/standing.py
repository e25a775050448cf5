"""Households on the books, and obligors, asked about."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "obligor-asked-about",
        409,
        "该法定义务人的信息已查询，或者该项保障不查询",
        "Departments were asked about this obligor, or are not for this programme",
    ),
    ProblemType(
        "obligor-consent-missing",
        409,
        "核对法定义务人经济状况须经其本人同意",
        "An obligor's means are checked with the obligor's own consent",
    ),
    ProblemType(
        "obligor-of-the-household",
        422,
        "家庭成员不作为法定义务人核对",
        "A member of the household is not checked as an obligor",
    ),
    ProblemType(
        "household-not-on-books",
        409,
        "该家庭已不在册，不再核对",
        "The household is no longer on the books and is not checked any more",
    ),
    ProblemType(
        "household-not-authorised",
        409,
        "家庭成员的核对授权缺失、到期或者已撤回，不得查询",
        "A member's authorisation is missing, over or withdrawn: no department may be asked",
    ),
)
