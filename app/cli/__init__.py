"""The command line: `nguon --help`.

Each group of commands is a file; heavy parts are imported by the command that needs them, so that
`nguon key create` does not wait for the pages.
"""

import os

import typer

from app.cli import codes, identity, labels, ledger, log, records, schema, serving, tracing, trust
from app.cli.shared import SettingsError, fail
from app.security.rate_limit import TooManyRequestsError
from gs1.errors import Gs1Error
from scanner.errors import ScannerError
from traceability.errors import TraceabilityError

cli = typer.Typer(
    help="Nguồn: product provenance and barcode verification.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
serving.register(cli)
records.register(cli)
codes.register(cli)
labels.register(cli)
cli.add_typer(schema.group, name="db")
cli.add_typer(log.group, name="log")
cli.add_typer(tracing.group, name="trace")
cli.add_typer(identity.admin, name="admin")
cli.add_typer(identity.key, name="key")
cli.add_typer(trust.group, name="trust")
cli.add_typer(ledger.ledger_group, name="ledger")
cli.add_typer(ledger.list_group, name="list")


def main() -> None:
    os.umask(0o077)  # the database holds tax data: what we make, nobody else on the machine reads
    try:
        cli()
    except (TraceabilityError, ScannerError, Gs1Error, TooManyRequestsError) as error:
        fail(error.code, error.arguments)
    except SettingsError as error:
        fail("cli.setting", {"names": ", ".join(error.names)})
