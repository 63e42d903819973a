"""A photograph of a pack, and the codes to choose from."""

import io

import pytest
from PIL import Image

from app.web.choosing import choices_of
from scanner import Reading, Symbol, Unconfirmed
from scanner.render import render_ean13
from tests.app.web.conftest import GTIN, UNKNOWN_GTIN, Goods, Visitor, text_of

HOSTS = frozenset({"nguon.example", "id.gs1.org"})
CORNERS = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def symbol(text: str, format_name: str = "QR Code", identifier: str | None = None) -> Symbol:
    return Symbol(format_name, text, text.encode(), identifier, CORNERS, 1.0, ("test",))


def picture(*symbols: Symbol, doubtful: tuple[Symbol, ...] = ()) -> Reading:
    unconfirmed = tuple(Unconfirmed(each, "profile-disagrees") for each in doubtful)
    return Reading(symbols, unconfirmed, 100, 100, 1.0)


def pack_of(*numbers: str) -> bytes:
    """A photograph of several packs, one below the other."""
    labels = [
        Image.open(io.BytesIO(render_ean13(number, "png"))).convert("RGB") for number in numbers
    ]
    width, height = labels[0].width + 200, sum(label.height + 100 for label in labels)
    canvas = Image.new("RGB", (width, height), "white")
    for place, label in enumerate(labels):
        canvas.paste(label, (100, 50 + place * (label.height + 100)))
    file = io.BytesIO()
    canvas.save(file, "JPEG", quality=90)
    return file.getvalue()


def photograph(visitor: Visitor, data: bytes):  # type: ignore[no-untyped-def]
    return visitor.send("/", "/check", files={"photo": ("pack.jpg", data, "image/jpeg")})


def test_one_code_leads_to_its_page(visitor: Visitor) -> None:
    answer = photograph(visitor, pack_of(GTIN[1:]))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/01/{GTIN}")


def test_several_codes_are_numbered_on_the_picture(visitor: Visitor) -> None:
    answer = photograph(visitor, pack_of(GTIN[1:], UNKNOWN_GTIN))
    assert "Trong ảnh có 2 mã." in text_of(answer)
    assert answer.text.count("<polygon") == 2
    assert f'href="/01/{GTIN}"' in answer.text
    assert "data:image/jpeg;base64," in answer.text


def test_a_picture_without_a_code_is_helped_along(visitor: Visitor) -> None:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "grey").save(file, "PNG")
    answer = photograph(visitor, file.getvalue())
    assert answer.status_code == 422
    assert "Chưa tìm thấy mã trong ảnh" in answer.text


@pytest.mark.parametrize("data", [b"no picture", b""])
def test_what_is_no_picture_is_said_beside_the_field(visitor: Visitor, data: bytes) -> None:
    answer = photograph(visitor, data)
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text


def test_a_photograph_needs_the_token_of_the_page(visitor: Visitor) -> None:
    answer = visitor.send("/", "/check", files={"photo": ("a", b"x")}, csrf_token="wrong")
    assert answer.status_code == 403


def test_a_bare_gtin_is_left_out_beside_a_code_with_more_to_it() -> None:
    link = f"https://nguon.example/01/{GTIN}/10/L1/21/SN1"
    choices = choices_of(picture(symbol(GTIN[1:], "EAN-13", "]E0"), symbol(link)), HOSTS)
    assert [choice.address for choice in choices] == [f"/01/{GTIN}/10/L1/21/SN1"]


def test_the_same_code_twice_is_one_choice() -> None:
    twice = symbol(GTIN[1:], "EAN-13", "]E0")
    assert len(choices_of(picture(twice, twice), HOSTS)) == 1


def test_a_link_of_another_host_keeps_its_host() -> None:
    link = f"https://ngu0n.example/01/{GTIN}"
    (choice,) = choices_of(picture(symbol(link)), HOSTS)
    assert choice.address.startswith("/check?code=https%3A%2F%2Fngu0n.example%2F01%2F")


def test_a_code_of_another_kind_is_looked_up_as_text() -> None:
    (choice,) = choices_of(picture(symbol("WIFI:S:shop;;")), HOSTS)
    assert choice.address == "/check?code=WIFI%3AS%3Ashop%3B%3B"
    assert choice.elements == ()


def test_a_doubtful_read_has_to_be_compared_first() -> None:
    (choice,) = choices_of(picture(doubtful=(symbol(GTIN[1:], "EAN-13", "]E0"),)), HOSTS)
    assert not choice.sure


def test_the_product_of_a_photograph_is_shown_at_the_end(visitor: Visitor, goods: Goods) -> None:
    address = photograph(visitor, pack_of(GTIN[1:])).headers["location"]
    assert "Trà minh họa" in visitor.get(address).text
