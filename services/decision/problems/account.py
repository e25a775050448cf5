"""What an account of means and circumstances has to say."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType
from shared.web.refusals import ACCOUNT_PROBLEMS

PROBLEMS: Final = (
    *ACCOUNT_PROBLEMS,
    ProblemType(
        "benefit-tiers-astray",
        409,
        "该地分档标准前后不一：各档收入上限应当逐档提高并低于低保标准，各档金额不得逐档增加",
        "The place's tiers are out of order: their bounds rise, their amounts do not",
    ),
    ProblemType(
        "tekun-circumstances-missing",
        409,
        "调查未载明劳动能力和法定义务人情况",
        "The survey does not state ability to work and obligors",
    ),
)
