"""`./run`: from a bare machine to a running Nguồn, and to tested code, with one command each.

./run [--port N] [--host ADDRESS] [--data DIR]
    Set up what is missing, bring the database up to date, load the demo data once and serve.
./run test [PATH...]
    Every check and every test; with paths or options, pytest alone with these.
./run bench NAME [--json]
    One measurement of bench/.
./run fuzz NAME [OPTION...]
    One fuzzer of tests/fuzz/.
./run nguon COMMAND...
    Nguồn's own command line, for example: ./run nguon --help
./run --setup-only
    Install and stop.

The environment is .venv; the data lie in var/ unless --data or NGUON_DATA names another folder.
Set NGUON_APT=no to keep the set-up from installing system packages.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from setup import checks, system
from setup.console import StepError, say
from setup.environment import ROOT, Environment

DATA = Path(os.environ.get("NGUON_DATA", ROOT / "var"))


def main(arguments: list[str]) -> int:
    """Do what the command line asks for; most ways end in another program taking over."""
    commands = {"test": test, "bench": bench, "fuzz": fuzz, "nguon": nguon}
    first = arguments[0] if arguments else ""
    if first in ("--help", "-h", "help"):
        print(__doc__.strip())
        return 0
    return commands[first](arguments[1:]) if first in commands else start(arguments)


def start(arguments: list[str]) -> int:
    options = _start_options(arguments)
    environment = set_up("run")
    if options.setup_only:
        return 0
    if not system.has_zbar():
        say("Going on without zbar, the second barcode engine (to add it: apt install libzbar0)")
    where = ["--host", options.host, "--port", str(options.port), "--data", str(options.data)]
    return hand_over(environment, ["start", *where])


def _start_options(arguments: list[str]) -> argparse.Namespace:
    usage = "./run [--port N] [--host ADDRESS] [--data DIR] [--setup-only]; more: ./run --help"
    parser = argparse.ArgumentParser(usage=usage, add_help=False, allow_abbrev=False)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--setup-only", action="store_true")
    return parser.parse_args(arguments)


def test(arguments: list[str]) -> int:
    environment = set_up("test")
    if arguments:
        return become(environment.python, ["-m", "pytest", *map(absolute, arguments)], ROOT)
    system.need_chromium()
    return checks.run_all(environment, ROOT)


def bench(arguments: list[str]) -> int:
    return _module("bench", arguments)


def fuzz(arguments: list[str]) -> int:
    return _module("tests.fuzz", arguments)


def _module(package: str, arguments: list[str]) -> int:
    folder = ROOT.joinpath(*package.split("."))
    names = sorted(path.stem for path in folder.glob("[!_]*.py") if "__main__" in path.read_text())
    if not arguments or arguments[0] not in names:
        say(f"Name one of {package}: {', '.join(names) or 'there is none'}")
        return 2
    environment = set_up("test")
    return become(environment.python, ["-m", f"{package}.{arguments[0]}", *arguments[1:]], ROOT)


def nguon(arguments: list[str]) -> int:
    return hand_over(set_up("run"), arguments)


def set_up(purpose: str) -> Environment:
    """Make the environment ready for `run` or `test`, in an instant where it already is."""
    environment = Environment()
    if not environment.is_ready(purpose):
        say(f"Setting up {environment.folder} (once; some minutes on a slow line)")
        system.need_zbar()
        environment.make_ready(purpose)
    return environment


def hand_over(environment: Environment, arguments: list[str]) -> int:
    """Become Nguồn's command line in the caller's folder, so that relative paths are the caller's.

    -P keeps a folder `app` that the caller may have from being taken for ours.
    """
    os.environ |= {"PYTHONPATH": str(ROOT), "NGUON_DATA": str(DATA)}
    return become(environment.python, ["-P", "-m", "app", *arguments], Path.cwd())


def become(python: Path, arguments: list[str], folder: Path) -> NoReturn:
    """Replace this process, so that signals and the exit status are the other program's own."""
    os.chdir(folder)
    sys.stdout.flush()
    os.execv(python, [str(python), *arguments])


def absolute(argument: str) -> str:
    """A path of the caller's folder made absolute; anything else as it is."""
    name, separator, test_id = argument.partition("::")
    path = Path(name)
    return f"{path.resolve()}{separator}{test_id}" if name and path.exists() else argument


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except StepError as failure:
        sys.exit(f"The set-up stopped at: {failure}. ./run tries again.")
    except KeyboardInterrupt:
        sys.exit(130)
