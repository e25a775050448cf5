"""Whom verification asks outside: the departments."""

from services.verification.gateways.departments import (
    MAX_ANSWER_BYTES,
    Departments,
    Failed,
    gateways,
    recorded,
)
from services.verification.gateways.formats import DepartmentReply, Unreadable, read_reply

__all__ = [
    "MAX_ANSWER_BYTES",
    "DepartmentReply",
    "Departments",
    "Failed",
    "Unreadable",
    "gateways",
    "read_reply",
    "recorded",
]
