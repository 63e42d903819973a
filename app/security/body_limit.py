"""No request body larger than the limit is read, whatever its Content-Length says."""

from collections.abc import Callable, Mapping

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
        limit: bytes of a body.
        exceptions: addresses with a limit of their own.
        refuse: makes what answers a request whose announced length is over a limit.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limit: int,
        exceptions: Mapping[str, int],
        refuse: Callable[[int], ASGIApp],
    ) -> None:
        self.app, self.limit, self.exceptions, self.refuse = app, limit, exceptions, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        limit = self.exceptions.get(scope["path"], self.limit)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > limit:
            await self.refuse(limit)(scope, receive, send)
            return
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise BodyTooLargeError(limit)
            return message

        await self.app(scope, receive_within_limit, send)
