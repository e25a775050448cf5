"""How an application or a request stands, for whoever holds its query code; without a login.

The code itself is the token: drawn from the command that made the application, with a key of
intake's own, so that a repeated command shows the same one and no other can be computed. Only a
keyed digest of it is kept. What it opens is the steps and their days, and nothing else.
"""

from __future__ import annotations

import asyncio
import time
from base64 import b32encode
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.intake.api.access import Wire
from services.intake.problems.requests import PROGRESS_UNKNOWN
from services.intake.views import ProgressRow
from shared.access.routes import PROGRESS_PATH
from shared.calendar import Month
from shared.runtime.service import Service
from shared.sealing import KeyRing
from shared.views.query import KEY, Filter, Sort
from shared.web.limits import RateLimiter
from shared.web.problems import Problem

CODE_BYTES: Final = 10
"""80 bits: sixteen letters and digits, which nobody guesses at any pace that the limit leaves."""

ANSWER_AFTER_S: Final = 0.05
"""No answer comes sooner, so that a code that is none cannot be told by how fast it is refused."""

_LOOK_ALIKE: Final = str.maketrans({"0": "O", "1": "I", "8": "B"})
"""What is read for a letter: the alphabet has none of these digits."""


class QueryCodes:
    """Draws query codes and makes the digests under which they are kept."""

    def __init__(self, keys: KeyRing) -> None:
        self._drawing = keys.key("query-code")
        self._keeping = keys.key("query-code-digest")

    def draw(self, command_id: UUID) -> str:
        """The code of what a command makes, in four groups of four: the same on a repetition."""
        letters = b32encode(self._drawing.digest(command_id.bytes)[:CODE_BYTES]).decode()
        return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))

    def digest(self, code: str) -> str:
        """The keyed digest of a code as it was typed: its case, hyphens and spaces say nothing."""
        letters = "".join(code.upper().replace("-", "").split()).translate(_LOOK_ALIKE)
        return self._keeping.digest(letters.encode()).hex()


class ProgressQuery(Wire):
    """The code from the receipt."""

    code: Annotated[str, Field(min_length=1, max_length=64, repr=False)]


class ProgressAnswer(Wire):
    """The steps that were taken, each with its day; of a request those of a request.

    ``confirmed`` says how it was decided, ``first_month`` from when on it is paid.
    """

    received_on: date
    registered_on: date | None
    transferred_on: date | None
    fed_back_on: date | None
    accepted_on: date | None
    check_under_way: bool
    publicity_until: date | None
    withdrawn_on: date | None
    decided_on: date | None
    confirmed: bool | None
    first_month: Month | None


def progress_router(service: Service, codes: QueryCodes) -> APIRouter:
    """The one route that is open to whoever holds a code."""
    router = APIRouter(tags=["进度查询 / Progress"])
    limiter = RateLimiter(per_second=1, burst=30)

    @router.post(PROGRESS_PATH, summary="凭查询码查询进度 / How it stands, by its code")
    async def progress(body: ProgressQuery, request: Request, response: Response) -> ProgressAnswer:
        limiter.spend(request.client.host if request.client else "")
        response.headers["Cache-Control"] = "no-store"
        answer_at = time.monotonic() + ANSWER_AFTER_S
        found = await _find(service, codes.digest(body.code))
        await asyncio.sleep(max(0.0, answer_at - time.monotonic()))
        if found is None:
            raise Problem(PROGRESS_UNKNOWN)
        return _answer(ProgressRow.model_validate(found))

    return router


async def _find(service: Service, digest: str) -> dict[str, Any] | None:
    page = await service.views.query(
        "progress", Filter(equal={"query_code": digest}), Sort(KEY), None, 1
    )
    return page.documents[0] if page.documents else None


def _answer(row: ProgressRow) -> ProgressAnswer:
    decided = row.decided_on is not None or row.withdrawn_on is not None
    return ProgressAnswer(
        received_on=row.received_on,
        registered_on=row.registered_on,
        transferred_on=row.transferred_on,
        fed_back_on=row.fed_back_on,
        accepted_on=row.accepted_on,
        check_under_way=(
            row.accepted_on is not None and row.publicity_until is None and not decided
        ),
        publicity_until=row.publicity_until,
        withdrawn_on=row.withdrawn_on,
        decided_on=row.decided_on,
        confirmed=row.confirmed,
        first_month=row.first_month,
    )
