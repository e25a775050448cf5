"""The paying bank: each instruction carries the payment's id, under which the bank pays once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from services.payment.decisions import Return, Settle, send_back, settle
from services.payment.model import BANK_INSTRUCTION, PAYMENT, payment_of
from shared.access.persons import ConsultedPerson
from shared.access.registry import RegistryAway
from shared.contracts.intake import ConsultationPurpose, PersonField
from shared.contracts.payment import PaymentIntended, ReturnReason
from shared.kernel.deciding import fold
from shared.kernel.duties import OutsideAway
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Submission, answer
from shared.runtime.definition import Ask
from shared.runtime.service import Service


class InstructionStatus(StrEnum):
    """What the bank says of an instruction."""

    PENDING = "pending"
    SETTLED = "settled"
    RETURNED = "returned"


class BankAnswer(BaseModel):
    """The bank's answer; ``reference`` comes with ``settled``, ``reason`` with ``returned``."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: InstructionStatus
    reference: UUID | None = None
    reason: ReturnReason | None = None


class Bank:
    """Hands intended payments to the bank and records what it answers."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def instruct(self, entry: AgendaEntry) -> Submission:
        """Hand in one payment. Raises ``OutsideAway`` until bank and registry give an answer.

        Handing in again is safe: the bank knows an instruction by the payment's id.
        """
        intended = await self._intended(entry)
        payee = await self._payee(intended.payee)
        reads = (payment_of(intended.case_id, intended.month),)
        if payee.account is None:
            command = Return(reason=ReturnReason.ACCOUNT_CLOSED)
            return answer(entry, reads, send_back, command)
        said = await self._hand_in(intended, payee)
        if said.status is InstructionStatus.SETTLED and said.reference is not None:
            return answer(entry, reads, settle, Settle(bank_reference=said.reference))
        if said.status is InstructionStatus.RETURNED and said.reason is not None:
            return answer(entry, reads, send_back, Return(reason=said.reason))
        raise OutsideAway("the bank has not decided yet")

    async def _intended(self, entry: AgendaEntry) -> PaymentIntended:
        service = self._service
        rows = await asyncio.to_thread(service.store.read_stream, entry.stream)
        payment = fold(service.definition.domain, PAYMENT.name, rows).state
        intended = payment.intended
        if not isinstance(intended, PaymentIntended):
            raise TypeError("an instruction on the agenda without its intent")
        return intended

    async def _payee(self, person_id: UUID) -> ConsultedPerson:
        fields = (PersonField.NAME, PersonField.ACCOUNT)
        try:
            found = await self._service.registry.consult(
                [person_id], ConsultationPurpose.PAYMENT, fields
            )
        except RegistryAway as error:
            raise OutsideAway(str(error)) from None
        return found[0]

    async def _hand_in(self, intended: PaymentIntended, payee: ConsultedPerson) -> BankAnswer:
        settings = self._service.settings
        try:
            response = await self._service.http.put(
                f"{settings.bank_url}/instructions/{intended.payment_id}",
                json={
                    "account": payee.account,
                    "name": payee.name,
                    "amount_fen": intended.amount_fen,
                    "currency": "CNY",
                },
                timeout=settings.gateway_timeout_ms / 1000,
            )
        except httpx.HTTPError as error:
            raise OutsideAway(f"bank: {type(error).__name__}") from None
        if response.status_code != 200:
            raise OutsideAway(f"bank: status {response.status_code}")
        try:
            return BankAnswer.model_validate_json(response.content)
        except ValidationError:
            raise OutsideAway("bank: an answer of another form") from None


def gateways(service: Service) -> Mapping[str, Ask]:
    """Whom payment asks outside."""
    return {BANK_INSTRUCTION: Bank(service).instruct}
