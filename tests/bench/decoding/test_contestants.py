import os
import signal

from bench.decoding.contestants import OURS_ALONE, PYZBAR, ZXING, Contestant
from scanner.engines import zbar
from scanner.render import render_ean13

LABEL = render_ean13("9520123456788", "png")


def texts(contestant: Contestant, picture: bytes = LABEL) -> list[str]:
    return [read.text for read in contestant.decode(picture).reads]


def test_ours_without_zbar_reads_in_a_process_of_its_own() -> None:
    with Contestant(OURS_ALONE, deadline=1.5) as ours:
        assert texts(ours) == ["9520123456788"]


def test_what_is_no_picture_fails_and_the_next_is_read() -> None:
    with Contestant(ZXING, deadline=1.5) as zxing:
        assert zxing.decode(b"nothing").failed == "UnidentifiedImageError"
        assert texts(zxing) == ["9520123456788"]


def test_a_decoder_that_dies_costs_one_answer() -> None:
    with Contestant(ZXING, deadline=1.5) as zxing:
        texts(zxing)
        os.kill(zxing.pid, signal.SIGKILL)
        assert zxing.decode(LABEL).failed == "crashed"
        assert texts(zxing) == ["9520123456788"]


def test_pyzbar_answers_with_or_without_libzbar() -> None:
    with Contestant(PYZBAR, deadline=1.5) as pyzbar:
        answer = pyzbar.decode(LABEL)
    texts = [read.text for read in answer.reads]
    expected = (["9520123456788"], "") if zbar.available() else ([], "ImportError")
    assert (texts, answer.failed) == expected
