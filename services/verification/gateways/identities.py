"""Whom a question is about, as a department knows them: by the ID number, from the registry.

Numbers are fetched for the question and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from services.verification.gateways.calling import Failed
from shared.access.persons import ConsultedPerson, Standing
from shared.access.registry import RegistryAway, RegistryRefused
from shared.contracts.departments import DepartmentFailure
from shared.contracts.persons import ConsultationPurpose, PersonField
from shared.kernel.duties import NeighbourAway, OutsideAway
from shared.runtime.service import Service

PURPOSE: Final = ConsultationPurpose.MEANS_CHECK.value


async def id_numbers(service: Service, person_ids: Sequence[UUID]) -> list[ConsultedPerson]:
    """Everybody with their number. Raises as ``consulted`` and ``require_readable`` do."""
    persons = await consulted(service, person_ids)
    require_readable(persons)
    return persons


async def consulted(service: Service, person_ids: Sequence[UUID]) -> list[ConsultedPerson]:
    """The persons as the registry tells of them. Raises ``OutsideAway`` to be asked again later."""
    try:
        return await service.registry.consult(
            person_ids, ConsultationPurpose.MEANS_CHECK, [PersonField.ID_NUMBER]
        )
    except RegistryAway as error:
        raise NeighbourAway(str(error)) from None
    except RegistryRefused as error:
        # Ours to mend (credentials, purpose, allowance): no department has failed.
        raise OutsideAway(str(error)) from None


def require_readable(persons: Sequence[ConsultedPerson]) -> None:
    """Everybody has a number. Raises ``OutsideAway``, or ``Failed`` where somebody has none."""
    if any(p.standing in (Standing.DAMAGED, Standing.UNKNOWN) for p in persons):
        # Every member was registered: the vault has lost or cannot open a row, for now.
        raise OutsideAway("the person registry holds a person that it cannot read")
    if any(p.id_number is None for p in persons):
        raise Failed(DepartmentFailure.PERSON_UNKNOWN)


def asking(request_id: UUID, persons: Sequence[ConsultedPerson]) -> dict[str, Any]:
    """A household's question: whom it is about, by reference and ID number."""
    return {
        "request_id": str(request_id),
        "persons": [
            {"reference": str(person.person_id), "id_number": person.id_number}
            for person in persons
        ],
    }
