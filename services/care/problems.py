"""Care's own kinds of refusal, for its catalogue."""

from __future__ import annotations

from typing import Final

from shared.runtime.notes import NOTE_OWNER_UNKNOWN
from shared.web.problems import ProblemType

PROBLEMS: Final = (
    NOTE_OWNER_UNKNOWN,
    ProblemType("care-not-open", 409, "照料服务已终止", "Care is not open"),
    ProblemType(
        "assessment-day-impossible",
        409,
        "评估日期须在认定或上次评估之日与当日之间",
        "An assessment lies between the recognition, or the last one, and today",
    ),
    ProblemType("too-few-assessors", 409, "评估人员不足", "Too few different assessors"),
    ProblemType(
        "report-day-impossible",
        409,
        "报告日期须在上次评估之日与当日之间",
        "A change is reported between the last assessment and today",
    ),
    ProblemType(
        "reassessment-owed",
        409,
        "已有待复核评估的报告",
        "A change was reported already and waits for its assessment",
    ),
    ProblemType("mode-chosen", 409, "供养方式未变化", "This mode of support is chosen already"),
    ProblemType("assessment-missing", 409, "尚未评估自理能力", "There was no assessment yet"),
    ProblemType(
        "not-supported-at-home",
        409,
        "仅分散供养人员签订照料服务协议",
        "Only who is supported at home has an agreement",
    ),
    ProblemType(
        "agreement-open",
        409,
        "已有有效的照料服务协议",
        "An agreement is open: there is one at a time",
    ),
    ProblemType(
        "signing-day-impossible",
        409,
        "签订日期须在首次评估、上一协议终止与当日之间",
        "An agreement is signed after the first assessment and the last agreement, and not ahead",
    ),
    ProblemType(
        "term-impossible", 409, "协议期限不合理", "The term is over already, or longer than any"
    ),
    ProblemType(
        "caregiver-is-the-person",
        409,
        "照料服务人不得为本人",
        "Nobody is their own caregiver",
    ),
    ProblemType(
        "visitor-is-a-party",
        409,
        "探视责任人不得为照料服务人或本人",
        "Who is responsible for visits is neither the caregiver nor the person",
    ),
    ProblemType(
        "caregiver-without-full-capacity",
        409,
        "照料服务人应具有完全民事行为能力",
        "A caregiver has full capacity",
    ),
    ProblemType("no-open-agreement", 409, "没有有效的照料服务协议", "No agreement is open"),
    ProblemType(
        "replaced-only-on-refusal",
        409,
        "拒不整改的方可更换照料服务人",
        "A caregiver is replaced only after refusing to mend their ways",
    ),
    ProblemType(
        "same-caregiver", 409, "须更换为其他照料服务人", "The new caregiver is somebody else"
    ),
    ProblemType(
        "rectification-ordered",
        409,
        "已责令整改或已拒不整改",
        "Rectification was ordered: it is still open, or was refused",
    ),
    ProblemType("no-such-order", 404, "没有该项待整改的通知", "No such order is open"),
    ProblemType(
        "not-the-visitor",
        403,
        "只能由协议的探视责任人登记探访",
        "Contacts are recorded by the agreement's own visitor",
    ),
    ProblemType(
        "contact-day-impossible",
        409,
        "探访日期须在协议期内且不晚于当日",
        "A contact lies within the agreement and not in the future",
    ),
    ProblemType("month-not-over", 409, "该月尚未结束", "The month is not over yet"),
)
