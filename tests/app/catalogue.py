"""The messages that code and templates ask for, and those that the catalogues give."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from app.i18n import LOCALE_FOLDER

APP = Path(__file__).parents[2] / "app"
_NOT_TRANSLATORS = {"sa", "sqlalchemy"}
"""`sa.text("SELECT …")` is no sentence."""


@dataclass(frozen=True, slots=True)
class Asked:
    msgid: str
    plural: str | None
    where: str


def asked() -> list[Asked]:
    """Every message of app/: `N_`, `.text` and `.count` in code, `_` and `_n` in templates."""
    found: list[Asked] = []
    for path in sorted(APP.rglob("*.py")):
        found += _in_code(path)
    for path in sorted((APP / "templates").rglob("*.html")):
        found += _in_template(path)
    return found


def _in_code(path: Path) -> Iterator[Asked]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        texts = [
            argument.value
            for argument in node.args[:2]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        where = f"{path.relative_to(APP.parent)}:{node.lineno}"
        match node.func, texts:
            case ast.Name(id="N_"), [text, *_]:
                yield Asked(text, None, where)
            case ast.Attribute(value=ast.Name(id=name), attr="text"), [text, *_] if (
                name not in _NOT_TRANSLATORS
            ):
                yield Asked(text, None, where)
            case ast.Attribute(attr="count"), [singular, plural]:
                yield Asked(singular, plural, where)


def _in_template(path: Path) -> Iterator[Asked]:
    with path.open("rb") as file:
        for line, name, texts, _comments in babel_extract(file, ("_", "_n"), (), {}):
            where = f"{path.relative_to(APP.parent)}:{line}"
            texts = (texts,) if isinstance(texts, str) else texts
            if texts and texts[0]:
                yield Asked(texts[0], texts[1] if name == "_n" else None, where)


@dataclass(frozen=True, slots=True)
class Given:
    file: str
    msgid: str
    plural: str | None
    texts: tuple[str, ...]
    fuzzy: bool


def given(language: str = "vi") -> list[Given]:
    """Every entry of the language's catalogues."""
    found = []
    for path in sorted((LOCALE_FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            found += [_given(path.name, m) for m in read_po(file, locale=language) if m.id]
    return found


def _given(file: str, message: Message) -> Given:
    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    plural = ids[1] if len(ids) > 1 else None
    return Given(file, ids[0], plural, tuple(texts), message.fuzzy)


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
