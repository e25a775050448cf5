"""Who of a household is near kin to an official (近亲属备案), where it becomes known later."""

from __future__ import annotations

from shared.kernel.event import Event


class KinNoted(Event, service="verification", name="kin-noted"):
    """After its acceptance the household was found to have near kin of officials in it.

    It is visited by the county as one that said so when it applied.
    """


class KinDeclarationOwed(Event, service="decision", name="kin-declaration-owed"):
    """The application was accepted, and nobody has said whether officials are near kin."""


class KinDeclared(Event, service="decision", name="kin-declared"):
    """It was said: ``kin`` is whether anybody of the household is near kin to an official."""

    kin: bool
