"""What holds for any text: nothing but `Gs1Error` escapes, and a message reads as it was written.

>>> check("(01)09520123456788(10)LOT7")
"""

import contextlib
from collections.abc import Callable, Iterator

from gs1 import (
    DigitalLink,
    ElementString,
    Gln,
    Gs1Error,
    Gtin,
    Sscc,
    as_bracketed,
    as_element_string,
    build_digital_link,
    check_digit,
    compression,
    epc,
    hints,
    keys,
    parse_digital_link,
    parse_element_strings,
    parse_scan_data,
    percent,
    prefix,
    publication,
    read,
    symbology,
    upc,
    values,
    variable_measure,
)
from gs1.ai import ALL, find
from gs1.jsonl import answer_line
from gs1.linters import LINTERS

SEEDS = (
    "9520123456788",
    "952O123456788",
    "5920123456788",
    "395200000000000012",
    "(01)09520123456788(17)271231(10)LO\\(7(3103)000195",
    "010952012345678810LOT7^17271231",
    "]d2010952012345678810LOT1\x1d21SN42\x1d3922150",
    "]E09520123456788|]e010ABC",
    "]Q1https://example.com/01/09520123456788/10/A%2FB/21/C?17=271231&linkType=pip",
    "HTTPS://example.com/gtin/9520123456788/?99=%25+a",
    "https://example.com/8004/9520A?01=09520123456788",
    "https://id.gs1.org/ARHKVAdpQg",
    "https://example.org/AQnYUc1gmiERBhQ0ytiyZuAGOLc1TXgpNWCv1",
    "urn:epc:id:sgtin:9520123.045678.42",
    "(8110)106141416543213150110120",
    "(7007)270101270102(8008)27010112(4330)001250-(422)704(393)2704123",
    "8934563138165",
    "978-0-306-40615-7",
    "04252614",
    '{"kind": "ai", "input": "(01)09520123456788(10)A"}',
    "٣٣\x00\ud800%2500",
)
TOKENS = (
    *ALL, "09520123456788", "9520123456788", "271231", "(", ")", "\\(", "^", "\x1d", "|", "]e0",
    "]E0", "]E4", "]I1", "]C1", "]d2", "]Q1", "]Q3", "https://", "http://", "a/", "?", "&", "=",
    "%2F", "%00", "%25", "gtin", "lot", "urn:epc:id:", "sgtin:", "sscc:", "sgln:", "grai:",
    "giai:", "cpi:", "idpat:",
)  # fmt: skip

_CLASSES: tuple[type[keys.Key], ...] = (
    keys.Grai, keys.Giai, keys.GsrnProvider, keys.GsrnRecipient, keys.Gdti, keys.Gcn, keys.Ginc,
    keys.Gsin, keys.Cpid, keys.Gmn, keys.Itip,
)  # fmt: skip
_ENTRIES: tuple[Callable[[str], object], ...] = (
    Gtin.parse, Gln.parse, Sscc.parse, upc.expand, publication.Isbn.parse, publication.Issn.parse,
    publication.Ismn.parse, variable_measure.price_check_digit, check_digit.compute,
    check_digit.compute_pair, check_digit.is_valid, percent.decode, prefix.lookup, epc.parse,
    compression.is_compressed, answer_line,
)  # fmt: skip
_RULES = (variable_measure.Rule("2VIIIIIMMMMMC", variable_measure.MeasureKind.PRICE, decimals=0),)


def check(text: str) -> None:
    """Put a text to every rule; raises what broke one."""
    for entry in (*_ENTRIES, *(key.parse for key in _CLASSES)):
        with contextlib.suppress(Gs1Error):
            entry(text)
    for linter in LINTERS.values():
        fault = linter(text)
        assert fault is None or 0 <= fault.start <= fault.end <= len(text), fault
    for rule in (_reading, _element_strings, _digital_link, _compression, _scan_data, _hints):
        with contextlib.suppress(Gs1Error):
            rule(text)


def _reading(text: str) -> None:
    for lenient in (True, False):
        try:
            reading = read(text, lenient=lenient)
        except Gs1Error as error:
            _error(error)
            continue
        reading.hri(titles=True)
        assert reading.keys is not None
        _written(reading.elements)
        if reading.keys.gtin:
            prefix.lookup(reading.keys.gtin)
            upc.shorten(reading.keys.gtin)
            with contextlib.suppress(Gs1Error):
                variable_measure.parse(reading.keys.gtin, _RULES)


def _error(error: Gs1Error) -> None:
    """An error points into its text, and the element strings beside it are good."""
    if error.span is not None:
        start, end = error.span
        assert 0 <= start <= end <= len(error.value), error
    str(error)
    for ai, value in error.elements:
        info = find(ai)
        assert info is None or info.check(value) is None, error.elements


def _written(elements: tuple[ElementString, ...]) -> None:
    """Every form of a message is read as the same message."""
    if not elements:
        return
    assert parse_element_strings(as_bracketed(elements), permit_unknown=True) == elements
    assert parse_element_strings(as_element_string(elements), permit_unknown=True) == elements
    for element in elements:
        values.interpret(element)
    with contextlib.suppress(Gs1Error):
        epc.parse(epc.build(elements, 7))
    link = _link(elements)
    if link:
        # What was built can always be read: a link that cannot is a fault of ours.
        with _no_error():
            again = parse_digital_link(link)
            assert set(again.elements) == set(elements), link
            assert build_digital_link(again.elements) == link
            assert set(_compressed(again)) == set(elements), link


def _link(elements: tuple[ElementString, ...]) -> str:
    """The link of a message; nothing for one without a key, or with an AI no link has room for."""
    try:
        return build_digital_link(elements)
    except Gs1Error as error:
        if error.code in ("gs1.link-no-key", "gs1.link-attribute"):
            return ""
        raise AssertionError(elements) from error


@contextlib.contextmanager
def _no_error() -> Iterator[None]:
    """Here our own error is one too many."""
    try:
        yield
    except Gs1Error as error:
        raise AssertionError(str(error)) from error


def _compressed(link: DigitalLink) -> tuple[ElementString, ...]:
    short = compression.compress(link.uri)
    return parse_digital_link(compression.decompress(short)).elements


def _element_strings(text: str) -> None:
    for requisites, permit_unknown in ((False, False), (True, False), (False, True)):
        with contextlib.suppress(Gs1Error):
            _written(
                parse_element_strings(text, requisites=requisites, permit_unknown=permit_unknown)
            )


def _digital_link(text: str) -> None:
    for lenient in (False, True):
        link = parse_digital_link(text, lenient=lenient)
        assert build_digital_link(parse_digital_link(build_digital_link(link.elements)).elements)


def _compression(text: str) -> None:
    link = parse_digital_link(compression.decompress(text))
    assert set(_compressed(link)) == set(link.elements)


def _scan_data(text: str) -> None:
    for symbol in symbology.Symbology:
        with contextlib.suppress(Gs1Error):
            sent = symbology.build(text, symbol)
            parse_scan_data(sent)
    _written(parse_scan_data(text, lenient=True, permit_unknown=True).elements)


def _hints(text: str) -> None:
    for hint in hints.hints(text):
        start, end = hint.span
        assert 0 <= start < end <= len(hint.suggestion), hint
        assert hint.code in hints.CODES
        with _no_error():
            read(hint.suggestion)
