"""Static files: their address carries a digest of their content, so they are kept for a year."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_FOLDER = Path(__file__).parent.parent / "static"


@cache
def version(name: str) -> str:
    """The first 12 hexadecimal digits of the file's SHA-256."""
    return hashlib.sha256((STATIC_FOLDER / name).read_bytes()).hexdigest()[:12]


def address(name: str) -> str:
    """Where a page finds one of our files.

    >>> address("style.css").startswith("/static/style.css?v=")
    True
    """
    return f"/static/{name}?v={version(name)}"


class VersionedStaticFiles(StaticFiles):
    """Files asked for by their version never change; without one they are asked for each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = "v" in parse_qs(scope["query_string"].decode("latin-1"))
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if versioned else "no-cache"
        )
        return response
