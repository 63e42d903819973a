import re

from app.security import tokens


def test_a_token_is_256_random_bits_that_fit_an_address() -> None:
    made = {tokens.new_token() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in made)


def test_a_digest_is_always_the_same_and_takes_any_text() -> None:
    assert tokens.digest("a") == tokens.digest("a") != tokens.digest("b")
    assert len(tokens.digest("\ud800")) == 64


def test_a_keyed_hash_depends_on_key_purpose_and_value() -> None:
    made = {
        tokens.keyed_hash(secret, purpose, value)
        for secret in (b"one", b"two") for purpose in ("csrf", "device") for value in ("a", "b")
    }  # fmt: skip
    assert len(made) == 8
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in made)
