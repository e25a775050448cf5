"""Who leaves a household and who joins it."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "nobody-joins-who-entered-alone",
        409,
        "单人保对象不因家庭变化增加成员，须另行申请",
        "Nobody joins members who entered alone: whoever is to enter applies",
    ),
    ProblemType(
        "household-change-waits",
        409,
        "家庭成员变化尚未处理",
        "A change of the household waits for its decision",
    ),
    ProblemType(
        "change-date-astray",
        422,
        "请填写不晚于今日的发生日期",
        "Say when it happened, not later than today",
    ),
    ProblemType("member-listed-twice", 422, "成员重复", "Somebody would be in the household twice"),
    ProblemType(
        "household-change-astray",
        422,
        "成员增减与变化原因不符",
        "Who left or joined does not fit the cause",
    ),
    ProblemType(
        "death-certificate-astray",
        422,
        "死亡应附证明，其他原因不填",
        "A death is proved by a certificate, and nothing else by one",
    ),
    ProblemType(
        "payee-missing", 422, "请指定新的领取人", "Name who of the household is paid from now on"
    ),
    ProblemType(
        "payee-astray", 422, "领取人未变，不需指定", "The payee has not left: name no other"
    ),
)
