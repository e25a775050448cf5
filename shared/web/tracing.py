"""The trace of a request: W3C ``traceparent``, parsed and bound to the context.

Every request begins a trace of its own at the edge; only another service's, known by its token,
is continued. Anybody else could write an ID number into 32 hex digits, and the trace stands in
events. Of a service's only the parsed form goes on.
``tracestate`` is not passed on: it is free text.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?\Z")


@dataclass(frozen=True, slots=True)
class Trace:
    """One span of a trace: 32 hex digits of trace, 16 of span, whether it is sampled."""

    trace_id: str
    span_id: str
    sampled: bool = True

    @property
    def traceparent(self) -> str:
        """The header's form, version 00."""
        return f"00-{self.trace_id}-{self.span_id}-{int(self.sampled):02x}"

    def child(self) -> Trace:
        """A new span of the same trace."""
        return Trace(self.trace_id, _random_hex(8), self.sampled)


_current: ContextVar[Trace | None] = ContextVar("doudi_trace", default=None)
bind = _current.set
unbind = _current.reset


def current() -> Trace | None:
    """The trace of the request or record being handled, if any."""
    return _current.get()


def parse(header: str | None) -> Trace | None:
    """Read a ``traceparent`` header; ``None`` for what the recommendation calls invalid."""
    found = _TRACEPARENT.match(header or "")
    if found is None:
        return None
    version, trace_id, span_id, flags, rest = found.groups()
    # ff is forbidden; 00 ends after the flags; all-zero ids are invalid (W3C Trace Context 3.2).
    if (
        version == "ff"
        or (version == "00" and rest)
        or not (int(trace_id, 16) and int(span_id, 16))
    ):
        return None
    return Trace(trace_id, span_id, bool(int(flags, 16) & 1))


def start(header: str | None = None) -> Trace:
    """The span of a new request: a child of the caller's, or the first of a new trace."""
    parent = parse(header)
    return parent.child() if parent else Trace(_random_hex(16), _random_hex(8))


def take_over(header: str | None) -> None:
    """Bind a new span of the trace that a header names in the place of the current one."""
    parent = parse(header)
    if parent is not None:
        bind(parent.child())


def _random_hex(count: int) -> str:
    value = secrets.token_hex(count)
    while not int(value, 16):
        value = secrets.token_hex(count)
    return value
