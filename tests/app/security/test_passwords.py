import pytest

from app.security.passwords import MAX_LENGTH, MIN_LENGTH, hash_password, verify_password
from traceability.errors import InvalidError


def test_a_password_is_kept_as_an_argon2id_hash_with_its_own_salt() -> None:
    one, two = hash_password("mật khẩu đủ dài"), hash_password("mật khẩu đủ dài")
    assert one.startswith("$argon2id$")
    assert one != two
    assert verify_password("mật khẩu đủ dài", one)
    assert not verify_password("mật khẩu khác hẳn", one)


def test_where_there_is_no_account_no_password_is_right() -> None:
    assert not verify_password("nobody's password", None)


def test_what_is_no_hash_opens_nothing() -> None:
    assert not verify_password("anything at all", "plain text")
    assert not verify_password("", "")


@pytest.mark.parametrize("length", [0, MIN_LENGTH - 1, MAX_LENGTH + 1])
def test_a_password_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidError) as refused:
        hash_password("x" * length)
    assert refused.value.code == "identity.password-length"


@pytest.mark.parametrize("length", [MIN_LENGTH, MAX_LENGTH])
def test_the_shortest_and_the_longest_are_taken(length: int) -> None:
    assert verify_password("x" * length, hash_password("x" * length))
