"""The registry asked over HTTPS, with every wait and every answer bounded.

- https with the certificate checked; http to this machine alone. No redirect is followed and no
  proxy of the environment is used: the key of an invoice goes to the one address of the settings.
- Only GET, so asking again changes nothing. It is asked again after no answer (time-out,
  connection lost) and after 502, 503 and 504; never where the time that is left would not suffice.
- Retry-After is honoured within the time that is left, else the circuit breaker rests that long.
- An answer is read up to 64 KiB, uncompressed, as JSON of the agreed form (`wire`).
"""

import logging
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from traceability.clock import now
from traceability.invoices.outside import retrying
from traceability.invoices.outside.answers import (
    InvoiceStatus,
    Outcome,
    Reason,
    RegistryAnswer,
    Unavailable,
)
from traceability.invoices.outside.breaker import CircuitBreaker, State
from traceability.invoices.outside.wire import path_of, read_answer
from traceability.invoices.symbol import InvoiceKey

MAX_BODY = 65_536
"""Bytes; an answer of the agreed form has a few hundred."""
_AGAIN = frozenset({502, 503, 504})

# httpx writes the address of each request at level INFO, and the address names a tax code.
logging.getLogger("httpx").setLevel(logging.WARNING)


def is_acceptable(url: str) -> bool:
    """Whether a registry may be asked at this address: https, or http to this machine.

    >>> is_acceptable("https://registry.example/v1"), is_acceptable("http://127.0.0.1:8010")
    (True, True)
    >>> is_acceptable("http://registry.example"), is_acceptable("https://u:p@registry.example")
    (False, False)
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how a registry is asked."""

    url: str
    token: str | None = field(default=None, repr=False)
    """Sent as a bearer token; in no log and no error."""
    ca_file: Path | None = None
    """PEM certificates to trust instead of the public ones."""
    connect_s: float = 0.5
    read_s: float = 1.0
    """Longest silence between two parts of an answer."""
    attempts: int = 3

    def __post_init__(self) -> None:
        if not is_acceptable(self.url):
            raise ValueError("the registry is asked over https, or on this machine")


@dataclass(frozen=True, slots=True)
class _Attempt:
    outcome: Outcome
    again: bool = False
    """The same question may be answered a moment later."""
    retry_after: float | None = None
    """Seconds for which the server asked to be left alone."""


def _no(reason: Reason, *, again: bool = False, retry_after: float | None = None) -> _Attempt:
    return _Attempt(Unavailable(reason), again, retry_after)


class HttpInvoiceRegistry:
    """An `InvoiceRegistry` behind an HTTP interface of the form that `wire` describes.

    Args:
        endpoint: address, token and time-outs.
        breaker: shared by all threads of the process.
        clock: seconds that only go forward.
        sleep: waits for so many seconds.
        draw: a number drawn evenly between two, for the jitter.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        breaker: CircuitBreaker | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        draw: retrying.Draw | None = None,
    ) -> None:
        self._endpoint, self._breaker = endpoint, breaker or CircuitBreaker()
        self._clock, self._sleep = clock, sleep
        self._pause = retrying.pause if draw is None else (lambda n: retrying.pause(n, draw))
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._client = _client(endpoint)

    @property
    def source(self) -> str:
        return urlsplit(self._endpoint.url).netloc

    def look_up(self, key: InvoiceKey, within: float) -> Outcome:
        """Ask, several times where that may help, until `within` seconds are over."""
        if not self._breaker.enter():
            return self._counted(Unavailable(Reason.RESTING))
        last = _no(Reason.CONNECTION)
        try:
            last = self._attempts(key, self._clock() + within)
        finally:
            # Also after a mistake of our own: a call that was let through to try must report.
            if isinstance(last.outcome, RegistryAnswer):
                self._breaker.succeeded()
            else:
                self._breaker.failed(last.retry_after or None)
        return self._counted(last.outcome)

    def _attempts(self, key: InvoiceKey, deadline: float) -> _Attempt:
        for number in range(1, self._endpoint.attempts + 1):
            last = self._ask(key, deadline)
            wait = self._pause(number) + (last.retry_after or 0.0)
            if (
                not last.again
                or number == self._endpoint.attempts
                or self._clock() + wait >= deadline
            ):
                break
            self._sleep(wait)
        return last

    def _ask(self, key: InvoiceKey, deadline: float) -> _Attempt:
        left = deadline - self._clock()
        if left <= 0:
            return _no(Reason.TIMEOUT)
        limits = httpx.Timeout(
            min(self._endpoint.read_s, left), connect=min(self._endpoint.connect_s, left)
        )
        try:
            with self._client.stream("GET", path_of(key), timeout=limits) as response:
                return self._judge(response, key, deadline)
        except httpx.TimeoutException:
            return _no(Reason.TIMEOUT, again=True)
        except httpx.HTTPError as error:
            if _is_about_certificates(error):
                return _no(Reason.CERTIFICATE)
            return _no(Reason.CONNECTION, again=True)

    def _judge(self, response: httpx.Response, key: InvoiceKey, deadline: float) -> _Attempt:
        status = response.status_code
        if status in (200, 404):
            return self._read(response, key, deadline)
        if status in (401, 403):
            return _no(Reason.REFUSED)
        asked = retrying.retry_after(response.headers.get("retry-after"), now())
        if status == 429 or (status == 503 and asked is not None):
            return _no(Reason.BUSY, again=status in _AGAIN, retry_after=asked)
        if status >= 500:
            return _no(Reason.FAILING, again=status in _AGAIN)
        return _no(Reason.MALFORMED)

    def _read(self, response: httpx.Response, key: InvoiceKey, deadline: float) -> _Attempt:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json" or "content-encoding" in response.headers:
            return _no(Reason.MALFORMED)
        body = b""
        for part in response.iter_raw():
            body += part
            if len(body) > MAX_BODY:
                return _no(Reason.MALFORMED)
            if self._clock() >= deadline:
                return _no(Reason.TIMEOUT)
        found = read_answer(body, key)
        if found is None or (response.status_code == 404) != (
            found.status is InvoiceStatus.UNKNOWN
        ):
            return _no(Reason.MALFORMED)
        return _Attempt(found)

    def _counted(self, outcome: Outcome) -> Outcome:
        what = outcome.reason if isinstance(outcome, Unavailable) else "answered"
        with self._lock:
            self._counts[what] += 1
        return outcome

    def statistics(self) -> Mapping[str, int]:
        """Questions by outcome (`answered`, or a `Reason`), and `breaker_open` 0 or 1."""
        with self._lock:
            counts = {what: self._counts[what] for what in ("answered", *Reason)}
        return {**counts, "breaker_open": int(self._breaker.state is State.OPEN)}

    def close(self) -> None:
        self._client.close()


def _client(endpoint: Endpoint) -> httpx.Client:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "nguon"}
    if endpoint.token:
        headers["Authorization"] = f"Bearer {endpoint.token}"
    trusted: ssl.SSLContext | bool = True
    if endpoint.ca_file is not None:
        trusted = ssl.create_default_context(cafile=endpoint.ca_file)
    return httpx.Client(
        base_url=endpoint.url, headers=headers, verify=trusted, follow_redirects=False,
        trust_env=False, limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
    )  # fmt: skip


def _is_about_certificates(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
