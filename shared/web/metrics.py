"""What is counted of every request, in a registry of the application's own."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# When a counter began says nothing that the process's start does not, and doubles the lines.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it untyped

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Requests by route template and status, their seconds, and problems by code.

    ``registry`` is shared with the service's other parts, never the process's global one: the
    embedded run holds several services.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._requests = Counter(
            "doudi_http_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "doudi_http_request_seconds",
            "Time to answer a request",
            ["method", "route"],
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._problems = Counter(
            "doudi_http_problems", "Problems answered", ["code"], registry=self.registry
        )

    def answered(
        self, method: str, route: str, status: int, seconds: float, problem: str | None = None
    ) -> None:
        """Count one request. ``method`` and ``route`` must be bounded sets, not client text."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
        if problem is not None:
            self._problems.labels(problem).inc()

    def render(self) -> bytes:
        """All metrics of the registry in Prometheus's text format."""
        return generate_latest(self.registry)
