import pytest

from gs1 import ElementString, Gs1Error, build_digital_link, parse_digital_link

URI = "https://example.com/01/09520123456788"


def parts(uri, **options):
    return [f"({ai}){value}" for ai, value in parse_digital_link(uri, **options).elements]


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        (URI, ["(01)09520123456788"]),
        ("HTTP://example.com/a/b/01/09520123456788", ["(01)09520123456788"]),
        ("https://[2001:db8::1]:8443/00/006141411234567890", ["(00)006141411234567890"]),
        (URI + "/22/V/10/L/21/S", ["(01)09520123456788", "(22)V", "(10)L", "(21)S"]),
        (URI + "/235/T?10=L", ["(01)09520123456788", "(235)T", "(10)L"]),
        (URI + "?17=271231&x=1&&y&99=A%2FB+#frag", None),
        ("https://a/00/faux/414/9520123456788/254/a%2Fb", ["(414)9520123456788", "(254)a/b"]),
        (URI + "/10/A+B?98=%2B", ["(01)09520123456788", "(10)A+B", "(98)+"]),
    ],
)
def test_the_last_key_of_the_path_is_the_primary_key(uri, expected):
    if expected is None:
        uri, expected = uri.replace("+#", "#"), ["(01)09520123456788", "(17)271231", "(99)A/B"]
    assert parts(uri) == expected


def test_parameters_that_are_no_ais_are_kept_apart():
    link = parse_digital_link(URI + "/10/L?linkType=pip&17=271231&flag&=x")
    assert link.other_query == ("linkType=pip", "flag", "=x")
    assert (link.host, link.stem, link.key, link.path_size) == (
        "example.com",
        "https://example.com",
        "01",
        2,
    )


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("", "gs1.empty"),
        ("ftp://example.com/01/09520123456788", "gs1.link-scheme"),
        ("HtTp://example.com/01/09520123456788", "gs1.link-scheme"),
        ("https:///01/09520123456788", "gs1.link-host"),
        ("https://example.com", "gs1.link-host"),
        ("https://exa_mple.com/01/09520123456788", "gs1.link-host"),
        (URI + "<", "gs1.link-characters"),
        (URI + "\ud800", "gs1.link-characters"),
        ("https://example.com/", "gs1.link-no-key"),
        ("https://example.com/10/A", "gs1.link-no-key"),
        ("https://example.com/xx/10/A", "gs1.link-no-key"),
        (URI + "/", "gs1.link-no-key"),
        (URI + "/10/", "gs1.link-empty-value"),
        (URI + "?99=", "gs1.link-empty-value"),
        (URI + "/21/S/10/L", "gs1.link-order"),
        (URI + "/99/A", "gs1.link-order"),
        (URI + "?999=A", "gs1.unknown-ai"),
        (URI + "?99=A&99=A", "gs1.link-repeated"),
        (URI + "?01=09520123456788", "gs1.link-repeated"),
        (URI + "?10=L", "gs1.link-path-only"),
        (URI + "?8200=A", "gs1.link-attribute"),
        (URI + "?37=1", "gs1.exclusive"),
        (URI + "?98=A+B", "gs1.charset"),
        (URI + "/10/A%00", "gs1.charset"),
        ("https://example.com/01/9520123456788", "gs1.length"),
        ("https://example.com/gtin/09520123456788", "gs1.link-no-key"),
    ],
)
def test_what_the_syntax_forbids_is_refused(uri, code):
    with pytest.raises(Gs1Error) as refused:
        parse_digital_link(uri)
    assert refused.value.code == code


def test_an_unknown_ai_in_the_query_is_no_attribute_even_when_permitted():
    with pytest.raises(Gs1Error, match=r"gs1\.link-attribute"):
        parse_digital_link(URI + "?89=A", permit_unknown=True)


def test_an_unknown_ai_in_the_path_fits_no_key():
    with pytest.raises(Gs1Error, match=r"gs1\.link-order"):
        parse_digital_link(URI + "/89/A", permit_unknown=True)


