"""HEAD answers what GET answers, without the body (RFC 9110, 9.3.2).

The application sees a GET, so that no route has to name the method; whoever must know that nobody
reads the answer asks `only_headers(request)`. `Content-Length` stays that of the body which is not
sent. OPTIONS is answered as before.
"""

from collections.abc import Awaitable

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MARK = "nguon.head"


class HeadAsGet:
    """Middleware; any other method passes through it without a further step."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope.get("method") != "HEAD":
            return self.app(scope, receive, send)
        return self.app({**scope, "method": "GET", _MARK: True}, receive, _without_body(send))


def _without_body(send: Send) -> Send:
    """Sends the headers, and the end where the body has ended.

    Not before: a server that has seen the end calls whoever still writes off as disconnected.
    """

    async def send_headers(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
        elif not message.get("more_body", False):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return send_headers


def only_headers(request: Request) -> bool:
    """Whether it was a HEAD: a browser, a proxy or a link checker asks, and nobody reads."""
    return _MARK in request.scope
