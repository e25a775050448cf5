"""Bills of rigid spending."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "bill-of-no-rigid-spending",
        422,
        "就业成本不凭票据扣减",
        "The cost of working has no bills",
    ),
    ProblemType(
        "bill-reimbursed-beyond",
        422,
        "报销金额超过票据金额",
        "More was reimbursed than the bill amounts to",
    ),
    ProblemType(
        "bill-outside-window",
        409,
        "票据日期不在核算期内",
        "The bill lies outside the months over which spending counts",
    ),
    ProblemType(
        "deduction-stated-and-billed",
        422,
        "同一类支出已有票据，不得另行填写金额",
        "Spending of this kind has bills: its amount is computed, not stated",
    ),
    ProblemType(
        "bills-needed",
        409,
        "当地规定刚性支出须凭票据核定",
        "The place counts rigid spending by bills only",
    ),
)
