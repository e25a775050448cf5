import json
import stat
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.access.credentials import (
    CredentialsRefused,
    MintedAuth,
    SecretAuth,
    UnsafeSecret,
    read_secret,
    write_secret,
)
from shared.access.issuer import Issuer, IssuerRefused, service_actor
from shared.access.issuer_app import issuer_app
from shared.access.keys import RemoteKeys
from shared.access.roles import Role
from shared.access.tokens import Verifier
from shared.sealing import KeyRing
from tests.web.sample import FUJIAN, TOWNSHIP

URL = "http://127.0.0.1:8080"


def new_issuer(ring: KeyRing | None = None) -> Issuer:
    ring = ring or KeyRing.ephemeral()
    return Issuer(URL, ring, services=("intake", "payment"), home=FUJIAN)


def client(issuer: Issuer, base_url: str = URL) -> httpx.AsyncClient:
    app = issuer_app(issuer, host="127.0.0.1", production=False)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=base_url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.9.1"])
def test_it_serves_the_loopback_address(host: str) -> None:
    issuer_app(new_issuer(), host=host, production=False)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "", "10.0.0.5", "192.168.1.1", "example.org", "127.0.0.1.nip.io"],  # noqa: S104
)
def test_it_refuses_to_start_off_the_loopback_address(host: str) -> None:
    with pytest.raises(IssuerRefused, match="loopback"):
        issuer_app(new_issuer(), host=host, production=False)


def test_it_refuses_to_start_in_production() -> None:
    with pytest.raises(IssuerRefused, match="production"):
        issuer_app(new_issuer(), host="127.0.0.1", production=True)


def test_it_refuses_a_name_off_the_loopback_address() -> None:
    with pytest.raises(IssuerRefused):
        Issuer("https://idp.example.org", KeyRing.ephemeral(), services=("intake",), home=FUJIAN)


def test_its_key_comes_from_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "issuer.key"
    first = new_issuer(KeyRing.load(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = new_issuer(KeyRing.load(path))
    assert first.kid == again.kid
    assert first.service_secret("payment") == again.service_secret("payment")
    assert first.kid != new_issuer().kid
    assert "d" not in first.jwks()["keys"][0]


async def test_a_developers_token_is_understood_by_a_service_over_http() -> None:
    issuer = new_issuer()
    async with client(issuer) as http:
        answer = await http.post(
            "/token", json={"role": "township_clerk", "division": TOWNSHIP.code}
        )
        assert answer.status_code == 200
        told = answer.json()
        assert told["token_type"] == "Bearer"
        assert told["expires_in"] == 3600
        verifier = Verifier(RemoteKeys(http, URL), issuer=URL, audience="doudi-payment")
        caller = await verifier.caller(f"Bearer {told['access_token']}")
    assert caller.id == UUID(told["subject"])
    assert caller.role is Role.TOWNSHIP_CLERK
    assert caller.jurisdiction == TOWNSHIP


@pytest.mark.parametrize(
    "change",
    [
        {"role": "张三"},
        {"division": "11010119900307803X"},
        {"level": "county"},  # the division is a township's
        {"audience": "treasury"},
        {"ttl_seconds": 10**6},
        {"role": "service"},
        {"telephone": "13800000000"},
        {"subject": "张三"},
    ],
)
async def test_a_bad_request_is_refused_without_repeating_it(change: dict[str, Any]) -> None:
    body = {"role": "township_clerk", "division": TOWNSHIP.code} | change
    async with client(new_issuer()) as http:
        answer = await http.post("/token", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    for name, value in change.items():
        assert name == "role" or str(value) not in answer.text
    assert "telephone" not in answer.text


async def test_other_content_types_are_refused_so_that_no_page_can_ask_across_origins() -> None:
    async with client(new_issuer()) as http:
        answer = await http.post("/token", content="{}", headers={"Content-Type": "text/plain"})
        assert answer.status_code == 415
        answer = await http.post("/token", json={}, headers={"Origin": "http://evil.example"})
        assert "access-control-allow-origin" not in answer.headers


async def test_it_answers_under_this_machines_names_only() -> None:
    async with client(new_issuer()) as http:
        for host in ("localhost", "[::1]:8080", "127.0.0.1:8080"):
            assert (await http.get("/jwks.json", headers={"Host": host})).status_code == 200
        body = {"role": "auditor", "division": "350000000000"}
        for host in ("evil.example:8080", "127.0.0.1@evil.example", "[::1", ""):
            for path in ("/jwks.json", "/.well-known/openid-configuration"):
                answer = await http.get(path, headers={"Host": host})
                assert answer.status_code == 400
            answer = await http.post("/token", json=body, headers={"Host": host})
            assert answer.status_code == 400
            assert "access_token" not in answer.text


async def test_a_large_body_is_refused() -> None:
    async with client(new_issuer()) as http:
        assert (await http.post("/token", json={"role": "x" * 10_000})).status_code == 413


def service_form(issuer: Issuer, **change: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": "payment",
        "client_secret": issuer.service_secret("payment"),
        "audience": "doudi-intake",
        "scope": "read-account",
    } | change


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "0" * 64}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "intake"}, 401, "invalid_client"),  # with payment's secret
        ({"client_id": "treasury"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"audience": "treasury"}, 400, "invalid_scope"),
        ({"scope": ""}, 400, "invalid_scope"),
        ({"scope": "everything 13800000000"}, 400, "invalid_scope"),
    ],
)
async def test_a_service_without_its_own_secret_and_a_purpose_gets_nothing(
    change: dict[str, str], status: int, error: str
) -> None:
    issuer = new_issuer()
    async with client(issuer) as http:
        answer = await http.post("/token", data=service_form(issuer, **change))
    assert (answer.status_code, answer.json()) == (status, {"error": error})


