"""POST /api/v1/decode: the symbols of a picture, without a verdict and without a trace."""

import io
import re

import pillow_heif
import pytest
from PIL import Image

from tests.app.client import Client
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored
from tests.scanner.pictures import GTIN, LINK, bomb, ean13, noise, on_paper, photo, qr, saved
from traceability.db import Database

READS_PICTURES = True
DECODE = "/api/v1/decode"


def test_a_photo_gives_its_symbol_with_place_and_identifier(
    client: Client, sqlite_database: Database
) -> None:
    with nothing_stored(sqlite_database):
        answer = client.post(DECODE, files={"file": ("a.jpg", photo(), "image/jpeg")})
    assert answer.status_code == 200
    body = answer.json()
    symbol = body["symbols"][0]
    assert (symbol["format"], symbol["text"]) == ("EAN-13", GTIN)
    assert symbol["symbology_identifier"] == "]E0"
    assert len(symbol["position"]) == 4
    assert all(len(corner) == 2 for corner in symbol["position"])
    assert (body["width"], body["height"], body["unconfirmed"]) == (1200, 900, [])


def test_a_file_cut_off_is_read_as_far_as_it_came_and_the_answer_says_so(client: Client) -> None:
    whole = saved(on_paper(ean13(), (1200, 1200), (200, 20)), "JPEG")
    answer = client.post(
        DECODE, files={"file": ("a.jpg", whole[: len(whole) * 2 // 3])},
        headers={"Accept-Language": "en"},
    )  # fmt: skip
    body = answer.json()
    assert ([symbol["text"] for symbol in body["symbols"]], body["partial"]) == ([GTIN], True)
    assert body["notes"] == [
        "The file was cut off or damaged: only the part that arrived was searched."
    ]


def test_the_metrics_count_reads_and_time_by_stage(client: Client) -> None:
    answer = client.post(DECODE, files={"file": ("a.jpg", photo(), "image/jpeg")})
    assert answer.json()["symbols"][0]["read_by"] == ["zxing", "stage:1/1"]
    page = client.get("/metrics").text
    assert re.search(
        r'^nguon_scanner_reads{engine="zxing",stage="whole"} [1-9]', page, re.MULTILINE
    )
    assert 'nguon_scanner_stage_seconds{stage="open"}' in page
    assert 'nguon_scanner{what="waiting"} 0.0' in page
    assert 'nguon_scanner{what="kills"} 0.0' in page


def test_the_format_of_an_iphone_is_read(client: Client) -> None:
    file = io.BytesIO()
    picture = on_paper(qr(), (500, 500), (60, 60)).convert("RGB")
    pillow_heif.from_pillow(picture).save(file, quality=90)
    answer = client.post(DECODE, files={"file": ("IMG_0001.HEIC", file.getvalue())})
    assert [symbol["text"] for symbol in answer.json()["symbols"]] == [LINK]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG", "GIF", "BMP", "TIFF", "AVIF"])
def test_each_format_of_a_phone_is_read(client: Client, kind: str) -> None:
    picture = on_paper(qr(), (500, 500), (60, 60)).convert("RGB")
    answer = client.post(DECODE, files={"file": ("upload", saved(picture, kind))})
    assert [symbol["text"] for symbol in answer.json()["symbols"]] == [LINK]


def test_a_picture_without_a_symbol_is_an_empty_answer(client: Client) -> None:
    data = saved(Image.new("L", (300, 300), 255))
    answer = client.post(DECODE, files={"file": ("white.png", data)})
    assert (answer.status_code, answer.json()["symbols"]) == (200, [])


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("text", b"this is not a picture", 422, "scanner.not-an-image"),
        ("nothing", b"", 422, "scanner.not-an-image"),
        ("169 megapixels in 20 kB", bomb(), 413, "scanner.too-many-pixels"),
        ("EPS", b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n", 422, "scanner.format"),
        ("PDF", b"%PDF-1.7\n", 422, "scanner.format"),
        ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "scanner.format"),
        ("cut off", photo()[:2000], 422, "scanner.truncated"),
        ("one pixel", saved(Image.new("L", (1, 1))), 422, "scanner.too-small"),
        ("21 MB", b"\xff\xd8\xff" + bytes(21_000_000), 413, "scanner.too-large"),
    ],
)
def test_what_is_no_picture_within_bounds_has_its_own_problem(
    client: Client, sqlite_database: Database, name: str, data: bytes, status: int, code: str
) -> None:
    with nothing_stored(sqlite_database):
        body = problem(client.post(DECODE, files={"file": (name, data)}), status, code)
    assert body["title"]


def test_noise_ends_within_the_deadline(client: Client) -> None:
    answer = client.post(DECODE, files={"file": ("noise.png", noise(900, 900))})
    assert (answer.status_code, answer.json()["symbols"]) == (200, [])


def test_a_form_without_a_file_or_with_two_is_refused(client: Client) -> None:
    nothing = client.post(DECODE, files={"picture": ("a.jpg", photo())})
    assert fields(problem(nothing, 422)) == {"file": "web.field-missing"}
    text = client.post(DECODE, data={"file": "not a file"})
    assert fields(problem(text, 422)) == {"file": "web.field-invalid"}
    empty = client.post(
        DECODE, content=b"--b--\r\n", headers={"content-type": "multipart/form-data; boundary=b"}
    )
    assert fields(problem(empty, 422)) == {"file": "web.field-missing"}
    two = [("file", ("a.jpg", photo())), ("file", ("b.jpg", photo()))]
    assert fields(problem(client.post(DECODE, files=two), 422)) == {"file": "web.one-file"}


def test_a_form_that_is_broken_is_a_bad_request(client: Client) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=b"):
        answer = client.post(DECODE, content=b"no part at all", headers={"content-type": kind})
        problem(answer, 400, "web.malformed")
