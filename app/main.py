"""The application: its parts put together."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from fastapi import FastAPI, Request, Response
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from app.api.answers import as_json
from app.api.v1 import router as api_router
from app.api.v1.lookup import add_lookup
from app.background import Worker
from app.deps import Services, client_address, current_translator
from app.epcis import router as epcis_router
from app.epcis.routing import ROOT as EPCIS_ROOT
from app.head import HeadAsGet
from app.metrics import Metrics
from app.problems import ERROR_KINDS, of_epcis, problem_of
from app.resolver import add_compressed, add_resolver
from app.security.access import API, EPCIS, SERVICE, WEB
from app.security.body_limit import BodyLimit, BodyTooLargeError
from app.security.headers import SecurityHeaders
from app.security.rate_limit import RateLimit
from app.settings import Settings
from app.web import STATIC_FOLDER, VersionedStaticFiles, error_page
from app.web import router as web_router
from scanner.worker import Supervisor
from traceability.db import Database
from traceability.invoices.outside.breaker import CircuitBreaker
from traceability.invoices.outside.http import Endpoint, HttpInvoiceRegistry
from traceability.invoices.outside.service import Freshness, OutsideRegistry

log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; its database, scanner and worker start with it."""
    settings = settings or Settings()
    app = FastAPI(
        title="Nguồn",
        version="1",
        summary="Product provenance: codes, registered producers, the invoices that explain goods",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        strict_content_type=False,
    )
    database = Database(settings.database_address)
    app.state.services = Services(
        settings=settings,
        database=database,
        scanner=Supervisor(
            workers=settings.scanner_workers,
            deadline=settings.scanner_deadline_s,
            memory_bytes=settings.scanner_memory_mb * 1024 * 1024,
            queue=settings.scanner_queue,
        ),
        public_limit=RateLimit(settings.public_requests_a_minute),
        log_in_limit=RateLimit(settings.log_in_attempts, minutes=15),
        account_limit=RateLimit(settings.log_in_attempts * 20, minutes=15),
        outside=_outside(settings, database),
    )
    metrics = Metrics()
    add_lookup(app)
    add_resolver(app)
    _service_routes(app, metrics)
    for router in (api_router, epcis_router, web_router):
        # Not included: FastAPI asks every included router, at every request, whether its routes
        # have changed since, which takes longer than a look-up.
        app.router.routes += [each.original_route for each in iter_route_contexts(router.routes)]
    app.mount("/static", VersionedStaticFiles(directory=STATIC_FOLDER), name="static")
    add_compressed(app)
    _check_access_table(app.routes)
    for kind in ERROR_KINDS:
        app.add_exception_handler(kind, _answer_error)
    app.add_middleware(SecurityHeaders, https=settings.secure_cookies)
    app.add_middleware(
        BodyLimit,
        limit=settings.max_body_bytes,
        exceptions={f"{EPCIS_ROOT}/capture": settings.max_capture_bytes},
        refuse=_too_large,
    )
    app.add_middleware(metrics.wrap)
    app.add_middleware(HeadAsGet)
    return app


def _outside(settings: Settings, database: Database) -> OutsideRegistry | None:
    """The outside invoice registry of the settings; None where there is none."""
    if settings.invoice_registry_url is None:
        return None
    token = settings.invoice_registry_token
    endpoint = Endpoint(
        settings.invoice_registry_url,
        token.get_secret_value() if token else None,
        settings.invoice_registry_ca_file,
        settings.invoice_registry_connect_s,
        settings.invoice_registry_read_s,
    )
    breaker = CircuitBreaker(settings.invoice_registry_failures, settings.invoice_registry_rest_s)
    return OutsideRegistry(
        database,
        HttpInvoiceRegistry(endpoint, breaker),
        Freshness(fresh=timedelta(hours=settings.invoice_registry_fresh_hours)),
        settings.invoice_registry_deadline_s,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Services = app.state.services
    settings = parts.settings
    worker = None
    if settings.background_worker:
        worker = Worker(parts.database, settings.log_keys, settings.vault)
    await run_in_threadpool(parts.scanner.start)
    if worker is not None:
        worker.start()
    try:
        yield
    finally:
        if worker is not None:
            await run_in_threadpool(worker.stop)
        await run_in_threadpool(parts.scanner.stop)
        if parts.outside is not None:
            parts.outside.close()
        parts.database.dispose()


def _service_routes(app: FastAPI, metrics: Metrics) -> None:
    parts: Services = app.state.services

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        """The process answers."""
        return as_json({"status": "ok"})

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> Response:
        """The database answers and the scanner's workers are up."""
        state = {"database": _answers(parts.database), "scanner": parts.scanner.ready}
        return as_json({"ready": all(state.values()), **state}, 200 if all(state.values()) else 503)

    @app.get("/metrics", include_in_schema=False)
    def metrics_page(request: Request) -> Response:
        if not parts.settings.shows_metrics_to(client_address(request)):
            raise HTTPException(404)
        page = metrics.page(parts.scanner, parts.outside)
        return Response(page, media_type="text/plain; version=0.0.4")

    @app.get("/api/v1/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        return as_json(app.openapi())


def _answers(database: Database) -> bool:
    try:
        with database.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1 FROM alembic_version"))
    except sa.exc.SQLAlchemyError:
        log.exception("the database does not answer")
        return False
    return True


def _check_access_table(routes: Sequence[BaseRoute]) -> None:
    """Refuse to start with a route that no row of the access table covers, or the reverse."""
    declared = set(API) | set(EPCIS) | set(WEB) | set(SERVICE)
    served = {
        f"{method} {context.path_format}"
        for context in iter_route_contexts(routes)
        for method in context.methods or ()
    }
    if served != declared:
        msg = f"routes and access table differ: {sorted(served ^ declared)}"
        raise RuntimeError(msg)


async def _answer_error(request: Request, error: Exception) -> Response:
    return _answer(request, error)


def _answer(request: Request, error: Exception) -> Response:
    """A problem for the API, a page for everybody else."""
    problem = problem_of(error)
    if problem.status >= 500 or isinstance(error, sa.exc.SQLAlchemyError):
        log.error("%s %s: %s", request.method, request.url.path, problem.code, exc_info=error)
    if problem.status == 405:
        problem = replace(problem, headers={"Allow": _methods_at(request)})
    if request.url.path.startswith("/epcis/"):
        problem = of_epcis(problem)
    if request.url.path.startswith(("/api/", "/epcis/")):
        return problem.as_json(current_translator(request), request.url.path)
    return error_page(request, problem, error)


def _methods_at(request: Request) -> str:
    """Every method of an address; the router names those of the first route that it tried."""
    methods = {
        method
        for context in iter_route_contexts(request.app.routes)
        if context.route.matches(request.scope)[0] is not Match.NONE
        for method in context.methods or ()
    }
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods))


def _too_large(limit: int) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        error = BodyTooLargeError(limit)
        await _answer(Request(scope), error)(scope, receive, send)

    return refuse
