"""What a route allows: declared on every route, checked before its handler runs.

``Access`` is the declaration and, as a dependency, the check of role and purpose. What it gives
the handler is a ``Grant``, through which the handler checks the jurisdiction, since only it knows
the division concerned. A handler that answers without having done so is answered with 500
instead (see ``gate``): forgetting the check shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from fastapi import Request

from shared.access.caller import Caller
from shared.access.roles import Role
from shared.regions import Jurisdiction, Level
from shared.web.problems import Known, Problem

Reach = Literal["case", "own", "home", "none"]


class Access:
    """Who may use a route, as a dependency that gives its ``Grant``.

    ``roles`` are the capacities allowed. ``jurisdiction`` says what is checked besides:
    ``"case"`` the division that handles the case concerned, ``"own"`` that lists and figures
    keep to the caller's own division, ``"home"`` the division that the whole deployment serves
    (what shows or moves every case at once), ``"none"`` nothing (what belongs to no division).
    ``purposes`` are what a service may ask for; needed exactly when ``Role.SERVICE`` is allowed.
    ``command`` is false on a ``POST`` that changes nothing and takes no ``Idempotency-Key``.

    Raises ``ValueError`` for a declaration that allows nobody or is incomplete.
    """

    def __init__(
        self,
        roles: Iterable[Role],
        jurisdiction: Reach,
        *,
        purposes: Iterable[str] = (),
        command: bool = True,
    ) -> None:
        self.roles = frozenset(roles)
        self.jurisdiction = jurisdiction
        self.purposes = frozenset(purposes)
        self.command = command
        if not self.roles:
            raise ValueError("a policy allows at least one role")
        if (Role.SERVICE in self.roles) != bool(self.purposes):
            raise ValueError("a policy names purposes exactly when it allows services")
        if jurisdiction not in get_args(Reach):
            raise ValueError(f"not a reach: {jurisdiction!r}")

    def __repr__(self) -> str:
        roles = ", ".join(sorted(self.roles))
        return f"Access({roles}; {self.jurisdiction}; {', '.join(sorted(self.purposes))})"

    async def __call__(self, request: Request) -> Grant:
        """Check role and purpose. Raises 403 problems that name what is allowed."""
        caller: Caller = request.state.caller
        if caller.role not in self.roles:
            raise Problem(
                Known.ROLE_NOT_ALLOWED,
                members={"role": caller.role.value, "allowed": sorted(self.roles)},
            )
        if caller.role is Role.SERVICE and caller.purpose not in self.purposes:
            raise Problem(Known.PURPOSE_NOT_ALLOWED, members={"allowed": sorted(self.purposes)})
        grant = Grant(caller, self)
        request.state.grant = grant
        return grant


class Grant:
    """One request's permission: its caller, and the jurisdiction still to be checked."""

    __slots__ = ("access", "caller", "checked")

    def __init__(self, caller: Caller, access: Access) -> None:
        self.caller = caller
        self.access = access
        self.checked = access.jurisdiction == "none"

    def require(self, division: str) -> None:
        """Check the division that handles the case, or the deployment's home (12 digits).

        Raises a 403 problem if it lies outside the caller's jurisdiction; the problem does not
        tell which division handles the case.
        """
        if not self.caller.jurisdiction.covers(division):
            raise self._outside()
        self.checked = True

    def narrowed(self, division: str | None = None, level: Level | None = None) -> Jurisdiction:
        """What a list or a figure must keep to: the caller's own division, or a part of it.

        ``division`` and ``level`` are what the client asks to see. Raises a 403 problem for one
        outside the caller's own, and a 422 problem for no division of that level.
        """
        own = self.caller.jurisdiction
        if division is None:
            self.checked = True
            return own
        try:
            asked = Jurisdiction(division, level or Level.VILLAGE)
        except ValueError:
            members = {"allowed_levels": list(Level)}
            raise Problem(Known.INVALID_FIELDS, members=members) from None
        if asked.level.digits < own.level.digits or not own.covers(asked.code):
            raise self._outside()
        self.checked = True
        return asked

    def in_decision(self) -> Jurisdiction:
        """The jurisdiction, for a command whose decision itself checks the case's division."""
        self.checked = True
        return self.caller.jurisdiction

    def _outside(self) -> Problem:
        own = self.caller.jurisdiction
        members = {"jurisdiction": own.code, "level": own.level.value}
        return Problem(Known.DIVISION_NOT_COVERED, members=members)
