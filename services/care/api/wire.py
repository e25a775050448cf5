"""What care's routes take and answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.care.model import Agreement, CareFile, Report, Stage, Standing
from shared.access.persons import NoteText
from shared.calendar import Month
from shared.contracts.care import (
    AbilityChangeReported,
    AbilityReporter,
    AgreementEnded,
    AgreementSigned,
    CareIndicator,
    CareOpened,
    ContactKind,
    ContactRecorded,
    MonthlyContactMissed,
    RectificationOrdered,
    SelfCareAssessed,
)
from shared.contracts.fields import CareLevel, Due, SupportMode
from shared.web.commands import Receipt

Text = Annotated[NoteText, Field(repr=False)]


class Wire(BaseModel):
    """The base of bodies and answers."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Assessment(Wire):
    """An assessment of self-care: when, by whom, and which of six indicators are not met."""

    assessed_on: date
    assessors: Annotated[
        tuple[UUID, ...],
        Field(
            min_length=1,
            max_length=10,
            description="评估人员编号，即其令牌中的 sub / Their ids: `sub` in their tokens",
        ),
    ]
    failed: frozenset[CareIndicator]
    findings: Text


class ChangeReport(Wire):
    """Who reported on which day that self-care has changed, and what they said."""

    reported_on: date
    reporter: AbilityReporter
    account: Text


class Mode(Wire):
    """Where the person chose to be supported."""

    mode: SupportMode


class Parties(Wire):
    """An agreement on care at home: with whom, until when, and its text.

    ``full_capacity`` is the signer's word that the caregiver has it.
    """

    until_on: date
    caregiver: UUID
    visitor: Annotated[
        UUID,
        Field(description="探视责任人编号，即其令牌中的 sub / Their id: `sub` in their token"),
    ]
    guardian: UUID | None = None
    full_capacity: bool
    terms: Text


class SignedAgreement(Parties):
    """An agreement that was signed on a day, today or before."""

    signed_on: date


class Contact(Wire):
    """A visit or a phone call, and what it has shown."""

    contact_on: date
    kind: ContactKind
    findings: Text


class Order(Wire):
    """Why a caregiver is ordered to mend their ways."""

    grounds: Text


class Finding(Wire):
    """What looking into an order has shown."""

    findings: Text


class AssessmentReceipt(Receipt):
    """The level, and the supplement in fen a month from a month on."""

    level: CareLevel
    care_fen: int
    from_month: Month


class ReportReceipt(Receipt):
    """The report's id, and by when the person is assessed again."""

    report_id: UUID
    due: Due


class AgreementReceipt(Receipt):
    """The agreement's id, and the first month in which contact is owed."""

    agreement_id: UUID
    first_month: Month


class ContactReceipt(Receipt):
    """``late`` where the contact was recorded only after its month was over."""

    late: bool


class OrderReceipt(Receipt):
    """The order's id, for what becomes of it, and its last day."""

    order_id: UUID
    due: Due


class RectificationAnswer(Wire):
    """An order to a caregiver, and what became of it."""

    standing: Standing
    ordered: RectificationOrdered


class AgreementAnswer(Wire):
    """An agreement as it stands, with its orders."""

    signed: AgreementSigned
    ended: AgreementEnded | None
    rectifications: tuple[RectificationAnswer, ...]


class ReportAnswer(Wire):
    """A reported change: whether it waits for its assessment, was too late, and when it was done.

    One that is neither open nor assessed lapsed when care ended.
    """

    reported: AbilityChangeReported
    open: bool
    missed: bool
    assessed_on: date | None


class CareFileAnswer(Wire):
    """A care file as it stands; money in fen a month."""

    case_id: UUID
    stage: Stage
    opened: CareOpened
    assessments: tuple[SelfCareAssessed, ...]
    reports: tuple[ReportAnswer, ...]
    mode: SupportMode | None
    agreements: tuple[AgreementAnswer, ...]
    contacts: tuple[ContactRecorded, ...]
    missed: tuple[MonthlyContactMissed, ...]


def answer_of(case_id: UUID, file: CareFile, opened: CareOpened) -> CareFileAnswer:
    """What is told of a care file."""
    return CareFileAnswer(
        case_id=case_id,
        stage=file.stage,
        opened=opened,
        assessments=file.assessments,
        reports=tuple(map(_report, file.reports)),
        mode=file.mode,
        agreements=tuple(_agreement(agreement) for agreement in file.agreements),
        contacts=file.contacts,
        missed=file.missed,
    )


def _agreement(agreement: Agreement) -> AgreementAnswer:
    return AgreementAnswer(
        signed=agreement.signed,
        ended=agreement.ended,
        rectifications=tuple(
            RectificationAnswer(standing=order.standing, ordered=order.ordered)
            for order in agreement.rectifications
        ),
    )


def _report(report: Report) -> ReportAnswer:
    return ReportAnswer(
        reported=report.reported,
        open=report.open,
        missed=report.missed,
        assessed_on=report.assessed_on,
    )
