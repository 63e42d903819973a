"""What the commands share: options, the language of the terminal, errors."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from app.i18n import Translator, translator
from app.settings import Settings
from app.wording.errors import sentence
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.registry.areas import seed_areas

Data = Annotated[
    Path, typer.Option("--data", envvar="NGUON_DATA", help="Folder of the embedded database.")
]
HERE = Path("var")

OPERATOR = Actor(Role.ADMIN, name="command line")
"""Whoever can run commands beside the server's own files."""

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def terminal() -> Translator:
    """Vietnamese unless the terminal's locale is another language."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    foreign = bool(locale) and not str(locale).startswith(("vi", "C", "POSIX"))
    return translator("en" if foreign else "vi")


def settings_of(data: Path) -> Settings:
    return Settings(data=data)


def database_of(data: Path) -> Database:
    """The installation's database, its schema up to date."""
    from app.schema import upgrade

    settings = settings_of(data)
    settings.data.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database_address)
    database = Database(settings.database_address)
    with database.writing() as session:
        seed_areas(session)
    return database


def fail(code: str, arguments: Mapping[str, Any], status: int = 1) -> NoReturn:
    """Say what is wrong and end the command."""
    errors.print(f"[red]{code}[/red] {sentence(terminal(), code, arguments)}")
    sys.exit(status)
