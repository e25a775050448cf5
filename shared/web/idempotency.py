"""``Idempotency-Key``: a command sent again has the effect of the first, and its answer.

The key gives the command its id; the store records the id with its outcome in the transaction of
the events. A keyed digest of the request tells a true repetition from another request under the
same key. The digest is keyed because a plain hash of a short body can be guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID, uuid5

from fastapi import Depends, Header, Request

from shared.sealing import SealingKey
from shared.web.problems import Known, Problem
from shared.web.templates import route_path, template_of

COMMANDS: Final = UUID("3c1f6a52-8a0f-5d0e-9b57-2f6f6c5f1d10")
"""The namespace of the ids of commands that come over HTTP."""

HEADER: Final = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class CommandKey:
    """What identifies one command: its id, and the keyed digest of the request it came in."""

    command_id: UUID
    body_digest: bytes


def parse_key(header: str | None) -> UUID:
    """The key of the header, a UUID in its usual form.

    Raises a 400 problem when it is missing or of another form.
    """
    if header is None:
        detail = "每个命令须带 UUID 作为幂等键 / Send a UUID with every command"
        raise Problem(Known.IDEMPOTENCY_KEY_MISSING, detail)
    text = header.strip().strip('"')
    try:
        key = UUID(text)
    except ValueError:
        key = None
    if key is None or str(key) != text.lower():
        raise Problem(Known.IDEMPOTENCY_KEY_MALFORMED, members={"allowed": "UUID"})
    return key


def command_id(caller: UUID, service: str, route: str, key: UUID) -> UUID:
    """The id of a command: the same for the same caller, route and key, whoever computes it.

    ``route`` is method and template, ``POST /cases/{case_id}/acceptance``.
    """
    return uuid5(COMMANDS, f"{caller}|{service}|{route}|{key}")


def request_digest(key: SealingKey, method: str, path: str, body: bytes) -> bytes:
    """The keyed digest of the method, the concrete path and the body's bytes as received.

    The path belongs to it because the command's id knows only the template: the same key sent to
    a second case is another request, and must not find the first one's outcome.
    """
    head = f"{method} {path}\n".encode()
    return key.digest(len(head).to_bytes(4, "big") + head + body)


async def command_key(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="每个命令一个 UUID，重试时不变 / One UUID per command, kept on retry"),
    ] = None,
) -> CommandKey:
    """The command's key from the request. Raises 400 problems for the header."""
    key = parse_key(idempotency_key)
    state = request.app.state
    route = f"{request.method} {template_of(request.scope)}"
    path = route_path(request.scope)
    digest = request_digest(state.digest_key, request.method, path, await request.body())
    return CommandKey(command_id(request.state.caller.id, state.service, route, key), digest)


def key_reused() -> Problem:
    """The 422 problem of a key that already stands for another request."""
    return Problem(
        Known.IDEMPOTENCY_KEY_REUSED,
        "请为新的请求使用新的幂等键 / Use a new key for a new request",
    )


Idempotent = Annotated[CommandKey, Depends(command_key)]
"""For a command route's parameter: the command's id and digest."""
