"""The shared files of fictional parties: each gets the state that its name says."""

import pytest
from cryptography import x509

from tests.shared_material import SHARED, needs_shared
from tests.traceability.invoices.signatures.signed import codes_of, read_one
from traceability.invoices.signatures.trust import TrustStore

FOLDER = SHARED / "corpora" / "invoices"

pytestmark = needs_shared


@pytest.mark.parametrize(
    ("start", "seller", "authority", "note"),
    [
        ("01", "intact_trusted", "intact_trusted", "trusted"),
        ("02", "intact_trusted", "unsigned", "sha1"),
        ("03", "unsigned", "unsigned", "unsigned-cash-register"),
        ("04", "intact_trusted", "unsigned", "trusted"),
        ("05", "intact_trusted", "unsigned", "trusted"),
        ("06", "intact_trusted", "unsigned", "enveloped-on-object"),
        ("07", "reformatted", "reformatted", "reformatted"),
        ("08", "broken", "broken", "changed"),
        ("09", "ambiguous", "ambiguous", "wrapped"),
        ("10", "ambiguous", "ambiguous", "wrapped"),
        ("11", "intact_trusted", "intact_trusted", "trusted"),
        ("12", "wrong_signer", "unsigned", "other-signer"),
        ("13", "intact_trusted", "intact_trusted", "trusted"),
    ],
)
def test_the_state_is_what_the_name_says(
    start: str, seller: str, authority: str, note: str
) -> None:
    [path] = FOLDER.glob(f"{start}*.xml")
    root = x509.load_pem_x509_certificate((FOLDER / "test-ca.pem").read_bytes())
    found = read_one(path.read_bytes(), TrustStore([root])).signatures
    assert [s.state.value for s in found] == [seller, authority]
    assert note in codes_of(found[0])


@pytest.mark.parametrize("start", ["01", "02", "04", "05", "06", "11", "13"])
def test_without_the_test_authority_it_is_intact_and_not_trusted(start: str) -> None:
    [path] = FOLDER.glob(f"{start}*.xml")
    seller, _ = read_one(path.read_bytes()).signatures
    assert seller.state.value == "intact_untrusted"
