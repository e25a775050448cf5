"""A check for a subsidy for disabled people: certificate and care, and nothing of means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.verification.decisions import (
    CompleteCheck,
    HoldReview,
    OpenCheck,
    RecordAnswer,
    RecordHomeVisit,
    complete,
    hold_review,
    open_check,
    record_answer,
    record_home_visit,
)
from services.verification.model import CHECK
from services.verification.reactions import FOREIGN
from shared.contracts.circumstances import (
    CertifiedDisability,
    Disability,
    DisabilityCircumstances,
    DisabilityKind,
)
from shared.contracts.departments import (
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailed,
    DepartmentFailure,
)
from shared.contracts.fields import (
    DeductionKind,
    DeductionLine,
    Due,
    Member,
    Programme,
    Relation,
)
from shared.contracts.home_visits import DeclaredProperty
from shared.contracts.intake import ApplicationAccepted
from shared.contracts.leads import LeadAnswered, LeadKind, LeadResponse
from shared.contracts.verification import CheckOpened
from shared.kernel.event import Event
from shared.kernel.spec import Given, spec
from tests.documents import document
from tests.verification.household import (
    APPLICANT,
    CASE,
    FIRST,
    FUJIAN,
    HUSBAND,
    SECOND,
    THIRD,
    home_visit,
    note,
    opened,
    wage,
)

LIVING, CARE = Programme.DISABILITY_LIVING_SUBSIDY, Programme.DISABILITY_CARE_SUBSIDY
APPLIED_ON, ACCEPTED_ON, VISITED_ON = date(2023, 3, 28), date(2023, 4, 3), date(2023, 4, 4)
FIRST_DAY = date(2016, 1, 1)
"""The first day of 国发〔2015〕52号."""

POLICE, FEDERATION = Department.PUBLIC_SECURITY, Department.DISABILITY_FEDERATION
GRADE_TWO, GRADE_THREE = (Disability(kind=DisabilityKind.PHYSICAL, grade=grade) for grade in (2, 3))
SHOWN = DisabilityCircumstances(disability=GRADE_TWO, care_months=12)


def check(programme: Programme = CARE) -> CheckOpened:
    return CheckOpened(
        programme=programme,
        division=FUJIAN,
        applicant=APPLICANT,
        members=(Member(person_id=APPLICANT, relation=Relation.APPLICANT),),
        accepted_on=ACCEPTED_ON,
        survey_due=Due(on=date(2023, 4, 18), calendar="chinesecalendar-1.11.0"),
        applied_on=APPLIED_ON,
    )


def answered(department: Department, certified: Disability | None = None) -> DepartmentAnswered:
    found = certified and CertifiedDisability(person_id=APPLICANT, disability=certified)
    return DepartmentAnswered(
        department=department,
        income=(),
        deposits_fen=0,
        houses=0,
        vehicles=0,
        certificates=(found,) if found else None,
    )


def given(*events: Event, programme: Programme = CARE) -> Given:
    asked = (DepartmentAsked(department=department) for department in (POLICE, FEDERATION))
    made = spec(CHECK, on=VISITED_ON).given(check(programme), *asked, answered(POLICE))
    return made.given(*events)


def visit(**changed: Any) -> RecordHomeVisit:
    return home_visit(
        **({"visited_on": VISITED_ON, "surveyors": (FIRST,), "disability": SHOWN} | changed)
    )


def completing(*events: Event) -> DisabilityCircumstances:
    """What the account of a visited person says, once this has happened beside."""
    made = given(*events)
    made = made.given(*made.when(visit(), record_home_visit).events)
    (completed,) = made.when(CompleteCheck(actor=FIRST), complete).events
    assert (completed.income_fen, completed.counted_income_fen, completed.deposits_fen) == (0, 0, 0)
    assert completed.applied_on == APPLIED_ON
    found: DisabilityCircumstances = completed.disability
    return found


@pytest.mark.parametrize("programme", [LIVING, CARE])
@pytest.mark.parametrize("on", [FIRST_DAY, ACCEPTED_ON])
def test_two_registers_are_asked_and_none_of_means(programme: Programme, on: date) -> None:
    opening = check(programme).model_copy(update={"accepted_on": on})
    command = OpenCheck(**opening.model_dump())
    first, *asked = spec(CHECK, on=on).when(command, open_check).events
    assert first == opening
    assert [one.department for one in asked] == [POLICE, FEDERATION]


def test_the_day_of_the_application_comes_with_its_acceptance() -> None:
    accepted = ApplicationAccepted(
        **check().model_dump(exclude={"accepted_on", "kin_filed"}),
    )
    (react,) = FOREIGN[ApplicationAccepted]
    (submission,) = react(document(accepted, case_id=CASE, on=ACCEPTED_ON))
    assert submission.command.applied_on == APPLIED_ON


@pytest.mark.parametrize("programme", [LIVING, CARE])
@pytest.mark.parametrize("on", [FIRST_DAY, ACCEPTED_ON])
def test_one_hand_looks_and_states_disability_and_care(programme: Programme, on: date) -> None:
    opening = check(programme).model_copy(update={"accepted_on": on})
    made = spec(CHECK, on=on).given(opening, answered(POLICE), answered(FEDERATION, GRADE_TWO))
    (recorded,) = made.when(visit(visited_on=on), record_home_visit).events
    assert (recorded.disability, recorded.review_due) == (SHOWN, None)
    (completed,) = made.given(recorded).when(CompleteCheck(actor=FIRST), complete).events
    assert completed.review_agreed is None
    nobody = visit(visited_on=on, surveyors=(), as_surveyor=False)
    made.when(nobody, record_home_visit).refuses("too-few-surveyors", needed=1)


def test_a_visit_for_it_does_not_go_without() -> None:
    refusal = given().when(visit(disability=None), record_home_visit)
    assert refusal.refuses("disability-circumstances-missing").status == 422


def test_a_visit_for_anything_else_does_not_state_it() -> None:
    on = date(2020, 4, 3)
    made = spec(CHECK, on=on).given(opened())
    command = visit(visited_on=on, surveyors=(FIRST, SECOND))
    made.when(command, record_home_visit).refuses(
        "disability-circumstances-out-of-place", programme="dibao"
    )


@pytest.mark.parametrize(
    "means",
    [
        {"income": (wage(HUSBAND, 1),)},
        {"deductions": (DeductionLine(kind=DeductionKind.DISABILITY, amount_fen=1),)},
        {"property": DeclaredProperty(deposits_fen=0, houses=0, vehicles=0)},
    ],
    ids=["income", "deductions", "property"],
)
def test_nothing_of_means_is_taken_down(means: dict[str, Any]) -> None:
    refusal = given().when(visit(**means), record_home_visit)
    assert refusal.refuses("means-out-of-place").status == 422


def test_nobody_reviews_it_in_the_village() -> None:
    made = given(answered(FEDERATION, GRADE_TWO))
    made = made.given(*made.when(visit(), record_home_visit).events)
    review = HoldReview(
        held_on=VISITED_ON,
        present=3,
        representatives=2,
        agreed=3,
        upheld=True,
        minutes=note("minutes"),
    )
    made.when(review, hold_review).refuses("review-not-provided-for")


class TestTheFederationsRegister:
    def test_that_says_the_same_is_what_counts(self) -> None:
        assert completing(answered(FEDERATION, GRADE_TWO)) == SHOWN

    def test_that_gives_no_data_leaves_the_paper(self) -> None:
        failed = DepartmentFailed(department=FEDERATION, failure=DepartmentFailure.REFUSED)
        assert completing(failed) == SHOWN

    @pytest.mark.parametrize("registered", [GRADE_THREE, None])
    @pytest.mark.parametrize("stands", [True, False])
    def test_that_says_otherwise_is_a_lead_and_counts_unless_it_is_explained(
        self, registered: Disability | None, *, stands: bool
    ) -> None:
        made = given(answered(FEDERATION, registered))
        made = made.given(*(events := made.when(visit(), record_home_visit).events))
        lead = events[-1].contradiction
        assert lead.kind is LeadKind.CERTIFICATE_DIFFERS
        assert (lead.declared, lead.reported) == (2, registered and registered.grade)
        made.when(CompleteCheck(actor=FIRST), complete).refuses("leads-open")
        explained = LeadAnswered(
            lead=1,
            response=LeadResponse.EXPLAINED,
            statement=note("statement"),
            data_stand=stands,
            concluded_by=THIRD,
        )
        (completed,) = made.given(explained).when(CompleteCheck(actor=FIRST), complete).events
        expected = registered if stands else GRADE_TWO
        assert completed.disability == SHOWN.model_copy(update={"disability": expected})

    def test_that_answers_after_the_visit_is_held_against_it_as_well(self) -> None:
        made = given()
        made = made.given(*made.when(visit(), record_home_visit).events)
        certified = CertifiedDisability(person_id=APPLICANT, disability=GRADE_THREE)
        command = RecordAnswer(
            department=FEDERATION,
            income=(),
            deposits_fen=0,
            houses=0,
            vehicles=0,
            certificates=(certified,),
        )
        answer, lead = made.when(command, record_answer).events
        assert answer.certificates == (certified,)
        assert lead.contradiction.kind is LeadKind.CERTIFICATE_DIFFERS
