"""The keys that tokens are verified with: in this process, or from the issuer over HTTP.

Keys fetched once go on working while the issuer is away. A key id not seen before asks the
issuer again, but at most once in a while: nobody can make us flood the issuer with made-up ids.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import httpx
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from shared.settings.model import is_loopback

log = logging.getLogger(__name__)

ALGORITHMS: Final = {("EC", "P-256"): "ES256", ("OKP", "Ed25519"): "EdDSA"}
"""The key types that are trusted, and the one algorithm that each may verify."""

MAX_DOCUMENT_BYTES: Final = 256 * 1024
MAX_KEYS: Final = 64


class IssuerAway(Exception):
    """The issuer's keys cannot be had now, and the one asked for is not known yet."""


class UnsafeAddress(ValueError):
    """An issuer's address that is neither ``https`` nor on this machine."""


class Keys(Protocol):
    """Where the verifier finds a key."""

    async def find(self, kid: str) -> PyJWK | None:
        """The key of that id, ``None`` if the issuer has none. Raises ``IssuerAway``."""


class FixedKeys:
    """Keys known from the start: the embedded run's own issuer."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._keys = usable_keys(document)

    async def find(self, kid: str) -> PyJWK | None:
        """The key of that id, if it is one of these."""
        return self._keys.get(kid)


class RemoteKeys:
    """The keys of an OpenID issuer, found through its discovery document and cached.

    ``jwks_url`` is where they lie, where the issuer has no discovery document.
    ``max_age_s`` is how long keys are used before the next request asks for them again (those in
    hand stay good until the answer comes). ``cooldown_s`` is the least time between two requests
    to the issuer, whatever the reason. ``now`` counts real seconds.

    Raises ``UnsafeAddress`` for an issuer that anybody on the way could imitate.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        issuer: str,
        *,
        jwks_url: str | None = None,
        max_age_s: float = 300.0,
        cooldown_s: float = 10.0,
        timeout_s: float = 5.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        require_safe(jwks_url or issuer)
        self._jwks_url = jwks_url
        self._client = client
        self._issuer = issuer
        self._max_age_s = max_age_s
        self._cooldown_s = cooldown_s
        self._timeout_s = timeout_s
        self._now = now
        self._keys: dict[str, PyJWK] = {}
        self._fetched_at: float | None = None
        self._asked_at: float | None = None
        self._failed = False
        self._asking = asyncio.Lock()
        self._renewal: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> PyJWK | None:
        """The key of that id; asks the issuer for ids not seen before and when keys grow old.

        A key in hand is given at once, also while the issuer is asked again or is away.
        """
        key = self._keys.get(kid)
        if key is None:
            await self._refresh()
            key = self._keys.get(kid)
            if key is None and self._failed:
                raise IssuerAway("the issuer's keys cannot be read")
        elif self._old() and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.create_task(self._refresh())
        return key

    def _old(self) -> bool:
        return self._fetched_at is None or self._now() - self._fetched_at >= self._max_age_s

    async def _refresh(self) -> None:
        async with self._asking:
            now = self._now()
            if self._asked_at is not None and now - self._asked_at < self._cooldown_s:
                return
            self._asked_at = now
            try:
                keys = usable_keys(await self._fetch())
                if not keys:
                    raise ValueError("no usable key")
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                self._failed = True
                log.warning(
                    "the token issuer's keys cannot be read",
                    extra={"reason": type(error).__name__, "keys_in_hand": len(self._keys)},
                )
                return
            self._keys = keys
            self._fetched_at = self._now()
            self._failed = False

    async def _fetch(self) -> Mapping[str, Any]:
        if self._jwks_url is not None:
            return await self._get(self._jwks_url)
        discovery = await self._get(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        address = discovery.get("jwks_uri")
        if discovery.get("issuer") != self._issuer or not isinstance(address, str):
            raise ValueError("the discovery document is of another issuer")
        require_safe(address)
        return await self._get(address)

    async def _get(self, address: str) -> Mapping[str, Any]:
        response = await self._client.get(
            address, timeout=self._timeout_s, follow_redirects=False, auth=None
        )
        if response.status_code != 200 or len(response.content) > MAX_DOCUMENT_BYTES:
            raise ValueError("not the document that was asked for")
        document = json.loads(response.content)
        if not isinstance(document, dict):
            raise ValueError("not a JSON object")
        return document


def usable_keys(document: Mapping[str, Any]) -> dict[str, PyJWK]:
    """The keys of a JWK set that can verify our tokens, by id. Others are left out."""
    entries = document.get("keys")
    found: dict[str, PyJWK] = {}
    for entry in (entries if isinstance(entries, list) else [])[:MAX_KEYS]:
        if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str):
            continue
        algorithm = ALGORITHMS.get((str(entry.get("kty")), str(entry.get("crv"))))
        if algorithm is None or entry.get("use", "sig") != "sig":
            continue
        public = {name: value for name, value in entry.items() if name != "d"}
        try:
            found[entry["kid"]] = PyJWK(public, algorithm)
        except PyJWTError:
            log.warning("a key of the token issuer is malformed and was left out")
    return found


def require_safe(address: str) -> None:
    """Raises ``UnsafeAddress`` unless the address is ``https``, or ``http`` on this machine."""
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
        raise UnsafeAddress("an issuer's address is https, or http on the loopback address")
