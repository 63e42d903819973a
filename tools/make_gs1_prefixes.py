"""Write the two tables of GS1 prefixes from the lists that the package biip carries (Apache-2.0).

    python tools/make_gs1_prefixes.py PATH/TO/biip/gs1_prefixes VERSION DATE

gs1/data/gs1_prefixes.tsv: who uses each range of prefixes: first, last, kind, organisation.

gs1/data/company_prefixes.bin: how long a company prefix is, for every number. Zlib over
little-endian 64-bit words ``first << 4 | length`` in ascending order, `first` a 12-digit number; a
word holds up to the next one; length 0 means that no company prefix of the list covers the range.
"""

import array
import json
import lzma
import re
import sys
import zlib
from pathlib import Path

KINDS = (
    ("within a geographic region", "restricted-region"),
    ("within a company", "restricted-company"),
    ("Unused to avoid collision", "invalid"),
    ("for future", "reserved"),
    ("emonstration", "demonstration"),
    ("General Manager", "epc-manager"),
    ("ISSN", "issn"),
    ("ISBN", "isbn"),
    ("efund", "refund"),
    ("oupon", "coupon"),
    ("GTIN-8", "gtin-8"),
)
HOLDERS = {
    "issn": "ISSN International Centre",
    "isbn": "International ISBN Agency",
    "gtin-8": "GS1 Global Office",
    "demonstration": "GS1 Global Office",
    "epc-manager": "GS1 Global Office",
}
ORGANISATION = re.compile(r"GS1 (?!coupon|Restricted)[^(]+?(?= reserved| for future| \(|$)")


def leaves(node, path=""):
    """Yield the path and the value of every leaf of a trie of dicts by digit."""
    if isinstance(node, dict):
        for digit in sorted(node):
            yield from leaves(node[digit], path + digit)
    else:
        yield path, node


def load(path):
    """Return the leaves of a compressed trie."""
    with lzma.open(path) as file:
        return list(leaves(json.load(file)))


def prefix_rows(entries):
    """Yield first, last, kind, organisation; neighbours that say the same are one row."""
    merged = []
    for prefix, (_, usage) in entries:
        kind = next((kind for word, kind in KINDS if word in usage), "company")
        named = ORGANISATION.search(usage)
        organisation = HOLDERS.get(kind) or (named[0] if named else "")
        last = merged[-1] if merged else None
        longer = max(len(last[1]), len(prefix)) if last else 0
        follows = last and int(last[1].ljust(longer, "9")) + 1 == int(prefix.ljust(longer, "0"))
        if follows and last[2:] == [kind, organisation]:
            last[1] = prefix  # the ends may have different lengths: 0000100 follows 0000099
        else:
            merged.append([prefix, prefix, kind, organisation])
    return merged


def company_words(entries):
    """Return the ascending words of the company table."""
    words, position = [], 0
    for prefix, length in sorted(entries, key=lambda entry: entry[0].ljust(12, "0")):
        first = int(prefix.ljust(12, "0"))
        if first > position:
            words.append((position, 0))
        words.append((first, length))
        position = first + 10 ** (12 - len(prefix))
    words.append((position, 0))
    kept = [word for at, word in enumerate(words) if not at or words[at - 1][1] != word[1]]
    return [first << 4 | length for first, length in kept]


def main(folder: str, version: str, date: str) -> None:
    """Write both tables."""
    data = Path(__file__).resolve().parents[1] / "gs1" / "data"
    source = (
        f"# source: prefix lists of GS1 as carried by biip {version} (Apache-2.0)\n# date: {date}\n"
    )
    rows = prefix_rows(load(Path(folder) / "_prefix_trie.json.lzma"))
    head = "# GS1 prefixes; columns: see tools/make_gs1_prefixes.py\n" + source
    text = head + "".join("\t".join(row) + "\n" for row in rows)
    (data / "gs1_prefixes.tsv").write_text(text, encoding="utf-8")
    entries = load(Path(folder) / "_company_prefix_trie.json.lzma")
    words = array.array("Q", company_words(entries))
    if sys.byteorder == "big":
        words.byteswap()
    (data / "company_prefixes.bin").write_bytes(zlib.compress(words.tobytes(), 9))
    print(f"{len(rows)} prefix ranges, {len(entries)} company prefixes in {len(words)} words")


if __name__ == "__main__":
    main(*sys.argv[1:4])
