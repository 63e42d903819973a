"""`python -m scanner`: what a person reads, and what a program reads."""

import base64
import json

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from scanner import Reading, decode
from scanner.__main__ import main
from tests.scanner.pictures import GTIN, on_paper, photo, saved


def test_each_file_is_one_json_object_on_a_line(tmp_path, capsys):
    (tmp_path / "photo.jpg").write_bytes(photo())
    (tmp_path / "empty.png").write_bytes(saved(Image.new("L", (400, 300), 255)))
    files = [str(tmp_path / "photo.jpg"), str(tmp_path / "empty.png")]
    assert main(["--jsonl", *files]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    symbol = first["symbols"][0]
    assert (first["file"], symbol["format"], symbol["text"]) == (files[0], "EAN-13", GTIN)
    assert base64.b64decode(symbol["bytes"]) == GTIN.encode()
    assert symbol["symbology_identifier"] == "]E0"
    assert len(symbol["position"]) == 4
    assert symbol["read_by"][0] == "zxing"
    assert first["ms"] > 0
    assert (second["symbols"], second["unconfirmed"]) == ([], [])


def test_text_that_looks_like_the_end_of_a_line_ends_none(tmp_path, capsys):
    text = "next\u0085line\u2028separator"
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    symbol = Image.fromarray(np.array(drawn.to_image(scale=6)))
    (tmp_path / "code.png").write_bytes(saved(on_paper(symbol)))
    assert main(["--jsonl", str(tmp_path / "code.png")]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["symbols"][0]["text"] == text


def test_a_file_that_cannot_be_read_has_a_line_and_an_error(tmp_path, capsys):
    (tmp_path / "text.jpg").write_text("no picture")
    assert main(["--jsonl", str(tmp_path / "text.jpg"), str(tmp_path / "absent.jpg")]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["symbols"], first["error"]) == ([], "scanner.not-an-image")
    assert second["error"] == "scanner.no-file"


@pytest.mark.parametrize(
    ("failure", "code"),
    [(ValueError("of a library"), "scanner.crashed"), (MemoryError(), "scanner.memory")],
)
def test_a_file_that_fails_in_any_way_costs_the_next_nothing(
    tmp_path, capsys, monkeypatch, failure, code
):
    def failing(data: bytes, deadline: float) -> Reading:
        if data == b"fails":
            raise failure
        return decode(data, deadline)

    monkeypatch.setattr("scanner.__main__.decode", failing)
    (tmp_path / "fails.png").write_bytes(b"fails")
    (tmp_path / "photo.jpg").write_bytes(photo())
    assert main(["--jsonl", str(tmp_path / "fails.png"), str(tmp_path / "photo.jpg")]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["symbols"], first["unconfirmed"], first["error"]) == ([], [], code)
    assert second["symbols"][0]["text"] == GTIN


def test_a_person_sees_one_symbol_a_line(tmp_path, capsys):
    (tmp_path / "photo.jpg").write_bytes(photo())
    assert main([str(tmp_path / "photo.jpg")]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/photo.jpg: EAN-13 '{GTIN}'\n"
