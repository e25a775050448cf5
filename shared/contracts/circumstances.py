"""What a survey finds of people beside their means: age, health, work, who supports them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fields import Fields, Relation


class TekunGround(StrEnum):
    """Why somebody has no ability to work (民发〔2021〕43号, art. 5)."""

    AGE_SIXTY_OR_OVER = "age_sixty_or_over"
    UNDER_SIXTEEN = "under_sixteen"
    DISABILITY = "disability"


class DisabilityKind(StrEnum):
    """The kind that a disability certificate states."""

    VISUAL = "visual"
    HEARING = "hearing"
    SPEECH = "speech"
    PHYSICAL = "physical"
    INTELLECTUAL = "intellectual"
    MENTAL = "mental"


class Disability(Fields):
    """What a disability certificate states; grade 1 is the most severe."""

    kind: DisabilityKind
    grade: Annotated[int, Field(ge=1, le=4)]


class DisabilityCircumstances(Fields):
    """What the two subsidies for disabled people ask (国发〔2015〕52号, 2(1), 2(4)).

    ``disability`` is what the certificate states, ``None`` where there is no valid one.
    ``care_months`` is for how many months special care or goods for it have been needed or will
    be, ``work_injury_care`` that the insurance for injuries at work pays for care already.
    """

    disability: Disability | None = None
    care_months: Annotated[int, Field(ge=0, le=1_200)] = 0
    work_injury_care: bool = False


class CertifiedDisability(Fields):
    """A person's disability as the disability federation's register of certificates has it."""

    person_id: UUID
    disability: Disability


class AgeGroup(StrEnum):
    """How old somebody is on the day of the visit, as far as a rule asks."""

    UNDER_SIXTEEN = "under_sixteen"
    SIXTEEN_OR_SEVENTEEN = "sixteen_or_seventeen"
    EIGHTEEN_TO_FIFTY_NINE = "eighteen_to_fifty_nine"
    SIXTY_TO_SIXTY_NINE = "sixty_to_sixty_nine"
    SEVENTY_OR_OVER = "seventy_or_over"


class Illness(StrEnum):
    """How ill somebody is; each includes the ones before it.

    ``ILL`` weighs on the household (因病), ``SEVERE`` is 重病, ``MAJOR`` an illness that the
    place's departments recognise as major, or that medical aid for such illness was given for
    (重特大疾病).
    """

    ILL = "ill"
    SEVERE = "severe"
    MAJOR = "major"


class LabourAbility(StrEnum):
    """How far somebody is able to work: fully, in part, or not at all (丧失劳动能力)."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Occupation(StrEnum):
    """What somebody lives by: steady work, work that comes and goes, none, or school."""

    STEADY_WORK = "steady_work"
    UNSTEADY_WORK = "unsteady_work"
    NO_WORK = "no_work"
    SCHOOL = "school"


class PovertyStanding(StrEnum):
    """How a household stands in the register of poor households (建档立卡).

    Not in it, in it and not lifted out of poverty yet (未脱贫), or lifted (已脱贫).
    """

    NOT_REGISTERED = "not_registered"
    UNLIFTED = "unlifted"
    LIFTED = "lifted"


class HouseholdRegistration(StrEnum):
    """Where a household is registered (家庭户籍状况), as seen from the place that is asked.

    Registered there; some members there and others elsewhere (户籍不在一起); elsewhere, but living
    there by a residence permit (居住证); elsewhere.
    """

    HERE = "here"
    SPLIT = "split"
    RESIDENCE_PERMIT = "residence_permit"
    ELSEWHERE = "elsewhere"


class Absence(StrEnum):
    """Why somebody is away from home by law.

    In prison, in compulsory detoxification (强制隔离戒毒), or declared missing (宣告失踪).
    """

    PRISONER = "prisoner"
    COMPULSORY_DETOX = "compulsory_detox"
    DECLARED_MISSING = "declared_missing"


class MemberCircumstances(Fields):
    """What the survey found of one member, beside income and property.

    ``own_registration``: registered as a household of their own; ``cannot_register_apart``:
    depends on the family and cannot be (无法单独立户). ``clergy_apart``: clergy who have lived in
    a place of worship, apart from the family, for three years or more. ``special_difficulty``: of
    those whom the place's civil affairs name so (特殊困难人员). ``lives_apart``: does not live with
    the household for long (未长期共同居住). ``absence`` is why somebody is away by law.
    """

    person_id: UUID
    age: AgeGroup
    labour: LabourAbility
    occupation: Occupation
    disability: Disability | None = None
    illness: Illness | None = None
    own_registration: bool = False
    cannot_register_apart: bool = False
    clergy_apart: bool = False
    special_difficulty: bool = False
    lives_apart: bool = False
    absence: Absence | None = None


class HouseholdCircumstances(Fields):
    """What the survey found of a household beside its means: every member, each once.

    ``registration`` where the survey looked into it. ``no_safe_home``: the household has no home,
    or none that is safe (住房安全).
    """

    poverty: PovertyStanding
    members: tuple[MemberCircumstances, ...]
    registration: HouseholdRegistration | None = None
    no_safe_home: bool = False


class LeftOutReason(StrEnum):
    """Why somebody who was named as a member does not count into the household."""

    CLERGY_THREE_YEARS = "clergy_three_years"
    PRISONER = "prisoner"
    COMPULSORY_DETOX = "compulsory_detox"
    DECLARED_MISSING = "declared_missing"
    NOT_LIVING_TOGETHER = "not_living_together"


class LeftOut(Fields):
    """Somebody who does not count into the household, nor does their income."""

    person_id: UUID
    relation: Relation
    reason: LeftOutReason


class ObligorStanding(StrEnum):
    """Whether anybody is bound by law to support the person, and can (民发〔2021〕43号, art. 8)."""

    NONE = "none"
    UNABLE = "unable"
    ABLE = "able"


class TekunCircumstances(Fields):
    """What the recognition of tekun asks beside means.

    ``disability`` and ``grade`` (1 the most severe) are given with the ground ``disability``.
    """

    ground: TekunGround
    obligors: ObligorStanding
    disability: DisabilityKind | None = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
