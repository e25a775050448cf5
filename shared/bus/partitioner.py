"""Which partition a key lies in: Kafka's own hash, so that every bus places cases alike."""

from __future__ import annotations

import struct
from functools import lru_cache

_MIX = 0x5BD1E995
_WORD = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """MurmurHash2 with the seed of Kafka's clients, 32 bits unsigned."""
    length = len(data)
    words = length // 4
    mixed = 0x9747B28C ^ length
    for word in struct.unpack_from(f"<{words}I", data):
        k = word * _MIX & _WORD
        mixed = (mixed * _MIX & _WORD) ^ ((k ^ k >> 24) * _MIX & _WORD)
    tail = data[words * 4 :]
    if tail:
        mixed = (mixed ^ int.from_bytes(tail, "little")) * _MIX & _WORD
    mixed = (mixed ^ mixed >> 13) * _MIX & _WORD
    return mixed ^ mixed >> 15


@lru_cache(maxsize=65536)
def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key; remembered, since the events of a case come together."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
