"""What a static member asks its group's coordinator from time to time.

kafka-python 3.0 keeps two things to itself, and both leave records unread without an error:

- When another process takes a member's name, its heartbeats stop, and that is all.
- A static member that joins anew is handed the shares the group had. Was it the leader, it does
  not learn that it is (that needs JoinGroup 9, KIP-814; it speaks 7), so nobody compares the
  shares with the topics any more: a topic made, or made anew, since then has no reader for good.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

log = logging.getLogger(__name__)

PATIENCE: Final = 10
"""Looks in a row (one a second) that find a partition without a reader before the member leaves. A
cooperative rebalance takes two rounds, between which some partitions are nobody's for as long as
their last reader takes to finish what is under way."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group as its coordinator describes it."""

    settled: bool
    """Whether no rebalance is under way."""
    holders: Mapping[str | None, str]
    """Member ids by the names of static members."""
    shared_out: Collection[tuple[str, int]]
    """The partitions that have a reader: topic and number."""


class Readers:
    """Whether every partition has a reader, as one member sees it."""

    def __init__(self, group: str) -> None:
        self._group = group
        self._looks = 0

    def are_missing(self, group: Group, wanted: Collection[tuple[str, int]]) -> bool:
        """Whether a wanted partition has been without a reader for several looks.

        The member that finds this leaves its group and joins anew: that starts a rebalance, for
        which a leader is chosen that knows the topics of the day. The leader of before cannot be
        told from outside, so every member that sees it does this.
        """
        unread = set(wanted) - set(group.shared_out)
        self._looks = self._looks + 1 if unread and group.settled else 0
        if self._looks < PATIENCE:
            return False
        self._looks = 0
        log.warning(
            "group %s: nobody reads %s; it is shared out anew",
            self._group,
            ", ".join(f"{topic}/{partition}" for topic, partition in sorted(unread)),
        )
        return True
