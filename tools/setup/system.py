"""What the operating system has to give: packages from apt where that is allowed, else a sentence.

Packages are installed as root or with a `sudo` that asks nothing. `NGUON_APT=no` forbids both.
"""

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import sys
from functools import cache

from .console import StepError, say, step

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def has_zbar() -> bool:
    """Whether the zbar library can be loaded; no Linux wheel brings it along."""
    name = "libzbar.so.0" if sys.platform == "linux" else ctypes.util.find_library("zbar")
    return bool(name) and _loads(str(name))


def _loads(library: str) -> bool:
    try:
        return bool(ctypes.CDLL(library))
    except OSError:
        return False


def need_zbar() -> None:
    """Install zbar where that is allowed: worth having, not worth stopping for."""
    if not has_zbar():
        install("libzbar0")


def has_chromium() -> bool:
    """The browser, and on Linux the library without which its driver does not start."""
    driven = sys.platform != "linux" or _loads("libatomic.so.1")
    return driven and any(shutil.which(name) for name in CHROMIUM_NAMES)


def need_chromium() -> None:
    """Install the browser of the end-to-end tests, and letters for it to draw."""
    if not has_chromium():
        install("chromium", "fonts-liberation", "libatomic1")


def install(*packages: str) -> bool:
    """Install Debian packages where that is allowed and says whether it was done."""
    prefix = _apt_prefix()
    if prefix is None:
        return False
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
    apt += ["-o", "DPkg::Lock::Timeout=120"]
    try:
        _update(*apt)
        step(f"{' '.join(packages)} (apt)", [*apt, "install", "--no-install-recommends", *packages])
    except StepError as failure:
        say(f"  apt could not: {failure}")
        return False
    return True


@cache
def _update(*apt: str) -> None:
    """Fetch the package lists, once: a fresh image has none, and old ones name what is gone."""
    step("package lists (apt-get update)", [*apt, "update"])


def _apt_prefix() -> list[str] | None:
    """The words before a command that make it run as root; None where there is no way."""
    if not shutil.which("apt-get") or os.environ.get("NGUON_APT") == "no":
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and not _status("sudo", "-n", "true"):
        return ["sudo", "-n"]
    return None


def _status(*command: str) -> int:
    return subprocess.run(command, capture_output=True, check=False).returncode
