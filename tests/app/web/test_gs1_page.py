"""The page that explains a code."""

from urllib.parse import quote

import pytest

from tests.app.web.conftest import GTIN, Goods, Visitor, text_of

PRINTED = GTIN[1:]
WRONG = PRINTED[:-1] + str((int(PRINTED[-1]) + 1) % 10)


def page(visitor: Visitor, code: str, language: str = "vi") -> str:
    answer = visitor.get(f"/gs1?code={quote(code, safe='')}", accept_language=language)
    assert answer.status_code == 200
    return answer.text


def words(visitor: Visitor, code: str, language: str = "vi") -> str:
    answer = visitor.get(f"/gs1?code={quote(code, safe='')}", accept_language=language)
    return text_of(answer)


def test_the_page_asks_for_a_code_and_shows_examples(visitor: Visitor) -> None:
    answer = visitor.get("/gs1")
    assert answer.status_code == 200
    assert 'name="code"' in answer.text
    assert "Ví dụ" in text_of(answer)


def test_the_home_page_and_a_verdict_lead_to_it(visitor: Visitor, goods: Goods) -> None:
    assert 'href="/gs1"' in visitor.get("/").text
    code = quote(f"https://nguon.example/01/{GTIN}", safe="")
    assert f'href="/gs1?code={code}"' in visitor.get(f"/01/{GTIN}").text


def test_an_empty_code_is_asked_for_beside_the_field(visitor: Visitor) -> None:
    answer = visitor.get("/gs1?code=%20")
    assert answer.status_code == 422
    assert text_of(answer).count("Chưa có mã.") == 2


def test_each_part_is_told_in_words_of_both_languages(visitor: Visitor) -> None:
    code = f"(01){GTIN}(17)271231(10)LOT7(422)704"
    vietnamese, english = words(visitor, code), words(visitor, code, "en")
    assert "(17) Hạn sử dụng USE BY or EXPIRY 271231 · 31/12/2027" in vietnamese
    assert "(422) Nước xuất xứ ORIGIN 704 · Việt Nam" in vietnamese
    assert "(17) Expiry date USE BY or EXPIRY 271231 · 31 December 2027" in english
    assert f"https://id.gs1.org/01/{GTIN}/10/LOT7?17=271231&422=704" in english


def test_it_says_that_a_right_code_says_nothing_about_the_goods(visitor: Visitor) -> None:
    text = words(visitor, GTIN, "en")
    assert "The code is well formed" in text
    assert "That says nothing about the goods." in text


def test_the_offending_part_is_marked_in_the_text_and_named_in_words(visitor: Visitor) -> None:
    code = f"(01){GTIN}(17)271331"
    assert "(17)27<mark>13</mark>31" in page(visitor, code)
    assert "Characters 25 to 26 · application identifier 17" in words(visitor, code, "en")


def test_the_good_parts_of_a_wrong_code_are_shown(visitor: Visitor) -> None:
    text = words(visitor, f"(01){GTIN}(17)271331", "en")
    assert "What could be read (01) Product number (GTIN)" in text
    assert "in other forms" not in text


def test_suggestions_are_links_to_try_and_registered_ones_are_marked(
    visitor: Visitor, goods: Goods
) -> None:
    body = page(visitor, WRONG, "en")
    assert f'href="/gs1?code={PRINTED}"' in body
    assert text_of(visitor.get(f"/gs1?code={WRONG}")).count("Có trong dữ liệu sản phẩm") == 1


def test_nothing_is_corrected_in_silence(visitor: Visitor, goods: Goods) -> None:
    body = page(visitor, WRONG, "en")
    assert f'value="{WRONG}"' in body
    assert "There is an error in the code" in body


def test_digits_of_a_wrong_length_hear_of_their_number(visitor: Visitor) -> None:
    assert "a product number has 8, 12, 13 or 14 digits" in words(visitor, "12345", "en")


def test_a_separator_is_shown_as_it_may_be_typed(visitor: Visitor) -> None:
    body = page(visitor, f"01{GTIN}10A\x1d21B")
    assert f'value="01{GTIN}10A^21B"' in body
    assert f'value="]d201{GTIN}10A\x1d21B"' in page(visitor, f"]d201{GTIN}10A\x1d21B")


def test_repairs_of_a_link_are_told(visitor: Visitor) -> None:
    text = words(visitor, f"https://a.vn/gtin/{GTIN}/?linkType=pip", "en")
    assert "The name gtin in the link was read as (01)" in text
    assert "Not a part of the code linkType=pip" in text


@pytest.mark.parametrize(
    "code",
    [
        "1" * 9000,
        "(01)" * 2000,
        "\x01\x1b[31m",
        "９５２０１２３４５６７８８",
        "%25%2525",
        "<script>alert(1)</script>",
        '(10)"><img src=x>',
        "https://a.vn/01/" + GTIN + "?99=%3Cb%3E&x=<i>",
        "]Q1",
        "\ufffd",
    ],
    ids=lambda code: ascii(code[:16]),
)
def test_hostile_codes_are_shown_as_text_and_never_our_error(visitor: Visitor, code: str) -> None:
    body = page(visitor, code)
    for markup in ("<script>alert", "<img", "<b>", "<i>", "\x1b", "\x01"):
        assert markup not in body


def test_bytes_that_are_no_text_are_no_error_of_ours(visitor: Visitor) -> None:
    for query in ("%ED%A0%80", "%FF%FE", "%", "(10)%2525"):
        assert visitor.get(f"/gs1?code={query}").status_code == 200
    assert visitor.get("/gs1?code=%00").status_code == 400
