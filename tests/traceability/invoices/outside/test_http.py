"""The client against a real server on this machine: what it says, how it fails, how it recovers."""

import logging
import socket
import time as wall
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.demo.registry_simulator import Certificate, Fault, Simulator, served
from tests.traceability.invoices.outside.conftest import (
    BOOK,
    CANCELLED,
    KEY,
    NOWHERE,
    TOKEN,
    Time,
)
from traceability.clock import now
from traceability.invoices.outside.answers import (
    InvoiceStatus,
    Reason,
    RegistryAnswer,
    Unavailable,
)
from traceability.invoices.outside.http import Endpoint, HttpInvoiceRegistry, is_acceptable

Make = Callable[..., HttpInvoiceRegistry]


def answer(outcome: object) -> RegistryAnswer:
    assert isinstance(outcome, RegistryAnswer)
    return outcome


def reason(outcome: object) -> Reason:
    assert isinstance(outcome, Unavailable)
    return outcome.reason


def test_an_invoice_on_its_books_comes_with_status_total_seller_and_date(client: Make) -> None:
    found = answer(client().look_up(KEY, 2))
    assert (found.key, found.status) == (KEY, InvoiceStatus.ORIGINAL)
    assert (found.total, found.currency) == (Decimal(1_100_000), "VND")
    assert found.seller_name == "CÔNG TY VÍ DỤ"
    assert timedelta(0) <= now() - found.as_of < timedelta(minutes=1)
    assert answer(client().look_up(CANCELLED, 2)).status is InvoiceStatus.CANCELLED


def test_an_invoice_that_it_does_not_know_is_an_answer_and_no_failure(client: Make) -> None:
    registry = client(failures=1)
    assert answer(registry.look_up(NOWHERE, 2)).status is InvoiceStatus.UNKNOWN
    assert answer(registry.look_up(NOWHERE, 2)).status is InvoiceStatus.UNKNOWN


def test_nothing_but_the_key_and_the_token_leaves_this_machine(
    client: Make, simulator: Simulator
) -> None:
    client().look_up(KEY, 2)
    (request,) = simulator.asked
    lines = request.split("\r\n")
    assert lines[0] == "GET /invoices/9999100017/1/C26TAA/12 HTTP/1.1"
    sent = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
    assert sent.pop("host").startswith("127.0.0.1:")
    assert {name: value for name, value in sent.items() if name} == {
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": "nguon",
        "connection": "keep-alive",
        "authorization": f"Bearer {TOKEN}",
    }


def test_neither_the_token_nor_the_tax_code_is_logged(
    client: Make, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    registry = client()
    for fault in (Fault.NONE, Fault.GARBAGE, Fault.RESET, Fault.UNAVAILABLE):
        simulator.fault = fault
        registry.look_up(KEY, 2)
    # The simulated server's own log is not ours: it is the other side.
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith("uvicorn")]
    assert ours
    assert not [text for text in ours if TOKEN in text or KEY.seller_tax_code in text]
    assert TOKEN not in repr(Endpoint("https://registry.example", TOKEN))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.SLOW, Reason.TIMEOUT),
        (Fault.UNAVAILABLE, Reason.FAILING),
        (Fault.BUSY, Reason.BUSY),
        (Fault.GARBAGE, Reason.MALFORMED),
        (Fault.WRONG_TYPE, Reason.MALFORMED),
        (Fault.HUGE, Reason.MALFORMED),
        (Fault.REDIRECT, Reason.MALFORMED),
        (Fault.RESET, Reason.CONNECTION),
    ],
)
def test_each_fault_has_its_reason_and_the_next_answer_is_good_again(
    client: Make, simulator: Simulator, fault: Fault, expected: Reason, time: Time
) -> None:
    registry = client()
    simulator.fault = fault
    assert reason(registry.look_up(KEY, 2)) is expected
    simulator.fault = Fault.NONE
    time.at += 60  # where it asked to be left alone, that is over
    assert answer(registry.look_up(KEY, 2)).status is InvoiceStatus.ORIGINAL


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (Fault.UNAVAILABLE, 3), (Fault.RESET, 3), (Fault.SLOW, 3),
        (Fault.GARBAGE, 1), (Fault.WRONG_TYPE, 1), (Fault.HUGE, 1), (Fault.REDIRECT, 1),
    ],
)  # fmt: skip
def test_only_what_may_pass_by_itself_is_asked_again(
    client: Make, simulator: Simulator, fault: Fault, times: int
) -> None:
    simulator.fault = fault
    client(read_s=0.1).look_up(KEY, 2)
    assert len(simulator.asked) == times


def test_pauses_grow_and_end_with_the_time_that_is_left(
    client: Make, simulator: Simulator, time: Time
) -> None:
    simulator.fault = Fault.UNAVAILABLE
    registry = client(failures=100, attempts=6)
    registry.look_up(KEY, 60)
    assert time.pauses == [0.1, 0.2, 0.4, 0.8, 1.0]
    time.pauses.clear()
    registry.look_up(KEY, 0.5)
    assert time.pauses == [0.1, 0.2]


