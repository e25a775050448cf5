"""Events of verification about the departments: asked, answered, failed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.circumstances import CertifiedDisability
from shared.contracts.fields import Fields, IncomeLine, NoteRef
from shared.kernel.event import Event
from shared.money import Fen


class FirstDepartment(StrEnum):
    """Who was asked for a household's data, as the first versions of the events could say it."""

    TAX = "tax"
    SOCIAL_INSURANCE = "social_insurance"
    HOUSING = "housing"
    VEHICLES = "vehicles"
    BANKS = "banks"


class Department(StrEnum):
    """Who can be asked for a household's data; which of them a check asks is a dated parameter.

    ``HOUSING`` keeps the register of real estate, ``PUBLIC_SECURITY`` that of households (户籍),
    ``CIVIL_AFFAIRS`` those of marriages and funerals, ``JUSTICE`` that of prisoners, ``COURTS``
    that of declarations and of guardians. ``PBOC_NETWORK`` is the People's Bank's financial
    network (人民银行金融城域网), which knows of accounts in every bank.
    """

    TAX = "tax"
    SOCIAL_INSURANCE = "social_insurance"
    HOUSING = "housing"
    VEHICLES = "vehicles"
    BANKS = "banks"
    PUBLIC_SECURITY = "public_security"
    CIVIL_AFFAIRS = "civil_affairs"
    MEDICAL_INSURANCE = "medical_insurance"
    MARKET_REGISTRATION = "market_registration"
    PROVIDENT_FUND = "provident_fund"
    SECURITIES = "securities"
    INSURANCE = "insurance"
    DISABILITY_FEDERATION = "disability_federation"
    EDUCATION = "education"
    RURAL_REVITALISATION = "rural_revitalisation"
    JUSTICE = "justice"
    COURTS = "courts"
    PBOC_NETWORK = "pboc_network"


class FirstDepartmentFailure(StrEnum):
    """Why a department gave no data, as the first version of the event could say it."""

    REFUSED = "refused"
    PERSON_UNKNOWN = "person_unknown"
    MALFORMED_ANSWER = "malformed_answer"


class DepartmentFailure(StrEnum):
    """Why a department gave no data, for good."""

    REFUSED = "refused"
    PERSON_UNKNOWN = "person_unknown"
    MALFORMED_ANSWER = "malformed_answer"
    OUTDATED_ANSWER = "outdated_answer"
    NOT_AUTHORISED = "not_authorised"


class SetAsideReason(StrEnum):
    """Why an answer is kept and not used: it is none, or its data are older than permitted."""

    UNREADABLE = "unreadable"
    OUTDATED = "outdated"


class RegisterKind(StrEnum):
    """What a register says of somebody beside income and property."""

    DECEASED = "deceased"
    IN_PRISON = "in_prison"
    IN_COMPULSORY_DETOX = "in_compulsory_detox"
    ON_FISCAL_PAYROLL = "on_fiscal_payroll"
    BUSINESS_REGISTERED = "business_registered"
    DECLARED_MISSING = "declared_missing"
    LOST_CONTACT = "lost_contact"
    GUARDIANSHIP_REVOKED = "guardianship_revoked"
    DEPORTED = "deported"


class RegisterEntry(Fields):
    """A person's entry in a department's register."""

    person_id: UUID
    kind: RegisterKind


InstitutionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
"""A bank's code in the payment system (联行号)."""


class InstitutionDeposits(Fields):
    """What a household has in one institution: each account once, whoever else it belongs to."""

    institution: InstitutionCode
    accounts: Annotated[int, Field(ge=1)]
    deposits_fen: Fen


class DepartmentAskedFirst(Event, service="verification", name="department-asked"):
    """A department is to be asked for the household's data."""

    department: FirstDepartment


class DepartmentAsked(
    Event,
    service="verification",
    name="department-asked",
    version=2,
    supersedes=DepartmentAskedFirst,
):
    """A department is to be asked for the household's data, from ``not_before`` on."""

    department: Department
    not_before: date | None = None


class DepartmentReceiptNoted(Event, service="verification", name="department-receipt-noted"):
    """A department took the question and answers later, under a receipt number."""

    department: Department
    receipt: UUID


class ReceivedAnswer(Event):
    """What was read from a department's answer.

    Income a month, deposits, and counts of houses and vehicles; ``entries`` are what its register
    says of somebody beside. ``received`` is the answer as it came, in the vault, in parts;
    ``as_of`` the day whose state it gives, where it says so. ``certificates`` are valid
    certificates of disability, ``institutions`` the deposits by institution.
    """

    department: Department
    income: tuple[IncomeLine, ...]
    deposits_fen: Fen
    houses: int = Field(ge=0)
    vehicles: int = Field(ge=0)
    entries: tuple[RegisterEntry, ...] | None = None
    received: tuple[NoteRef, ...] | None = None
    as_of: date | None = None
    certificates: tuple[CertifiedDisability, ...] | None = None
    institutions: tuple[InstitutionDeposits, ...] | None = None


class DepartmentAnsweredFirst(Event, service="verification", name="department-answered"):
    """A department's data: income a month, deposits, and counts of houses and vehicles."""

    department: FirstDepartment
    income: tuple[IncomeLine, ...]
    deposits_fen: Fen
    houses: int = Field(ge=0)
    vehicles: int = Field(ge=0)


class DepartmentAnswered(
    ReceivedAnswer,
    service="verification",
    name="department-answered",
    version=2,
    supersedes=DepartmentAnsweredFirst,
):
    """What was read from a department's answer to a check."""


class UselessAnswer(Event):
    """An answer that is kept as it came and not used; ``as_of`` is the day of an outdated one."""

    department: Department
    reason: SetAsideReason
    received: tuple[NoteRef, ...]
    as_of: date | None = None


class AnswerSetAside(UselessAnswer, service="verification", name="answer-set-aside"):
    """An answer is kept as it came and not used; the department is asked again.

    ``as_of`` is the day whose state an outdated one gives.
    """


class DepartmentFailedFirst(Event, service="verification", name="department-failed"):
    """A department gave no data and will not; officials check by other means."""

    department: FirstDepartment
    failure: FirstDepartmentFailure


class DepartmentFailed(
    Event,
    service="verification",
    name="department-failed",
    version=2,
    supersedes=DepartmentFailedFirst,
):
    """A department gave no data and will not; officials check by other means."""

    department: Department
    failure: DepartmentFailure
