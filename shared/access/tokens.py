"""Verifying bearer tokens: signed by the issuer, for this service, of this moment.

Tokens live by the real clock, whatever date the hand clock shows. Nothing here repeats a token
or a claim: a refused one is answered with its reason alone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

import jwt
from jwt.exceptions import ExpiredSignatureError, PyJWTError

from shared.access.caller import Caller, InvalidCaller, caller_of_claims
from shared.access.keys import IssuerAway, Keys
from shared.access.roles import Role
from shared.web.problems import Known, Problem

log = logging.getLogger(__name__)

LEEWAY_S: Final = 10.0
"""How far two machines' clocks may differ."""

MAX_LIFETIME_S: Final = 12 * 3600
"""A person's token lives at most a working day."""

MAX_SERVICE_LIFETIME_S: Final = 15 * 60
"""A service's token lives minutes."""

MAX_TOKEN_CHARACTERS: Final = 8192
_TYPES: Final = frozenset({"jwt", "at+jwt"})
_REQUIRED: Final = ["iss", "aud", "sub", "iat", "exp"]


def audience_of(service: str) -> str:
    """The audience that a service accepts: ``doudi-intake``."""
    return f"doudi-{service}"


class Verifier:
    """Turns a bearer token into a caller, for one audience and one issuer.

    ``leeway_s`` is how far the issuer's clock may differ from this machine's.
    """

    def __init__(
        self, keys: Keys, *, issuer: str, audience: str, leeway_s: float = LEEWAY_S
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._leeway_s = leeway_s

    async def caller(self, authorization: str | None) -> Caller:
        """The caller named by an ``Authorization`` header.

        Raises 401 problems (missing, expired, invalid) and a 503 problem while the issuer is
        away and the token's key not yet known.
        """
        token = _bearer(authorization)
        try:
            header = jwt.get_unverified_header(token)
            key = await self._keys.find(_key_id(header))
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
        return _caller(claims)


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
