"""Telling what was done with goods, on a phone: one question a page, no software needed.

The answers are those of one row of the diary, and become an event in the same way. They travel
in the address from page to page, so that going back and reloading lose nothing and repeat nothing;
only the last page writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.event_view import event_of_body
from app.web.forms import refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop import boxes
from app.web.shop.base import own_party, printable
from app.web.trace_view import Things, event_address
from app.wording.errors import sentence
from traceability.actor import Actor
from traceability.clock import VIETNAM, now
from traceability.errors import ConflictError
from traceability.events import capture, own_goods, sscc_issuing
from traceability.events.diary import Diary, read_entry
from traceability.events.diary_columns import Step
from traceability.events.faults import EventsInvalidError
from traceability.events.identifiers import elements_of
from traceability.events.models import EpcRole
from traceability.events.tracing.trace import key_of
from traceability.registry.models import Party

router = page_router()

PATH = "/shop/events/new"

STEPS: Mapping[Step, tuple[str, str]] = {
    Step.HARVEST: (N_("Harvested or made"), N_("A new lot begins here.")),
    Step.PROCESS: (N_("Processed"), N_("One lot goes in, another comes out.")),
    Step.PACK: (N_("Packed into a box"), N_("The box or pallet carries a number (SSCC).")),
    Step.SHIP: (N_("Sent out"), N_("To another party, which receives it.")),
    Step.RECEIVE: (N_("Received"), N_("From another party, which sent it.")),
    Step.SELL: (N_("Sold to a consumer"), N_("The goods leave the chain.")),
}
"""What can be told: in two words, and what it means."""

_QUESTIONS: Mapping[Step, Sequence[str]] = {
    Step.HARVEST: ("goods", "amount", "place", "time"),
    Step.PROCESS: ("input", "input_amount", "goods", "amount", "place", "time"),
    Step.PACK: ("goods", "amount", "box", "place", "time"),
    Step.SHIP: ("goods", "amount", "partner", "place", "time"),
    Step.RECEIVE: ("goods", "amount", "partner", "place", "time"),
    Step.SELL: ("goods", "amount", "place", "time"),
}
_FIELDS: Mapping[str, Sequence[str]] = {
    "input": ("from_gtin", "from_lot"),
    "input_amount": ("from_quantity", "from_unit"),
    "goods": ("gtin", "lot", "serial", "sscc"),
    "amount": ("quantity", "unit"),
    "box": ("sscc",),
    "partner": ("partner", "document"),
    "place": ("place",),
    "time": ("time",),
}
"""The columns of the diary that each page asks for."""


def _columns(step: str, question: str) -> Sequence[str]:
    """The columns of a question; who packs names the box on a page of its own."""
    found = _FIELDS.get(question, ())
    is_content = step == Step.PACK and question == "goods"
    return [name for name in found if name != "sscc"] if is_content else found


UNITS: Mapping[str, str] = {
    "kg": N_("kilograms (kg)"), "g": N_("grams (g)"), "tan": N_("tonnes"),
    "l": N_("litres (l)"), "ml": N_("millilitres (ml)"), "cai": N_("pieces, packs, boxes"),
}  # fmt: skip
_OTHER = "other"


class Answers(BaseModel):
    """What was answered so far; each as it was typed."""

    step: str = ""
    gtin: str = ""
    lot: str = ""
    serial: str = ""
    sscc: str = ""
    quantity: str = ""
    unit: str = ""
    from_gtin: str = ""
    from_lot: str = ""
    from_quantity: str = ""
    from_unit: str = ""
    partner: str = ""
    document: str = ""
    place: str = ""
    time: str = ""

    def without(self, question: str) -> list[tuple[str, str]]:
        """What the form of a question carries along."""
        own = (*_columns(self.step, question), "step")
        return [(name, text) for name, text in self if text and name not in own]


@dataclass(frozen=True, slots=True)
class Question:
    """The page that is shown."""

    name: str
    number: int
    total: int
    errors: dict[str, str]


@router.get(PATH)
def new_event(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep
) -> Response:
    """The next question; `page` is the one just answered, `back` one to be asked again."""
    given = {name: printable(text)[:200] for name, text in request.query_params.items()}
    answers = Answers.model_validate({name: given.get(name, "") for name in Answers.model_fields})
    if answers.step not in list(Step):
        return render(request, "shop/event_step.html", steps=STEPS)
    answers = _chosen(answers, given)
    party = own_party(session, actor)
    asked, step = given.get("page", ""), Step(answers.step)
    errors = _errors(translate, answers, party, asked) if asked in _QUESTIONS[step] else {}
    name = asked if errors else given.get("back") or _next(step, asked, answers)
    if name not in _QUESTIONS[step]:
        return _check(request, session, translate, answers, party)
    return _ask(request, session, actor, translate, answers, party, name, errors)


def _chosen(answers: Answers, given: Mapping[str, str]) -> Answers:
    """A key that was chosen from the list fills the fields of its parts."""
    changed: dict[str, str] = {}
    for choice, gtin, lot in (("goods_key", "gtin", "lot"), ("input_key", "from_gtin", "from_lot")):
        key = given.get(choice, "")
        if key and key != _OTHER:
            parts = dict(elements_of(key_of(key)) or ())
            changed |= {gtin: parts.get("01", ""), lot: parts.get("10", "")}
            if choice == "goods_key":
                changed["serial"] = parts.get("21", "")
                if answers.step != Step.PACK:
                    changed["sscc"] = parts.get("00", "")
    for choice in ("partner", "place", "sscc"):
        if given.get(f"{choice}_key", _OTHER) != _OTHER:
            changed[choice] = given[f"{choice}_key"]
    return answers.model_copy(update=changed)


def _next(step: Step, asked: str, answers: Answers) -> str:
    """The question behind the one that was answered; a single piece has no quantity."""
    names = list(_QUESTIONS[step])
    left = names[names.index(asked) + 1 :] if asked in names else names
    if answers.serial or (answers.sscc and step is not Step.PACK):
        left = [name for name in left if name != "amount"]
    return left[0] if left else ""


def _errors(translate: Translator, answers: Answers, party: Party, asked: str) -> dict[str, str]:
    """What is wrong with the answers of one page."""
    found = _entry(answers, party)
    own = _columns(answers.step, asked)
    return {
        fault.column: sentence(translate, fault.code, fault.arguments)
        for fault in reversed(found.faults.errors)
        if fault.column in own
    }


def _entry(answers: Answers, party: Party) -> Diary:
    return read_entry(answers.model_dump(), party.gln)


def _ask(
    request: Request, session: Session, actor: Actor, translate: Translator, answers: Answers,
    party: Party, name: str, errors: dict[str, str],
) -> Response:  # fmt: skip
    step = Step(answers.step)
    names = _QUESTIONS[step]
    typed = answers.model_copy(update={"time": answers.time or _now()})
    return render(
        request, "shop/event_question.html", status=422 if errors else 200,
        question=Question(name, names.index(name) + 1, len(names), errors), step=step,
        step_word=translate.text(STEPS[step][0]), typed=typed, kept=answers.without(name),
        errors=errors, units=[(unit, translate.text(word)) for unit, word in UNITS.items()],
        **_offered(session, actor, translate, party, step, name, answers.sscc),
    )  # fmt: skip


def _now() -> str:
    return f"{now().astimezone(VIETNAM):%Y-%m-%dT%H:%M}"


def _offered(
    session: Session, actor: Actor, translate: Translator, party: Party, step: Step, name: str,
    sscc: str,
) -> dict[str, Any]:  # fmt: skip
    """What can be chosen instead of typed."""
    party_id = party.id or 0
    if name in ("goods", "input"):
        keys = _keys_to_offer(session, actor, party, step, name)
        things = Things(session, translate, keys, ())
        return {"goods": [(key, things.text(key)) for key in keys]}
    if name == "partner":
        return {"partners": own_goods.partners(session, party_id, party.gln)}
    if name == "place":
        known = own_goods.own_places(session, party_id)
        glns = list(dict.fromkeys([party.gln, *known] if party.gln else known))
        things = Things(session, translate, (), [_place(gln) for gln in glns])
        return {"places": [(gln, f"{things.place(_place(gln))} ({gln})") for gln in glns]}
    if name == "box":
        return boxes.offered(session, actor, sscc)
    return {}


def _place(gln: str) -> str:
    return key_of(f"414/{gln}")


def _keys_to_offer(
    session: Session, actor: Actor, party: Party, step: Step, name: str
) -> list[str]:
    """Lots for what begins or is worked on; for what is handed on, boxes and goods received too."""
    party_id = party.id or 0
    if step is Step.RECEIVE:
        return own_goods.on_their_way(session, party_id, party.gln)
    lots = own_goods.own_lots(session, actor)
    if step is Step.HARVEST or (step is Step.PROCESS and name == "goods"):
        return lots
    held = own_goods.handled(session, party_id, [EpcRole.EPC, EpcRole.OUTPUT])
    if step in (Step.PROCESS, Step.PACK):
        held = [key for key in held if "/10/" in key]
    else:
        held = own_goods.handled(session, party_id, [EpcRole.PARENT]) + held
    return list(dict.fromkeys([*held, *lots]))[:30]


def _check(
    request: Request, session: Session, translate: Translator, answers: Answers, party: Party,
    errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """What will be recorded, read off before it is."""
    found = _entry(answers, party)
    texts = errors or {
        fault.column: sentence(translate, fault.code, fault.arguments)
        for fault in reversed(found.faults.errors)
    }
    step = Step(answers.step)
    return render(
        request, "shop/event_check.html", status=422 if texts else 200, errors=texts, step=step,
        step_word=translate.text(STEPS[step][0]), fields=[*answers.model_dump().items()],
        event=event_of_body(session, translate, found.events[0]) if found.events else None,
        again=[(name, dict(answers.without("")) | {"step": step, "back": name})
               for name in _QUESTIONS[step]],
    )  # fmt: skip


@router.post(boxes.PATH)
def take_number(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    answers: Annotated[Answers, Form()],
) -> Response:
    """Take a number for a box; answers that come along lead back to the question for it."""
    try:
        number = sscc_issuing.issue(session, actor).sscc
    except ConflictError as error:
        return boxes.boxes_page(request, session, actor, "", refusal(session, translate, error))
    if answers.step != Step.PACK:
        return see_other(f"{boxes.PATH}?sscc={number}")
    kept = dict(answers.without("box")) | {"step": answers.step, "sscc": number, "back": "box"}
    return see_other(f"{PATH}?{urlencode(kept)}")


@router.post("/shop/events")
def record_event(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    answers: Annotated[Answers, Form()],
) -> Response:
    """Record it; what is on record already is not recorded twice, and is shown."""
    party = own_party(session, actor)
    if answers.step not in list(Step):
        return see_other(PATH)
    found = _entry(answers, party)
    if not found.events or found.faults.count:
        return _check(request, session, translate, answers, party)
    try:
        recorded = capture.capture_event(
            session, actor, found.events[0], parts.settings.capture_policy
        )
    except ConflictError as error:
        return see_other(event_address(str(error.arguments["event_id"])) + "&done=known")
    except EventsInvalidError as error:
        session.rollback()
        text = " ".join(sentence(translate, each.code, each.arguments) for each in error.faults)
        return _check(request, session, translate, answers, own_party(session, actor), {"": text})
    return see_other(f"{event_address(recorded.event_id)}&done=recorded")
