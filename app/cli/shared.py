"""What the commands share: options, the language of the terminal, errors."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
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


class SettingsError(Exception):
    """One or more settings of the environment are out of bounds."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__(str(error))
        self.names = [f"NGUON_{each['loc'][0]}".upper() for each in error.errors()]


def settings_of(data: Path) -> Settings:
    """The settings of the environment, for this folder.

    Raises:
        SettingsError: one of them is out of bounds.
    """
    try:
        return Settings(data=data)
    except ValidationError as error:
        raise SettingsError(error) from error


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
