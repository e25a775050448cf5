"""Keeps out of an event's envelope what nobody could read again: it is written unvalidated."""

from __future__ import annotations

from functools import lru_cache

from pydantic import TypeAdapter, ValidationError

from shared.kernel.event import PolicyVersion, RegionCode, RoleName, TraceParent

_ROLE, _REGION = TypeAdapter(RoleName), TypeAdapter(RegionCode)
_POLICY, _TRACE = TypeAdapter(PolicyVersion), TypeAdapter(TraceParent)


def check_stated(role: str, region: str, traceparent: str | None) -> None:
    """Raises ``ValueError`` where one of them is not of its form."""
    _check_origin(role, region)
    if traceparent is not None:
        _check(_TRACE, "traceparent", traceparent)


@lru_cache(maxsize=8192)
def _check_origin(role: str, region: str) -> None:
    _check(_ROLE, "role", role)
    _check(_REGION, "region", region)


@lru_cache(maxsize=1024)
def check_policy(policy: str) -> None:
    """Raises ``ValueError`` where the policy's version is not of its form."""
    _check(_POLICY, "policy version", policy)


def _check(adapter: TypeAdapter[str], what: str, value: str) -> None:
    try:
        adapter.validate_python(value)
    except ValidationError:
        raise ValueError(f"not a valid {what} for an event's envelope") from None
