"""What keeps somebody from applying."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

MEMBER_NOT_REGISTERED: Final = ProblemType(
    "member-not-registered",
    422,
    "所列人员尚未登记，请先登记",
    "Somebody named here is not registered: register them first",
)

PROBLEMS: Final = (
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
        "relation-not-of-household",
        422,
        "与申请人的该种关系依规定不属于共同生活的家庭成员",
        "By the rules of the day nobody belongs to a household by this relation",
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
        "not-on-watch-list",
        409,
        "该户不在潜在救助对象名单上",
        "The household is not on the watch list, or not any more",
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
)
