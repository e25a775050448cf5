"""A service's HTTP application: its own routes, the operators', health and documentation."""

from __future__ import annotations

from shared.access.registry import RegistryAway
from shared.access.tokens import Verifier
from shared.bus.port import BusAway
from shared.runtime.history import history_routes
from shared.runtime.ops import ops_routes
from shared.runtime.runner import Runner
from shared.runtime.service import Service
from shared.views.port import ViewsAway
from shared.web.app import Application, create_app

_AWAY = {BusAway: "bus", ViewsAway: "views", RegistryAway: "registry"}


def service_app(service: Service, runner: Runner, verifier: Verifier) -> Application:
    """The application of one service in this process; its runner is started by the process."""
    definition = service.definition
    return create_app(
        definition.title,
        service.name,
        verifier=verifier,
        keys=service.keys,
        routers=[
            *definition.routers(service),
            history_routes(service),
            *ops_routes(service, runner.trouble),
        ],
        problems=definition.problems,
        rules=definition.rules,
        away=_AWAY,
        checks=runner.checks(),
        max_body_bytes=service.settings.body_limit_bytes,
    )
