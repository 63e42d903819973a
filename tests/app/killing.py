"""A service that is killed in the middle of its work, and senders that keep book of what it took.

Senders post documents (captured at once, or by a background job), single events and declarations
of errors, over HTTP. Nothing is told to the service before it dies: SIGKILL.
"""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.traceability.events.makers import a_document
from traceability.events.documents import CONTEXT

SENDERS = 3
_CRATES = [f"https://id.gs1.org/8003/09520000000011C{number}" for number in range(6)]
_START = datetime(2024, 1, 1, tzinfo=UTC)
_PADDING = "x" * 1700
"""Makes some six hundred events a document that is captured in the background."""


@dataclass(slots=True)
class Sent:
    """One request, and what was said of it."""

    path: str
    body: bytes
    headers: dict[str, str]
    good: list[str]
    """eventIDs that are to be kept."""
    bad: list[str] = field(default_factory=list)
    """eventIDs of events with a fault."""
    acknowledged: bool = False
    refused: bool = False

    @property
    def all_or_nothing(self) -> bool:
        return self.headers.get("GS1-Capture-Error-Behaviour") != "proceed"

    @property
    def kept(self) -> set[str]:
        """What must be on record where the request was taken."""
        return set() if self.bad and self.all_or_nothing else set(self.good)


class Maker:
    """Makes what is sent; crates are packed and emptied at times that come in no order."""

    def __init__(self, source: random.Random, name: str) -> None:
        self._source, self._name, self._number = source, name, 0
        self.told: list[dict[str, Any]] = []
        """Single events that were acknowledged: an error in them may be declared."""

    def request(self) -> Sent:
        return self._source.choices(
            (self._document, self._single, self._big, self._declaration), (4, 8, 1, 2)
        )[0]()

    def _event(self, *, good: bool = True, padding: str = "") -> dict[str, Any]:
        self._number += 1
        name = f"{self._name}-{self._number}"
        time = _START + timedelta(minutes=self._source.randrange(500_000))
        event: dict[str, Any] = {
            "eventID": f"urn:vd:killed:{name}", "eventTime": time.isoformat(),
            "eventTimeZoneOffset": "+00:00", "action": "ADD" if good else "NONE",
        }  # fmt: skip
        if padding:
            event["vd:note"] = padding
        jars = [f"https://id.gs1.org/01/09520001234569/21/{name}-{n}" for n in range(3)]
        kind = self._source.random()
        if kind < 0.4:
            ilmd = {"cbvmda:lotNumber": f"L{self._source.randrange(20)}"}
            return {**event, "type": "ObjectEvent", "epcList": jars, "ilmd": ilmd}
        if kind < 0.8:
            crate = self._source.choice(_CRATES)
            if good and self._source.random() < 0.3:
                return {**event, "type": "AggregationEvent", "action": "DELETE", "parentID": crate}
            return {**event, "type": "AggregationEvent", "parentID": crate, "childEPCs": jars}
        lots = [f"https://id.gs1.org/01/09520001234569/10/{name}{side}" for side in "AB"]
        made = {"inputQuantityList": [{"epcClass": lots[0], "quantity": 1}],
                "outputQuantityList": [{"epcClass": lots[1], "quantity": 1}]}  # fmt: skip
        if good:
            del event["action"]
        return {**event, "type": "TransformationEvent", **made}

    def _captured(self, count: int, padding: str = "") -> Sent:
        behaviour = self._source.choice(("rollback", "proceed"))
        events = [self._event(padding=padding) for _ in range(count)]
        bad = [self._event(good=False)] if self._source.random() < 0.25 else []
        body = json.dumps(a_document(*events, *bad)).encode()
        return Sent(
            "/epcis/v2/capture", body, {"GS1-Capture-Error-Behaviour": behaviour},
            [event["eventID"] for event in events], [event["eventID"] for event in bad],
        )  # fmt: skip

    def _document(self) -> Sent:
        return self._captured(self._source.randrange(1, 60))

    def _big(self) -> Sent:
        return self._captured(self._source.randrange(600, 900), _PADDING)

    def _single(self) -> Sent:
        event = self._event()
        self.told.append(event)
        return self._alone(event)

    def _declaration(self) -> Sent:
        if not self.told:
            return self._single()
        event = self._source.choice(self.told)
        return self._alone({**event, "errorDeclaration": {"declarationTime": _START.isoformat()}})

    @staticmethod
    def _alone(event: dict[str, Any]) -> Sent:
        body = json.dumps({"@context": [CONTEXT], **event}).encode()
        return Sent("/epcis/v2/events", body, {}, [event["eventID"]])