class Payroll:
    """The other side: an ASGI application that tells who asked, and can forget its tokens."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer_app(issuer, host="127.0.0.1", production=False)
        self.verifier = Verifier(issuer.keys(), issuer=URL, audience="doudi-intake")
        self.tokens: list[str] = []
        self.asked = 0
        self.forgets = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/token":
            self.asked += 1
            await self.issuer(scope, receive, send)
            return
        token = dict(scope["headers"])[b"authorization"].decode()
        caller = await self.verifier.caller(token)
        self.tokens.append(token)
        status = 401 if self.forgets else 200
        self.forgets = False
        body = json.dumps([str(caller.id), caller.service, caller.purpose]).encode()
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})


def secret_auth(issuer: Issuer, seconds: list[float], **change: str) -> SecretAuth:
    options = {
        "service": "payment",
        "secret": issuer.service_secret("payment"),
        "audience": "doudi-intake",
        "purpose": "read-account",
    } | change
    return SecretAuth(f"{URL}/token", now=lambda: seconds[0], **options)


async def test_a_service_proves_itself_to_another_and_renews_its_token_in_time() -> None:
    issuer, seconds = new_issuer(), [0.0]
    payroll = Payroll(issuer)
    transport = httpx.ASGITransport(app=payroll)
    async with httpx.AsyncClient(
        transport=transport, base_url=URL, auth=secret_auth(issuer, seconds)
    ) as http:
        for _ in range(3):
            answer = await http.get("/accounts")
            assert answer.json() == [str(service_actor("payment")), "payment", "read-account"]
        assert payroll.asked == 1
        seconds[0] = 271.0  # of 300, renewed 30 before the end
        await http.get("/accounts")
        assert payroll.asked == 2
        payroll.forgets = True  # the issuer's key was changed
        assert (await http.get("/accounts")).status_code == 200
        assert payroll.asked == 3
        assert len(set(payroll.tokens)) == 3


async def test_a_refused_service_says_so_and_no_more() -> None:
    issuer = new_issuer()
    transport = httpx.ASGITransport(app=Payroll(issuer))
    auth = secret_auth(issuer, [0.0], secret="0" * 64)
    async with httpx.AsyncClient(transport=transport, base_url=URL, auth=auth) as http:
        with pytest.raises(CredentialsRefused, match="401"):
            await http.get("/accounts")


async def test_in_one_process_the_token_is_minted_without_a_request() -> None:
    issuer, seconds = new_issuer(), [0.0]
    payroll = Payroll(issuer)
    minted: list[str] = []

    def mint() -> tuple[str, float]:
        minted.append(issuer.mint_service("payment", "intake", "read-account"))
        return minted[-1], 300.0

    auth = MintedAuth(mint, now=lambda: seconds[0])
    transport = httpx.ASGITransport(app=payroll)
    async with httpx.AsyncClient(transport=transport, base_url=URL, auth=auth) as http:
        for at in (0.0, 100.0, 269.0, 271.0):
            seconds[0] = at
            assert (await http.get("/accounts")).status_code == 200
    assert (len(minted), payroll.asked) == (2, 0)


def test_a_secret_is_kept_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "payment"
    write_secret(path, "a" * 64)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_secret(path) == "a" * 64
    write_secret(path, "b" * 64)
    assert read_secret(path) == "b" * 64
    assert [file.name for file in path.parent.iterdir()] == ["payment"]


@pytest.mark.parametrize(("mode", "text"), [(0o644, "a" * 64), (0o600, "short"), (0o600, "")])
def test_an_unsafe_secret_is_refused(tmp_path: Path, mode: int, text: str) -> None:
    path = tmp_path / "payment"
    path.write_text(text)
    path.chmod(mode)
    with pytest.raises(UnsafeSecret) as refused:
        read_secret(path)
    assert not text or text not in str(refused.value)


def test_a_missing_secret_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSecret, match="nothing-here"):
        read_secret(tmp_path / "nothing-here")
