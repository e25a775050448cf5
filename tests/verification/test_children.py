"""The check of a child whom nobody brings up: both parents, each by evidence; no means."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.verification.decisions import (
    CompleteCheck,
    OpenCheck,
    RecordHomeVisit,
    complete,
    open_check,
    record_home_visit,
)
from services.verification.model import CHECK
from services.verification.reactions import on_application_accepted
from services.verification.rules import contradictions
from shared.contracts.children import (
    BesideBenefit,
    ChildCircumstances,
    Minor,
    PaidBeside,
    ParentEvidence,
    ParentSituation,
)
from shared.contracts.departments import (
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    RegisterEntry,
    RegisterKind,
)
from shared.contracts.fields import Due, Programme
from shared.contracts.home_visits import DeclaredProperty
from shared.contracts.intake import ApplicationAccepted
from shared.contracts.verification import CheckOpened
from shared.kernel.decider import HOUSE
from shared.kernel.spec import Given, spec
from tests.decision.children import (
    ABLE,
    DEAD,
    GUARDIAN,
    IN_PRISON,
    MISSING,
    PAPER,
    TURNS_EIGHTEEN,
    child,
    parent,
)
from tests.documents import document
from tests.verification.household import (
    ALONE,
    APPLICANT,
    CASE,
    FIRST,
    FUJIAN,
    home_visit,
    opened,
    wage,
)

ACCEPTED_ON, VISITED_ON = date(2020, 3, 2), date(2020, 3, 6)
FATHER = uuid5(HOUSE, "tests/father")
BY_DEPARTMENT = ParentEvidence.DEPARTMENT_DATA
REGISTERED = IN_PRISON.model_copy(
    update={"person_id": FATHER, "evidence": BY_DEPARTMENT, "certificate": None}
)
ASKED = (
    Department.PUBLIC_SECURITY,
    Department.CIVIL_AFFAIRS,
    Department.MEDICAL_INSURANCE,
    Department.DISABILITY_FEDERATION,
    Department.JUSTICE,
    Department.COURTS,
)


def minor(*parents: Any) -> Minor:
    return Minor(turns_eighteen=TURNS_EIGHTEEN, payee=GUARDIAN, parents=parents)


def check(*parents: Any, accepted_on: date = ACCEPTED_ON) -> CheckOpened:
    return CheckOpened(
        programme=Programme.CHILD_ALLOWANCE,
        division=FUJIAN,
        applicant=APPLICANT,
        members=ALONE,
        accepted_on=accepted_on,
        survey_due=Due(on=date(2020, 3, 23), calendar="chinesecalendar-1.11.0"),
        minor=minor(*parents),
    )


def answered(department: Department, *kinds: RegisterKind) -> DepartmentAnswered:
    entries = tuple(RegisterEntry(person_id=FATHER, kind=kind) for kind in kinds)
    return DepartmentAnswered(
        department=department,
        income=(),
        deposits_fen=0,
        houses=0,
        vehicles=0,
        entries=entries or None,
    )


def given(opening: CheckOpened, *kinds: RegisterKind, on: date = VISITED_ON) -> Given:
    """Opened, asked and answered: justice says this of the father, the others nothing."""
    answers = (answered(d, *(kinds if d is Department.JUSTICE else ())) for d in ASKED)
    asked = (DepartmentAsked(department=department) for department in ASKED)
    return spec(CHECK, on=on).given(opening, *asked, *answers)


def visit(of: ChildCircumstances | None, **changed: Any) -> RecordHomeVisit:
    return home_visit(**({"visited_on": VISITED_ON, "child": of} | changed))


@pytest.mark.mechanism("S0-25")
def test_the_departments_that_know_of_parents_are_asked_and_none_of_means() -> None:
    command = OpenCheck(**check(FATHER).model_dump())
    first, *asking = spec(CHECK, on=ACCEPTED_ON).when(command, open_check).events
    assert first == check(FATHER)
    assert {asked.department for asked in asking} == set(ASKED)


def test_what_intake_knows_of_a_minor_goes_along() -> None:
    accepted = ApplicationAccepted(
        programme=Programme.CHILD_ALLOWANCE,
        division=FUJIAN,
        applicant=APPLICANT,
        members=ALONE,
        survey_due=check().survey_due,
        minor=minor(FATHER),
    )
    (submission,) = on_application_accepted(document(accepted, case_id=CASE, on=ACCEPTED_ON))
    assert submission.command.minor == minor(FATHER)


@pytest.mark.mechanism("S0-25")
class TestEvidence:
    def test_a_departments_data_establish_a_situation_and_stand_in_the_account(self) -> None:
        found = child(REGISTERED, MISSING)
        case = given(check(FATHER), RegisterKind.IN_PRISON)
        (recorded,) = case.when(visit(found), record_home_visit).events
        (completed,) = case.given(recorded).when(CompleteCheck(actor=FIRST), complete).events
        assert (completed.child, completed.minor) == (found, minor(FATHER))
        assert (completed.counted_income_fen, completed.leads) == (0, None)

    @pytest.mark.parametrize("said", [(), (RegisterKind.DECEASED,)])
    def test_what_no_register_says_is_to_be_shown_by_papers(
        self, said: tuple[RegisterKind, ...]
    ) -> None:
        case = given(check(FATHER), *said)
        (recorded,) = case.when(visit(child(REGISTERED)), record_home_visit).events
        refusal = case.given(recorded).when(CompleteCheck(actor=FIRST), complete)
        refusal.refuses("parent-not-in-registers", parent="father", situation="serving_sentence")
        papers = IN_PRISON.model_copy(update={"person_id": FATHER})
        (recorded,) = case.when(visit(child(papers)), record_home_visit).events
        assert case.given(recorded).when(CompleteCheck(actor=FIRST), complete).events

    @pytest.mark.parametrize(
        ("accepted_on", "allowed"), [(date(2020, 12, 31), False), (date(2021, 1, 1), True)]
    )
    def test_neighbours_and_village_count_from_2021_on(
        self, accepted_on: date, *, allowed: bool
    ) -> None:
        lost = parent(ParentSituation.LOST_CONTACT, months=8).model_copy(
            update={"evidence": ParentEvidence.NEIGHBOURS_AND_VILLAGE}
        )
        on = date(2021, 1, 4)
        case = given(check(accepted_on=accepted_on), on=on)
        decided = case.when(visit(child(lost, DEAD), visited_on=on), record_home_visit)
        if allowed:
            assert decided.events
        else:
            decided.refuses("parent-evidence-not-allowed", evidence="neighbours_and_village")

    def test_what_registers_say_of_parents_is_no_lead_against_the_child(self) -> None:
        (recorded,) = given(check(FATHER)).when(visit(child(REGISTERED)), record_home_visit).events
        answer = answered(Department.JUSTICE, RegisterKind.IN_PRISON, RegisterKind.DEPORTED)
        assert contradictions(recorded, answer) == ()


@pytest.mark.parametrize(
    "unclear",
    [
        child().model_copy(update={"parents": child().parents[:1]}),
        child().model_copy(update={"parents": (child().parents[0], child().parents[0])}),
        child(IN_PRISON.model_copy(update={"months": None})),
        child(DEAD.model_copy(update={"months": 6})),
        child(DEAD.model_copy(update={"evidence": None, "certificate": None})),
        child(DEAD.model_copy(update={"certificate": None})),
        child(ABLE.model_copy(update={"evidence": ParentEvidence.PAPERS, "certificate": PAPER})),
        child(parent(ParentSituation.DISABLED)),
        child(DEAD.model_copy(update={"evidence": ParentEvidence.NEIGHBOURS_AND_VILLAGE})),
        child(REGISTERED.model_copy(update={"person_id": None})),
        child(DEAD.model_copy(update={"person_id": FATHER})),
    ],
)
def test_either_parents_situation_is_stated_with_all_that_goes_with_it(
    unclear: ChildCircumstances,
) -> None:
    refusal = given(check()).when(visit(unclear), record_home_visit)
    assert refusal.refuses("child-parents-unclear").status == 422


def test_two_people_look_into_it() -> None:
    refusal = given(check()).when(visit(child(), surveyors=(FIRST,)), record_home_visit)
    refusal.refuses("too-few-surveyors", needed=2)


def test_a_registered_parent_is_one_of_the_two() -> None:
    refusal = given(check(FATHER)).when(visit(child()), record_home_visit)
    refusal.refuses("child-parents-unclear", registered=1, named=0)


def test_each_benefit_beside_is_stated_once() -> None:
    one = PaidBeside(benefit=BesideBenefit.TEKUN, amount_fen=1)
    refusal = given(check()).when(visit(child(paid_beside=(one, one))), record_home_visit)
    refusal.refuses("paid-beside-twice", benefits=2)


def test_a_visit_for_a_child_says_so_and_no_other_does() -> None:
    refusal = given(check()).when(visit(None), record_home_visit)
    assert refusal.refuses("child-circumstances-missing").status == 422
    on = date(2020, 4, 3)
    household = given(opened(), on=on).when(visit(child(), visited_on=on), record_home_visit)
    household.refuses("child-circumstances-out-of-place", programme="dibao")


@pytest.mark.parametrize(
    "means",
    [
        {"income": (wage(APPLICANT, 1),)},
        {"property": DeclaredProperty(deposits_fen=1, houses=0, vehicles=0)},
    ],
)
def test_no_means_are_looked_into(means: dict[str, Any]) -> None:
    refusal = given(check()).when(visit(child(), **means), record_home_visit)
    refusal.refuses("means-out-of-place", programme="child_allowance")
