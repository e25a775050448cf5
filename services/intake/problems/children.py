"""Who applies for a child, and when no longer."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "guardian-missing",
        422,
        "儿童由监护人、受托近亲属或者村（居）民委员会代为申请",
        "A guardian, kin whom they sent, or an office applies for a child",
    ),
    ProblemType(
        "parents-out-of-place",
        422,
        "该项保障不登记儿童父母",
        "No parents are named with this programme",
    ),
    ProblemType(
        "parents-unclear",
        422,
        "儿童父母至多两人，且不得重复",
        "A child has two parents at most, each named once",
    ),
    ProblemType(
        "child-of-age",
        409,
        "年满十八周岁，不属于保障对象",
        "Of age, or this month: there is no month to be paid",
    ),
    ProblemType(
        "child-allowance-was-chosen",
        409,
        "已选择孤儿、事实无人抚养儿童保障的，不再认定为特困人员",
        "Who has chosen a child's allowance is not recognised as tekun beside it",
    ),
)
