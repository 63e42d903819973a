"""The audit log, newest first, and the same rows as a table for a spreadsheet."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep
from app.i18n import N_, Translator
from app.web.account import ROLE_WORDS
from app.web.forms import PAGE_SIZE
from app.web.office import repository, words
from app.web.office.base import address, choices, number_of
from app.web.office.spreadsheet import PAGE_ROWS, Row, as_csv, pages
from app.web.pages import render
from app.web.routing import page_router
from traceability import audit
from traceability.actor import Role
from traceability.audit import AuditEntry

router = page_router()

PATH = "/office/audit"
_ROLES = {**ROLE_WORDS, Role.ANONYMOUS: N_("The public")}
_HEADINGS = (N_("Time"), N_("Who"), N_("Role"), N_("Action"), N_("Subject"), N_("Details"))
_PAGES_OF = {"party": "/office/parties/{}", "report": "/office/reports/{}"}


@router.get(PATH)
def audit_log(
    request: Request,
    session: SessionDep,
    translate: TranslatorDep,
    subject: str = "",
    action: str = "",
    before: str = "",
    format: str = "",  # noqa: A002 -- its name in the address
) -> Response:
    """Of one subject and one action where asked for; `format=csv` gives what is seen as a file."""
    wanted, about = action if action in words.ACTIONS else "", subject.strip()[:120]
    if format == "csv":
        kept = about or None, wanted or None
        return as_csv(request, "audit", _HEADINGS, lambda own: _rows(own, translate, *kept))
    rows = audit.entries(
        session,
        subject=about or None,
        action=wanted or None,
        before_id=number_of(before) or None,
        limit=PAGE_SIZE + 1,
    )
    more = rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None
    return render(
        request,
        "office/audit.html",
        entries=_shown(session, translate, rows[:PAGE_SIZE]),
        subject=about,
        action=wanted,
        actions=choices(translate, words.ACTIONS, translate.text(N_("All"))),
        subject_address=lambda text: address(PATH, subject=text, action=wanted),
        table=address(PATH, subject=about, action=wanted, format="csv"),
        first=address(PATH, subject=about, action=wanted) if before else None,
        next=address(PATH, subject=about, action=wanted, before=more) if more else None,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry in words."""

    at: datetime
    who: str
    role: str
    action: str
    subject: str
    page: str
    """Address of the record, empty where it has no page here."""
    detail: dict[str, Any]


def _shown(session: Session, translate: Translator, rows: Sequence[AuditEntry]) -> list[Shown]:
    users = repository.users_by_id(session, [row.user_id for row in rows])
    keys = repository.keys_by_id(session, [row.key_id for row in rows])

    def who(row: AuditEntry) -> str:
        if row.user_id in users:
            return users[row.user_id].name
        if row.key_id in keys:
            return translate.text(N_("API key {name}"), name=keys[row.key_id].name)
        return ""

    return [
        Shown(
            row.at, who(row), translate.text(_ROLES[Role(row.role)]),
            translate.text(words.ACTIONS.get(row.action, row.action)), row.subject,
            _page_of(row.subject), {k: v for k, v in row.detail.items() if v is not None},
        )
        for row in rows
    ]  # fmt: skip


def _page_of(subject: str) -> str:
    kind, _, number = subject.partition(":")
    page = _PAGES_OF.get(kind)
    return page.format(number) if page and number_of(number) else ""


def _rows(
    session: Session, translate: Translator, subject: str | None, action: str | None
) -> Iterator[Row]:
    def page(before: int) -> Sequence[AuditEntry]:
        return audit.entries(
            session, subject=subject, action=action, before_id=before or None, limit=PAGE_ROWS
        )

    for entries in pages(session, page, lambda entry: entry.id or 0):
        for row in _shown(session, translate, entries):
            detail = json.dumps(row.detail, ensure_ascii=False) if row.detail else ""
            yield row.at, row.who, row.role, row.action, row.subject, detail
