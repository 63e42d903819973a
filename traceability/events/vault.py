"""Secrets that must be read again are kept sealed: who has the database alone cannot use them.

A receiver's token signs every message to it: a digest would not do. It is encrypted (AES-256-GCM)
under a key made of the installation's secret, which lies outside the database; the row that it
belongs to is part of what is sealed, so that a token copied to another row does not open.

>>> vault = Vault(b"a secret of the installation")
>>> vault.open(vault.seal("token", "row 1"), "row 1")
'token'
"""

import base64
import binascii
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from traceability.errors import TraceabilityError

_NONCE = 12
"""Bytes, as NIST SP 800-38D recommends for GCM."""


class Vault:
    """Seals and opens texts."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(hashlib.sha256(b"nguon sealed tokens\0" + secret).digest())

    def seal(self, text: str, about: str) -> str:
        """The text in a form that only this installation opens, and only for `about`."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, text.encode(), about.encode())
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str, about: str) -> str:
        """The text that was sealed.

        Raises:
            TraceabilityError: `events.webhook-sealed`, sealed by another secret or for another row.
        """
        try:
            raw = base64.b64decode(sealed, validate=True)
            text = self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], about.encode())
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise TraceabilityError("events.webhook-sealed") from error
        return text.decode()