def test_a_failure_that_passes_is_not_noticed(client: Make, simulator: Simulator) -> None:
    simulator.fault = Fault.UNAVAILABLE
    registry = client()

    class Repaired(Time):
        def sleep(self, seconds: float) -> None:
            simulator.fault = Fault.NONE

    registry._sleep = Repaired().sleep
    assert answer(registry.look_up(KEY, 2)).status is InvoiceStatus.ORIGINAL


def test_who_asks_to_be_left_alone_for_longer_than_there_is_time_is_left_alone(
    client: Make, simulator: Simulator, time: Time
) -> None:
    registry = client()
    simulator.fault = Fault.BUSY
    assert reason(registry.look_up(KEY, 2)) is Reason.BUSY
    simulator.fault = Fault.NONE
    assert len(simulator.asked) == 1
    time.at += 19
    assert reason(registry.look_up(KEY, 2)) is Reason.RESTING
    assert len(simulator.asked) == 1
    time.at += 2
    assert answer(registry.look_up(KEY, 2)).status is InvoiceStatus.ORIGINAL


def test_after_failures_in_a_row_nobody_is_asked_until_one_call_has_found_it_back(
    client: Make, simulator: Simulator, time: Time
) -> None:
    registry = client(failures=2, attempts=1)
    simulator.fault = Fault.UNAVAILABLE
    assert [reason(registry.look_up(KEY, 2)) for _ in range(4)] == [
        Reason.FAILING, Reason.FAILING, Reason.RESTING, Reason.RESTING,
    ]  # fmt: skip
    assert len(simulator.asked) == 2
    assert registry.statistics()["breaker_open"] == 1
    time.at += 31
    assert reason(registry.look_up(KEY, 2)) is Reason.FAILING  # it tried, and rests again
    assert reason(registry.look_up(KEY, 2)) is Reason.RESTING
    simulator.fault = Fault.NONE
    time.at += 31
    assert answer(registry.look_up(KEY, 2)).status is InvoiceStatus.ORIGINAL
    counts = registry.statistics()
    assert (counts["answered"], counts["failing"], counts["resting"]) == (1, 3, 3)
    assert counts["breaker_open"] == 0


def test_a_server_that_is_not_there_is_no_connection(client: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert reason(client(f"http://127.0.0.1:{port}").look_up(KEY, 2)) is Reason.CONNECTION


def test_an_answer_that_trickles_in_ends_at_the_deadline(
    simulator: Simulator, address: str
) -> None:
    simulator.fault = Fault.DRIP
    registry = HttpInvoiceRegistry(Endpoint(address, TOKEN, read_s=0.2))
    began = wall.monotonic()
    assert reason(registry.look_up(KEY, 0.4)) is Reason.TIMEOUT
    assert wall.monotonic() - began < 1.5
    registry.close()


def test_a_token_that_is_not_accepted_is_said_and_not_tried_again(
    client: Make, simulator: Simulator
) -> None:
    assert reason(client(token="another").look_up(KEY, 2)) is Reason.REFUSED
    assert len(simulator.asked) == 1


def test_a_404_without_the_agreed_form_does_not_make_every_invoice_unknown(
    client: Make, address: str
) -> None:
    assert reason(client(f"{address}/elsewhere").look_up(KEY, 2)) is Reason.MALFORMED


@pytest.mark.parametrize(
    "url",
    [
        "http://registry.example", "ftp://registry.example", "registry.example", "",
        "https://", "https://name:word@registry.example", "https://registry.example?token=x",
        "https://registry.example#x", "http://127.0.0.1.example", "http://10.0.0.1",
        "https://[", "https://registry.example:99999",
    ],
)  # fmt: skip
def test_no_address_is_taken_but_https_and_this_machine(url: str) -> None:
    assert not is_acceptable(url)
    with pytest.raises(ValueError, match="https"):
        Endpoint(url)


@pytest.mark.parametrize(
    "url",
    ["https://registry.example/v1", "http://127.0.0.1:1", "http://[::1]:1", "http://localhost"],
)
def test_https_and_this_machine_are_taken(url: str) -> None:
    assert is_acceptable(url)


def certificate(folder: Path) -> Certificate:
    """A certificate for 127.0.0.1 that nobody has signed."""
    from ipaddress import ip_address

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "registry (test)")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = Certificate(folder / "certificate.pem", folder / "key.pem")
    paths.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def test_a_certificate_that_nobody_vouches_for_is_refused_and_one_of_the_settings_is_not(
    client: Make, tmp_path: Path
) -> None:
    own = certificate(tmp_path)
    simulator = Simulator(BOOK.get)
    with served(simulator, certificate=own) as address:
        assert reason(client(address, connect_s=2).look_up(KEY, 5)) is Reason.CERTIFICATE
        assert list(simulator.asked) == []
        known = client(address, ca_file=own.certificate, connect_s=2, read_s=2)
        assert answer(known.look_up(KEY, 5)).status is InvoiceStatus.ORIGINAL
        known.close()  # before its server goes
