"""A check, the departments it asks, and what it waits for."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType("check-not-open", 409, "该调查核实不在办理中", "The check is not open"),
    ProblemType("check-not-complete", 409, "该调查核实尚未完成", "The check is not complete"),
    ProblemType(
        "department-not-failed",
        409,
        "只能对查询失败的部门重新发起查询",
        "Only a department that gave no data is asked again",
    ),
    ProblemType(
        "home-county-not-asked",
        404,
        "该县未被请求协查",
        "That county was not asked about this case",
    ),
    ProblemType(
        "home-county-outstanding",
        409,
        "户籍地协查期限未满且尚未答复",
        "A home county has not answered and its days are not over",
    ),
    ProblemType(
        "home-county-silent",
        409,
        "户籍地逾期未答复，该地区规定须有答复方可办理",
        "A home county did not answer in time, and the place does not go on without",
    ),
    ProblemType(
        "person-not-asked-about",
        422,
        "所列人员不在协查范围",
        "Somebody was not asked about",
    ),
    ProblemType(
        "letter-without-digest",
        422,
        "复函须有摘要值，网上答复不填",
        "A letter shows its digest, and no other answer does",
    ),
    ProblemType(
        "departments-outstanding", 409, "尚有部门未反馈", "Departments have not answered yet"
    ),
    ProblemType("visit-missing", 409, "尚未入户调查", "There was no home visit yet"),
    ProblemType("review-missing", 409, "尚未民主评议", "There was no democratic review yet"),
    ProblemType(
        "review-contested",
        409,
        "民主评议争议较大，应重新入户调查",
        "The review contested the survey: visit the household again",
    ),
)
