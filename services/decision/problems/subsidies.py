"""The two subsidies for disabled people."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "disability-circumstances-missing",
        409,
        "核查中未填写残疾和长期照护情况",
        "The check says nothing of disability and long-term care",
    ),
    ProblemType(
        "subsidy-ground-gone",
        409,
        "补贴条件已不具备，应当不予确认",
        "What the subsidy rested on is gone: it is to be refused",
    ),
)
