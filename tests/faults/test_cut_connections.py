"""Connections cut after the commit and before anyone hears of it: sent again, one effect."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from infra.engines import Engine
from infra.operators import System
from shared.settings import SERVICES
from tests.faults.lives import driving
from tests.faults.nursery import Nursery
from tests.faults.proxy import Proxy, before_api, before_postgres
from tests.faults.reconcile import reconcile
from tests.faults.site import Site, distributed_site, embedded_site

EVERY_ANSWER: Final = 4
EVERY_COMMIT: Final = 5


async def test_between_a_client_and_the_embedded_system(folder: Path, nursery: Nursery) -> None:
    with embedded_site(folder, nursery) as site, ExitStack() as stack:
        port = site.processes["embedded"].port
        proxy = stack.enter_context(before_api(port, every=EVERY_ANSWER))
        await _live_and_repeat(site, dict.fromkeys(SERVICES, proxy))


async def test_between_services_and_postgres_and_between_clients_and_services(
    folder: Path, nursery: Nursery, mortal: dict[str, Engine]
) -> None:
    """Every fifth commit of each service and every fourth command's answer is not heard of."""
    port = urlsplit(mortal["postgres"].address).port
    assert port is not None
    with ExitStack() as stack:
        commits = {
            service: stack.enter_context(before_postgres(port, every=EVERY_COMMIT))
            for service in SERVICES
        }
        through = {service: proxy.port for service, proxy in commits.items()}
        site = stack.enter_context(distributed_site(folder, nursery, mortal, through=through))
        answers = {
            service: stack.enter_context(
                before_api(site.processes[f"{service}-api-1"].port, every=EVERY_ANSWER)
            )
            for service in SERVICES
        }
        await _live_and_repeat(site, answers)
        assert all(proxy.cuts > 1 for proxy in commits.values())


async def _live_and_repeat(site: Site, answers: Mapping[str, Proxy]) -> None:
    """Live through the proxies; some command was answered as one that had been handled."""
    paths = {service: urlsplit(site.house.services[service]).path for service in SERVICES}
    cut = {name: f"http://127.0.0.1:{answers[name].port}{paths[name]}" for name in SERVICES}
    site.start()
    site.keep()
    async with driving(site, System(cut, site.house.issuer, "")) as driver:
        figures = await driver.live()
        await reconcile(site, driver, figures)
        repeated = [sent for sent in driver.client.sent if sent.answer.get("repeated")]
    assert repeated
    assert all(proxy.cuts for proxy in answers.values())
