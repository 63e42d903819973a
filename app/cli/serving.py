"""serve, start, worker, demo, openapi."""

import gc
import signal
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
    for command in (start, serve, worker, demo, openapi):
        cli.command()(command)


def start(
    data: Data = HERE,
    port: Port = 8000,
    host: Host = "127.0.0.1",
    with_demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Load demo data once.")
    ] = True,
) -> None:
    """Bring the database up to date, load the demo data once, and serve."""
    database = database_of(data)
    if with_demo:
        from app.demo.loading import load_once

        with console.status(terminal().text(N_("Loading demo data…"))):
            load_once(database)
    database.dispose()
    _print_addresses(_settings(data, port, host).public_url, with_demo=with_demo)
    _serve(data, port, host)


def serve(data: Data = HERE, port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Serve on a database that is up to date; another one is named and left alone."""
    database = Database(settings_of(data).database_address)
    if not is_current(database):
        fail("cli.not-current", {"folder": str(data)})
    database.dispose()
    _serve(data, port, host)


def _serve(data: Path, port: int, host: str) -> None:
    import uvicorn

    from app.main import create_app

    app = create_app(_settings(data, port, host))
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

    working = Worker(database_of(data), settings_of(data).log_keys)

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
    _print_addresses(_settings(data, port).public_url, with_demo=True)


def openapi(data: Data = HERE) -> None:
    """Print the description of the HTTP API (OpenAPI 3.1, JSON)."""
    import orjson

    from app.main import create_app

    app = create_app(settings_of(data))
    typer.echo(orjson.dumps(app.openapi(), option=orjson.OPT_INDENT_2).decode())


def _print_addresses(address: str, *, with_demo: bool) -> None:
    text = terminal().text
    rows = [
        (f"{address}/", text(N_("look up a code"))),
        (f"{address}/inspect", text(N_("inspectors"))),
        (f"{address}/shop", text(N_("shops and producers"))),
        (f"{address}/office", text(N_("authorities"))),
        (f"{address}/api/v1/openapi.json", text(N_("the HTTP API"))),
    ]
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
