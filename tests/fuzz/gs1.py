"""Any text at all: nothing but `Gs1Error` escapes, and what was read is written and read the same.

./run fuzz gs1 [--seconds N] [--folder DIR]

The inputs that reached new code are kept in the folder (var/fuzz/gs1), so a later run goes on where
this one ended; one that broke a rule is written there as crash-…, and ends the run.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path


def as_text(data: bytes) -> str:
    """Bytes as text; those that are no UTF-8 become surrogate halves, as from a broken sender."""
    return data.decode("utf-8", "surrogateescape")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=600)
    options.add_argument("--folder", type=Path, default=Path("var/fuzz/gs1"))
    given = options.parse_args()
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed: it has no wheel for this Python or this machine")
    # What is imported here is watched for new paths: our own code alone.
    with atheris.instrument_imports(include=["gs1"]):
        from tests.fuzz.gs1_rules import SEEDS, TOKENS, check

    def one_input(data: bytes) -> None:
        check(as_text(data))

    corpus, words = _prepared(given.folder, SEEDS, TOKENS)
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={given.seconds}",
            f"-artifact_prefix={given.folder}/",
            f"-dict={words}",
            "-max_len=400",
            "-timeout=10",
            str(corpus),
        ],
        one_input,
    )
    atheris.Fuzz()


def _prepared(folder: Path, seeds: Iterable[str], tokens: Iterable[str]) -> tuple[Path, Path]:
    """Return the corpus with the seeds in it, and the file of the words to put together."""
    corpus, words = folder / "corpus", folder / "words.txt"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed.encode("utf-8", "surrogatepass"))
    escaped = ("".join(f"\\x{byte:02X}" for byte in token.encode()) for token in tokens)
    words.write_text("".join(f'"{word}"\n' for word in escaped))
    return corpus, words


if __name__ == "__main__":
    main()
