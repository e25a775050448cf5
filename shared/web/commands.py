"""From a request to the writer and back: what every command route does alike."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from shared.access.policy import Grant
from shared.kernel.decider import Decide, Stream
from shared.kernel.submission import Note, Outcome, Submission, Unpark
from shared.web import tracing
from shared.web.idempotency import CommandKey
from shared.web.preconditions import set_etag
from shared.web.problems import Known, Problem

TIMEOUT_S = 15.0


class Executes(Protocol):
    """The writer's side of it: takes a command, gives its outcome."""

    async def execute(self, submission: Submission | Unpark) -> Outcome:
        """Await the command's turn."""


class Receipt(BaseModel):
    """What a command is answered with.

    ``version`` is the aggregate's version afterwards (also its ``ETag``), ``position`` what to
    ``wait_for`` in a query, ``events`` how many facts were recorded. ``repeated`` tells that
    this is the answer of an earlier time: nothing happened again.
    """

    command_id: UUID
    version: int = Field(ge=0)
    position: int = Field(ge=0)
    events: int = Field(ge=0)
    repeated: bool = False


def submission(
    grant: Grant,
    key: CommandKey,
    command: Any,
    *,
    reads: Sequence[Stream],
    decide: Decide,
    region: str,
    expected_version: int | None = None,
    on: date | None = None,
    notes: Sequence[Note] = (),
) -> Submission:
    """The command of a request, with its caller, key and trace, ready for the writer.

    ``region`` is the 12-digit division that handles the case.
    """
    trace = tracing.current()
    return Submission(
        command_id=key.command_id,
        command=command,
        reads=tuple(reads),
        decide=decide,
        actor=grant.caller.id,
        role=grant.caller.role.value,
        region=region,
        causation_id=key.command_id,
        body_digest=key.body_digest,
        traceparent=trace.traceparent if trace else None,
        on=on,
        expected_version=expected_version,
        notes=tuple(notes),
    )


async def execute(
    writer: Executes, command: Submission | Unpark, response: Response, timeout_s: float = TIMEOUT_S
) -> Receipt:
    """Have a command decided and recorded, and answer it.

    Raises its refusal, and a 503 problem when the outcome is not known in time: the same
    request with the same key then finds what became of it.
    """
    try:
        async with asyncio.timeout(timeout_s):
            outcome = await writer.execute(command)
    except TimeoutError:
        detail = "请以同一幂等键重试 / Retry with the same Idempotency-Key"
        raise Problem(Known.OUTCOME_UNKNOWN, detail, headers={"Retry-After": "1"}) from None
    return answered(outcome, response)


def answered(outcome: Outcome, response: Response) -> Receipt:
    """The receipt of an outcome, with the version as ETag. Raises its refusal."""
    outcome.or_raise()
    set_etag(response, outcome.version)
    return Receipt(
        command_id=outcome.command_id,
        version=outcome.version,
        position=outcome.position,
        events=outcome.events,
        repeated=outcome.repeated,
    )
