"""Whom verification asks outside: the departments."""

from services.verification.gateways.calling import MAX_ANSWER_BYTES, Failed
from services.verification.gateways.departments import gateways
from services.verification.gateways.formats import Unreadable, read_reply
from services.verification.gateways.replies import recorded

__all__ = [
    "MAX_ANSWER_BYTES",
    "Failed",
    "Unreadable",
    "gateways",
    "read_reply",
    "recorded",
]
