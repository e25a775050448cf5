"""Every code that a page can show has a name in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import pytest

from services.decision.printed.words import known
from shared.contracts.aid import (
    AidRefusalReason,
    AidTier,
    RestStoppedReason,
)
from shared.contracts.aid_needs import AidForm, AidInKind
from shared.contracts.appeals import AppealKind, AppealOrgan, AppealRuling
from shared.contracts.assessments import (
    AssessmentReason,
    Assistance,
    Condition,
    ConditionOutcome,
    Outcome,
    ProcedureRegime,
    SinglePersonGround,
    Tier,
    TopUpKind,
)
from shared.contracts.changes import HouseholdChangeCause, StopReason
from shared.contracts.circumstances import (
    HouseholdRegistration,
)
from shared.contracts.decision import (
    DeferralReason,
    EndReason,
    RefusalReason,
)
from shared.contracts.departments import Department
from shared.contracts.fields import (
    AidCause,
    AidKind,
    AidPlace,
    DeductionKind,
    IncomeItem,
    IncomeKind,
    IncomeTreatment,
    LineSource,
    Relation,
)
from shared.contracts.home_visits import PropertyItem
from shared.contracts.meetings import (
    CorrectedStream,
    MeetingBody,
    MeetingForce,
    MeetingKind,
    MeetingResolution,
)
from shared.contracts.notices import NoticeSubject, ServiceManner
from shared.contracts.publicity import PublicityRound
from shared.contracts.recognition import HardshipGround, RecognitionEndReason
from shared.contracts.reviews import (
    HouseholdKind,
    ReviewManner,
    ReviewOccasion,
    ReviewOutcome,
)
from shared.contracts.screening import OtherHelp
from shared.contracts.special_aid import SpecialAid
from shared.contracts.standards import StandardReviewReason
from shared.contracts.terminations import TerminationGround, TerminationOutcome
from shared.contracts.work import (
    WorkConsequence,
    WorkConsequenceCause,
    WorkExcuse,
    WorkOfferKind,
    WorkResponse,
)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("regime", ProcedureRegime),
        ("relation", Relation),
        ("income", IncomeKind),
        ("source", LineSource),
        ("deduction", DeductionKind),
        ("assistance", Assistance),
        ("outcome", Outcome),
        ("condition", Condition),
        ("special_aid", SpecialAid),
        ("tested", ConditionOutcome),
        ("registration", HouseholdRegistration),
        ("ground", SinglePersonGround),
        ("topup", TopUpKind),
        ("hardship", HardshipGround),
        ("round", PublicityRound),
        ("item", IncomeItem),
        ("treatment", IncomeTreatment),
        ("department", Department),
        ("property_item", PropertyItem),
        ("deferral", DeferralReason),
        ("standard_review", StandardReviewReason),
        ("cause", HouseholdChangeCause),
        ("work", WorkOfferKind),
        ("response", WorkResponse),
        ("excuse", WorkExcuse),
        ("work_cause", WorkConsequenceCause),
        ("consequence", WorkConsequence),
        ("subject", NoticeSubject),
        ("manner", ServiceManner),
        ("household", HouseholdKind),
        ("review_manner", ReviewManner),
        ("occasion", ReviewOccasion),
        ("review", ReviewOutcome),
        ("appeal", AppealKind),
        ("organ", AppealOrgan),
        ("ruling", AppealRuling),
        ("meeting", MeetingKind),
        ("force", MeetingForce),
        ("resolution", MeetingResolution),
        ("body", MeetingBody),
        ("history", CorrectedStream),
        ("termination", TerminationOutcome),
        ("aid", AidKind),
        ("aid_cause", AidCause),
        ("aid_place", AidPlace),
        ("aid_reason", AidRefusalReason),
        ("aid_form", AidForm),
        ("in_kind", AidInKind),
        ("other_help", OtherHelp),
        ("rest_stopped", RestStoppedReason),
        ("tier", AidTier),
        ("benefit_tier", Tier),
    ],
)
def test_every_code_has_a_name(kind: str, codes: Iterable[StrEnum]) -> None:
    assert known(kind) == {code.value for code in codes}


def test_every_reason_has_a_name() -> None:
    reasons = (
        AssessmentReason,
        RefusalReason,
        StopReason,
        EndReason,
        RecognitionEndReason,
        TerminationGround,
    )
    spoken = {code.value for codes in reasons for code in codes} - {EndReason.AID_EXPLAINED}
    assert known("reason") == spoken
