"""Percent coding of values in a Digital Link (RFC 3986): in the query, ``+`` is a blank.

>>> decode("32a%2Fb"), decode("A+B", query=True), decode("100%")
('32a/b', 'A B', '100%')
>>> encode("A/B C"), encode("A/B C", query=True)
('A%2FB%20C', 'A%2FB+C')

One byte is one character: element strings are ASCII, anything above fails its character set later.
"""

from __future__ import annotations

_HEX = frozenset("0123456789ABCDEFabcdef")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def decode(text: str, *, query: bool = False) -> str:
    """Return the text with its percent sequences resolved; incomplete ones stay as they are."""
    if query:
        text = text.replace("+", " ")
    first, *rest = text.split("%")
    return first + "".join(
        chr(int(part[:2], 16)) + part[2:]
        if len(part) >= 2 and _HEX.issuperset(part[:2])
        else f"%{part}"
        for part in rest
    )


def encode(text: str, *, query: bool = False) -> str:
    """Return the text with everything but unreserved characters as percent sequences of UTF-8."""
    if _UNRESERVED.issuperset(text):
        return text
    blank = "+" if query else "%20"
    return "".join(
        character
        if character in _UNRESERVED
        else blank
        if character == " "
        else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
        for character in text
    )
