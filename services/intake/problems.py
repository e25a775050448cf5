"""Intake's own kinds of refusal, for its catalogue."""

from __future__ import annotations

from typing import Final

from shared.runtime.notes import NOTE_OWNER_UNKNOWN
from shared.web.problems import ProblemType

MEMBER_NOT_REGISTERED: Final = ProblemType(
    "member-not-registered",
    422,
    "所列人员尚未登记，请先登记",
    "Somebody named here is not registered: register them first",
)

PROGRESS_UNKNOWN: Final = ProblemType(
    "progress-unknown",
    404,
    "查询码无效",
    "No application or request has this code",
)

PROBLEMS: Final = (
    NOTE_OWNER_UNKNOWN,
    PROGRESS_UNKNOWN,
    MEMBER_NOT_REGISTERED,
    ProblemType("application-exists", 409, "该申请已提交", "This application was submitted before"),
    ProblemType(
        "member-listed-twice", 422, "家庭成员重复填写", "A household member is listed twice"
    ),
    ProblemType(
        "applicant-not-in-household",
        422,
        "申请人须且只能作为家庭成员中的申请人填写一次",
        "The applicant is listed once among the members, as the applicant",
    ),
    ProblemType(
        "tekun-applies-alone",
        422,
        "特困人员由本人单独申请",
        "Tekun is applied for by one person, for themselves",
    ),
    ProblemType(
        "person-applies-alone",
        422,
        "该项保障由本人单独申请，每项各提出一次申请",
        "It is applied for by one person, for themselves, and each kind by itself",
    ),
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
    ProblemType(
        "aid-request-missing",
        422,
        "临时救助申请须写明救助类型、原因、地点和金额",
        "Temporary assistance says what is asked for, why, where and how much",
    ),
    ProblemType(
        "aid-request-out-of-place",
        422,
        "只有临时救助申请可以写明救助类型",
        "Only temporary assistance says what is asked for",
    ),
    ProblemType(
        "aid-kind-not-provided-for",
        422,
        "该地区、该日期不办理该类型的临时救助",
        "In that division on that date aid of this kind is not granted",
    ),
    ProblemType(
        "aid-place-not-allowed",
        422,
        "该地区、该日期不在此地受理临时救助申请",
        "In that division on that date aid is asked for elsewhere",
    ),
    ProblemType("more-than-one-spouse", 422, "配偶只能有一人", "There is more than one spouse"),
    ProblemType(
        "division-takes-no-applications",
        422,
        "申请应向乡镇（街道）提出，可由村（居）代为提交",
        "Applications go to the township, or through one of its villages",
    ),
    ProblemType(
        "programme-not-regulated",
        422,
        "该地区、该日期尚无此项救助的办理规定",
        "This programme has no procedure for that division and date",
    ),
    ProblemType(
        "open-application-exists",
        409,
        "家庭成员已有在办申请或已获确认",
        "A member of the household is in an open application or a confirmed case",
    ),
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
        "check-authorization-missing",
        409,
        "缺少家庭经济状况核对授权书",
        "The household's authorisation of the means check is missing",
    ),
    ProblemType(
        "not-on-watch-list",
        409,
        "该户不在潜在救助对象名单上",
        "The household is not on the watch list, or not any more",
    ),
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
        "screening-of-the-whole-group",
        409,
        "丧失劳动能力对象须申请，或者注明不能纳入的原因，不得仅作转介",
        "Who lost the ability to work applies, or is excluded for a reason; a referral is no end",
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
        "acting-is-one",
        422,
        "代为申请的须为一人或一家机构",
        "Who applies for somebody is one person or one office",
    ),
    ProblemType(
        "acting-for-oneself",
        422,
        "代为申请的须为他人",
        "Nobody applies on their own behalf",
    ),
    ProblemType(
        "request-received-before",
        409,
        "该求助已接收",
        "The request was taken in before",
    ),
    ProblemType(
        "request-elsewhere",
        409,
        "该求助不在此环节",
        "The request is not at this step",
    ),
    ProblemType(
        "no-such-application",
        422,
        "所填个案没有申请",
        "There is no application of that case",
    ),
    ProblemType(
        "application-place-not-allowed",
        422,
        "该地区、该日期不在此地受理此项申请",
        "In that division on that date one applies elsewhere",
    ),
    ProblemType(
        "residence-is-no-township",
        422,
        "户籍地、居住地须写明到乡镇（街道）",
        "Residences are stated by township",
    ),
    ProblemType(
        "residences-incomplete",
        422,
        "户籍地、居住地须逐人写明，每人一次",
        "Residences are stated of every member, once, and of nobody else",
    ),
    ProblemType(
        "residences-missing",
        422,
        "须写明家庭成员的户籍地、居住地",
        "Where the members are registered and live is to be stated",
    ),
    ProblemType(
        "residences-out-of-place",
        422,
        "临时救助的申请地另有规定，不以此判断",
        "Temporary assistance has rules of its own for where it is asked for",
    ),
    ProblemType(
        "residence-permit-astray",
        422,
        "凭居住证申请须写明其有效期，其他申请不填",
        "A claim on a residence permit names its last day, and no other claim does",
    ),
    ProblemType(
        "residence-permit-over",
        409,
        "居住证已过有效期",
        "The residence permit is over",
    ),
    ProblemType(
        "township-not-competent",
        409,
        "应向所列乡镇（街道）申请；已接收的，转办至该乡镇（街道）",
        "One of the named townships is to be asked; what was taken in is handed on to it",
    ),
    ProblemType(
        "application-is-there",
        422,
        "该申请已在所填乡镇（街道）",
        "The application is with that division already",
    ),
    ProblemType(
        "kin-not-in-household",
        422,
        "备案的近亲属须为家庭成员",
        "Kin are filed of members of the household",
    ),
    ProblemType(
        "kin-not-near",
        422,
        "所填关系不属于近亲属",
        "The relation does not count as near",
    ),
    ProblemType(
        "application-over",
        409,
        "该申请已办结或已撤回",
        "The application is over",
    ),
    ProblemType(
        "signatures-missing",
        409,
        "核对授权、近亲属备案申明或者真实性承诺尚未签齐",
        "Authorisations, the declaration of kin or that of truthfulness are not all signed",
    ),
    ProblemType(
        "nothing-missing",
        422,
        "没有需要补正的材料或者签字",
        "Neither papers nor signatures are missing",
    ),
    ProblemType(
        "authorisation-missing",
        409,
        "有家庭成员尚未授权核对，或授权已到期、已撤回",
        "A member's authorisation of the check is missing, over, or withdrawn",
    ),
    ProblemType(
        "authorisation-unknown",
        409,
        "此人没有在本申请中授权",
        "The person has not authorised anything here",
    ),
    ProblemType(
        "authorisation-not-in-force",
        422,
        "授权书签署日期或有效期不合要求",
        "The authorisation is signed after today, or over",
    ),
    ProblemType(
        "authorised-as-another",
        422,
        "家庭成员与法定义务人填写有误",
        "A member is of the household, an obligor is not",
    ),
    ProblemType(
        "signed-without-ground",
        422,
        "代签须写明理由，本人签署无需理由",
        "Who signs for another says why; who signs for themselves does not",
    ),
    ProblemType(
        "obligor-signs-in-person",
        422,
        "核对法定义务人须经其本人同意",
        "An obligor consents in person",
    ),
    ProblemType(
        "declared-by-another",
        422,
        "承诺须由申请人或代为申请的人作出",
        "The applicant declares it, or who applies for them",
    ),
)
