r"""Write gs1/data/code_lists.tsv: the code lists that values of Application Identifiers draw on.

    python tools/make_gs1_code_lists.py PATH/TO/engine_lint.jsonl PATH/TO/pycountry/databases \
        > gs1/data/code_lists.tsv

The syntax tests of the Syntax Dictionary try every possible code of ISO 3166-1, ISO 4217, the
package types of UN/CEFACT Recommendation 21 and the AIDC media types; what they accept is the list
of that release. Which alphabetic code a numeric one has comes from the ISO lists that the package
pycountry carries. One row a list: its name, a tab, its codes separated by blanks; pairs as 704=VN.
"""

import collections
import datetime as dt
import json
import sys
from pathlib import Path

LISTS = ("iso3166", "iso3166alpha2", "iso4217", "mediatype", "packagetype")


PAIRS = (
    ("country", "iso3166-1.json", "3166-1", "alpha_2", "iso3166"),
    ("currency", "iso4217.json", "4217", "alpha_3", "iso4217"),
)


def pairs(folder: str, file: str, key: str, alpha: str, accepted: set[str]) -> list[str]:
    """Return numeric=alphabetic for every accepted numeric code the list has."""
    entries = json.loads((Path(folder) / file).read_text(encoding="utf-8"))[key]
    return sorted(
        f"{entry['numeric']}={entry[alpha]}" for entry in entries if entry["numeric"] in accepted
    )


def main(path: str, folder: str) -> None:
    """Print the lists with their source, release and date."""
    accepted = collections.defaultdict(set)
    for line in Path(path).read_text(encoding="utf-8").rstrip("\n").split("\n"):
        test = json.loads(line)
        if test["linter"] in LISTS and test["ok"]:
            accepted[test["linter"]].add(test["input"])
    print("# code lists of GS1 values; columns: see tools/make_gs1_code_lists.py")
    print("# source: syntax tests of the GS1 Barcode Syntax Dictionary (Apache-2.0)")
    print("# source of the pairs: ISO lists as carried by pycountry 26.2.16")
    print("# release: 2026-01-27")
    print(f"# made: {dt.datetime.now(dt.UTC).date()}")
    for name in LISTS:
        print(name, " ".join(sorted(accepted[name])), sep="\t")
    for name, file, key, alpha, numeric in PAIRS:
        print(name, " ".join(pairs(folder, file, key, alpha, accepted[numeric])), sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:3])
