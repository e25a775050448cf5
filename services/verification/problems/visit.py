"""A home visit and who signs for it."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "visit-day-impossible",
        409,
        "入户日期须在受理之日与当日之间",
        "A visit lies between acceptance and today",
    ),
    ProblemType(
        "surveyed-before",
        403,
        "异议成立后应由其他人员重新调查",
        "After an upheld objection others survey the household",
    ),
    ProblemType("too-few-surveyors", 409, "入户调查人员不足", "Too few different surveyors"),
    ProblemType(
        "signatures-missing",
        422,
        "入户调查表须由调查人员和家庭成员签字",
        "The form of a visit is signed by the surveyors and by a member of the household",
    ),
    ProblemType(
        "signatures-incomplete",
        422,
        "签字人员与调查人员、家庭成员不符",
        "Every surveyor signs, a member of the household, and nobody else",
    ),
    ProblemType(
        "survey-contactless-not-allowed",
        409,
        "依规定不得以电话、视频等方式代替入户调查",
        "The regime knows no survey by phone or video",
    ),
)
