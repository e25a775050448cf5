"""Events of decision about a young person whose support has a last month (年满十八周岁)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.calendar import Month
from shared.contracts.fields import DivisionCode, ParameterUsed, Programme, Sha256Hex
from shared.kernel.event import Event


class SchoolKind(StrEnum):
    """Where somebody goes to school; which of them keep support on is a dated parameter."""

    COMPULSORY = "compulsory"
    HIGH_SCHOOL = "high_school"
    SECONDARY_VOCATIONAL = "secondary_vocational"
    HIGHER = "higher"


class ComingOfAgeScheduled(Event, service="decision", name="coming-of-age-scheduled"):
    """A young person's support has a last month: that of the eighteenth birthday, or of school.

    It is told beforehand, on ``announced_on``. A later word takes the place of an earlier one.
    """

    programme: Programme
    division: DivisionCode
    person_id: UUID
    turns_eighteen: Month
    last_month: Month
    announced_on: date
    parameters: tuple[ParameterUsed, ...]


class ComingOfAgeAnnounced(Event, service="decision", name="coming-of-age-announced"):
    """Officials and the child director are told that support has its last month soon."""

    programme: Programme
    division: DivisionCode
    person_id: UUID
    last_month: Month


class SchoolingProven(Event, service="decision", name="schooling-proven"):
    """A paper shows that the young person is at school, to the end of ``until``."""

    schooling_id: UUID
    recorder: UUID
    school: SchoolKind
    until: Month
    certificate: Sha256Hex
    parameters: tuple[ParameterUsed, ...]


class PayeeMoved(Event, service="decision", name="payee-moved"):
    """The young person is paid by an account of their own from now on, not the guardian."""

    payee: UUID
    payee_before: UUID
