import asyncio
import json
from typing import Any

import httpx
import pytest

from shared.access.issuer import Issuer
from shared.access.keys import FixedKeys, IssuerAway, RemoteKeys, UnsafeAddress, usable_keys
from shared.access.roles import Role
from shared.access.tokens import Verifier
from shared.sealing import KeyRing
from shared.web.problems import Problem
from tests.web.sample import FUJIAN, ISSUER_URL, TOWNSHIP, actor


def new_issuer() -> Issuer:
    return Issuer(ISSUER_URL, KeyRing.ephemeral(), services=("intake",), home=FUJIAN)


class Server:
    """An issuer's server: counts what it is asked, can be away or give other keys."""

    def __init__(self) -> None:
        self.issuer = new_issuer()
        self.asked = 0
        self.away = False
        self.document: Any = None
        self.seconds = 1000.0
        self.hold: asyncio.Event | None = None
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.hold:
            await self.hold.wait()
        if self.away:
            raise httpx.ConnectError("away", request=request)
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json=self.issuer.discovery())
        return httpx.Response(200, json=self.document or self.issuer.jwks())

    def keys(self, **options: Any) -> RemoteKeys:
        return RemoteKeys(self.client, ISSUER_URL, now=lambda: self.seconds, **options)


async def settled(server: Server, asked: int) -> None:
    async with asyncio.timeout(5):
        while server.asked < asked:  # noqa: ASYNC110 - the server has no event to wait for
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)


async def test_keys_are_found_through_discovery_and_kept() -> None:
    server = Server()
    keys = server.keys()
    for _ in range(5):
        assert await keys.find(server.issuer.kid) is not None
    assert server.asked == 2  # discovery and keys, once


async def test_a_known_address_needs_no_discovery() -> None:
    server = Server()
    keys = server.keys(jwks_url=f"{ISSUER_URL}/jwks.json")
    assert await keys.find(server.issuer.kid) is not None
    assert server.asked == 1


async def test_a_new_key_is_asked_for_at_once_but_made_up_ids_do_not_flood_the_issuer() -> None:
    server = Server()
    keys = server.keys(cooldown_s=10)
    old = server.issuer.kid
    assert await keys.find(old) is not None
    server.issuer = new_issuer()
    server.seconds += 11
    assert await keys.find(server.issuer.kid) is not None
    assert await keys.find(old) is None  # withdrawn by its issuer
    for number in range(100):
        assert await keys.find(f"made-up-{number}") is None
    assert server.asked == 4


async def test_many_requests_at_once_ask_once() -> None:
    server = Server()
    server.hold = asyncio.Event()
    keys = server.keys()
    waiting = [asyncio.create_task(keys.find(server.issuer.kid)) for _ in range(20)]
    await settled(server, 1)
    server.hold.set()
    assert all(await asyncio.gather(*waiting))
    assert server.asked == 2


async def test_keys_in_hand_go_on_while_the_issuer_is_away() -> None:
    server = Server()
    keys = server.keys(max_age_s=60, cooldown_s=10)
    assert await keys.find(server.issuer.kid) is not None
    server.away = True
    for _ in range(5):
        server.seconds += 3600
        assert await keys.find(server.issuer.kid) is not None
        await settled(server, 3)


async def test_old_keys_are_renewed_without_anybody_waiting() -> None:
    server = Server()
    keys = server.keys(max_age_s=60)
    first = server.issuer.kid
    assert await keys.find(first) is not None
    server.issuer = new_issuer()
    server.hold = asyncio.Event()
    server.seconds += 61
    assert await keys.find(first) is not None  # does not wait for the held answer
    server.hold.set()
    await settled(server, 4)
    assert await keys.find(first) is None
    assert await keys.find(server.issuer.kid) is not None


async def test_an_unknown_key_while_the_issuer_is_away_is_503_and_not_a_bad_token() -> None:
    server = Server()
    server.away = True
    keys = server.keys()
    with pytest.raises(IssuerAway):
        await keys.find(server.issuer.kid)
    token = server.issuer.mint(actor("clerk"), Role.TOWNSHIP_CLERK, TOWNSHIP)
    verifier = Verifier(keys, issuer=ISSUER_URL, audience="doudi-intake")
    with pytest.raises(Problem) as caught:
        await verifier.caller(f"Bearer {token}")
    assert (caught.value.status, caught.value.kind.code) == (503, "issuer-away")
    assert caught.value.headers["Retry-After"] == "10"
    server.away = False
    server.seconds += 60
    assert (await verifier.caller(f"Bearer {token}")).id == actor("clerk")


@pytest.mark.parametrize("document", [{"keys": []}, {"keys": "none"}, ["keys"], {"x": 1}])
async def test_a_useless_answer_does_not_take_away_the_keys_in_hand(document: Any) -> None:
    server = Server()
    keys = server.keys(max_age_s=60)
    assert await keys.find(server.issuer.kid) is not None
    server.document = document
    server.seconds += 61
    assert await keys.find(server.issuer.kid) is not None
    await settled(server, 4)
    assert await keys.find(server.issuer.kid) is not None


async def test_a_discovery_document_of_another_issuer_is_not_believed() -> None:
    server = Server()
    other = Issuer(f"{ISSUER_URL}/x", KeyRing.ephemeral(), services=("intake",), home=FUJIAN)
    server.issuer = other
    with pytest.raises(IssuerAway):
        await server.keys().find(other.kid)


@pytest.mark.parametrize(
    "address", ["http://idp.example.org", "ftp://127.0.0.1", "https://", "idp.example.org"]
)
async def test_an_issuer_that_can_be_imitated_on_the_way_is_refused(address: str) -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(UnsafeAddress):
            RemoteKeys(client, address)


def test_only_keys_that_can_verify_our_tokens_are_taken() -> None:
    good = new_issuer().jwks()["keys"][0]
    found = usable_keys(
        {
            "keys": [
                good,
                good | {"kid": "encrypts", "use": "enc"},
                good | {"kid": "broken", "x": "AA"},
                good | {"kid": 5},
                {"kid": "shared", "kty": "oct", "k": "c2VjcmV0"},
                {"kid": "rsa", "kty": "RSA", "n": "AQAB", "e": "AQAB"},
                "text",
            ]
        }
    )
    assert set(found) == {good["kid"]}


async def test_fixed_keys_know_only_themselves() -> None:
    issuer = new_issuer()
    keys = FixedKeys(json.loads(json.dumps(issuer.jwks())))
    assert await keys.find(issuer.kid) is not None
    assert await keys.find("other") is None
