"""Verifying bearer tokens: signed by the issuer, for this service, of this moment.

Tokens live by the real clock, whatever date the hand clock shows. Nothing here repeats a token
or a claim: a refused one is answered with its reason alone.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

import jwt
from jwt import PyJWK
from jwt.exceptions import ExpiredSignatureError, PyJWTError

from shared.access.caller import Caller, InvalidCaller, caller_of_claims
from shared.access.keys import IssuerAway, Keys
from shared.access.roles import Role
from shared.clock import WallClock
from shared.web.problems import Known, Problem

log = logging.getLogger(__name__)

WALL: Final = WallClock()

LEEWAY_S: Final = 10.0
"""How far two machines' clocks may differ."""

MAX_LIFETIME_S: Final = 12 * 3600
"""A person's token lives at most a working day."""

MAX_SERVICE_LIFETIME_S: Final = 15 * 60
"""A service's token lives minutes."""

MAX_TOKEN_CHARACTERS: Final = 8192
MAX_REMEMBERED: Final = 4096
_TYPES: Final = frozenset({"jwt", "at+jwt"})
_REQUIRED: Final = ["iss", "aud", "sub", "iat", "exp"]


def audience_of(service: str) -> str:
    """The audience that a service accepts: ``doudi-intake``."""
    return f"doudi-{service}"


class _Verified(NamedTuple):
    """What a token that was verified said, and with which key."""

    key_id: str
    key: PyJWK
    expires: float
    caller: Caller


class Verifier:
    """Turns a bearer token into a caller, for one audience and one issuer.

    ``leeway_s`` is how far the issuer's clock may differ from this machine's. A token that was
    verified once is remembered by its digest, since the same one comes with every request; it
    holds until it expires or its key is no longer the issuer's.
    """

    def __init__(
        self, keys: Keys, *, issuer: str, audience: str, leeway_s: float = LEEWAY_S
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._leeway_s = leeway_s
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    async def caller(self, authorization: str | None) -> Caller:
        """The caller named by an ``Authorization`` header.

        Raises 401 problems (missing, expired, invalid) and a 503 problem while the issuer is
        away and the token's key not yet known.
        """
        token = _bearer(authorization)
        digest = sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None:
            in_time = WALL.now().timestamp() - self._leeway_s < known.expires
            if in_time and known.key is await self._keys.find(known.key_id):
                return known.caller
            self._verified.pop(digest, None)
        verified = self._verified[digest] = await self._verify(token)
        if len(self._verified) > MAX_REMEMBERED:
            self._verified.popitem(last=False)
        return verified.caller

    async def _verify(self, token: str) -> _Verified:
        try:
            header = jwt.get_unverified_header(token)
            key_id = _key_id(header)
            key = await self._keys.find(key_id)
        except PyJWTError:
            raise invalid_token("malformed") from None
        except IssuerAway:
            raise Problem(Known.ISSUER_AWAY, headers={"Retry-After": "10"}) from None
        if key is None:
            raise invalid_token("unknown-key")
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=self._audience,
                issuer=self._issuer,
                leeway=self._leeway_s,
                options={"require": _REQUIRED},
            )
        except ExpiredSignatureError:
            raise Problem(Known.TOKEN_EXPIRED, headers=_challenge("invalid_token")) from None
        except PyJWTError as error:
            raise invalid_token(_REASONS.get(type(error).__name__, "not-valid")) from None
        caller = _caller(claims)
        return _Verified(key_id, key, claims["exp"], caller)


_REASONS: Final = {
    "InvalidAudienceError": "audience",
    "InvalidIssuerError": "issuer",
    "InvalidSignatureError": "signature",
    "InvalidAlgorithmError": "algorithm",
    "ImmatureSignatureError": "not-yet-valid",
    "MissingRequiredClaimError": "missing-claim",
}


def invalid_token(reason: str) -> Problem:
    """The 401 problem of a token that is no good; ``reason`` is one of our own words."""
    return Problem(
        Known.TOKEN_INVALID, members={"reason": reason}, headers=_challenge("invalid_token")
    )


def _challenge(error: str | None = None) -> dict[str, str]:
    challenge = 'Bearer realm="doudi"'
    return {"WWW-Authenticate": f'{challenge}, error="{error}"' if error else challenge}


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        detail = "请以 Authorization: Bearer 提供令牌 / Send Authorization: Bearer <token>"
        raise Problem(Known.TOKEN_MISSING, detail, headers=_challenge())
    token = token.strip()
    if len(token) > MAX_TOKEN_CHARACTERS or not token.isascii():
        raise invalid_token("malformed")
    return token


def _key_id(header: Mapping[str, Any]) -> str:
    kid = header.get("kid")
    if not isinstance(kid, str) or str(header.get("typ", "JWT")).lower() not in _TYPES:
        raise invalid_token("malformed")
    return kid


def _caller(claims: Mapping[str, Any]) -> Caller:
    try:
        caller = caller_of_claims(claims)
    except InvalidCaller:
        raise invalid_token("claims") from None
    of_service = caller.role is Role.SERVICE
    longest = MAX_SERVICE_LIFETIME_S if of_service else MAX_LIFETIME_S
    issued, expires = claims["iat"], claims["exp"]
    if not isinstance(issued, int | float) or not isinstance(expires, int | float):
        raise invalid_token("claims")
    if expires - issued > longest:
        raise invalid_token("lives-too-long")
    return caller
