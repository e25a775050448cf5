import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt import PyJWK

from shared.access.issuer import Issuer, TokenRefused, service_actor
from shared.access.keys import FixedKeys
from shared.access.roles import Role
from shared.access.tokens import Verifier
from shared.clock import HandClock
from shared.sealing import KeyRing
from shared.web.problems import Problem
from tests.waiting import eventually
from tests.web.sample import FUJIAN, ISSUER_URL, TOWNSHIP, actor

RING = KeyRing.ephemeral()
SERVICES = ("intake", "payment")


def issuer(at: datetime | None = None, url: str = ISSUER_URL) -> Issuer:
    clock = HandClock(at) if at else None
    return Issuer(url, RING, services=SERVICES, home=FUJIAN, clock=clock)


def verifier(service: str = "intake") -> Verifier:
    return Verifier(issuer().keys(), issuer=ISSUER_URL, audience=f"doudi-{service}")


async def refused(token: str, by: Verifier | None = None, scheme: str = "Bearer") -> Problem:
    with pytest.raises(Problem) as caught:
        await (by or verifier()).caller(f"{scheme} {token}")
    told = json.dumps(caught.value.document()) + str(caught.value.headers)
    assert token not in told
    assert caught.value.headers["WWW-Authenticate"].startswith("Bearer")
    return caught.value


async def test_a_clerks_token_gives_the_clerk() -> None:
    token = issuer().mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP, "intake")
    caller = await verifier().caller(f"Bearer {token}")
    assert (caller.id, caller.role) == (actor("clerk"), Role.TOWNSHIP_CLERK)
    assert caller.jurisdiction == TOWNSHIP
    assert (caller.service, caller.purpose) == (None, None)


async def test_a_services_token_names_service_and_purpose() -> None:
    token = issuer().mint_service("payment", "intake", "read-account")
    caller = await verifier().caller(f"bearer {token}")
    assert caller.id == service_actor("payment")
    assert (caller.role, caller.service) == (Role.SERVICE, "payment")
    assert caller.purpose == "read-account"
    assert caller.jurisdiction == FUJIAN


async def test_a_token_for_another_service_is_refused() -> None:
    token = issuer().mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP, "payment")
    problem = await refused(token)
    assert (problem.status, problem.members) == (401, {"reason": "audience"})


async def test_a_token_for_all_services_serves_each() -> None:
    token = issuer().mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP)
    for service in SERVICES:
        assert (await verifier(service).caller(f"Bearer {token}")).id == actor("clerk")


async def test_an_expired_token_says_so() -> None:
    old = issuer(datetime.now(UTC) - timedelta(hours=2))
    problem = await refused(old.mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP, ttl_s=60))
    assert problem.kind.code == "token-expired"


def test_a_token_verified_before_still_expires() -> None:
    token = issuer().mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP, ttl_s=2)
    strict = Verifier(issuer().keys(), issuer=ISSUER_URL, audience="doudi-intake", leeway_s=0)
    assert asyncio.run(strict.caller(f"Bearer {token}")).id == actor("clerk")

    def expired() -> bool:
        try:
            asyncio.run(strict.caller(f"Bearer {token}"))
        except Problem as problem:
            return problem.kind.code == "token-expired"
        return False

    assert eventually(expired)


class _Withdrawable(FixedKeys):
    """The issuer's keys until they are withdrawn."""

    withdrawn = False

    async def find(self, kid: str) -> PyJWK | None:
        return None if self.withdrawn else await super().find(kid)


async def test_a_token_verified_before_is_refused_once_its_key_is_withdrawn() -> None:
    keys = _Withdrawable(issuer().jwks())
    by = Verifier(keys, issuer=ISSUER_URL, audience="doudi-intake")
    token = issuer().mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP)
    assert (await by.caller(f"Bearer {token}")).id == actor("clerk")
    keys.withdrawn = True
    assert (await refused(token, by)).members == {"reason": "unknown-key"}


async def test_the_clocks_of_two_machines_may_differ_a_little() -> None:
    ahead = issuer(datetime.now(UTC) + timedelta(seconds=5))
    token = ahead.mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP)
    assert (await verifier().caller(f"Bearer {token}")).id == actor("clerk")


async def test_a_token_of_the_future_is_refused() -> None:
    ahead = issuer(datetime.now(UTC) + timedelta(minutes=5))
    problem = await refused(ahead.mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP))
    assert problem.members == {"reason": "not-yet-valid"}


async def test_another_issuers_token_is_refused_even_if_signed_with_our_key() -> None:
    other = issuer(url="http://127.0.0.1:9/other")
    problem = await refused(other.mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP))
    assert problem.members == {"reason": "issuer"}


