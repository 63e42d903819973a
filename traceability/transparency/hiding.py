"""Salted commitments: what a leaf stands for without saying it.

Leaves and their hashes are public, and whoever knows all of a record but one name or amount could
try every one of them. So what not everybody may know is hashed with a random salt that stays
beside the entry: who may see the record is given the salt and checks the commitment, nobody else
can. Without its salt a commitment says nothing, also of a person whose data were erased.

>>> facts = {"decided_at": None, "reason": Hidden("nghỉ kinh doanh")}
>>> committed(facts, b"0" * 16)["reason"]["salted_sha256"][:16]
'a98cca6a6bd03ca2'
>>> revealed(facts)
{'reason': 'nghỉ kinh doanh'}
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from traceability.transparency.canonical import canonical

SALT_SIZE = 16
"""Bytes."""
NAME = "salted_sha256"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A value that a leaf commits to, and does not hold."""

    value: Any


def commitment(salt: bytes, name: str, value: Any) -> str:
    """SHA-256 over the salt and the canonical JSON of the named value, hexadecimal."""
    return hashlib.sha256(salt + canonical({name: value})).hexdigest()


def committed(facts: Mapping[str, Any], salt: bytes) -> dict[str, Any]:
    """The facts as the leaf has them."""
    return {
        name: {NAME: commitment(salt, name, value.value)} if isinstance(value, Hidden) else value
        for name, value in facts.items()
    }


def revealed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What of the facts is hidden in the leaf."""
    return {name: value.value for name, value in facts.items() if isinstance(value, Hidden)}
