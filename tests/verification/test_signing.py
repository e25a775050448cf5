"""A visit's form is signed; in a major emergency a household is surveyed without a visit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.verification.decisions import record_home_visit
from services.verification.model import CHECK
from shared.contracts.fields import AidCause
from shared.contracts.home_visits import Contactless, ContactlessSurvey, VisitSignatures
from shared.kernel.spec import Decided, spec
from shared.policy import Policy
from tests.notices import notice
from tests.verification.household import (
    ACCEPTED_ON,
    FIRST,
    HUSBAND,
    SECOND,
    STRANGER,
    THIRD,
    home_visit,
    opened,
)

BY_PHONE = ContactlessSurvey(manner=Contactless.PHONE, emergency=AidCause.EPIDEMIC)


def recording(on: date = ACCEPTED_ON, policy: Policy | None = None, **changed: Any) -> Decided:
    command = home_visit(on, **changed)
    check = spec(CHECK, on=on, policy=policy).given(opened(accepted_on=on))
    return check.when(command, record_home_visit)


def signed(*surveyors: UUID, member: UUID = HUSBAND) -> VisitSignatures:
    return VisitSignatures(surveyors=surveyors, member=member, form_digest="ab" * 32)


class TestSignatures:
    def test_of_surveyors_and_household_are_recorded_with_the_forms_digest(self) -> None:
        (visit,) = recording(signatures=signed(SECOND, FIRST)).events
        assert visit.signatures == signed(SECOND, FIRST)

    @pytest.mark.parametrize(
        ("signatures", "missing", "strangers"),
        [
            (signed(FIRST), 1, 0),
            (signed(FIRST, SECOND, THIRD), 0, 1),
            (signed(FIRST, SECOND, member=STRANGER), 0, 1),
        ],
        ids=["one-surveyor", "somebody-else", "no-member"],
    )
    def test_of_others_are_refused(
        self, signatures: VisitSignatures, missing: int, strangers: int
    ) -> None:
        refusal = recording(signatures=signatures).refuses(
            "signatures-incomplete", missing=missing, strangers=strangers
        )
        assert refusal.status == 422

    def test_may_stay_on_paper_unless_the_place_has_them_recorded(self, tmp_path: Path) -> None:
        strict = Policy.load((notice(tmp_path, programme="all", survey_signatures="recorded"),))
        assert recording().events
        recording(policy=strict).refuses("signatures-missing")
        assert recording(policy=strict, signatures=signed(FIRST, SECOND)).events


class TestAContactlessSurvey:
    def test_is_allowed_from_july_2021(self) -> None:
        (visit,) = recording(date(2021, 7, 1), contactless=BY_PHONE).events[-1:]
        assert visit.contactless == BY_PHONE

    def test_is_not_before(self) -> None:
        recording(date(2021, 6, 30), contactless=BY_PHONE).refuses(
            "survey-contactless-not-allowed", manner="phone"
        )