async def test_a_token_of_an_unknown_key_is_refused() -> None:
    other = Issuer(ISSUER_URL, KeyRing.ephemeral(), services=SERVICES, home=FUJIAN)
    problem = await refused(other.mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP))
    assert problem.members == {"reason": "unknown-key"}


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  ", "Basic YTpi"])
async def test_no_token_is_a_problem_of_its_own(header: str | None) -> None:
    with pytest.raises(Problem) as caught:
        await verifier().caller(header)
    assert (caught.value.kind.code, caught.value.status) == ("token-missing", 401)


@pytest.mark.parametrize("token", ["x", "a.b.c", "张三", "ey.ey.ey", "x" * 9000])
async def test_what_is_no_token_is_refused(token: str) -> None:
    assert (await refused(token)).members == {"reason": "malformed"}


def forged(claims: dict[str, Any], header: dict[str, Any], key: Any, algorithm: str) -> str:
    now = int(datetime.now(UTC).timestamp())
    whole = {
        "iss": ISSUER_URL,
        "aud": "doudi-intake",
        "sub": str(uuid4()),
        "iat": now,
        "exp": now + 60,
        "role": "auditor",
        "division": "350000000000",
        "level": "province",
    } | claims
    return jwt.encode(whole, key, algorithm, headers={"kid": issuer().kid} | header)


async def test_an_unsigned_token_under_a_known_key_id_is_refused() -> None:
    assert (await refused(forged({}, {}, None, "none"))).members == {"reason": "algorithm"}


async def test_the_public_key_used_as_a_shared_secret_is_refused() -> None:
    public = base64.urlsafe_b64decode(issuer().jwks()["keys"][0]["x"] + "=")
    token = forged({}, {}, public, "HS256")
    assert (await refused(token)).members == {"reason": "algorithm"}


async def test_another_key_under_our_key_id_is_refused() -> None:
    token = forged({}, {}, Ed25519PrivateKey.generate(), "EdDSA")
    assert (await refused(token)).members == {"reason": "signature"}


def own_key() -> tuple[ec.EllipticCurvePrivateKey, Verifier]:
    key = ec.generate_private_key(ec.SECP256R1())
    public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    keys = FixedKeys({"keys": [public | {"kid": "es", "use": "sig"}]})
    return key, Verifier(keys, issuer=ISSUER_URL, audience="doudi-intake")


async def test_an_es256_issuer_is_understood() -> None:
    key, by = own_key()
    caller = await by.caller(f"Bearer {forged({}, {'kid': 'es'}, key, 'ES256')}")
    assert caller.role is Role.AUDITOR


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": None}, "missing-claim"),
        ({"iat": "soon"}, "not-valid"),
        ({"exp": str(int(datetime.now(UTC).timestamp()) + 3600)}, "claims"),
        ({"exp": int(datetime.now(UTC).timestamp()) + 30 * 86400}, "lives-too-long"),
        ({"role": "emperor"}, "claims"),
        ({"division": "350102000000"}, "claims"),
        (
            {
                "role": "service",
                "service": "payment",
                "purpose": "read-account",
                "exp": int(datetime.now(UTC).timestamp()) + 3600,
            },
            "lives-too-long",
        ),
    ],
)
async def test_claims_that_our_issuer_would_not_sign_are_refused(
    claims: dict[str, Any], reason: str
) -> None:
    key, by = own_key()
    problem = await refused(forged(claims, {"kid": "es"}, key, "ES256"), by)
    assert problem.members == {"reason": reason}


async def test_an_id_token_is_no_access_token() -> None:
    key, by = own_key()
    problem = await refused(forged({}, {"kid": "es", "typ": "logout+jwt"}, key, "ES256"), by)
    assert problem.members == {"reason": "malformed"}


@pytest.mark.parametrize(
    ("role", "audience", "ttl_s"),
    [
        (Role.SERVICE, "intake", 60),
        (Role.AUDITOR, "treasury", 60),
        (Role.AUDITOR, "intake", 0),
        (Role.AUDITOR, "intake", 86_400),
    ],
)
def test_the_issuer_refuses_what_the_verifier_would(role: Role, audience: str, ttl_s: int) -> None:
    with pytest.raises(TokenRefused):
        issuer().mint(actor("clerk"), role, TOWNSHIP, audience, ttl_s)


@pytest.mark.parametrize(
    ("service", "purpose", "ttl_s"),
    [
        ("treasury", "read", 60),
        ("payment", "", 60),
        ("payment", "张三", 60),
        ("payment", "x", 3600),
    ],
)
def test_a_service_gets_only_short_tokens_with_a_purpose(
    service: str, purpose: str, ttl_s: int
) -> None:
    with pytest.raises(TokenRefused):
        issuer().mint_service(service, "intake", purpose, ttl_s)