class Sender(threading.Thread):
    """Sends until the service is gone, first of all again what it had no answer to."""

    def __init__(self, port: int, secret: str, maker: Maker, book: list[Sent]) -> None:
        super().__init__(daemon=True)
        self._port, self._maker, self._book = port, maker, book
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self.failure: str | None = None

    def run(self) -> None:
        again = [sent for sent in self._book if not sent.acknowledged and not sent.refused]
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            # Some of what was lost is never sent again: it must be there whole or not at all.
            for sent in again[::2]:
                self._send(connection, sent)
            while self.failure is None:
                sent = self._maker.request()
                self._book.append(sent)
                self._send(connection, sent)
        except (OSError, http.client.HTTPException):
            return  # it was killed
        finally:
            connection.close()

    def _send(self, connection: http.client.HTTPConnection, sent: Sent) -> None:
        connection.request("POST", sent.path, sent.body, {**self._headers, **sent.headers})
        answer = connection.getresponse()
        told = answer.read()
        # 409: it is on record, by the request whose answer was lost.
        sent.acknowledged = answer.status in (201, 202, 409)
        sent.refused = answer.status in (400, 422) and bool(sent.bad)
        if not sent.acknowledged and not sent.refused:
            self.failure = f"{answer.status} {told[:300]!r} for {sent.body[:300]!r}"


@dataclass(slots=True)
class Service:
    """The service as a process on one database and one folder."""

    address: str
    data: Path
    port: int = 0

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "NGUON_DATABASE_URL": self.address, "NGUON_DATA": str(self.data)}

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """A process that answers; killed at the end, if it still lives then."""
        command = [sys.executable, "-m", "app", "serve", "--port", str(self.port)]
        with (self.data / "service.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, "--data", str(self.data)], env=self.environment, stderr=log, stdout=log
            )
        try:
            self._wait(process)
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=30)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(1200):
            assert process.poll() is None, (self.data / "service.log").read_text()[-2000:]
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError

    def nguon(self, *arguments: str) -> str:
        """A command of the command line; it must succeed."""
        command = [sys.executable, "-m", "app", *arguments, "--data", str(self.data)]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout


def kill_again_and_again(
    service: Service,
    secret: str,
    rounds: int,
    source: random.Random,
    between: Callable[[], None],
) -> list[Sent]:
    """Send, kill and start anew; returns the book of all that was sent.

    Args:
        service: not running.
        secret: of a key that captures.
        rounds: how often it is killed.
        source: of when, and of what is sent.
        between: done while the service is down.
    """
    makers = [Maker(source, f"{number}") for number in range(SENDERS)]
    books: list[list[Sent]] = [[] for _ in makers]
    for _ in range(rounds):
        started = time.monotonic()
        with service.running():
            starting = time.monotonic() - started
            senders = [
                Sender(service.port, secret, maker, book)
                for maker, book in zip(makers, books, strict=True)
            ]
            for sender in senders:
                sender.start()
            # On a busy machine everything takes longer, the start too.
            time.sleep(source.uniform(0.02, 1) * starting)
        for sender in senders:
            sender.join(timeout=70)
            assert sender.failure is None, sender.failure
        between()
    return [sent for book in books for sent in book]
