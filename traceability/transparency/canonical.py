"""The one spelling of a leaf's facts: JSON by RFC 8785, for the values that leaves hold.

Text, whole numbers, booleans, null, lists and objects; times and quantities are written as text
before, so that no reader's idea of a float comes in.

>>> canonical({"b": 1, "a": ["ồ", None]}).decode()
'{"a":["ồ",null],"b":1}'
"""

import json
from typing import Any

_EXACT = 2**53
"""Whole numbers beyond it are not the same in every reader (RFC 8785 section 3.2.2.3)."""


def canonical(value: Any) -> bytes:
    """The bytes that are hashed.

    Raises:
        TypeError: a value of another kind, or a number that not every reader knows exactly.
    """
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def _ordered(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int() if -_EXACT < value < _EXACT:
            return value
        case dict():
            # RFC 8785 section 3.2.3: by UTF-16 units, which differs from Python beyond U+FFFF.
            keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
            return {key: _ordered(value[key]) for key in keys}
        case list() | tuple():
            return [_ordered(part) for part in value]
    msg = f"a leaf cannot hold {type(value).__name__}"
    raise TypeError(msg)
