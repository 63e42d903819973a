"""Checking the signatures of an invoice: from its trees to a state for each side.

    faithful tree ─ intact as received? ── yes ─┐
      └ no: one provider's enveloped Object? ───┤
      └ no: in its message, with its namespaces?┤── who signed, when, trusted? ── state and notes
      └ no: without blank text? ── reformatted ─┘
      └ no: broken

One content may be there twice, with one of them signed: that is the way to make a reader see
another invoice than the one that was signed. `signed_copy` finds the signed one, and only that is
read; the state is then ambiguous, whatever libraries say of the signature.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cryptography import x509
from lxml import etree

from traceability.invoices.document import Element, InvoiceTree
from traceability.invoices.signatures.certificates import load
from traceability.invoices.signatures.engine import is_intact
from traceability.invoices.signatures.judging import Finding, judge
from traceability.invoices.signatures.parts import (
    Covered,
    Parts,
    covered,
    objects_with_enveloped,
)
from traceability.invoices.signatures.shape import Shape, UnusableError, refuse_hostile, shape_of
from traceability.invoices.signatures.states import (
    Note,
    Signature,
    SignatureRole,
    SignatureState,
)
from traceability.invoices.signatures.trust import NOBODY, TrustStore

MAX_COPIES = 8
"""DLHDon elements of one invoice that are tried; a true invoice has one."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Whom the invoice names, to be compared with who signed."""

    seller_tax_code: str
    symbol: str


def signatures_of(
    tree: InvoiceTree, sides: Sides, trust: TrustStore = NOBODY
) -> tuple[Signature, Signature]:
    """The seller's and the tax authority's signature of an invoice with one DLHDon.

    Raises:
        InvoiceError: `invoices.signature-transform`, `invoices.signature-reference` for what is
            hostile.
    """
    refuse_hostile(tree.faithful)
    trees = _Trees(tree)
    return _side(trees, SignatureRole.SELLER, sides, trust), _side(
        trees, SignatureRole.AUTHORITY, sides, trust
    )


def as_wrapped(signatures: tuple[Signature, Signature]) -> tuple[Signature, Signature]:
    """The same, of an invoice that has its content more than once."""
    seller, authority = (
        signature
        if signature.state is SignatureState.UNSIGNED
        else replace(
            signature,
            state=SignatureState.AMBIGUOUS,
            notes=(Note("signatures.wrapped"), *signature.notes),
        )
        for signature in signatures
    )
    return seller, authority


def contents(invoice: Element) -> list[Element]:
    """Every DLHDon of an invoice, at whatever depth."""
    return list(invoice.iter("{*}DLHDon"))


def signed_copy(tree: InvoiceTree) -> InvoiceTree | None:
    """An invoice with several DLHDon, without those that the seller did not sign.

    None when no one of them, or more than one, agrees with the seller's signature.
    """
    refuse_hostile(tree.faithful)
    count = len(contents(tree.faithful))
    if count > MAX_COPIES:
        return None
    found = [only for n in range(count) if _is_signed(only := _with_only(tree, n))]
    return found[0] if len(found) == 1 else None


def _with_only(tree: InvoiceTree, number: int) -> InvoiceTree:
    faithful = _keep_content(tree.faithful, number)
    plain = _keep_content(tree.plain, number) if tree.has_idle_nodes else faithful
    return InvoiceTree(plain, faithful, None)


def _keep_content(invoice: Element, number: int) -> Element:
    own = copy.deepcopy(invoice)
    every = contents(own)
    kept = every.pop(number)
    for element in (kept, *every):  # first out of any other that holds it
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    own.insert(0, kept)
    return own


def _is_signed(tree: InvoiceTree) -> bool:
    trees = _Trees(tree)
    try:
        return any(
            checked.covered.includes(checked.content)
            for attempt in trees.attempts(SignatureRole.SELLER)
            if (checked := attempt()) is not None
        )
    except UnusableError:
        return False


@dataclass(frozen=True, slots=True)
class _Intact:
    """An attempt that succeeded."""

    shape: Shape
    certificates: tuple[x509.Certificate, ...]
    covered: Covered
    content: Element | None
    code: Element | None
    notes: tuple[Note, ...] = ()


