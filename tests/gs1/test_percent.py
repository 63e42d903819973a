import pytest

from gs1.percent import decode, encode


@pytest.mark.parametrize(
    ("coded", "path", "query"),
    [
        ("", "", ""),
        ("A%20B+C", "A B+C", "A B C"),
        ("%2", "%2", "%2"),
        ("%", "%", "%"),
        ("%4g%4F", "%4gO", "%4gO"),
        ("%252F", "%2F", "%2F"),
        ("A%ffB", "AÿB", "AÿB"),
        ("%-1", "%-1", "%-1"),
    ],
)
def test_decoding_resolves_complete_sequences_once(coded, path, query):
    assert (decode(coded), decode(coded, query=True)) == (path, query)


def test_encoding_leaves_unreserved_characters():
    assert encode("AZaz09-._~") == "AZaz09-._~"
    assert encode("A/ B") == "A%2F%20B"
    assert encode("A/ B", query=True) == "A%2F+B"
    assert encode("ạ\ud800") == "%E1%BA%A1%ED%A0%80"
