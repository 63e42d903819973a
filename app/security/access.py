"""Who may do what: one table, read by the dependency that enforces it and by the test of it.

A route that is not in the table answers nobody, and the application refuses to start with one.
"""

from dataclasses import dataclass
from enum import StrEnum

from traceability.actor import Role

A, S, I, P, H, T, U = (  # noqa: E741 -- one letter a column, so that the table reads as a table
    Role.ADMIN, Role.SUPERVISOR, Role.INSPECTOR, Role.PRODUCER, Role.SHOP, Role.TAX, Role.AUDITOR,
)  # fmt: skip
EVERYONE = frozenset(Role)
KNOWN = EVERYONE - {Role.ANONYMOUS}


class Scope(StrEnum):
    """What an API key may be narrowed to."""

    READ = "read"
    REGISTRY = "registry"
    INVOICES = "invoices"
    EVENTS = "events"
    SCANS = "scans"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class Rule:
    roles: frozenset[Role]
    scope: Scope


def _rule(roles: "frozenset[Role] | set[Role]", scope: Scope) -> Rule:
    return Rule(frozenset(roles), scope)


class UnauthorisedError(Exception):
    """Nobody is logged in where somebody has to be, or the key is unknown, expired or revoked."""

    def __init__(self, code: str, log_in_at: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.arguments: dict[str, object] = {}
        self.log_in_at = log_in_at
        """Where a page sends the visitor."""


API: dict[str, Rule] = {
    "GET /api/v1/verify": _rule(EVERYONE, Scope.READ),
    "GET /api/v1/gs1/parse": _rule(EVERYONE, Scope.READ),
    "GET /api/v1/areas": _rule(EVERYONE, Scope.READ),
    "GET /api/v1/links": _rule({A, S, P, H}, Scope.READ),
    "POST /api/v1/links": _rule({A, S, P, H}, Scope.REGISTRY),
    "DELETE /api/v1/links/{link_id}": _rule({A, S, P, H}, Scope.REGISTRY),
    "POST /api/v1/links/{link_id}/restoration": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/log": _rule(EVERYONE, Scope.READ),
    "GET /api/v1/log/checkpoint": _rule(EVERYONE, Scope.READ),
    "GET /api/v1/log/tile/{path}": _rule(EVERYONE, Scope.READ),
    "GET /api/v1/log/entries/{kind}/{number}": _rule(EVERYONE, Scope.READ),
    "GET /api/v1/log/consistency": _rule(EVERYONE, Scope.READ),
    "POST /api/v1/log/cosignatures": _rule(EVERYONE, Scope.READ),
    "POST /api/v1/decode": _rule(EVERYONE, Scope.SCANS),
    "POST /api/v1/scans": _rule(EVERYONE, Scope.SCANS),
    "GET /api/v1/scans": _rule(KNOWN, Scope.SCANS),
    "GET /api/v1/scans/{scan_id}": _rule(KNOWN, Scope.SCANS),
    "PATCH /api/v1/scans/{scan_id}": _rule({A, S, I}, Scope.SCANS),
    "GET /api/v1/scans/{scan_id}/receipt": _rule(KNOWN, Scope.SCANS),
    "GET /api/v1/receipt": _rule(EVERYONE, Scope.READ),
    "POST /api/v1/reports": _rule(EVERYONE, Scope.SCANS),
    "GET /api/v1/reports": _rule({A, S, I, U}, Scope.READ),
    "PATCH /api/v1/reports/{report_id}": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /api/v1/parties": _rule(KNOWN, Scope.READ),
    "POST /api/v1/parties": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/parties/{party_id}": _rule(KNOWN, Scope.READ),
    "PATCH /api/v1/parties/{party_id}": _rule({A, S, P, H}, Scope.REGISTRY),
    "POST /api/v1/parties/{party_id}/registrations": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /api/v1/parties/{party_id}/balances": _rule({A, S, I, U, T, P, H}, Scope.INVOICES),
    "GET /api/v1/parties/{party_id}/stock": _rule({A, S, I, U, P, H}, Scope.INVOICES),
    "POST /api/v1/parties/{party_id}/stock": _rule({A, S, I, P, H}, Scope.INVOICES),
    "POST /api/v1/parties/{party_id}/claims": _rule({A, S, I}, Scope.INVOICES),
    "GET /api/v1/parties/{party_id}/chain": _rule({A, S, I, U, T}, Scope.INVOICES),
    "GET /api/v1/parties/{party_id}/checks": _rule({A, S, I, U, T, P, H}, Scope.INVOICES),
    "GET /api/v1/lists": _rule({A, S, I, U, T}, Scope.INVOICES),
    "POST /api/v1/lists": _rule({A, S, T}, Scope.INVOICES),
    "GET /api/v1/trace/{key}": _rule({A, S, I, U, P, H}, Scope.READ),
    "GET /api/v1/products": _rule(KNOWN, Scope.READ),
    "POST /api/v1/products": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/products/{product_id}": _rule(KNOWN, Scope.READ),
    "PATCH /api/v1/products/{product_id}": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/products/{product_id}/authorisations": _rule(KNOWN, Scope.READ),
    "POST /api/v1/products/{product_id}/authorisations": _rule({A, S, P, H}, Scope.REGISTRY),
    "DELETE /api/v1/products/{product_id}/authorisations/{authorisation_id}": _rule(
        {A, S, P, H}, Scope.REGISTRY
    ),
    "PUT /api/v1/products/{product_id}/photo": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/products/{product_id}/label": _rule({A, S, I, P, H, U}, Scope.READ),
    "POST /api/v1/products/{product_id}/label-sheets": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/exports/{kind}": _rule({A, S, P, H, U}, Scope.READ),
    "GET /api/v1/templates/{kind}": _rule(KNOWN, Scope.READ),
    "POST /api/v1/imports/{kind}": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/diary": _rule(KNOWN, Scope.READ),
    "POST /api/v1/diary": _rule({A, S, P, H}, Scope.EVENTS),
    "GET /api/v1/jobs/{job_id}": _rule({A, S, P, H, T}, Scope.READ),
    "GET /api/v1/jobs/{job_id}/file": _rule({A, S, P, H}, Scope.READ),
    "DELETE /api/v1/jobs/{job_id}": _rule({A, S, P, H, T}, Scope.REGISTRY),
    "GET /api/v1/lots": _rule(KNOWN, Scope.READ),
    "POST /api/v1/lots": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/lots/{lot_id}": _rule(KNOWN, Scope.READ),
    "PATCH /api/v1/lots/{lot_id}": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/serials": _rule({A, S, I, P, H, U}, Scope.READ),
    "POST /api/v1/serials": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/serials/{serial_id}": _rule({A, S, I, P, H, U}, Scope.READ),
    "PATCH /api/v1/serials/{serial_id}": _rule({A, S, P, H}, Scope.REGISTRY),
    "PUT /api/v1/serials/{serial_id}/display-sample": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/certificates": _rule({A, S, I, P, H, U}, Scope.READ),
    "POST /api/v1/certificates": _rule({A, S, P, H}, Scope.REGISTRY),
    "GET /api/v1/certificates/{certificate_id}": _rule({A, S, I, P, H, U}, Scope.READ),
    "POST /api/v1/certificates/{certificate_id}/decisions": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /api/v1/recalls": _rule(EVERYONE, Scope.READ),
    "POST /api/v1/recalls": _rule({A, S, P, H}, Scope.ADMINISTRATION),
    "POST /api/v1/recalls/reach": _rule({A, S, P, H}, Scope.READ),
    "GET /api/v1/recalls/{recall_id}": _rule(EVERYONE, Scope.READ),
    "GET /api/v1/recalls/{recall_id}/goods": _rule(EVERYONE, Scope.READ),
    "GET /api/v1/recalls/{recall_id}/reach": _rule({A, S, I, U, P, H}, Scope.READ),
    "POST /api/v1/recalls/{recall_id}/reach": _rule({A, S, P, H}, Scope.ADMINISTRATION),
    "POST /api/v1/recalls/{recall_id}/confirmation": _rule({A, S}, Scope.ADMINISTRATION),
    "POST /api/v1/recalls/{recall_id}/closing": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /api/v1/recalls/{recall_id}/answers": _rule({A, S, I, U, P, H}, Scope.READ),
    "POST /api/v1/recalls/{recall_id}/answers": _rule({A, S, P, H}, Scope.EVENTS),
    "GET /api/v1/ssccs": _rule({A, S, P, H}, Scope.EVENTS),
    "POST /api/v1/ssccs": _rule({A, S, P, H}, Scope.EVENTS),
    "GET /api/v1/ssccs/{sscc}/label": _rule({A, S, P, H}, Scope.EVENTS),
    "GET /api/v1/recall-webhooks": _rule({A, S, P, H}, Scope.EVENTS),
    "POST /api/v1/recall-webhooks": _rule({A, S, P, H}, Scope.EVENTS),
    "DELETE /api/v1/recall-webhooks/{webhook_id}": _rule({A, S, P, H}, Scope.EVENTS),
    "POST /api/v1/recall-webhooks/{webhook_id}/tests": _rule({A, S, P, H}, Scope.EVENTS),
    "POST /api/v1/recall-webhooks/{webhook_id}/token": _rule({A, S, P, H}, Scope.EVENTS),
    "GET /api/v1/invoices": _rule({A, S, I, P, H, T, U}, Scope.INVOICES),
    "POST /api/v1/invoices": _rule({A, S, P, H, T}, Scope.INVOICES),
    "GET /api/v1/invoices/{invoice_id}": _rule({A, S, I, P, H, T, U}, Scope.INVOICES),
    "GET /api/v1/invoices/{invoice_id}/document": _rule({A, S, I, P, H, T, U}, Scope.INVOICES),
    "POST /api/v1/invoices/{invoice_id}/outside": _rule({A, S, I, T}, Scope.INVOICES),
    "GET /api/v1/unlinked-lines": _rule({A, S, I, P, H, U}, Scope.INVOICES),
    "GET /api/v1/aliases": _rule({A, S, I, P, H, U}, Scope.INVOICES),
    "POST /api/v1/aliases": _rule({A, S, I, P, H}, Scope.INVOICES),
    "POST /api/v1/aliases/proposals": _rule({A, S, I, P, H}, Scope.INVOICES),
    "GET /api/v1/aliases/table": _rule({A, S, I, P, H, U}, Scope.INVOICES),
    "POST /api/v1/aliases/table": _rule({A, S, I, P, H}, Scope.INVOICES),
    "POST /api/v1/aliases/{alias_id}/confirmation": _rule({A, S, I, P, H}, Scope.INVOICES),
    "POST /api/v1/aliases/{alias_id}/undoing": _rule({A, S, I, P, H}, Scope.INVOICES),
    "DELETE /api/v1/aliases/{alias_id}": _rule({A, S, I, P, H}, Scope.INVOICES),
    "GET /api/v1/jobs/{job_id}/refused": _rule({A, S, P, H, T}, Scope.INVOICES),
    "GET /api/v1/keys": _rule({A, P, H}, Scope.ADMINISTRATION),
    "POST /api/v1/keys": _rule({A, P, H}, Scope.ADMINISTRATION),
    "DELETE /api/v1/keys/{key_id}": _rule({A, P, H}, Scope.ADMINISTRATION),
    "GET /api/v1/users": _rule({A, U}, Scope.ADMINISTRATION),
    "POST /api/v1/users": _rule({A}, Scope.ADMINISTRATION),
    "PATCH /api/v1/users/{user_id}": _rule({A}, Scope.ADMINISTRATION),
    "GET /api/v1/audit": _rule({A, S, U}, Scope.ADMINISTRATION),
}

EPCIS: dict[str, Rule] = {
    "GET /epcis/v2": _rule(EVERYONE, Scope.READ),
    "POST /epcis/v2/capture": _rule({A, S, P, H}, Scope.EVENTS),
    "GET /epcis/v2/capture": _rule({A, S, I, P, H, U}, Scope.EVENTS),
    "GET /epcis/v2/capture/{capture_id}": _rule({A, S, I, P, H, U}, Scope.EVENTS),
    "POST /epcis/v2/events": _rule({A, S, P, H}, Scope.EVENTS),
    "GET /epcis/v2/events": _rule(EVERYONE, Scope.READ),
    "GET /epcis/v2/events/{event_id}": _rule(EVERYONE, Scope.READ),
    "POST /epcis/v2/eventHash": _rule(EVERYONE, Scope.READ),
    "DELETE /epcis/v2/nextPageToken/{token}": _rule(EVERYONE, Scope.READ),
    "GET /epcis/v2/{resource}": _rule({A, S, I, P, H, U}, Scope.READ),
    "GET /epcis/v2/{resource}/{value}": _rule({A, S, I, P, H, U}, Scope.READ),
    "GET /epcis/v2/{resource}/{value}/events": _rule(EVERYONE, Scope.READ),
    "GET /epcis/v2/queries": _rule({A, S, I, P, H, U}, Scope.EVENTS),
    "POST /epcis/v2/queries": _rule({A, S, I, P, H}, Scope.EVENTS),
    "GET /epcis/v2/queries/{name}": _rule({A, S, I, P, H, U}, Scope.EVENTS),
    "DELETE /epcis/v2/queries/{name}": _rule({A, S, I, P, H}, Scope.EVENTS),
    "GET /epcis/v2/queries/{name}/subscriptions": _rule({A, S, I, P, H, U}, Scope.EVENTS),
    "POST /epcis/v2/queries/{name}/subscriptions": _rule({A, S, I, P, H}, Scope.EVENTS),
    "GET /epcis/v2/queries/{name}/subscriptions/{subscription_id}": _rule(
        {A, S, I, P, H, U}, Scope.EVENTS
    ),
    "DELETE /epcis/v2/queries/{name}/subscriptions/{subscription_id}": _rule(
        {A, S, I, P, H}, Scope.EVENTS
    ),
    "GET /epcis/v2/queries/{name}/events": _rule({A, S, I, P, H, U}, Scope.EVENTS),
}
"""EPCIS 2.0. Which events each of them sees is in `traceability.events.visibility`."""

WEB: dict[str, Rule] = {
    # The public
    "GET /": _rule(EVERYONE, Scope.READ),
    "GET /check": _rule(EVERYONE, Scope.READ),
    "POST /check": _rule(EVERYONE, Scope.SCANS),
    "GET /gs1": _rule(EVERYONE, Scope.READ),
    "GET /01/{path}": _rule(EVERYONE, Scope.READ),
    "GET /log": _rule(EVERYONE, Scope.READ),
    "GET /photos/{gtin}": _rule(EVERYONE, Scope.READ),
    "GET /report": _rule(EVERYONE, Scope.READ),
    "POST /report": _rule(EVERYONE, Scope.SCANS),
    "GET /report/{tracking_code}": _rule(EVERYONE, Scope.READ),
    "POST /language": _rule(EVERYONE, Scope.READ),
    "GET /problems/{code}": _rule(EVERYONE, Scope.READ),
    "GET /login": _rule(EVERYONE, Scope.READ),
    "POST /login": _rule(EVERYONE, Scope.READ),
    "POST /logout": _rule(EVERYONE, Scope.READ),
    "GET /account": _rule(KNOWN, Scope.READ),
    "POST /account": _rule(KNOWN, Scope.READ),
    # Inspectors
    "GET /inspect": _rule({A, S, I, U}, Scope.SCANS),
    "POST /inspect/photo": _rule({A, S, I}, Scope.SCANS),
    "POST /inspect/scan": _rule({A, S, I}, Scope.SCANS),
    "GET /inspect/scans": _rule({A, S, I, U}, Scope.SCANS),
    "GET /inspect/scans/{scan_id}": _rule({A, S, I, U}, Scope.SCANS),
    "GET /inspect/scans/{scan_id}/receipt": _rule({A, S, I, U}, Scope.SCANS),
    "POST /inspect/scans/{scan_id}": _rule({A, S, I}, Scope.SCANS),
    "GET /inspect/shops": _rule({A, S, I, U}, Scope.INVOICES),
    "GET /inspect/shops/{party_id}": _rule({A, S, I, U}, Scope.INVOICES),
    "GET /inspect/shops/{party_id}/count": _rule({A, S, I}, Scope.INVOICES),
    "POST /inspect/shops/{party_id}/count": _rule({A, S, I}, Scope.INVOICES),
    "GET /inspect/shops/{party_id}/checks": _rule({A, S, I}, Scope.INVOICES),
    "GET /inspect/shops/{party_id}/result.xlsx": _rule({A, S, I}, Scope.INVOICES),
    "GET /inspect/shops/{party_id}/result.pdf": _rule({A, S, I}, Scope.INVOICES),
    "GET /inspect/shops/{party_id}/path/{product_id}": _rule({A, S, I}, Scope.INVOICES),
    "GET /inspect/shops/{party_id}/claims": _rule({A, S, I}, Scope.INVOICES),
    "POST /inspect/shops/{party_id}/claims": _rule({A, S, I}, Scope.INVOICES),
    "GET /inspect/invoices/{invoice_id}": _rule({A, S, I, U}, Scope.INVOICES),
    "POST /inspect/invoices/{invoice_id}/outside": _rule({A, S, I}, Scope.INVOICES),
    # Shops and producers
    "GET /shop": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products/new": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/new": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products/{product_id}": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products/{product_id}/edit": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}/photo": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products/{product_id}/lots": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}/lots": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products/{product_id}/lots/{lot_id}": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}/lots/{lot_id}": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products/{product_id}/serials": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}/serials": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products/{product_id}/serials/{serial_id}": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}/serials/{serial_id}": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products/{product_id}/authorisations": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}/authorisations": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products/{product_id}/authorisations/{authorisation_id}/end": _rule(
        {P, H}, Scope.REGISTRY
    ),
    "POST /shop/products/{product_id}/authorisations/{authorisation_id}/end": _rule(
        {P, H}, Scope.REGISTRY
    ),
    "GET /shop/products/{product_id}/labels": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/products/{product_id}/label": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}/labels": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}/serials/{serial_id}/sample": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/certificates": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/certificates": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/invoices": _rule({P, H}, Scope.INVOICES),
    "POST /shop/invoices": _rule({P, H}, Scope.INVOICES),
    "GET /shop/invoices/{invoice_id}": _rule({P, H}, Scope.INVOICES),
    "GET /shop/balances": _rule({P, H}, Scope.INVOICES),
    "POST /shop/balances": _rule({P, H}, Scope.INVOICES),
    "GET /shop/checks": _rule({P, H}, Scope.INVOICES),
    "GET /shop/lines": _rule({P, H}, Scope.INVOICES),
    "POST /shop/lines": _rule({P, H}, Scope.INVOICES),
    "POST /shop/lines/{alias_id}": _rule({P, H}, Scope.INVOICES),
    "GET /shop/import": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/import": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/templates/{kind}": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/exports/{kind}": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/jobs/{job_id}": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/jobs/{job_id}/file": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/jobs/{job_id}/cancel": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/jobs/{job_id}/refused": _rule({P, H}, Scope.INVOICES),
    "GET /shop/products/{product_id}/links": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}/links": _rule({P, H}, Scope.REGISTRY),
    "POST /shop/products/{product_id}/links/{link_id}": _rule({P, H}, Scope.REGISTRY),
    "GET /shop/events": _rule({P, H}, Scope.EVENTS),
    "POST /shop/events": _rule({P, H}, Scope.EVENTS),
    "GET /shop/events/new": _rule({P, H}, Scope.EVENTS),
    "GET /shop/events/boxes": _rule({P, H}, Scope.EVENTS),
    "POST /shop/events/boxes": _rule({P, H}, Scope.EVENTS),
    "GET /shop/events/boxes/{sscc}/label": _rule({P, H}, Scope.EVENTS),
    "GET /shop/events/table": _rule({P, H}, Scope.EVENTS),
    "POST /shop/events/table": _rule({P, H}, Scope.EVENTS),
    "GET /shop/events/template": _rule({P, H}, Scope.EVENTS),
    "GET /shop/events/error": _rule({P, H}, Scope.EVENTS),
    "POST /shop/events/error": _rule({P, H}, Scope.EVENTS),
    "GET /shop/keys": _rule({P, H}, Scope.ADMINISTRATION),
    "POST /shop/keys": _rule({P, H}, Scope.ADMINISTRATION),
    "GET /shop/keys/{key_id}/revoke": _rule({P, H}, Scope.ADMINISTRATION),
    "POST /shop/keys/{key_id}/revoke": _rule({P, H}, Scope.ADMINISTRATION),
    "GET /shop/api": _rule({P, H}, Scope.READ),
    # Traceability
    "GET /trace": _rule({A, S, I, U, P, H}, Scope.READ),
    "GET /trace/picture.svg": _rule({A, S, I, U, P, H}, Scope.READ),
    "GET /trace/event": _rule({A, S, I, U, P, H}, Scope.READ),
    "GET /shop/recalls": _rule({P, H}, Scope.EVENTS),
    "POST /shop/recalls": _rule({P, H}, Scope.EVENTS),
    "GET /shop/recalls/webhooks": _rule({P, H}, Scope.EVENTS),
    "POST /shop/recalls/webhooks": _rule({P, H}, Scope.EVENTS),
    "GET /shop/recalls/webhooks/{webhook_id}": _rule({P, H}, Scope.EVENTS),
    "POST /shop/recalls/webhooks/{webhook_id}": _rule({P, H}, Scope.EVENTS),
    "GET /shop/recalls/{recall_id}": _rule({P, H}, Scope.EVENTS),
    "POST /shop/recalls/{recall_id}": _rule({P, H}, Scope.EVENTS),
    # The tax authority
    "GET /tax": _rule({T}, Scope.INVOICES),
    # Authorities
    "GET /office": _rule({A, S, U}, Scope.ADMINISTRATION),
    "GET /office/registrations": _rule({A, S, U}, Scope.ADMINISTRATION),
    "POST /office/registrations": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /office/parties/{party_id}": _rule({A, S, U}, Scope.ADMINISTRATION),
    "GET /office/codes": _rule({A, S, U}, Scope.ADMINISTRATION),
    "POST /office/codes": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /office/certificates": _rule({A, S, U}, Scope.ADMINISTRATION),
    "POST /office/certificates": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /office/certificates/new": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /office/certificates/{certificate_id}": _rule({A, S, U}, Scope.ADMINISTRATION),
    "POST /office/certificates/{certificate_id}": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /office/lines": _rule({A, S, U}, Scope.INVOICES),
    "POST /office/lines": _rule({A, S}, Scope.INVOICES),
    "GET /office/aliases": _rule({A, S, U}, Scope.INVOICES),
    "POST /office/aliases": _rule({A, S}, Scope.INVOICES),
    "GET /office/aliases/table": _rule({A, S, U}, Scope.INVOICES),
    "GET /office/aliases/template": _rule({A, S, U}, Scope.INVOICES),
    "POST /office/aliases/table": _rule({A, S}, Scope.INVOICES),
    "GET /office/lists": _rule({A, S, I, U, T}, Scope.INVOICES),
    "POST /office/lists": _rule({A, S, T}, Scope.INVOICES),
    "GET /office/lists/new": _rule({A, S, T}, Scope.INVOICES),
    "GET /office/lists/template": _rule({A, S, T}, Scope.INVOICES),
    "GET /office/lists/{list_id}": _rule({A, S, I, U, T}, Scope.INVOICES),
    "GET /office/reports": _rule({A, S, U}, Scope.ADMINISTRATION),
    "GET /office/reports/{report_id}": _rule({A, S, U}, Scope.ADMINISTRATION),
    "GET /office/reports/{report_id}/photo": _rule({A, S, U}, Scope.ADMINISTRATION),
    "POST /office/reports/{report_id}": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /office/recalls": _rule({A, S, U}, Scope.ADMINISTRATION),
    "POST /office/recalls": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /office/recalls/{recall_id}": _rule({A, S, U}, Scope.ADMINISTRATION),
    "POST /office/recalls/{recall_id}/reach": _rule({A, S}, Scope.ADMINISTRATION),
    "POST /office/recalls/{recall_id}/confirmation": _rule({A, S}, Scope.ADMINISTRATION),
    "POST /office/recalls/{recall_id}/closing": _rule({A, S}, Scope.ADMINISTRATION),
    "GET /office/users": _rule({A, U}, Scope.ADMINISTRATION),
    "POST /office/users": _rule({A}, Scope.ADMINISTRATION),
    "POST /office/users/{user_id}": _rule({A}, Scope.ADMINISTRATION),
    "GET /office/audit": _rule({A, S, U}, Scope.ADMINISTRATION),
}
"""Pages. A page's scope is of no account: people's sessions are not narrowed."""

SERVICE: dict[str, Rule] = {
    "GET /healthz": _rule(EVERYONE, Scope.READ),
    "GET /readyz": _rule(EVERYONE, Scope.READ),
    "GET /metrics": _rule(EVERYONE, Scope.READ),
    "GET /api/v1/openapi.json": _rule(EVERYONE, Scope.READ),
    "OPTIONS /01/{path}": _rule(EVERYONE, Scope.READ),
    "GET /.well-known/gs1resolver": _rule(EVERYONE, Scope.READ),
    "OPTIONS /.well-known/gs1resolver": _rule(EVERYONE, Scope.READ),
    "GET /{compressed}": _rule(EVERYONE, Scope.READ),
    **{
        f"OPTIONS {path}": _rule(EVERYONE, Scope.READ)
        for path in sorted({row.partition(" ")[2] for row in EPCIS})
    },
}
"""Answer before anybody is asked who they are. /metrics holds counts only, no record."""
