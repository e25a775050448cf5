"""The paying bank: each instruction carries the payment's id, under which the bank pays once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from services.payment.decisions import Return, Settle, send_back, settle
from services.payment.model import BANK_INSTRUCTION, PAYMENT, payment_intended_by
from shared.access.persons import ConsultedPerson, Standing
from shared.access.registry import RegistryAway, RegistryRefused
from shared.contracts.payment import AidPaymentIntended, PaymentIntended, ReturnReason
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.kernel.duties import NeighbourAway, OutsideAway
from shared.kernel.states import fold
from shared.kernel.store import AgendaEntry
from shared.kernel.submission import Submission, answer
from shared.runtime.definition import Ask
from shared.runtime.service import Service

Intended = PaymentIntended | AidPaymentIntended
"""What is handed to the bank, in the one way there is: a month's payment, or an aid's."""

_NOT_TAKEN: Final = frozenset({400, 409, 422})
"""The bank's answers to an instruction that it does not take as it is."""


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
    """Hands intended payments to the bank and records what it answers.

    The bank knows an instruction by the payment's id and carries it out once, so handing it in
    again is safe. What it did under that id counts before anything that we know of the payee now:
    an answer may have been lost, and the account changed since.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def instruct(self, entry: AgendaEntry) -> Submission:
        """Hand in one payment. Raises ``OutsideAway`` until bank and registry give an answer."""
        intended = await self._intended(entry)
        payee = await self._payee(intended.payee)
        said = await self._hand_in(intended, payee)
        reads = (payment_intended_by(intended),)
        if said.status is InstructionStatus.SETTLED and said.reference is not None:
            return answer(entry, reads, settle, Settle(bank_reference=said.reference))
        if said.status is InstructionStatus.RETURNED and said.reason is not None:
            return answer(entry, reads, send_back, Return(reason=said.reason))
        raise OutsideAway("the bank has not decided yet")

    async def _intended(self, entry: AgendaEntry) -> Intended:
        service = self._service
        rows = await asyncio.to_thread(service.store.read_stream, entry.stream)
        payment = fold(service.definition.domain, PAYMENT.name, rows).state
        intended = payment.intended
        if not isinstance(intended, Intended):
            raise TypeError("an instruction on the agenda without its intent")
        return intended

    async def _payee(self, person_id: UUID) -> ConsultedPerson:
        fields = (PersonField.NAME, PersonField.ACCOUNT)
        try:
            found = await self._service.registry.consult(
                [person_id], ConsultationPurpose.PAYMENT, fields
            )
        except RegistryAway as error:
            raise NeighbourAway(str(error)) from None
        except RegistryRefused as error:
            # A refusal is ours to mend (credentials, purpose, allowance): no payment has failed.
            raise OutsideAway(str(error)) from None
        if found[0].standing in (Standing.DAMAGED, Standing.UNKNOWN):
            # An entitled payee was registered once: the vault has lost or cannot open their row.
            raise OutsideAway(f"the person registry calls the payee {found[0].standing}")
        return found[0]

    async def _hand_in(self, intended: Intended, payee: ConsultedPerson) -> BankAnswer:
        """What the bank says of the instruction.

        Where the payee has no account it stays open until there is one: nobody entitled is
        skipped. For an erased payee there never will be.
        """
        if payee.account is None or payee.name is None:
            known = await self._recorded(intended.payment_id)
            if known is None and payee.standing is not Standing.ERASED:
                raise OutsideAway("the payee has no account: amend it in the person registry")
            return known or _returned(ReturnReason.NO_ACCOUNT)
        instruction = {
            "account": payee.account,
            "name": payee.name,
            "amount_fen": intended.amount_fen,
            "currency": "CNY",
        }
        response = await self._ask("PUT", intended.payment_id, instruction)
        if response.status_code == 200:
            return _read(response)
        if response.status_code not in _NOT_TAKEN:
            raise OutsideAway(f"bank: status {response.status_code}")
        known = await self._recorded(intended.payment_id)
        if known is None and response.status_code == 409:
            raise OutsideAway("bank: in conflict with an instruction that it does not know")
        return known or _returned(ReturnReason.REJECTED)

    async def _recorded(self, payment_id: UUID) -> BankAnswer | None:
        """What the bank did under this id before; ``None`` where it never had it."""
        response = await self._ask("GET", payment_id)
        if response.status_code == 404:
            return None
        if response.status_code != 200:
            raise OutsideAway(f"bank: status {response.status_code}")
        return _read(response)

    async def _ask(
        self, method: str, payment_id: UUID, body: Mapping[str, object] | None = None
    ) -> httpx.Response:
        settings = self._service.settings
        url = f"{settings.bank_url.rstrip('/')}/instructions/{payment_id}"
        try:
            # One deadline for all of it, so that a byte a second holds nobody.
            async with asyncio.timeout(settings.gateway_timeout_ms / 1000):
                return await self._service.http.request(method, url, json=body, timeout=None)
        except TimeoutError:
            raise OutsideAway("bank: no answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OutsideAway(f"bank: {type(error).__name__}") from None


def _read(response: httpx.Response) -> BankAnswer:
    try:
        return BankAnswer.model_validate_json(response.content)
    except ValidationError:
        raise OutsideAway("bank: an answer of another form") from None


def _returned(reason: ReturnReason) -> BankAnswer:
    return BankAnswer(status=InstructionStatus.RETURNED, reason=reason)


def gateways(service: Service) -> Mapping[str, Ask]:
    """Whom payment asks outside."""
    return {BANK_INSTRUCTION: Bank(service).instruct}
