"""Changes of a confirmed household, and what they come to."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "programme-without-changes",
        409,
        "本系统目前只办理低保家庭的收入变化",
        "Changes of income are carried for dibao only, so far",
    ),
    ProblemType("benefit-over", 409, "待遇已发放期满", "The last month that is paid is over"),
    ProblemType(
        "no-such-change", 404, "没有该项待处理的变化", "No such change waits for a decision"
    ),
    ProblemType(
        "already-leaving",
        409,
        "该家庭已在渐退期内或已决定停发",
        "The household is phased out or stopped already",
    ),
    ProblemType(
        "no-phase-out",
        409,
        "依规定不给予渐退期",
        "The regime grants no phase-out for this",
    ),
    ProblemType(
        "phase-out-months-missing",
        409,
        "请确定渐退期月数",
        "Say for how many months the phase-out runs",
    ),
    ProblemType(
        "phase-out-months-outside",
        409,
        "渐退期月数不在规定范围内",
        "The regime does not allow a phase-out of so many months",
    ),
    ProblemType(
        "phase-out-reason-missing",
        409,
        "不给予渐退期应说明理由",
        "Granting no phase-out asks for a reason",
    ),
    ProblemType(
        "hearing-missing",
        409,
        "调减、终止前应当听取意见",
        "The household is heard before aid is reduced or stopped",
    ),
    ProblemType(
        "choice-missing",
        409,
        "收入等于标准，请作出保留或者停发的决定",
        "Exactly at the standard: decide whether the household stays or is stopped",
    ),
    ProblemType(
        "nothing-to-choose",
        409,
        "该项变化不在人工复核中",
        "The change is not under manual review",
    ),
)
