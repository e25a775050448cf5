"""What a static member asks its group's coordinator from time to time.

kafka-python 3.0 keeps three things to itself, and each leaves records unread without an error:

- When another process takes a member's name, its heartbeats stop, and that is all.
- A static member that joins anew is handed the shares the group had. Was it the leader, it does
  not learn that it is (that needs JoinGroup 9, KIP-814; it speaks 7), so nobody compares the
  shares with the topics any more: a topic made, or made anew, since then has no reader for good.
- What joining brings it takes in during a poll only. Came the answer between two, the next poll
  joins once more, and with it everybody else has to; or, where a leader had joined again since it
  came to know of a topic, it finds that the shares are by now as the topics are, takes the joining
  for done, and never looks at the answer: the member has its share by what the coordinator says,
  sends its heartbeats, and reads nothing for good.
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

OWN_PATIENCE: Final = 3
"""The same for an own share that was never handed over, and for having been put out: once the
group is settled, every member was sent its share, and each look comes after a poll that could take
it."""

Partition = tuple[str, int]
"""A topic and a number."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group as its coordinator describes it."""

    settled: bool
    """Whether no rebalance is under way."""
    holders: Mapping[str | None, str]
    """Member ids by the names of static members."""
    shares: Mapping[str, Collection[Partition]]
    """What each member is to read, by its id."""


class Readers:
    """Whether every partition has a reader, as one member sees it."""

    def __init__(self, group: str) -> None:
        self._group = group
        self._unread_looks = 0
        self._own_looks = 0

    def are_missing(
        self,
        group: Group,
        wanted: Collection[Partition],
        own: str,
        held: Collection[Partition],
    ) -> bool:
        """Whether for several looks a ``wanted`` partition has been without a reader.

        Nobody's share it may be, or in that of the member ``own``, which asks, and not among what
        that was handed (``held``); or the group has put that member out, which it is not told.
        The member that finds this leaves its group and joins anew: that starts a rebalance, for
        which a leader is chosen that knows the topics of the day. The leader of before cannot be
        told from outside, so every member that sees it does this.
        """
        unread = set(wanted).difference(*group.shares.values()) if group.settled else set()
        withheld = set(group.shares.get(own, ())).difference(held) if group.settled else set()
        put_out = own not in group.shares
        self._unread_looks = self._unread_looks + 1 if unread else 0
        self._own_looks = self._own_looks + 1 if withheld or put_out else 0
        if self._unread_looks < PATIENCE and self._own_looks < OWN_PATIENCE:
            return False
        self._unread_looks = self._own_looks = 0
        unread |= set(wanted) if put_out else withheld
        log.warning(
            "group %s: nobody reads %s; it is shared out anew",
            self._group,
            ", ".join(f"{topic}/{partition}" for topic, partition in sorted(unread)),
        )
        return True
