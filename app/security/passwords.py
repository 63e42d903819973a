"""Passwords: argon2id with the library's defaults (RFC 9106, low-memory profile)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from traceability.errors import InvalidError

MIN_LENGTH = 12
MAX_LENGTH = 200

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Checked where there is no such account: the answer takes as long as for a wrong password.

    Made when first needed, because it takes a tenth of a second, which no command should wait for.
    """
    return _hasher.hash("nobody's password")


def hash_password(password: str, field: str = "password") -> str:
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise InvalidError.of(
            field, "identity.password-length", minimum=MIN_LENGTH, maximum=MAX_LENGTH
        )
    return _hasher.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    try:
        return _hasher.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
