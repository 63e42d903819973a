"""Sending a message to an address that somebody else has chosen, without being led astray.

The name is looked up once, every address behind it must be of the public network, and the
connection goes to the address that was checked: a name that points elsewhere a moment later
leads nowhere. Redirections are not followed.
"""

import hashlib
import hmac
import re
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from traceability.clock import now
from traceability.events.faults import refusal
from traceability.hosts import is_public, may_be_public

TIMEOUT_S = 10.0
SIGNATURE = "GS1-Signature"
_UNPRINTED = re.compile(r"[\x00-\x20\x7f\\]")
_PORTS = frozenset({80, 443, 8080, 8443})


class SendingError(Exception):
    """A message was not taken; the argument says why, in a few words for the log."""


def addresses_of(host: str, port: int) -> list[str]:
    """The network addresses behind a name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SendingError("name") from error
    return [str(each[4][0]) for each in found]


def check_address(dest: str) -> None:
    """Refuse an address that cannot be one of the web's, by its looks alone.

    Raises:
        EventsInvalidError: `events.webhook-address`, `events.webhook-private`.
    """
    try:
        parts = urlsplit(dest)
        port = parts.port
    except ValueError as error:
        raise refusal("events.webhook-address", "/dest") from error
    if _UNPRINTED.search(dest):
        raise refusal("events.webhook-address", "/dest")
    good = parts.scheme in ("http", "https") and parts.hostname and len(dest) <= 2000
    if not good or parts.username or parts.password or (port or 443) not in _PORTS:
        raise refusal("events.webhook-address", "/dest")
    host = parts.hostname or ""
    if not may_be_public(host):
        raise refusal("events.webhook-private", "/dest")


def signature(token: str, body: bytes, at: int) -> str:
    """The value of GS1-Signature: `t=…,v1=…`, HMAC-SHA256 over the time, a dot and the body.

    >>> signature("secret", b"{}", 1).partition("v1=")[0]
    't=1,'
    """
    digest = hmac.new(token.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


@dataclass(frozen=True, slots=True)
class Sender:
    """Posts signed messages."""

    look_up: Callable[[str, int], list[str]] = addresses_of
    is_public: Callable[[str], bool] = is_public
    within: float = TIMEOUT_S
    """Seconds after which an answer that is still coming, however slowly, is not waited for."""

    def post(self, dest: str, body: bytes, token: str) -> None:
        """Post JSON; anything but a 2xx answer is a failure.

        Raises:
            SendingError: it was not taken.
        """
        parts = urlsplit(dest)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        addresses = self.look_up(host, port)
        if not addresses or not all(self.is_public(address) for address in addresses):
            raise SendingError("private")
        self._post(dest, (addresses[0], host, port), body, token)

    def _post(self, dest: str, to: tuple[str, str, int], body: bytes, token: str) -> None:
        address, host, port = to
        url = httpx.URL(dest).copy_with(host=address, port=port)
        headers = {
            "Host": host if port in (80, 443) else f"{host}:{port}",
            "Content-Type": "application/json",
            "User-Agent": "nguon",
            SIGNATURE: signature(token, body, int(now().timestamp())),
        }
        try:
            with (
                _Deadline(self.within) as deadline,
                httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    "POST", url, content=body, headers=headers,
                    extensions={"sni_hostname": host, "trace": deadline.watch},
                ) as answer,
            ):  # fmt: skip
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SendingError(type(error).__name__) from error
        if not 200 <= status < 300:
            raise SendingError(f"status {status}")


class _Deadline:
    """Ends a connection after some time: a time-out of each read alone never ends a trickle."""

    def __init__(self, seconds: float) -> None:
        self._connection: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._connection is not None:
            self._connection.close()

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Called by the client at each of its steps."""
        if event == "connection.connect_tcp.complete":
            # One of our own: the client's may be closed, and its number be another's by then.
            self._connection = info["return_value"].get_extra_info("socket").dup()

    def _end(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)
