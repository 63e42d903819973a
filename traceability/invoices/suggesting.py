"""Which product a line may be about, by its name: a proposal for a person, never a link.

Names are compared folded, by the words they share and by the order of their letters. A pack of
900 g is not the pack of 400 g, however alike the names are, so measures that differ weigh heavily.

>>> similarity("Sữa bột Ví Dụ 400g", "sua bot vi du 400g")
1.0
>>> similarity("Sữa bột Ví Dụ 400g", "Sữa bột Ví Dụ 900 g") < 0.5
True
>>> pack_size("Sữa ví dụ 400g (thùng 24 hộp)", "Thùng"), pack_size("Sữa ví dụ 400g", "Thùng")
(24, None)
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from sqlmodel import Session

from traceability.folding import fold, words
from traceability.invoices import link_repository

_MIN_SIMILARITY = 0.45
_CANDIDATES = 60
_RARE_WORDS = 8
_OTHER_MEASURE = 0.5
"""What is left of a similarity when the measures differ."""
_MEASURES: dict[str, tuple[str, Decimal]] = {
    "kg": ("g", Decimal(1000)), "g": ("g", Decimal(1)), "gr": ("g", Decimal(1)),
    "gram": ("g", Decimal(1)), "mg": ("g", Decimal("0.001")), "l": ("ml", Decimal(1000)),
    "lit": ("ml", Decimal(1000)), "ml": ("ml", Decimal(1)), "cl": ("ml", Decimal(10)),
}  # fmt: skip
_MEASURE = re.compile(rf"(\d+(?:[.,]\d+)?)\s*({'|'.join(_MEASURES)})\b")
_HOLDING = "thung|ket|loc|day|cay|bao|kien|bich|vi|hop|set|block|carton|case|box|pack"
_HELD = "hop|goi|chai|lon|cai|chiec|bich|tui|tuyp|ong|vien|vi|lo|loc|hu|ly|binh|bao|cay"
_COUNT = r"([1-9]\d{0,3})"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product whose name is like the one on the invoice: a proposal for a person."""

    product_id: int
    gtin: str
    name: str
    similarity: float
    """0 to 1, by shared words and order of letters of the folded names."""


def suggest(session: Session, name: str, limit: int = 5) -> list[Suggestion]:
    """Registered products whose names are like this one, the likest first."""
    wanted = words(name)
    if not wanted:
        return []
    # The longest words say most, and few words keep the statement small.
    rare = sorted(wanted, key=len, reverse=True)[:_RARE_WORDS]
    rows = link_repository.products_sharing_words(session, rare, _CANDIDATES)
    found = [
        Suggestion(product_id, gtin, title, similarity(name, f"{brand or ''} {title}"))
        for product_id, gtin, title, brand in rows
    ]
    likely = [suggestion for suggestion in found if suggestion.similarity >= _MIN_SIMILARITY]
    return sorted(likely, key=lambda s: (-s.similarity, s.gtin))[:limit]


def similarity(left: str, right: str) -> float:
    """How like two names are, 0 to 1.

    >>> similarity("Sữa bột Ví Dụ 400g", "Cà phê rang xay") < 0.3
    True
    """
    ours, theirs = words(left), words(right)
    if not ours or not theirs:
        return 0.0
    shared = 2 * len(set(ours) & set(theirs)) / (len(ours) + len(theirs))
    letters = SequenceMatcher(None, " ".join(ours), " ".join(theirs), autojunk=False).ratio()
    alike = (shared + letters) / 2
    here, there = measures(left), measures(right)
    if here and there and not here & there:
        alike *= _OTHER_MEASURE
    return round(alike, 3)


def measures(name: str) -> set[tuple[Decimal, str]]:
    """Weights in grams and volumes in millilitres that a name states.

    >>> measures("Nước mắm 0,5 lít") == measures("Nuoc mam 500ml")
    True
    """
    found = set()
    for number, measure in _MEASURE.findall(fold(name)):
        base, times = _MEASURES[measure]
        found.add(((Decimal(number.replace(",", ".")) * times).normalize(), base))
    return found


def pack_size(name: str, unit: str | None) -> int | None:
    """How many single packs one unit seems to hold by the name of the goods; None if it is silent.

    For a person to compare with the carton: whoever confirms it, confirms the number too.

    >>> pack_size("Bia ví dụ 24 lon/thùng 330ml", "thùng"), pack_size("Mì ví dụ 75g x 30", "Thùng")
    (24, 30)
    >>> pack_size("Sữa ví dụ (thùng 24 hộp)", "Hộp") is None
    True
    """
    holder = " ".join(fold(unit or "").split())
    if not re.fullmatch(_HOLDING, holder):
        return None
    text = fold(name)
    for pattern in (
        rf"{_COUNT}\s*(?:{_HELD})\s*/\s*{holder}\b",
        rf"\b{holder}\s*(?:x|=|:|/)?\s*{_COUNT}\s*(?:{_HELD})?\b(?!\s*(?:kg|g|gr|ml|l|lit)\b)",
        rf"\d\s*(?:kg|g|gr|ml|l|lit)\s*x\s*{_COUNT}\b(?!\s*(?:kg|g|gr|ml|l|lit)\b)",
        rf"\b{_COUNT}\s*x\s*\d+(?:[.,]\d+)?\s*(?:kg|g|gr|ml|l|lit)\b",
    ):
        found = re.search(pattern, text)
        if found and int(found[1]) > 1:
            return int(found[1])
    return None
