"""What an account of means has to say."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "means-out-of-place",
        422,
        "该项保障不核查收入和财产",
        "This programme looks into no income and no property",
    ),
    ProblemType(
        "person-not-in-household", 422, "所列人员不是家庭成员", "Not a member of the household"
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
        "employment-cost-computed",
        409,
        "当地按比例核算就业成本，不得自行填写",
        "The place computes the cost of working: it is not stated",
    ),
    ProblemType(
        "necessities-beyond-property",
        422,
        "生活生产必需财产须在所填房屋、车辆数之内，唯一住房须只有一套",
        "Necessities are among the houses and vehicles stated; the only home is the only house",
    ),
    ProblemType(
        "necessity-not-shown",
        422,
        "代步车须为残疾成员所用，生产用车和农机须为务工务农成员所用",
        "A scooter is a disabled member's; a vehicle or machine for work is one's who works",
    ),
)
