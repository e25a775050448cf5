"""Payments: an intent per case and month, its way to the bank, its agenda and its lists."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import pytest

from services.payment.decisions import (
    IntendPayments,
    Return,
    Settle,
    intend_payments,
    send_back,
    settle,
)
from services.payment.duties import agenda
from services.payment.model import (
    BANK_INSTRUCTION,
    PAYMENT,
    Payment,
    entitlement_of,
    payment_of,
    roster_of,
)
from services.payment.reactions import FOREIGN, OWN
from services.payment.rules import payment_id_of
from services.payment.views import fold_entitlement, fold_payment, fold_run
from shared.clock import instant_of
from shared.contracts.decision import CaseConfirmed
from shared.contracts.fields import Programme
from shared.contracts.payment import (
    EntitlementOpened,
    PaymentReturned,
    PaymentSettled,
    ReturnReason,
    RunPageReleased,
)
from shared.kernel.decider import Moment
from shared.kernel.event import Event
from shared.kernel.spec import spec
from shared.kernel.store import AgendaDone, AgendaEntry
from shared.policy import Policy
from tests.decision.household import confirmed
from tests.documents import document
from tests.payment.cases import (
    APRIL,
    IN_MAY,
    JUNE,
    MAY,
    TOWNSHIP,
    VILLAGE,
    approved,
    case,
    intended,
    line,
    payee,
    payment,
    prepared,
    run_id,
)

REFERENCE = uuid5(case(1), "reference")
SETTLED = PaymentSettled(
    payment_id=payment_id_of(case(1), MAY), amount_fen=200_00, bank_reference=REFERENCE
)
RETURNED = PaymentReturned(
    payment_id=payment_id_of(case(1), MAY), amount_fen=200_00, reason=ReturnReason.NAME_MISMATCH
)


class TestIntents:
    LINES = (line(1), line(1, APRIL), line(2))

    def intend(self, *payments: Payment) -> list[Any]:
        at = Moment(instant_of(IN_MAY), IN_MAY, Policy.load())
        command = IntendPayments(run_id=run_id(), lines=self.LINES)
        return list(intend_payments(*payments, command, at))

    def test_are_one_per_line_each_in_a_stream_of_case_and_month(self) -> None:
        facts = self.intend(Payment(), Payment(), Payment())
        assert [fact.event for fact in facts] == [intended(1), intended(1, APRIL), intended(2)]
        assert [fact.stream for fact in facts] == [
            payment_of(case(1), MAY),
            payment_of(case(1), APRIL),
            payment_of(case(2), MAY),
        ]

    def test_are_not_made_again_whatever_became_of_the_first(self) -> None:
        done = payment(intended(), SETTLED).state
        back = payment(intended(), RETURNED).state
        facts = self.intend(done, back, Payment())
        assert [fact.event for fact in facts] == [intended(2)]

    def test_have_one_id_per_case_and_month(self) -> None:
        ids = {payment_id_of(case(n), month) for n in (1, 2) for month in (MAY, JUNE)}
        assert len(ids) == 4
        assert payment_id_of(case(1), MAY) in ids


class TestTheBanksWord:
    @pytest.mark.parametrize(
        ("decide", "command", "event"),
        [
            (settle, Settle(bank_reference=REFERENCE), SETTLED),
            (send_back, Return(reason=ReturnReason.NAME_MISMATCH), RETURNED),
        ],
    )
    def test_is_recorded_once(self, decide: Any, command: Any, event: Event) -> None:
        payment(intended()).when(command, decide).then(event)
        payment(intended(), event).when(command, decide).refuses("payment-not-open")

    def test_on_what_was_never_intended_is_refused(self) -> None:
        payment().when(Settle(bank_reference=REFERENCE), settle).refuses(
            "payment-not-open", stage="none"
        )

    def test_does_not_turn_a_settled_payment_back(self) -> None:
        payment(intended(), SETTLED).when(Return(reason=ReturnReason.REJECTED), send_back).refuses(
            "payment-not-open", stage="settled"
        )


class TestTheAgenda:
    def entry(self) -> AgendaEntry:
        (entry,) = agenda(document(intended(), case_id=case(1), on=IN_MAY))
        assert isinstance(entry, AgendaEntry)
        return entry

    def test_an_intent_is_to_be_handed_to_the_bank_that_day(self) -> None:
        entry = self.entry()
        assert (entry.kind, entry.key) == (BANK_INSTRUCTION, payment_id_of(case(1), MAY))
        assert (entry.due_on, entry.subject) == (IN_MAY, case(1))

    @pytest.mark.parametrize("event", [SETTLED, RETURNED])
    def test_the_banks_word_takes_it_off(self, event: Event) -> None:
        (done,) = agenda(document(event, case_id=case(1), on=IN_MAY))
        assert done == AgendaDone(BANK_INSTRUCTION, self.entry().key)

    def test_a_run_falls_due_to_nobody(self) -> None:
        assert not list(agenda(document(prepared(line(1)), case_id=case(1), on=IN_MAY)))


class TestReactions:
    @pytest.mark.parametrize("division", [TOWNSHIP, VILLAGE])
    def test_a_confirmed_case_is_entitled_on_its_townships_roster(self, division: str) -> None:
        (react,) = FOREIGN[CaseConfirmed]
        event = confirmed().model_copy(update={"division": division})
        (submission,) = react(document(event, case_id=case(1), on=date(2020, 4, 23)))
        assert submission.reads == (entitlement_of(case(1)), roster_of(Programme.DIBAO, TOWNSHIP))
        command = submission.command
        assert (command.division, command.amount_fen, command.from_month) == (division, 200_00, MAY)

    def test_a_released_page_becomes_its_intents(self) -> None:
        (react,) = OWN[RunPageReleased]
        lines = (line(1), line(2))
        page = RunPageReleased(run_id=run_id(), page=1, lines=lines)
        (submission,) = react(document(page, case_id=run_id(), on=IN_MAY))
        assert submission.reads == (payment_of(case(1), MAY), payment_of(case(2), MAY))
        assert submission.on == IN_MAY
        # Two payments of a page: streams of one kind, told apart by nothing that is written here.
        given = spec(PAYMENT, on=IN_MAY).beside(PAYMENT)
        given.when(submission.command, submission.decide).then(intended(1), intended(2))


class TestTheLists:
    def test_a_payment_shows_its_way(self) -> None:
        seen = fold_payment("", None, document(intended(), case_id=case(1), on=IN_MAY))
        assert seen is not None
        assert (seen["stage"], seen["month"], seen["amount_fen"]) == ("intended", "2020-05", 200_00)
        after = fold_payment("", seen, document(SETTLED, case_id=case(1), on=date(2020, 5, 9)))
        assert after == {**seen, "stage": "settled", "settled_on": "2020-05-09"}
        back = fold_payment("", seen, document(RETURNED, case_id=case(1), on=date(2020, 5, 9)))
        assert back is not None
        assert (back["stage"], back["reason"]) == ("returned", "name_mismatch")

    def test_a_run_shows_its_total_and_its_hands_and_stays_when_another_follows(self) -> None:
        first = fold_run(
            str(run_id()), None, document(prepared(line(1)), case_id=run_id(), on=IN_MAY)
        )
        assert first is not None
        assert (first["stage"], first["total_fen"]) == ("prepared", 200_00)
        done = fold_run(
            str(run_id()), first, document(approved(line(1)), case_id=run_id(), on=IN_MAY)
        )
        assert done is not None
        assert done["stage"] == "approved"

    def test_a_replaced_preparation_says_so(self) -> None:
        anew = document(
            prepared(line(1), run_id=run_id("anew"), replaces=run_id()),
            case_id=run_id(),
            on=IN_MAY,
        )
        seen = fold_run(str(run_id()), {"stage": "prepared", "division": TOWNSHIP}, anew)
        assert seen == {"stage": "replaced", "division": TOWNSHIP}
        fresh = fold_run(str(run_id("anew")), None, anew)
        assert fresh is not None
        assert fresh["stage"] == "prepared"

    def test_an_entitlement_names_nobody(self) -> None:
        event = EntitlementOpened(
            programme=Programme.DIBAO,
            division=TOWNSHIP,
            payee=payee(1),
            amount_fen=200_00,
            from_month=MAY,
        )
        seen = fold_entitlement("", None, document(event, case_id=case(1), on=IN_MAY))
        assert seen == {
            "division": TOWNSHIP,
            "programme": "dibao",
            "from_month": "2020-05",
            "ended": False,
            "parts": [{"part": "benefit", "from_month": "2020-05", "amount_fen": 200_00}],
            "differences": [],
        }
