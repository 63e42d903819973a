import hashlib

import pytest
from sqlmodel import Session

from tests.traceability.registry.makers import ADMIN, a_party, a_product, member
from traceability.errors import ForbiddenError, InvalidError
from traceability.registry import photos, products, repository

PICTURE = b"\xff\xd8 example"


def test_a_product_has_one_picture_and_its_digest(session: Session) -> None:
    own = a_party(session)
    product = a_product(session, own)
    for data in (PICTURE, PICTURE + b"2"):
        photos.set_photo(session, member(own), product, "image/jpeg", data)
    kept = repository.photo(session, product.id or 0)
    assert kept is not None
    assert (kept.data, kept.digest) == (data, hashlib.sha256(data).hexdigest())
    assert products.describe(session, [product])[0].photo == kept.digest


@pytest.mark.parametrize(
    ("media_type", "data", "code"),
    [
        ("image/svg+xml", PICTURE, "registry.photo-type"),
        ("image/jpeg", b"", "registry.photo-size"),
        ("image/jpeg", b"\0" * (photos.MAX_BYTES + 1), "registry.photo-size"),
    ],
)
def test_a_picture_is_of_a_known_kind_and_size(
    session: Session, media_type: str, data: bytes, code: str
) -> None:
    product = a_product(session, a_party(session))
    with pytest.raises(InvalidError) as refused:
        photos.set_photo(session, ADMIN, product, media_type, data)
    assert refused.value.code == code


def test_nobody_sets_the_picture_of_anothers_product(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    product = a_product(session, own)
    with pytest.raises(ForbiddenError, match=r"registry\.not-your-product"):
        photos.set_photo(session, member(other), product, "image/jpeg", PICTURE)
