"""EAN and UPC symbols as widths and modules: what stands in the bars, not what it means.

Each digit is seven modules, two bars and two spaces. The left half of an EAN-13 mixes two sets of
patterns (A and B); which half is which spells the first digit, which is drawn nowhere else. (GS1
General Specifications, section 5.2.1.)

>>> len(modules("EAN-13", "9520123456788")), len(modules("EAN-8", "95200002"))
(95, 67)
>>> modules("EAN-8", "95200002")[:10]
'1010001011'
>>> as_ean13("01234565")
'0012345000065'
>>> as_upc_e("0012345000065")
'01234565'
"""

from __future__ import annotations

A = ("0001101", "0011001", "0010011", "0111101", "0100011",
     "0110001", "0101111", "0111011", "0110111", "0001011")  # fmt: skip
"""Odd parity, left half; 1 is a bar."""

C = tuple(pattern.translate(str.maketrans("01", "10")) for pattern in A)
"""Even parity, right half: A with bars and spaces exchanged."""

B = tuple(pattern[::-1] for pattern in C)
"""Even parity, left half: C mirrored."""

FIRST_DIGIT = ("AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB",
               "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA")  # fmt: skip
"""Sets of the six left digits of an EAN-13 by its first digit."""

UPC_E_PARITY = ("BBBAAA", "BBABAA", "BBAABA", "BBAAAB", "BABBAA",
                "BAABBA", "BAAABB", "BABABA", "BABAAB", "BAABAB")  # fmt: skip
"""Sets of the six digits of a UPC-E, number system 0, by its check digit; 1 exchanges the sets."""

GUARDS = {
    "EAN-13": (*range(3), *range(45, 50), *range(92, 95)),
    "EAN-8": (*range(3), *range(31, 36), *range(64, 67)),
    "UPC-E": (*range(3), *range(45, 51)),
}
"""Modules that are the same in every symbol, by its format."""

_SETS = {"A": A, "B": B}


def modules(format_name: str, digits: str) -> str:
    """Return the symbol as modules, 1 a bar, guards included, quiet zones not.

    Args:
        format_name: ``EAN-13`` (13 digits), ``EAN-8`` (8) or ``UPC-E`` (13 as expanded, or 8).
        digits: check digit included.
    """
    if format_name == "EAN-8":
        left, right = "".join(A[int(d)] for d in digits[:4]), digits[4:]
    elif format_name == "UPC-E":
        return _upc_e_modules(as_upc_e(digits) if len(digits) == 13 else digits)
    else:
        sets = FIRST_DIGIT[int(digits[0])]
        left = "".join(_SETS[s][int(d)] for s, d in zip(sets, digits[1:7], strict=True))
        right = digits[7:]
    return "101" + left + "01010" + "".join(C[int(d)] for d in right) + "101"


def _upc_e_modules(digits: str) -> str:
    sets = UPC_E_PARITY[int(digits[7])]
    if digits[0] == "1":
        sets = sets.translate(str.maketrans("AB", "BA"))
    return (
        "101" + "".join(_SETS[s][int(d)] for s, d in zip(sets, digits[1:7], strict=True)) + "010101"
    )


def as_ean13(upc_e: str) -> str:
    """Return the 13 digits that the eight of a UPC-E stand for (zeros were left out)."""
    system, six, check = upc_e[0], upc_e[1:7], upc_e[7]
    last = six[5]
    if last in "012":
        body = six[:2] + last + "0000" + six[2:5]
    elif last == "3":
        body = six[:3] + "00000" + six[3:5]
    elif last == "4":
        body = six[:4] + "00000" + six[4]
    else:
        body = six[:5] + "0000" + last
    return "0" + system + body + check


def as_upc_e(ean13: str) -> str:
    """Return the eight digits of the UPC-E that stands for these 13.

    Raises:
        ValueError: no UPC-E stands for them.
    """
    system, maker, item, check = ean13[1], ean13[2:7], ean13[7:12], ean13[12]
    candidates = (
        maker[:2] + item[2:] + maker[2],
        maker[:3] + item[3:] + "3",
        maker[:4] + item[4] + "4",
        maker + item[4],
    )
    for six in candidates:
        if as_ean13(system + six + check) == ean13:
            return system + six + check
    raise ValueError(ean13)
