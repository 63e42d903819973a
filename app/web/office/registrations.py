"""Registrations: the list with its filter, decisions on many at once, and taking them back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.forms import PAGE_SIZE, Text
from app.web.office.base import MAX_FILTER, address, choices, ids_of, number_of
from app.web.office.decisions import (
    Decision,
    DecisionDep,
    decide_all,
    done_context,
    form_context,
)
from app.web.office.parties import party_page
from app.web.office.spreadsheet import PAGE_ROWS, Row, as_csv, pages
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.wording.parties import KIND_WORDS, STATE_WORDS
from traceability.actor import Actor
from traceability.registry import parties, repository, undoing
from traceability.registry.models import Party, RegistrationStatus

router = page_router()

PATH = "/office/registrations"
_STATUSES = {status: STATE_WORDS[status] for status in RegistrationStatus}
_HEADINGS = (
    N_("Organisation"), N_("Kind"), N_("Tax code"), N_("GLN"), N_("Address"), N_("State"),
    N_("Since"), N_("Last day"), N_("Number of the decision"), N_("On record since"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filter of the list, as it stands in the address; what is not known filters nothing."""

    status: str
    kind: str
    q: str
    after: int

    def address(self, **more: object) -> str:
        kept = {"status": self.status, "kind": self.kind, "q": self.q, "after": self.after}
        return address(PATH, **{**kept, **more})


def _chosen(status: str = "", kind: str = "", q: str = "", after: str = "") -> Chosen:
    return Chosen(
        status if status in _STATUSES else "",
        kind if kind in KIND_WORDS else "",
        q.strip()[:MAX_FILTER],
        number_of(after),
    )


ChosenDep = Annotated[Chosen, Depends(_chosen)]


@router.get(PATH)
def list_registrations(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    chosen: ChosenDep,
    done: str = "",
    pick: str = "",
    format: str = "",  # noqa: A002 -- its name in the address
) -> Response:
    """`pick=all` comes back with every row of the page chosen; `format=csv` with a file."""
    if format == "csv":
        return as_csv(
            request, "registrations", _HEADINGS, lambda own: _rows(own, actor, translate, chosen)
        )
    return _list_page(request, session, actor, translate, chosen, done=done, pick=pick)


def _list_page(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    chosen: Chosen,
    *,
    typed: Decision | None = None,
    errors: dict[str, str] | None = None,
    done: str = "",
    pick: str = "",
) -> Response:
    rows = repository.list_parties(
        session, actor, query=chosen.q or None, kind=chosen.kind or None,
        status=chosen.status or None, after_id=chosen.after, limit=PAGE_SIZE + 1,
    )  # fmt: skip
    shown = parties.describe(session, rows[:PAGE_SIZE])
    more = shown[-1].id if len(rows) > PAGE_SIZE else None
    every = translate.text(N_("All"))
    return render(
        request,
        "office/registrations.html",
        status=422 if errors else 200,
        parties=shown,
        chosen=chosen,
        typed=typed or Decision(ids=[each.id for each in shown] if pick == "all" else ()),
        errors=errors or {},
        first=chosen.address(after="") if chosen.after else None,
        next=chosen.address(after=more) if more else None,
        table=chosen.address(after="", format="csv"),
        statuses=choices(translate, _STATUSES, every),
        kinds=choices(translate, KIND_WORDS, every),
        **form_context(actor, translate),
        **done_context(session, translate, done),
    )


def _rows(session: Session, actor: Actor, translate: Translator, chosen: Chosen) -> Iterator[Row]:
    def page(after: int) -> Sequence[Party]:
        return repository.list_parties(
            session, actor, query=chosen.q or None, kind=chosen.kind or None,
            status=chosen.status or None, after_id=after, limit=PAGE_ROWS,
        )  # fmt: skip

    for found in pages(session, page, lambda party: party.id or 0):
        for each in parties.describe(session, found):
            standing = each.registration
            yield (
                each.name, translate.text(KIND_WORDS[each.kind]), each.tax_code, each.gln,
                each.address, translate.text(STATE_WORDS[standing.state][0]), standing.since,
                standing.valid_to, standing.decision_number, each.created_at,
            )  # fmt: skip


@router.post(PATH)
def decide(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    chosen: ChosenDep,
    typed: DecisionDep,
    undo: Text = "",
    at: Text = "",
) -> Response:
    """Decide on every chosen party; `undo` names decisions to take back instead.

    `at` is the id of the party whose page the form stands on, if it stands on one.
    """
    party_id = number_of(at)
    if undo:
        again = undoing.undo_decisions(session, actor, ids_of(undo.split(",")))
        return see_other(_back(chosen, party_id, [row.id or 0 for row in again]))
    decided, errors = decide_all(session, actor, translate, typed)
    if not errors:
        return see_other(_back(chosen, party_id, decided))
    if party_id:
        return party_page(request, session, actor, translate, party_id, typed=typed, errors=errors)
    return _list_page(request, session, actor, translate, chosen, typed=typed, errors=errors)


def _back(chosen: Chosen, party_id: int, entered: list[int]) -> str:
    done = ",".join(map(str, entered)) or "kept"
    if party_id:
        return address(f"/office/parties/{party_id}", done=done)
    return chosen.address(done=done)
