"""GET /api/v1/verify: what anybody may know of a code, quickly and cacheable."""

import re

import pytest

from app.demo import goods
from app.demo.loading import CODES, load_once
from tests.app.client import Client
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored
from traceability.db import Database

VERIFY = "/api/v1/verify"
GTIN = f"0{goods.GINSENG}"


@pytest.fixture(scope="module", autouse=True)
def demo(sqlite_database: Database) -> None:
    load_once(sqlite_database)


@pytest.mark.parametrize(
    "code",
    [
        f"(01){GTIN}(10)SAM2610(21)VD000001",
        f"01{GTIN}10SAM2610\x1d21VD000001",
        f"]d201{GTIN}10SAM2610\x1d21VD000001",
        f"https://nguon.example/01/{GTIN}/10/SAM2610/21/VD000001",
        f"https://nguon.example/01/{goods.GINSENG}/10/SAM2610/21/VD000001",
    ],
)
def test_one_item_is_the_same_however_its_code_is_written(client: Client, code: str) -> None:
    answer = client.get(VERIFY, params={"code": code})
    assert answer.status_code == 200
    body = answer.json()
    assert body["code"] == code
    assert body["level"] == "ok"
    assert (body["key"]["gtin"], body["key"]["lot"], body["key"]["serial"]) == (
        GTIN, "SAM2610", "VD000001",
    )  # fmt: skip
    assert body["key"]["element_string"] == f"(01){GTIN}(10)SAM2610(21)VD000001"
    assert body["product"]["name"].startswith("Sâm Ngọc Linh Ví Dụ")
    assert body["producer"]["name"] == "Hợp tác xã Sâm Ví Dụ"


@pytest.mark.parametrize(
    "query", [f"code={GTIN}&code=96385074", "code=96385074&code=", "code=&x=1"]
)
def test_one_code_is_asked_about_neither_two_nor_none(client: Client, query: str) -> None:
    answer = client.get(f"{VERIFY}?{query}")
    assert list(fields(problem(answer, 422, "web.malformed"))) == ["code"]


@pytest.mark.parametrize("code", [goods.GINSENG, GTIN, " ".join(goods.GINSENG)])
def test_a_gtin_alone_matches_at_the_level_of_the_product(client: Client, code: str) -> None:
    body = client.get(VERIFY, params={"code": code}).json()
    assert [finding["code"] for finding in body["findings"]] == ["MATCH_PRODUCT"]
    assert body["policy_version"]


def test_each_level_of_verdict_is_shown_by_a_demo_code(client: Client) -> None:
    for code in CODES:
        address = f"https://nguon.example{code.path}"
        assert client.get(VERIFY, params={"code": address}).json()["level"] == code.shows, code


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("9521101000017", "gs1.check-digit"),
        ("952110100001", "gs1.check-digit"),
        ("(01)09521101000016(03)X", "gs1.ai-unknown"),
        ("hello", ""),
        ("\x01", ""),
        ("9" * 4001, "gs1.length"),
        ("(00)395200000000000006", ""),
    ],
)
def test_a_code_that_cannot_be_read_is_an_answer_and_no_error(
    client: Client, code: str, error: str
) -> None:
    answer = client.get(VERIFY, params={"code": code})
    body = answer.json()
    assert [finding["code"] for finding in body["findings"]] == ["INVALID_CODE"]
    assert body["level"] == "info"
    assert body["product"] is None


def test_nothing_to_look_up_is_a_problem(client: Client) -> None:
    for query in ({}, {"code": ""}):
        body = problem(client.get(VERIFY, params=query), 422, "web.malformed")
        assert fields(body) == {"code": "web.field-missing"}


def test_the_answer_may_be_cached_for_each_language(client: Client) -> None:
    answer = client.get(VERIFY, params={"code": GTIN})
    assert answer.headers["cache-control"] == "public, max-age=30"
    assert "Accept-Language" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("wanted", "language", "title"),
    [
        ("vi", "vi", "Khớp dữ liệu"), ("en-GB", "en", "Data match"), ("fr", "vi", "Khớp dữ liệu"),
        ("fr, en;q=0.5", "en", "Data match"), ("", "vi", "Khớp dữ liệu"),
    ],
)  # fmt: skip
def test_sentences_are_in_the_asked_language_or_in_vietnamese(
    client: Client, wanted: str, language: str, title: str
) -> None:
    answer = client.speaking(wanted).get(VERIFY, params={"code": GTIN})
    assert answer.headers["content-language"] == language
    assert answer.json()["title"] == title


def test_a_look_up_leaves_no_trace(client: Client, sqlite_database: Database) -> None:
    with nothing_stored(sqlite_database):
        client.get(VERIFY, params={"code": f"(01){GTIN}(10)SAM2610(21)VD000002"})


def test_a_key_that_is_not_good_is_refused_even_here(client: Client) -> None:
    answer = client.acting("nguon_made_up").get(VERIFY, params={"code": GTIN})
    problem(answer, 401, "web.key-unknown")
    assert "cache-control" not in answer.headers


def test_every_statement_carries_its_evidence(client: Client) -> None:
    for code in CODES:
        body = client.get(VERIFY, params={"code": f"https://nguon.example{code.path}"}).json()
        for finding in body["findings"]:
            assert finding["text"]
            assert finding["evidence"], finding
            assert all(evidence["text"] for evidence in finding["evidence"])


DENIAL = re.compile("không có nghĩa là hàng giả|does not mean that the goods are counterfeit")


def test_nobody_says_fake_or_genuine(client: Client) -> None:
    for language in ("vi", "en"):
        for code in CODES:
            address = f"https://nguon.example{code.path}"
            text = client.speaking(language).get(VERIFY, params={"code": address}).text.lower()
            said = DENIAL.sub("", text)
            for word in ("fake", "counterfeit", "genuine", "hàng giả", "hàng thật"):
                assert word not in said, (code, word)