def test_required_ais_are_demanded_on_request():
    uri = "https://example.com/8004/9520614141234567?99=A"
    assert parts(uri, requisites=True)
    with pytest.raises(Gs1Error, match=r"gs1\.requires"):
        parse_digital_link("https://example.com/8004/952061?12=270101", requisites=True)


def test_short_gtins_are_filled_up_on_request():
    uri = "https://example.com/8004/9520614141234567?01=02345673"
    assert parts(uri, zero_suppressed=True)[1] == "(01)00000002345673"


@pytest.mark.parametrize(
    ("uri", "codes"),
    [
        (URI, []),
        (f" {URI}\n", ["gs1.repaired-blanks"]),
        ("HtTpS" + URI[5:], ["gs1.repaired-scheme"]),
        (URI + "/", ["gs1.repaired-trailing-slash"]),
        ("https://example.com/01/9520123456788", ["gs1.repaired-zeros"]),
        (
            "https://example.com/gtin/09520123456788/lot/L/ser/S",
            ["gs1.repaired-name", "gs1.repaired-name", "gs1.repaired-name"],
        ),
        ("https://example.com/x/01/09520123456788/lot/L", ["gs1.repaired-name"]),
    ],
)
def test_the_lenient_mode_repairs_and_says_what(uri, codes):
    link = parse_digital_link(uri, lenient=True)
    assert link.elements[0] == ElementString("01", "09520123456788")
    assert [repair.code for repair in link.repairs] == codes


def test_the_lenient_mode_does_not_turn_other_text_into_a_link():
    for text in ("mailto:a@b", "https://example.com/", "https://example.com/pricing/"):
        with pytest.raises(Gs1Error):
            parse_digital_link(text, lenient=True)


def elements(text):
    from gs1 import parse_element_strings

    return parse_element_strings(text)


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("(01)09520123456788", "/01/09520123456788"),
        ("(21)S(01)09520123456788(10)L(99)X", "/01/09520123456788/10/L/21/S?99=X"),
        ("(01)09520123456788(99)X Y".replace(" ", "+"), "/01/09520123456788?99=X%2BY"),
        ("(01)09520123456788(10)A/B(99)X(17)271231", "/01/09520123456788/10/A%2FB?17=271231&99=X"),
        ("(253)9520123456788S(01)09520123456788", "/253/9520123456788S?01=09520123456788"),
        ("(01)09520123456788(99)X(99)X", "/01/09520123456788?99=X"),
        ("(01)09520123456788(235)T", "/01/09520123456788/235/T"),
    ],
)
def test_the_canonical_form_has_key_qualifiers_then_attributes_of_fixed_length_first(text, uri):
    assert build_digital_link(elements(text)) == "https://id.gs1.org" + uri
    assert build_digital_link(elements(text), "https://a/") == "https://a" + uri


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(99)X", "gs1.link-no-key"),
        ("(01)09520123456788(8200)X", "gs1.link-attribute"),
        ("(01)09520123456788(235)T(22)V", "gs1.link-attribute"),
    ],
)
def test_what_fits_neither_path_nor_query_has_no_link(text, code):
    with pytest.raises(Gs1Error) as refused:
        build_digital_link(elements(text))
    assert refused.value.code == code


def test_an_unknown_ai_has_no_place_in_a_link():
    with pytest.raises(Gs1Error, match=r"gs1\.link-attribute"):
        build_digital_link([ElementString("01", "09520123456788"), ElementString("1X", "?")])


def test_a_partly_good_link_keeps_its_good_elements():
    with pytest.raises(Gs1Error) as refused:
        parse_digital_link(URI + "/10/L?17=269901")
    assert [element.ai for element in refused.value.elements] == ["01", "10"]
    assert refused.value.arguments == {"ai": "17", "test": "ILLEGAL_MONTH"}
