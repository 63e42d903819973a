"""What a Digital Link is about, level by level: this item, its lot, the product.

>>> import gs1
>>> reading = gs1.read("https://id.gs1.org/01/09521101000016/10/L1/21/S1?17=271231")
>>> levels(reading.elements)
('/01/09521101000016/10/L1/21/S1', '/01/09521101000016/10/L1', '/01/09521101000016')
"""

from collections.abc import Iterable

import gs1
from gs1 import digital_link
from gs1.element_string import ElementString


def levels(elements: Iterable[ElementString], issued_in: str | None = None) -> tuple[str, ...]:
    """Anchors from the most special to the primary key; a query's attributes are none.

    `issued_in` is the lot that the register knows a serial to be of, where the link names none.
    """
    path = digital_link.build(elements, "").partition("?")[0]
    steps = path.split("/")[1:]
    found = ["/" + "/".join(steps[:end]) for end in range(len(steps), 0, -2)]
    if issued_in is not None and "/10/" not in path:
        found.insert(-1, digital_link.build([*_key(found[-1]), ElementString("10", issued_in)], ""))
    return tuple(found)


def _key(anchor: str) -> tuple[ElementString, ...]:
    return gs1.read("https://id.gs1.org" + anchor).elements
