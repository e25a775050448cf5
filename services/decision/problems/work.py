"""Refused work."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "work-offer-not-counted",
        409,
        "该地区、该日期没有此类拒绝就业的规定",
        "Refusals of this kind count for nothing in that division on that date",
    ),
    ProblemType(
        "not-bound-to-work",
        409,
        "只适用于有劳动能力但未就业的成员",
        "Only a member who is able to work and has none is bound to take up work",
    ),
    ProblemType(
        "poverty-standing-unknown",
        409,
        "调查未载明是否建档立卡",
        "The survey does not state whether the household is registered as poor",
    ),
    ProblemType(
        "not-registered-poor",
        409,
        "扶贫项目只适用于建档立卡家庭",
        "Poverty projects bind members of registered poor households only",
    ),
    ProblemType(
        "work-offer-dates-astray",
        422,
        "介绍、答复日期应依次且不晚于今日",
        "The answer follows the offer, and neither lies ahead",
    ),
    ProblemType(
        "work-excuse-astray",
        422,
        "有正当理由的应注明理由，其他情形不填",
        "An excused refusal names its good reason, and nothing else has one",
    ),
    ProblemType(
        "no-such-work-consequence",
        404,
        "没有该项待处理的拒绝就业事项",
        "No such matter of refused work waits for a decision",
    ),
    ProblemType(
        "work-consequence-not-allowed",
        409,
        "依规定不能作此处理",
        "The regime does not leave this choice",
    ),
    ProblemType(
        "work-consequence-reason-missing",
        409,
        "不减发、不停发应说明理由",
        "Neither reducing nor stopping asks for a reason",
    ),
    ProblemType("no-own-share", 409, "该成员没有本人份额", "The member has no share of the amount"),
)
