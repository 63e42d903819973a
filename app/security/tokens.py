"""Random tokens and their digests: the database never holds what would open a door."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """256 random bits, 43 characters that are safe in a URL."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256, hexadecimal. No salt: the token itself is random."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_hash(secret: bytes, purpose: str, value: str) -> str:
    """A hash that only this installation can make, 32 hexadecimal digits."""
    message = f"{purpose}:{value}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:32]
