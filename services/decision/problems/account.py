"""What an account of means and circumstances has to say."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "benefit-tiers-astray",
        409,
        "该地分档标准前后不一：各档收入上限应当逐档提高并低于低保标准，各档金额不得逐档增加",
        "The place's tiers are out of order: their bounds rise, their amounts do not",
    ),
    ProblemType(
        "person-not-in-household", 422, "所列人员不是家庭成员", "Not a member of the household"
    ),
    ProblemType(
        "income-item-out-of-place",
        422,
        "该项目只能列在转移净收入或者其他收入项下",
        "What is named as an item of its own is a transfer, or other income",
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
    ProblemType(
        "line-listed-twice", 422, "同一项目重复填写", "The same line of the account is listed twice"
    ),
    ProblemType(
        "deduction-not-allowed",
        409,
        "该地区、该日期不得扣减此项支出",
        "This is not deducted in that division on that date",
    ),
    ProblemType(
        "tekun-circumstances-missing",
        409,
        "调查未载明劳动能力和法定义务人情况",
        "The survey does not state ability to work and obligors",
    ),
)
