"""When a person may be erased, by whom, and what may be written about it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.intake.model import OpenApplication
from services.intake.registry.rules import bare_name
from shared.contracts.erasure import HoldGround
from shared.contracts.fields import Programme
from shared.kernel.decider import Moment, Refusal

ERASE_SOURCE: Final = "个人信息保护法, art. 47"
RETENTION: Final = "personal_data_retention_years"

AUDITORS: Final = "auditor"
"""The role that alone places and lifts an audit's hold."""


def last_day_of_retention(ended_on: date, years: int) -> date:
    """The last day on which a case's personal data must be kept.

    The day of the last year that has the date of the case's end; where the month has no such day,
    its last (民法典, art. 202). The years count from the end of the support (民政部、国家档案局
    关于加强最低生活保障档案管理工作的通知, sec. 3(2)), or of an application that led to none.
    """
    try:
        return ended_on.replace(year=ended_on.year + years)
    except ValueError:  # 29 February
        return ended_on.replace(year=ended_on.year + years, day=28)


def require_no_case(cases: Iterable[OpenApplication]) -> None:
    """Whose application is open, or whose case is confirmed, is not erased: they are served."""
    if any(case.case_id is not None for case in cases):
        raise Refusal("person-in-a-case", source=ERASE_SOURCE)


def require_retention_over(cases: Sequence[OpenApplication], division: str, at: Moment) -> None:
    """Of every programme the retention since the last case's end is over.

    ``cases`` are the person's, in the order of ``Programme``; the retention is that of the
    division and the day of the decision. Until it is over the data is kept, and only kept
    (个人信息保护法, art. 47).
    """
    for programme, case in zip(Programme, cases, strict=True):
        if case.ended_on is None:
            continue
        parameters = at.policy.at(division, programme, at.date)
        years = parameters.whole(RETENTION)
        last = last_day_of_retention(case.ended_on, years)
        if at.date <= last:
            raise Refusal(
                "inside-retention",
                facts={"kept_until": last.isoformat(), "years": years, "on": at.date.isoformat()},
                source=parameters.value(RETENTION).source,
            )


def require_no_hold(holds: Collection[HoldGround]) -> None:
    """Nobody is erased whose data an audit, an appeal or a court still needs."""
    if holds:
        grounds = ", ".join(sorted({ground.value for ground in holds}))
        raise Refusal("person-on-hold", facts={"holds": len(holds), "grounds": grounds})


def require_other_hands(requester: UUID, actor: UUID) -> None:
    """It takes two persons to erase one."""
    if actor == requester:
        raise Refusal("same-hands", facts={"before": "request"}, status=403)


def require_holding_office(ground: HoldGround, role: str) -> None:
    """An audit's hold is the auditors' alone: those who are audited neither place nor lift it."""
    if ground is HoldGround.AUDIT and role != AUDITORS:
        raise Refusal("hold-of-auditors", facts={"allowed": AUDITORS}, status=403)


def names_somebody(text: str, name: str, others: Iterable[str | None]) -> bool:
    """Whether a text tells who somebody is: their name, or a number or address of theirs.

    It is compared as numbers and names are written in many ways: widths, spaces, marks and case
    do not count. Kinship, nicknames and what happened it does not know.
    """
    said, known = bare_name(text), bare_name(name)
    return (len(known) > 1 and known in said) or any(
        other is not None and len(_joined(other)) > 5 and _joined(other) in _joined(text)
        for other in others
    )


def _joined(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in composed if character.isalnum())
