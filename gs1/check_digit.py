"""The check digit of GTIN, GLN, SSCC and the other numeric keys, and the check pair of GMN.

Counted from the right, the digits before the check digit weigh 3, 1, 3, 1 …; the check digit
fills the sum up to a multiple of ten (GS1 General Specifications 7.9.1).

>>> compute("952012345678")
'8'
>>> is_valid("9520123456788")
True

It finds every single wrong digit and most transpositions of neighbours. It proves nothing else:
anybody can compute one. The check pair (7.9.5) guards alphanumeric keys:

>>> compute_pair("1987654Ad4X4bL5ttr2310c")
'2K'
"""

from __future__ import annotations

from gs1.charset import CSET82, first_outside
from gs1.errors import Gs1Error

_ORDER_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_ORDER_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_VALUE_82 = {character: value for value, character in enumerate(_ORDER_82)}

MAX_PAIR_PAYLOAD = 97
"""Longest text a check pair is computed for; the longest key that has one has 23 before it."""


def compute(payload: str) -> str:
    """Return the check digit for a payload without one.

    Raises:
        Gs1Error: gs1.charset when the payload is not all ASCII digits.
    """
    if not (payload.isdigit() and payload.isascii()):
        raise Gs1Error("gs1.charset", payload)
    digits, size = payload.encode(), len(payload)
    # A digit's byte is 48 more than the digit; modulo ten that is put right by 4 for each of them,
    # and by 2 more where their number is odd.
    weighted = sum(digits) + 2 * sum(digits[::-2]) + 4 * size + 2 * (size & 1)
    return "0987654321"[weighted % 10]


def is_valid(number: str) -> bool:
    """Return whether the last digit is the check digit of the digits before it."""
    if not (number.isdigit() and number.isascii()):
        return False
    digits, size = number.encode(), len(number)
    weighted = sum(digits) + 2 * sum(digits[-2::-2]) + 4 * size + 8 * (size & 1)
    return weighted % 10 == 0


def _weights() -> tuple[int, ...]:
    """Return the weights of the check pair, from the right: the first primes."""
    primes: list[int] = []
    candidate = 2
    while len(primes) < MAX_PAIR_PAYLOAD:
        if all(candidate % prime for prime in primes):
            primes.append(candidate)
        candidate += 1
    return tuple(primes)


_PRIMES = _weights()


def compute_pair(payload: str) -> str:
    """Return the check character pair for a payload of set 82.

    Raises:
        Gs1Error: gs1.length when over 97 characters, gs1.charset outside set 82.
    """
    if len(payload) > MAX_PAIR_PAYLOAD:
        raise Gs1Error("gs1.length", payload, expected=MAX_PAIR_PAYLOAD)
    at = first_outside(CSET82, payload)
    if at >= 0:
        raise Gs1Error("gs1.charset", payload, (at, at + 1))
    weighted = zip(reversed(payload), _PRIMES, strict=False)
    total = sum(_VALUE_82[character] * prime for character, prime in weighted) % 1021
    return _ORDER_32[total >> 5] + _ORDER_32[total & 31]
