"""From the papers to acceptance, and what an application no longer takes."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "application-not-pending",
        409,
        "该申请不在受理前阶段",
        "The application is no longer waiting for acceptance",
    ),
    ProblemType(
        "application-not-accepted", 409, "该申请尚未受理", "The application is not accepted"
    ),
    ProblemType(
        "application-over",
        409,
        "该申请已办结或已撤回",
        "The application is over",
    ),
    ProblemType(
        "materials-requested-before",
        409,
        "补正材料只能一次性告知",
        "Missing papers are asked for once only",
    ),
    ProblemType(
        "materials-supplied-before",
        409,
        "所列材料中有已提交的，不得重复要求",
        "Some of the papers named were brought before: they are not asked for again",
    ),
    ProblemType(
        "paper-departments-answer",
        409,
        "部门间能够查询的材料，不得要求申请人提供",
        "Departments can answer for some of the papers named: the applicant is not asked",
    ),
    ProblemType(
        "materials-outstanding", 409, "告知补正的材料尚未交齐", "Papers asked for are still missing"
    ),
    ProblemType(
        "nothing-missing",
        422,
        "没有需要补正的材料或者签字",
        "Neither papers nor signatures are missing",
    ),
)
