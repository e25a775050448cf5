"""Limits: how often somebody may ask, and how much may be sent."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.problems import Known, Problem


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class RateLimiter:
    """A token bucket per key, in memory and per process.

    Each key may spend ``burst`` at once and gains ``per_second`` back. ``now`` counts real
    seconds and never goes back. At most ``max_keys`` keys are remembered; the one unused for
    longest is forgotten, which can only be generous to a key that has rested.

    Raises ``ValueError`` for a limit that lets nothing through.
    """

    def __init__(
        self,
        per_second: float,
        burst: int,
        *,
        now: Callable[[], float] = time.monotonic,
        max_keys: int = 10_000,
    ) -> None:
        if per_second <= 0 or burst < 1 or max_keys < 1:
            raise ValueError("a rate limit needs a positive rate, burst and number of keys")
        self._per_second = per_second
        self._burst = burst
        self._now = now
        self._max_keys = max_keys
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def spend(self, key: Hashable) -> None:
        """Take one from the key's bucket. Raises a 429 problem with ``Retry-After`` if empty."""
        now = self._now()
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        gained = (now - bucket.filled_at) * self._per_second
        bucket.tokens = min(float(self._burst), bucket.tokens + gained)
        bucket.filled_at = now
        self._buckets[key] = bucket
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        if bucket.tokens < 1:
            seconds = math.ceil((1 - bucket.tokens) / self._per_second)
            raise Problem(Known.TOO_MANY_REQUESTS, headers={"Retry-After": str(max(1, seconds))})
        bucket.tokens -= 1

    async def __call__(self, request: Request) -> None:
        """As a dependency of a route: one bucket per caller."""
        self.spend(request.state.caller.id)


class BodyLimit:
    """Refuses a body of more than ``max_bytes``, announced or not, with a 413 problem.

    The limit is counted as the body arrives, so a body without a length cannot pass it by.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the body as it arrives. Raises the 413 problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        for name, value in scope["headers"]:
            if name == b"content-length" and (not value.isdigit() or int(value) > self._max_bytes):
                raise self._too_large()
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > self._max_bytes:
                    raise self._too_large()
            return message

        await self._app(scope, counted, send)

    def _too_large(self) -> Problem:
        return Problem(Known.BODY_TOO_LARGE, members={"max_bytes": self._max_bytes})
