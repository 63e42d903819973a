import pytest

from gs1.errors import Gs1Error
from traceability.events.identifiers import canonical, gln_of, gtin_of

KEY = "https://id.gs1.org/01/09520001234569/21/A7"


@pytest.mark.parametrize(
    "spelling",
    [
        KEY,
        "http://shop.example/deep/01/09520001234569/21/A7?linkType=pip",
        "https://id.gs1.org/01/09520001234569/21/A7?17=271231",
        "urn:epc:id:sgtin:952000.0123456.A7",
    ],
)
def test_every_spelling_of_a_key_has_one_name(spelling: str) -> None:
    assert canonical(spelling) == KEY


@pytest.mark.parametrize(
    "other",
    [
        "urn:uuid:831c0292-4de1-430a-8255-2aca821abaab",
        "https://shop.example/order/7",
        "https://shop.example/1999/01/news#21",
        "urn:epc:id:gid:95100000.12.400",
        # A wrong check digit of an asset: in many a published example.
        "https://id.gs1.org/8003/09520001234560A7",
    ],
)
def test_what_is_no_gs1_key_keeps_its_name(other: str) -> None:
    assert canonical(other) == other


@pytest.mark.parametrize(
    "wrong",
    [
        "https://id.gs1.org/01/09520001234560/21/A7",
        "https://shop.example/01/09520001234560/21/A7",
        "https://id.gs1.org/01/9520001234569/21/A7",
        "https://shop.example/414/9520000000005",
        "https://id.gs1.org/00/395200000000000013",
        "urn:epc:id:sgtin:952000.012345.A7",
        "urn:epc:id:unheard:952000.0123456.A7",
    ],
)
def test_what_claims_to_be_a_key_and_is_not_is_refused(wrong: str) -> None:
    with pytest.raises(Gs1Error):
        canonical(wrong)


def test_glns_and_gtins_are_told_from_their_names() -> None:
    assert gln_of("https://id.gs1.org/414/9520000000004/254/5") == "9520000000004"
    assert gln_of("https://id.gs1.org/417/9520000000004") == "9520000000004"
    assert gln_of(KEY) is None
    assert gtin_of(KEY) == "09520001234569"
    assert gtin_of("https://id.gs1.org/00/395200000000000012") is None
