"""The People's Bank's network in a check: what it says, and that money counts once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.verification import rules
from services.verification.decisions import (
    LoseReceipt,
    NoteReceipt,
    OpenCheck,
    RecordAnswer,
    lose_receipt,
    note_receipt,
    open_check,
    record_answer,
)
from services.verification.duties import agenda
from services.verification.gateways.calling import Failed
from services.verification.gateways.formats import Unreadable
from services.verification.gateways.pboc import deposits_of, receipt_in
from services.verification.model import CHECK, DEPARTMENT_QUERY, DEPARTMENT_RECEIPT
from services.verification.rules.account import Statement
from shared.contracts.departments import (
    Department,
    DepartmentAnswered,
    DepartmentAsked,
    DepartmentFailure,
    DepartmentReceiptNoted,
    InstitutionDeposits,
)
from shared.contracts.fields import Programme
from shared.contracts.leads import LeadClearance, LeadCleared, LeadKind, LeadRaised
from shared.kernel.spec import spec
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.policy import Policy
from tests.documents import document
from tests.verification.household import (
    ALONE,
    APPLICANT,
    CASE,
    HUSBAND,
    SHAANXI,
    SURVEY_DUE,
    answered,
    opened,
    visited,
)
from tests.verification.leads import STATED
from tests.verification.test_periodic_checks import with_network

PBOC, BANKS = Department.PBOC_NETWORK, Department.BANKS
RECEIPT = UUID("6f1a1a2e-5a0e-4c0b-9f0e-d0d1d0d1d0d1")
ON = date(2023, 5, 15)
ICBC, RURAL = "102804000018", "402804000026"


def result(person: UUID, **banks: list[tuple[str, int]]) -> dict[str, Any]:
    names = {"icbc": ICBC, "rural": RURAL}
    return {
        "reference": str(person),
        "institutions": [
            {
                "institution": names[bank],
                "accounts": [{"account": a, "balance_fen": fen} for a, fen in accounts],
            }
            for bank, accounts in banks.items()
        ],
    }


def body(*results: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"results": results} | more).encode()


class TestItsAnswer:
    @pytest.mark.mechanism("S4-43")
    def test_an_account_of_two_members_is_one_account(self) -> None:
        said = deposits_of(
            body(
                result(APPLICANT, icbc=[("a", 1_000_00), ("b", 200_00)]),
                result(HUSBAND, icbc=[("a", 1_000_00)], rural=[("a", 50_00)]),
                as_of="2023-05-04",
            ),
            (HUSBAND, APPLICANT),
        )
        assert said.institutions == (
            InstitutionDeposits(institution=ICBC, accounts=2, deposits_fen=1_200_00),
            InstitutionDeposits(institution=RURAL, accounts=1, deposits_fen=50_00),
        )
        assert (said.deposits_fen, said.as_of) == (1_250_00, date(2023, 5, 4))

    def test_a_balance_that_is_told_twice_counts_at_its_higher(self) -> None:
        both = (result(APPLICANT, icbc=[("a", 900_00)]), result(HUSBAND, icbc=[("a", 950_00)]))
        assert deposits_of(body(*both), (APPLICANT, HUSBAND)).deposits_fen == 950_00

    @pytest.mark.parametrize(
        "answer",
        [
            b"{}",
            b"no json",
            body(result(APPLICANT)),
            body(result(APPLICANT), result(APPLICANT)),
            body(result(APPLICANT), {"reference": str(HUSBAND), "institutions": [{"bank": 1}]}),
        ],
    )
    def test_another_form_or_other_identities_is_none(self, answer: bytes) -> None:
        with pytest.raises(Unreadable):
            deposits_of(answer, (APPLICANT, HUSBAND))

    @pytest.mark.parametrize(("people", "holds"), [(7, True), (10, False)])
    def test_more_banks_than_an_event_holds_are_no_data(self, people: int, holds: bool) -> None:
        """Refused by the log it would stand as asked, and hold the household, for ever."""
        who = [UUID(int=n) for n in range(people)]
        results = [
            {
                "reference": str(person),
                "institutions": [
                    {
                        "institution": f"{n * 500 + bank:012}",
                        "accounts": [{"account": "a", "balance_fen": 1}],
                    }
                    for bank in range(500)
                ],
            }
            for n, person in enumerate(who)
        ]
        said = body(*results)
        if holds:
            assert deposits_of(said, who).deposits_fen == people * 500
        else:
            with pytest.raises(Failed) as failed:
                deposits_of(said, who)
            assert failed.value.failure is DepartmentFailure.MALFORMED_ANSWER

    def test_a_question_is_taken_under_a_number(self) -> None:
        assert receipt_in(json.dumps({"receipt": str(RECEIPT)}).encode()) == RECEIPT
        with pytest.raises(Unreadable):
            receipt_in(b'{"receipt": "soon"}')


def asked_on(folder: Path, day: date, programme: Programme = Programme.DIBAO) -> set[Department]:
    """Whom the check of an application accepted on a day asks."""
    with_network(folder, since="2023-05-15")
    command = OpenCheck(
        programme=programme,
        division=SHAANXI,
        applicant=APPLICANT,
        members=ALONE,
        accepted_on=day,
        survey_due=SURVEY_DUE,
    )
    check = spec(CHECK, on=day, policy=Policy.load((folder,)))
    events = check.when(command, open_check).events
    return {event.department for event in events if isinstance(event, DepartmentAsked)}


@pytest.mark.mechanism("S4-43")
def test_it_is_asked_from_the_day_on_which_the_place_has_it(tmp_path: Path) -> None:
    assert PBOC not in asked_on(tmp_path, date(2023, 5, 14))
    assert {PBOC, BANKS} <= asked_on(tmp_path, ON)


def test_it_is_not_asked_where_no_bank_is(tmp_path: Path) -> None:
    care = Programme.DISABILITY_CARE_SUBSIDY
    assert PBOC not in asked_on(tmp_path, ON, care)


class TestMoneyCountsOnce:
    @pytest.mark.mechanism("S4-43")
    def test_what_banks_state_of_deposits_gives_way_to_it(self) -> None:
        parameters = Policy.load().at(SHAANXI, Programme.DIBAO, ON)
        banks = answered(BANKS, deposits_fen=9_000_00)
        network = answered(PBOC, deposits_fen=7_000_00)
        account = rules.account(parameters, Statement(), (banks, network))
        assert account.deposits_fen == 7_000_00
        assert rules.account(parameters, Statement(), (banks,)).deposits_fen == 9_000_00

    def given(self, *events: Any) -> Any:
        visit = visited().model_copy(update={"property": STATED})
        asked = (DepartmentAsked(department=BANKS), DepartmentAsked(department=PBOC))
        return spec(CHECK, on=date(2020, 4, 7)).given(opened(), *asked, visit, *events)

    def command(self, department: Department, deposits_fen: int) -> RecordAnswer:
        return RecordAnswer(
            department=department, income=(), deposits_fen=deposits_fen, houses=0, vehicles=0
        )

    def test_the_household_is_asked_about_it_once(self) -> None:
        answer, lead = self.given().when(self.command(BANKS, 900_00), record_answer).events
        known = self.given(answer, lead)
        _said, cleared, raised = known.when(self.command(PBOC, 950_00), record_answer).events
        assert cleared == LeadCleared(lead=1, by=LeadClearance.SUPERSEDED)
        assert isinstance(raised, LeadRaised)
        assert raised.contradiction.department is PBOC
        assert raised.contradiction.kind is LeadKind.DEPOSITS_ABOVE_DECLARED

    def test_and_not_by_a_bank_that_answers_after_it(self) -> None:
        network = DepartmentAnswered(**dict(answered(PBOC, deposits_fen=800_00)))
        (answer,) = self.given(network).when(self.command(BANKS, 900_00), record_answer).events
        assert answer.deposits_fen == 900_00


class TestItsReceipt:
    ASKED = (DepartmentAsked(department=PBOC),)
    NOTED = DepartmentReceiptNoted(department=PBOC, receipt=RECEIPT)

    def test_is_kept_while_the_answer_is_waited_for(self) -> None:
        given = spec(CHECK, on=ON).given(opened(), *self.ASKED)
        taken = NoteReceipt(department=PBOC, receipt=RECEIPT)
        given.when(taken, note_receipt).then(self.NOTED)
        given.given(answered(PBOC)).when(taken, note_receipt).then()

    def test_that_is_lost_has_it_asked_again_the_next_day(self) -> None:
        given = spec(CHECK, on=ON).given(opened(), *self.ASKED, self.NOTED)
        lost = LoseReceipt(department=PBOC)
        again = DepartmentAsked(department=PBOC, not_before=date(2023, 5, 16))
        given.when(lost, lose_receipt).then(again)
        given.given(answered(PBOC)).when(lost, lose_receipt).then()

    def test_stands_on_the_agenda_in_the_place_of_the_question(self) -> None:
        cause = UUID(int=7)
        noted = document(self.NOTED, case_id=CASE, on=ON, causation_id=cause)
        done, entry = agenda(noted)
        assert done == AgendaDone(DEPARTMENT_QUERY, cause)
        assert isinstance(entry, AgendaEntry)
        assert (entry.kind, entry.key) == (DEPARTMENT_RECEIPT, noted.id)
        said = document(answered(PBOC), case_id=CASE, on=ON, causation_id=noted.id)
        assert AgendaDone(DEPARTMENT_RECEIPT, noted.id) in set(agenda(said))
