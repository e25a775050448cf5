"""How a service proves itself to another: a short token per audience and purpose.

``httpx`` asks for it as its ``auth``; it works in threads and coroutines alike. In one process
with the issuer the token is minted there; otherwise it comes from the issuer's token endpoint
for the service's own secret (OAuth 2.0 client credentials, the purpose as scope).
"""

from __future__ import annotations

import os
import secrets
import stat
import time
from collections.abc import Callable, Generator
from pathlib import Path

import httpx

from shared.access.keys import require_safe

RENEW_BEFORE_S = 30.0
"""A token is replaced this long before it ends, so that it does not end on the way."""

_SECRET_CHARACTERS = range(32, 257)


class CredentialsRefused(Exception):
    """The issuer gave no token: the status it answered with, and nothing of what it said."""


class UnsafeSecret(Exception):
    """A secret's file that others can read, or that holds no secret."""


class MintedAuth(httpx.Auth):
    """A token minted by the issuer in this process.

    ``mint()`` gives one and its life in seconds.
    """

    def __init__(
        self, mint: Callable[[], tuple[str, float]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._mint = mint
        self._now = now
        self._token = ""
        self._good_until = float("-inf")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put the token on the request."""
        if self._now() >= self._good_until:
            self._token, life_s = self._mint()
            self._good_until = self._now() + life_s - min(RENEW_BEFORE_S, life_s / 2)
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class SecretAuth(httpx.Auth):
    """A token from the issuer's token endpoint, kept until shortly before it ends.

    ``service`` and ``secret`` are the service's own; ``audience`` is whom the token is for and
    ``purpose`` what for. A 401 from the other side gets one new token. Raises
    ``CredentialsRefused`` on use where the issuer refuses.
    """

    requires_response_body = True

    def __init__(
        self,
        token_url: str,
        *,
        service: str,
        secret: str,
        audience: str,
        purpose: str,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        require_safe(token_url)
        self._token_url = token_url
        self._form = {
            "grant_type": "client_credentials",
            "client_id": service,
            "client_secret": secret,
            "audience": audience,
            "scope": purpose,
        }
        self._now = now
        self._token = ""
        self._good_until = float("-inf")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Put a token on the request, asking for one before or after it if needed."""
        fresh = self._now() >= self._good_until
        if fresh:
            self._take((yield self._ask()))
        request.headers["Authorization"] = f"Bearer {self._token}"
        response = yield request
        if response.status_code == 401 and not fresh:
            self._take((yield self._ask()))
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _ask(self) -> httpx.Request:
        return httpx.Request("POST", self._token_url, data=self._form)

    def _take(self, response: httpx.Response) -> None:
        if response.status_code != 200:
            raise CredentialsRefused(f"the token issuer answered {response.status_code}")
        answer = response.json()
        token, life_s = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(life_s, int | float):
            raise CredentialsRefused("the token issuer's answer holds no token")
        self._token = token
        self._good_until = self._now() + life_s - min(RENEW_BEFORE_S, life_s / 2)


def write_secret(path: Path, secret: str) -> None:
    """Put a secret into a file that only its owner can read; one that is there is replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret + "\n")
    draft.replace(path)


def read_secret(path: Path) -> str:
    """A service's secret from its file.

    Raises ``UnsafeSecret`` where the file is missing, can be read by others or holds none.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise UnsafeSecret(f"{path}: {error.strerror}") from None
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        mode = stat.S_IMODE(about.st_mode)
        if not stat.S_ISREG(about.st_mode) or mode & 0o077:
            raise UnsafeSecret(f"{path} has mode {mode:04o}; a secret is a file of mode 0600")
        text = file.read(1024).decode("ascii", "replace").strip()
    if len(text) not in _SECRET_CHARACTERS or not text.isprintable():
        raise UnsafeSecret(f"{path} does not hold a secret")
    return text
