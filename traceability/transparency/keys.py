"""The keys that sign the transparency log, kept as files outside the database.

    log-keys/0001.pub      name and public key, as anybody may have them
    log-keys/0002.pub
    log-keys/0002.pem      the private key in use, readable by the service's user alone
    log-keys/newest        the newest checkpoint that was signed with them

Whoever can write to the database still cannot sign, nor make the service sign another history: it
remembers here how long the log was. A rotation leaves the old public key, so that what it signed
can be checked, and deletes the old private one.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from traceability.transparency.note import LOG_KEY, Checkpoint, PublicKey, SigningKey

NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class LogKeys:
    signing: SigningKey
    public: tuple[PublicKey, ...]
    """Of every key there was, the oldest first."""
    folder: Path

    @property
    def origin(self) -> str:
        """The log's name: that of its first key, whatever address the service has today."""
        return self.signing.name

    @property
    def newest(self) -> Checkpoint | None:
        """The newest checkpoint that was signed here, whatever the database says; None before."""
        try:
            return Checkpoint.of_text((self.folder / NEWEST).read_text())
        except FileNotFoundError:
            return None

    def remember(self, point: Checkpoint) -> None:
        """Keep a checkpoint as the newest, once its transaction has ended."""
        part = self.folder / f"{NEWEST}.{os.getpid()}"  # several workers may share the folder
        part.write_text(point.text)
        part.replace(self.folder / NEWEST)


def forget_newest(folder: Path) -> None:
    """Set the remembered checkpoint aside, because an earlier state of the database is wanted."""
    newest = folder / NEWEST
    if newest.exists():
        newest.replace(folder / f"{NEWEST}.before-restore")


def log_keys(folder: Path, origin: str) -> LogKeys:
    """The keys in a folder; a first one is made where there is none, with `origin` as its name."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not list(folder.glob("*.pem")):
        _make(folder, 1, origin)
    public = tuple(PublicKey.parse(path.read_text()) for path in sorted(folder.glob("*.pub")))
    newest = max(folder.glob("*.pem"))
    private = load_pem_private_key(newest.read_bytes(), None)
    if not isinstance(private, Ed25519PrivateKey):
        msg = f"not an Ed25519 key: {newest}"
        raise TypeError(msg)
    return LogKeys(SigningKey(public[0].name, LOG_KEY, private), public, folder)


def rotate(folder: Path, keys: LogKeys) -> LogKeys:
    """Make the next key; the private key before it is deleted."""
    number = len(keys.public) + 1
    _make(folder, number, keys.origin)
    for path in folder.glob("*.pem"):
        if path.name != f"{number:04}.pem":
            path.unlink()
    return log_keys(folder, keys.origin)


def _make(folder: Path, number: int, origin: str) -> None:
    private = Ed25519PrivateKey.generate()
    key = SigningKey(origin, LOG_KEY, private)
    (folder / f"{number:04}.pub").write_text(f"{key.public}\n")
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # Last, in one step: a folder with a private key always has its public one.
    part = folder / f"{number:04}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    part.rename(folder / f"{number:04}.pem")
