"""Who may read for which purpose: officials by their role, services by their name.

A service's token must name the very purpose that the request states.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from shared.access.caller import Caller
from shared.access.roles import Role
from shared.contracts.persons import ConsultationPurpose
from shared.web.problems import Known, Problem


class Readers(NamedTuple):
    """Those who may read for one purpose."""

    roles: frozenset[Role] = frozenset()
    services: frozenset[str] = frozenset()


_CASEWORK = frozenset({Role.TOWNSHIP_CLERK, Role.COUNTY_OFFICER})
_APPROVAL = frozenset({Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER})

READERS: Mapping[ConsultationPurpose, Readers] = MappingProxyType(
    {
        ConsultationPurpose.APPLICATION: Readers(
            _CASEWORK | _APPROVAL | {Role.REGISTRY_KEEPER}, frozenset({"intake"})
        ),
        ConsultationPurpose.MEANS_CHECK: Readers(services=frozenset({"verification"})),
        ConsultationPurpose.HOME_VISIT: Readers(
            frozenset({Role.TOWNSHIP_SURVEYOR, Role.VILLAGE_ASSISTANT, Role.WELFARE_VISITOR}),
            frozenset({"verification"}),
        ),
        ConsultationPurpose.PUBLICITY: Readers(_CASEWORK, frozenset({"decision"})),
        ConsultationPurpose.NOTICE: Readers(_CASEWORK, frozenset({"decision"})),
        ConsultationPurpose.PAYMENT: Readers(services=frozenset({"payment"})),
        ConsultationPurpose.AUDIT: Readers(frozenset({Role.AUDITOR})),
    }
)

ROLES: frozenset[Role] = frozenset().union(*(r.roles for r in READERS.values()))
"""Every role that reads for some purpose."""

SERVICE_PURPOSES: frozenset[str] = frozenset(p.value for p, r in READERS.items() if r.services)
"""Every purpose that some service reads for."""


def require_reader(caller: Caller, purpose: ConsultationPurpose) -> None:
    """Raises a 403 problem unless the caller may read for the purpose."""
    readers = READERS[purpose]
    if caller.role is Role.SERVICE:
        if caller.purpose != purpose.value or caller.service not in readers.services:
            raise Problem(
                Known.PURPOSE_NOT_ALLOWED,
                "令牌的用途须与请求一致 / The token's purpose must be the request's",
            )
    elif caller.role not in readers.roles:
        allowed = sorted(p.value for p, r in READERS.items() if caller.role in r.roles)
        raise Problem(Known.PURPOSE_NOT_ALLOWED, members={"allowed": list(allowed)})
