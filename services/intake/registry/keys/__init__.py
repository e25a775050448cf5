"""The keys of persons and cases, in a store of their own outside every service's database."""

from services.intake.registry.keys.port import (
    Erasure,
    KeyDestroyed,
    KeyStore,
    KeyStoreAway,
    KeyUnknown,
    WrongMasterKey,
    case_key,
    person_key,
)

__all__ = [
    "Erasure",
    "KeyDestroyed",
    "KeyStore",
    "KeyStoreAway",
    "KeyUnknown",
    "WrongMasterKey",
    "case_key",
    "person_key",
]
