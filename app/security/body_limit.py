"""No request body larger than the limit is read, whatever its Content-Length says."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyTooLargeError(HTTPException):
    """Raised in the middle of a body: whoever parses it lets only an HTTPException through."""

    code = "web.body-too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.arguments = {"megabytes": limit // 1_000_000}


class BodyLimit:
    """Refuses by Content-Length before the application sees the request, else while it reads.

    Args:
        refuse: answers a request whose announced length is over the limit.
    """

    def __init__(self, app: ASGIApp, *, limit: int, refuse: ASGIApp) -> None:
        self.app, self.limit, self.refuse = app, limit, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self.limit:
            await self.refuse(scope, receive, send)
            return
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.limit:
                raise BodyTooLargeError(self.limit)
            return message

        await self.app(scope, receive_within_limit, send)
