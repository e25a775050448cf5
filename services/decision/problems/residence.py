"""A household away from home: aid there, and its residence permit."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
    ProblemType(
        "aided-at-home",
        409,
        "户籍地仍在救助，须终止后方可确认",
        "Somebody is aided in their home county: that ends first",
    ),
    ProblemType(
        "no-residence-permit",
        404,
        "该个案并非凭居住证申请",
        "This case rests on no residence permit",
    ),
    ProblemType(
        "residence-permit-not-later",
        422,
        "续签后的有效期须晚于原有效期和当日",
        "A renewed permit is good for longer than the old one, and beyond today",
    ),
)
