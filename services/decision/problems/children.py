"""Children, and who comes of age."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType
from shared.web.refusals import CHILD_PROBLEMS

PROBLEMS: Final = (
    *CHILD_PROBLEMS,
    ProblemType(
        "child-circumstances-missing",
        409,
        "须载明儿童父母双方的情形",
        "What either parent's situation is was not established",
    ),
    ProblemType(
        "child-circumstances-out-of-place",
        422,
        "该项保障不涉及儿童父母情形",
        "This programme does not ask for a child's parents",
    ),
    ProblemType(
        "child-change-is-all",
        422,
        "报告儿童情形变化时，不另报收入或家庭成员变化",
        "A child's circumstances are reported by themselves, without income or members",
    ),
    ProblemType(
        "came-of-age",
        409,
        "首个发放月已年满十八周岁，应当不予确认",
        "The applicant is of age before the first month to be paid: the case is to be refused",
    ),
    ProblemType(
        "support-not-by-age",
        409,
        "该个案的保障不因成年而终止",
        "This support does not end by age",
    ),
    ProblemType(
        "school-does-not-count",
        422,
        "该类学校不延长保障",
        "This kind of school does not keep support on",
    ),
    ProblemType(
        "schooling-ends-before",
        422,
        "在校截止月份不晚于保障终止月份",
        "School ends before support does anyway",
    ),
    ProblemType(
        "coming-of-age-not-near",
        409,
        "尚未到成年提醒日期",
        "The coming of age is not told yet",
    ),
    ProblemType(
        "own-account-already",
        409,
        "已发放至本人账户",
        "The young person is paid in person already",
    ),
)
