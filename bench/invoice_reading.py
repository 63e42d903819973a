"""How long one core takes to read an invoice and check both of its signatures.

    ./run bench invoice_reading [--lines N] [--invoices N] [--json]

Every invoice has a seller with a key of its own, so that no certificate is known beforehand; the
trust store holds their authority. Times are of the processor, in milliseconds an invoice.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from app.demo.invoice_maker import CONSUMER, InvoiceMaker, Line, fictional_tax_code
from traceability.invoices.reading import read_invoices, read_signed
from traceability.invoices.signatures.states import SignatureState
from traceability.invoices.signatures.trust import TrustStore

TURNS = 7


@dataclass(frozen=True, slots=True)
class Reading:
    """Milliseconds an invoice: the fastest turn, and the middle one."""

    read_ms: float
    read_median_ms: float
    signed_ms: float
    """Read, and both signatures checked."""
    signed_median_ms: float


def invoices(count: int, lines: int) -> tuple[list[bytes], TrustStore]:
    """Signed invoices of as many sellers, and the store that trusts them."""
    maker, day = InvoiceMaker(), date(2026, 5, 4)
    goods = [
        Line(f"Cà phê mẫu {n}", Decimal(10), Decimal(90000), item_code=f"CF-{n}")
        for n in range(lines)
    ]
    sellers = [maker.issuer(fictional_tax_code(n + 1), f"CÔNG TY MẪU {n}") for n in range(count)]
    files = [
        maker.invoice(seller, CONSUMER, goods, symbol="C26TAA", number=7, issued_on=day)
        for seller in sellers
    ]
    return files, TrustStore([maker.authority.certificate])


def measure(count: int = 50, lines: int = 20) -> Reading:
    """The times of a machine as it is now; raises AssertionError when a file is not intact."""
    files, trust = invoices(count, lines)
    for file in files:
        [found] = read_signed(file, trust)
        assert {s.state for s in found.signatures} == {SignatureState.INTACT_TRUSTED}
    read = _turns(lambda file: read_invoices(file), files)
    signed = _turns(lambda file: read_signed(file, trust), files)
    return Reading(min(read), median(read), min(signed), median(signed))


def _turns(work: Callable[[bytes], object], files: Sequence[bytes]) -> list[float]:
    return [_turn(work, files) for _ in range(TURNS)]


def _turn(work: Callable[[bytes], object], files: Sequence[bytes]) -> float:
    started = time.process_time()
    for file in files:
        work(file)
    return (time.process_time() - started) * 1000 / len(files)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=20)
    parser.add_argument("--invoices", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.invoices, given.lines)
    if given.json:
        print(json.dumps(asdict(found)))
    else:
        print(f"read                 {found.read_ms:.2f} ms, median {found.read_median_ms:.2f}")
        print(f"read and signatures  {found.signed_ms:.2f} ms, median {found.signed_median_ms:.2f}")


if __name__ == "__main__":
    main()
