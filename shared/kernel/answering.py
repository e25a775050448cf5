"""Items with those who wait for them, in threads or coroutines, and how they get their answers."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from shared.kernel.submission import Batch, BatchDone, Outcome, Submission, Unpark

log = logging.getLogger(__name__)

Item = Submission | Batch | Unpark
Answer = Outcome | BatchDone


@dataclass(slots=True)
class Ticket:
    """An item with whoever waits for it. ``loop`` is set if the future is asyncio's."""

    item: Item
    future: Any
    loop: asyncio.AbstractEventLoop | None = None


def deliver(answers: list[tuple[Ticket, Any]]) -> None:
    """Answer everybody; one call into each event loop for all that wait there."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[Ticket, Any]]] = {}
    for ticket, answer in answers:
        if ticket.loop is None:
            _resolve(ticket, answer)
        else:
            loops.setdefault(ticket.loop, []).append((ticket, answer))
    for loop, of_loop in loops.items():
        try:
            loop.call_soon_threadsafe(_resolve_all, of_loop)
        except RuntimeError:
            # The loop is closed: nobody waits any more; the outcomes are recorded.
            log.info("%d answers found their event loop closed", len(of_loop))


def _resolve_all(answers: list[tuple[Ticket, Any]]) -> None:
    for ticket, answer in answers:
        _resolve(ticket, answer)


def _resolve(ticket: Ticket, answer: Any) -> None:
    future = ticket.future
    if future.done():  # the caller gave up waiting
        return
    with suppress(InvalidStateError):  # or gives up this very moment
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
