"""Counts and times for Prometheus: by route, never by record or person."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scanner.worker import Supervisor
from traceability.invoices.outside.service import OutsideRegistry


class Metrics:
    """Middleware that counts requests, and the page that shows the counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "nguon_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "nguon_request_seconds",
            "Time to the end of the answer",
            ["route"],
            registry=self.registry,
        )
        self._scanner = Gauge(
            "nguon_scanner",
            "Scanner worker: counts by what happened",
            ["what"],
            registry=self.registry,
        )
        self._scanner_stages = Gauge(
            "nguon_scanner_stage_seconds",
            "Scanner workers: time spent by stage since the start",
            ["stage"],
            registry=self.registry,
        )
        self._scanner_reads = Gauge(
            "nguon_scanner_reads",
            "Symbols read since the start, by engine and by stage",
            ["engine", "stage"],
            registry=self.registry,
        )
        self._outside = Gauge(
            "nguon_invoice_registry",
            "Questions to the outside invoice registry by outcome, and whether it is left alone",
            ["what"],
            registry=self.registry,
        )
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def wrap(self, app: ASGIApp) -> ASGIApp:
        async def measured(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            started, status = time.perf_counter(), 500

            async def send_and_note(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, send_and_note)
            finally:
                self._observe(scope, status, time.perf_counter() - started)

        return measured

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path_format", "none")
        # Methods are the client's to invent: only those of a route are counted apart.
        method = scope["method"] if route != "none" and status != 405 else "any"
        key = (method, route, status)
        children = self._children.get(key)
        if children is None:
            children = self._children[key] = (
                self._requests.labels(method, route, str(status)), self._seconds.labels(route),
            )  # fmt: skip
        children[0].inc()
        children[1].observe(seconds)

    def page(self, scanner: Supervisor, outside: OutsideRegistry | None = None) -> bytes:
        for outcome, count in (outside.statistics() if outside else {}).items():
            self._outside.labels(outcome).set(count)
        for what, value in scanner.statistics().items():
            self._scanner.labels(what).set(value)
        for stage, seconds in scanner.seconds_by_stage().items():
            self._scanner_stages.labels(stage).set(seconds)
        for (engine, stage), count in scanner.reads().items():
            self._scanner_reads.labels(engine, stage).set(count)
        return generate_latest(self.registry)
