"""Names of fields beyond EPCIS: each belongs to a namespace that the document declares.

>>> list(undeclared({"vd:truck": "29C", "ilmd": {"foo:bar": 1}}, [{"vd": "https://vidu.example/"}]))
[('ilmd', 'foo:bar')]

A context at an address is never fetched: what it declares is not known, and nothing is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from traceability.events.vocabulary import CBV, GS1, GS1_SPELT, MDA

_KNOWN = {
    "cbv": CBV,
    "gs1": GS1,
    "cbvmda": MDA,
    "epcis": "https://ref.gs1.org/epcis/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""What GS1's own context declares."""
_WHOLE = re.compile(r"[^:]*://|(?:urn|tag|did|ni|info):")
"""Names that are addresses themselves, and shortened by no prefix."""
_LINKED = frozenset({"@context", "masterDataAvailableFor", "certificationInfo"})
"""Fields of linked data in any vocabulary."""


def prefixes(context: Any) -> Mapping[str, str]:
    """What prefixes stand for; a later definition takes the place of an earlier one."""
    found = dict(_KNOWN)
    for entry in context if isinstance(context, (list, tuple)) else [context]:
        for name, value in entry.items() if isinstance(entry, dict) else ():
            meaning = value.get("@id") if isinstance(value, dict) else value
            if isinstance(meaning, str):
                found[name] = one_spelling(meaning)
    return found


def one_spelling(uri: str) -> str:
    """A namespace; that of GS1's web vocabulary in the spelling that GS1's context has.

    >>> one_spelling("https://ref.gs1.org/voc/"), one_spelling("https://vidu.example/")
    ('https://gs1.org/voc/', 'https://vidu.example/')
    """
    return GS1 if uri in GS1_SPELT else uri


def undeclared(body: Mapping[str, Any], context: Sequence[Any]) -> Iterator[tuple[str | int, ...]]:
    """Where in an event, or a document, names have a prefix that nothing declares.

    Args:
        body: what was sent.
        context: what declares prefixes beyond GS1's own context.
    """
    if any(isinstance(entry, str) for entry in context):
        return
    named = list(_prefixed(body))
    if named:
        known = prefixes(context)
        yield from (path for path in named if str(path[-1]).partition(":")[0] not in known)


def _prefixed(body: Mapping[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """Paths of all names with a prefix; the inside of such a field is linked data of others."""
    open_: list[tuple[tuple[str | int, ...], Any]] = [((), body)]
    while open_:
        path, value = open_.pop()
        items: Any = enumerate(value) if isinstance(value, list) else value.items()
        for name, inner in items:
            if isinstance(name, str) and ":" in name:
                if not _WHOLE.match(name):
                    yield (*path, name)
            elif name not in _LINKED and isinstance(inner, (dict, list)):
                open_.append(((*path, name), inner))
