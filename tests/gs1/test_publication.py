import pytest

from gs1 import Gs1Error, Gtin
from gs1.publication import Isbn, Ismn, Issn


def test_an_isbn_has_an_old_and_a_new_form():
    isbn = Isbn.parse("0-306-40615-2")
    assert isbn == Isbn.parse("978 0306406157")
    assert (isbn.as_isbn_10(), isbn.as_gtin()) == ("0306406152", Gtin("09780306406157"))
    assert Isbn.parse("0-8044-2957-x").as_isbn_10() == "080442957X"
    assert Isbn.parse("9791090636071").as_isbn_10() is None


def test_an_issn_has_an_old_and_a_new_form():
    issn = Issn.parse("2049-3630")
    assert (issn.value, issn.as_issn()) == ("9772049363002", "2049-3630")
    assert Issn.parse("9772049363002") == issn


def test_an_ismn_has_an_old_and_a_new_form():
    assert Ismn.parse("M-2306-7118-7") == Ismn.parse("979-0-2306-7118-7")


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Isbn, "0306406153", "gs1.check-digit"),
        (Isbn, "030640615", "gs1.length"),
        (Isbn, "03064X6152", "gs1.charset"),
        (Isbn, "9520123456788", "gs1.format"),
        (Isbn, "9790230671187", "gs1.format"),
        (Issn, "20493631", "gs1.check-digit"),
        (Issn, "9780306406157", "gs1.format"),
        (Ismn, "M230671188", "gs1.check-digit"),
        (Ismn, "9780306406157", "gs1.format"),
    ],
)
def test_what_is_no_such_number_is_refused(kind, text, code):
    with pytest.raises(Gs1Error) as refused:
        kind.parse(text)
    assert refused.value.code == code


def test_the_type_cannot_hold_a_wrong_value():
    with pytest.raises(Gs1Error, match=r"gs1\.charset"):
        Isbn("978-0306406157")
