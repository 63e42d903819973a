"""Certificates with a quantity: the list with what is left of each, and the decisions on them."""

from collections.abc import Iterator, Mapping, Sequence

from fastapi import Request, Response
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.forms import PAGE_SIZE, RefusedError, Text, input_of, refusal
from app.web.office.base import MAX_FILTER, RecordId, address, choices, may, number_of
from app.web.office.spreadsheet import PAGE_ROWS, Row, as_csv, pages
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.wording.certificates import STATUS_WORDS
from traceability.actor import Actor
from traceability.registry import certificate_repository, certificates
from traceability.registry.certificate_models import CertificateStatus, QuantityCertificate
from traceability.registry.certificate_schemas import CertificateDecisionIn
from traceability.registry.quotas import shares_of
from traceability.verification import quotas

router = page_router()

PATH = "/office/certificates"
_SHARES = 100
"""Lots that the page of a certificate names."""
_HEADINGS = (
    N_("Certificate"), N_("Issued by"), N_("Holder of the certificate"), N_("Products"), N_("Area"),
    N_("Quantity"), N_("Unit"), N_("First day"), N_("Last day"), N_("State"),
    N_("Number of the decision"), N_("Reason"), N_("Serial numbers issued"), N_("In lots"),
    N_("Used"), N_("Left"), N_("Serial numbers scanned"), N_("Scanned, never issued"),
    N_("On record since"),
)  # fmt: skip


@router.get(PATH)
def list_certificates(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    q: str = "",
    status: str = "",
    before: str = "",
    done: str = "",
    format: str = "",  # noqa: A002 -- its name in the address
) -> Response:
    """The newest first; `done` is the one that was decided on a moment ago."""
    chosen = {"q": q.strip()[:MAX_FILTER], "status": status if status in STATUS_WORDS else ""}
    if format == "csv":
        return as_csv(
            request, "certificates", _HEADINGS, lambda own: _rows(own, actor, translate, chosen)
        )
    rows = _found(session, actor, chosen, number_of(before), PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    more = shown[-1].id if len(rows) > PAGE_SIZE else None
    return render(
        request,
        "office/certificates.html",
        certificates=quotas.describe(session, shown),
        statuses=choices(translate, STATUS_WORDS, translate.text(N_("All"))),
        status_words=STATUS_WORDS,
        chosen=chosen,
        may_register=may(actor, f"POST {PATH}"),
        first=address(PATH, **chosen) if before else None,
        next=address(PATH, **chosen, before=more) if more else None,
        table=address(PATH, **chosen, format="csv"),
        done=certificate_repository.certificate(session, actor, number_of(done)),
    )


def _found(
    session: Session, actor: Actor, chosen: Mapping[str, str], before: int, limit: int
) -> Sequence[QuantityCertificate]:
    return certificate_repository.list_certificates(
        session, actor, query=chosen["q"] or None, status=chosen["status"] or None,
        before_id=before or None, limit=limit,
    )  # fmt: skip


def _rows(
    session: Session, actor: Actor, translate: Translator, chosen: Mapping[str, str]
) -> Iterator[Row]:
    def page(before: int) -> Sequence[QuantityCertificate]:
        return _found(session, actor, chosen, before, PAGE_ROWS)

    for found in pages(session, page, lambda row: row.id or 0):
        for each in quotas.describe(session, found):
            yield (
                each.number, each.issuer, each.party_name, ", ".join(each.gtins), each.area,
                each.quantity, each.unit, each.valid_from, each.valid_to,
                translate.text(STATUS_WORDS[each.status][0]), each.decision_number, each.reason,
                each.issued, each.in_lots, each.used, each.left, each.scanned,
                each.scanned_unissued, each.created_at,
            )  # fmt: skip


@router.get(PATH + "/{certificate_id}")
def certificate_page(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    certificate_id: RecordId,
    registered: bool = False,
) -> Response:
    """`registered`: it was entered here a moment ago."""
    return _page(request, session, actor, certificate_id, registered=registered)


def _page(
    request: Request, session: Session, actor: Actor, certificate_id: int,
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None,
    *, registered: bool = False,
) -> Response:  # fmt: skip
    row = certificates.get_certificate(session, actor, certificate_id)
    return render(
        request,
        "office/certificate.html",
        status=422 if errors else 200,
        certificate=quotas.describe(session, [row])[0],
        shares=shares_of(session, row, _SHARES),
        most=_SHARES,
        registered=registered,
        status_words=STATUS_WORDS,
        may_decide=may(actor, f"POST {PATH}/{{certificate_id}}"),
        typed=typed or {"decision_number": "", "reason": ""},
        errors=errors or {},
        P=CertificateStatus,
    )


@router.post(PATH + "/{certificate_id}")
def decide(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    certificate_id: RecordId,
    status: Text = "",
    decision_number: Text = "",
    reason: Text = "",
) -> Response:
    """Confirm, refuse or revoke; a refusal and a revocation need their reason."""
    typed = {"decision_number": decision_number, "reason": reason}
    try:
        decision = input_of(CertificateDecisionIn, typed, status=status)
        certificates.decide_certificate(
            session, actor, certificate_id, decision, parts.settings.quota_exceeded
        )
    except RefusedError as error:
        errors = refusal(session, translate, error, "decision_number")
        return _page(request, session, actor, certificate_id, typed, errors)
    return see_other(address(PATH, done=certificate_id))
