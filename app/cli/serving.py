"""serve, start, worker, demo, openapi."""

import gc
import signal
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from app.cli.shared import HERE, Data, console, database_of, fail, settings_of, terminal
from app.i18n import N_
from app.schema import is_current
from app.settings import Settings
from traceability.db import Database

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="TCP port.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]


def register(cli: typer.Typer) -> None:
    for command in (start, serve, worker, demo, simulator, openapi):
        cli.command()(command)


def start(
    data: Data = HERE,
    port: Port = 8000,
    host: Host = "127.0.0.1",
    with_demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Load demo data once.")
    ] = True,
    registry_port: Annotated[
        int,
        typer.Option(
            "--registry-port",
            min=0,
            max=65535,
            help="With the demo data: port of a simulated invoice registry; 0 takes a free one.",
        ),
    ] = 0,
) -> None:
    """Bring the database up to date, load the demo data once, and serve.

    With the demo data a simulated invoice registry runs beside it, unless a real one is set.
    """
    database = database_of(data)
    if with_demo:
        from app.demo.loading import load_once

        with console.status(terminal().text(N_("Loading demo data…"))):
            load_once(database)
    settings = _settings(data, port, host)
    with ExitStack() as beside:
        if with_demo and settings.invoice_registry_url is None:
            from app.demo.registry_simulator import Simulator, book_of, served

            registry = beside.enter_context(served(Simulator(book_of(database)), registry_port))
            settings = settings.model_copy(update={"invoice_registry_url": registry})
        _print_addresses(settings, with_demo=with_demo)
        _serve(settings, port, host)
    database.dispose()


def serve(data: Data = HERE, port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Serve on a database that is up to date; another one is named and left alone."""
    database = Database(settings_of(data).database_address)
    if not is_current(database):
        fail("cli.not-current", {"folder": str(data)})
    database.dispose()
    _serve(_settings(data, port, host), port, host)


def _serve(settings: Settings, port: int, host: str) -> None:
    import uvicorn

    from app.main import create_app

    app = create_app(settings)
    calm_collector()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )


def calm_collector() -> None:
    """Collect garbage less often, and never again in what the start has loaded.

    At Python's defaults a tenth of a look-up is spent in searching half a million objects that
    live as long as the process.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _settings(data: Path, port: int, host: str = "127.0.0.1") -> Settings:
    """The settings, with a public address that leads here where none is given."""
    settings = settings_of(data)
    if "public_url" in settings.model_fields_set:
        return settings
    reached = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 -- compared, not bound
    return Settings(data=data, public_url=f"http://{reached}:{port}")


def worker(data: Data = HERE) -> None:
    """Do queued work until stopped; set NGUON_BACKGROUND_WORKER=false for the servers beside it."""
    from app.background import Worker

    settings = settings_of(data)
    working = Worker(database_of(data), settings.log_keys, settings.vault)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        working.ask_to_stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    working.run()


def demo(data: Data = HERE, port: Port = 8000) -> None:
    """Load the demo data, once; prints its log-ins and codes."""
    from app.demo.loading import load_once

    database = database_of(data)
    with console.status(terminal().text(N_("Loading demo data…"))):
        load_once(database)
    database.dispose()
    _print_addresses(_settings(data, port), with_demo=True)


def simulator(data: Data = HERE, port: Port = 8010) -> None:
    """Serve a simulated outside invoice registry on this machine, until stopped.

    It knows the invoices of the data folder. PUT /fault/NAME makes it fail: slow, drip,
    unavailable, busy, garbage, wrong-type, huge, redirect, reset; none ends it.
    """
    import socket

    from app.demo.registry_simulator import Simulator, book_of, server_of

    database = database_of(data)
    with socket.create_server(("127.0.0.1", port)) as listener:
        console.print(f"NGUON_INVOICE_REGISTRY_URL=http://127.0.0.1:{port}")
        server_of(Simulator(book_of(database))).run([listener])
    database.dispose()


def openapi(data: Data = HERE) -> None:
    """Print the description of the HTTP API (OpenAPI 3.1, JSON)."""
    import orjson

    from app.main import create_app

    app = create_app(settings_of(data))
    typer.echo(orjson.dumps(app.openapi(), option=orjson.OPT_INDENT_2).decode())


def _print_addresses(settings: Settings, *, with_demo: bool) -> None:
    text, address = terminal().text, settings.public_url
    rows = [
        (f"{address}/", text(N_("look up a code"))),
        (f"{address}/inspect", text(N_("inspectors"))),
        (f"{address}/shop", text(N_("shops and producers"))),
        (f"{address}/office", text(N_("authorities"))),
        (f"{address}/api/v1/openapi.json", text(N_("the HTTP API"))),
    ]
    if settings.invoice_registry_url is not None:
        rows.append((settings.invoice_registry_url, text(N_("outside invoice registry"))))
    console.print("[bold]Nguồn[/bold]")
    for link, what in rows:
        console.print(f"  {link:<46} {what}")
    if with_demo:
        from app.demo.loading import CODES
        from app.demo.people import LOG_INS

        console.print(text(N_("Demo codes:")))
        for code in CODES:
            console.print(f"  {address}{code.path}  {code.shows}")
        console.print(text(N_("Demo log-ins:")))
        for log_in in LOG_INS:
            console.print(f"  {log_in.email:<30} {log_in.password:<24} {log_in.role}")
