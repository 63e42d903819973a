import json

import pytest

from gs1.jsonl import answer, answer_line, answer_lines

GTIN = "09520123456788"


def ask(kind, text, **more):
    return answer({"kind": kind, "input": text, **more})


@pytest.mark.parametrize(
    ("kind", "text", "ai_string", "element_string"),
    [
        ("ai", f"(01){GTIN}(10)A(21)B", f"(01){GTIN}(10)A(21)B", f"^01{GTIN}10A^21B"),
        ("ai", f"(01){GTIN}|(10)A", f"(01){GTIN}|(10)A", f"^01{GTIN}|^10A"),
        ("raw", f"^01{GTIN}10A^21B", f"(01){GTIN}(10)A(21)B", f"^01{GTIN}10A^21B"),
        ("raw", "HELLO", "HELLO", "HELLO"),
        ("raw", "952|^99A", "|(99)A", "952|^99A"),
        ("raw", f"https://a/01/{GTIN}", f"(01){GTIN}", f"^01{GTIN}"),
        ("dl", f"https://a/01/{GTIN}?x=1", f"(01){GTIN}", f"^01{GTIN}"),
        ("dl", "ftp://a", "ftp://a", "ftp://a"),
        ("scan", f"]d201{GTIN}", f"(01){GTIN}", f"^01{GTIN}"),
        ("scan", "]Q1HELLO", "HELLO", "HELLO"),
        ("scan", "]E09520123456788", "9520123456788", "9520123456788"),
        ("scan", "]E09520123456788|]e099A", "(99)A", "9520123456788|^99A"),
    ],
)
def test_a_message_is_answered_in_all_forms(kind, text, ai_string, element_string):
    said = ask(kind, text)
    assert (said["ok"], said["error"]) == (True, None)
    assert (said["ai_string"], said["element_string"]) == (ai_string, element_string)


def test_a_message_comes_with_hri_and_its_digital_link():
    said = ask("ai", f"(01){GTIN}(10)A")
    assert said["hri"] == [f"(01) {GTIN}", "(10) A"]
    assert said["dl_uri"] == f"https://id.gs1.org/01/{GTIN}/10/A"
    assert ask("ai", "(99)A")["dl_uri"] is None
    assert ask("ai", f"(01){GTIN}(8200)A")["dl_uri"] is None


@pytest.mark.parametrize(
    ("kind", "text", "code", "markup"),
    [
        ("ai", "(8001)12341X34567890", "gs1.charset", "(8001)12341|X|345"),
        ("ai", f"(01){GTIN[:-1]}9", "gs1.check-digit", "(01)0952012345678|9|"),
        ("ai", "10A", "gs1.brackets", "|10A|"),
        ("raw", "^10A|99B", "gs1.charset", "|99B|"),
        ("raw", "^10A\x1d21B", "gs1.charset", "|^10A\x1d21B|"),
        ("raw", "^723012", "gs1.length", "(7230)12||"),
        ("scan", "", "gs1.symbology-missing", "||"),
        ("gtin", "9520123456789", "gs1.check-digit", "952012345678|9|"),
        ("dl", "https://a/01/1", "gs1.length", "(01)1||"),
    ],
)
def test_a_wrong_message_is_answered_with_the_place(kind, text, code, markup):
    error = ask(kind, text)["error"]
    assert (error["code"], error["markup"]) == (code, markup)


def test_switches_do_what_their_names_say():
    assert ask("ai", "(10)A")["ok"]
    assert not ask("ai", "(10)A", associations=True)["ok"]
    assert ask("ai", "(89)A", permit_unknown=True)["ai_string"] == "(89)A"
    assert ask("dl", "https://a/01/9520123456788", zero_suppressed=True)["ok"]


def test_linters_answer_under_the_dictionarys_names():
    assert ask("lint", "22", linter="csumalpha") == {"ok": True, "error": None}
    error = ask("lint", "0060", linter="hhmi")["error"]
    assert (error["code"], error["markup"]) == ("ILLEGAL_MINUTE", "00*60*")


def test_links_and_scan_data_are_made():
    assert ask("dlgen", f"(01){GTIN}", stem=None)["dl_uri"] == f"https://id.gs1.org/01/{GTIN}"
    assert ask("dlgen", f"(01){GTIN}", stem="https://a")["dl_uri"] == f"https://a/01/{GTIN}"
    assert ask("scangen", "^10A", symbology="DM")["scan_data"] == "]d210A"
    assert ask("scangen", "^10A", symbology="NONE")["error"]["code"] == "gs1.symbology-unknown"


def test_percent_coding_is_answered_for_path_and_query():
    assert ask("escape", " ") == {"ok": True, "error": None, "path": "%20", "query": "+"}
    assert ask("unescape", "+")["query"] == " "
    assert ask("gtin", "9520123456788")["ok"]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x",
        "[]",
        "1",
        b"\xff",
        "[" * 100_000,
        "{}",
        '{"kind": 1}',
        '{"kind": "x", "input": ""}',
        '{"kind": "ai"}',
        '{"kind": "lint", "input": ""}',
        '{"kind": "lint", "linter": "x", "input": ""}',
        '{"kind": "scangen", "input": ""}',
        '{"kind": "ai", "input": "\\ud800"}',
    ],
)
def test_a_line_that_is_not_understood_is_answered_all_the_same(line):
    said = json.loads(answer_line(line))
    assert said["ok"] is False
    assert said["error"]["code"].startswith("gs1.")


def test_lines_are_answered_in_order():
    lines = ['{"kind": "gtin", "input": "02345673"}', "x"]
    assert [json.loads(said)["ok"] for said in answer_lines(lines)] == [True, False]
