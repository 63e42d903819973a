"""The virtual environment `.venv`: made once, from pinned and hashed packages, and kept up to date.

A mark is written last, so an interrupted set-up has none and starts afresh. The mark is the digest
of all that the environment depends on: requirements, Python, place. While it agrees, nothing is
asked of anybody, which is what makes the second start quick; once it does not, the environment is
made anew, so that it never holds what an older list of requirements left behind.
"""

import hashlib
import importlib.util
import shutil
import sys
from pathlib import Path

from .console import step
from .system import install

ROOT = Path(__file__).resolve().parents[2]
PURPOSES = ("run", "test")
"""What an environment can be for; each has its file in requirements/."""


class Environment:
    """One virtual environment of one tree."""

    def __init__(self, root: Path = ROOT) -> None:
        self.requirements = root / "requirements"
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"

    def is_ready(self, purpose: str) -> bool:
        """Whether everything for `purpose` (`run` or `test`) is installed as it is pinned today."""
        mark = self._mark(purpose)
        return mark.is_file() and mark.read_text() == self.digest(purpose)

    def make_ready(self, purpose: str) -> None:
        """Install for `purpose` what is missing; the requirements of `test` include those of `run`.

        Raises:
            StepError: A package could not be installed.
        """
        if self.is_ready(purpose):
            return
        if not any(self.is_ready(other) for other in PURPOSES):
            self._make()
        self._install_packages(purpose)
        for name in {"run", purpose}:
            self._mark(name).write_text(self.digest(name))

    def digest(self, purpose: str) -> str:
        """What the environment depends on, as one hexadecimal number."""
        seen = hashlib.sha256((self.requirements / f"{purpose}.txt").read_bytes())
        seen.update(f"{sys.version} {sys.base_prefix} {self.folder}".encode())
        return seen.hexdigest()

    def _mark(self, purpose: str) -> Path:
        return self.folder / f"ready-for-{purpose}"

    def _make(self) -> None:
        """Make an empty environment where there was none, or half of one."""
        need_venv_module()
        shutil.rmtree(self.folder, ignore_errors=True)
        # An activated environment must not become the parent of this one: it may be this one.
        python = getattr(sys, "_base_executable", sys.executable)
        step(
            f"virtual environment, Python {sys.version.split()[0]}",
            [python, "-m", "venv", self.folder],
        )

    def _install_packages(self, purpose: str) -> None:
        pins = self.requirements / f"{purpose}.txt"
        count = sum("==" in line for line in pins.read_text().splitlines())
        options = ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
        command = [self.python, "-m", "pip", "install", *options, "--require-hashes", "-r", pins]
        step(f"{count} Python packages for {purpose!r} (pip)", command)


def need_venv_module() -> None:
    """Debian and Ubuntu leave half of venv out of python3; fetch it or say how."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = f"python3.{sys.version_info.minor}-venv"
    if not install(package):
        sys.exit(f"This Python cannot make virtual environments. As root: apt install {package}")
