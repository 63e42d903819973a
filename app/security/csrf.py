"""Forms carry a token that another site cannot know (signed double submit).

The token is a keyed hash of a random cookie and of the log-in session, so that a cookie planted
by a neighbouring host is worth nothing after log-in.
"""

import hmac

from starlette.requests import Request

from app.security import sessions, tokens
from traceability.errors import ForbiddenError

COOKIE = "nguon_csrf"
FIELD = "csrf_token"


def token(secret: bytes, cookie: str, request: Request) -> str:
    bound_to = request.cookies.get(sessions.COOKIE, "")
    return tokens.keyed_hash(secret, "csrf", f"{cookie}:{bound_to}")


async def check(request: Request, secret: bytes) -> None:
    """Raise ForbiddenError `web.csrf` unless the posted form carries the page's token."""
    cookie = request.cookies.get(COOKIE, "")
    given = (await request.form()).get(FIELD)
    expected = token(secret, cookie, request)
    if not cookie or not isinstance(given, str) or not hmac.compare_digest(
        given.encode("utf-8", "replace"), expected.encode()
    ):  # fmt: skip
        raise ForbiddenError("web.csrf")
