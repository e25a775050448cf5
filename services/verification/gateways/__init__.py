"""Whom verification asks outside: the departments."""

from services.verification.gateways.departments import (
    MAX_ANSWER_BYTES,
    Failed,
    gateways,
    recorded,
)
from services.verification.gateways.formats import Unreadable, read_reply

__all__ = [
    "MAX_ANSWER_BYTES",
    "Failed",
    "Unreadable",
    "gateways",
    "read_reply",
    "recorded",
]
