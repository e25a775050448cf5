"""The steps to a decision: stages, hands, publicity and objections."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "kin-not-declared",
        409,
        "尚未申明是否为经办人员、村（居）委会成员的近亲属，申明备案后方可确认",
        "Nobody has said whether officials are near kin of the household: that is filed first",
    ),
    ProblemType("wrong-stage", 409, "当前阶段不能办理此项", "The case is at another stage"),
    ProblemType(
        "nothing-to-publicise",
        409,
        "拟不予保障的不进行公示",
        "A proposal to refuse is not made public",
    ),
    ProblemType("no-such-publicity", 409, "依规定没有该次公示", "The regime has no such publicity"),
    ProblemType("publicity-posted", 409, "该次公示已张榜", "This publicity was posted before"),
    ProblemType("publicity-missing", 409, "尚未公示", "The publicity was not posted yet"),
    ProblemType("publicity-not-over", 409, "公示期未满", "The publicity is not over yet"),
    ProblemType(
        "no-publicity-running",
        409,
        "异议应在公示期内提出",
        "Objections are raised while a publicity runs",
    ),
    ProblemType("no-such-objection", 404, "没有该项待处理的异议", "No such objection is open"),
    ProblemType("objection-open", 409, "尚有异议未核查", "An objection is still open"),
    ProblemType("objection-upheld", 409, "异议成立，不得通过", "An objection was upheld"),
    ProblemType(
        "nothing-to-approve",
        409,
        "没有可审核同意的保障意见",
        "There is no proposed benefit to approve",
    ),
    ProblemType(
        "no-objection-upheld",
        409,
        "没有成立的异议，无须重新调查",
        "No objection was upheld: there is nothing to survey anew",
    ),
    ProblemType("no-reason-to-refuse", 409, "没有不予确认的理由", "There is no reason to refuse"),
    ProblemType(
        "not-the-deciding-level",
        403,
        "审核确认权限不在本级",
        "Another level decides in this division on this date",
    ),
    ProblemType(
        "same-hands",
        403,
        "调查、审核、确认人员应分离",
        "Who had a hand in an earlier step cannot do this one",
    ),
)
