"""The development issuer of a data folder, for the embedded run and as a process of its own."""

from __future__ import annotations

from shared.access.issuer import Issuer
from shared.regions import Jurisdiction, Level
from shared.sealing import KeyRing
from shared.settings import SERVICES, Settings


def development_issuer(settings: Settings, url: str) -> Issuer:
    """The issuer under its address; its key is made on the first start.

    Raises ``IssuerRefused`` off the loopback address.
    """
    ring = KeyRing.load(settings.data_dir / "keys" / "issuer.key", create=True)
    home = Jurisdiction(settings.home_division, Level(settings.home_level))
    return Issuer(url, ring, services=SERVICES, home=home)
