"""An event loop moved by hand, for steps that are coroutines and await one another.

It has no sockets, no threads and no clock. A call that production gives to a thread is made at
once; what is awaited from elsewhere (the writer's answer) comes when the scheduler has let the
other actor go on. So the real ``Gateway.step`` and ``Writer.execute`` run unchanged.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any


class HandLoop(asyncio.AbstractEventLoop):
    """Runs one coroutine at a time; ``pause`` puts the actor aside, ``monotonic`` tells seconds."""

    def __init__(self, pause: Callable[[], None], monotonic: Callable[[], float]) -> None:
        self._pause = pause
        self._monotonic = monotonic
        self._ready: deque[asyncio.Handle] = deque()
        self._tasks: list[asyncio.Task[Any]] = []

    def drive(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """The coroutine's result."""
        self._tasks = []
        task = self.create_task(coroutine)
        while not task.done():
            if self._ready:
                self._ready.popleft()._run()
            else:
                self._pause()
        return task.result()

    def abandon(self) -> None:
        """Close what was under way when the process died."""
        for task in self._tasks:
            if not task.done():
                task.get_coro().close()
        self._tasks = []
        self._ready.clear()

    def create_task(
        self,
        coro: Any,
        *,
        name: str | None = None,
        context: Context | None = None,
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=self, name="", context=context)
        self._tasks.append(task)
        return task

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def call_soon(  # type: ignore[override]  # callers' argument types are not followed here
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]  # likewise

    def run_in_executor(  # type: ignore[override]  # likewise
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - it is the call's own outcome
            future.set_exception(error)
        return future

    def call_at(  # type: ignore[override]  # likewise
        self,
        when: float,
        callback: Callable[..., Any],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Noted, but never due: here an answer is lost, not late."""
        return asyncio.TimerHandle(when, callback, args, self, context)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        return

    def time(self) -> float:
        return self._monotonic()

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Tasks that died with their process are no news."""


def hand_loop(pause: Callable[[], None], monotonic: Callable[[], float]) -> HandLoop:
    """A loop; what it lacks (sockets, processes, signals) nothing here asks for."""
    return HandLoop(pause, monotonic)  # type: ignore[abstract]
