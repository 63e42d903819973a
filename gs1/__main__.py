"""Read codes from the command line: ``python -m gs1 CODE …``, or questions: ``--jsonl``."""

from __future__ import annotations

import sys

from gs1 import jsonl
from gs1.errors import Gs1Error
from gs1.reading import read


def main(arguments: list[str]) -> int:
    """Answer the questions on standard input, or read the codes given; return the exit status."""
    if arguments == ["--jsonl"]:
        for line in sys.stdin.buffer:
            print(jsonl.answer_line(line), flush=True)
        return 0
    if not arguments or arguments[0].startswith("-"):
        print("usage: python -m gs1 CODE ... | python -m gs1 --jsonl", file=sys.stderr)
        return 2
    status = 0
    for code in arguments:
        try:
            print(*read(code).hri(titles=True), sep="\n")
        except Gs1Error as error:
            print(error, file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
