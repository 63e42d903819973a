"""One spelling for one meaning (RFC 8785)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from traceability.transparency.canonical import canonical


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ({"z": {"y": [], "x": (1, "2")}}, '{"z":{"x":[1,"2"],"y":[]}}'),
        ("Sâm\n\"Ngọc\" Linh/\\\x1f", '"Sâm\\n\\"Ngọc\\" Linh/\\\\\\u001f"'),
        ([True, False, None, -5], "[true,false,null,-5]"),
        # The order of RFC 8785 section 3.2.3, by UTF-16 units: U+1F600 comes before U+FB33.
        ({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "1": 4},
         '{"1":4,"\u20ac":3,"\U0001f600":2,"\ufb33":1}'),
    ],
)  # fmt: skip
def test_a_value_has_one_spelling(value: Any, written: str) -> None:
    assert canonical(value).decode() == written


@pytest.mark.parametrize("value", [1.5, Decimal(1), date(2026, 1, 1), b"", {1, 2}, 2**53, [2.0]])
def test_what_readers_could_spell_differently_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)
