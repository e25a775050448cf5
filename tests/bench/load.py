"""A client that costs little, in a process of its own: open loops, latencies from the due time.

In an open loop each request is due at its own moment, whether those before it were answered or
not, and its latency counts from then: a server that stalls is seen to stall for everybody.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final, NamedTuple, TypeVar, cast
from urllib.parse import urlsplit

import httptools
import uvloop

T = TypeVar("T")

_CONNECTIONS: Final = 128
PATIENCE_S: Final = 300.0


class Answer(NamedTuple):
    """What came back."""

    status: int
    etag: str
    body: bytes

    def json(self) -> Any:
        """The body. Raises ``RuntimeError`` with it where the status is no success."""
        if not 200 <= self.status < 300:
            raise RuntimeError(f"{self.status}: {self.body.decode(errors='replace')[:500]}")
        return json.loads(self.body)


def request(
    method: str,
    url: str,
    *,
    token: str = "",
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[str, bytes]:
    """A request ready to be sent: its address (host and port), and its bytes."""
    parts = urlsplit(url)
    content = b"" if body is None else json.dumps(body).encode()
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    fields = {"Host": parts.netloc, "Content-Length": str(len(content)), **(headers or {})}
    if body is not None:
        fields["Content-Type"] = "application/json"
    if token:
        fields["Authorization"] = f"Bearer {token}"
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return parts.netloc, f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


class _Line(asyncio.Protocol):
    """One connection: one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._parser: Any = None
        self._etag = ""
        self._body = bytearray()
        self.open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionError("the server hung up"))

    async def ask(self, raw: bytes) -> Answer:
        assert self._transport is not None
        self._parser = httptools.HttpResponseParser(self)
        self._etag, self._body = "", bytearray()
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return await self._waiting

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"etag":
            self._etag = value.decode()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        assert self._waiting is not None
        answer = Answer(self._parser.get_status_code(), self._etag, bytes(self._body))
        if not self._waiting.done():
            self._waiting.set_result(answer)

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()


class Client:
    """Keeps connections to each server; a request without a free one waits its turn."""

    def __init__(self) -> None:
        self._free: dict[str, list[_Line]] = {}
        self._room = asyncio.Semaphore(_CONNECTIONS)

    async def send(self, prepared: tuple[str, bytes]) -> Answer:
        """Send a prepared request, and wait for what comes back."""
        address, raw = prepared
        async with self._room:
            line = self._idle(address) or await _connected(address)
            answer = await line.ask(raw)
            self._free[address].append(line)
        return answer

    def _idle(self, address: str) -> _Line | None:
        """A free connection that the server has not closed meanwhile."""
        free = self._free.setdefault(address, [])
        while free:
            line = free.pop()
            if line.open:
                return line
        return None

    def close(self) -> None:
        for lines in self._free.values():
            for line in lines:
                line.close()


async def _connected(address: str) -> _Line:
    host, _, port = address.rpartition(":")
    loop = asyncio.get_running_loop()
    _transport, line = await loop.create_connection(_Line, host, int(port))
    return line


async def open_loop(count: int, rate: float, job: Callable[[int], Awaitable[None]]) -> list[float]:
    """Start ``job(0)``, ``job(1)``… at their due times, ``rate`` a second; seconds each took."""
    clock = time.perf_counter  # the loop's own counts milliseconds only
    took = [0.0] * count
    begun = clock() + 0.05

    async def one(number: int) -> None:
        due = begun + number / rate
        await job(number)
        took[number] = clock() - due

    tasks = []
    for number in range(count):
        wait_s = begun + number / rate - clock()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        tasks.append(asyncio.ensure_future(one(number)))
    await asyncio.gather(*tasks)
    return took


async def closed_loop(count: int, workers: int, job: Callable[[int], Awaitable[None]]) -> None:
    """Do ``job(0)`` to ``job(count - 1)``, so many at a time."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await job(number)

    await asyncio.gather(*(work() for _ in range(workers)))


def elsewhere(main: Callable[..., Coroutine[Any, Any, T]], *arguments: Any) -> T:
    """The result of a coroutine function of a module, run in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(main, arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(PATIENCE_S):
            raise TimeoutError(f"{main.__name__} gave nothing in {PATIENCE_S} s")
        found = ours.recv()
    except EOFError:
        raise RuntimeError(f"{main.__name__} ended without a result; see above") from None
    finally:
        if process.is_alive():
            process.join(5)
        with suppress(ValueError):
            process.kill()
        ours.close()
    return cast(T, found)


def _run(
    main: Callable[..., Coroutine[Any, Any, Any]], arguments: tuple[Any, ...], result: Connection
) -> None:
    result.send(uvloop.run(main(*arguments)))
    result.close()
