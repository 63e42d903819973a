"""Whatever is changed: never a crash, and never intact with another value."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.traceability.invoices.signatures.signed import Desk, read_one
from traceability.invoices.errors import InvoiceError
from traceability.invoices.reading import read_signed
from traceability.invoices.signatures.states import SignatureState as S

INTACT = {S.INTACT_TRUSTED, S.INTACT_UNTRUSTED, S.REFORMATTED}
SOME = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def original(desk: Desk) -> bytes:
    return desk.invoice()


@SOME
@given(st.data())
def test_any_changed_text_inside_the_signed_element_is_not_intact(
    original: bytes, desk: Desk, data: st.DataObject
) -> None:
    root = etree.fromstring(original)
    leaves = [e for e in root[0].iter() if len(e) == 0]
    leaf = leaves[data.draw(st.integers(0, len(leaves) - 1))]
    text = data.draw(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])))
    if text == (leaf.text or ""):
        return
    leaf.text = text
    with contextlib.suppress(InvoiceError):
        for signature in read_one(etree.tostring(root, encoding="UTF-8"), desk.trust).signatures:
            assert signature.state not in INTACT


@SOME
@given(st.data())
def test_any_element_taken_out_of_the_signed_one_is_not_intact(
    original: bytes, desk: Desk, data: st.DataObject
) -> None:
    root = etree.fromstring(original)
    elements = list(root[0].iter())[1:]
    element = elements[data.draw(st.integers(0, len(elements) - 1))]
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)
    with contextlib.suppress(InvoiceError):
        for signature in read_one(etree.tostring(root, encoding="UTF-8"), desk.trust).signatures:
            assert signature.state not in INTACT


@SOME
@given(st.integers(0, 20_000), st.integers(0, 40), st.binary(max_size=12))
def test_any_bytes_put_in_anywhere_are_read_or_refused_and_intact_means_the_same_values(
    original: bytes, desk: Desk, start: int, length: int, put: bytes
) -> None:
    at = start % len(original)
    mutated = original[:at] + put + original[at + length :]
    with contextlib.suppress(InvoiceError):
        for found in read_signed(mutated, desk.trust):
            if found.signatures[0].state in INTACT:
                true = read_one(original).invoice
                assert (found.invoice.lines, found.invoice.key, found.invoice.total) == (
                    true.lines,
                    true.key,
                    true.total,
                )


@SOME
@given(st.data())
def test_an_element_moved_or_doubled_anywhere_never_makes_another_value_intact(
    original: bytes, desk: Desk, data: st.DataObject
) -> None:
    root = etree.fromstring(original)
    every = [e for e in root.iter() if e is not root]
    chosen = every[data.draw(st.integers(0, len(every) - 1))]
    place = every[data.draw(st.integers(0, len(every) - 1))]
    if chosen in place.iterancestors() or chosen is place:
        return
    moved = etree.fromstring(etree.tostring(chosen, with_tail=False))
    place.append(moved)
    if data.draw(st.booleans()):
        parent = chosen.getparent()
        assert parent is not None
        parent.remove(chosen)
    with contextlib.suppress(InvoiceError):
        for found in read_signed(etree.tostring(root, encoding="UTF-8"), desk.trust):
            if found.signatures[0].state in INTACT | {S.AMBIGUOUS}:
                assert found.invoice.lines == read_one(original).invoice.lines
