"""Where somebody may apply, and which township is competent."""

from __future__ import annotations

from typing import Final

from shared.web.problems import ProblemType

PROBLEMS: Final = (
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
)
