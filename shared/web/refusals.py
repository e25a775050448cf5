"""Problems of the rules that several services share, for the catalogue of each that uses them."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

ACCOUNT_PROBLEMS: Final = (
    ProblemType(
        "person-not-in-household", 422, "所列人员不是家庭成员", "Not a member of the household"
    ),
    ProblemType(
        "line-listed-twice", 422, "同一项目重复填写", "The same line of the account is listed twice"
    ),
    ProblemType(
        "income-item-out-of-place",
        422,
        "该项目只能列在转移净收入或者其他收入项下",
        "What is named as an item of its own is a transfer, or other income",
    ),
    ProblemType(
        "deduction-not-allowed",
        409,
        "该地区、该日期不得扣减此项支出",
        "This is not deducted in that division on that date",
    ),
    ProblemType(
        "basic-pension-unsettled",
        409,
        "现行规定未明确基础养老金是否计入家庭收入，须由办理人决定",
        "The rules of the day do not say whether the basic pension counts: somebody decides",
    ),
    ProblemType(
        "basic-pension-settled",
        409,
        "基础养老金是否计入家庭收入已有规定或者没有此项收入，不得自行选择",
        "There is no basic pension whose treatment is open: nothing to choose",
    ),
)
"""What ``shared.accounts`` refuses."""

CHILD_PROBLEMS: Final = (
    ProblemType(
        "child-parents-unclear",
        422,
        "父母双方须各载明一次，并按其情形载明残疾、期限、依据",
        "Both parents once each, with the disability, months and evidence that go with it",
    ),
    ProblemType(
        "paid-beside-twice",
        422,
        "同一项已领待遇只填一次",
        "What is paid beside is stated once for each benefit",
    ),
)
"""What ``shared.children`` refuses."""
