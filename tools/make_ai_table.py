"""Write gs1/data/application_identifiers.tsv from a copy of the GS1 Barcode Syntax Dictionary.

    python tools/make_ai_table.py gs1-syntax-dictionary.txt > gs1/data/application_identifiers.tsv

One row a range of Application Identifiers, tab-separated, eight columns:

    AIs          01 or 3100-3105
    separator    F fixed length, no FNC1 after it; S a separator is needed unless it comes last
    link         K Digital Link primary key, A data attribute, B both, - neither
    components   space-separated; N14:csum = exactly 14 digits then linter csum; X1-20 = 1 to 20;
                 a trailing ? = may be absent
    excludes     AIs or patterns (310n) that must not stand beside it, comma-separated
    requires     rules separated by blanks, each of alternatives separated by commas, each of
                 AIs joined by +
    qualifiers   Digital Link qualifier orders: 22,10,21|235
    title        the data title
"""

import datetime as dt
import re
import sys
from pathlib import Path

ROW = re.compile(
    r"(?P<ai>\d{2,4}(?:-\d{2,4})?)\s+(?P<flags>[*?!]*)\s*(?P<spec>[NXYZ\[].*?)\s*(?:#\s(?P<title>.*))?$"
)
COMPONENT = re.compile(r"(\[)?([NXYZ])(\.\.)?(\d+)(\])?((?:,\w+)*)$")
RELEASE = re.compile(r"#\s*Release:\s*(\S+)")


def component(word: str) -> str:
    """Return our notation of one component: ``[N..12]`` becomes ``N1-12?``."""
    opening, kind, variable, length, _closing, linters = COMPONENT.match(word).groups()
    size = f"1-{length}" if variable else length
    return f"{kind}{size}{'?' if opening else ''}{linters.replace(',', ':')}"


def row(line: str) -> str:
    """Return one row of our table for one line of the dictionary."""
    found = ROW.match(line)
    words = found["spec"].split()
    attributes = [word for word in words if re.match(r"(req|ex|dlpkey)(=|$)", word)]
    components = [component(word) for word in words if word not in attributes]
    key = [a for a in attributes if a.startswith("dlpkey")]
    link = {(True, True): "B", (True, False): "K", (False, True): "A", (False, False): "-"}
    return "\t".join(
        (
            found["ai"],
            "F" if "*" in found["flags"] else "S",
            link[bool(key), "?" in found["flags"]],
            " ".join(components),
            ",".join(a[3:] for a in attributes if a.startswith("ex=")),
            " ".join(a[4:] for a in attributes if a.startswith("req=")),
            "".join(a[7:] for a in key),
            (found["title"] or "").strip(),
        )
    )


def main(path: str) -> None:
    """Print the whole table with its source, release and date."""
    text = Path(path).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    print("# GS1 Application Identifiers; columns: see tools/make_ai_table.py")
    print("# source: GS1 Barcode Syntax Dictionary (Apache-2.0)")
    print(f"# release: {RELEASE.search(text)[1]}")
    print(f"# made: {dt.datetime.now(dt.UTC).date()}")
    for line in lines:
        print(row(line))


if __name__ == "__main__":
    main(sys.argv[1])
