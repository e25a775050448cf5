"""What a member has read ahead of what it handed over."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from shared.bus.port import Record, TopicPartition


class ReadAhead:
    """Records in the order they came. They are given out once ``vouched`` for their topics' ids."""

    def __init__(self) -> None:
        self._records: deque[Record] = deque()
        self.vouched = False

    def __bool__(self) -> bool:
        return bool(self._records)

    def add(self, polled: Mapping[Any, Iterable[Any]], ids: Mapping[str, UUID]) -> None:
        """Take over what kafka-python polled, of topics with these ids."""
        self._records.extend(
            Record(
                r.topic,
                ids[r.topic],
                r.partition,
                r.offset,
                r.key,
                r.value,
                tuple(r.headers),
                r.timestamp,
            )
            for of_partition in polled.values()
            for r in of_partition
        )

    def take(self, limit: int) -> list[Record]:
        """The next records, none unless vouched for."""
        if not self.vouched:
            return []
        taken = [self._records.popleft() for _ in range(min(limit, len(self._records)))]
        self.vouched = bool(self._records)
        return taken

    def drop(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Forget what came of these partitions; the first offset forgotten of each."""
        first: dict[TopicPartition, int] = {}
        kept: deque[Record] = deque()
        for record in self._records:
            place = TopicPartition(record.topic, record.topic_id, record.partition)
            if place in partitions:
                first.setdefault(place, record.offset)
            else:
                kept.append(record)
        self._records = kept
        return first

    def clear(self) -> None:
        """Forget everything."""
        self._records.clear()
        self.vouched = False
