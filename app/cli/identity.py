"""nguon admin create, nguon key create."""

import sys
from datetime import timedelta
from typing import Annotated

import typer

from app.cli.shared import HERE, OPERATOR, Data, console, database_of, terminal
from app.i18n import N_
from app.security import keys, users
from app.security.access import Scope
from traceability.actor import Role
from traceability.clock import now

admin = typer.Typer(help="Administrators.", no_args_is_help=True)
key = typer.Typer(help="API keys.", no_args_is_help=True)


@admin.callback()
def _admin() -> None:
    """Keep `create` a command of its own: typer would fold a single one into the group."""


@key.callback()
def _key() -> None:
    """The same for keys."""


@admin.command("create")
def create_admin(
    email: Annotated[str, typer.Option("--email", prompt=True)],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    name: Annotated[str, typer.Option("--name")] = "",
    data: Data = HERE,
) -> None:
    """Make an administrator's account; the password is asked for, or read from standard input."""
    secret = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin or not sys.stdin.isatty()
        else typer.prompt(
            terminal().text(N_("Password")), hide_input=True, confirmation_prompt=True
        )
    )
    with database_of(data).writing() as session:
        users.create_user(
            session, OPERATOR, email=email, name=name, password=secret, role=Role.ADMIN
        )
    console.print(terminal().text(N_("Made the administrator {email}."), email=email))


@key.command("create")
def create_key(
    role: Annotated[Role, typer.Option("--role", help="What the key may do.")],
    org: Annotated[int | None, typer.Option("--org", help="Id of the party it acts for.")] = None,
    name: Annotated[str, typer.Option("--name")] = "command line",
    scope: Annotated[list[Scope] | None, typer.Option("--scope", help="Narrow it.")] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help="Days until it ends.")] = None,
    data: Data = HERE,
) -> None:
    """Make an API key and print it, alone, this once."""
    with database_of(data).writing() as session:
        _, secret = keys.create_key(
            session,
            OPERATOR,
            name=name,
            role=role,
            party_id=org,
            scopes=scope or (),
            expires_at=now() + timedelta(days=days) if days else None,
        )
    typer.echo(secret)
