"""Dated parameters: what a rule asks for by name, division, programme and date.

``Policy.load`` reads the files in ``data/`` and those of further folders. Every value names its
document and article, and from when to when it holds; the most specific division wins.
"""

from shared.policy.errors import MissingValue, PolicyError, UnknownParameter
from shared.policy.figures import ALL, Authority, Definition, Document, Entry, Figure, Kind, Value
from shared.policy.nearest import Near
from shared.policy.parameters import Parameters
from shared.policy.policy import Policy
from shared.policy.recorded import RecordedValue

__all__ = [
    "ALL",
    "Authority",
    "Definition",
    "Document",
    "Entry",
    "Figure",
    "Kind",
    "MissingValue",
    "Near",
    "Parameters",
    "Policy",
    "PolicyError",
    "RecordedValue",
    "UnknownParameter",
    "Value",
]
