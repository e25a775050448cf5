"""The check of an application, from the departments' answers to the account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from services.verification import decisions as verification
from services.verification.model import check_of
from shared.contracts.circumstances import ObligorStanding, TekunCircumstances, TekunGround
from shared.contracts.departments import FirstDepartment
from shared.contracts.fields import Programme
from tests.simulation.lives.accounts import deductions_of, income_of
from tests.simulation.lives.desk import Life

OLD_AND_ALONE: Final = TekunCircumstances(
    ground=TekunGround.AGE_SIXTY_OR_OVER, obligors=ObligorStanding.NONE
)


def check(life: Life) -> None:
    """Departments answer, two surveyors visit, the village reviews; then the account."""
    household, stream = life.household, check_of(life.case_id)
    done = verification.CompleteCheck(actor=life.hand("surveyor"))
    life.sees("verification", "checks", lambda seen: seen)
    if life.dares():
        life.must_be_refused(
            "verification",
            verification.complete,
            done,
            stream,
            hand="surveyor",
            refused=("departments-outstanding", "visit-missing"),
        )
    life.client.until_day(household.applies_on + timedelta(days=2))
    surveyors = life.hand("surveyor"), life.hand("second surveyor")
    tekun = OLD_AND_ALONE if household.programme is Programme.TEKUN else None
    visit = verification.RecordHomeVisit(
        visited_on=life.world.today,
        surveyors=surveyors,
        income=income_of(household, household.wages_fen),
        deductions=deductions_of(household),
        findings=life.note("findings"),
        recorder=surveyors[0],
        as_surveyor=True,
        tekun=tekun,
    )
    if life.dares():
        alone = visit.model_copy(update={"surveyors": surveyors[:1] * 2})
        life.must_be_refused(
            "verification",
            verification.record_home_visit,
            alone,
            stream,
            hand="surveyor",
            refused=("too-few-surveyors",),
        )
    life.do("verification", verification.record_home_visit, visit, stream, hand="surveyor")
    if tekun is None:
        _review(life)
    life.sees("verification", "checks", _all_answered)
    life.do("verification", verification.complete, done, stream, hand="surveyor")


def _review(life: Life) -> None:
    """The village reviews what the survey has shown."""
    life.client.until_day(life.household.applies_on + timedelta(days=6))
    review = verification.HoldReview(
        held_on=life.world.today,
        present=6,
        representatives=5,
        agreed=6,
        upheld=True,
        minutes=life.note("minutes"),
    )
    life.do(
        "verification", verification.hold_review, review, check_of(life.case_id), hand="surveyor"
    )


def _all_answered(seen: dict[str, Any]) -> bool:
    standings = seen["departments"].values()
    return len(standings) == len(FirstDepartment) and "asked" not in standings
