"""The People's Bank's financial network (人民银行金融城域网): one question, every bank, later.

A question is handed in and answered with a receipt number; the result is fetched by it once every
bank has answered. It lists the accounts of each identity by institution; an account that belongs to
two members is listed under both, and is one account::

    POST {DOUDI_PBOC_URL}/queries            202 {"receipt": "…"}
    GET  {DOUDI_PBOC_URL}/results/{receipt}  202, and in the end 200

    {"receipt": "…", "as_of": "2023-05-04", "results": [{"reference": "…", "institutions": [
        {"institution": "102391000017", "accounts": [{"account": "…", "balance_fen": 120000}]}]}]}
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from services.verification.decisions import RecordAnswer
from services.verification.gateways.formats import Unreadable
from services.verification.gateways.replies import require_room
from shared.access.persons import ConsultedPerson
from shared.accounts import within_bounds
from shared.contracts.departments import Department, InstitutionCode, InstitutionDeposits
from shared.contracts.persons import ConsultationPurpose
from shared.money import Fen

ACCEPTED: Final = "application/json"
_AccountToken = Annotated[str, StringConstraints(min_length=1, max_length=64)]
"""What tells an account of an institution from its others; it is kept nowhere but in the answer."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Account(_Wire):
    account: _AccountToken
    balance_fen: Fen


class _Institution(_Wire):
    institution: InstitutionCode
    accounts: Annotated[tuple[_Account, ...], Field(max_length=200)] = ()


class _Result(_Wire):
    reference: UUID
    institutions: Annotated[tuple[_Institution, ...], Field(max_length=500)] = ()


class _Reply(_Wire):
    results: tuple[_Result, ...]
    as_of: date | None = None


class _Receipt(_Wire):
    receipt: UUID


def question_of(request_id: UUID, persons: Sequence[ConsultedPerson]) -> dict[str, Any]:
    """The question about a household's identities, in the network's form."""
    return {
        "request_id": str(request_id),
        "purpose": ConsultationPurpose.MEANS_CHECK.value,
        "identities": [
            {"reference": str(person.person_id), "id_number": person.id_number}
            for person in persons
        ],
    }


def receipt_in(body: bytes) -> UUID:
    """The receipt number of a question that was taken. Raises ``Unreadable``."""
    try:
        return _Receipt.model_validate_json(body).receipt
    except (ValidationError, ValueError):
        raise Unreadable("no receipt number") from None


def deposits_of(body: bytes, people: Sequence[UUID]) -> RecordAnswer:
    """The household's deposits, by institution, each account once.

    Where an account is told of twice with different balances the higher counts. Raises
    ``Unreadable`` for another form, or other identities than were asked about, ``Failed`` for more
    institutions than an event holds.
    """
    try:
        reply = _Reply.model_validate_json(body)
    except (ValidationError, ValueError):
        raise Unreadable("not of the form that was agreed on") from None
    if sorted(result.reference.int for result in reply.results) != sorted(p.int for p in people):
        raise Unreadable("other identities than were asked about")
    balances: dict[str, dict[str, int]] = {}
    for result in reply.results:
        for bank in result.institutions:
            of_bank = balances.setdefault(bank.institution, {})
            for one in bank.accounts:
                of_bank[one.account] = max(of_bank.get(one.account, 0), one.balance_fen)
    held = tuple(
        InstitutionDeposits(
            institution=institution,
            accounts=len(accounts),
            deposits_fen=within_bounds(sum(accounts.values())),
        )
        for institution, accounts in sorted(balances.items())
        if accounts
    )
    answer = RecordAnswer(
        department=Department.PBOC_NETWORK,
        income=(),
        deposits_fen=within_bounds(sum(one.deposits_fen for one in held)),
        houses=0,
        vehicles=0,
        as_of=reply.as_of,
        institutions=held,
    )
    require_room(answer)
    return answer
