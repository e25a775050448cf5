"""The development issuer: tokens for the embedded run and for tests, never for production.

Its key and the services' secrets come from a key file generated on the first start (mode 0600).
Anybody who can reach it gets any token, so it refuses to serve off the loopback address, and
refuses requests made under another host's name (a page in a browser that rebinds its name).
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4, uuid5

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.access.caller import InvalidCaller, caller_of_claims
from shared.access.keys import FixedKeys
from shared.access.roles import Role
from shared.access.tokens import MAX_LIFETIME_S, MAX_SERVICE_LIFETIME_S, audience_of
from shared.clock import Clock, WallClock
from shared.kernel.decider import HOUSE
from shared.regions import Jurisdiction
from shared.sealing import KeyRing
from shared.settings.model import is_loopback

DEFAULT_TTL_S: Final = 3600
SERVICE_TTL_S: Final = 300


class IssuerRefused(Exception):
    """The development issuer may not run here."""


class TokenRefused(ValueError):
    """A token that the issuer does not give. Says why, repeats nothing."""


def require_development(host: str, *, production: bool) -> None:
    """Raises ``IssuerRefused`` in production and for any host but the loopback address."""
    if production:
        raise IssuerRefused(
            "the development issuer does not run in production: name an OIDC issuer"
        )
    if not is_loopback(host):
        raise IssuerRefused("the development issuer gives anybody any token: loopback only")


def service_actor(service: str) -> UUID:
    """The actor that a service is when it asks another one."""
    return uuid5(HOUSE, f"actor/service/{service}")


class Issuer:
    """Signs tokens with the key that ``ring`` determines.

    ``url`` is its name in the tokens and where it is served; ``services`` are those it may make
    tokens for; ``home`` is the division of the whole cell, which services act for. ``clock`` is
    the real one. Raises ``IssuerRefused`` unless the host in ``url`` is the loopback address.
    """

    def __init__(
        self,
        url: str,
        ring: KeyRing,
        *,
        services: Iterable[str],
        home: Jurisdiction,
        clock: Clock | None = None,
    ) -> None:
        require_development(_host(url), production=False)
        self.url = url.rstrip("/")
        self.services = tuple(services)
        self._home = home
        self._clock = clock or WallClock()
        self._secrets = ring.key("issuer-service-secrets")
        self._key = Ed25519PrivateKey.from_private_bytes(
            ring.key("issuer-signing").digest(b"ed25519 seed")
        )
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._jwk = {"kty": "OKP", "crv": "Ed25519", "x": _base64url(public)}
        thumbprint = json.dumps(self._jwk, sort_keys=True, separators=(",", ":"))
        self.kid = _base64url(sha256(thumbprint.encode()).digest())  # RFC 7638

    def jwks(self) -> dict[str, Any]:
        """The public key as a JWK set."""
        return {"keys": [{**self._jwk, "kid": self.kid, "use": "sig", "alg": "EdDSA"}]}

    def keys(self) -> FixedKeys:
        """The public key for a verifier in the same process."""
        return FixedKeys(self.jwks())

    def discovery(self) -> dict[str, Any]:
        """The OpenID discovery document."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks.json",
            "token_endpoint": f"{self.url}/token",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
        }

    def mint(
        self,
        subject: UUID,
        role: Role,
        jurisdiction: Jurisdiction,
        audience: str | Sequence[str] = "all",
        ttl_s: int = DEFAULT_TTL_S,
    ) -> str:
        """A token for a person in one role.

        ``audience`` names services, or ``"all"``. Raises ``TokenRefused`` for the role of
        services, a service that is not there, or a life of less than a second or of more than
        a working day.
        """
        if role is Role.SERVICE:
            raise TokenRefused("a service gets its token for its own secret and a purpose")
        if not 1 <= ttl_s <= MAX_LIFETIME_S:
            raise TokenRefused(f"a token lives 1 to {MAX_LIFETIME_S} seconds")
        return self._sign(subject, role, jurisdiction, self._audiences(audience), ttl_s)

    def mint_service(
        self, service: str, audience: str, purpose: str, ttl_s: int = SERVICE_TTL_S
    ) -> str:
        """A token with which a service asks another one, for a purpose.

        Raises ``TokenRefused`` for a service that is not there, a malformed purpose, or a life of
        more than minutes.
        """
        if service not in self.services:
            raise TokenRefused("no such service")
        if not 1 <= ttl_s <= MAX_SERVICE_LIFETIME_S:
            raise TokenRefused(f"a service's token lives 1 to {MAX_SERVICE_LIFETIME_S} seconds")
        return self._sign(
            service_actor(service),
            Role.SERVICE,
            self._home,
            self._audiences(audience),
            ttl_s,
            {"service": service, "purpose": purpose},
        )

    def service_secret(self, service: str) -> str:
        """A service's secret for the token endpoint: 64 hex digits, the same after a restart."""
        if service not in self.services:
            raise TokenRefused("no such service")
        return self._secrets.digest(service.encode()).hex()

    def knows_secret(self, service: str, secret: str) -> bool:
        """Whether it is that service's secret, compared in constant time."""
        if service not in self.services:
            return False
        return hmac.compare_digest(self.service_secret(service).encode(), secret.encode())

    def _audiences(self, audience: str | Sequence[str]) -> list[str]:
        named = [audience] if isinstance(audience, str) else list(audience)
        asked = list(self.services) if named == ["all"] else [self._named(one) for one in named]
        if not asked or not set(asked) <= set(self.services):
            raise TokenRefused("no such service")
        return [audience_of(service) for service in asked]

    def _named(self, audience: str) -> str:
        """The service that an audience is of; a service's own name is understood too."""
        by_audience = {audience_of(service): service for service in self.services}
        return by_audience.get(audience, audience)

    def _sign(
        self,
        subject: UUID,
        role: Role,
        jurisdiction: Jurisdiction,
        audiences: list[str],
        ttl_s: int,
        more: dict[str, str] | None = None,
    ) -> str:
        issued_at = int(self._clock.now().timestamp())
        claims = {
            "iss": self.url,
            "aud": audiences,
            "sub": str(subject),
            "iat": issued_at,
            "exp": issued_at + ttl_s,
            "jti": str(uuid4()),
            "role": role.value,
            "division": jurisdiction.code,
            "level": jurisdiction.level.value,
            **(more or {}),
        }
        try:
            caller_of_claims(claims)
        except InvalidCaller:
            raise TokenRefused("a purpose is lower-case words joined by hyphens") from None
        return jwt.encode(claims, self._key, "EdDSA", headers={"kid": self.kid, "typ": "at+jwt"})


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