class _Trees:
    """The forms in which an invoice is tried, each looked through only when it is needed."""

    def __init__(self, tree: InvoiceTree) -> None:
        self._tree = tree
        self.received = Parts(tree.faithful)
        self._stripped: Parts | None = None

    @property
    def stripped(self) -> Parts:
        if self._stripped is None:
            plain = self._tree.plain
            # One of a message is taken out of it, as the faithful one was.
            self._stripped = Parts(copy.deepcopy(plain) if plain.getparent() is not None else plain)
        return self._stripped

    def attempts(self, role: SignatureRole) -> Iterator[Callable[[], _Intact | None]]:
        """Ways to look at the signature of one side, the strictest first."""
        yield lambda: _attempt(self.received, role)
        yield lambda: _beside(self.received, role)
        if self._tree.in_place is not None:
            in_place = self._tree.in_place
            yield lambda: _attempt_in_message(in_place, role)
        if self._tree.has_idle_nodes:
            note = Note("signatures.reformatted")
            yield lambda: _noted(_attempt(self.stripped, role), note)
            yield lambda: _noted(_beside(self.stripped, role), note)


def _attempt_in_message(invoice: Element, role: SignatureRole) -> _Intact | None:
    """Ids that are unique in the invoice may repeat in the message: then it was not signed so."""
    try:
        return _attempt(Parts(invoice), role)
    except UnusableError:
        return None


def _noted(found: _Intact | None, note: Note) -> _Intact | None:
    return None if found is None else replace(found, notes=(*found.notes, note))


def _side(trees: _Trees, role: SignatureRole, sides: Sides, trust: TrustStore) -> Signature:
    found = trees.received.signatures(role)
    if not found:
        return Signature(role, SignatureState.UNSIGNED, (_why_unsigned(role, sides),))
    if len(found) > 1:
        return Signature(role, SignatureState.AMBIGUOUS, (Note("signatures.several"),))
    try:
        return _checked(trees, role, sides, trust)
    except UnusableError as error:
        repeated = error.code == "signatures.repeated-id"
        state = SignatureState.AMBIGUOUS if repeated else SignatureState.BROKEN
        return Signature(role, state, (Note(error.code, error.arguments),))


def _why_unsigned(role: SignatureRole, sides: Sides) -> Note:
    if sides.symbol[3:4] == "M":
        return Note("signatures.unsigned-cash-register")
    if role is SignatureRole.AUTHORITY and sides.symbol[:1] == "K":
        return Note("signatures.unsigned-no-code")
    return Note("signatures.unsigned")


def _checked(trees: _Trees, role: SignatureRole, sides: Sides, trust: TrustStore) -> Signature:
    for attempt in trees.attempts(role):
        found = attempt()
        if found is not None:
            return _judged(found, role, sides, trust)
    [signature] = trees.received.signatures(role)
    certificates = shape_of(signature).certificates
    return Signature(
        role,
        SignatureState.BROKEN,
        (Note("signatures.changed"),),
        certificate=Finding.facts(load(certificates[0])),
    )


def _judged(found: _Intact, role: SignatureRole, sides: Sides, trust: TrustStore) -> Signature:
    if not found.covered.includes(found.content):
        raise UnusableError("signatures.not-covered", field="DLHDon")
    notes = found.notes
    if role is SignatureRole.AUTHORITY and not found.covered.includes(found.code):
        notes += (Note("signatures.code-not-covered"),)
    return judge(
        Finding(
            role=role,
            certificates=found.certificates,
            written_time=found.covered.text("SigningTime"),
            algorithms=found.shape.algorithms,
            notes=notes,
        ),
        sides.seller_tax_code,
        trust,
    )


def _attempt(parts: Parts, role: SignatureRole) -> _Intact | None:
    """The signature with the tree as it is; None when something does not agree.

    Raises:
        UnusableError: what is there cannot be checked at all.
    """
    signatures = parts.signatures(role)
    if len(signatures) != 1:
        return None
    shape = shape_of(signatures[0])
    if not shape.certificates:
        raise UnusableError("signatures.no-certificate")
    certificates = tuple(load(written) for written in shape.certificates)
    found = covered(parts, shape)
    if not is_intact(signatures[0], certificates[0], list(found.parts)):
        return None
    content, code = parts.child("DLHDon"), parts.child("MCCQT")
    return _Intact(shape, certificates, found, content, code)


def _beside(parts: Parts, role: SignatureRole) -> _Intact | None:
    """The lenient mode for an Object with the enveloped transform, in a copy of the tree."""
    signatures = parts.signatures(role)
    if len(signatures) != 1:
        return None
    shape = shape_of(signatures[0])
    if not objects_with_enveloped(signatures[0], shape, covered(parts, shape)):
        return None
    own = Parts(copy.deepcopy(parts.invoice))
    [signature] = own.signatures(role)
    for element in objects_with_enveloped(signature, shape, covered(own, shape)):
        # Written out and read again, it declares itself what it inherited from the signature.
        signature.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))
        signature.remove(element)
    note = Note("signatures.enveloped-on-object")
    return _noted(_attempt(Parts(own.invoice), role), note)
