"""Which key store a deployment has."""

from __future__ import annotations

from services.intake.registry.keys.port import KeyStore
from services.intake.registry.keys.postgres import PostgresKeyStore
from services.intake.registry.keys.sqlite import SqliteKeyStore
from shared.sealing import KeyRing
from shared.settings import Settings

FILE = "keys.db"


def open_key_store(settings: Settings, ring: KeyRing) -> KeyStore:
    """The database of the settings, or a file in its folder. The caller closes it.

    Raises ``WrongMasterKey`` where it was made with another master key, and ``KeyStoreAway``.
    """
    if settings.keystore_url is not None:
        return PostgresKeyStore(settings.keystore_url.get_secret_value(), ring)
    return SqliteKeyStore(settings.keystore_folder() / FILE, ring)
