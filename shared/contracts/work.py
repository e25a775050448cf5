"""Events of decision about refused work: what a member was offered, and what follows.

Every member has two rows of refusals, of jobs that were introduced and of poverty projects; each
counts by its own rule (国务院令第649号, art. 45; 大民联发(2020)2号, 2(3)).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.circumstances import LabourAbility, Occupation
from shared.contracts.fields import DivisionCode, Fields, NoteRef, ParameterUsed
from shared.kernel.event import Event
from shared.money import Fen


class WorkOfferKind(StrEnum):
    """What somebody was offered: a job (介绍的工作) or a poverty project (扶贫项目)."""

    JOB = "job"
    PROJECT = "project"


class WorkResponse(StrEnum):
    """What became of an offer; ``EXCUSED`` is a refusal with good reason (正当理由)."""

    TAKEN_UP = "taken_up"
    EXCUSED = "excused"
    REFUSED = "refused"


class WorkExcuse(StrEnum):
    """Good reasons not to take up an offer; no source lists them."""

    ILLNESS = "illness"
    CARE_OF_FAMILY = "care_of_family"
    UNSUITABLE = "unsuitable"
    SCHOOLING = "schooling"
    OTHER = "other"


class WorkConsequenceCause(StrEnum):
    """Why officials look at a member's own share.

    The row of refusals has reached the limit; or a row that had a consequence is broken, by taking
    part or by an excuse.
    """

    LIMIT_REACHED = "limit_reached"
    ROW_BROKEN = "row_broken"


class WorkConsequence(StrEnum):
    """What is decided about a member's own share."""

    NONE = "none"
    REDUCE = "reduce"
    STOP = "stop"
    RESTORE = "restore"


class WithheldShare(Fields):
    """What part of a member's own share is withheld, and for refusing what.

    The part is a fraction: 1 of 1 is stopped, 1 of 2 is reduced by half.
    """

    person_id: UUID
    kind: WorkOfferKind
    numerator: Annotated[int, Field(ge=1, le=10_000)]
    denominator: Annotated[int, Field(ge=1, le=10_000)]


class WorkOfferAnswered(Event, service="decision", name="work-offer-answered"):
    """A member was offered work, and took it up or did not.

    ``labour`` and ``occupation`` are as they were when it was offered. ``refusals`` is how many of
    this kind the member now has refused in a row, without good reason.
    """

    offer_id: UUID
    recorder: UUID
    division: DivisionCode
    person_id: UUID
    kind: WorkOfferKind
    offered_on: date
    answered_on: date
    labour: LabourAbility
    occupation: Occupation
    response: WorkResponse
    excuse: WorkExcuse | None = None
    refusals: Annotated[int, Field(ge=0)]
    findings: NoteRef


class WorkConsequenceOpened(Event, service="decision", name="work-consequence-opened"):
    """A member's own share is to be decided about, under the regime of ``opened_on``."""

    consequence_id: UUID
    person_id: UUID
    kind: WorkOfferKind
    cause: WorkConsequenceCause
    refusals: Annotated[int, Field(ge=0)]
    opened_on: date
    recorder: UUID


class WorkConsequenceDropped(Event, service="decision", name="work-consequence-dropped"):
    """What was to be decided has lost its ground before it was."""

    consequence_id: UUID


class WorkConsequenceHeard(Event, service="decision", name="work-consequence-heard"):
    """The household was heard before a member's own share is reduced or stopped."""

    consequence_id: UUID
    statement: NoteRef


class WorkConsequenceDecided(Event, service="decision", name="work-consequence-decided"):
    """What becomes of a member's own share; the amount follows beside it.

    ``own_share_fen`` a month is the member's equal part of the household's amount, or their own
    amount where they entered alone; ``explanation`` is why nothing follows, or what was weighed.
    """

    consequence_id: UUID
    decider: UUID
    person_id: UUID
    kind: WorkOfferKind
    consequence: WorkConsequence
    own_share_fen: Fen
    parameters: tuple[ParameterUsed, ...]
    explanation: NoteRef | None = None
