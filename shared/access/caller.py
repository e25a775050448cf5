"""Who calls: an actor in one role, with one jurisdiction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.access.roles import Role
from shared.regions import Jurisdiction, Level

_NAME = re.compile(r"[a-z]+(-[a-z]+)*\Z")
_MAX_NAME = 40


class InvalidCaller(ValueError):
    """Claims that name no caller. The message says which claim, never its value."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The actor behind a request.

    ``id`` is the actor (a person of the office, or a service), ``role`` the capacity,
    ``jurisdiction`` the division with its level. ``service`` and ``purpose`` are set on a
    service's token only: which service asks, and what for.
    """

    id: UUID
    role: Role
    jurisdiction: Jurisdiction
    purpose: str | None = None
    service: str | None = None

    @property
    def division(self) -> str:
        """The 12-digit code of the jurisdiction."""
        return self.jurisdiction.code


def caller_of_claims(claims: Mapping[str, Any]) -> Caller:
    """The caller that a verified token's claims name.

    ``sub`` is a UUID, ``role`` one of ``Role``, ``division`` and ``level`` the
    jurisdiction; ``service`` and ``purpose`` come together, with the role
    ``service``. Raises ``InvalidCaller`` for claims that are missing or contradict each other.
    """
    service, purpose = _name(claims, "service"), _name(claims, "purpose")
    try:
        role = Role(str(claims.get("role")))
    except ValueError:
        raise InvalidCaller("role") from None
    if (role is Role.SERVICE) != (service is not None) or (service is None) != (purpose is None):
        raise InvalidCaller("role, service and purpose do not belong together")
    try:
        actor = UUID(_text(claims, "sub"))
    except ValueError:
        raise InvalidCaller("sub") from None
    try:
        jurisdiction = Jurisdiction(_text(claims, "division"), Level(_text(claims, "level")))
    except ValueError:
        raise InvalidCaller("division and level") from None
    return Caller(actor, role, jurisdiction, purpose, service)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str):
        raise InvalidCaller(name)
    return value


def _name(claims: Mapping[str, Any], claim: str) -> str | None:
    if claims.get(claim) is None:
        return None
    value = _text(claims, claim)
    if len(value) > _MAX_NAME or not _NAME.match(value):
        raise InvalidCaller(claim)
    return value
