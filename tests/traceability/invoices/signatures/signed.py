"""Signed invoices, and every way to spoil one."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from lxml import etree

from app.demo.invoice_maker import Buyer, InvoiceMaker, Issuer, Line
from app.demo.signing import Signer
from traceability.invoices.reading import SignedInvoice, read_signed
from traceability.invoices.signatures.states import Signature, SignatureState
from traceability.invoices.signatures.trust import NOBODY, TrustStore

PRODUCER, OTHER, SHOP = "9999100017", "9999100024", "9999100031"
DAY = date(2026, 8, 3)
DSIG = "http://www.w3.org/2000/09/xmldsig#"


@dataclass(frozen=True)
class Desk:
    """One maker and its parties for a whole module: keys take long to make."""

    maker: InvoiceMaker = field(default_factory=InvoiceMaker)

    def __post_init__(self) -> None:
        object.__setattr__(self, "issuer", self.maker.issuer(PRODUCER, "NHÀ MÁY MẪU", "Xã Mẫu"))

    issuer: Issuer = field(init=False)

    @property
    def trust(self) -> TrustStore:
        return TrustStore([self.maker.authority.certificate])

    def invoice(self, issuer: Issuer | None = None, **changes: object) -> bytes:
        lines = [Line(f"Cà phê mẫu {n}", Decimal(10 + n), Decimal(90000)) for n in range(3)]
        facts: dict[str, object] = {"symbol": "C26TAA", "number": 12, "issued_on": DAY, **changes}
        buyer = Buyer("CỬA HÀNG MẪU", SHOP)
        return self.maker.invoice(issuer or self.issuer, buyer, lines, **facts)  # type: ignore[arg-type]

    def issuer_with(self, signer: Signer, tax_code: str = PRODUCER) -> Issuer:
        return replace(self.issuer, tax_code=tax_code, signer=signer)

    def signed_by(
        self, tax_code: str | None, years: tuple[int, int] = (2020, 2040), seller: str = PRODUCER
    ) -> bytes:
        """An invoice of `seller`, signed with a certificate that names `tax_code`."""
        dates = tuple(datetime(year, 1, 1, tzinfo=UTC) for year in years)
        signer = self.maker.authority.signer("TÊN MẪU", tax_code, dates)  # type: ignore[arg-type]
        return self.invoice(self.issuer_with(signer, seller))


def read_one(data: bytes, trust: TrustStore = NOBODY) -> SignedInvoice:
    [found] = read_signed(data, trust)
    return found


def seller_of(data: bytes, trust: TrustStore = NOBODY) -> Signature:
    return read_one(data, trust).signatures[0]


def states_of(data: bytes, trust: TrustStore = NOBODY) -> tuple[SignatureState, SignatureState]:
    seller, authority = read_one(data, trust).signatures
    return seller.state, authority.state


def codes_of(signature: Signature) -> set[str]:
    return {note.code.removeprefix("signatures.") for note in signature.notes}


def pretty(data: bytes) -> bytes:
    root = etree.fromstring(data)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def content_of(data: bytes) -> bytes:
    start, end = data.index(b"<DLHDon"), data.index(b"</DLHDon>") + len(b"</DLHDon>")
    return data[start:end]
