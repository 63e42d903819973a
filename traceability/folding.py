"""Text without marks and case, so that a search finds what a person means.

>>> fold("Sâm Ngọc Linh, Đắk Tô")
'sam ngoc linh, dak to'
>>> words("Cà-phê  ĐẮK HÀ 500g")
['ca', 'phe', 'dak', 'ha', '500g']
"""

import re
import unicodedata

_WORD = re.compile(r"\w+")
# đ and Đ carry no combining mark: Unicode decomposition leaves them as they are.
_D_WITH_STROKE = str.maketrans("đĐ", "dD")


def fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.translate(_D_WITH_STROKE))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def words(text: str) -> list[str]:
    """The distinct folded words of a text, in order."""
    return list(dict.fromkeys(_WORD.findall(fold(text))))
