"""A county's look at everyone, and the rosters it is made of."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "screening-is-of-a-county",
        422,
        "摸底排查由县级组织",
        "A screening is a county's",
    ),
    ProblemType(
        "screening-of-another-year",
        422,
        "只能启动本年度的摸底排查",
        "A screening is opened for the present year",
    ),
    ProblemType(
        "screening-opened-before",
        409,
        "本年度摸底排查已启动",
        "The county's screening of this year is open already",
    ),
    ProblemType(
        "screening-not-opened",
        409,
        "摸底排查尚未启动",
        "The county's screening of that year is not open",
    ),
    ProblemType(
        "screening-signed-off-before",
        409,
        "排查结果已审议确认",
        "The result was confirmed before",
    ),
    ProblemType(
        "screening-of-the-whole-group",
        409,
        "丧失劳动能力对象须申请，或者注明不能纳入的原因，不得仅作转介",
        "Who lost the ability to work applies, or is excluded for a reason; a referral is no end",
    ),
    ProblemType(
        "screening-task-elsewhere",
        409,
        "该排查任务不在此环节",
        "The task is not at this step",
    ),
    ProblemType(
        "screening-not-visited",
        409,
        "须先入户排查",
        "The household has to be visited first",
    ),
    ProblemType(
        "visit-ahead",
        422,
        "入户日期不得晚于今日",
        "A visit is recorded when it was made",
    ),
    ProblemType(
        "second-check-same-hands",
        403,
        "复核须由另一人进行",
        "The second check is another person's",
    ),
    ProblemType(
        "application-not-of-screening",
        422,
        "所填个案不是低保或特困申请",
        "The case named is no application for dibao or tekun",
    ),
    ProblemType(
        "application-of-others",
        422,
        "该申请的家庭成员中没有此人",
        "The person is not among the members of that application",
    ),
    ProblemType(
        "roster-imported-before",
        409,
        "该签章名册已导入",
        "This signed roster was imported before",
    ),
    ProblemType(
        "roster-signed-later",
        422,
        "名册签章日期不得晚于今日",
        "A roster is signed before it is imported",
    ),
    ProblemType(
        "roster-person-twice",
        422,
        "名册内人员重复",
        "Somebody stands twice in the roster",
    ),
    ProblemType(
        "roster-division-elsewhere",
        422,
        "名册人员须属本县乡镇或村（居）",
        "Everybody in a roster belongs to a township or village of the county",
    ),
    ProblemType(
        "roster-disability-not-matched",
        422,
        "三部门比对名册须为一、二级残疾，或三、四级智力、精神残疾",
        "The match lists disabilities of the grades that count, and says which",
    ),
    ProblemType(
        "roster-states-no-labour",
        422,
        "只有丧失劳动能力对象名册填写劳动能力",
        "Only the roster of people who lost the ability to work states that",
    ),
    ProblemType(
        "roster-labour-not-lost",
        422,
        "该名册只列完全丧失劳动能力，或者部分丧失劳动能力且无稳定产业就业收入的对象",
        "It lists who lost all ability to work, or part of it and has no steady income of work",
    ),
    ProblemType(
        "roster-not-provided-for",
        409,
        "该地区、该日期未规定此类名册",
        "No such roster is provided for in that division on that date",
    ),
    ProblemType(
        "roster-states-no-disability",
        422,
        "只有三部门比对名册填写残疾信息",
        "Only the roster of the three departments' match states a disability",
    ),
)
