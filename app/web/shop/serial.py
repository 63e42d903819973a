"""One serial number: where it stands, what happened to it, and saying what happens now.

A withdrawal is asked about once more before it is recorded: only the authority can take it back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Form, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.account import ROLE_WORDS
from app.web.forms import RefusedError, input_of, refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop import words
from app.web.shop.base import RecordId, own_product
from traceability import audit
from traceability.actor import Actor, Role
from traceability.audit import AuditEntry
from traceability.clock import today
from traceability.errors import NotFoundError
from traceability.registry import serials
from traceability.registry.columns import Cell
from traceability.registry.models import Serial, SerialStatus
from traceability.registry.schemas import SerialPatch

router = page_router()

PATH = "/shop/products/{product_id}/serials/{serial_id}"
_HISTORY = 50
_CHOICES: Mapping[str, str] = {
    SerialStatus.SUPPLIED: N_("Sold or used"),
    SerialStatus.WITHDRAWN: N_("Withdrawn from trade: destroyed, stolen, a sample, exported"),
    SerialStatus.ISSUED: N_("In trade: it was marked by mistake"),
}
REASONS = (N_("Destroyed"), N_("Stolen"), N_("Used as a sample"), N_("Exported"))
"""Offered for a withdrawal; another one can be typed."""


class Change(BaseModel):
    """The form as typed; `step` is confirm once the withdrawal was confirmed, change to go back."""

    status: str = ""
    status_on: str = ""
    status_reason: str = ""
    step: str = ""

    def as_input(self) -> SerialPatch:
        texts = self.model_dump(exclude={"step"})
        return input_of(SerialPatch, texts, {"status_on": Cell.DATE})


@dataclass(frozen=True, slots=True)
class Event:
    """A change of state, in words."""

    at: datetime
    word: str
    level: str
    on: date | None
    reason: str
    role: str
    """Who said so, by role: names of people are for the audit log."""


@router.get(PATH)
def serial_page(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    serial_id: RecordId,
    done: str = "",
) -> Response:
    row = _serial(session, actor, product_id, serial_id)
    return _page(request, session, actor, translate, row, Change(), done=done == "1")


def _serial(session: Session, actor: Actor, product_id: int, serial_id: int) -> Serial:
    own_product(session, actor, product_id)
    row = serials.get_serial(session, actor, serial_id)
    if row.product_id != product_id:
        raise NotFoundError("registry.serial-unknown", serial_id=serial_id)
    return row


def _page(
    request: Request, session: Session, actor: Actor, translate: Translator, row: Serial,
    typed: Change, *, errors: dict[str, str] | None = None, done: bool = False,
) -> Response:  # fmt: skip
    history = audit.entries(session, subject=f"serial:{row.id}", limit=_HISTORY)
    offered = {key: word for key, word in _CHOICES.items() if key != row.status}
    return render(
        request, "shop/serial.html", status=422 if errors else 200,
        product=own_product(session, actor, row.product_id),
        serial=serials.describe(session, [row])[0], history=_events(translate, history),
        statuses=words.SERIAL_STATUSES, choices=words.options(translate, offered),
        reasons=[translate.text(word) for word in REASONS], typed=typed, errors=errors or {},
        done=done, today=today(), final=row.status == SerialStatus.WITHDRAWN,
    )  # fmt: skip


def _events(translate: Translator, entries: Sequence[AuditEntry]) -> list[Event]:
    found = []
    for entry in entries:
        word, level = words.SERIAL_STATUSES[str(entry.detail["after"])]
        day = entry.detail.get("on")
        found.append(
            Event(
                entry.at, translate.text(word), level, date.fromisoformat(day) if day else None,
                entry.detail.get("reason") or "", translate.text(ROLE_WORDS[Role(entry.role)]),
            )
        )  # fmt: skip
    return found


@router.post(PATH)
def change_serial(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    serial_id: RecordId,
    typed: Annotated[Change, Form()],
) -> Response:
    """Record what became of the unit; a withdrawal after it was confirmed."""
    row = _serial(session, actor, product_id, serial_id)
    if typed.step == "change":
        return _page(request, session, actor, translate, row, typed)
    try:
        changed = serials.change_serial(session, actor, serial_id, typed.as_input())
    except RefusedError as error:
        errors = refusal(session, translate, error)
        row = _serial(session, actor, product_id, serial_id)
        return _page(request, session, actor, translate, row, typed, errors=errors)
    if changed.status == SerialStatus.WITHDRAWN and typed.step != "confirm":
        return _question(request, session, actor, changed, typed)
    return see_other(f"/shop/products/{product_id}/serials/{serial_id}?done=1")


def _question(
    request: Request, session: Session, actor: Actor, row: Serial, typed: Change
) -> Response:
    """What would be recorded, read off before it is taken back."""
    product, serial = own_product(session, actor, row.product_id), serials.describe(session, [row])
    session.expunge(product)
    session.rollback()
    return render(
        request, "shop/serial_check.html", product=product, serial=serial[0],
        fields=typed.model_dump(exclude={"step"}),
    )  # fmt: skip
