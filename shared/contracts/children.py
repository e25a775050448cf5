"""What is known of a child that nobody can bring up: their parents, where they live, who is paid.

Orphans (孤儿) and children whom in fact nobody brings up (事实无人抚养儿童). What a parent's
situation is stands here as a code with its evidence, never in words.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.calendar import Month
from shared.contracts.circumstances import Disability
from shared.contracts.fields import Fields, Sha256Hex
from shared.money import Fen

MAX_MONTHS = 1_200
"""More months than any sentence is served."""


class Minor(Fields):
    """What intake knows of an applicant who is not of age.

    ``turns_eighteen`` is the month of their eighteenth birthday, never the day. ``payee`` is the
    registered person who applied for them and is paid in their place; ``parents`` are those of
    the parents who are registered, so that departments can be asked about them.
    """

    turns_eighteen: Month
    payee: UUID | None = None
    parents: tuple[UUID, ...] = ()


class Parent(StrEnum):
    """Which parent."""

    FATHER = "father"
    MOTHER = "mother"


class ParentSituation(StrEnum):
    """Why a parent does not bring up a child; which of them count is a dated parameter.

    ``DEAD`` by nature or declared so by a court, ``MISSING`` as a court has declared, and
    ``UNTRACEABLE`` (查找不到) leave a child without the parent. The others are those of
    民发〔2019〕62号, 1, and 民发〔2020〕125号; ``ABLE`` is none of all these.
    """

    ABLE = "able"
    DEAD = "dead"
    MISSING = "missing"
    UNTRACEABLE = "untraceable"
    DISABLED = "disabled"
    SEVERELY_ILL = "severely_ill"
    SERVING_SENTENCE = "serving_sentence"
    COMPULSORY_DETOX = "compulsory_detox"
    OTHERWISE_RESTRICTED = "otherwise_restricted"
    LOST_CONTACT = "lost_contact"
    GUARDIANSHIP_REVOKED = "guardianship_revoked"
    DEPORTED = "deported"


class ParentEvidence(StrEnum):
    """By what a parent's situation is established (查验).

    By a department's data, or by papers where these are wanting; of somebody lost without trace
    also by the guardian's word, confirmed by neighbours and village (民发〔2020〕125号, 2).
    """

    DEPARTMENT_DATA = "department_data"
    PAPERS = "papers"
    NEIGHBOURS_AND_VILLAGE = "neighbours_and_village"


class ParentCircumstances(Fields):
    """A parent's situation, with its evidence.

    ``months`` is the term of a sentence or measure, or how long contact has been lost; whole
    months. ``person_id`` is given where the parent is registered, ``certificate`` is the SHA-256
    of the paper where there is one.
    """

    parent: Parent
    situation: ParentSituation
    evidence: ParentEvidence | None = None
    person_id: UUID | None = None
    disability: Disability | None = None
    months: Annotated[int | None, Field(ge=0, le=MAX_MONTHS)] = None
    certificate: Sha256Hex | None = None


class ChildPlacement(StrEnum):
    """Where a child lives: in a welfare institution, or outside (机构养育、散居)."""

    INSTITUTION = "institution"
    OUTSIDE = "outside"


class BesideBenefit(StrEnum):
    """What a child may be paid already, which the allowance tops up (补差发放)."""

    DIBAO_SHARE = "dibao_share"
    TEKUN = "tekun"
    DISABILITY_LIVING_SUBSIDY = "disability_living_subsidy"


class PaidBeside(Fields):
    """What a child is paid of one benefit, in fen a month; of dibao their share of it."""

    benefit: BesideBenefit
    amount_fen: Fen


class ChildCircumstances(Fields):
    """What the allowance of a child rests on: both parents, the placement, what is paid beside."""

    parents: Annotated[tuple[ParentCircumstances, ...], Field(max_length=2)]
    placement: ChildPlacement
    paid_beside: Annotated[tuple[PaidBeside, ...], Field(max_length=len(BesideBenefit))] = ()
