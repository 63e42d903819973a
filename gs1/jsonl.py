"""Answers to questions about codes, one JSON object a line: ``python -m gs1 --jsonl``.

>>> answer({"kind": "lint", "linter": "csum", "input": "9520123456789"})["error"]["markup"]
'952012345678*9*'
>>> answer({"kind": "ai", "input": "(01)09520123456788(10)A"})["element_string"]
'^010952012345678810A'

Questions have a `kind` and an `input`:

    ai      bracketed element strings; ``|`` in front of a composite component
    raw     unbracketed, ``^`` for FNC1; without a leading ``^`` plain text, which is left alone
    scan    scan data with its symbology identifier
    dl      a Digital Link; text of another scheme is plain text
    gtin    the check digit of a number
    lint    one `linter` of the Syntax Dictionary
    dlgen   bracketed element strings to a Digital Link on the `stem`
    scangen a message to the scan data of a `symbology`
    escape, unescape   percent coding

`associations`, `permit_unknown` and `zero_suppressed` switch what their names say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from gs1 import associations, check_digit, digital_link, element_string, hri, percent, symbology
from gs1.ai import ApplicationIdentifier, find
from gs1.element_string import FNC1, ElementString
from gs1.errors import Gs1Error
from gs1.fault import code_of
from gs1.linters import LINTERS

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
Question = Mapping[str, object]
Answer = dict[str, Json]
Elements = tuple[ElementString, ...]


def _text(question: Question, name: str) -> str:
    """Return a text of the question.

    Raises:
        Gs1Error: gs1.not-understood when it is missing or no text.
    """
    value = question.get(name)
    if not isinstance(value, str):
        raise Gs1Error("gs1.not-understood", name)
    return value


def _responder(question: Question) -> Callable[[Question], Answer]:
    """Return what answers this kind of question."""
    respond = _KINDS.get(_text(question, "kind"))
    if respond is None:
        raise Gs1Error("gs1.not-understood", "kind")
    return respond


def answer(question: Question) -> Answer:
    """Return the answer to one question; a wrong code or question is an answer with an error."""
    try:
        return {"ok": True, "error": None} | _responder(question)(question)
    except Gs1Error as error:
        return {"ok": False, "error": _error(error)}


def answer_line(line: str | bytes) -> str:
    """Return the answer to one line of JSON; a line that is none is answered with an error."""
    try:
        question = json.loads(line)
    except (ValueError, RecursionError):
        question = None
    if not isinstance(question, dict):
        return json.dumps({"ok": False, "error": _error(Gs1Error("gs1.not-understood"))})
    return json.dumps(answer(question))


def answer_lines(lines: Iterable[str | bytes]) -> Iterator[str]:
    """Yield the answer to each line, in order."""
    for line in lines:
        yield answer_line(line)


def _error(error: Gs1Error) -> Json:
    """Return an error as code, message and the text with the offending span marked."""
    return {"code": error.code, "message": str(error), "markup": _markup(error)}


def _markup(error: Gs1Error) -> str:
    """Return ``(AI)before|wrong|rest`` for a value, up to the end of the component at fault."""
    ai = error.arguments.get("ai")
    info = find(ai) if isinstance(ai, str) else None
    if info is None or error.span is None:
        return error.marked
    start, end = error.span
    rest = error.value[end : max(end, _component_end(info, start))]
    return f"({info.ai}){error.value[:start]}|{error.value[start:end]}|{rest}"


def _component_end(info: ApplicationIdentifier, at: int) -> int:
    """Return where the component around a position ends."""
    end = 0
    for component in info.components:
        end += component.maximum
        if at < end:
            break
    return end


def _message(elements: Elements, more: Elements = (), bar: str = "", plain: str = "") -> Answer:
    """Return the answer about a message: linear part, then the composite component."""
    every = elements + more
    dl_uri = None
    try:
        dl_uri = digital_link.build(every)
    except Gs1Error as error:
        # No Digital Link can say it: not an error of the message.
        dl_uri = {"gs1.link-no-key": None, "gs1.link-attribute": None}[error.code]
    parts = (_caret(elements) or plain) + bar + _caret(more)
    text = element_string.as_bracketed
    return {
        "ai_string": text(elements) + bar + text(more) if every else plain,
        "element_string": parts,
        "hri": list(hri.lines(every)),
        "dl_uri": dl_uri,
        "scan_data": None,
    }


def _caret(elements: Elements) -> str:
    """Return the unbracketed form with ``^`` for FNC1, one in front."""
    text = element_string.as_element_string(elements)
    return "^" + text.replace(FNC1, "^") if text else ""


def _split(question: Question) -> tuple[str, str, str]:
    """Return the linear part, the bar and the composite component of the input."""
    return _text(question, "input").partition("|")


def _parse(question: Question, text: str) -> Elements:
    """Return element strings with the switches of the question."""
    permit_unknown = question.get("permit_unknown") is True
    return element_string.parse(text, permit_unknown=permit_unknown)


def _associated(question: Question, *parts: Elements) -> None:
    """Check what the element strings of all parts say about each other."""
    every = tuple(element for part in parts for element in part)
    associations.check(every, requisites=question.get("associations") is True)


def _ai(question: Question) -> Answer:
    """Answer about bracketed element strings."""
    linear, bar, composite = _split(question)
    parts = []
    for text in (linear, composite) if bar else (linear,):
        if not text.startswith("("):
            raise Gs1Error("gs1.brackets", text, (0, len(text)))
        parts.append(_parse(question, text))
    _associated(question, *parts)
    return _message(parts[0], parts[1] if bar else (), bar)


def _raw(question: Question) -> Answer:
    """Answer about unbracketed element strings, or plain text."""
    text = _text(question, "input")
    if digital_link.is_link(text):
        return _dl(question)
    linear, bar, composite = _split(question)
    elements = _unbracketed(question, linear) if linear.startswith("^") else ()
    more = _unbracketed(question, composite) if bar else ()
    _associated(question, elements, more)
    return _message(elements, more, bar, "" if elements else linear)


def _unbracketed(question: Question, text: str) -> Elements:
    """Return the element strings behind a leading ``^``, the only sign of FNC1 here."""
    if not text.startswith("^") or FNC1 in text:
        raise Gs1Error("gs1.charset", text)
    return _parse(question, text)


def _dl(question: Question) -> Answer:
    """Answer about a Digital Link."""
    text = _text(question, "input")
    if not digital_link.is_link(text):
        return _message((), plain=text)
    link = digital_link.parse(
        text,
        zero_suppressed=question.get("zero_suppressed") is True,
        requisites=question.get("associations") is True,
        permit_unknown=question.get("permit_unknown") is True,
    )
    return _message(link.elements)


def _scan(question: Question) -> Answer:
    """Answer about scan data; the digits of an EAN/UPC symbol are its plain, linear part."""
    scan = symbology.parse(
        _text(question, "input"),
        zero_suppressed=question.get("zero_suppressed") is True,
        requisites=question.get("associations") is True,
        permit_unknown=question.get("permit_unknown") is True,
    )
    if not scan.primary:
        return _message(scan.elements, plain=scan.text)
    more = scan.elements[1:]
    said = _message((), more, "|" if more else "", scan.primary)
    return said | {"ai_string": element_string.as_bracketed(more) or scan.primary}


def _gtin(question: Question) -> Answer:
    """Answer whether a check digit is right."""
    number = _text(question, "input")
    if not check_digit.is_valid(number):
        raise Gs1Error("gs1.check-digit", number, (len(number) - 1, len(number)))
    return {}


def _lint(question: Question) -> Answer:
    """Answer what one linter says, under the dictionary's name of the test."""
    linter, text = LINTERS.get(_text(question, "linter")), _text(question, "input")
    if linter is None:
        raise Gs1Error("gs1.not-understood", "linter")
    fault = linter(text)
    if fault is None:
        return {}
    markup = f"{text[: fault.start]}*{text[fault.start : fault.end]}*{text[fault.end :]}"
    message = f"{code_of(fault.test)}: characters {fault.start} to {fault.end}"
    return {"ok": False, "error": {"code": fault.test, "message": message, "markup": markup}}


