"""A meeting on one case: who has to be there, and what binds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from shared.contracts.meetings import Attendance, MeetingForce, MeetingKind
from shared.kernel.decider import Refusal
from shared.policy import Parameters


def require_met(attendance: Sequence[Attendance], regime: Parameters) -> None:
    """Enough bodies were there, and nobody is listed twice; no source says how many are enough.

    Source: 社会救助兜底脱贫行动方案 (县级困难群众基本生活保障工作协调机制); 陕民发〔2022〕23号
    (一事一议).
    """
    people = {one.person for one in attendance}
    if len(people) != len(attendance):
        raise Refusal("meeting-attendance-twice", status=422)
    bodies = len({one.body for one in attendance})
    least = regime.whole("case_meeting_minimum_bodies")
    if bodies < least:
        raise Refusal(
            "meeting-too-small",
            facts={"bodies": bodies, "allowed": f"at least {least}"},
            source=regime.value("case_meeting_minimum_bodies").source,
        )


def force_of(
    kind: MeetingKind, attendance: Sequence[Attendance], regime: Parameters
) -> MeetingForce:
    """Whether a resolution binds who decides: the county's, carried by the share that it takes.

    One case talked over by itself is advice: the decision stays with the deciding level.
    """
    agreed = sum(one.agreed for one in attendance)
    needed = regime.ratio("case_meeting_binding_share")
    carried = Fraction(agreed, len(attendance)) >= needed
    binds = kind is MeetingKind.COUNTY_COORDINATION and carried
    return MeetingForce.BINDING if binds else MeetingForce.ADVISORY
