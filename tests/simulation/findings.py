"""What the simulation finds: a guarantee that does not hold."""

from __future__ import annotations

from enum import IntEnum


class Invariant(IntEnum):
    """The guarantees of design §1, as far as logs, topics, views, money and answers show them."""

    COMMANDS_ONCE = 1
    LOGS_SOUND = 2
    TOPICS_COMPLETE = 3
    FOREIGN_EVENTS_ONCE = 4
    MONEY_ONCE = 5
    VIEWS_TRUE = 6
    KEYS_IN_ORDER = 7
    CLIENTS_UNTROUBLED = 8
    COMES_TO_REST = 9
    COPIES_WHOLE = 10
    MOMENTS_REMEMBERED = 11


class Finding(AssertionError):
    """An invariant that was seen broken, and how."""

    def __init__(self, invariant: Invariant, text: str) -> None:
        super().__init__(f"invariant {invariant} ({invariant.name}): {text}")
        self.invariant = invariant


def require(holds: object, invariant: Invariant, text: str) -> None:
    """Raises ``Finding`` unless it holds."""
    if not holds:
        raise Finding(invariant, text)
