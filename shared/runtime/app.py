"""A service's HTTP applications: the API's with all routes, the worker's with its health."""

from __future__ import annotations

from shared.access.registry import RegistryAway
from shared.access.tokens import Verifier
from shared.bus.port import BusAway
from shared.runtime.history import history_routes
from shared.runtime.lags import lags
from shared.runtime.measures import Waiting, watch_writer
from shared.runtime.ops import ops_routes
from shared.runtime.runner import Runner
from shared.runtime.service import Service
from shared.views.port import ViewsAway
from shared.web.app import Application, create_app

_AWAY = {BusAway: "bus", ViewsAway: "views", RegistryAway: "registry"}


def service_app(service: Service, runner: Runner, verifier: Verifier) -> Application:
    """The application of one service in this process; its runner is started by the process."""
    definition = service.definition
    waiting = _measured(service, runner)
    return create_app(
        definition.title,
        service.name,
        verifier=verifier,
        keys=service.keys,
        routers=[
            *definition.routers(service),
            # Oversight has copies of everyone's cases, and none of its own.
            *([] if definition.contradicted else [history_routes(service)]),
            *ops_routes(service, runner.trouble),
        ],
        problems=definition.problems,
        rules=definition.rules,
        away=_AWAY,
        checks=runner.checks(),
        registry=service.metrics,
        measure=waiting.refresh,
        max_body_bytes=service.settings.body_limit_bytes,
    )


def worker_app(service: Service, runner: Runner, verifier: Verifier) -> Application:
    """What a worker answers: that it lives, whether it can work, what it measures."""
    waiting = _measured(service, runner)
    return create_app(
        f"{service.definition.title} (worker)",
        service.name,
        verifier=verifier,
        keys=service.keys,
        checks=runner.checks(),
        registry=service.metrics,
        measure=waiting.refresh,
    )


def _measured(service: Service, runner: Runner) -> Waiting:
    watch_writer(service.writer, runner.trouble, service.metrics)
    return Waiting(lambda: lags(service), service.metrics)
