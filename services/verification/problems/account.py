"""What an account of means has to say."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType
from shared.web.refusals import ACCOUNT_PROBLEMS

PROBLEMS: Final = (
    *ACCOUNT_PROBLEMS,
    ProblemType(
        "means-out-of-place",
        422,
        "该项保障不核查收入和财产",
        "This programme looks into no income and no property",
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