def _dlgen(question: Question) -> Answer:
    """Answer with a Digital Link."""
    stem = question.get("stem")
    elements = _parse(question, _text(question, "input"))
    return {
        "dl_uri": digital_link.build(elements, stem)
        if isinstance(stem, str)
        else digital_link.build(elements)
    }


def _scangen(question: Question) -> Answer:
    """Answer with scan data."""
    name = _text(question, "symbology")
    try:
        into = symbology.Symbology(name)
    except ValueError:
        raise Gs1Error("gs1.symbology-unknown", name[:100]) from None
    return {"scan_data": symbology.build(_text(question, "input"), into)}


def _escape(question: Question) -> Answer:
    """Answer with the percent coded text."""
    text = _text(question, "input")
    return {"path": percent.encode(text), "query": percent.encode(text, query=True)}


def _unescape(question: Question) -> Answer:
    """Answer with the text behind percent coding."""
    text = _text(question, "input")
    return {"path": percent.decode(text), "query": percent.decode(text, query=True)}


_KINDS: dict[str, Callable[[Question], Answer]] = {
    "ai": _ai,
    "raw": _raw,
    "dl": _dl,
    "scan": _scan,
    "gtin": _gtin,
    "lint": _lint,
    "dlgen": _dlgen,
    "scangen": _scangen,
    "escape": _escape,
    "unescape": _unescape,
}
