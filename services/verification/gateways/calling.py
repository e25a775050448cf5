"""One call to a department: within its time, as often as it bears, and no further than it leads."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx

from services.verification.gateways.courtesy import Courtesy
from shared.contracts.departments import Department, DepartmentFailure
from shared.kernel.duties import OutsideAway
from shared.runtime.service import Service

MAX_ANSWER_BYTES: Final = 512 * 1024
"""A household's data has a few kilobytes; what is larger is no answer to this question."""

_ASK_AGAIN: Final = frozenset({408, 425, 429})
"""Refusals that pass by themselves."""

_ANSWERS: Final = frozenset({200, 202})


class Failed(Exception):
    """The department gives no data, for good."""

    def __init__(self, failure: DepartmentFailure) -> None:
        super().__init__(failure)
        self.failure = failure


class Unknown(Exception):
    """What was asked for by its address is not there, or no longer."""


@dataclass(frozen=True, slots=True)
class Received:
    """What came back: 200 with an answer, or 202 where it was taken and is not answered yet."""

    status: int
    media_type: str
    body: bytes


class Caller:
    """Calls departments, each with the courtesy that it is due."""

    def __init__(self, service: Service) -> None:
        self._service = service
        settings = service.settings
        self.courtesy = {
            department: Courtesy(
                per_second=settings.department_calls_per_second,
                failures=settings.department_failures_before_rest,
                rest_s=settings.department_rest_ms / 1000,
            )
            for department in Department
        }

    async def call(
        self,
        department: Department,
        method: str,
        url: str,
        *,
        accept: str,
        request_id: UUID | None = None,
        question: Mapping[str, Any] | None = None,
        most_bytes: int = MAX_ANSWER_BYTES,
    ) -> Received:
        """Ask, under the request's id where something is asked for.

        The whole exchange has one deadline, so that one who sends a byte a second holds nobody.
        Raises ``OutsideAway`` for what passes, ``Failed`` for what does not, ``Unknown`` for 404
        and 410.
        """
        settings = self._service.settings
        courtesy = self.courtesy[department]
        headers = {"Accept": accept}
        if request_id is not None:
            headers["Idempotency-Key"] = str(request_id)
        try:
            async with asyncio.timeout(settings.gateway_timeout_ms / 1000):
                received = await self._exchange(method, url, headers, question, most_bytes)
        except TimeoutError:
            courtesy.failed()
            raise OutsideAway(f"{department}: no answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            courtesy.failed()
            raise OutsideAway(f"{department}: {type(error).__name__}") from None
        except OutsideAway:
            courtesy.failed()
            raise
        except (Failed, Unknown):
            courtesy.succeeded()
            raise
        courtesy.succeeded()
        return received

    async def _exchange(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        question: Mapping[str, Any] | None,
        most_bytes: int,
    ) -> Received:
        async with self._service.http.stream(
            method, url, json=question, headers=headers, timeout=None
        ) as response:
            _check_status(response.status_code)
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > most_bytes:
                    raise Failed(DepartmentFailure.MALFORMED_ANSWER)
            media_type = response.headers.get("Content-Type", "")
            return Received(response.status_code, media_type, bytes(body))


def _check_status(status: int) -> None:
    """Raises ``OutsideAway`` for what passes, ``Failed`` or ``Unknown`` for what does not."""
    if status in _ANSWERS:
        return
    if status in (404, 410):
        raise Unknown
    if 400 <= status < 500 and status not in _ASK_AGAIN:
        raise Failed(DepartmentFailure.REFUSED)
    # A redirection, too: personal data does not follow where somebody points.
    raise OutsideAway(f"status {status}")
