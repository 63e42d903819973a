"""Every link of a seller's code of goods: what waits for a person, what holds, what held before.

The address says which are shown: `state`, `seller`, and `code` for the history of one code. A
table of them goes out and comes in again as XLSX, with a check before anything is written.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import File, Request, Response, UploadFile
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor, current_translator
from app.i18n import N_, Translator
from app.web.forms import PAGE_SIZE, RefusedError, Text, refusal
from app.web.office import repository
from app.web.office.base import address, choices, may, number_of
from app.web.pages import field_errors, render, see_other
from app.web.routing import page_router
from app.web.shop.words import ALIAS_STATES
from app.wording.tables import table_result_view, table_template
from traceability.actor import Actor
from traceability.clock import today
from traceability.errors import ConflictError, InvalidError
from traceability.invoices import link_repository, service
from traceability.invoices.alias_table import COLUMNS, export_aliases, import_aliases
from traceability.invoices.aliases import person_of
from traceability.invoices.models import ALWAYS, AliasState, ItemAlias
from traceability.registry import repository as registry
from traceability.registry.importing import ImportMode

router = page_router()

PATH = "/office/aliases"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPEN = (AliasState.PROPOSED, AliasState.AWAITING_SECOND)
_FILTERS = {
    "open": N_("Waiting for a person"),
    **{key: word for key, (word, _) in ALIAS_STATES.items()},
}
_MODES = {
    ImportMode.ALL_OR_NOTHING: N_("All rows or none: a single fault stops the import"),
    ImportMode.GOOD_ROWS: N_("The good rows: rows with faults are left out"),
}
_MOST_FAULTS = 200


@router.get(PATH)
def list_aliases(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    seller: str = "",
    code: str = "",
    state: str = "",
    before: str = "",
) -> Response:
    """The links, the newest first."""
    return _page(request, session, actor, seller=seller, code=code, state=state, before=before)


def _page(
    request: Request, session: Session, actor: Actor, *, seller: str = "", code: str = "",
    state: str = "", before: str = "", errors: Mapping[str, str] | None = None,
    problem: str = "", result: Mapping[str, Any] | None = None,
) -> Response:  # fmt: skip
    translate = current_translator(request)
    found = link_repository.aliases_of(
        session, actor, _filter(seller, code, state), number_of(before), PAGE_SIZE + 1,
        newest_first=True,
    )  # fmt: skip
    shown = found[:PAGE_SIZE]
    chosen = {"seller": seller, "code": code, "state": state}
    return render(
        request, "office/aliases.html", status=422 if errors or problem else 200,
        aliases=shown, states=ALIAS_STATES, always=ALWAYS, own=person_of(actor),
        people=_people(session, translate, shown), errors=errors or {}, problem=problem,
        products=registry.products_by_id(session, [alias.product_id for alias in shown]),
        names=repository.seller_names(session, [alias.seller_tax_code for alias in shown]),
        next=address(PATH, **chosen, before=shown[-1].id) if len(found) > PAGE_SIZE else None,
        first=address(PATH, **chosen) if before else None, result=result, most=_MOST_FAULTS,
        state_options=choices(translate, _FILTERS, translate.text(N_("Every state"))),
        modes=choices(translate, _MODES), may_link=may(actor, f"POST {PATH}"),
        seller=seller, code=code, state=state,
    )  # fmt: skip


def _filter(seller: str, code: str, state: str) -> service.AliasFilter:
    states: Sequence[str] | None = _OPEN if state == "open" else [state] if state else None
    return service.AliasFilter(seller.strip()[:20] or None, code.strip()[:60] or None, states)


def _people(
    session: Session, translate: Translator, aliases: Sequence[ItemAlias]
) -> dict[str, str]:
    """Names of those whom the versions name."""
    named = {
        person
        for alias in aliases
        for person in (alias.proposed_by, alias.confirmed_by, alias.seconded_by, alias.ended_by)
        if person
    }
    numbers = {kind: _numbers(named, kind) for kind in ("user", "key")}
    users = repository.users_by_id(session, numbers["user"])
    keys = repository.keys_by_id(session, numbers["key"])
    found = {f"user:{number}": user.name for number, user in users.items()}
    for number, key in keys.items():
        found[f"key:{number}"] = translate.text(N_("API key {name}"), name=key.name)
    return {person: found.get(person, translate.text(N_("command line"))) for person in named}


def _numbers(people: set[str], kind: str) -> list[int]:
    return [number_of(each.partition(":")[2]) for each in people if each.startswith(f"{kind}:")]


@router.post(PATH)
def decide(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    confirm: Text = "",
    withdraw: Text = "",
    undo: Text = "",
) -> Response:
    """Confirm a link as the first or the second person, withdraw it, or go back to before."""
    alias_id = number_of(confirm or withdraw or undo)
    try:
        if confirm:
            service.confirm_alias_by_id(session, actor, alias_id)
        elif withdraw:
            service.withdraw_alias(session, actor, alias_id)
        else:
            service.undo_alias(session, actor, alias_id)
    except ConflictError as error:
        texts = refusal(session, translate, error, "problem")
        return _page(request, session, actor, problem=" ".join(texts.values()))
    return see_other(address("/office/lines", changed=alias_id))


@router.get(f"{PATH}/table")
def export_table(
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    seller: str = "",
    code: str = "",
    state: str = AliasState.IN_FORCE,
) -> Response:
    """The links as XLSX, in the columns of the import."""
    content = export_aliases(session, actor, _filter(seller, code, state), translate.language)
    return _workbook(content, f"nguon-aliases-{today():%Y%m%d}.xlsx")


@router.get(f"{PATH}/template")
def get_template(translate: TranslatorDep) -> Response:
    """An empty table with its headings, and a sheet that explains them."""
    return _workbook(table_template(translate, COLUMNS), "nguon-aliases.xlsx")


def _workbook(content: bytes, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store",
    }  # fmt: skip
    return Response(content, headers=headers, media_type=_XLSX)


@router.post(f"{PATH}/table")
def import_table(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    file: Annotated[UploadFile | None, File()] = None,
    mode: Text = ImportMode.ALL_OR_NOTHING,
    dry_run: Text = "",
) -> Response:
    """Check every row, and confirm them unless a check alone was asked for."""
    data, name = (file.file.read(), file.filename or "") if file else (b"", "")
    if not data:
        errors = {"file": translate.text(N_("Choose the file to import."))}
        return _page(request, session, actor, errors=errors)
    chosen = ImportMode(mode) if mode in list(ImportMode) else ImportMode.ALL_OR_NOTHING
    try:
        result = import_aliases(session, actor, data, name, mode=chosen, dry_run=bool(dry_run))
    except RefusedError as error:
        return _page(request, session, actor, errors=_faults(session, translate, error))
    view = table_result_view(translate, result.as_json())
    return _page(request, session, actor, result=view)


def _faults(
    session: Session, translate: Translator, error: InvalidError | ConflictError
) -> dict[str, str]:
    """Everything that is wrong with the file as a whole."""
    errors = refusal(session, translate, error, "file")
    if isinstance(error, InvalidError):
        texts = [next(iter(field_errors(translate, [each]).values())) for each in error.faults]
        errors["file"] = " ".join(texts[:10])
    return errors
