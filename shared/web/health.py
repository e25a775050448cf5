"""Health: whether the process lives, whether it can serve, what it counts."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from shared.access.policy import Access, Grant
from shared.access.roles import Role
from shared.web.metrics import CONTENT_TYPE
from shared.web.problems import Known, Problem

log = logging.getLogger(__name__)

Check = Callable[[], Awaitable[None]]
"""Returns if all is well, raises otherwise: ``NotReady`` with a reason, or anything."""

TIMEOUT_S: Final = 2.0
METRICS_ACCESS: Final = Access(
    {Role.OPERATOR, Role.AUDITOR, Role.SERVICE}, "none", purposes={"monitoring"}
)

_REASON = re.compile(r"[a-z]+(-[a-z]+)*\Z")

router = APIRouter(tags=["health"])


class NotReady(Exception):
    """A check's answer: why not, as lower-case words joined by hyphens.

    It is shown to anybody who asks, so it says nothing else.
    """

    def __init__(self, reason: str) -> None:
        if not _REASON.match(reason):
            raise ValueError("a reason is lower-case words joined by hyphens")
        super().__init__(reason)
        self.reason = reason


async def nothing() -> None:
    """A check that asks nobody."""


@router.get("/livez", summary="进程存活 / The process lives")
async def livez() -> dict[str, str]:
    """Answers as long as the process can answer at all; asks nobody else."""
    return {"status": "alive"}


@router.get("/readyz", summary="可以提供服务 / The service can serve")
async def readyz(request: Request) -> dict[str, Any]:
    """Runs every check, all at once; 503 with the names and reasons of those that failed."""
    checks: Mapping[str, Check] = request.app.state.checks
    reasons = await asyncio.gather(*(_reason(name, check) for name, check in checks.items()))
    failed = {name: why for name, why in zip(checks, reasons, strict=True) if why is not None}
    if failed:
        raise Problem(
            Known.NOT_READY, members={"failed": dict(failed)}, headers={"Retry-After": "5"}
        )
    return {"status": "ready", "checked": list(checks)}


@router.get("/metrics", summary="运行指标 / Metrics", response_class=Response)
async def metrics(request: Request, _: Annotated[Grant, Depends(METRICS_ACCESS)]) -> Response:
    """What the process measures, in Prometheus's text format."""
    await request.app.state.measure()
    return Response(request.app.state.metrics.render(), media_type=CONTENT_TYPE)


async def _reason(name: str, check: Check) -> str | None:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await check()
    except NotReady as error:
        return error.reason
    except TimeoutError:
        return "no-answer"
    except Exception as error:
        log.warning("a readiness check failed", extra={"check": name}, exc_info=error)
        return "away"
    return None
